//! Zips of many entries, and the same records in several packings, on the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Runs a folder and gives the report.
fn run(input: &Path, out: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(input)
        .args(["--out".as_ref(), out.as_os_str()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap()
}

fn rows_out(report: &Value) -> [u64; 4] {
    ["customer_landing", "accelerometer_landing", "step_trainer_landing", "machine_learning_curated"]
        .map(|table| report["tables"][table]["rows_out"].as_u64().unwrap())
}

/// Each input below the folder: its name, and the name that it repeats, if it does.
fn originals<'a>(report: &'a Value, folder: &Path) -> Vec<(&'a str, Option<&'a str>)> {
    let prefix = format!("{}/", folder.display());
    let short = move |name: &'a Value| name.as_str().map(|name| name.strip_prefix(&prefix).unwrap_or(name));
    let inputs = report["inputs"].as_array().unwrap().iter();
    inputs.map(|input| (short(&input["name"]).unwrap(), short(&input["of"]))).collect()
}

fn zip<'a>(files: impl IntoIterator<Item = (String, &'a [u8])>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const CUSTOMER: &str =
    "{\"email\":\"a@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n";

fn reading(time: usize) -> String {
    format!("{{\"user\":\"a@example.com\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.5}}\n")
}

fn step(time: usize) -> String {
    format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"s\",\"distanceFromObject\":200}}\n")
}

/// How long the run of a zip takes that has so many readings and as many steps, each an entry of its own.
fn run_entries(times: usize) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<String> = (0..times).flat_map(|time| [reading(time), step(time)]).collect();
    let entries = records.iter().enumerate();
    let entries = entries.map(|(at, record)| (format!("landing/{at:05}.json"), record.as_bytes()));
    let customers = [("customers.json".to_owned(), CUSTOMER.as_bytes())];
    let input = folder.path().join("export.zip");
    fs::write(&input, zip(customers.into_iter().chain(entries))).unwrap();
    let since = Instant::now();
    let report = run(&input, &folder.path().join("lake"));
    let took = since.elapsed();
    println!("{} entries: {:.1} s", 2 * times + 1, took.as_secs_f64());
    assert_eq!(rows_out(&report), [1, times as u64, times as u64, times as u64]);
    assert_eq!(report["inputs"].as_array().unwrap().len(), 2 * times + 1);
    took
}

/// Reading the directory again for each entry would take a quarter of an hour, 16 times as long as for a quarter of the
/// entries; reading it once takes 4 times as long, and seconds.
#[test]
fn a_zip_of_thirty_thousand_entries_ends() {
    let (quarter, all) = (run_entries(3_750), run_entries(15_000));
    assert!(all < Duration::from_secs(60).max(quarter * 8), "{all:?}, a quarter of it {quarter:?}");
}

/// The same records in every packing, and one more reading that is there once.
#[test]
fn what_is_packed_beside_its_files_is_used_once() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    // Longer than what is looked at first.
    let readings: String = (0..4000).map(reading).collect();
    let steps: String = (0..4000).map(step).collect();
    let (readings, steps) = (readings.as_bytes(), steps.as_bytes());
    let more = reading(4000);
    let packed = gzip(readings);
    let entries = [
        ("c.json", CUSTOMER.as_bytes()),
        ("r.json", readings),
        ("r.json.gz", &packed),
        ("s.json", steps),
        ("t.json", steps),
        ("u.json", more.as_bytes()),
    ];
    let entries = || entries.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes));
    let members = [gzip(&readings[..9000]), gzip(&readings[9000..])].concat();
    for (name, bytes) in [
        ("a.zip", zip(entries())),
        ("b.zip", zip(entries().skip(1).map(|(name, bytes)| (format!("deep/{name}"), bytes)))),
        ("c.zip", zip(entries())),
        ("c.json", CUSTOMER.as_bytes().to_vec()),
        ("r.json.gz", members),
        ("s.json", steps.to_vec()),
        // As long as the steps, and the same but for the last digit.
        ("s2.json", [&steps[..steps.len() - 4], b"1}\n\n"].concat()),
    ] {
        fs::write(input.join(name), bytes).unwrap();
    }
    let report = run(&input, &folder.path().join("lake"));
    assert_eq!(rows_out(&report), [1, 4001, 8000, 8000]);
    assert_eq!(
        originals(&report, &input),
        [
            ("a.zip/c.json", None),
            ("a.zip/r.json", None),
            ("a.zip/r.json.gz", Some("a.zip/r.json")),
            ("a.zip/s.json", None),
            ("a.zip/t.json", Some("a.zip/s.json")),
            ("a.zip/u.json", None),
            ("b.zip/deep/r.json", Some("a.zip/r.json")),
            ("b.zip/deep/r.json.gz", Some("a.zip/r.json")),
            ("b.zip/deep/s.json", Some("a.zip/s.json")),
            ("b.zip/deep/t.json", Some("a.zip/s.json")),
            ("b.zip/deep/u.json", Some("a.zip/u.json")),
            ("c.json", Some("a.zip/c.json")),
            ("c.zip", Some("a.zip")),
            ("r.json.gz", Some("a.zip/r.json")),
            ("s.json", Some("a.zip/s.json")),
            ("s2.json", None),
        ]
    );
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, name, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// One export in every packing and encoding, which must give the same tables.
#[test]
fn every_packing_and_encoding_gives_the_same_tables() {
    let readings: String = (0..4000).map(reading).collect();
    let steps: String = (0..4000).map(step).collect();
    let readings_zst = zstd(readings.as_bytes());
    let entries = [
        ("e/landing/c.json", CUSTOMER.as_bytes()),
        ("e/landing/deep/r.json.zst", &readings_zst),
        ("e/landing/s.json", steps.as_bytes()),
        ("e/.hidden.json", b"no JSON"),
        ("e/trusted/c.json", b"{\"email\":\"a@example.com\",\"serialNumber\":\"other\"}"),
    ];
    let packed = tar(&entries);
    let zipped = zip(entries.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)));
    let mixed = format!("{CUSTOMER}{readings}{steps}");
    for (number, files) in [
        vec![("e.tar", packed.clone())],
        vec![("e.tgz", gzip(&packed))],
        vec![("e.tar.zst", zstd(&packed))],
        vec![("e.zip", zipped)],
        vec![
            ("a", utf16(CUSTOMER)),
            ("b", utf16(&format!("\u{feff}{readings}"))),
            ("c", gzip(&utf16(&steps))),
        ],
        vec![("mixed.json", mixed.clone().into_bytes())],
        vec![("mixed.tar.gz", gzip(&tar(&[("mixed", mixed.as_bytes())])))],
    ]
    .into_iter()
    .enumerate()
    {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in");
        fs::create_dir(&input).unwrap();
        for (name, bytes) in &files {
            fs::write(input.join(name), bytes).unwrap();
        }
        let report = run(&input, &folder.path().join("lake"));
        assert_eq!(rows_out(&report), [1, 4000, 4000, 4000], "{number}");
        assert_eq!(report["rejects_total"], 0, "{number}");
        let inputs = report["inputs"].as_array().unwrap().iter();
        let unread: Vec<&str> = inputs.filter_map(|input| input["reason"].as_str()).collect();
        assert_eq!(unread, if number < 4 { vec!["hidden", "trusted"] } else { vec![] }, "{number}");
    }
}

/// A record of no kind is rejected once, and what is bad JSON too.
#[test]
fn what_is_of_no_table_is_rejected_once() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let more = "{\"id\":1}\n{\"user\":NaN}\n{\"user\":\"a\",\"timestamp\":\"soon\"}\n";
    fs::write(input.join("all"), format!("{CUSTOMER}{}{}{more}", reading(1), step(1))).unwrap();
    let report = run(&input, &folder.path().join("lake"));
    assert_eq!(rows_out(&report), [1, 1, 1, 1]);
    let rejected = |table: &str| report["tables"][table]["rejected"].clone();
    assert_eq!(rejected("customer_landing"), serde_json::json!({"bad_json": 1, "missing_key": 1}));
    assert_eq!(rejected("accelerometer_landing"), serde_json::json!({"not_a_number": 1}));
    assert_eq!(rejected("step_trainer_landing"), serde_json::json!({}));
}

/// Directory and trailer say that entry and gzip are what the file is, and they are not.
#[test]
fn what_only_claims_to_be_the_same_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let readings: String = (0..4000).map(reading).collect();
    let other = readings.replacen("\"timestamp\":3999", "\"timestamp\":3998", 1);
    let crc = |bytes: &str| {
        let packed = gzip(bytes.as_bytes());
        packed[packed.len() - 8..packed.len() - 4].to_vec()
    };
    let (true_crc, claimed) = (crc(&other), crc(&readings));
    let mut lying = zip([("r.json".to_owned(), other.as_bytes())]);
    let places: Vec<usize> = (0..lying.len() - 4).filter(|&at| lying[at..at + 4] == true_crc).collect();
    assert!(places.len() >= 2, "in the directory and before the entry");
    places.iter().for_each(|&at| lying[at..at + 4].copy_from_slice(&claimed));
    let mut trailer = gzip(other.as_bytes());
    let end = trailer.len() - 8;
    trailer[end..end + 4].copy_from_slice(&claimed);
    for (name, bytes) in [
        ("c.json", CUSTOMER.as_bytes()),
        ("r.json", readings.as_bytes()),
        ("lying.zip", &lying),
        ("lying.gz", &trailer),
        ("lying.gz.copy", &trailer),
    ] {
        fs::write(input.join(name), bytes).unwrap();
    }
    let report = run(&input, &folder.path().join("lake"));
    let originals = originals(&report, &input);
    let copies: Vec<_> = originals.iter().filter(|(_, original)| original.is_some()).collect();
    assert_eq!(copies, [&("lying.gz.copy", Some("lying.gz"))]);
    assert!(rows_out(&report)[1] >= 4000 + 2 * 3900, "{:?}", rows_out(&report));
    assert_eq!(report["rejects_total"], 2, "each is damaged, and that is said");
}

/// The writer makes no two entries of one name, so one is renamed in the bytes.
#[test]
fn entries_of_one_name_are_both_read() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let newer = CUSTOMER.replace("a@example.com", "b@example.com");
    let entries =
        [("c.json", CUSTOMER), ("d.json", newer.as_str()), ("r.json", &reading(1)), ("s.json", &step(1))]
            .map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut bytes = zip(entries.iter().map(|(name, text)| (name.clone(), text.as_bytes())));
    for at in 0..bytes.len() - 6 {
        if bytes[at..].starts_with(b"d.json") {
            bytes[at] = b'c';
        }
    }
    fs::write(input.join("e.zip"), bytes).unwrap();
    let report = run(&input, &folder.path().join("lake"));
    assert_eq!(rows_out(&report), [2, 1, 1, 1]);
    let names: Vec<_> = originals(&report, &input).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["e.zip/c.json", "e.zip/c.json (2)", "e.zip/r.json", "e.zip/s.json"]);
}

#[test]
fn a_file_of_one_record_is_used_once_in_whatever_packing() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let (reading, step) = (reading(1), step(1));
    for (name, text) in [("c.json", CUSTOMER), ("r.json", &reading), ("s.json", &step)] {
        fs::write(input.join(name), text).unwrap();
        fs::write(input.join(format!("{name}.gz")), gzip(text.as_bytes())).unwrap();
        let packed = gzip(text.as_bytes());
        let entries = [(name.to_owned(), text.as_bytes()), (format!("{name}.gz"), packed.as_slice())];
        fs::write(input.join(format!("{name}.zip")), zip(entries)).unwrap();
    }
    let report = run(&input, &folder.path().join("lake"));
    assert_eq!(rows_out(&report), [1, 1, 1, 1]);
    let copies = originals(&report, &input).into_iter().filter(|(_, original)| original.is_some());
    assert_eq!(copies.count(), 9);
}
