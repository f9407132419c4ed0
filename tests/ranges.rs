//! Plain files that are large enough to be read in ranges, by the program.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CUSTOMER: &str =
    r#"{"customerName":"Ann","email":"a@x.org","serialNumber":"s","shareWithResearchAsOfDate":1}"#;
const STEP: &str = r#"{"sensorReadingTime":1,"serialNumber":"s","distanceFromObject":2}"#;
const READINGS: usize = 200_000;

/// Runs the program over one file of readings, and gives its report.
fn report(folder: &Path, name: &str, readings: &[u8]) -> Value {
    let export = folder.join(name);
    std::fs::create_dir(&export).unwrap();
    std::fs::write(export.join("customer.json"), CUSTOMER).unwrap();
    std::fs::write(export.join("step.json"), STEP).unwrap();
    std::fs::write(export.join(name), readings).unwrap();
    let out = folder.join(format!("{name} lake"));
    let run = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(&export)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap()
}

fn reading(time: usize) -> String {
    format!("{{\"user\":\"a@x.org\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.25}}")
}

#[test]
fn a_byte_order_mark_before_each_record_loses_no_row_at_a_border() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = String::new();
    (0..READINGS).for_each(|time| writeln!(lines, "\u{feff}{}", reading(time)).unwrap());
    assert!(lines.len() > 8 << 20, "large enough for ranges");
    let plain = report(folder.path(), "plain.json", lines.as_bytes());
    assert_eq!(plain["tables"]["accelerometer_landing"]["rows_out"], READINGS);
    assert_eq!(plain["tables"]["accelerometer_trusted"]["rows_out"], READINGS);

    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines.as_bytes()).unwrap();
    let gzip = report(folder.path(), "packed.json.gz", &gzip.finish().unwrap());
    assert_eq!(gzip["tables"], plain["tables"]);
}

/// A record with a line in it that starts with a brace: the range behind a border
/// takes that line for its first, so the ranges do not tile.
#[test]
fn a_record_across_a_border_with_a_brace_at_a_line_start_is_read_in_one_piece() {
    let folder = tempfile::tempdir().unwrap();
    let nested = format!(
        "{{\"user\":\"a@x.org\",\"timestamp\":0,\"more\":[{}1]}}\n",
        "\n{\"user\":\"no\"},".repeat(400_000)
    );
    let mut lines = nested.repeat(2);
    (0..1000).for_each(|time| writeln!(lines, "{}", reading(time)).unwrap());
    assert!(lines.len() > 8 << 20, "large enough for ranges");
    let report = report(folder.path(), "nested.json", lines.as_bytes());
    assert_eq!(report["tables"]["accelerometer_landing"]["rows_out"], 1002);
    assert_eq!(report["tables"]["accelerometer_landing"]["rows_in"], 1002, "no reject");
}
