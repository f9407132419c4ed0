//! The core against the rules of sql/ on DataFusion: every table, row for row
//! after sorting, on generated exports under every option, and on the real data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[allow(dead_code, reason = "the module is shared")]
#[path = "../oracle/export.rs"]
mod export;
mod rules;
#[allow(dead_code, reason = "the module is shared")]
#[path = "../oracle/run.rs"]
mod run;

use std::path::PathBuf;
use std::{env, fs};

use export::{Export, choices, export, options};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestError, TestRunner};
use rules::Rules;
use run::Shared;
use serde::Deserialize;
use stedi_lakehouse::options::Options;
use stedi_lakehouse::schema::Table;

/// The first table that differs.
fn difference(rules: &Rules, lines: &[Vec<String>; 3], options: &Options) -> Option<Table> {
    let lake = run::lake(lines, options, &Shared::NOT);
    let by_rules = rules.lake(lines, options);
    lake.outputs.into_iter().map(|(table, bytes)| (table, run::rows(&bytes))).find_map(|(table, mut rows)| {
        rows.sort();
        (rows != by_rules[&table]).then_some(table)
    })
}

fn cases() -> u32 {
    env::var("STEDI_CASES").map_or(1000, |cases| cases.parse().unwrap())
}

#[test]
fn the_core_is_the_rules() {
    let rules = Rules::read();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) };
    let result = TestRunner::new(config).run(&(export(), options()), |(export, options)| {
        prop_assert_eq!(difference(&rules, &export.lines(), &options), None);
        Ok(())
    });
    if let Err(TestError::Fail(reason, (export, options))) = result {
        panic!("{reason}\n{options:#?}\n{:#?}", export.lines());
    }
    result.unwrap();
}

/// A rule with a mistake in it.
#[derive(Deserialize)]
struct Mutation {
    name: String,
    table: Table,
    from: String,
    to: String,
}

#[test]
fn a_wrong_rule_is_caught() {
    let text = include_str!("mutations.json");
    let mutations: Vec<Mutation> = serde_json::from_str(text).unwrap();
    let mut uncaught: Vec<(String, Rules)> = mutations
        .into_iter()
        .map(|mutation| (mutation.name, Rules::read().with(mutation.table, &mutation.from, &mutation.to)))
        .collect();
    let mut runner = TestRunner::deterministic();
    // Equal customers are rare.
    for _ in 0..10_000 {
        let (export, options): (Export, Options) =
            (export(), options()).new_tree(&mut runner).unwrap().current();
        uncaught.retain(|(_, rules)| difference(rules, &export.lines(), &options).is_none());
        if uncaught.is_empty() {
            return;
        }
    }
    panic!(
        "no case shows that these are wrong: {:?}",
        uncaught.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
}

#[test]
fn the_real_data_too() {
    let Some(folder) = env::var_os("STEDI_DATA").map(PathBuf::from).filter(|folder| folder.is_dir()) else {
        eprintln!("SKIPPED: no real data");
        return;
    };
    let lines = ["customer", "accelerometer", "step_trainer"].map(|kind| {
        let mut lines = Vec::new();
        for file in fs::read_dir(folder.join(kind).join("landing")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            lines.extend(text.lines().map(|line| format!("{line}\n")));
        }
        lines
    });
    let rules = Rules::read();
    // All of them would take long.
    for options in choices().into_iter().step_by(7) {
        assert_eq!(difference(&rules, &lines, &options), None, "{options:?}");
    }
}
