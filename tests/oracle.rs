//! The rules against a naive oracle: nested loops over small exports in which
//! everything collides, under every option.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "oracle/naive.rs"]
mod naive;
#[path = "oracle/run.rs"]
mod run;

use naive::{Customer, Export, Reading, Step};
use proptest::prelude::*;
use run::{KEY, Shared};
use stedi_lakehouse::options::{ConsentRecords, ConsentTime, Identity, Join, Options, SharedSerials};
use stedi_lakehouse::schema::Table;

const EMAILS: [&str; 5] = ["a@x.org", "A@x.org", "b@x.org", "c@x.org", "nobody@x.org"];
const SERIALS: [&str; 4] = ["s1", "s2", "s3", "unknown"];

fn customer() -> impl Strategy<Value = Customer> {
    let share = prop_oneof![
        3 => (1..8i64).prop_map(|date| date.to_string()),
        1 => Just("null".to_owned()),
        1 => Just("0".to_owned()),
        1 => Just("-5".to_owned()),
        1 => Just("\"soon\"".to_owned()),
    ];
    (0..4usize, 0..3usize, prop::option::of(0..4i64), share, 0..2u8).prop_map(
        |(email, serial, updated, share, name)| Customer {
            email: EMAILS[email],
            serial: SERIALS[serial],
            updated,
            share,
            name,
        },
    )
}

fn export() -> impl Strategy<Value = Export> {
    let reading = (0..EMAILS.len(), 1..8i64, prop::option::of(-1..2i64))
        .prop_map(|(user, time, x)| Reading { user: EMAILS[user], time, x });
    let step = (0..SERIALS.len(), 1..8i64, prop::option::of(0..3i64))
        .prop_map(|(serial, time, distance)| Step { serial: SERIALS[serial], time, distance });
    (
        prop::collection::vec(customer(), 0..9),
        prop::collection::vec(reading, 0..40),
        prop::collection::vec(step, 0..25),
    )
        .prop_map(|(customers, readings, steps)| Export { customers, readings, steps })
}

fn options() -> impl Strategy<Value = Options> {
    let withdrawals =
        prop::sample::subsequence(vec!["B@X.ORG", " s2 ", "S1", "nothing", "nobody@x.org", "unknown"], 0..4);
    (any::<[bool; 5]>(), withdrawals, prop::bool::weighted(0.4)).prop_map(|(choice, list, withdraw)| {
        Options {
            consent: if choice[0] { ConsentTime::AsOf } else { ConsentTime::Ever },
            records: if choice[1] { ConsentRecords::Latest } else { ConsentRecords::Any },
            shared_serials: if choice[2] { SharedSerials::Drop } else { SharedSerials::Keep },
            join: if choice[3] { Join::Time } else { Join::Owner },
            identity: if choice[4] { Identity::Serial } else { Identity::Pseudonym },
            withdrawals: if withdraw { list.into_iter().map(str::to_owned).collect() } else { Vec::new() },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn every_table_and_its_ledger_are_the_oracles(
        export in export(),
        options in options(),
        job_rows in prop_oneof![Just(3), Just(u64::MAX)],
    ) {
        let expected = naive::lake(&export, &options);
        let lake = run::lake(&export, &options, &Shared { job_rows, ..Shared::NOT });
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
        }
        let curated = &lake.report.tables[&Table::MachineLearningCurated];
        prop_assert_eq!(curated.mixed_pairs, Some(expected.mixed));
        let warned = |code: &str| lake.report.warnings.iter().find(|w| w.code == code).map_or(0, |w| w.count);
        prop_assert_eq!(warned("withdrawals_unmet"), expected.unmet);
        prop_assert_eq!(warned("shared_serials"), expected.shared);
        prop_assert_eq!(warned("consent_unreadable"), export.customers.iter().filter(|c| c.share == "\"soon\"").count() as u64);
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
        spill: bool,
    ) {
        let one = run::lake(&export, &options, &Shared { job_rows, ..Shared::NOT });
        let other = run::lake(&export, &options, &Shared { chunk, files, instances, turn, job_rows, spill });
        prop_assert!(one.outputs == other.outputs);
        prop_assert_eq!(one.report.tables, other.report.tables);
    }

    #[test]
    fn a_run_that_goes_on_under_narrower_options_is_a_run_under_them(
        export in export(),
        narrower in options(),
        other in options(),
        wide: (bool, bool),
        instances in 1..3usize,
    ) {
        let options = Options {
            consent: if wide.0 { ConsentTime::Ever } else { narrower.consent },
            records: if wide.1 { ConsentRecords::Any } else { narrower.records },
            withdrawals: narrower.withdrawals.clone(),
            ..other
        };
        let shared = Shared { instances, files: 2, job_rows: 4, ..Shared::NOT };
        let whole = run::lake(&export, &narrower, &shared);
        let narrowed = run::narrowed_lake(&export, &options, &narrower, &shared).unwrap();
        prop_assert_eq!(whole.report_json, narrowed.report_json);
        prop_assert!(whole.outputs == narrowed.outputs);
        prop_assert_eq!(
            run::narrowed_lake(&export, &narrower, &options, &shared).is_some(),
            narrower.consent == options.consent && narrower.records == options.records
        );
    }

    #[test]
    fn nothing_of_a_person_without_consent_is_anywhere(export in export(), options in options()) {
        let mut export = export;
        export.customers.push(Customer { email: "canary@x.org", serial: "canary-serial", updated: Some(9), share: "null".to_owned(), name: 7 });
        export.readings.push(Reading { user: "canary@x.org", time: 3, x: Some(77) });
        export.steps.push(Step { serial: "canary-serial", time: 3, distance: Some(7777) });
        let lake = run::lake(&export, &options, &Shared { chunk: 100, instances: 2, ..Shared::NOT });
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
        let lake = run::lake(&export, &options, &Shared { chunk: 100, ..Shared::NOT });
        let (_, bytes) = lake.outputs.iter().find(|(table, _)| *table == Table::MachineLearningCurated).unwrap();
        for name in EMAILS.iter().chain(&["Name", KEY]) {
            prop_assert!(!bytes.windows(name.len()).any(|window| window == name.as_bytes()), "{name}");
        }
        let subjects: Vec<_> = run::rows(bytes).into_iter().map(|row| row[0].clone()).collect();
        prop_assert!(subjects.is_sorted() && subjects.iter().all(|s| s.len() == 32));
    }
}
