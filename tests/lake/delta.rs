//! What the tests of Delta Lake tables share.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use stedi_lakehouse::schema::Table;

use crate::lake::{Place, call, done, program, report, text, tree};

/// Of a run whose tables have logs.
pub const DELTA: [&str; 2] = ["--format", "delta"];

/// A lake of two people, and in `next` the same customers with a reading of each sensor more.
pub fn place() -> Place {
    let place = Place::new();
    done(&place.run(&DELTA));
    fs::create_dir(place.path("next")).unwrap();
    fs::copy(place.path("export/c.json"), place.path("next/c.json")).unwrap();
    let time = 1_700_000_009_000_u64;
    let reading =
        format!("{{\"user\":\"p0@example.com\",\"timestamp\":{time},\"x\":7.5,\"y\":null,\"z\":0.5}}\n");
    let step =
        format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"serial-0\",\"distanceFromObject\":-3}}\n");
    fs::write(place.path("next/a2.json"), reading).unwrap();
    fs::write(place.path("next/s2.json"), step).unwrap();
    place
}

pub fn go_on_with(place: &Place, inputs: &str, more: &[&str]) -> Output {
    let [inputs, lake, key] = [inputs, "lake", "key"].map(|name| place.path(name));
    let call = ["run", text(&inputs), "--from", text(&lake), "--out", text(&lake), "--key-file", text(&key)];
    program(&[&call[..], more].concat()).output().unwrap()
}

pub fn go_on(place: &Place, more: &[&str]) -> Output {
    go_on_with(place, "next", &[&DELTA[..], more].concat())
}

pub fn log_path(table: Table, version: u64) -> String {
    format!("{}/_delta_log/{version:020}.json", table.folder())
}

/// The entries of a log, one a line.
pub fn entries(lake: &Path, table: Table, version: u64) -> Vec<Value> {
    let log = fs::read_to_string(lake.join(log_path(table, version))).unwrap();
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Of each table its version by the report, how many logs it has, and how many Parquet files.
pub fn versions(lake: &Path) -> BTreeMap<Table, (u64, usize, usize)> {
    let report = report(lake);
    assert_eq!(report["table_format"], "delta");
    let files = tree(lake);
    let outputs = report["outputs"].as_array().unwrap().iter().map(|output| {
        let table = Table::from_name(output["table"].as_str().unwrap()).unwrap();
        let within = |path: &&String| path.starts_with(&format!("{}/", table.folder()));
        let (logs, data): (Vec<_>, Vec<_>) =
            files.keys().filter(within).partition(|path| path.contains("/_delta_log/"));
        (table, (output["version"].as_u64().unwrap(), logs.len(), data.len()))
    });
    outputs.collect()
}

pub fn is_afresh(lake: &Path) -> bool {
    versions(lake).values().all(|version| *version == (0, 1, 1))
}

pub fn verified(lake: &Path) {
    let output = call(&["verify", text(lake)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What differs, as code and place.
pub fn differences(lake: &Path) -> Vec<(String, String)> {
    let output = call(&["verify", text(lake), "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = found["differences"].as_array().unwrap().iter();
    found.map(|one| (text(&one["code"]), text(&one["place"]))).collect()
}

pub fn holds(lake: &Path, person: &str) -> bool {
    tree(lake).values().any(|content| content.windows(person.len()).any(|part| part == person.as_bytes()))
}
