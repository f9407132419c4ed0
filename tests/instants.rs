//! One row for each subject and time in machine_learning_curated, by the program: what is counted, and what holds of a
//! lake. The oracles of `tests/oracle.rs`, `tests/going_on.rs` and `tests/erase.rs` have both values too.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Two people: of one both sensors repeat a time, of the other none does.
const EXPORT: [(&str, &str); 3] = [
    (
        "c.json",
        r#"{"email":"a@x.org","serialNumber":"s1","shareWithResearchAsOfDate":1}
{"email":"b@x.org","serialNumber":"s2","shareWithResearchAsOfDate":1}
"#,
    ),
    (
        "a.json",
        r#"{"user":"a@x.org","timestamp":5,"x":1,"y":0,"z":0}
{"user":"a@x.org","timestamp":5,"x":-1,"y":0,"z":0}
{"user":"a@x.org","timestamp":6,"x":1,"y":0,"z":0}
{"user":"b@x.org","timestamp":5,"x":1,"y":0,"z":0}
"#,
    ),
    (
        "s.json",
        r#"{"sensorReadingTime":5,"serialNumber":"s1","distanceFromObject":3}
{"sensorReadingTime":5,"serialNumber":"s1","distanceFromObject":2}
{"sensorReadingTime":5,"serialNumber":"s1","distanceFromObject":2}
{"sensorReadingTime":6,"serialNumber":"s1","distanceFromObject":1}
{"sensorReadingTime":5,"serialNumber":"s2","distanceFromObject":1}
"#,
    ),
];

fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("key"), "one key").unwrap();
    EXPORT.iter().for_each(|(name, text)| fs::write(folder.path().join("in").join(name), text).unwrap());
    folder
}

fn program(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.current_dir(folder).args(words).output().unwrap()
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn run(folder: &Path, out: &str, more: &[&str]) {
    done(&program(folder, &[&["run", "in", "--out", out, "--key-file", "key"][..], more].concat()));
}

fn counts(folder: &Path, lake: &str) -> Value {
    let report = fs::read(folder.join(lake).join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let counts = &report["tables"]["machine_learning_curated"];
    json!([
        report["options"]["one_per_instant"],
        counts["rows_matched"],
        counts["pairs"],
        counts["pairs_left_out"],
        counts["rows_out"]
    ])
}

fn table(folder: &Path, lake: &str) -> Vec<u8> {
    fs::read(folder.join(lake).join("step_trainer/curated/part-00000.snappy.parquet")).unwrap()
}

#[test]
fn pairs_that_are_left_out_are_counted_and_the_ledger_balances() {
    let place = place();
    let place = place.path();
    run(place, "all", &[]);
    assert_eq!(counts(place, "all"), json!(["off", 4, 8, 0, 8]));
    run(place, "one", &["--one-per-instant"]);
    assert_eq!(counts(place, "one"), json!(["on", 4, 8, 5, 3]));
    done(&program(place, &["verify", "one"]));
    run(place, "off", &["--one-per-instant=off"]);
    assert!(table(place, "off") == table(place, "all"));
    fs::write(place.join("c.toml"), "one-per-instant = true\n").unwrap();
    run(place, "set", &["--config", "c.toml"]);
    assert!(table(place, "set") == table(place, "one"));

    let difference = program(place, &["diff", "all", "one", "--json"]);
    let difference: Value = serde_json::from_slice(&difference.stdout).unwrap();
    let change = &difference["tables"]["machine_learning_curated"];
    assert_eq!(change["causes"], json!([{"kind": "pairs_left_out", "change": -5}]));
    assert_eq!((&change["gained"], &change["lost"]), (&json!(0), &json!(5)));
}

#[test]
fn a_lake_that_is_gone_on_from_may_have_been_made_otherwise_and_erasing_keeps_it() {
    let place = place();
    let place = place.path();
    run(place, "all", &[]);
    run(place, "one", &["--one-per-instant"]);
    for (from, to, more) in [("all", "one", &["--one-per-instant"][..]), ("one", "all", &[])] {
        run(place, "next", &[&["--from", from], more].concat());
        assert!(table(place, "next") == table(place, to), "from {from}");
    }
    fs::write(place.join("list"), "b@x.org\n").unwrap();
    done(&program(place, &["erase", "one", "--withdrawals", "list", "--key-file", "key"]));
    assert_eq!(counts(place, "one"), json!(["on", 3, 7, 5, 2]));
    done(&program(place, &["verify", "one"]));
}

#[test]
fn rows_that_should_not_be_there_are_named() {
    let place = place();
    let place = place.path();
    run(place, "all", &[]);
    let report = place.join("all/report.json");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(&report, text.replace("\"one_per_instant\": \"off\"", "\"one_per_instant\": \"on\"")).unwrap();
    let said = program(place, &["verify", "all"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.contains("rows: machine_learning_curated: 5 of its rows have subject and time of another"),
        "{said}"
    );
    fs::write(&report, text.replace("\"pairs\": 8", "\"pairs\": 9")).unwrap();
    let said = program(place, &["verify", "all"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("pairs are not rows out and pairs left out together"), "{said}");
}

#[test]
fn what_tells_of_the_run_says_so() {
    let place = place();
    let place = place.path();
    let card = |lake: &str, more: &[&str]| {
        run(place, lake, &[&["--export", "research"], more].concat());
        done(&program(place, &["verify", lake]));
        fs::read_to_string(place.join(lake).join("README.md")).unwrap()
    };
    assert!(card("r", &[]).contains("So times repeat within a subject"));
    let text = card("one", &["--one-per-instant", "--times", "shifted", "--test-share", "0.5"]);
    assert!(
        text.contains("No subject has two rows of one time") && text.contains("; 5 others were left out"),
        "{text}"
    );
    let croissant = fs::read_to_string(place.join("one/croissant.json")).unwrap();
    assert!(croissant.contains("only the first is kept"));
}
