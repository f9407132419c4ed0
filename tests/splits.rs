//! The research export as training and test data: who is in which, what the files hold, and what is refused.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "the modules are shared")]

#[path = "oracle/export.rs"]
mod export;
#[path = "oracle/run.rs"]
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use bytes::Bytes;
use export::{Customer, Export, Fault, Reading, Step, export, options};
use proptest::prelude::*;
use run::{KEY, Shared};
use serde_json::Value;
use stedi_lakehouse::audit::{Event, Hasher, ReportFile};
use stedi_lakehouse::lake::{SplitTable, TableFile, TableSplitter};
use stedi_lakehouse::options::{Identity, Join, Key, KeyOrigin, Options};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::{Split, TestShare};

const TABLE: Table = Table::MachineLearningCurated;
const FILES: [&str; 2] = ["data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"];

type Rows = Vec<Vec<String>>;

/// The table of a run, and what it is split into.
fn split(export: &Export, options: &Options, shared: &Shared, share: f64) -> (Rows, SplitTable) {
    let lake = run::lake(&export.lines(), options, shared);
    let (_, bytes) = lake.outputs.iter().find(|(table, _)| *table == TABLE).unwrap();
    let key = Key::new(KEY.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
    let bytes = Bytes::copy_from_slice(bytes);
    let file = TableFile::open(TABLE, &bytes).unwrap();
    let mut splitter = TableSplitter::new(TestShare::new(share).unwrap(), &key, options.compression, &file);
    for group in 0..file.row_groups() {
        file.read(bytes.clone(), group, |batch| splitter.rows(batch)).unwrap();
    }
    (run::rows(&bytes), splitter.finish().unwrap())
}

fn of_one(options: Options) -> Options {
    Options { join: Join::Owner, identity: Identity::Pseudonym, ..options }
}

fn subjects(rows: &Rows) -> BTreeSet<String> {
    rows.iter().map(|row| row[0].clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn splits_are_the_table_and_share_nobody(export in export(), options in options(), share in 0.05..0.95f64) {
        let (rows, split) = split(&export, &of_one(options), &Shared::NOT, share);
        let [train, test] = split.files.clone().map(|bytes| run::rows(&bytes));
        prop_assert!(subjects(&train).is_disjoint(&subjects(&test)));
        let counted = [&train, &test].map(|rows| (rows.len() as u64, subjects(rows).len() as u64));
        prop_assert_eq!(split.splits.counts, counted);
        let is_test = subjects(&test);
        let (of_test, of_train): (Rows, Rows) = rows.into_iter().partition(|row| is_test.contains(&row[0]));
        prop_assert_eq!(train, of_train, "in the order of the table");
        prop_assert_eq!(test, of_test);
    }

    #[test]
    fn adding_people_moves_nobody(one in export(), other in export(), options in options(), share in 0.05..0.95f64) {
        let options = of_one(options);
        let both = Export {
            customers: [one.customers.clone(), other.customers].concat(),
            readings: [one.readings.clone(), other.readings].concat(),
            steps: [one.steps.clone(), other.steps].concat(),
        };
        let place = |export: &Export| -> BTreeMap<String, usize> {
            let (_, split) = split(export, &options, &Shared::NOT, share);
            let files = split.files.iter().enumerate();
            files.flat_map(|(at, bytes)| subjects(&run::rows(bytes)).into_iter().map(move |name| (name, at))).collect()
        };
        let (before, after) = (place(&one), place(&both));
        for (subject, at) in before {
            // Records that were added may have taken consent back.
            prop_assert!(after.get(&subject).is_none_or(|now| *now == at), "{subject} was moved");
        }
    }

    #[test]
    fn their_bytes_do_not_depend_on_how_the_work_was_shared(export in export(), options in options()) {
        let options = of_one(options);
        let shared = Shared { chunk: 7, files: 3, instances: 2, turn: 1, job_rows: 3, spill: true, mixed: true };
        let one = split(&export, &options, &Shared::NOT, 0.5).1;
        let other = split(&export, &options, &shared, 0.5).1;
        prop_assert!(one.files == other.files);
    }
}

/// An export of so many people, each with two pairs.
fn people(many: usize) -> [String; 3] {
    let number = 0..many;
    let customer = |at| {
        format!("{{\"email\":\"p{at}@x.org\",\"serialNumber\":\"s{at}\",\"shareWithResearchAsOfDate\":1}}\n")
    };
    let reading = |at: usize| {
        format!("{{\"user\":\"p{at}@x.org\",\"timestamp\":{},\"x\":1,\"y\":1,\"z\":1}}\n", at % 7)
    };
    let step = |at: usize| {
        let step = format!(
            "{{\"sensorReadingTime\":{},\"serialNumber\":\"s{at}\",\"distanceFromObject\":1}}\n",
            at % 7
        );
        step.repeat(2)
    };
    [
        number.clone().map(customer).collect(),
        number.clone().map(reading).collect(),
        number.map(step).collect(),
    ]
}

/// A folder with an export of so many people, and a key.
fn place(many: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("key"), "one key").unwrap();
    for (text, name) in people(many).iter().zip(["c", "a", "s"]) {
        fs::write(folder.path().join(format!("in/{name}.json")), text).unwrap();
    }
    folder
}

fn program(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.current_dir(folder).args(words).output().unwrap()
}

fn said(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said + &String::from_utf8_lossy(&output.stdout)
}

fn research(folder: &Path, out: &str, more: &[&str]) -> String {
    let words =
        [&["run", "in", "--out", out, "--export", "research", "--key-file", "key"][..], more].concat();
    said(&program(folder, &words), 0)
}

fn report(lake: &Path) -> Value {
    serde_json::from_slice(&fs::read(lake.join("report.json")).unwrap()).unwrap()
}

#[test]
fn the_export_and_all_that_describes_it_have_both_splits() {
    let place = place(40);
    let told = research(place.path(), "r", &["--test-share", "0.3"]);
    let lake = place.path().join("r");
    let rows = FILES.map(|file| run::rows(&fs::read(lake.join(file)).unwrap()));
    let report = report(&lake);
    for ((split, rows), file) in Split::ALL.into_iter().zip(&rows).zip(FILES) {
        assert!(!rows.is_empty(), "of forty people some are in {}", split.name());
        let count = format!("{:>12} rows{:>12} subjects\n", rows.len(), subjects(rows).len());
        assert!(told.contains(&count), "{told}");
        let counts = &report["splits"][split.name()];
        assert_eq!(
            (&counts["rows"], &counts["subjects"]),
            (&rows.len().into(), &subjects(rows).len().into())
        );
        let output = &report["outputs"][split as usize];
        assert_eq!((&output["split"], &output["file"]), (&split.name().into(), &file.into()));
        assert_eq!(output["rows"], rows.len());
    }
    assert_eq!(report["splits"]["test_share"], 0.3);
    assert_eq!(report["tables"][TABLE.name()]["rows_out"], rows.concat().len());

    let sums = fs::read_to_string(lake.join("SHA256SUMS")).unwrap();
    let named: Vec<&str> = sums.lines().map(|line| line.split_once("  ").unwrap().1).collect();
    let rules = "dqdl/machine_learning_curated.dqdl";
    assert_eq!(named, ["croissant.json", "README.md", "contract.yaml", rules, FILES[0], FILES[1]]);
    for line in sums.lines() {
        let (sum, path) = line.split_once("  ").unwrap();
        let mut hasher = Hasher::default();
        hasher.push(&fs::read(lake.join(path)).unwrap());
        assert_eq!(hasher.finish(), sum, "{path}");
    }
    let card = fs::read_to_string(lake.join("README.md")).unwrap();
    assert!(card.contains("below 0.3 × 2^64") && card.contains("  - split: test\n"), "{card}");
    assert!(said(&program(place.path(), &["verify", "r"]), 0).contains("; 1 tables with 80 rows"));
    // A person is found in whichever split has them.
    for at in [0, 1, 2] {
        let email = format!("p{at}@x.org");
        let words = ["verify", "r", "--person", &email, "--key-file", "key", "--json"];
        let found: Value = serde_json::from_slice(&program(place.path(), &words).stdout).unwrap();
        assert_eq!(found["rows"][TABLE.name()], 2, "{found}");
    }
}

#[test]
fn a_person_who_is_in_both_splits_is_named() {
    let place = place(30);
    research(place.path(), "r", &["--test-share", "0.5"]);
    let lake = place.path().join("r");
    let train = fs::read(lake.join(FILES[0])).unwrap();
    fs::write(lake.join(FILES[1]), &train).unwrap();
    let mut report = report(&lake);
    let of_train = report["outputs"][0].clone();
    for name in ["rows", "bytes", "sha256"] {
        report["outputs"][1][name] = of_train[name].clone();
    }
    report["splits"]["test"] = report["splits"]["train"].clone();
    fs::write(lake.join("report.json"), report.to_string()).unwrap();
    let said = said(&program(place.path(), &["verify", "r"]), 1);
    let people = &report["splits"]["train"]["subjects"];
    let expected = format!("split: machine_learning_curated: {people} subjects are in both of its splits");
    assert!(said.contains(&expected), "{said}");
}

/// As the page makes it: from the export that is not split.
#[test]
fn an_export_can_be_split_when_it_is_made() {
    let place = place(20);
    research(place.path(), "whole", &[]);
    research(place.path(), "split", &["--test-share", "0.4"]);
    let read = |path: &str| fs::read(place.path().join(path)).unwrap();
    let bytes = Bytes::from(read(&format!("whole/{}", FILES[0])));
    let key = Key::new(b"one key".to_vec(), KeyOrigin::Given).unwrap();
    let file = TableFile::open(TABLE, &bytes).unwrap();
    let share = TestShare::new(0.4).unwrap();
    let mut splitter = TableSplitter::new(share, &key, Options::default().compression, &file);
    for group in 0..file.row_groups() {
        file.read(bytes.clone(), group, |batch| splitter.rows(batch)).unwrap();
    }
    let split = splitter.finish().unwrap();
    assert!(split.files.iter().zip(FILES).all(|(bytes, file)| *bytes == read(&format!("split/{file}"))));
    let whole = String::from_utf8(read("whole/report.json")).unwrap();
    let lineage = ["01234567-89ab-4def-8123-456789abcdef", "2026-01-02T03:04:05Z"].map(str::to_owned);
    let [run_id, time] = lineage;
    let documents = split.documents(&ReportFile::read(&whole).unwrap(), &Event { run_id, time }).unwrap();
    let paths: Vec<&str> = documents.iter().map(|(path, _)| path.as_str()).collect();
    let described = ["croissant.json", "README.md", "contract.yaml", "dqdl/machine_learning_curated.dqdl"];
    assert_eq!(paths, [&described[..], &["SHA256SUMS", "report.json"]].concat());
    let mut reports = [documents[5].1.as_bytes(), &read("split/report.json")].map(|text| {
        let report: Value = serde_json::from_slice(text).unwrap();
        report
    });
    // The card and Croissant name their day and run.
    reports.iter_mut().for_each(|report| report["files"] = Value::Null);
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn without_a_share_all_of_it_is_to_learn_from() {
    let place = place(5);
    said(&program(place.path(), &["run", "in", "--out", "lake", "--key-file", "key"]), 0);
    research(place.path(), "r", &[]);
    let read = |path: &str| fs::read(place.path().join(path)).unwrap();
    let of_lake = read("lake/step_trainer/curated/part-00000.snappy.parquet");
    assert!(read(&format!("r/{}", FILES[0])) == of_lake, "the lake's table");
    assert!(!place.path().join("r").join(FILES[1]).exists());
    let report = report(&place.path().join("r"));
    assert_eq!(report["splits"]["test_share"], 0);
    assert_eq!(report["splits"]["train"]["subjects"], 5);
    assert_eq!(report["splits"].get("test"), None);
}

#[test]
fn another_share_replaces_the_files_and_what_is_not_the_exports_is_named() {
    let place = place(40);
    let lake = place.path().join("r");
    research(place.path(), "r", &["--test-share", "0.2"]);
    let few = subjects(&run::rows(&fs::read(lake.join(FILES[1])).unwrap()));
    let said_of =
        said(&program(place.path(), &["run", "in", "-o", "r", "--export=research", "--dry-run"]), 0);
    assert!(said_of.contains(&format!("would remove:\n  {}", FILES[1])), "{said_of}");
    research(place.path(), "r", &["--test-share=.7"]);
    let more = subjects(&run::rows(&fs::read(lake.join(FILES[1])).unwrap()));
    assert!(more.is_superset(&few) && more.len() > few.len(), "a larger share takes nobody back");
    research(place.path(), "r", &[]);
    assert!(!lake.join(FILES[1]).exists());
    said(&program(place.path(), &["verify", "r"]), 0);

    fs::write(lake.join("data/more.parquet"), "x").unwrap();
    let said_of = said(&program(place.path(), &["verify", "r"]), 1);
    assert!(said_of.contains("stray: data/more.parquet"), "{said_of}");
    let words = ["run", "in", "-o", "r", "--export=research"];
    assert!(said(&program(place.path(), &words), 1).contains("data/more.parquet"));
    fs::remove_file(lake.join("data/more.parquet")).unwrap();
    // An input may not be where a split goes.
    fs::write(lake.join(FILES[1]), people(1)[0].as_str()).unwrap();
    let words = ["run", "in", &format!("r/{}", FILES[1]), "-o", "r", "--export=research", "--test-share=0.5"];
    said(&program(place.path(), &words), 2);
}

#[test]
fn a_run_that_goes_on_from_a_lake_deals_everyone_as_before() {
    let place = place(20);
    let share = ["--test-share", "0.5"];
    research(place.path(), "r", &share);
    said(&program(place.path(), &["run", "in", "--out", "lake", "--key-file", "key"]), 0);
    research(place.path(), "next", &["--from", "lake", share[0], share[1]]);
    for file in FILES {
        let read = |lake: &str| fs::read(place.path().join(lake).join(file)).unwrap();
        assert!(read("r") == read("next"), "{file}");
    }
}

#[test]
fn what_does_not_go_together_is_a_usage_error_that_writes_nothing() {
    let place = place(2);
    let refused = |more: &[&str], why: &str| {
        let said = said(&program(place.path(), &[&["run", "in", "--out", "r"][..], more].concat()), 2);
        assert!(said.contains(why), "{more:?}: {said}");
        assert!(!place.path().join("r").exists());
    };
    for share in ["0", "1", "-0.2", "1.2", "NaN", "inf", "a fifth", "20%", ""] {
        let share = format!("--test-share={share}");
        let why =
            if share.ends_with('=') { "test-share" } else { "must be above 0 and below 1, such as 0.2" };
        refused(&["--export", "research", &share], why);
    }
    for more in [["--join", "time"], ["--identity", "serial"]] {
        let words = [&["--export", "research", "--test-share", "0.2"][..], &more].concat();
        refused(&words, "it needs join = owner and identity = pseudonym");
    }
    refused(&["--test-share", "0.2"], "--test-share is for a research export");
}

#[test]
fn a_table_of_nobody_has_two_empty_splits() {
    let place = place(1);
    fs::write(place.path().join("in/c.json"), "{\"email\":\"p0@x.org\",\"serialNumber\":\"s0\"}\n").unwrap();
    research(place.path(), "r", &["--test-share", "0.5"]);
    let lake = place.path().join("r");
    FILES.iter().for_each(|file| assert!(run::rows(&fs::read(lake.join(file)).unwrap()).is_empty()));
    said(&program(place.path(), &["verify", "r"]), 0);
}

#[test]
fn subjects_are_dealt_by_the_key_over_themselves() {
    let customer = Customer {
        email: "a@x.org",
        serial: "s1",
        updated: None,
        share: (export::BASE + 2).to_string(),
        name: 1,
        fault: Fault::None,
    };
    let time = export::BASE + 3;
    let export = Export {
        customers: vec![customer],
        readings: vec![Reading { user: "a@x.org", time, x: None }],
        steps: vec![Step { serial: "s1", time, distance: None }],
    };
    // By `hmac.new(KEY, b"split\0" + pseudonym, "sha256")` of Python.
    let place = |share| {
        split(&export, &Options::default(), &Shared::NOT, share).1.splits.counts.map(|counts| counts.1)
    };
    assert_eq!((place(HASH - 1e-6), place(HASH + 1e-6)), ([1, 0], [0, 1]));
}

/// That of `a@x.org`'s pseudonym, as a part of 2^64.
const HASH: f64 = 0.673134499;
