//! Zips of many entries, and the same records in several packings, on the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

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

const CUSTOMER: &str = "{\"email\":\"a@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n";

fn reading(time: usize) -> String {
    format!("{{\"user\":\"a@example.com\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.5}}\n")
}

fn step(time: usize) -> String {
    format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"s\",\"distanceFromObject\":200}}\n")
}

/// Reading the directory again for each entry would take a quarter of an hour.
#[test]
fn a_zip_of_thirty_thousand_entries_ends() {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<String> = (0..15_000).flat_map(|time| [reading(time), step(time)]).collect();
    let entries = records.iter().enumerate();
    let entries = entries.map(|(at, record)| (format!("landing/{at:05}.json"), record.as_bytes()));
    let customers = [("customers.json".to_owned(), CUSTOMER.as_bytes())];
    let input = folder.path().join("export.zip");
    fs::write(&input, zip(customers.into_iter().chain(entries))).unwrap();
    let since = Instant::now();
    let report = run(&input, &folder.path().join("lake"));
    println!("30,001 entries: {:.1} s", since.elapsed().as_secs_f64());
    assert_eq!(rows_out(&report), [1, 15_000, 15_000, 15_000]);
    assert_eq!(report["inputs"].as_array().unwrap().len(), 30_001);
}
