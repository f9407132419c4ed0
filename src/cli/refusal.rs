//! Why a run that has ended gives no lake.

use stedi_lakehouse::pipeline::Lake;
use stedi_lakehouse::report::{Input, InputStatus};
use stedi_lakehouse::schema::Table;

use super::args::RunArgs;

/// Why a run of these arguments gives no lake, where there is one already or not.
pub fn refusal(args: &RunArgs, lake: &Lake, has_lake: bool) -> Option<String> {
    if let Some(why) = refusal_of_problems(args, &Problems::of(lake)) {
        return Some(why);
    }
    let rows = |table| lake.report.tables.get(&table).map_or(0, |counts| counts.rows_out);
    let of_lake = |table| lake.report.tables.get(&table).and_then(|counts| counts.rows_in_lake);
    let none = |table| match table {
        Table::AccelerometerLanding => rows(table) + of_lake(Table::AccelerometerTrusted).unwrap_or(0) == 0,
        Table::StepTrainerLanding => rows(table) + of_lake(Table::StepTrainerTrusted).unwrap_or(0) == 0,
        _ => rows(table) == 0,
    };
    refusal_of_missing(args, has_lake, none).or_else(|| refusal_of_quality(args, lake, has_lake))
}

/// The limits that were asked for and are not kept.
fn refusal_of_quality(args: &RunArgs, lake: &Lake, has_lake: bool) -> Option<String> {
    let failed = args.require.as_ref()?.failed_by(&lake.report.quality);
    let kept = match has_lake {
        true => format!("the lake in {} is not replaced", args.out.display()),
        false => "no table is written".to_owned(),
    };
    (!failed.is_empty()).then(|| format!("--require is not met: {}; {kept}", failed.join("; ")))
}

/// Why a run gives no lake if some kinds of landing records are missing.
pub fn refusal_of_missing(args: &RunArgs, has_lake: bool, none: impl Fn(Table) -> bool) -> Option<String> {
    let kinds = [
        (Table::CustomerLanding, "no customers"),
        (Table::AccelerometerLanding, "no accelerometer readings"),
        (Table::StepTrainerLanding, "no step trainer readings"),
    ];
    let missing: Vec<&str> =
        kinds.into_iter().filter(|(table, _)| none(*table)).map(|(_, what)| what).collect();
    if missing.is_empty() || args.allow_missing || !(args.strict || has_lake) {
        return None;
    }
    let why = match has_lake {
        true => format!("the lake in {} is not replaced", args.out.display()),
        false => "--strict was asked for: no table is written".to_owned(),
    };
    Some(format!("the inputs hold {}; {why}. --allow-missing allows it", missing.join(", ")))
}

/// Why a run gives no lake if there are problems.
pub fn refusal_of_problems(args: &RunArgs, problems: &Problems) -> Option<String> {
    let problems = problems.words();
    (args.strict && !problems.is_empty())
        .then(|| format!("{}, and --strict was asked for: no table is written", problems.join(", ")))
}

/// What `--strict` does not let pass.
pub struct Problems {
    pub is_incomplete: bool,
    /// Records that are rejected, and files that are refused.
    pub bad: u64,
    /// Withdrawals that match nothing.
    pub unmatched: usize,
    pub is_list_empty: bool,
}

impl Problems {
    fn of(lake: &Lake) -> Problems {
        let report = &lake.report;
        Problems {
            is_incomplete: !report.complete,
            bad: report.rejects_total + refused(&report.inputs),
            unmatched: lake.unmatched.len(),
            is_list_empty: report.warnings.iter().any(|warning| warning.code == "withdrawals_empty"),
        }
    }

    fn words(&self) -> Vec<String> {
        let Problems { is_incomplete, bad, unmatched, is_list_empty } = *self;
        let problems = [
            is_incomplete.then(|| "the run is incomplete".to_owned()),
            (bad > 0).then(|| format!("{bad} records or files are bad")),
            (unmatched > 0).then(|| format!("{unmatched} of the withdrawals match nothing")),
            is_list_empty.then(|| "the list of withdrawals has no entry".to_owned()),
        ];
        problems.into_iter().flatten().collect()
    }
}

/// How many of the inputs are refused.
pub fn refused(inputs: &[Input]) -> u64 {
    let refused = inputs.iter().filter(|input| matches!(input.status, InputStatus::Refused { .. }));
    refused.count() as u64
}
