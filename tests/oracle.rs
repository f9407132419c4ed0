//! The rules against a naive oracle: nested loops over small exports in which
//! everything collides, under every option.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "oracle/export.rs"]
mod export;
#[allow(dead_code, reason = "the module is shared")]
#[path = "oracle/naive.rs"]
mod naive;
#[allow(dead_code, reason = "the module is shared")]
#[path = "oracle/run.rs"]
mod run;

use export::{BASE, Customer, EMAILS, Fault, Reading, Step, export, options};
use proptest::prelude::*;
use run::{KEY, Shared};
use stedi_lakehouse::options::{ConsentRecords, ConsentTime, Duplicates, Identity, Join, Options};
use stedi_lakehouse::schema::Table;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn every_table_and_its_ledger_are_the_oracles(
        export in export(),
        options in options(),
        job_rows in prop_oneof![Just(3), Just(u64::MAX)],
    ) {
        let expected = naive::lake(&export, &options);
        let lake = run::lake(&export.lines(), &options, &Shared { job_rows, ..Shared::NOT });
        for (table, bytes) in &lake.outputs {
            prop_assert_eq!(run::rows(bytes), expected.rows[table].clone(), "{}", table.name());
        }
        for (table, ledger) in &expected.ledger {
            let report = &lake.report.tables[table];
            prop_assert!(report.balances());
            prop_assert_eq!(report.rows_in, ledger.rows_in, "{}", table.name());
            prop_assert_eq!(report.filtered.by_name(), ledger.filtered.clone(), "{}", table.name());
            let mut sorted = expected.rows[table].clone();
            sorted.sort();
            let repeated = sorted.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            prop_assert_eq!(report.duplicates, Some(repeated), "{}", table.name());
            if let Some(quality) = lake.report.quality.tables.get(table) {
                prop_assert_eq!(quality.rows, expected.rows[table].len() as u64, "{}", table.name());
            }
        }
        let curated = &lake.report.tables[&Table::MachineLearningCurated];
        prop_assert_eq!(curated.mixed_pairs, Some(expected.mixed));
        prop_assert_eq!((curated.pairs, curated.pairs_left_out), (Some(expected.pairs), Some(expected.left_out)));
        let warned = |code: &str| lake.report.warnings.iter().find(|w| w.code == code).map_or(0, |w| w.count);
        prop_assert_eq!(warned("withdrawals_unmet"), expected.unmet);
        prop_assert_eq!(warned("shared_serials"), expected.shared);
        let early = |c: &Customer| options.consent != ConsentTime::Ever && c.is_early();
        let unreadable = |c: &&Customer| c.fault == Fault::None && (c.share == "\"soon\"" || early(c));
        prop_assert_eq!(warned("consent_unreadable"), export.customers.iter().filter(unreadable).count() as u64);
        prop_assert_eq!(warned("consent_superseded"), expected.superseded);
        let copied = [Table::CustomerTrusted, Table::AccelerometerTrusted, Table::StepTrainerTrusted];
        let copies: u64 = copied.iter().filter_map(|table| lake.report.tables[table].duplicates).sum();
        prop_assert_eq!(warned("duplicate_rows"), copies);
        prop_assert!(options.duplicates == Duplicates::Keep || copies == 0);
        let counted = lake.report.people;
        prop_assert_eq!((counted.admitted, counted.left_out), expected.people);
        prop_assert_eq!(lake.report.rejects_total, expected.rejected);
        prop_assert_eq!(warned("rejected_customers"), expected.rejected - expected.nameless);
        prop_assert_eq!(warned("undated_refusals"), expected.undated.0);
        let people = |code: &str, count: u64| {
            let told = format!("Of these people {count} are in the trusted tables.");
            lake.report.warnings.iter().filter(|w| w.code == code).all(|w| w.message.contains(&told))
        };
        prop_assert!(people("rejected_customers", expected.barred_people));
        prop_assert!(people("undated_refusals", expected.undated.1));
        // A file in which no record shows its keys may be of another table.
        let cut = |c: &Customer| matches!(c.fault, Fault::Cut | Fault::CutEarly);
        let all_cut = !export.customers.is_empty() && export.customers.iter().all(cut);
        prop_assert_eq!(lake.report.complete, expected.nameless == 0 && !all_cut);
        let unreadable = lake.report.incomplete.iter().find(|w| w.code == "customers_unreadable");
        prop_assert_eq!(unreadable.map_or(0, |w| w.count), expected.nameless);
    }

    #[test]
    fn the_bytes_do_not_depend_on_files_chunks_or_instances(
        export in export(),
        options in options(),
        chunk in prop::sample::select(vec![1, 3, 100, usize::MAX]),
        files in 1..4usize,
        instances in 1..4usize,
        turn in 0..40usize,
        job_rows in prop_oneof![Just(1), Just(4), Just(u64::MAX)],
        [spill, mixed]: [bool; 2],
    ) {
        let one = run::lake(&export.lines(), &options, &Shared { job_rows, ..Shared::NOT });
        let other = run::lake(&export.lines(), &options, &Shared { chunk, files, instances, turn, job_rows, spill, mixed });
        prop_assert!(one.outputs == other.outputs);
        prop_assert_eq!(one.report.tables, other.report.tables);
        prop_assert_eq!(one.report.quality, other.report.quality);
        prop_assert_eq!(one.report.people, other.report.people);
    }

    #[test]
    fn a_run_that_goes_on_under_narrower_options_is_a_run_under_them(
        export in export(),
        narrower in options(),
        other in options(),
        wide: [bool; 3],
        instances in 1..3usize,
    ) {
        let [ever, any, keep] = wide;
        let duplicates = if keep { Duplicates::Keep } else { narrower.duplicates };
        // Which copies were dropped says nothing of which of them would count.
        let any = any && duplicates == Duplicates::Keep;
        let options = Options {
            consent: if ever { ConsentTime::Ever } else { narrower.consent },
            records: if any { ConsentRecords::Any } else { narrower.records },
            duplicates,
            emails: narrower.emails,
            withdrawals: narrower.withdrawals.clone(),
            ..other
        };
        let shared = Shared { instances, files: 2, job_rows: 4, ..Shared::NOT };
        let whole = run::lake(&export.lines(), &narrower, &shared);
        let early = |c: &Customer| c.fault == Fault::None && c.is_early();
        let dates = options.consent != narrower.consent && export.customers.iter().any(early);
        let narrowed = run::narrowed_lake(&export.lines(), &options, &narrower, &shared);
        prop_assert_eq!(narrowed.is_none(), dates);
        if let Some(narrowed) = narrowed {
            prop_assert_eq!(whole.report_json, narrowed.report_json);
            prop_assert!(whole.outputs == narrowed.outputs);
        }
        prop_assert_eq!(
            run::narrowed_lake(&export.lines(), &narrower, &options, &shared).is_some(),
            narrower.consent == options.consent
                && narrower.records == options.records
                && narrower.duplicates == options.duplicates
        );
    }

    #[test]
    fn nothing_of_a_person_without_consent_is_anywhere(export in export(), options in options()) {
        let mut export = export;
        export.customers.push(Customer { email: "canary@x.org", serial: "canary-serial", updated: Some(9), share: "null".to_owned(), name: 7, fault: Fault::None });
        export.readings.push(Reading { user: "canary@x.org", time: BASE + 3, x: Some(77) });
        export.steps.push(Step { serial: "canary-serial", time: BASE + 3, distance: Some(7777) });
        let lake = run::lake(&export.lines(), &options, &Shared { chunk: 100, instances: 2, ..Shared::NOT });
        for (table, bytes) in &lake.outputs {
            let text = format!("{:?}", run::rows(bytes));
            prop_assert!(!text.contains("canary") && !text.contains("7777") && !text.contains("77.0"), "{}", table.name());
            prop_assert!(!bytes.windows(6).any(|window| window == b"canary"), "{}", table.name());
        }
        let report = lake.report_json;
        prop_assert!(!report.contains("canary") && !report.contains("x.org"), "{report}");
    }

    #[test]
    fn a_pseudonym_gives_nothing_away(export in export(), options in options()) {
        let options = Options { identity: Identity::Pseudonym, ..options };
        let lake = run::lake(&export.lines(), &options, &Shared { chunk: 100, ..Shared::NOT });
        let (_, bytes) = lake.outputs.iter().find(|(table, _)| *table == Table::MachineLearningCurated).unwrap();
        for name in EMAILS.iter().chain(&["Name", KEY]) {
            prop_assert!(!bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
        }
        let subjects: Vec<_> = run::rows(bytes).into_iter().map(|row| row[0].clone()).collect();
        prop_assert!(subjects.is_sorted() && subjects.iter().all(|s| s.len() == 32));
    }
}

/// People of whom each walks ten times, at two of them together with the next one, while their phones alone, and their
/// devices alone, measure ten times more.
fn people_who_walk(count: usize) -> run::Lines<String> {
    let (mut customers, mut readings, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for person in 0..count {
        customers.push(format!(
            "{{\"email\":\"p{person}\",\"serialNumber\":\"s{person}\",\"shareWithResearchAsOfDate\":1}}\n"
        ));
        for nth in 0..10 {
            let together = person * 8 + nth;
            let alone = 1_000_000 + person * 100 + nth;
            for time in [together, alone] {
                readings.push(format!(
                    "{{\"user\":\"p{person}\",\"timestamp\":{time},\"x\":{nth},\"y\":1,\"z\":1}}\n"
                ));
            }
            for time in [together, 2 * alone] {
                let (serial, distance) = (format!("s{person}"), 200 + nth);
                steps.push(format!(
                    "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":{distance}}}\n"
                ));
            }
        }
    }
    [customers, readings, steps]
}

#[test]
fn a_job_has_of_many_readings_only_those_that_it_can_pair_and_the_bytes_are_the_same() {
    const PEOPLE: usize = 60;
    let lines = people_who_walk(PEOPLE);
    let each = Shared { job_rows: 160, ..Shared::NOT };
    for (join, identity) in
        [(Join::Time, Identity::Pseudonym), (Join::Time, Identity::Serial), (Join::Owner, Identity::Serial)]
    {
        let options = Options { join, identity, ..Options::default() };
        let whole = run::lake(&lines, &options, &each);
        assert!(whole.report.tables[&Table::MachineLearningCurated].rows_out >= 10 * PEOPLE as u64);
        // With little memory, and in windows of a few rows.
        let little = Shared { instances: 3, files: 7, turn: 5, spill: true, ..each };
        let others = [
            run::lake(&lines, &options, &little),
            run::lake(&lines, &options, &Shared { spill: false, ..little }),
        ];
        for lake in [&whole, &others[0], &others[1]] {
            assert!(lake.outputs == whole.outputs, "{join:?} {identity:?}");
            assert!(lake.held.len() >= 15, "{join:?} {identity:?}: {} jobs", lake.held.len());
            let most = lake.held.iter().map(|(readings, steps)| readings + steps).max().unwrap();
            // All that there are of one sensor are 20 a person.
            assert!(most < 20 * PEOPLE / 4, "{join:?} {identity:?}: {most} readings in a job");
        }
    }
}
