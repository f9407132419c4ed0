//! Small inputs that multiply: what they would make is refused with numbers, or
//! made within memory.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

fn run(folder: &Path, serial: &str, readings: &str, steps: &str, options: &[&str]) -> Output {
    let customer = format!(
        "{{\"customerName\":\"Ann\",\"email\":\"a@x.org\",\"serialNumber\":\"{serial}\",\"shareWithResearchAsOfDate\":1}}"
    );
    let export = folder.join("export");
    fs::create_dir(&export).unwrap();
    fs::write(export.join("customer.json"), customer).unwrap();
    fs::write(export.join("readings.json"), readings).unwrap();
    fs::write(export.join("steps.json"), steps).unwrap();
    Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(&export)
        .arg("--out")
        .arg(folder.join("lake"))
        .args(options)
        .output()
        .unwrap()
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut lines, at| {
        writeln!(lines, "{}", line(at)).unwrap();
        lines
    })
}

fn reading(time: usize) -> String {
    format!("{{\"user\":\"a@x.org\",\"timestamp\":{time},\"x\":1,\"y\":2,\"z\":3}}")
}

fn step(serial: &str, time: usize) -> String {
    format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":7}}")
}

#[test]
fn more_pairs_than_memory_is_planned_for_are_refused_with_their_number() {
    for options in [&[][..], &["--join", "time"], &["--identity", "serial"]] {
        let folder = tempfile::tempdir().unwrap();
        let (readings, steps) = (lines(8000, |_| reading(5)), lines(8000, |_| step("s", 5)));
        let run = run(folder.path(), "s", &readings, &steps, options);
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{said}");
        assert!(said.contains("64000000 pairs") && said.contains("memory"), "{said}");
        assert!(!folder.path().join("lake/report.json").exists(), "nothing was written");
    }
}

#[test]
fn a_long_text_in_many_rows_is_written_whole() {
    const PAIRS: usize = 137_000;
    let folder = tempfile::tempdir().unwrap();
    let serial = "s".repeat(16 << 10);
    // A square of equal times, so that the input stays small.
    let side = PAIRS.isqrt();
    let readings = lines(side, |_| reading(5)) + &lines(1, |_| reading(6));
    let steps = lines(side, |_| step(&serial, 5)) + &lines(PAIRS - side * side, |_| step(&serial, 6));
    let run = run(folder.path(), &serial, &readings, &steps, &["--identity", "serial"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let table = folder.path().join("lake/step_trainer/curated");
    let file = fs::read_dir(table).unwrap().next().unwrap().unwrap().path();
    let file = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    assert_eq!(file.metadata().file_metadata().num_rows(), PAIRS as i64);
    // Over two gigabytes of text: more than one Arrow array of it can count.
    let mut rows = file.get_row_iter(None).unwrap();
    assert!(rows.all(|row| row.unwrap().get_string(0).unwrap() == &serial));
}
