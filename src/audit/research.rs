//! The report as a research export has it. Names of files can be names of
//! people, and whoever guesses what is in a customer file can try its hash: so
//! every input is a number with a size, and only readings have a hash.
//!
//! What is not known here to hold no name stays out.

use std::collections::BTreeMap;

use super::json::Json;
use crate::schema::Table;

/// Fields of a report in which no input is named. `files` are those of the export,
/// which has no landing files.
const NAMELESS: [&str; 15] = [
    "format",
    "version",
    "tool",
    "incomplete",
    "options",
    "tables",
    "table_format",
    "outputs",
    "splits",
    "files",
    "people",
    "privacy",
    "quality",
    "rejects_kept",
    "rejects_total",
];
/// Texts of an input, a reject or a warning that are this program's own. Not
/// `message` of an input and `detail` of a reject: errors of libraries get into
/// those, and some of them name the file.
const OWN: [&str; 5] = ["status", "table", "reason", "field", "code"];
const MESSAGE: &str = "Not read. The message is in the full report.";

/// What a research export says in the place of a completed report.
pub(super) fn research(report: &Json) -> Json {
    let inputs = report.get("inputs").items();
    let mut order: Vec<&Json> = inputs.iter().collect();
    // By what they are, so that a number says nothing of a name.
    order.sort_by_key(|input| (input.text_of("status"), input.text_of("table"), input.count_of("bytes")));
    let mut archives: Vec<&Json> = report.get("archives").items().iter().collect();
    archives.sort_by_key(|archive| archive.count_of("bytes"));
    let known = Known {
        inputs: labels("input", order.iter().copied()),
        archives: labels("archive", archives.iter().copied()),
    };
    let readings = readings(inputs);
    let mut of_readings: BTreeMap<&str, bool> = BTreeMap::new();
    for input in inputs {
        *of_readings.entry(input.text_of("archive")).or_insert(true) &= readings[input.text_of("name")];
    }

    let numbered = order.iter().map(|input| {
        let hashed = readings[input.text_of("name")];
        rewritten(input, |name, value| known.input_field(name, value, hashed))
    });
    let zips = archives.iter().map(|zip| {
        let hashed = of_readings.get(zip.text_of("name")).copied().unwrap_or(false);
        rewritten(zip, |name, value| match name {
            "name" => Some(known.archive(value)),
            _ => known.input_field(name, value, hashed),
        })
    });
    let mut rejects: Vec<&Json> = report.get("rejects").items().iter().collect();
    // Stable: those of one input stay in their order.
    rejects.sort_by_key(|reject| known.inputs.get(reject.text_of("file")));
    let rejects = rejects.into_iter().map(|reject| {
        rewritten(reject, |name, value| match name {
            "file" => Some(known.input(value)),
            _ => own(name, value),
        })
    });
    let warnings = report.get("warnings").items().iter().map(|warning| {
        rewritten(warning, |name, value| match name {
            "message" => Some(value.clone()),
            _ => own(name, value),
        })
    });

    let mut told = rewritten(report, |name, value| match value {
        value if NAMELESS.contains(&name) => Some(value.clone()),
        Json::Number(_) | Json::Bool(_) | Json::Null => Some(value.clone()),
        // In their places; filled below.
        _ if ["inputs", "archives", "warnings", "rejects"].contains(&name) => Some(Json::Null),
        _ => None,
    });
    let from = report.get("from");
    if from != &Json::Null {
        told.set("from", "tables", earlier(from));
    }
    told.set("inputs", "options", Json::List(numbered.collect()));
    told.set("inputs_by", "options", "number".into());
    told.set("archives", "inputs", Json::List(zips.collect()));
    told.set("warnings", "privacy", Json::List(warnings.collect()));
    told.set("rejects", "warnings", Json::List(rejects.collect()));
    told
}

/// The lake that the run went on from, without the names of its files.
fn earlier(from: &Json) -> Json {
    let files = from.get("files").items().iter().zip(1..).map(|(file, number)| {
        rewritten(file, |name, value| match name {
            "name" => Some(format!("earlier file {number}").into()),
            // It may be that of a zip that held customers too.
            "sha256" => Some(Json::Null),
            _ => own(name, value),
        })
    });
    let mut told = from.clone();
    told.set("files", "newly_admitted", Json::List(files.collect()));
    told
}

/// What each input and each archive is called, by its name.
struct Known<'a> {
    inputs: BTreeMap<&'a str, (usize, String)>,
    archives: BTreeMap<&'a str, (usize, String)>,
}

fn labels<'a>(what: &str, named: impl Iterator<Item = &'a Json>) -> BTreeMap<&'a str, (usize, String)> {
    let numbered =
        named.zip(1..).map(|(one, number)| (one.text_of("name"), (number, format!("{what} {number}"))));
    numbered.collect()
}

impl Known<'_> {
    fn input(&self, name: &Json) -> Json {
        label(&self.inputs, name, "an input")
    }

    fn archive(&self, name: &Json) -> Json {
        label(&self.archives, name, "an archive")
    }

    fn input_field(&self, name: &str, value: &Json, hashed: bool) -> Option<Json> {
        match name {
            "name" | "of" => Some(self.input(value)),
            "archive" => Some(self.archive(value)),
            "sha256" => Some(if hashed { value.clone() } else { Json::Null }),
            "message" => Some(MESSAGE.into()),
            _ => own(name, value),
        }
    }
}

fn label(labels: &BTreeMap<&str, (usize, String)>, name: &Json, otherwise: &str) -> Json {
    let known = name.text().and_then(|name| labels.get(name));
    known.map_or(otherwise, |(_, label)| label).into()
}

/// A field that holds no name: a number, or a text of this program.
fn own(name: &str, value: &Json) -> Option<Json> {
    match value {
        Json::Number(_) | Json::Bool(_) | Json::Null => Some(value.clone()),
        Json::Text(_) if OWN.contains(&name) => Some(value.clone()),
        _ => None,
    }
}

fn rewritten(object: &Json, mut field: impl FnMut(&str, &Json) -> Option<Json>) -> Json {
    let fields = object.fields().iter();
    let fields = fields.filter_map(|(name, value)| Some((name.clone(), field(name, value)?)));
    Json::Object(fields.collect())
}

/// Whether each input, by its name, holds readings and nothing else; of one that
/// was refused nobody knows what it holds.
fn readings(inputs: &[Json]) -> BTreeMap<&str, bool> {
    let holds = |input: &Json| {
        let table = Table::from_name(input.text_of("table"));
        matches!(table, Some(Table::AccelerometerLanding | Table::StepTrainerLanding))
    };
    let mut readings: BTreeMap<&str, bool> = BTreeMap::new();
    for input in inputs.iter().filter(|input| input.text_of("status") != "duplicate") {
        // Of two with one name both must.
        let known = readings.entry(input.text_of("name")).or_insert(true);
        *known &= holds(input);
    }
    for input in inputs.iter().filter(|input| input.text_of("status") == "duplicate") {
        let original = readings.get(input.text_of("of")).copied().unwrap_or(false);
        *readings.entry(input.text_of("name")).or_insert(true) &= original;
    }
    readings
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::ReportFile;
    use super::super::report_file::tests::completed;
    use crate::options::Options;

    fn research(edit: impl FnOnce(&mut Value)) -> Value {
        let mut value: Value = serde_json::from_str(&completed(Options::default()).json().pretty()).unwrap();
        edit(&mut value);
        let report = ReportFile::read(&value.to_string()).unwrap().for_research();
        serde_json::from_str(&report.json().pretty()).unwrap()
    }

    #[test]
    fn inputs_are_numbers_and_only_readings_have_hashes() {
        let told = research(|_| ());
        let inputs = told["inputs"].as_array().unwrap();
        let names: Vec<_> = inputs.iter().map(|input| [&input["name"], &input["table"]]).collect();
        assert_eq!(
            names,
            [
                [&json!("input 1"), &json!("accelerometer_landing")],
                [&json!("input 2"), &json!("customer_landing")],
                [&json!("input 3"), &json!("step_trainer_landing")]
            ]
        );
        assert_eq!((&inputs[1]["sha256"], &told["inputs_by"]), (&Value::Null, &json!("number")));
        assert_eq!(inputs[2]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(inputs[0]["archive"], told["archives"][0]["name"]);
        assert!(told["archives"][0]["sha256"].is_string(), "a zip of readings only");
        assert!(!told.to_string().contains(".json"), "{told}");
        let again = ReportFile::read(&told.to_string()).unwrap().for_research();
        assert_eq!(serde_json::from_str::<Value>(&again.json().pretty()).unwrap(), told);
    }

    #[test]
    fn what_may_hold_customers_has_no_hash_and_what_may_hold_a_name_is_left_out() {
        let told = research(|report| {
            let inputs = report["inputs"].as_array_mut().unwrap();
            let mut copy = inputs[0].clone();
            (copy["name"], copy["status"], copy["of"]) =
                ("Ann Ash.json".into(), "duplicate".into(), "c.json".into());
            copy.as_object_mut().unwrap().remove("table");
            let refused = json!({"name": "z.zip/Ann Ash", "bytes": 1, "sha256": "ab", "archive": "z.zip",
                "status": "refused", "reason": "unreadable", "message": "cannot open Ann Ash", "to_come": "Ann Ash"});
            inputs.extend([copy, refused]);
            report["rejects"] = json!([{"file": "z.zip/a.json", "line": 1, "offset": 0, "bytes": 1,
                "reason": "bad_json", "detail": "in Ann Ash"}]);
            report["to_come"] = json!(["Ann Ash"]);
        });
        assert!(!told.to_string().contains("Ash"), "{told}");
        let hashes: Vec<_> =
            told["inputs"].as_array().unwrap().iter().map(|input| &input["sha256"]).collect();
        assert_eq!(hashes.iter().filter(|hash| hash.is_null()).count(), 4, "{told}");
        let duplicate = &told["inputs"][0];
        assert_eq!((&duplicate["status"], &duplicate["of"]), (&json!("duplicate"), &json!("input 4")));
        assert_eq!(told["archives"][0]["sha256"], Value::Null, "it holds a file that nobody could read");
        assert_eq!(told["rejects"][0]["file"], "input 3");
    }
}
