//! Files that are hostile, damaged, many or missing: each is named with its
//! reason, and nothing else is lost.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use zip::write::SimpleFileOptions;

const CUSTOMER: &str = "{\"customerName\":\"P\",\"email\":\"p@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n";

fn readings(from: usize, to: usize) -> String {
    (from..to)
        .map(|time| {
            format!("{{\"user\":\"p@example.com\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.5}}\n")
        })
        .collect()
}

fn steps(from: usize, to: usize) -> String {
    (from..to)
        .map(|time| {
            format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"s\",\"distanceFromObject\":200}}\n")
        })
        .collect()
}

fn call(folder: &Path) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .args(["run", folder.to_str().unwrap(), "--out"])
        .arg(folder.with_extension("lake"))
        .output();
    program.unwrap()
}

/// Runs on a folder of these files and gives the report.
fn run(files: &[(&str, &[u8])]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    for (name, bytes) in files {
        let path = export.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    report(&export)
}

fn report(export: &Path) -> Value {
    let output = call(export);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&fs::read(export.with_extension("lake").join("report.json")).unwrap()).unwrap()
}

/// What became of an input, by the end of its name: its status, and the reason if it has one.
fn fate(report: &Value, name: &str) -> (String, String) {
    let inputs = report["inputs"].as_array().unwrap();
    let input = inputs.iter().find(|input| input["name"].as_str().unwrap().ends_with(name)).unwrap();
    let text = |field: &str| input[field].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

fn refused(reason: &str) -> (String, String) {
    ("refused".to_owned(), reason.to_owned())
}

fn rows(report: &Value, table: &str) -> u64 {
    report["tables"][table]["rows_out"].as_u64().unwrap()
}

fn zip(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn archives_of_every_kind() {
    let plain = SimpleFileOptions::default();
    let (all, cut) = (readings(0, 20_000), gzip(steps(0, 1000).as_bytes()));
    let nested =
        zip(&[("a/b/c/accelerometer.json", all.as_bytes()), ("d/customer.json", CUSTOMER.as_bytes())], plain);
    let mut broken = zip(&[("x.json", steps(1000, 2000).as_bytes())], plain);
    broken.truncate(broken.len() / 2);
    let mut encrypted = zip(&[("secret.json", steps(2000, 2001).as_bytes())], plain);
    // The flag of an encrypted entry, here and in the directory.
    let directory = encrypted.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
    encrypted[6] |= 1;
    encrypted[directory + 8] |= 1;
    let bomb = zip(&[("bomb.json", &[steps(3000, 3001).as_bytes(), &vec![b'\n'; 80 << 20]].concat())], plain);
    let report = run(&[
        ("nested.zip", &nested),
        ("broken.zip", &broken),
        ("encrypted.zip", &encrypted),
        ("in.zip", &zip(&[("again.zip", &nested)], plain)),
        ("empty.zip", &zip(&[], plain)),
        ("bomb.zip", &bomb),
        ("cut.json.gz", &cut[..cut.len() - 20]),
    ]);
    assert_eq!(rows(&report, "accelerometer_trusted"), 20_000);
    assert_eq!(fate(&report, "nested.zip/a/b/c/accelerometer.json").0, "used");
    assert_eq!(fate(&report, "broken.zip"), refused("bad_zip"));
    assert_eq!(fate(&report, "encrypted.zip/secret.json"), refused("encrypted"));
    assert_eq!(fate(&report, "in.zip/again.zip"), refused("nested_compression"));
    assert_eq!(fate(&report, "empty.zip"), refused("empty"));
    // Rows before the damage stay, and each damage is counted once.
    assert_eq!(report["tables"]["step_trainer_landing"]["rejected"]["bad_compression"], 2);
    assert_eq!(report["rejects_total"], 2);
    assert!((900..=1001).contains(&rows(&report, "step_trainer_landing")), "{report}");
}

#[test]
fn files_that_cannot_be_used_are_named_and_the_others_run() {
    let report = run(&[
        ("customer.json", CUSTOMER.as_bytes()),
        ("readings.json", readings(0, 10).as_bytes()),
        ("empty.json", b""),
        ("blank.json", b" \n\n\t\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("also.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("utf32.json", b"\xff\xfe\0\0{\0\0\0"),
        ("other.json", b"{\"id\": 1}\n"),
        ("list.csv", b"user,timestamp\na,1\n"),
    ]);
    assert_eq!(rows(&report, "accelerometer_trusted"), 10);
    for (name, reason) in [
        ("empty.json", "empty"),
        ("blank.json", "empty"),
        ("picture.png", "not_json"),
        // The same bytes, but none of the two is used, so each is told why.
        ("also.png", "not_json"),
        ("utf32.json", "not_utf8"),
        ("other.json", "unknown_fields"),
        ("list.csv", "csv"),
    ] {
        assert_eq!(fate(&report, name), refused(reason), "{name}");
    }
}

#[test]
fn a_folder_of_ten_thousand_files() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    fs::create_dir_all(&export).unwrap();
    fs::write(export.join("customer.json"), CUSTOMER).unwrap();
    for file in 0..10_000 {
        let text = if file % 2 == 0 { readings(file, file + 1) } else { steps(file - 1, file) };
        fs::write(export.join(format!("{file:05}.json")), text).unwrap();
    }
    let report = report(&export);
    assert_eq!(report["inputs"].as_array().unwrap().len(), 10_001);
    for table in ["accelerometer_trusted", "step_trainer_trusted", "machine_learning_curated"] {
        assert_eq!(rows(&report, table), 5_000, "{table}");
    }
}

#[test]
fn customers_alone_and_sensors_alone_give_what_they_can_and_say_what_is_missing() {
    let missing = |report: &Value| -> Vec<String> {
        let warnings = report["warnings"].as_array().unwrap().iter();
        warnings.map(|warning| warning["message"].as_str().unwrap().to_owned()).collect()
    };
    let alone = run(&[("customer.json", CUSTOMER.as_bytes())]);
    assert_eq!((rows(&alone, "customer_trusted"), rows(&alone, "customer_curated")), (1, 0));
    assert!(missing(&alone).iter().any(|message| message.contains("accelerometer")), "{:?}", missing(&alone));

    let sensors = run(&[("a.json", readings(0, 5).as_bytes()), ("s.json", steps(0, 5).as_bytes())]);
    assert_eq!(rows(&sensors, "accelerometer_landing"), 5);
    // Nobody is known to have agreed, so nobody is in.
    assert_eq!(sensors["tables"]["accelerometer_trusted"]["filtered"]["no_consent"], 5);
    assert_eq!(rows(&sensors, "machine_learning_curated"), 0);
    assert!(missing(&sensors).iter().any(|message| message.contains("customer")), "{:?}", missing(&sensors));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_named_and_the_others_run() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    fs::create_dir_all(&export).unwrap();
    fs::write(export.join("customer.json"), CUSTOMER).unwrap();
    fs::write(export.join("readings.json"), readings(0, 3)).unwrap();
    // A link to nowhere cannot be opened by anyone, root included.
    std::os::unix::fs::symlink(export.join("gone"), export.join("link.json")).unwrap();
    let first = report(&export);
    assert_eq!(fate(&first, "link.json"), refused("unreadable"));
    assert_eq!(rows(&first, "accelerometer_trusted"), 3);
}
