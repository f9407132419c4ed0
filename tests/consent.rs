//! Consent that may have been taken back in a record that is no row, or in a file that
//! nobody could read; by the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod people;

use std::fs;

use people::{BEN, CUSTOMERS, EVERYBODY, Export, READINGS, STEPS, gzip, zip};

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

/// A newer record of Ann may be in each of them.
#[test]
fn a_run_is_incomplete_when_a_file_was_refused_unread() {
    let later =
        r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#;
    let utf32: Vec<u8> = later.chars().flat_map(|char| u32::from(char).to_le_bytes()).collect();
    let flagged = |bits: u8| {
        let mut bytes = zip("later.json", later.as_bytes());
        let record = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        bytes[6] |= bits;
        bytes[record + 8] |= bits;
        bytes
    };
    let of_method = |method: u8| {
        let mut bytes = zip("later.json", later.as_bytes());
        let record = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        (bytes[8], bytes[record + 10]) = (method, method);
        bytes
    };
    let packed = gzip(later.as_bytes());
    let cases = [
        ("gzip in gzip", "later.gz", gzip(&packed), "files_unread"),
        ("zip in gzip", "later.gz", gzip(&zip("later.json", later.as_bytes())), "files_unread"),
        ("zip in zip", "later.zip", zip("in.zip", &zip("later.json", later.as_bytes())), "files_unread"),
        ("a password", "later.zip", flagged(1), "files_unread"),
        ("a method", "later.zip", of_method(14), "files_unread"),
        ("UTF-32", "later.json", [b"\xff\xfe\0\0", utf32.as_slice()].concat(), "files_unread"),
        ("a CSV", "later.csv", b"email,serialNumber\nann@example.org,s\n".to_vec(), "files_unread"),
        ("a short start of a gzip", "later.gz", packed[..20].to_vec(), "files_damaged"),
        ("half a gzip", "later.gz", packed[..packed.len() / 2].to_vec(), "files_damaged"),
        (
            "cut within an email",
            "later.json",
            br#"{"serialNumber":"s-1","email":"ann@exam"#.to_vec(),
            "files_unread",
        ),
        ("cut before one", "later.json", b"\n{\"customerName\": \"N\", \"email\": ".to_vec(), "files_unread"),
        (
            "the same as UTF-16",
            "later.json",
            utf16(r#"{"serialNumber":"s-1","email":"ann@exam"#),
            "files_unread",
        ),
        ("cut and packed", "later.zip", zip("later.json", br#"[{"email""#), "files_unread"),
        ("an array of arrays", "later.json", br#"[["N","ann@x.org","s1",7,0]]"#.to_vec(), "files_unread"),
        ("strings of JSON", "later.json", format!("{later:?}\n").into_bytes(), "files_unread"),
        (
            "a zip that unpacks itself",
            "later.exe",
            [b"MZ\x90\0".as_slice(), &[7; 3000], &zip("later.json", later.as_bytes())].concat(),
            "files_unread",
        ),
        ("a zstd dictionary", "later.zst", b"\x28\xb5\x2f\xfd\x01\x58\x09\x01\0\0".to_vec(), "files_unread"),
        (
            "a tar without its end",
            "later.tar",
            tar_of(&[("a.json", STEPS)])[..1024].to_vec(),
            "files_damaged",
        ),
    ];
    for (name, file, bytes, code) in cases {
        let export = Export::new().with(file, bytes);
        let ran = export.run(&["--records", "latest"]);
        assert_eq!((ran.incomplete(), ran.rows()), (vec![(code, 1)], EVERYBODY), "{name}: {}", ran.stderr());
        assert!(!ran.stderr().contains("no object"), "{name}: {}", ran.stderr());
        fs::remove_dir_all(export.path("lake")).unwrap();
        assert_eq!(export.run(&["--strict"]).output.status.code(), Some(1), "{name}");
    }
    // What is plainly something else.
    let earlier = Export::new();
    assert!(earlier.run(&[]).output.status.success());
    let export =
        Export::new().with("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").with("b.md", "# About ann@x.org\n");
    let export = export.with("c.json", "{\"fields\":[\"email\"]}").with("d.csv", "email\nann@x.org\n");
    for document in ["report.json", "lineage.json", "croissant.json", "sql/README.md", "customer/trusted"] {
        let mut path = earlier.path("lake").join(document);
        if path.is_dir() {
            path = path.join("part-00000.snappy.parquet");
        }
        let name = document.replace("customer/trusted", "customer_trusted.parquet").replace('/', "-");
        fs::copy(&path, export.path("in").join(name)).unwrap();
    }
    let ran = export.run(&["--records", "latest"]);
    let refused =
        ran.report["inputs"].as_array().unwrap().iter().filter(|input| input["status"] == "refused");
    assert_eq!((ran.incomplete(), refused.count()), (vec![], 9), "{}", ran.stderr());
}

/// What is longer than one step of the detection was told to be empty.
#[test]
fn our_own_report_among_the_inputs_is_refused_for_what_it_is() {
    let earlier = Export::new();
    assert!(earlier.run(&[]).output.status.success());
    let report = fs::read(earlier.path("lake/report.json")).unwrap();
    assert!(report.len() > 4 << 10, "{} bytes", report.len());
    let ran = Export::new().with("report.json", &report).run(&[]);
    assert_eq!((ran.rows(), ran.incomplete()), (EVERYBODY, vec![]));
    let inputs = ran.report["inputs"].as_array().unwrap();
    let refused: Vec<_> = inputs.iter().filter(|input| input["status"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0]["name"].as_str().unwrap().ends_with("in/report.json"), "{}", refused[0]);
    assert_eq!(refused[0]["reason"], "unknown_fields", "{}", refused[0]);
    let said = ran.stderr();
    assert!(said.contains("refused (unknown_fields): ") && said.contains("fit no table"), "{said}");
    assert!(!said.contains("the file is empty"), "{said}");
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn tar_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        builder.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn a_zstd_that_begins_with_a_frame_to_skip_is_read() {
    let skippable = [0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let packed = [&skippable[..], &zstd::encode_all(READINGS.as_bytes(), 1).unwrap()].concat();
    let ran = Export::new().with("readings.json", packed).run(&[]);
    assert_eq!((ran.rows(), ran.incomplete()), (EVERYBODY, vec![]));
}

#[test]
fn a_date_of_change_that_is_none_counts_as_missing() {
    // Their ages are not known, so the one that does not consent counts.
    for date in ["0", "-5", "\"\"", "9,\"last_update_date\":4"] {
        let record = format!(r#"{{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":{date}}}"#);
        let export = Export::new().with("later.json", record);
        let latest = export.run(&["--records", "latest"]);
        assert_eq!(
            (latest.rows(), latest.warning("undated_refusals").map(|found| found.0)),
            (BEN, Some(1)),
            "{date}"
        );
    }
    let record = r#"{"Item":{"email":"ann@x.org","serialNumber":"s1","shareWithResearchAsOfDate":1,"lastUpdateDate":9},"shareWithResearchAsOfDate":0}"#;
    let ran = Export::new().with("later.json", record).run(&["--records", "latest"]);
    assert_eq!((ran.rows(), ran.warning("consent_conflict").unwrap().0), (BEN, 1));
}

#[test]
fn times_that_are_no_milliseconds_are_told_where_dates_decide() {
    let (micros, date) = ("timestamp\":1700000000000000", "AsOfDate\":1800000000000");
    let export = Export::new()
        .with("readings.json", READINGS.replace("timestamp\":9", micros))
        .with("customers.json", CUSTOMERS.replace("AsOfDate\":1", date));
    assert_eq!(export.run(&[]).warning("times_not_milliseconds"), None);
    for consent in ["as-of", "as-of-phone"] {
        let ran = export.run(&["--consent", consent]);
        assert_eq!((ran.rows()[1], ran.warning("times_not_milliseconds").unwrap().0), (2, 2));
    }
}

#[test]
fn a_blank_email_is_a_missing_key() {
    for blank in [" ", "\\t", "\\u00a0\\u200b"] {
        let more = format!(
            "{{\"email\":\"{blank}\",\"serialNumber\":\"s1\",\"shareWithResearchAsOfDate\":1}}\n{}",
            r#"{"email":"dan@x.org","serialNumber":"s4"}"#
        );
        let readings = READINGS.to_owned() + &READINGS.replace("ann@x.org", blank);
        for emails in ["exact", "folded"] {
            let ran = Export::new()
                .with("more.json", &more)
                .with("readings.json", &readings)
                .run(&["--emails", emails]);
            let missing = |table: &str| ran.report["tables"][table]["rejected"]["missing_key"].clone();
            assert_eq!((ran.rows()[0], missing("customer_landing")), (2, 1.into()), "{blank}");
            assert_eq!((ran.rows()[1], missing("accelerometer_landing")), (3, 1.into()), "{blank}");
        }
    }
}

#[test]
fn emails_that_differ_by_case_or_blanks_are_counted() {
    let ran = Export::new().run(&[]);
    assert_eq!((ran.warning("emails_differ"), ran.warning("customer_emails_differ")), (None, None));
    // A newer record of Ann in another spelling, and readings in three; what fits nobody is not counted.
    let newer =
        r#"{"email":"Ann@x.org","serialNumber":"s1","lastUpdateDate":9,"shareWithResearchAsOfDate":0}"#;
    let readings = ["ANN@x.org", " ann@x.org", "ann@x.org\u{200b}", "cat@x.org", "CAT@x.org"]
        .map(|user| format!("{{\"user\":\"{user}\",\"timestamp\":9}}\n"))
        .concat();
    let ran =
        Export::new().with("newer.json", newer).with("more.json", readings).run(&["--records", "latest"]);
    assert_eq!(ran.rows(), EVERYBODY);
    assert_eq!(ran.warning("emails_differ").unwrap().0, 3);
    assert_eq!(ran.warning("customer_emails_differ").unwrap().0, 2);
    // The customer's may be the odd one.
    let ran = Export::new().with("customers.json", CUSTOMERS.replace("ann", "Ann")).run(&[]);
    assert_eq!((ran.rows()[1], ran.warning("emails_differ").unwrap().0), (1, 1));
    assert_eq!(ran.warning("customer_emails_differ"), None);
}

#[test]
fn pairs_of_two_people_are_warned_of_only_where_there_are_some() {
    let mixed = |list: &str| {
        let ran = Export::new().withdrawing(list, &["--join", "time"]);
        ran.warning("mixed_pairs").map(|(count, _)| count)
    };
    assert_eq!((mixed("nobody@x.org"), mixed("ann@x.org")), (Some(2), None));
}
