//! Holds a report against an earlier one: what changed, by how much, and why.
//!
//! Two reports hold counts, not rows, so rows gained and lost are told by what
//! the ledgers say: each cause with what it changed. The changes of a table's
//! causes add up to the change of its rows, always.

use super::ReportFile;
use super::input_changes::{By, input_changes};
use super::json::{Json, document, fill, listed, quoted};
use super::linked::{KEY_UNKNOWN, OTHER_KEY, RANDOM_KEY, TIMES_UNDONE, pseudonyms, times_undone};
use super::table_changes::{Same, names, table_change};
use crate::error::Error;
use crate::options::Options;
use crate::schema::Table;

/// The difference of two reports, the earlier one first: a `Difference` (see
/// `difference.rs`) as JSON.
///
/// # Errors
/// `Document`, a defect of this program.
pub fn compare(old: &ReportFile, new: &ReportFile) -> Result<Json, Error> {
    let (before, after) = (old.json(), new.json());
    let by = By::of(before, after);
    let pseudonyms = pseudonyms(old, new);
    let random = old.option("key") == "random" || new.option("key") == "random";
    let unlinked = pseudonyms == Some("not_linked");
    let undone = times_undone(old, ["identity", "times", "key_check"].map(|name| new.option(name)));
    let other_lake = gone_on_from(before) != gone_on_from(after);
    let notes = [
        (unlinked && random, "random_key", RANDOM_KEY),
        (unlinked && !random, "other_key", OTHER_KEY),
        (pseudonyms == Some("unknown"), "key_unknown", KEY_UNKNOWN),
        (undone, "times_undone", TIMES_UNDONE),
        (other_lake, "gone_on", GONE_ON),
        (by == By::Size, "no_hashes", NO_HASHES),
        (by == By::Content, "numbered", NUMBERED),
        (build(before) != build(after), "other_program", OTHER_PROGRAM),
    ];
    let notes = notes
        .iter()
        .filter(|(holds, ..)| *holds)
        .map(|(_, code, message)| format!(r#"{{"code": "{code}", "message": {}}}"#, quoted(message)));
    // What a file says of its run besides the rows.
    let settings = Options::of_rows().all(|name| old.option(name) == new.option(name))
        && old.compression() == new.compression()
        && before.get("tool").get("version") == after.get("tool").get("version");
    let same = Same { settings, readings: !other_lake };
    let tables = Table::ALL
        .iter()
        .map(|&table| format!(r#""{}": {}"#, table.name(), table_change(table, before, after, same)));
    let text = fill(
        DIFFERENCE,
        &[
            ("before", &before.get("tool").pretty()),
            ("after", &after.get("tool").pretty()),
            ("options", &changed(before.get("options"), after.get("options"))),
            ("pseudonyms", &pseudonyms.map_or("null".to_owned(), quoted)),
            ("inputs", &input_changes(before, after, by)),
            ("tables", &listed(tables)),
            ("people", &people(before.get("people"), after.get("people"))),
            ("privacy", &changed(before.get("privacy"), after.get("privacy"))),
            ("notes", &listed(notes)),
        ],
    );
    document(&text, "the comparison")
}

const DIFFERENCE: &str = r#"{
    "format": "stedi-lakehouse-difference",
    "version": 1,
    "tools": [$before, $after],
    "options": [$options],
    "pseudonyms": $pseudonyms,
    "inputs": $inputs,
    "tables": {$tables},
    "people": [$people],
    "privacy": [$privacy],
    "notes": [$notes]
}"#;

/// The report of the lake that a run went on from; null if there was none.
fn gone_on_from(report: &Json) -> &Json {
    report.get("from").get("report_sha256")
}

fn build(report: &Json) -> [&Json; 2] {
    ["version", "commit"].map(|name| report.get("tool").get(name))
}

const NUMBERED: &str = "A report is that of a research export: it numbers its inputs, and its customer files have no \
                        SHA-256. Inputs are compared by SHA-256 or else by size.";
const GONE_ON: &str = "A run went on from a lake. The rows of that lake stand in for the exports that it was made of, \
                       so the report counts neither the landing rows of those exports nor what the rules left out \
                       of them: rows in, and rows left out or rejected, are of other files than in the other report. \
                       What the trusted and curated tables hold can be compared.";
const NO_HASHES: &str =
    "A report has no SHA-256 of its inputs, so inputs are compared by name and size only.";
const OTHER_PROGRAM: &str =
    "The two runs were made by different builds of the program, which may count differently.";

/// How many people are in and out, where it differs. Reports of earlier versions do not say it.
fn people(old: &Json, new: &Json) -> String {
    if [old, new].contains(&&Json::Null) { String::new() } else { changed(old, new) }
}

/// The fields of two objects that differ, but for the sentence that tells what
/// the others mean, and the check value of a key: see `pseudonyms`.
fn changed(old: &Json, new: &Json) -> String {
    let names = names(old, new).into_iter();
    let differing =
        names.filter(|name| old.get(name) != new.get(name) && !["meaning", "key_check"].contains(name));
    listed(differing.map(|name| {
        let [old, new] = [old, new].map(|fields| fields.get(name).pretty());
        format!(r#"{{"name": {}, "old": {old}, "new": {new}}}"#, quoted(name))
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::difference::Difference;
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::Options;

    fn difference(old: &ReportFile, new: &ReportFile) -> Value {
        let text = compare(old, new).unwrap().pretty();
        let difference: Value = serde_json::from_str(&text).unwrap();
        serde_json::from_str::<Difference>(&text).unwrap();
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
        let people = json!([
            {"name": "admitted", "old": 1, "new": 0},
            {"name": "left_out", "old": 0, "new": 1}
        ]);
        assert_eq!(found["people"], people);
    }

    #[test]
    fn a_report_is_no_different_from_itself() {
        let report = completed(Options::default());
        let found = difference(&report, &report);
        for part in ["options", "people", "privacy", "notes"] {
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
    fn a_run_that_went_on_from_a_lake_is_said_to_count_other_files() {
        let old = completed(Options::default());
        let new = edited(&old, |report| {
            report["from"] = json!({"report_sha256": "ff", "left_out": 0});
        });
        for (old, new) in [(&old, &new), (&new, &old)] {
            assert_eq!(difference(old, new)["notes"][0]["code"], "gone_on");
        }
        let admitted = edited(&new, |report| report["from"]["left_out"] = 1.into());
        // Rows that a run does not leave out, since the lake does not have them, are none that it gained.
        let counts = |rows_in: u64, rows_out: u64| {
            let filtered = json!({"no_consent": rows_in - rows_out});
            json!({"rows_in": rows_in, "rows_out": rows_out, "filtered": filtered, "rejected": {}})
        };
        let trusted = |report: &ReportFile, rows_in, rows_out| {
            edited(report, |report| {
                report["tables"]["accelerometer_trusted"] = counts(rows_in, rows_out);
                report["tables"]["customer_trusted"] = counts(rows_in, rows_out);
            })
        };
        let found = difference(&trusted(&old, 9, 2), &trusted(&new, 4, 3));
        let change = |table: &str| found["tables"][table].clone();
        let of_readings = change("accelerometer_trusted");
        assert_eq!(of_readings["causes"], json!([{"kind": "other_files", "change": 1}]));
        assert_eq!((&of_readings["gained"], &of_readings["lost"]), (&json!(1), &json!(0)));
        // Customers always come whole.
        assert_eq!(change("customer_trusted")["causes"][0], json!({"kind": "rows_in", "change": -5}));
        assert_eq!(difference(&new, &admitted)["notes"], json!([]), "both went on from one lake");
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
    fn a_folder_that_moved_with_a_file_twice_in_it_only_moved() {
        let old = edited(&completed(Options::default()), |report| {
            let inputs = report["inputs"].as_array_mut().unwrap();
            let mut copy = inputs[0].clone();
            copy["name"] = "copy.json".into();
            inputs.push(copy);
        });
        let new = edited(&old, |report| {
            for input in report["inputs"].as_array_mut().unwrap() {
                let name = input["name"].as_str().unwrap();
                if !name.contains("zip") {
                    input["name"] = format!("moved/{name}").into();
                }
            }
        });
        let found = &difference(&old, &new)["inputs"];
        assert_eq!(found["renamed"].as_array().unwrap().len(), 3);
        assert_eq!((&found["added"], &found["removed"]), (&json!([]), &json!([])));
    }

    #[test]
    fn pseudonyms_are_linked_by_one_key() {
        let old = completed(Options::default());
        let keyed = |key: &str, check: Value| {
            edited(&old, |report| {
                report["options"]["key"] = key.into();
                report["options"]["key_check"] = check;
            })
        };
        let same = old.option("key_check");
        for (key, check, pseudonyms, note) in [
            // A random key that was saved and given again.
            ("random", json!(same), json!("linked"), None),
            ("random", json!("00000000"), json!("not_linked"), Some("random_key")),
            ("given", json!("00000000"), json!("not_linked"), Some("other_key")),
            ("given", Value::Null, json!("unknown"), Some("key_unknown")),
        ] {
            let found = difference(&old, &keyed(key, check));
            assert_eq!(found["pseudonyms"], pseudonyms);
            assert_eq!(found["notes"][0]["code"].as_str(), note);
            assert!(!found["options"].to_string().contains("key_check"));
        }
        let serial = Options { identity: crate::options::Identity::Serial, ..Options::default() };
        let found = difference(&old, &completed(serial));
        assert_eq!((&found["pseudonyms"], &found["notes"]), (&Value::Null, &json!([])));
    }

    #[test]
    fn research_reports_are_compared_by_content() {
        let full = completed(Options::default());
        let old = full.for_research();
        let new = edited(&full, |report| {
            let inputs = report["inputs"].as_array_mut().unwrap();
            // Another file of readings of the same size; customers under another name.
            let step = inputs.iter_mut().find(|input| input["table"] == "step_trainer_landing").unwrap();
            step["sha256"] = "ff".into();
            inputs[0]["name"] = "zoe.json".into();
            inputs.push(json!({"name": "a.png", "bytes": 1, "sha256": null, "status": "refused"}));
        });
        for (old, new) in [(&old, &new.for_research()), (&full, &new.for_research()), (&old, &new)] {
            let found = difference(old, new);
            let inputs = &found["inputs"];
            assert_eq!((&inputs["compared_by"], &inputs["same"]), (&json!("content"), &json!(2)), "{found}");
            assert_eq!(inputs["added"].as_array().unwrap().len(), 2);
            assert_eq!(inputs["removed"].as_array().unwrap().len(), 1);
            assert_eq!((&inputs["changed"], &inputs["renamed"]), (&json!([]), &json!([])));
            assert_eq!(found["notes"][0]["code"], "numbered");
        }
        let found = difference(&old, &old);
        assert_eq!((&found["inputs"]["same"], &found["inputs"]["added"]), (&json!(3), &json!([])));
    }

    #[test]
    fn other_bytes_are_other_rows_only_where_nothing_else_differs() {
        let old = completed(Options::default());
        let other = |report: &mut Value| report["outputs"][0]["sha256"] = "ff".into();
        let same =
            |new: &ReportFile| difference(&old, new)["tables"]["customer_trusted"]["same_bytes"].clone();
        assert_eq!(same(&edited(&old, other)), json!(false));
        let latest = Options { records: crate::options::ConsentRecords::Latest, ..Options::default() };
        assert_eq!(same(&edited(&completed(latest), other)), Value::Null);
        let gzip = Options { compression: crate::options::Compression::Gzip, ..Options::default() };
        assert_eq!(same(&edited(&completed(gzip), other)), Value::Null);
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
        assert_eq!(codes, ["key_unknown", "no_hashes"]);
        assert_eq!(
            found["tables"]["customer_landing"]["causes"],
            json!([{"kind": "rows_in", "change": -1}, {"kind": "rejected", "name": "bad_json", "change": 1}])
        );
        assert_eq!(found["privacy"][0], json!({"name": "owners", "old": null, "new": 1}));
        assert_eq!(found["people"], json!([]), "the earlier report does not say it");
    }
}
