//! Holds a report against an earlier one: what changed, by how much, and why.
//!
//! Two reports hold counts, not rows, so rows gained and lost are told by what
//! the ledgers say: each cause with what it changed. The changes of a table's
//! causes add up to the change of its rows, always.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::error::Error;
use crate::options::KeyOrigin;
use crate::report::{Input, InputStatus, Report, TableReport, Tool};
use crate::schema::Table;
use crate::tally::{Name, Tally};

/// A difference report.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Always `stedi-lakehouse-difference`.
    pub format: &'static str,
    /// Version of this layout.
    pub version: u32,
    /// What made the earlier report, and what the later.
    pub tools: [Tool; 2],
    /// Options that differ.
    pub options: Vec<Changed>,
    /// What came and went of the inputs.
    pub inputs: InputChanges,
    /// All eight tables.
    pub tables: BTreeMap<Table, TableChange>,
    /// Numbers of the privacy section that differ.
    pub privacy: Vec<Changed>,
    /// What to know about this comparison.
    pub notes: Vec<Note>,
}

/// Something that differs, before and after; null where a report does not say.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct Changed {
    pub name: Cow<'static, str>,
    pub old: Value,
    pub new: Value,
}

/// What came and went of the inputs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct InputChanges {
    /// `sha256`, or `size`: of equal names, when a report has no hashes.
    pub compared_by: &'static str,
    /// Inputs that are the same, under the same name.
    pub same: usize,
    /// Only in the later report.
    pub added: Vec<InputFile>,
    /// Only in the earlier report.
    pub removed: Vec<InputFile>,
    /// Of the same name and another content; as in the later report.
    pub changed: Vec<InputFile>,
    /// Of the same content and another name: both names.
    pub renamed: Vec<[String; 2]>,
}

/// An input, as far as a difference names it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct InputFile {
    pub name: String,
    pub bytes: u64,
    pub status: &'static str,
}

/// What changed of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableChange {
    /// Rows before.
    pub old: u64,
    /// Rows after.
    pub new: u64,
    /// Sum of the causes that add rows.
    pub gained: u64,
    /// Sum of the causes that take rows away.
    pub lost: u64,
    /// Whether the written files are the same bytes; null where none is known.
    pub same_bytes: Option<bool>,
    /// Why; the changes add up to `new` - `old`.
    pub causes: Vec<Cause>,
}

/// A cause, and by how many rows it changed the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// `rows_in`: more or fewer rows came in. `filtered`: a rule leaves out more
    /// or fewer. `rejected`: more or fewer records are bad. `pairs`: of a join,
    /// more or fewer pairs than readings with a partner.
    pub kind: &'static str,
    /// The rule or reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// Rows of the table, more or fewer.
    pub change: i64,
}

/// Something to know about a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Note {
    pub code: &'static str,
    pub message: &'static str,
}

/// Compares two texts of `report.json`, the earlier one first.
///
/// # Errors
/// `NotAReport` for a text that is none of this or of an earlier version.
pub fn compare(old: &str, new: &str) -> Result<Difference, Error> {
    Ok(difference(&Report::from_json(old)?, &Report::from_json(new)?))
}

/// Compares two reports, the earlier one first.
pub fn difference(old: &Report, new: &Report) -> Difference {
    let inputs = inputs(old, new);
    let tables: BTreeMap<Table, TableChange> =
        Table::ALL.into_iter().map(|table| (table, table_change(table, old, new))).collect();
    let mut notes = Vec::new();
    let mut note = |holds: bool, code, message| {
        if holds {
            notes.push(Note { code, message });
        }
    };
    let random = |report: &Report| report.options.key == Some(KeyOrigin::Random);
    note(
        random(old) || random(new),
        "random_key",
        "A run had a random key of its own, so its pseudonyms are not those of the other run, and \
         machine_learning_curated differs in every row.",
    );
    note(
        inputs.compared_by == "size",
        "no_hashes",
        "A report has no SHA-256 of its inputs, so inputs are compared by name and size only.",
    );
    note(
        (&old.tool.version, &old.tool.commit) != (&new.tool.version, &new.tool.commit),
        "other_program",
        "The two runs were made by different builds of the program, which may count differently.",
    );
    Difference {
        format: "stedi-lakehouse-difference",
        version: 1,
        tools: [old.tool.clone(), new.tool.clone()],
        options: changed(&json!(old.options), &json!(new.options)),
        inputs,
        tables,
        privacy: changed(&json!(old.privacy), &json!(new.privacy))
            .into_iter()
            .filter(|changed| changed.name != "meaning")
            .collect(),
        notes,
    }
}

/// The fields of two objects that differ.
fn changed(old: &Value, new: &Value) -> Vec<Changed> {
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (mut old, new) = (fields(old), fields(new));
    let mut found = Vec::new();
    for (name, new) in new {
        let old = old.remove(&name).unwrap_or_default();
        if old != new {
            found.push(Changed { name: name.into(), old, new });
        }
    }
    found.extend(old.into_iter().map(|(name, old)| Changed { name: name.into(), old, new: Value::Null }));
    found
}

fn table_change(table: Table, old: &Report, new: &Report) -> TableChange {
    let none = TableReport::default();
    let counts = |report: &Report| report.tables.get(&table).cloned().unwrap_or_else(|| none.clone());
    let (before, after) = (counts(old), counts(new));
    let mut causes = Vec::new();
    let mut cause = |kind, name, change: i64| {
        if change != 0 {
            causes.push(Cause { kind, name, change });
        }
    };
    cause("rows_in", None, less(after.rows_in, before.rows_in));
    by_name(&before.rejected, &after.rejected, |name, more| cause("rejected", Some(name), -more));
    by_name(&before.filtered, &after.filtered, |name, more| cause("filtered", Some(name), -more));
    let pairs = |counts: &TableReport| less(counts.rows_out, counts.rows_matched.unwrap_or(counts.rows_out));
    cause("pairs", None, pairs(&after) - pairs(&before));

    let sum = |wanted: fn(&&Cause) -> bool| -> u64 {
        causes.iter().filter(wanted).map(|cause| cause.change.unsigned_abs()).sum()
    };
    let hash = |report: &Report| {
        report.outputs.iter().find(|output| output.table == table).map(|output| output.sha256.clone())
    };
    TableChange {
        old: before.rows_out,
        new: after.rows_out,
        gained: sum(|cause| cause.change > 0),
        lost: sum(|cause| cause.change < 0),
        same_bytes: hash(old).zip(hash(new)).map(|(old, new)| old == new),
        causes,
    }
}

/// Counts of rows are far below 2^63.
fn less(one: u64, other: u64) -> i64 {
    one as i64 - other as i64
}

fn by_name<N: Name>(old: &Tally<N>, new: &Tally<N>, mut more: impl FnMut(&'static str, i64)) {
    for &name in N::ALL {
        more(name.name(), less(new.get(name), old.get(name)));
    }
}

/// Each input's name, what its content is known by, and the input.
type Known<'a> = BTreeMap<&'a str, (String, &'a Input)>;

fn inputs(old: &Report, new: &Report) -> InputChanges {
    let by_hash = hashed(old) && hashed(new);
    let (old, new) = (known(old, by_hash), known(new, by_hash));
    let mut changes =
        InputChanges { compared_by: if by_hash { "sha256" } else { "size" }, ..InputChanges::default() };
    // Inputs of the earlier run whose name is gone, by content.
    let mut gone: BTreeMap<&str, Vec<&Input>> = BTreeMap::new();
    for (name, (content, input)) in &old {
        if !new.contains_key(name) {
            gone.entry(content).or_default().push(input);
        }
    }
    for (name, (content, input)) in &new {
        match old.get(name) {
            Some((before, _)) if before == content => changes.same += 1,
            Some(_) => changes.changed.push(file(input)),
            None => match gone.get_mut(content.as_str()).filter(|_| by_hash).and_then(Vec::pop) {
                Some(earlier) => changes.renamed.push([earlier.name.clone(), input.name.clone()]),
                None => changes.added.push(file(input)),
            },
        }
    }
    changes.removed = gone.into_values().flatten().map(file).collect();
    changes.removed.sort_by(|a, b| a.name.cmp(&b.name));
    changes
}

/// Whether each input that was used can be told by its content.
fn hashed(report: &Report) -> bool {
    let zips: BTreeMap<_, _> = report.archives.iter().map(|zip| (zip.name.as_str(), &zip.sha256)).collect();
    let known = |input: &&Input| {
        let zip = input.archive.as_deref().and_then(|zip| zips.get(zip));
        input.sha256.is_some() || zip.is_some_and(|hash| hash.is_some())
    };
    let used = |input: &&Input| !matches!(input.status, InputStatus::Refused { .. });
    report.version >= 2 && report.inputs.iter().filter(used).all(|input| known(&input))
}

/// An entry of a zip is known by the zip's hash and its path in it, so a zip
/// that was packed anew changes all of its entries.
fn known(report: &Report, by_hash: bool) -> Known<'_> {
    let zips: BTreeMap<_, _> = report.archives.iter().map(|zip| (zip.name.as_str(), &zip.sha256)).collect();
    let content = |input: &Input| {
        let zip = input.archive.as_deref().and_then(|zip| Some((zip, zips.get(zip)?.as_deref()?)));
        match (&input.sha256, zip) {
            (Some(hash), _) if by_hash => hash.clone(),
            (None, Some((zip, hash))) if by_hash => format!("{hash}{}", &input.name[zip.len()..]),
            _ => format!("{} bytes", input.bytes),
        }
    };
    report.inputs.iter().map(|input| (input.name.as_str(), (content(input), input))).collect()
}

fn file(input: &Input) -> InputFile {
    let status = match input.status {
        InputStatus::Used { .. } => "used",
        InputStatus::Refused { .. } => "refused",
        InputStatus::Duplicate { .. } => "duplicate",
    };
    InputFile { name: input.name.clone(), bytes: input.bytes, status }
}

#[cfg(test)]
mod tests {
    use super::super::complete::tests::completed;
    use super::*;
    use crate::consent::Rule;
    use crate::options::Options;

    fn adds_up(difference: &Difference) {
        for (table, change) in &difference.tables {
            let sum: i64 = change.causes.iter().map(|cause| cause.change).sum();
            assert_eq!(sum, less(change.new, change.old), "{table:?}");
            assert_eq!(sum, less(change.gained, change.lost), "{table:?}");
        }
    }

    #[test]
    fn a_withdrawal_is_the_cause_of_what_it_takes() {
        let old = completed(Options::default());
        let new = completed(Options { withdrawals: vec!["a".to_owned()], ..Options::default() });
        let difference = compare(&old.to_json(), &new.to_json()).unwrap();
        adds_up(&difference);
        assert_eq!(
            difference.options,
            [Changed { name: "withdrawals".into(), old: json!(0), new: json!(1) }]
        );
        assert_eq!(difference.inputs.same, 3);
        let trusted = &difference.tables[&Table::CustomerTrusted];
        assert_eq!((trusted.old, trusted.new, trusted.gained, trusted.lost), (1, 0, 0, 1));
        assert_eq!(
            trusted.causes,
            [Cause { kind: "filtered", name: Some(Rule::Withdrawn.name()), change: -1 }]
        );
        let pairs = &difference.tables[&Table::MachineLearningCurated];
        assert_eq!(pairs.causes, [Cause { kind: "rows_in", name: None, change: -1 }]);
        assert!(difference.privacy.iter().any(|changed| changed.name == "owners"));
    }

    #[test]
    fn a_report_is_no_different_from_itself() {
        let report = completed(Options::default()).to_json();
        let difference = compare(&report, &report).unwrap();
        adds_up(&difference);
        assert!(
            difference.options.is_empty() && difference.privacy.is_empty() && difference.notes.is_empty()
        );
        assert!(difference.tables.values().all(|change| change.causes.is_empty()));
        assert_eq!((difference.inputs.compared_by, difference.inputs.same), ("sha256", 3));
        assert_eq!(difference.tables[&Table::CustomerCurated].same_bytes, Some(true));
    }

    #[test]
    fn inputs_are_told_by_content() {
        let old = completed(Options::default());
        let mut new = old.clone();
        for input in &mut new.inputs {
            match input.name.as_str() {
                "c.json" => input.name = "moved.json".to_owned(),
                "s.json" => input.sha256 = Some("ff".to_owned()),
                _ => {}
            }
        }
        let mut more = new.inputs[0].clone();
        (more.name, more.sha256) = ("t.json".to_owned(), Some("ee".to_owned()));
        new.inputs.push(more);
        let there = difference(&old, &new).inputs;
        assert_eq!(there.renamed, [["c.json".to_owned(), "moved.json".to_owned()]]);
        let names = |files: &[InputFile]| files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            (names(&there.changed), names(&there.added)),
            (vec!["s.json".into()], vec!["t.json".into()])
        );
        assert_eq!((there.same, there.removed.len()), (1, 0), "the zip's entry is the same");
        assert_eq!(names(&difference(&new, &old).inputs.removed), ["t.json"]);
    }

    /// What the first version wrote, cut to what it must have.
    #[test]
    fn a_report_of_version_1_is_understood() {
        let old = r#"{"format":"stedi-lakehouse-report","version":1,"tool":{"name":"stedi-lakehouse","version":"0.1.0"},
            "options":{"consent":"ever","records":"any","shared_serials":"keep","join":"owner","identity":"pseudonym",
            "withdrawals":0,"key":"random"},
            "inputs":[{"name":"c.json","bytes":3,"status":"refused","reason":"empty","message":"it is empty"}],
            "tables":{"customer_landing":{"rows_in":2,"rows_out":1,"filtered":{},"rejected":{"bad_json":1}}},
            "warnings":[],"rejects":[{"file":"c.json","line":1,"offset":0,"bytes":1,"reason":"bad_json"}],
            "rejects_kept":1,"rejects_total":1}"#;
        let difference = compare(old, &completed(Options::default()).to_json()).unwrap();
        adds_up(&difference);
        assert_eq!(difference.inputs.compared_by, "size");
        let codes: Vec<_> = difference.notes.iter().map(|note| note.code).collect();
        assert_eq!(codes, ["random_key", "no_hashes"]);
        assert_eq!(
            difference.tables[&Table::CustomerLanding].causes,
            [
                Cause { kind: "rows_in", name: None, change: -1 },
                Cause { kind: "rejected", name: Some("bad_json"), change: 1 }
            ]
        );
    }
}
