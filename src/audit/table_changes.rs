//! What changed the rows of each table between two reports.

use super::json::{Json, listed, quoted};
use crate::schema::Table;

/// The names of two objects' fields, in the order of the later one.
pub(super) fn names<'a>(old: &'a Json, new: &'a Json) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (name, _) in new.fields().iter().chain(old.fields()) {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    names
}

/// Counts of rows are far below 2^63.
fn less(one: u64, other: u64) -> i64 {
    one as i64 - other as i64
}

/// What changed a table's rows.
#[derive(Default)]
struct Causes {
    told: Vec<String>,
    gained: u64,
    lost: u64,
}

impl Causes {
    fn add(&mut self, kind: &str, name: Option<&str>, change: i64) {
        match change {
            0 => return,
            1.. => self.gained += change.unsigned_abs(),
            _ => self.lost += change.unsigned_abs(),
        }
        let name = name.map_or(String::new(), |name| format!(r#", "name": {}"#, quoted(name)));
        self.told.push(format!(r#"{{"kind": "{kind}"{name}, "change": {change}}}"#));
    }
}

/// What two runs had alike.
#[derive(Clone, Copy)]
pub(super) struct Same {
    /// Their options, and the program.
    pub settings: bool,
    /// What their readings were read from: not if one run took those of a lake that the other did not go on from.
    pub readings: bool,
}

/// Tables whose rows in are readings of files, or of the lake that stands in for files.
const OF_READINGS: [Table; 4] = [
    Table::AccelerometerLanding,
    Table::StepTrainerLanding,
    Table::AccelerometerTrusted,
    Table::StepTrainerTrusted,
];

/// How a table's rows changed, as JSON.
pub(super) fn table_change(table: Table, old: &Json, new: &Json, same: Same) -> String {
    let name = table.name();
    let [before, after] = [old, new].map(|report| report.get("tables").get(name));
    let causes = match same.readings || !OF_READINGS.contains(&table) {
        true => by_ledger(before, after),
        false => {
            let mut causes = Causes::default();
            // A lake has none of the rows that were left out when it was made: what one run left out less than the
            // other is no row that was gained.
            causes.add("other_files", None, less(after.count_of("rows_out"), before.count_of("rows_out")));
            causes
        }
    };
    let same = match [hash(old, name), hash(new, name)] {
        [Some(old), Some(new)] if old == new => "true",
        [Some(_), Some(_)] if same.settings => "false",
        _ => "null",
    };
    let [before, after] = [before, after].map(|counts| counts.count_of("rows_out"));
    let Causes { told, gained, lost } = causes;
    format!(
        r#"{{"old": {before}, "new": {after}, "gained": {gained}, "lost": {lost}, "same_bytes": {same},
            "causes": [{}]}}"#,
        listed(told.into_iter())
    )
}

/// What changed a table's rows, by what its two ledgers say.
fn by_ledger(before: &Json, after: &Json) -> Causes {
    let mut causes = Causes::default();
    causes.add("rows_in", None, less(after.count_of("rows_in"), before.count_of("rows_in")));
    for kind in ["rejected", "filtered"] {
        let (before, after) = (before.get(kind), after.get(kind));
        for name in names(before, after) {
            causes.add(kind, Some(name), less(before.count_of(name), after.count_of(name)));
        }
    }
    let left_out = |counts: &Json| counts.count_of("pairs_left_out");
    let pairs = |counts: &Json| match counts.get("rows_matched") {
        Json::Null => 0,
        matched => less(counts.count_of("rows_out") + left_out(counts), matched.count()),
    };
    causes.add("pairs", None, pairs(after) - pairs(before));
    causes.add("pairs_left_out", None, less(left_out(before), left_out(after)));
    causes
}

/// Those of all its files, one after the other.
fn hash(report: &Json, table: &str) -> Option<String> {
    let outputs = report.get("outputs").items().iter().filter(|output| output.text_of("table") == table);
    let hashes = outputs.map(|output| output.get("sha256").text());
    hashes.collect::<Option<String>>().filter(|hashes| !hashes.is_empty())
}
