//! A small export of two people, and runs of it by the command line.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// Ann and Ben consent.
pub const CUSTOMERS: &str = r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":5,"shareWithResearchAsOfDate":1}
{"email":"ben@x.org","serialNumber":"s2","lastUpdateDate":5,"shareWithResearchAsOfDate":1}
"#;
pub const READINGS: &str = r#"{"user":"ann@x.org","timestamp":9,"x":1,"y":1,"z":1}
{"user":"ben@x.org","timestamp":9,"x":1,"y":1,"z":1}
"#;
pub const STEPS: &str = r#"{"sensorReadingTime":9,"serialNumber":"s1","distanceFromObject":1}
{"sensorReadingTime":9,"serialNumber":"s2","distanceFromObject":1}
"#;
pub const EVERYBODY: [u64; 5] = [2, 2, 2, 2, 2];
pub const BEN: [u64; 5] = [1, 1, 1, 1, 1];

pub struct Export(tempfile::TempDir);

pub struct Ran {
    pub output: Output,
    pub report: Value,
}

impl Export {
    pub fn new() -> Export {
        let export = Export(tempfile::tempdir().unwrap());
        export.with("customers.json", CUSTOMERS).with("readings.json", READINGS).with("steps.json", STEPS)
    }

    pub fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Export {
        fs::create_dir_all(self.0.path().join("in")).unwrap();
        fs::write(self.0.path().join("in").join(name), bytes).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn run(&self, more: &[&str]) -> Ran {
        let report = self.path("report.json");
        let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
            .arg("run")
            .arg(self.path("in"))
            .args(["--out".as_ref(), self.path("lake").as_path()])
            .args(["--report".as_ref(), report.as_path()])
            .args(more)
            .output()
            .unwrap();
        let report = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
        Ran { output, report }
    }

    pub fn withdrawing(&self, list: impl AsRef<[u8]>, more: &[&str]) -> Ran {
        let path = self.path("list");
        fs::write(&path, list).unwrap();
        self.run(&[&["--withdrawals", path.to_str().unwrap()], more].concat())
    }
}

impl Ran {
    /// Rows of the five written tables.
    pub fn rows(&self) -> [u64; 5] {
        let rows = |table| self.report["tables"][table]["rows_out"].as_u64().unwrap();
        [
            "customer_trusted",
            "accelerometer_trusted",
            "customer_curated",
            "step_trainer_trusted",
            "machine_learning_curated",
        ]
        .map(rows)
    }

    pub fn warning(&self, code: &str) -> Option<(u64, &str)> {
        let warnings = self.report["warnings"].as_array().unwrap().iter();
        let told = |warning: &'_ Value| warning["code"] == code;
        let warning = warnings.into_iter().find(|warning| told(warning))?;
        Some((warning["count"].as_u64()?, warning["message"].as_str()?))
    }

    /// Why it is incomplete.
    pub fn incomplete(&self) -> Vec<(&str, u64)> {
        let reasons = self.report["incomplete"].as_array().unwrap();
        assert_eq!(self.report["complete"], reasons.is_empty());
        reasons.iter().map(|r| (r["code"].as_str().unwrap(), r["count"].as_u64().unwrap())).collect()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}
