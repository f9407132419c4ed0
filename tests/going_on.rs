//! Going on from a lake: the tables are those of one run over all files, but for what earlier files
//! held of people and devices that were not admitted then.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "the modules are shared")]

#[path = "oracle/export.rs"]
mod export;
#[path = "oracle/naive.rs"]
mod naive;
#[path = "oracle/run.rs"]
mod run;

use std::collections::{BTreeMap, BTreeSet};

use export::{Export, Reading, Step, export, options};
use naive::people;
use proptest::prelude::*;
use run::Shared;
use stedi_lakehouse::options::{ConsentTime, Duplicates, Options, SharedSerials};
use stedi_lakehouse::report::NewlyAdmitted;
use stedi_lakehouse::schema::Table;

/// What of the earlier files is missing in a lake that went on, by the rules of the design.
struct Missing {
    newly: NewlyAdmitted,
    /// Which readings and steps were not kept: all of some, and of others those before a time.
    users: BTreeMap<String, i64>,
    serials: BTreeMap<String, i64>,
}

fn missing(old: &naive::Lake, new: &naive::Lake, options: [&Options; 2]) -> Missing {
    let (mut users, mut serials) = (BTreeMap::new(), BTreeMap::new());
    let mut newly = NewlyAdmitted::default();
    let [cut_then, cut_now] = options.map(|options| options.consent != ConsentTime::Ever);
    let [steps_cut_then, steps_cut_now] = options.map(|options| options.consent == ConsentTime::AsOf);
    let dropped_then = options[0].shared_serials == SharedSerials::Drop;
    let was = people(old, Table::CustomerTrusted, 1);
    for (email, since) in people(new, Table::CustomerTrusted, 1) {
        let since = if cut_now { since } else { i64::MIN };
        match was.get(&email) {
            None => {
                newly.people += 1;
                users.insert(email, i64::MAX);
            }
            Some(&then) if cut_then && since < then => {
                newly.earlier_dates += 1;
                users.insert(email, then);
            }
            _ => {}
        }
    }
    let was = people(old, Table::CustomerCurated, 4);
    let kept: BTreeSet<&String> = old.rows[&Table::StepTrainerTrusted].iter().map(|row| &row[1]).collect();
    for (serial, since) in people(new, Table::CustomerCurated, 4) {
        if new.dropped.contains(&*serial) {
            continue;
        }
        let since = if steps_cut_now { since } else { i64::MIN };
        match was.get(&serial) {
            Some(_) if dropped_then && !kept.contains(&serial) => {
                newly.devices += 1;
                serials.insert(serial, i64::MAX);
            }
            None => {
                newly.devices += 1;
                serials.insert(serial, i64::MAX);
            }
            Some(&then) if steps_cut_then && since < then => {
                newly.earlier_dates += 1;
                serials.insert(serial, then);
            }
            _ => {}
        }
    }
    Missing { newly, users, serials }
}

fn joined(customers: &Export, parts: &[&Export]) -> Export {
    Export {
        customers: customers.customers.clone(),
        readings: parts.iter().flat_map(|part| part.readings.clone()).collect(),
        steps: parts.iter().flat_map(|part| part.steps.clone()).collect(),
    }
}

fn shared() -> impl Strategy<Value = Shared> {
    let how = (1..3usize, 1..4usize, 0..40usize, any::<[bool; 2]>(), prop_oneof![Just(4), Just(u64::MAX)]);
    how.prop_map(|(files, instances, turn, [spill, mixed], job_rows)| Shared {
        files,
        instances,
        turn,
        spill,
        mixed,
        job_rows,
        ..Shared::NOT
    })
}

/// Options of a lake, and of a run that goes on from it: all but those under which it is refused, for what was folded
/// or dropped is not in the lake.
fn before_and_now() -> impl Strategy<Value = [Options; 2]> {
    [options(), options()].prop_map(|[then, now]| {
        let duplicates = if then.duplicates == Duplicates::Drop { Duplicates::Drop } else { now.duplicates };
        let now = Options { emails: then.emails, duplicates, ..now };
        [then, now]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn it_is_one_run_over_all_files_but_for_the_newly_admitted_in_earlier_ones(
        earlier in export(),
        later in export(),
        same_customers: bool,
        [then, mut now] in before_and_now(),
        same_options: bool,
        shared in shared(),
    ) {
        let mut later = later;
        if same_customers {
            later.customers.clone_from(&earlier.customers);
        }
        if same_options {
            now = then.clone();
        }
        let one = Shared { job_rows: shared.job_rows, ..Shared::NOT };
        let old = run::lake(&earlier.lines(), &then, &Shared::NOT);
        let went_on = run::lake_from(&old, &later.lines(), &now, &shared);

        // The rows that the old lake kept decide who is curated now. Its emails are as its options read them; the new
        // options read them alike.
        let naive_old = naive::lake(&earlier, &then);
        let read = earlier.as_read(&then);
        let kept = Export {
            customers: Vec::new(),
            readings: read.readings.iter().filter(|reading| is_kept(&naive_old, reading)).cloned().collect(),
            steps: read.steps.iter().filter(|step| is_kept_step(&naive_old, step)).cloned().collect(),
        };
        let new = naive::lake(&joined(&later, &[&kept, &later]), &now);
        let Missing { newly, users, serials } = missing(&naive_old, &new, [&then, &now]);
        let from = went_on.report.from.as_ref().unwrap();
        prop_assert_eq!(from.newly_admitted, newly);
        let warned = went_on.report.warnings.iter().find(|w| w.code == "newly_admitted").map_or(0, |w| w.count);
        prop_assert_eq!(warned, newly.total());

        let mut all = read;
        all.readings.retain(|reading| users.get(reading.user).is_none_or(|&before| reading.time >= before));
        all.steps.retain(|step| serials.get(step.serial).is_none_or(|&before| step.time >= before));
        let whole = run::lake(&joined(&later, &[&all, &later]).lines(), &now, &one);
        for ((table, bytes), (_, expected)) in went_on.outputs.iter().zip(&whole.outputs) {
            prop_assert_eq!(run::rows(bytes), run::rows(expected), "{}", table.name());
            // Row groups are cut by the rows before duplicates are dropped, and a lake may have none.
            prop_assert!(now.duplicates == Duplicates::Drop || bytes == expected, "{}", table.name());
        }
        prop_assert_eq!(&went_on.report.privacy, &whole.report.privacy);
        prop_assert_eq!(&went_on.report.quality, &whole.report.quality);
        prop_assert_eq!(went_on.report.people, whole.report.people);
        let tables = &went_on.report.tables;
        prop_assert!(tables.values().all(stedi_lakehouse::report::TableReport::balances));
        prop_assert_eq!(
            tables[&Table::AccelerometerTrusted].rows_in_lake,
            Some(naive_old.rows[&Table::AccelerometerTrusted].len() as u64)
        );
        prop_assert_eq!(
            tables[&Table::StepTrainerTrusted].rows_in_lake,
            Some(naive_old.rows[&Table::StepTrainerTrusted].len() as u64)
        );
    }

    #[test]
    fn day_after_day_it_stays_one_run_over_all_files(
        export in export(),
        days in 2..5usize,
        options in options(),
        shared in shared(),
    ) {
        let day = |day: usize| Export {
            customers: export.customers.clone(),
            readings: export.readings.iter().skip(day).step_by(days).cloned().collect(),
            steps: export.steps.iter().skip(day).step_by(days).cloned().collect(),
        };
        let mut lake = run::lake(&day(0).lines(), &options, &Shared::NOT);
        for next in 1..days {
            lake = run::lake_from(&lake, &day(next).lines(), &options, &shared);
            if lake.report.from.as_ref().unwrap().newly_admitted.total() > 0 {
                return Ok(());
            }
        }
        let whole = run::lake(&export.lines(), &options, &Shared { job_rows: shared.job_rows, ..Shared::NOT });
        for ((table, bytes), (_, expected)) in lake.outputs.iter().zip(&whole.outputs) {
            prop_assert_eq!(run::rows(bytes), run::rows(expected), "{}", table.name());
            // Row groups are cut by the rows before duplicates are dropped, and a lake has none.
            prop_assert!(options.duplicates == Duplicates::Drop || bytes == expected, "{}", table.name());
        }
    }
}

fn is_kept(lake: &naive::Lake, reading: &Reading) -> bool {
    let time = reading.time.to_string();
    lake.rows[&Table::AccelerometerTrusted].iter().any(|row| row[0] == reading.user && row[1] == time)
}

fn is_kept_step(lake: &naive::Lake, step: &Step) -> bool {
    let time = step.time.to_string();
    lake.rows[&Table::StepTrainerTrusted].iter().any(|row| row[1] == step.serial && row[0] == time)
}
