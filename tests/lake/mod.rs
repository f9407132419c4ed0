//! Small exports, and lakes that are held against their reports.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use stedi_lakehouse::audit::Hasher;

/// The program, not yet started.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.args(arguments);
    command
}

pub fn call(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub fn done(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The call ends with this code and names all of these.
pub fn refused(output: &Output, code: i32, names: &[&str]) {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
    for name in names {
        assert!(said(output).contains(name), "{name}: {}", said(output));
    }
}

/// A folder of its own for a test: `export` in it is of two people, `key` is a key.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        export(&place.path("export"), 2);
        fs::write(place.path("key"), "a key that nobody guesses").unwrap();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs from `export` into `lake`.
    pub fn run(&self, more: &[&str]) -> Output {
        self.run_from(&["export"], more)
    }

    pub fn run_from(&self, inputs: &[&str], more: &[&str]) -> Output {
        let mut command = program(&["run"]);
        command.args(inputs.iter().map(|input| self.path(input)));
        command.arg("--out").arg(self.path("lake")).arg("--key-file").arg(self.path("key"));
        command.args(more).output().unwrap()
    }

    pub fn lake(&self) -> PathBuf {
        self.path("lake")
    }
}

/// Of the first readings, in milliseconds: consent in seconds counts as unreadable.
const TIME: i64 = 1_700_000_000_000;

/// Writes an export of some people, all of whom consent after their first readings, with a table in each file.
pub fn export(folder: &Path, people: usize) {
    fs::create_dir_all(folder).unwrap();
    let (mut customers, mut accelerometer, mut steps) = (String::new(), String::new(), String::new());
    for person in 0..people {
        customers += &format!(
            "{{\"email\":\"p{person}@example.com\",\"serialNumber\":\"serial-{person}\",\
             \"shareWithResearchAsOfDate\":{}}}\n",
            TIME + 1
        );
        for time in TIME..TIME + 3 {
            accelerometer += &format!(
                "{{\"user\":\"p{person}@example.com\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.5}}\n"
            );
            steps += &format!(
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"serial-{person}\",\"distanceFromObject\":200}}\n"
            );
        }
    }
    for (name, content) in [("c.json", customers), ("a.json", accelerometer), ("s.json", steps)] {
        fs::write(folder.join(name), content).unwrap();
    }
}

/// Every file below a folder, by its path, with its content.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

pub fn copy_tree(from: &Path, to: &Path) {
    for (path, content) in tree(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.push(bytes);
    hasher.finish()
}

pub fn report(lake: &Path) -> Value {
    serde_json::from_slice(&fs::read(lake.join("report.json")).unwrap()).unwrap()
}

/// The hashes that a lake's report gives its files, by path.
pub fn named(lake: &Path) -> BTreeMap<String, String> {
    let report = report(lake);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let files =
        report["files"].as_array().unwrap().iter().map(|file| (text(&file["path"]), text(&file["sha256"])));
    let outputs =
        report["outputs"].as_array().unwrap().iter().map(|file| (text(&file["file"]), text(&file["sha256"])));
    files.chain(outputs).collect()
}

/// The lake is just what its report says: each file by its hash, and no other.
pub fn assert_whole(lake: &Path, when: &str) {
    let mut found: BTreeMap<String, String> =
        tree(lake).into_iter().map(|(path, content)| (path, sha256(&content))).collect();
    assert!(found.remove("report.json").is_some(), "{when}: no report");
    assert_eq!(found, named(lake), "{when}");
}
