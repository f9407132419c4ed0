//! `history.json`: the versions of a lake in counts and options, and what changed between them.

use crate::audit::{Json, ReportFile, compare};
use crate::error::Error;

/// Its path in a lake.
pub const HISTORY: &str = "history.json";
/// The path of what says when a lake without a history was made.
pub const LINEAGE: &str = "lineage.json";
const FORMAT: &str = "stedi-lakehouse-history";

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// From exports alone.
    Run,
    /// From the version before and new files.
    GoneOn,
    /// From the version before, without some people.
    Erased,
}

impl Made {
    fn name(self) -> &'static str {
        match self {
            Made::Run => "run",
            Made::GoneOn => "gone_on",
            Made::Erased => "erased",
        }
    }
}

/// The history of a lake that has none yet: of its one version, when that was made, as RFC 3339.
pub fn first(report: &ReportFile, time: &str) -> Json {
    document(vec![version(1, Made::Run, report, time, Json::Null)])
}

/// The history of a lake, by its report and the texts of its history and its lineage, as far as it has them.
pub fn of(report: &ReportFile, history: Option<&str>, lineage: Option<&str>) -> Json {
    let known = history.and_then(read);
    // It is wanted for one time alone. A lineage may be any text, and a history without that time is still one.
    let event = lineage.and_then(|text| Json::parse(text).ok()).unwrap_or(Json::Null);
    known.unwrap_or_else(|| first(report, event.text_of("eventTime")))
}

/// The history of a lake that takes the place of another, whose history this is.
///
/// # Errors
/// `Document`, a defect of this program.
pub fn next(
    history: &Json,
    made: Made,
    old: &ReportFile,
    new: &ReportFile,
    time: &str,
) -> Result<Json, Error> {
    let difference = compare(old, new)?;
    let inputs = difference.get("inputs");
    let count = |name: &str| match inputs.get(name) {
        Json::List(items) => Json::Number(items.len().to_string()),
        other => other.clone(),
    };
    // Names of files are in no history.
    let inputs =
        ["same", "added", "removed", "changed", "renamed"].map(|name| (name.to_owned(), count(name)));
    let mut changes = vec![("inputs".to_owned(), Json::Object(inputs.into()))];
    for part in ["options", "pseudonyms", "tables", "privacy"] {
        changes.push((part.to_owned(), difference.get(part).clone()));
    }
    let mut versions = history.get("versions").items().to_vec();
    let number = versions.last().map_or(0, |last| last.count_of("version")) + 1;
    versions.push(version(number, made, new, time, Json::Object(changes)));
    Ok(document(versions))
}

/// Reads a history.
pub fn read(text: &str) -> Option<Json> {
    let json = Json::parse(text).ok()?;
    (json.get("format").text() == Some(FORMAT) && json.count_of("version") == 1).then_some(json)
}

fn document(versions: Vec<Json>) -> Json {
    object(vec![
        ("format", FORMAT.into()),
        ("version", Json::Number("1".to_owned())),
        ("versions", Json::List(versions)),
    ])
}

fn version(number: u64, made: Made, report: &ReportFile, time: &str, changes: Json) -> Json {
    let json = report.json();
    let rows = json.get("tables").fields().iter();
    let rows = rows.map(|(table, counts)| (table.clone(), counts.get("rows_out").clone()));
    let mut fields = vec![
        ("version", Json::Number(number.to_string())),
        ("made", made.name().into()),
        ("time", time.into()),
        ("program", json.get("tool").get("version").clone()),
        ("options", json.get("options").clone()),
        ("rows", Json::Object(rows.collect())),
        ("people", json.get("privacy").get("owners").clone()),
    ];
    // Reports of earlier versions do not say it.
    let admission = Some(json.get("people")).filter(|people| *people != &Json::Null);
    fields.extend(admission.map(|people| ("admission", people.clone())));
    fields.push(("changes", changes));
    object(fields)
}

fn object(fields: Vec<(&str, Json)>) -> Json {
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
