//! Holds a report against an earlier one: what changed, by how much, and why.
//!
//! Two reports hold counts, not rows, so rows gained and lost are told by what
//! the ledgers say: each cause with what it changed. The changes of a table's
//! causes add up to the change of its rows, always.

use std::collections::{BTreeMap, BTreeSet};

use super::{Json, ReportFile};
use crate::schema::Table;

/// The difference of two reports, the earlier one first:
///
/// - `format` `stedi-lakehouse-difference`, `version` 1;
/// - `tools`: what made the earlier report, and what the later;
/// - `options`, `privacy`: what differs, as `{name, old, new}`, null where a
///   report does not say;
/// - `inputs`: `compared_by` (`sha256`, or `size` of equal names when a report
///   has no hashes), how many are the `same`, and which were `added`, `removed`
///   and `changed`, as `{name, bytes, status}`, or `renamed`, as `[old, new]`;
/// - `tables`: of all eight by name the rows `old` and `new`, what was `gained`
///   and `lost`, whether the files have the `same_bytes` (null: unknown) and
///   the `causes`, as `{kind, name, change}`: `rows_in` came in, a rule
///   `filtered` or a reason `rejected` fewer or more, or, of a join, there are
///   more or fewer `pairs` than readings with a partner;
/// - `notes`: what to know about this comparison, as `{code, message}`.
pub fn compare(old: &ReportFile, new: &ReportFile) -> Json {
    let (before, after) = (old.json(), new.json());
    let inputs = inputs(before, after);
    let random = [old, new].iter().any(|report| report.option("key") == "random");
    let by_size = inputs.get("compared_by").text() == Some("size");
    let build = |report: &Json| ["version", "commit"].map(|name| report.get("tool").get(name).clone());
    let notes = [
        (random, "random_key", RANDOM_KEY),
        (by_size, "no_hashes", NO_HASHES),
        (build(before) != build(after), "other_program", OTHER_PROGRAM),
    ];
    let notes = notes.into_iter().filter(|(holds, ..)| *holds);
    let mut privacy = changed(before.get("privacy"), after.get("privacy"));
    // A sentence about the numbers above it.
    privacy.retain(|change| change.get("name").text() != Some("meaning"));
    let tables = Table::ALL.map(|table| (table.name().to_owned(), table_change(table, before, after)));
    Json::object([
        ("format", "stedi-lakehouse-difference".into()),
        ("version", 1u64.into()),
        ("tools", Json::list_of([before, after].map(|report| report.get("tool").clone()))),
        ("options", Json::List(changed(before.get("options"), after.get("options")))),
        ("inputs", inputs),
        ("tables", Json::Object(tables.into())),
        ("privacy", Json::List(privacy)),
        (
            "notes",
            Json::list_of(
                notes.map(|(_, code, message)| Json::texts([("code", code), ("message", message)])),
            ),
        ),
    ])
}

const RANDOM_KEY: &str = "A run had a random key of its own, so its pseudonyms are not those of the other run, and \
                          machine_learning_curated differs in every row.";
const NO_HASHES: &str =
    "A report has no SHA-256 of its inputs, so inputs are compared by name and size only.";
const OTHER_PROGRAM: &str =
    "The two runs were made by different builds of the program, which may count differently.";

/// The names of two objects' fields, in the order of the later one.
fn names<'a>(old: &'a Json, new: &'a Json) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let all = new.fields().iter().chain(old.fields());
    all.map(|(name, _)| name.as_str()).filter(|name| seen.insert(*name)).collect()
}

/// The fields of two objects that differ.
fn changed(old: &Json, new: &Json) -> Vec<Json> {
    let differing = names(old, new).into_iter().filter(|name| old.get(name) != new.get(name));
    let told = differing.map(|name| {
        Json::object([("name", name.into()), ("old", old.get(name).clone()), ("new", new.get(name).clone())])
    });
    told.collect()
}

/// Counts of rows are far below 2^63.
fn less(one: u64, other: u64) -> i64 {
    one as i64 - other as i64
}

fn table_change(table: Table, old: &Json, new: &Json) -> Json {
    let counts = |report: &'_ Json| report.get("tables").get(table.name()).clone();
    let (before, after) = (counts(old), counts(new));
    let rows = |counts: &Json| counts.get("rows_out").count();
    let (mut gained, mut lost) = (0, 0);
    let mut causes = Vec::new();
    let mut cause = |kind: &str, name: Option<&str>, change: i64| {
        if change == 0 {
            return;
        }
        *if change > 0 { &mut gained } else { &mut lost } += change.unsigned_abs();
        let mut told = Json::object([("kind", kind.into()), ("change", change.into())]);
        if let Some(name) = name {
            told.set("name", "kind", name.into());
        }
        causes.push(told);
    };
    cause("rows_in", None, less(after.get("rows_in").count(), before.get("rows_in").count()));
    for kind in ["rejected", "filtered"] {
        let (before, after) = (before.get(kind), after.get(kind));
        for name in names(before, after) {
            cause(kind, Some(name), less(before.get(name).count(), after.get(name).count()));
        }
    }
    let pairs = |counts: &Json| match counts.get("rows_matched") {
        Json::Null => 0,
        matched => less(rows(counts), matched.count()),
    };
    cause("pairs", None, pairs(&after) - pairs(&before));

    let hash = |report: &Json| {
        let mut outputs = report.get("outputs").items().iter();
        let output = outputs.find(|output| output.get("table").text() == Some(table.name()));
        output.and_then(|output| output.get("sha256").text()).map(str::to_owned)
    };
    let same = hash(old).zip(hash(new)).map(|(old, new)| Json::Bool(old == new));
    Json::object([
        ("old", rows(&before).into()),
        ("new", rows(&after).into()),
        ("gained", gained.into()),
        ("lost", lost.into()),
        ("same_bytes", same.unwrap_or(Json::Null)),
        ("causes", Json::List(causes)),
    ])
}

fn inputs(old: &Json, new: &Json) -> Json {
    let by_hash = hashed(old) && hashed(new);
    let (old, new) = (known(old, by_hash), known(new, by_hash));
    let (mut same, mut added, mut changed, mut renamed) = (0u64, Vec::new(), Vec::new(), Vec::new());
    // Names of the earlier run that are gone, by content.
    let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, (content, _)) in &old {
        if !new.contains_key(name) {
            gone.entry(content).or_default().push(name);
        }
    }
    for (name, (content, input)) in &new {
        match old.get(name) {
            Some((before, _)) if before == content => same += 1,
            Some(_) => changed.push(told(input)),
            None => match gone.get_mut(content.as_str()).filter(|_| by_hash).and_then(Vec::pop) {
                Some(before) => renamed.push(Json::list_of([before, name].map(Json::from))),
                None => added.push(told(input)),
            },
        }
    }
    let gone: BTreeSet<&str> = gone.into_values().flatten().collect();
    Json::object([
        ("compared_by", if by_hash { "sha256" } else { "size" }.into()),
        ("same", same.into()),
        ("added", Json::List(added)),
        ("removed", Json::list_of(gone.into_iter().map(|name| told(old[name].1)))),
        ("changed", Json::List(changed)),
        ("renamed", Json::List(renamed)),
    ])
}

fn told(input: &Json) -> Json {
    Json::object(["name", "bytes", "status"].map(|name| (name, input.get(name).clone())))
}

/// What an input's content is known by: its hash, or the hash of its zip and the
/// path in it. So a zip that was packed anew changes all of its entries.
fn content(report: &Json, input: &Json) -> Option<String> {
    if let Some(hash) = input.get("sha256").text() {
        return Some(hash.to_owned());
    }
    let zip = input.get("archive").text()?;
    let mut zips = report.get("archives").items().iter();
    let hash = zips.find(|archive| archive.get("name").text() == Some(zip))?.get("sha256").text()?;
    Some(format!("{hash}{}", input.get("name").text()?.strip_prefix(zip)?))
}

/// Whether each input that was used can be told by its content.
fn hashed(report: &Json) -> bool {
    let inputs = report.get("inputs").items().iter();
    let used = |input: &&Json| input.get("status").text() != Some("refused");
    report.get("version").count() > 1 && inputs.filter(used).all(|input| content(report, input).is_some())
}

/// Inputs by name, with what each is known by.
fn known(report: &Json, by_hash: bool) -> BTreeMap<&str, (String, &Json)> {
    let inputs = report.get("inputs").items().iter();
    let known = inputs.map(|input| {
        let size = || format!("{} bytes", input.get("bytes").count());
        let content = if by_hash { content(report, input) } else { None };
        (input.get("name").text().unwrap_or_default(), (content.unwrap_or_else(size), input))
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::Options;

    fn difference(old: &ReportFile, new: &ReportFile) -> Value {
        let difference: Value = serde_json::from_str(&compare(old, new).pretty()).unwrap();
        for (table, change) in difference["tables"].as_object().unwrap() {
            let number = |name: &str| change[name].as_i64().unwrap();
            let causes = change["causes"].as_array().unwrap();
            let sum: i64 = causes.iter().map(|cause| cause["change"].as_i64().unwrap()).sum();
            assert_eq!(sum, number("new") - number("old"), "{table}");
            assert_eq!(sum, number("gained") - number("lost"), "{table}");
        }
        difference
    }

    fn edited(report: &ReportFile, edit: impl FnOnce(&mut Value)) -> ReportFile {
        let mut value = serde_json::from_str(&report.json().pretty()).unwrap();
        edit(&mut value);
        ReportFile::read(&value.to_string()).unwrap()
    }

    #[test]
    fn a_withdrawal_is_the_cause_of_what_it_takes() {
        let old = completed(Options::default());
        let new = completed(Options { withdrawals: vec!["a".to_owned()], ..Options::default() });
        let found = difference(&old, &new);
        assert_eq!(found["options"], json!([{"name": "withdrawals", "old": 0, "new": 1}]));
        assert_eq!(found["inputs"]["same"], 3);
        let causes = |table: &str| &found["tables"][table]["causes"];
        assert_eq!(
            *causes("customer_trusted"),
            json!([{"kind": "filtered", "name": "withdrawn", "change": -1}])
        );
        assert_eq!(*causes("machine_learning_curated"), json!([{"kind": "rows_in", "change": -1}]));
        assert!(
            found["privacy"].as_array().unwrap().contains(&json!({"name": "owners", "old": 1, "new": 0}))
        );
    }

    #[test]
    fn a_report_is_no_different_from_itself() {
        let report = completed(Options::default());
        let found = difference(&report, &report);
        for part in ["options", "privacy", "notes"] {
            assert_eq!(found[part], json!([]));
        }
        assert!(found["tables"].as_object().unwrap().values().all(|change| change["causes"] == json!([])));
        assert_eq!(
            (&found["inputs"]["compared_by"], &found["inputs"]["same"]),
            (&json!("sha256"), &json!(3))
        );
        assert_eq!(found["tables"]["customer_curated"]["same_bytes"], true);
    }

    #[test]
    fn inputs_are_told_by_content() {
        let old = completed(Options::default());
        let new = edited(&old, |report| {
            let inputs = report["inputs"].as_array_mut().unwrap();
            inputs[0]["name"] = "moved.json".into();
            inputs[1]["sha256"] = "ff".into();
            let mut more = inputs[0].clone();
            (more["name"], more["sha256"]) = ("t.json".into(), "ee".into());
            inputs.push(more);
        });
        let found = &difference(&old, &new)["inputs"];
        assert_eq!(found["renamed"], json!([["c.json", "moved.json"]]));
        assert_eq!(
            (&found["changed"][0]["name"], &found["added"][0]["name"]),
            (&json!("s.json"), &json!("t.json"))
        );
        assert_eq!(
            (&found["same"], &found["removed"]),
            (&json!(1), &json!([])),
            "the zip's entry is the same"
        );
        assert_eq!(difference(&new, &old)["inputs"]["removed"][0]["name"], "t.json");
    }

    #[test]
    fn more_pairs_than_readings_are_a_cause_of_their_own() {
        let old = completed(Options::default());
        let new = edited(&old, |report| report["tables"]["machine_learning_curated"]["rows_out"] = 4.into());
        let found = difference(&old, &new);
        assert_eq!(
            found["tables"]["machine_learning_curated"]["causes"],
            json!([{"kind": "pairs", "change": 3}])
        );
    }

    /// What the first version wrote, cut to what it must have.
    #[test]
    fn a_report_of_version_1_is_understood() {
        let old = r#"{"format":"stedi-lakehouse-report","version":1,"tool":{"name":"stedi-lakehouse","version":"0.1.0"},
            "options":{"consent":"ever","records":"any","shared_serials":"keep","join":"owner","identity":"pseudonym",
            "withdrawals":0,"key":"random"},"inputs":[{"name":"c.json","bytes":3,"status":"refused"}],
            "tables":{"customer_landing":{"rows_in":2,"rows_out":1,"filtered":{},"rejected":{"bad_json":1}}}}"#;
        let found = difference(&ReportFile::read(old).unwrap(), &completed(Options::default()));
        assert_eq!(found["inputs"]["compared_by"], "size");
        let codes: Vec<_> = found["notes"].as_array().unwrap().iter().map(|note| &note["code"]).collect();
        assert_eq!(codes, ["random_key", "no_hashes"]);
        assert_eq!(
            found["tables"]["customer_landing"]["causes"],
            json!([{"kind": "rows_in", "change": -1}, {"kind": "rejected", "name": "bad_json", "change": 1}])
        );
        assert_eq!(found["privacy"][0], json!({"name": "owners", "old": null, "new": 1}));
    }
}
