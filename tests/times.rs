//! The times of machine_learning_curated as they are released: what stays of those of measurement, what does not,
//! and what is refused. The oracles of `tests/oracle.rs`, `tests/going_on.rs` and `tests/erase.rs` have every value too.

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

use export::{Export, Reading, Step, export, options};
use proptest::prelude::*;
use run::Shared;
use serde_json::Value;
use stedi_lakehouse::options::{Identity, Join, Key, KeyOrigin, Options, Times};
use stedi_lakehouse::pipeline::CustomerStage;
use stedi_lakehouse::schema::Table;

const WEEK: i64 = 604_800_000;

/// The times of each subject, in the order of the table, by pseudonym.
type BySubject = BTreeMap<String, Vec<i64>>;

/// machine_learning_curated under these options, with another choice of times.
fn released(export: &Export, options: &Options, times: Times) -> (run::Lake, BySubject) {
    let (join, identity) = (Join::Owner, Identity::Pseudonym);
    let options = Options { join, identity, times, ..options.clone() };
    let lake = run::lake(&export.lines(), &options, &Shared::NOT);
    let mut by_subject = BySubject::new();
    for row in rows(&lake) {
        by_subject.entry(row[0].clone()).or_default().push(row[1].parse().unwrap());
    }
    (lake, by_subject)
}

fn rows(lake: &run::Lake) -> Vec<Vec<String>> {
    let (_, bytes) = lake.outputs.iter().find(|(table, _)| *table == Table::MachineLearningCurated).unwrap();
    run::rows(bytes)
}

fn intervals(times: &[i64]) -> Vec<i64> {
    times.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect()
}

/// Readings at times so far apart that they lie in different weeks, none of them equal to another modulo a week.
fn spread_out(mut export: Export) -> Export {
    let apart = |time: i64| {
        let at = time - export::BASE;
        time + at * (3 * WEEK + 1_234_567)
    };
    export.readings.iter_mut().for_each(|reading| reading.time = apart(reading.time));
    export.steps.iter_mut().for_each(|step| step.time = apart(step.time));
    export
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn intervals_stay_and_times_do_not(export in export(), options in options()) {
        let export = spread_out(export);
        let (exact_lake, exact) = released(&export, &options, Times::Exact);
        let (shifted_lake, shifted) = released(&export, &options, Times::Shifted);
        let (relative_lake, relative) = released(&export, &options, Times::Relative);
        for (subject, times) in &exact {
            prop_assert_eq!(&intervals(times), &intervals(&shifted[subject]), "shifted");
            prop_assert_eq!(&intervals(times), &intervals(&relative[subject]), "relative");
            prop_assert_eq!(relative[subject][0], 0);
            let back = times[0] - shifted[subject][0];
            prop_assert!(back % WEEK == 0 && (1..=520).contains(&(back / WEEK)), "{}", back);
        }
        prop_assert_eq!(exact.len(), shifted.len());

        let measured: BTreeSet<i64> =
            export.readings.iter().map(|r| r.time).chain(export.steps.iter().map(|s| s.time)).collect();
        prop_assert!(shifted.values().flatten().all(|time| !measured.contains(time)));

        // All but the times is as it was, row for row: they move together.
        let others = |lake: &run::Lake| -> Vec<Vec<String>> {
            rows(lake).into_iter().map(|row| [&row[..1], &row[2..]].concat()).collect()
        };
        prop_assert_eq!(others(&exact_lake), others(&shifted_lake));
        prop_assert_eq!(others(&exact_lake), others(&relative_lake));
        for lake in [&shifted_lake, &relative_lake] {
            for at in 0..4 {
                prop_assert!(lake.report.tables.values().zip(exact_lake.report.tables.values()).all(|(a, b)| a == b));
                let rows = |lake: &run::Lake| run::rows(&lake.outputs[at].1);
                prop_assert_eq!(rows(lake), rows(&exact_lake), "{}", lake.outputs[at].0.name());
            }
        }
    }

    #[test]
    fn people_are_counted_by_the_times_that_are_released(export in export(), options in options(), shared: bool) {
        let shared = Shared { job_rows: if shared { 3 } else { u64::MAX }, ..Shared::NOT };
        for times in [Times::Exact, Times::Shifted, Times::Relative] {
            let options =
                Options { join: Join::Owner, identity: Identity::Pseudonym, times, ..options.clone() };
            let lake = run::lake(&export.lines(), &options, &shared);
            let mut subjects: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for row in rows(&lake) {
                subjects.entry(row[1].clone()).or_default().insert(row[0].clone());
            }
            let alone = subjects.values().filter(|subjects| subjects.len() == 1).count() as u64;
            prop_assert_eq!(lake.report.privacy.timestamps, subjects.len() as u64);
            prop_assert_eq!(lake.report.privacy.timestamps_of_one_subject, alone);
        }
    }
}

/// An export of one person, whose readings are at these times.
fn at(times: &[i64]) -> Export {
    let customer = export::Customer {
        email: "a@x.org",
        serial: "s1",
        updated: None,
        share: "1".to_owned(),
        name: 1,
        fault: export::Fault::None,
    };
    let reading = |&time: &i64| Reading { user: "a@x.org", time, x: Some(1) };
    let step = |&time: &i64| Step { serial: "s1", time, distance: Some(1) };
    Export {
        customers: vec![customer],
        readings: times.iter().map(reading).collect(),
        steps: times.iter().map(step).collect(),
    }
}

#[test]
fn times_at_the_ends_of_their_range_are_released_too() {
    let export = at(&[i64::MIN, -1, 0, i64::MAX]);
    let back = run::time_offset("a@x.org");
    let times = |times| {
        let (lake, by_subject) = released(&export, &Options::default(), times);
        assert_eq!(lake.report.tables[&Table::MachineLearningCurated].rows_out, 4);
        by_subject.into_values().next().unwrap()
    };
    assert_eq!(times(Times::Exact), [i64::MIN, -1, 0, i64::MAX]);
    let sorted = |mut times: Vec<i64>| {
        times.sort_unstable();
        times
    };
    let moved = [i64::MIN, -1, 0, i64::MAX].map(|time| time.wrapping_sub(back));
    assert_eq!(times(Times::Shifted), sorted(moved.to_vec()));
    let since = [i64::MIN, -1, 0, i64::MAX].map(|time| time.wrapping_sub(i64::MIN));
    assert_eq!(times(Times::Relative), sorted(since.to_vec()));
}

#[test]
fn what_does_not_go_together_is_refused_by_the_core() {
    for times in [Times::Exact, Times::Shifted, Times::Relative] {
        for join in [Join::Owner, Join::Time] {
            for identity in [Identity::Pseudonym, Identity::Serial] {
                let options = Options { times, join, identity, ..Options::default() };
                let key = Key::new(b"k".to_vec(), KeyOrigin::Given).unwrap();
                let goes = times == Times::Exact || (join == Join::Owner && identity == Identity::Pseudonym);
                let started = CustomerStage::new(options, key);
                assert_eq!(started.err().map(|error| error.code()), (!goes).then_some("times_of_one"));
            }
        }
    }
}

fn program(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.current_dir(folder).args(words).output().unwrap()
}

fn said(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// A folder with an export, and a key.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("key"), "one key").unwrap();
    for (lines, name) in at(&[1_700_000_000_000, 1_700_000_000_500]).lines().iter().zip(["c", "a", "s"]) {
        fs::write(folder.path().join(format!("in/{name}.json")), lines.concat()).unwrap();
    }
    folder
}

#[test]
fn what_does_not_go_together_is_a_usage_error_that_writes_nothing() {
    let place = place();
    for times in ["shifted", "relative"] {
        for more in [["--join", "time"], ["--identity", "serial"]] {
            let words = [&["run", "in", "--out", "lake", "--times", times][..], &more].concat();
            let said = said(&program(place.path(), &words), 2);
            assert!(said.contains("it needs join = owner and identity = pseudonym"), "{said}");
            assert!(!place.path().join("lake").exists());
        }
    }
    // A lake of exact times is erased from and gone on from under its own options.
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    let words = ["run", "in", "--out", "lake", "--join", "time"];
    let output =
        command.current_dir(place.path()).args(words).env("STEDI_TIMES", "shifted").output().unwrap();
    assert!(said(&output, 2).contains("times = shifted"));
}

fn document(folder: &Path, path: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(path)).unwrap()).unwrap()
}

#[test]
fn two_releases_under_one_key_are_warned_of_wherever_a_report_shows_it() {
    let place = place();
    let run = |out: &str, more: &[&str]| {
        let words = [&["run", "in", "--out", out, "--key-file", "key"][..], more].concat();
        said(&program(place.path(), &words), 0)
    };
    let warns = |out: &str, more: &[&str]| run(out, more).contains("warning: times_undone");
    assert!(!warns("exact", &[]), "no lake is there");
    assert!(!warns("lake", &[]) && !warns("lake", &[]), "the same times");
    assert!(warns("lake", &["--times", "shifted"]), "into a lake of exact times");
    assert!(!warns("lake", &["--times", "shifted"]));
    assert!(warns("lake", &["--times", "relative"]));
    assert!(warns("lake", &[]), "and back");
    assert!(!warns("lake", &["--identity", "serial"]), "no pseudonyms");
    assert!(!warns("shifted", &["--times", "shifted"]));
    assert!(warns("third", &["--times", "shifted", "--from", "exact"]), "from a lake of exact times");
    assert!(!warns("third", &["--times", "shifted", "--from", "shifted"]));
    fs::write(place.path().join("other"), "another key").unwrap();
    let other = ["run", "in", "--out", "third", "--key-file", "other"];
    assert!(!said(&program(place.path(), &other), 0).contains("times_undone"), "another key");

    let diff = |old: &str, new: &str| {
        let output = program(place.path(), &["diff", old, new, "--json"]);
        let difference: Value = serde_json::from_slice(&output.stdout).unwrap();
        let notes = difference["notes"].as_array().unwrap();
        notes.iter().any(|note| note["code"] == "times_undone")
    };
    assert!(diff("exact", "shifted") && diff("shifted", "exact"));
    assert!(!diff("exact", "exact") && !diff("third", "shifted"), "another key, or the same times");
}

#[test]
fn the_choice_stands_in_what_tells_of_the_run_and_the_lake_holds_against_it() {
    let place = place();
    for times in ["exact", "shifted", "relative"] {
        let words = ["run", "in", "--out", "lake", "--key-file", "key", "--times", times];
        said(&program(place.path(), &words), 0);
        let lake = place.path().join("lake");
        let report = document(&lake, "report.json");
        assert_eq!(report["options"]["times"], times);
        let gait = report["privacy"]["meaning"].as_str().unwrap().contains("not by gait");
        assert_eq!(gait, times != "exact");
        let table = fs::read(lake.join("step_trainer/curated/part-00000.snappy.parquet")).unwrap();
        let told = format!("\"times\":\"{times}\"");
        assert!(table.windows(told.len()).any(|bytes| bytes == told.as_bytes()), "the Parquet metadata");
        // Neither a page, a statistic nor an index has a time of measurement.
        let measured = 1_700_000_000_500_i64.to_le_bytes();
        assert_eq!(table.windows(8).any(|bytes| bytes == measured), times == "exact");
        let lineage = document(&lake, "lineage.json");
        let mut tags = lineage["run"]["facets"]["tags"]["tags"].as_array().unwrap().iter();
        assert!(tags.any(|tag| tag["key"] == "times" && tag["value"] == times));
        said(&program(place.path(), &["verify", "lake"]), 0);
    }
}

#[test]
fn erasing_and_going_on_keep_the_times_of_a_lake() {
    let place = place();
    let at = |lake: &str| place.path().join(lake).join("step_trainer/curated/part-00000.snappy.parquet");
    let key = ["--key-file", "key"];
    fs::write(place.path().join("list"), "nobody@x.org\n").unwrap();
    for times in ["shifted", "relative"] {
        let words = [&["run", "in", "--out", "lake", "--times", times][..], &key].concat();
        said(&program(place.path(), &words), 0);
        let before = fs::read(at("lake")).unwrap();
        // Its table is made of the trusted ones again.
        let words = [&["run", "in", "--from", "lake", "--out", "next", "--times", times][..], &key].concat();
        said(&program(place.path(), &words), 0);
        assert!(fs::read(at("next")).unwrap() == before);
        let words = [&["erase", "lake", "--withdrawals", "list"][..], &key].concat();
        said(&program(place.path(), &words), 0);
        assert_eq!(document(&place.path().join("lake"), "report.json")["options"]["times"], times);
        assert_eq!(run::rows(&fs::read(at("lake")).unwrap()), run::rows(&before));
        said(&program(place.path(), &["verify", "lake"]), 0);
        fs::remove_dir_all(place.path().join("lake")).unwrap();
        fs::remove_dir_all(place.path().join("next")).unwrap();
    }
}
