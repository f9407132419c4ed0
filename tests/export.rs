//! The lake as a tree of files: what is in it, and what must not be.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Write};
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
    expected.extend(Table::WRITTEN.map(|table| format!("dqdl/{}.dqdl", table.name())));
    let others = [
        "report.json",
        "lineage.json",
        "croissant.json",
        "contract.yaml",
        "ddl/README.md",
        "sql/README.md",
        "spark/README.md",
        "spark/hadoop_folder.py",
        "spark/lake_folder.py",
        "spark/lakehouse_job.py",
        "spark/landing_fields.py",
        "spark/landing_files.py",
        "spark/landing_records.py",
        "spark/people_names.py",
    ];
    expected.extend(others.map(str::to_owned));
    assert_eq!(tree(&folder.path().join("lake")), expected);
}

#[test]
fn a_research_export_holds_no_table_that_leads_to_people() {
    let folder = tempfile::tempdir().unwrap();
    done(&run(folder.path(), &["--export", "research"]));
    let lake = folder.path().join("lake");
    let expected = [
        "README.md",
        "SHA256SUMS",
        "contract.yaml",
        "croissant.json",
        "data/train-00000-of-00001.parquet",
        "dqdl/machine_learning_curated.dqdl",
        "report.json",
    ];
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

/// Everything of a folder, as text that can be searched.
fn bytes_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    tree(folder).into_iter().map(|path| (path.clone(), fs::read(folder.join(path)).unwrap())).collect()
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[test]
fn a_research_export_names_no_input_and_gives_no_hash_of_customers() {
    // Part of every name of a file and folder, and nowhere else.
    const NAME: &str = "Wilhelmina";
    let customer = "{\"email\":\"p@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n{\"email\":7}\n";
    let readings = "{\"user\":\"p@example.com\",\"timestamp\":5,\"x\":1,\"y\":1,\"z\":1}\n{\"user\":\"p\",\"timestamp\":\"x\"}\n";
    let steps = "{\"sensorReadingTime\":5,\"serialNumber\":\"s\",\"distanceFromObject\":2}\n{\"serialNumber\":\"s\"}\n";
    let zip = |entries: &[(&str, &str)]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            zip.start_file(format!("{NAME}/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let mixed = zip(&[("Wilhelmina.json", &format!("{customer} ")), ("r.json", &format!("{readings} "))]);
    let plain = zip(&[("Wilhelmina.json", steps)]);
    let mut cut = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    cut.write_all(&readings.repeat(9).into_bytes()).unwrap();
    let cut = cut.finish().unwrap();
    let files: [(&str, &[u8]); 9] = [
        ("Wilhelmina-customer.json", customer.as_bytes()),
        ("Wilhelmina-again.json", customer.as_bytes()),
        ("Wilhelmina-readings.json", readings.as_bytes()),
        ("copy-of-Wilhelmina-readings.json", readings.as_bytes()),
        ("Wilhelmina.csv", b"email\np@example.com\n"),
        (".Wilhelmina", b"hidden"),
        ("Wilhelmina-mixed.zip", &mixed),
        ("Wilhelmina-plain.zip", &plain),
        ("Wilhelmina.gz", &cut[..cut.len() - 9]),
    ];
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let sample = at("sample").join(NAME);
    fs::create_dir_all(&sample).unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(sample.join(name), bytes).unwrap());
    #[cfg(unix)]
    std::os::unix::fs::symlink("Wilhelmina-is-gone", sample.join("Wilhelmina-link")).unwrap();

    // The whole lake names them all, or the search would find nothing anyway.
    done(&run(folder.path(), &[]));
    assert!(bytes_below(&at("lake")).iter().any(|(_, bytes)| holds(bytes, NAME)));
    fs::rename(at("lake"), at("whole")).unwrap();

    let second = at("second.json");
    let more = ["--export", "research", "--report", second.to_str().unwrap()];
    done(&run(folder.path(), &more));
    let sha256 = |bytes: &[u8]| {
        let mut hasher = stedi_lakehouse::audit::Hasher::default();
        hasher.push(bytes);
        hasher.finish()
    };
    // What holds customers, and what may: hashes of readings alone are there.
    let secret = [customer.as_bytes(), &mixed, files[4].1, files[5].1];
    let needles: Vec<String> = secret.iter().map(|bytes| sha256(bytes)).chain([NAME.to_owned()]).collect();
    let mut written = bytes_below(&at("lake"));
    assert_eq!(written.len(), 7);
    written.push(("second.json".to_owned(), fs::read(&second).unwrap()));
    for (path, bytes) in &written {
        needles.iter().for_each(|needle| assert!(!holds(bytes, needle), "{path} holds {needle}"));
    }
    let text = fs::read_to_string(&second).unwrap();
    [readings.as_bytes(), &plain, files[8].1].iter().for_each(|bytes| assert!(text.contains(&sha256(bytes))));

    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| report[name].as_array().unwrap();
    let names: BTreeSet<&str> = list("inputs").iter().map(|input| input["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), if cfg!(unix) { 11 } else { 10 });
    assert!(list("inputs").iter().all(|input| input["bytes"].is_u64()));
    let referred = list("rejects").iter().map(|reject| &reject["file"]);
    let referred = referred.chain(list("inputs").iter().filter_map(|input| input.get("of")));
    assert!(referred.clone().count() > 7);
    assert!(referred.into_iter().all(|name| names.contains(name.as_str().unwrap())), "{text}");

    // The strict run that writes no table tells as little.
    let refused = run(folder.path(), &[&more[..], &["--strict"]].concat());
    assert_eq!(refused.status.code(), Some(1));
    let strict = fs::read(&second).unwrap();
    needles.iter().for_each(|needle| assert!(!holds(&strict, needle), "{needle}"));

    let whole = at("whole/report.json");
    let output = call(&["diff", at("lake/report.json").to_str().unwrap(), whole.to_str().unwrap(), "--json"]);
    let difference: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(difference["inputs"]["same"], names.len());
    assert_eq!(difference["inputs"]["compared_by"], "content");
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
