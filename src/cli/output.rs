//! Writes files, and tells of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use stedi_lakehouse::ingest::{Skip, Zone};
use stedi_lakehouse::pipeline::Lake;
use stedi_lakehouse::report::{Input, InputStatus, People, Report, TableReport, TimeRanges, Warning};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::{Split, Splits};
use stedi_lakehouse::tally::Name;

use super::terminal::shown;
use super::{Failure, special};

/// How many rejects and kinds of inputs are named, unless all are asked for.
const NAMED: usize = 10;

/// Writes a file whole or not at all, and its folders: beside its place, under a name that nobody else has, and then
/// over what is there. Into a pipe or a device as it is.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::io("write", path, &error);
    if let Some(written) = special::write(path, bytes) {
        return written.map_err(failed);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| failed(std::io::Error::other(error)))?;
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{:016x}", u64::from_ne_bytes(random)));
    let part = path.with_file_name(name);
    let mut file = fs::File::create_new(&part).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // The first fault is the one to be told.
        let _ = fs::remove_file(&part);
    }
    written.map_err(failed)
}

/// The counts of tables, for a terminal.
pub fn counts(tables: &BTreeMap<Table, TableReport>) -> String {
    let mut text =
        format!("{:<26}{:>12}{:>12}{:>12}{:>12}\n", "table", "rows in", "filtered", "rejected", "rows out");
    for (table, counts) in tables {
        let _ = write!(
            text,
            "{:<26}{:>12}{:>12}{:>12}{:>12}",
            table.name(),
            counts.rows_in,
            counts.filtered.total(),
            counts.rejected.total(),
            counts.rows_out
        );
        let rules: Vec<String> =
            counts.filtered.by_name().iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        if !rules.is_empty() {
            let _ = write!(text, "   {}", rules.join(", "));
        }
        text.push('\n');
    }
    text
}

/// The counts of people, for a terminal.
pub fn people(people: &People) -> String {
    format!("{:<26}{:>12} admitted{:>12} left out\n", "people", people.admitted, people.left_out)
}

/// The counts of training and test data, for a terminal.
pub fn splits(splits: &Splits) -> String {
    let line = |(split, (rows, subjects)): (Split, (u64, u64))| {
        let few = if subjects == 0 { ": nobody; choose another share, or another key" } else { "" };
        format!("split {:<20}{rows:>12} rows{subjects:>12} subjects{few}\n", split.name())
    };
    Split::ALL.into_iter().zip(splits.counts).map(line).collect()
}

/// Why a run is incomplete.
pub fn incomplete(reasons: &[Warning]) -> String {
    let line =
        |reason: &Warning| format!("INCOMPLETE: {} ({}) {}\n", reason.code, reason.count, reason.message);
    reasons.iter().map(line).collect()
}

/// Whatever needs a person's eye; `all` names every input and every reject that the report lists.
pub fn remarks(report: &Report, all: bool) -> String {
    let mut text = incomplete(&report.incomplete);
    for warning in &report.warnings {
        let _ = writeln!(text, "warning: {} ({}) {}", warning.code, warning.count, warning.message);
    }
    if all {
        report.inputs.iter().filter_map(used).for_each(|line| text.push_str(&line));
    }
    text.push_str(&unread(&report.inputs, all));
    let rejects: Vec<String> = report
        .rejects
        .iter()
        .map(|reject| {
            let field = reject.field.as_ref().map(|field| format!(" in {field}")).unwrap_or_default();
            let detail = reject.detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
            format!(
                "rejected: {}:{}: {}{field}{detail} (byte {}, {} bytes)",
                shown(&reject.file),
                reject.line,
                reject.reason.name(),
                reject.offset,
                reject.bytes
            )
        })
        .collect();
    first(&mut text, &rejects, report.rejects_total, all);
    text
}

/// What is told of values of records, which only a terminal is: whatever else standard error goes to is kept.
pub fn for_a_terminal(lake: &Lake) -> String {
    values(lake.times, lake.nearest_to_consent())
}

fn values(times: Option<TimeRanges>, nearest_to_consent: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(TimeRanges { accelerometer, steps }) = times {
        for (sensor, (first, last)) in [("accelerometer", accelerometer), ("step trainer", steps)] {
            let _ = writeln!(text, "{sensor} times: from {first} to {last}");
        }
    }
    if let Some(name) = nearest_to_consent {
        let _ = writeln!(text, "the ignored field most like shareWithResearchAsOfDate: {}", shown(name));
    }
    text
}

/// What was not read, and why: one line for all that are alike, or one for each if all are asked for.
pub fn unread(inputs: &[Input], all: bool) -> String {
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for input in inputs {
        let kind = match &input.status {
            InputStatus::Used { .. } | InputStatus::Lake { .. } => continue,
            InputStatus::InLake => {
                "left out: its readings are in the lake that this run goes on from".to_owned()
            }
            InputStatus::Refused { reason, message } => format!("refused ({reason}): {}", shown(message)),
            InputStatus::Skipped { reason } => format!("skipped ({reason}): {}", why(reason)),
            InputStatus::LeftOut { reason } => format!("left out ({reason}): {}", why(reason)),
            InputStatus::Duplicate { of } => format!("duplicate: the same bytes as {}", shown(of)),
        };
        kinds.entry(kind).or_default().push(&input.name);
    }
    let lines = |(kind, names): (String, Vec<&str>)| match names.as_slice() {
        [first, _, ..] if !all => vec![format!("{} files, {} first: {kind}", names.len(), shown(first))],
        names => names.iter().map(|name| format!("{}: {kind}", shown(name))).collect(),
    };
    let lines: Vec<String> = kinds.into_iter().flat_map(lines).collect();
    let mut text = String::new();
    first(&mut text, &lines, lines.len() as u64, all);
    text
}

/// Why an input is skipped or left out.
fn why(reason: &str) -> &'static str {
    let skipped = Skip::ALL.map(|skip| (skip.reason(), skip.words()));
    let left_out = Zone::ALL.map(|zone| (zone.name(), zone.words()));
    let words = skipped.into_iter().chain(left_out).find(|(name, _)| *name == reason);
    words.map_or("", |(_, words)| words)
}

fn used(input: &Input) -> Option<String> {
    let name = shown(&input.name);
    match &input.status {
        InputStatus::Used { table, records, rejected, .. } => Some(format!(
            "used: {name}: {records} records of {}, {rejected} rejected\n",
            table.table().name()
        )),
        InputStatus::Lake { table, records } => {
            Some(format!("used: {name}: {records} rows of {}, admitted again\n", table.name()))
        }
        _ => None,
    }
}

/// Names the inputs that were changed after they were read.
pub fn changed(names: &BTreeSet<String>) -> String {
    let line = |name: &String| {
        format!("warning: {name} was changed after it was read; it has no hash in the report")
    };
    let (mut text, lines) = (String::new(), names.iter().map(line).collect::<Vec<_>>());
    first(&mut text, &lines, lines.len() as u64, false);
    text
}

fn first(text: &mut String, lines: &[String], total: u64, all: bool) {
    let named = if all { lines.len() } else { lines.len().min(NAMED) };
    for line in &lines[..named] {
        text.push_str(line);
        text.push('\n');
    }
    let named = named as u64;
    if total > named {
        let _ = writeln!(text, "… and {} more", total - named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_both_ranges_of_times_and_the_nearest_name() {
        let times = TimeRanges { accelerometer: (1, 1_700_000_100), steps: (-2, 1_700_000_100_500) };
        assert_eq!(
            values(Some(times), None),
            "accelerometer times: from 1 to 1700000100\nstep trainer times: from -2 to 1700000100500\n"
        );
        assert_eq!(
            values(None, Some("share\n\u{1b}Date")),
            "the ignored field most like shareWithResearchAsOfDate: share\\n\\x1bDate\n"
        );
        assert_eq!(values(None, None), "");
    }
}
