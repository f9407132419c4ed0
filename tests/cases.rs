//! What people really have: each folder of `cases/` goes through the program with its
//! arguments, and must give its rows, rejects, dates, inputs that were not read, and warnings.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

const TABLES: [&str; 8] = [
    "customer_landing",
    "accelerometer_landing",
    "step_trainer_landing",
    "customer_trusted",
    "accelerometer_trusted",
    "customer_curated",
    "step_trainer_trusted",
    "machine_learning_curated",
];

/// What a case must give: `expected.json`, which the page's tests read too.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    folder: String,
    arguments: Vec<String>,
    /// What the program says if it has to fail.
    fails: Option<String>,
    /// Of the eight tables, in their order.
    rows: [u64; 8],
    rejects: u64,
    /// Times that are written as dates.
    dates: u64,
    /// Inputs that were not read, by status and reason.
    unread: BTreeMap<String, u64>,
    /// Counts of warnings by their codes.
    warnings: BTreeMap<String, u64>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(&fs::read_to_string("tests/cases/expected.json").unwrap()).unwrap()
}

/// The report of a case, or what the program says if it gives none.
fn run(case: &Case, out: &Path) -> Result<Value, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .args(["run", "--out"])
        .arg(out.join("lake"))
        .arg("--report")
        .arg(out.join("report.json"))
        .args(&case.arguments)
        .arg(Path::new("tests/cases").join(&case.folder))
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// What became of the inputs that were not read, by status and reason.
fn unread(report: &Value) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for input in report["inputs"].as_array().unwrap() {
        let status = input["status"].as_str().unwrap();
        let name = match input["reason"].as_str() {
            Some(reason) => format!("{status} {reason}"),
            None => status.to_owned(),
        };
        *counts.entry(name).or_default() += u64::from(status != "used");
    }
    counts.retain(|_, count| *count > 0);
    counts
}

/// What of a case is not as it must be.
fn check(case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let report = match (run(case, folder.path()), &case.fails) {
        (Err(said), Some(why)) if said.contains(why.as_str()) => return Ok(()),
        (Ok(_), Some(why)) => return Err(format!("it does not fail: {why}")),
        (run, _) => run?,
    };
    let rows = TABLES.map(|table| report["tables"][table]["rows_out"].as_u64().unwrap());
    let warning = |told: &Value| (told["code"].as_str().unwrap().to_owned(), told["count"].as_u64().unwrap());
    let warnings: BTreeMap<String, u64> =
        report["warnings"].as_array().unwrap().iter().map(warning).collect();
    let inputs = report["inputs"].as_array().unwrap().iter();
    let dates: u64 = inputs.filter_map(|input| input["dates"].as_u64()).sum();
    let (rejects, unread) = (report["rejects_total"].as_u64().unwrap(), unread(&report));
    if (rows, rejects, dates, &unread, &warnings)
        == (case.rows, case.rejects, case.dates, &case.unread, &case.warnings)
    {
        return Ok(());
    }
    Err(format!(
        "{rows:?}, {rejects} rejected {:?}, {dates} dates, not read {unread:?}, warnings {warnings:?}",
        report["rejects"]
    ))
}

#[test]
fn each_case_gives_what_it_must() {
    for case in cases() {
        let found = check(&case);
        assert_eq!(found, Ok(()), "{} {:?}", case.folder, case.arguments);
    }
}

#[test]
fn every_folder_is_a_case() {
    let cases = cases();
    for folder in fs::read_dir("tests/cases").unwrap().map(Result::unwrap) {
        let name = folder.file_name().into_string().unwrap();
        let known = cases.iter().any(|case| case.folder == name);
        assert!(known || folder.path().is_file(), "{name} is not listed");
    }
}
