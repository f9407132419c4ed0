//! The lake as a tree of files: what is in it, and what must not be.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use stedi_lakehouse::schema::Table;

fn call(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse")).args(arguments).output().unwrap()
}

/// Runs on a small sample into `lake` of the folder.
fn run(folder: &Path, more: &[&str]) -> Output {
    let (sample, lake) = (folder.join("sample"), folder.join("lake"));
    let sample = sample.to_str().unwrap();
    if !Path::new(sample).exists() {
        assert!(call(&["sample", "--scale", "0.01", "--out", sample]).status.success());
    }
    call(&[&["run", sample, "--out", lake.to_str().unwrap()], more].concat())
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file below a folder, by its path.
fn tree(folder: &Path) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                paths.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    paths
}

const TABLES: [&str; 5] = [
    "customer/trusted",
    "accelerometer/trusted",
    "customer/curated",
    "step_trainer/trusted",
    "step_trainer/curated",
];

#[test]
fn the_lake_holds_tables_and_what_defines_and_tells_of_them() {
    let folder = tempfile::tempdir().unwrap();
    done(&run(folder.path(), &[]));
    let mut expected: BTreeSet<String> =
        TABLES.iter().map(|table| format!("{table}/part-00000.snappy.parquet")).collect();
    expected.extend(Table::ALL.map(|table| format!("ddl/{}.sql", table.name())));
    expected.extend(Table::WRITTEN.map(|table| format!("sql/{}.sql", table.name())));
    let others = [
        "report.json",
        "lineage.json",
        "croissant.json",
        "ddl/README.md",
        "sql/README.md",
        "spark/README.md",
        "spark/stedi_lakehouse.py",
    ];
    expected.extend(others.map(str::to_owned));
    assert_eq!(tree(&folder.path().join("lake")), expected);
}

#[test]
fn a_research_export_holds_no_table_that_leads_to_people() {
    let folder = tempfile::tempdir().unwrap();
    done(&run(folder.path(), &["--export", "research"]));
    let lake = folder.path().join("lake");
    let expected = ["croissant.json", "report.json", "step_trainer/curated/part-00000.snappy.parquet"];
    assert!(tree(&lake).iter().eq(expected));
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(lake.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["outputs"].as_array().unwrap().len(), 1, "only what is there is listed");

    done(&run(folder.path(), &[]));
    let refused = run(folder.path(), &["--export", "research"]);
    assert_eq!(refused.status.code(), Some(2), "a whole lake is there");
    let refused = run(folder.path(), &["--export", "research", "--with-landing"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn landing_files_come_along_only_when_asked_for_and_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    done(&run(folder.path(), &["--with-landing"]));
    let (sample, lake) = (folder.path().join("sample"), folder.path().join("lake"));
    let copied: Vec<String> = tree(&lake).into_iter().filter(|path| path.contains("/landing/")).collect();
    assert_eq!(copied.len(), tree(&sample).len());
    let contents = |root: &Path, paths: &mut dyn Iterator<Item = String>| -> BTreeSet<Vec<u8>> {
        paths.map(|path| fs::read(root.join(path)).unwrap()).collect()
    };
    assert_eq!(contents(&lake, &mut copied.into_iter()), contents(&sample, &mut tree(&sample).into_iter()));
}

#[test]
fn another_compression_replaces_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let (key, lake) = (folder.path().join("key"), folder.path().join("lake"));
    fs::write(&key, "key").unwrap();
    for (compression, extension) in [("snappy", "snappy"), ("zstd", "zstd"), ("gzip", "gz")] {
        done(&run(folder.path(), &["--compression", compression, "--key-file", key.to_str().unwrap()]));
        for table in TABLES {
            let files: Vec<String> = tree(&lake.join(table)).into_iter().collect();
            assert_eq!(files, [format!("part-00000.{extension}.parquet")], "{table}");
        }
        let ddl = fs::read_to_string(lake.join("ddl/customer_trusted.sql")).unwrap();
        assert!(ddl.contains(&format!("'parquet.compression' = '{}'", compression.to_uppercase())));
    }
}
