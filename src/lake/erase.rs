//! Erasing people from a lake without the files it was made of. The tables are those of a run with these
//! withdrawals; here is what goes around that run: who is erased, the report that stays, and the evidence.

use std::collections::BTreeSet;

use super::search::Searched;
use crate::audit::{Hashed, Hasher, Json, ReportFile, quoted};
use crate::error::{Error, ErrorKind};
use crate::export::is_of_spark;
use crate::options::{Key, Options};
use crate::schema::Table;
use crate::spelling::{folded, trimmed};

/// The path of the evidence in a lake.
pub const ERASURE: &str = "erasure.json";
const FORMAT: &str = "stedi-lakehouse-erasure";
/// What stands in the place of a text of a report that names somebody who was erased.
const REPLACED: &str = "erased name";
/// Rows that came in and were left out of these tables, by rule, are those of the lake's own run and of the erasure.
const FROM_LANDING: [Table; 3] =
    [Table::CustomerTrusted, Table::AccelerometerTrusted, Table::StepTrainerTrusted];
/// Fields of a report that hold names of files; all other texts are the program's.
const NAMES: [&str; 4] = ["name", "archive", "of", "file"];
/// Warnings that say of tables what is counted anew.
const COUNTED_ANEW: [&str; 3] = ["mixed_pairs", "withdrawn_steps", "serial_identity"];

/// The options that a lake was made under, with other withdrawals, and how many it had.
///
/// # Errors
/// `NotALake` if the report has an option that this program does not know.
pub fn options_of(report: &ReportFile, withdrawals: Vec<String>) -> Result<(Options, usize), Error> {
    let mut options = serde_json::Map::new();
    for option in Options::all() {
        if report.json().get("options").get(option.name) != &Json::Null {
            options.insert(option.name.to_owned(), report.option(option.name).into());
        }
    }
    let before = report.json().get("options").count_of("withdrawals") as usize;
    let problem = || ErrorKind::NotALake { problem: "its report has options that are not known".to_owned() };
    let options: Options = serde_json::from_value(options.into()).map_err(|_| problem())?;
    Ok((Options { withdrawals, ..options }, before))
}

/// The report of a lake after an erasure: the lake's own, with what the run of the erasure counted. Rows that
/// it took count under the rules that took them; where a table was made of another table of the lake its ledger is
/// that run's. `is_erased` is asked of each text, and told whether somebody gave it to a file as its name.
///
/// # Errors
/// `Document`, a defect of this program.
pub fn report_after(
    old: &ReportFile,
    run: &ReportFile,
    outputs: &[(Table, Hashed)],
    is_erased: impl Fn(&str, bool) -> bool,
) -> Result<(ReportFile, u64), Error> {
    let mut names = Names { is_erased, known: Vec::new() };
    let mut report = names.replaced(old.json(), "");
    let of_run = run.json();
    for part in ["tool", "options", "privacy"] {
        report.set(part, part, of_run.get(part).clone());
    }
    // Lakes of earlier versions have none.
    report.set("quality", "privacy", of_run.get("quality").clone());
    // Lakes of earlier versions have none of these either. Whoever this run left out had been admitted.
    if let Some(people) = report.get_mut("people") {
        let left_out = people.count_of("left_out") + of_run.get("people").count_of("left_out");
        *people = of_run.get("people").clone();
        people.set("left_out", "admitted", number(left_out));
    }
    let before = old.json().get("options").count_of("withdrawals");
    let withdrawals = before + of_run.get("options").count_of("withdrawals");
    if let Some(options) = report.get_mut("options") {
        options.set("withdrawals", "compression", number(withdrawals));
    }
    if is_of_spark(old) {
        report.set("tables", "inputs", of_lake(of_run.get("tables")));
    }
    for table in Table::WRITTEN.into_iter().filter(|_| !is_of_spark(old)) {
        let name = table.name();
        let counts = of_run.get("tables").get(name);
        let counts = if FROM_LANDING.contains(&table) {
            both(old.json().get("tables").get(name), counts)
        } else {
            counts.clone()
        };
        if let Some(tables) = report.get_mut("tables") {
            tables.set(name, name, counts);
        }
    }
    report.set("version", "format", of_run.get("version").clone());
    let is_anew = |warning: &&Json| COUNTED_ANEW.contains(&warning.text_of("code"));
    let kept = report.get("warnings").items().iter().filter(|warning| !is_anew(warning));
    let anew = of_run.get("warnings").items().iter().filter(is_anew);
    let warnings = kept.chain(anew).cloned().collect();
    report.set("warnings", "privacy", Json::List(warnings));
    let mut report = ReportFile::read(&report.pretty())?;
    report.set_outputs(outputs)?;
    Ok((report, names.known.len() as u64))
}

/// The ledger of a run over a lake: where a lake has none of its own, its rows are those that came in.
fn of_lake(run: &Json) -> Json {
    let mut tables = run.clone();
    let landing = [Table::CustomerLanding, Table::AccelerometerLanding, Table::StepTrainerLanding];
    for (table, landing) in FROM_LANDING.iter().zip(landing) {
        if let Some(counts) = tables.get_mut(table.name()) {
            let rows =
                counts.count_of("rows_in").saturating_sub(run.get(landing.name()).count_of("rows_out"));
            counts.set("rows_in_lake", "rows_in", number(rows));
        }
    }
    tables
}

/// The ledger of a table that was made of landing records, of whose rows a run took some.
fn both(old: &Json, run: &Json) -> Json {
    let mut counts = old.clone();
    counts.set("rows_out", "rows_in", run.get("rows_out").clone());
    if run.get("duplicates") != &Json::Null {
        counts.set("duplicates", "rejected", run.get("duplicates").clone());
    }
    let mut filtered = old.get("filtered").clone();
    for (rule, more) in run.get("filtered").fields() {
        let sum = old.get("filtered").count_of(rule) + more.count();
        filtered.set(rule, "", number(sum));
    }
    counts.set("filtered", "rows_out", filtered);
    counts
}

/// Texts that name somebody: each gets a number.
struct Names<F> {
    is_erased: F,
    known: Vec<String>,
}

impl<F: Fn(&str, bool) -> bool> Names<F> {
    fn replaced(&mut self, json: &Json, field: &str) -> Json {
        match json {
            // These hold no text of a file.
            _ if ["tool", "options", "tables", "outputs", "files"].contains(&field) => json.clone(),
            Json::Text(text) if (self.is_erased)(text, NAMES.contains(&field)) => {
                let at = self.known.iter().position(|known| known == text).unwrap_or_else(|| {
                    self.known.push(text.clone());
                    self.known.len() - 1
                });
                format!("{REPLACED} {}", at + 1).into()
            }
            Json::List(items) => Json::List(items.iter().map(|item| self.replaced(item, "")).collect()),
            Json::Object(fields) if field != "from" || fields.is_empty() => {
                let fields = fields.iter();
                Json::Object(fields.map(|(name, value)| (name.clone(), self.replaced(value, name))).collect())
            }
            Json::Object(fields) => {
                // Its files are of other runs, and have names.
                let fields = fields.iter().map(|(name, value)| (name.clone(), self.replaced(value, "")));
                Json::Object(fields.collect())
            }
            other => other.clone(),
        }
    }
}

/// What an erasure has to say for itself.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// When, as RFC 3339.
    pub time: String,
    /// Of the request, if one was given.
    pub reference: Option<String>,
    /// Entries of the list.
    pub asked: usize,
    /// Of them those that were found in the lake.
    pub matched: usize,
    /// See [`commitment`].
    pub commitment: Option<String>,
    /// What became of the key of the pseudonyms.
    pub key: KeyFate,
    /// Landing files that were removed from the lake.
    pub landing_files: usize,
    /// Serial numbers of erased people that somebody else in the lake has too.
    pub shared_serials: usize,
    /// File names and other texts of the report that named somebody and were replaced.
    pub names_replaced: u64,
    /// Files of the lake that were searched.
    pub files: usize,
    /// What of the tables was searched.
    pub searched: Searched,
}

/// What became of the key of the pseudonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFate {
    /// The lake has the key it had.
    Kept,
    /// Everyone has another pseudonym.
    New,
    /// The lake has no pseudonyms.
    None,
}

/// By which who has the key and the list can show that this list was erased: HMAC-SHA-256, in hex, under the key
/// of the pseudonyms, of the entries, folded, sorted, each followed by a line end.
pub fn commitment(key: &Key, entries: &[String]) -> String {
    let entries: BTreeSet<String> = entries.iter().map(|entry| folded(entry)).collect();
    let lines: String = entries.iter().map(|entry| format!("{}\n", trimmed(entry))).collect();
    hex::encode(key.keyed_hash().of([lines.as_bytes()]))
}

/// `erasure.json`: the erasures of a lake, the last of which is this one, from the report before it and the report
/// after it.
///
/// # Errors
/// `Document`, a defect of this program.
pub fn evidence(
    before: Option<&Json>,
    old: &ReportFile,
    new: &ReportFile,
    erasure: &Erasure,
) -> Result<Json, Error> {
    let [was, is] = [old, new].map(ReportFile::json);
    let output = |report: &Json, table: &str| quoted(&hash_of(report, table));
    let tables: Vec<String> = Table::WRITTEN
        .iter()
        .map(|table| {
            let name = table.name();
            let [was_rows, is_rows] =
                [was, is].map(|report| report.get("tables").get(name).count_of("rows_out"));
            format!(
                r#""{name}": {{"rows_before": {was_rows}, "rows_after": {is_rows}, "removed": {},
                    "sha256_before": {}, "sha256_after": {}}}"#,
                was_rows.saturating_sub(is_rows),
                output(was, name),
                output(is, name)
            )
        })
        .collect();
    let Searched { values, dictionary_values, pages, statistics, index_values, footer_values, .. } =
        erasure.searched;
    let key = match erasure.key {
        KeyFate::Kept => "kept",
        KeyFate::New => "new",
        KeyFate::None => "none",
    };
    let reference = erasure.reference.as_deref();
    let reference = reference.map_or(String::new(), |text| format!(r#""reference": {}, "#, quoted(text)));
    let text = format!(
        r#"{{"time": {}, {reference}"tool": {}, "asked": {}, "matched": {}, "commitment": {}, "key": "{key}",
            "landing_files_removed": {}, "names_replaced": {}, "shared_serial_numbers": {},
            "tables": {{{}}},
            "searched": {{"files": {}, "values": {values}, "dictionary_values": {dictionary_values},
                "pages": {pages}, "statistics": {statistics}, "index_values": {index_values},
                "footer_values": {footer_values}}},
            "matches_left": 0,
            "not_reached": [{}]}}"#,
        quoted(&erasure.time),
        is.get("tool").pretty(),
        erasure.asked,
        erasure.matched,
        erasure.commitment.as_deref().map_or("null".to_owned(), quoted),
        erasure.landing_files,
        erasure.names_replaced,
        erasure.shared_serials,
        tables.join(","),
        erasure.files,
        NOT_REACHED.map(quoted).join(","),
    );
    let this = Json::parse(&text)
        .map_err(|_| Error::from(ErrorKind::Document { expected: "erasure.json", cause: None }))?;
    let mut erasures = before.map_or_else(Vec::new, |before| before.get("erasures").items().to_vec());
    erasures.push(this);
    Ok(Json::Object(vec![
        ("format".to_owned(), FORMAT.into()),
        ("version".to_owned(), number(1)),
        ("erasures".to_owned(), Json::List(erasures)),
    ]))
}

/// SHA-256 of a table's file. Of a table in parts that of what `sha256sum` prints of them, called in the lake.
fn hash_of(report: &Json, table: &str) -> String {
    let outputs = report.get("outputs").items().iter().filter(|output| output.text_of("table") == table);
    let parts: Vec<[&str; 2]> =
        outputs.map(|output| [output.text_of("sha256"), output.text_of("file")]).collect();
    match parts.as_slice() {
        [] => String::new(),
        [[sha256, _]] => (*sha256).to_owned(),
        parts => {
            let mut hasher = Hasher::default();
            parts.iter().for_each(|[sha256, path]| hasher.push(format!("{sha256}  {path}\n").as_bytes()));
            hasher.finish()
        }
    }
}

/// The evidence of earlier erasures, whose references may name somebody who is erased now.
pub(super) fn without_names(evidence: &Json, is_named_in: impl Fn(&str) -> bool) -> Json {
    let mut evidence = evidence.clone();
    for erasure in evidence.get_mut("erasures").map_or(&mut [][..], Json::items_mut) {
        if is_named_in(erasure.text_of("reference")) {
            erasure.set("reference", "time", REPLACED.into());
        }
    }
    evidence
}

/// Reads the evidence of earlier erasures.
pub fn read_evidence(text: &str) -> Option<Json> {
    let json = Json::parse(text).ok()?;
    (json.get("format").text() == Some(FORMAT) && json.count_of("version") == 1).then_some(json)
}

const NOT_REACHED: [&str; 5] = [
    "the exports that the lake was made of, and any other files outside the lake",
    "copies of the lake, and what was exported or queried from it",
    "backups and snapshots of the disk",
    "older versions of objects, where the lake lies in an object store that keeps them",
    "models, statistics and publications that were made of the tables",
];

fn number(number: u64) -> Json {
    Json::Number(number.to_string())
}
