//! Consent that may have been taken back in a record that is no row, and lists of
//! withdrawals as people keep them; by the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Ann and Ben consent.
const CUSTOMERS: &str = r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":5,"shareWithResearchAsOfDate":1}
{"email":"ben@x.org","serialNumber":"s2","lastUpdateDate":5,"shareWithResearchAsOfDate":1}
"#;
const READINGS: &str = r#"{"user":"ann@x.org","timestamp":9,"x":1,"y":1,"z":1}
{"user":"ben@x.org","timestamp":9,"x":1,"y":1,"z":1}
"#;
const STEPS: &str = r#"{"sensorReadingTime":9,"serialNumber":"s1","distanceFromObject":1}
{"sensorReadingTime":9,"serialNumber":"s2","distanceFromObject":1}
"#;
const EVERYBODY: [u64; 5] = [2, 2, 2, 2, 2];
const BEN: [u64; 5] = [1, 1, 1, 1, 1];

struct Export(tempfile::TempDir);

struct Ran {
    output: Output,
    report: Value,
}

impl Export {
    fn new() -> Export {
        let export = Export(tempfile::tempdir().unwrap());
        export.with("customers.json", CUSTOMERS).with("readings.json", READINGS).with("steps.json", STEPS)
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Export {
        fs::create_dir_all(self.0.path().join("in")).unwrap();
        fs::write(self.0.path().join("in").join(name), bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, more: &[&str]) -> Ran {
        let report = self.path("report.json");
        let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
            .arg("run")
            .arg(self.path("in"))
            .args(["--out".as_ref(), self.path("lake").as_path()])
            .args(["--report".as_ref(), report.as_path()])
            .args(more)
            .output()
            .unwrap();
        let report = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
        Ran { output, report }
    }

    fn withdrawing(&self, list: impl AsRef<[u8]>, more: &[&str]) -> Ran {
        let path = self.path("list");
        fs::write(&path, list).unwrap();
        self.run(&[&["--withdrawals", path.to_str().unwrap()], more].concat())
    }
}

impl Ran {
    /// Rows of the five written tables.
    fn rows(&self) -> [u64; 5] {
        let rows = |table| self.report["tables"][table]["rows_out"].as_u64().unwrap();
        [
            "customer_trusted",
            "accelerometer_trusted",
            "customer_curated",
            "step_trainer_trusted",
            "machine_learning_curated",
        ]
        .map(rows)
    }

    fn warning(&self, code: &str) -> Option<(u64, &str)> {
        let warnings = self.report["warnings"].as_array().unwrap().iter();
        let told = |warning: &'_ Value| warning["code"] == code;
        let warning = warnings.into_iter().find(|warning| told(warning))?;
        Some((warning["count"].as_u64()?, warning["message"].as_str()?))
    }

    /// Why it is incomplete.
    fn incomplete(&self) -> Vec<(&str, u64)> {
        let reasons = self.report["incomplete"].as_array().unwrap();
        assert_eq!(self.report["complete"], reasons.is_empty());
        reasons.iter().map(|r| (r["code"].as_str().unwrap(), r["count"].as_u64().unwrap())).collect()
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

/// A later export in which Ann takes her consent back, in a record that is no row.
fn taken_back() -> Vec<(&'static str, Vec<u8>)> {
    let record =
        r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#;
    let with = |from: &str, to: &str| {
        assert!(record.contains(from));
        record.replacen(from, to, 1).into_bytes()
    };
    let more = |bytes: &[u8]| [&record.as_bytes()[..record.len() - 1], b",\"more\":", bytes, b"}\n"].concat();
    let first = r#"{"email":"cat@x.org","serialNumber":"s3","lastUpdateDate":7}"#;
    vec![
        ("a phone of a wrong type", more(b"0,\"phone\":true")),
        ("a date that is none", with("7", "\"soon\"")),
        ("no serial number", with("\"s1\"", "null")),
        ("other case and blanks", with("ann@x.org\",", "\\u00a0ANN@x.ORG\\u200b\",\"phone\":[],")),
        ("another name of the field", with("{\"email\"", "{\"profile\":{\"E_Mail\":\"ann@x.org\"},\"mail\"")),
        ("cut behind the email", record.as_bytes()[..40].to_vec()),
        ("cut behind its quote", record.as_bytes()[..20].to_vec()),
        ("cut, other records follow", [&record.as_bytes()[..40], b"\n", first.as_bytes()].concat()),
        ("bad JSON before it", [b"{\"customerName\":\"O\"Brien\",", &record.as_bytes()[1..]].concat()),
        ("too deep", more(&[vec![b'['; 200], vec![b']'; 200]].concat())),
        ("not UTF-8", more(b"\"\xff\"")),
        (
            "too long",
            [b"{\"x\":\"", vec![b'x'; 65 << 20].as_slice(), b"\",", &record.as_bytes()[1..]].concat(),
        ),
    ]
}

#[test]
fn consent_that_is_taken_back_in_a_record_that_is_no_row_counts_under_latest() {
    for (name, later) in taken_back() {
        // A file is told by its first record.
        let first = b"{\"email\":\"dan@x.org\",\"serialNumber\":\"s4\",\"lastUpdateDate\":1}\n";
        let later = [first, later.as_slice()].concat();
        let mut packed = vec![("later.json", later.clone())];
        if later.len() < 1 << 20 {
            packed.extend([("later.json.gz", gzip(&later)), ("later.zip", zip("later.json", &later))]);
        }
        for (file, bytes) in packed {
            let name = format!("{name}, {file}");
            let export = Export::new().with(file, bytes);
            let any = export.run(&[]);
            assert_eq!((any.rows(), any.incomplete()), (EVERYBODY, vec![]), "{name}");
            let (records, message) = any.warning("rejected_customers").unwrap();
            assert!(records == 1 && message.contains("people 1 are in"), "{name}: {message}");
            let latest = export.run(&["--records", "latest"]);
            assert_eq!((latest.rows(), latest.incomplete()), (BEN, vec![]), "{name}");
            let (records, message) = latest.warning("rejected_customers").unwrap();
            assert!(records == 1 && message.contains("people 0 are in"), "{name}: {message}");
            for ran in [any, latest] {
                assert!(ran.output.status.success());
                let said = ran.report.to_string() + &ran.stderr();
                assert!(!said.to_lowercase().contains("ann@"), "{name}: {said}");
            }
        }
    }
}

#[test]
fn a_record_without_a_date_that_does_not_consent_counts_under_latest() {
    let export = Export::new().with("later.json", r#"{"email":"ann@x.org","serialNumber":"s1"}"#);
    let any = export.run(&[]);
    assert_eq!(any.rows(), EVERYBODY);
    let (records, message) = any.warning("undated_refusals").unwrap();
    assert!(records == 1 && message.contains("people 1 are in"), "{message}");
    let latest = export.run(&["--records", "latest"]);
    assert_eq!((latest.rows(), latest.incomplete()), (BEN, vec![]));
    assert!(latest.warning("undated_refusals").unwrap().1.contains("people 0 are in"));
    // One that does is the oldest.
    let export = Export::new()
        .with("later.json", r#"{"email":"ann@x.org","serialNumber":"s1","shareWithResearchAsOfDate":8}"#);
    let latest = export.run(&["--records", "latest"]);
    assert_eq!((latest.rows(), latest.warning("undated_refusals")), (EVERYBODY, None));
}

#[test]
fn a_run_is_incomplete_when_nobody_knows_whose_a_lost_record_is() {
    let one = r#"{"email":"dan@x.org","serialNumber":"s4","lastUpdateDate":1}"#;
    let lines: Vec<u8> = (0..2000)
        .flat_map(|n| format!("{}\n", one.replace("dan", &format!("dan{n}"))).into_bytes())
        .collect();
    let packed = gzip(&lines);
    let mut broken = zip("later.json", &lines);
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0xff);
    let cases = [
        ("later.json", format!("{one}\n{{\"email\":\"ann@x.o").into_bytes(), "customers_unreadable"),
        ("later.json", format!("{one}\n{{\"serialNumber\":\"s1\"}}\n").into_bytes(), "customers_unreadable"),
        ("later.json", format!("{one}\nrubbish\n").into_bytes(), "customers_unreadable"),
        ("later.json.gz", packed[..packed.len() / 2].to_vec(), "customers_unreadable"),
        ("later.zip", broken, "customers_unreadable"),
        ("later.json", format!("[{one},").into_bytes(), "customers_cut"),
        ("later.json", format!("[{one},{},", one.replace("1}", "\"x\"}")).into_bytes(), "customers_cut"),
        ("later.json.gz", b"\x1f\x8b\x08 damaged from its start".to_vec(), "files_damaged"),
    ];
    for (file, bytes, code) in cases {
        let export = Export::new().with(file, &bytes);
        for records in ["any", "latest"] {
            let ran = export.run(&["--records", records]);
            // What is damaged may be many rejects.
            let told = ran.incomplete();
            assert!(matches!(told[..], [(found, 1..)] if found == code), "{file}: {told:?}");
            assert!(ran.output.status.success());
            assert!(ran.stderr().starts_with(&format!("INCOMPLETE: {code} (")), "{}", ran.stderr());
            assert_eq!(ran.rows(), EVERYBODY);
        }
        fs::remove_dir_all(export.path("lake")).unwrap();
        let strict = export.run(&["--strict"]);
        assert_eq!(strict.output.status.code(), Some(1));
        assert!(strict.stderr().contains("the run is incomplete"), "{}", strict.stderr());
        assert!(!export.path("lake").exists());
    }
    // Readings that are lost say nothing of consent.
    let ran = Export::new().with("more.json", format!("{READINGS}{{\"user\":\"ann")).run(&[]);
    assert!(ran.incomplete().is_empty() && ran.report["rejects_total"] == 1);
}

#[test]
fn an_entry_is_found_however_the_list_is_kept() {
    let utf16: Vec<u8> =
        "\u{feff}E-Mail;Name\r\nANN@x.org;Ann\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let lists: [&[u8]; 10] = [
        b"ANN@X.org",
        "\u{a0}ann@x.org\u{200b}\r\n".as_bytes(),
        b"\n s1 \n",
        b"email\nann@x.org\n",
        b"name,E_Mail,since\n\"Lee, Ann\",\"ann@x.org\",2020\n",
        b"name;Serial-Number\nAnn;s1\n",
        b"serialNumber\temail\n\tann@x.org\n",
        b"ann@x.org\rann@x.org\r",
        b"nobody,ann@x.org",
        &utf16,
    ];
    for list in lists {
        let ran = Export::new().withdrawing(list, &[]);
        assert_eq!(ran.rows(), BEN, "{}", String::from_utf8_lossy(list));
        assert!(ran.output.status.success());
    }
    let ran = Export::new().withdrawing(lists[4], &["--strict"]);
    assert!(ran.output.status.success(), "{}", ran.stderr());
    assert_eq!(ran.report["options"]["withdrawals"], 1);
}

#[test]
fn an_email_and_a_serial_number_are_compared_trimmed_on_both_sides() {
    let spelt = |text: &str| text.replace("ann@x.org", "Ann@X.org\u{a0}").replace("s1", " s1 ");
    let export = || {
        let export = Export::new().with("customers.json", spelt(CUSTOMERS));
        export.with("readings.json", spelt(READINGS)).with("steps.json", spelt(STEPS))
    };
    assert_eq!(export().run(&[]).rows(), EVERYBODY);
    for list in ["ann@x.org", "s1"] {
        let ran = export().withdrawing(list, &["--strict"]);
        assert_eq!(ran.rows(), BEN, "{list}: {}", ran.stderr());
        assert!(ran.output.status.success());
    }
}

#[test]
fn entries_that_match_nothing_are_named_by_their_lines_and_fail_a_strict_run() {
    let list = "email\nann@x.org\nzoe@x.org\n\nyan@x.org\n";
    let ran = Export::new().withdrawing(list, &[]);
    assert_eq!((ran.rows(), ran.warning("withdrawals_unmet").unwrap().0), (BEN, 2));
    assert!(ran.stderr().contains("withdrawals: nothing matches line 3, 5\n"), "{}", ran.stderr());
    let export = Export::new();
    let strict = export.withdrawing(list, &["--strict"]);
    assert_eq!(strict.output.status.code(), Some(1));
    assert!(strict.stderr().contains("2 of the withdrawals match nothing"), "{}", strict.stderr());
    assert!(!export.path("lake").exists());
    for ran in [ran, strict] {
        let said = ran.report.to_string() + &ran.stderr();
        assert!(!["zoe", "yan", "ann@"].iter().any(|name| said.contains(name)), "{said}");
    }
    let unreadable = call_with_list(&Export::new().path("none"));
    assert_eq!(unreadable, Some(2));
}

#[test]
fn a_list_that_is_no_text_is_refused() {
    let export = Export::new();
    let list = export.path("list");
    fs::write(&list, b"ann@x.org\nj\xf6rg@x.org\n").unwrap();
    assert_eq!(call_with_list(&list), Some(2));
}

fn call_with_list(list: &Path) -> Option<i32> {
    let export = Export::new();
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(export.path("in"))
        .args(["--out".as_ref(), export.path("lake").as_path(), "--withdrawals".as_ref(), list])
        .output()
        .unwrap();
    output.status.code()
}
