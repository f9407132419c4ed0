//! Tables in the format of Delta Lake: each folder also has a log that names the files of each version, which
//! engines read before they read Parquet. Written by the protocol's text, for readers of version 1 and writers of
//! version 2, with paths relative to the table, so that a lake can be moved.
//!
//! A log depends on the files alone: no clock and no chance is in it, so that the same inputs, options and key give the
//! same bytes. Of the values of rows it has bounds of times and numbers, never of text.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Hashed, Hasher, Json, ReportFile};
use crate::options::Compression;
use crate::parquet::FileStatistics;
use crate::schema::{ColumnType, Table};

/// The folder of the log in that of a table.
pub const LOG: &str = "_delta_log";
/// Hexadecimal digits of a file's SHA-256 in its name: what a version names is never another's.
const NAME_DIGITS: usize = 32;

/// What the logs of a lake are made of.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    /// Of each table's new file.
    pub statistics: BTreeMap<Table, FileStatistics>,
    /// The report of the lake whose logs go on, from which no row has left; none where logs start afresh.
    pub earlier: Option<ReportFile>,
}

/// A file of a table, as a log names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFile {
    /// Its name in the folder of the table.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
    /// Of its rows.
    pub statistics: FileStatistics,
}

/// Where the file of a table lies, named by its content.
pub(super) fn data_path(table: Table, compression: Compression, sha256: &str) -> String {
    let digits = sha256.get(..NAME_DIGITS).unwrap_or(sha256);
    format!("{}/part-00000-{digits}.{}.parquet", table.folder(), compression.extension())
}

/// Where the log of a table says what a version is.
pub fn log_path(table: Table, version: u64) -> String {
    format!("{}/{LOG}/{version:020}.json", table.folder())
}

/// The first version of a table: an entry for each line of its log.
pub fn first(table: Table, file: &DataFile) -> Vec<Json> {
    let protocol = object(vec![("minReaderVersion", number(1)), ("minWriterVersion", number(2))]);
    let none = || object(Vec::new());
    let about = object(vec![
        ("id", table_id(table, &file.sha256).as_str().into()),
        ("name", table.name().into()),
        ("format", object(vec![("provider", "parquet".into()), ("options", none())])),
        ("schemaString", schema(table).line().as_str().into()),
        ("partitionColumns", Json::List(Vec::new())),
        ("configuration", none()),
    ]);
    vec![entry("protocol", protocol), entry("metaData", about), add(file)]
}

/// A later version: this file takes the place of the one that has this name and this size.
pub fn next(name: &str, bytes: u64, file: &DataFile) -> Vec<Json> {
    let gone = object(vec![
        ("path", name.into()),
        ("deletionTimestamp", number(0)),
        ("dataChange", Json::Bool(true)),
        ("extendedFileMetadata", Json::Bool(true)),
        ("partitionValues", object(Vec::new())),
        ("size", number(bytes)),
    ]);
    vec![entry("remove", gone), add(file)]
}

fn add(file: &DataFile) -> Json {
    entry(
        "add",
        object(vec![
            ("path", file.name.as_str().into()),
            ("partitionValues", object(Vec::new())),
            ("size", number(file.bytes)),
            // When it was made is in the report: here it would make every run's bytes others.
            ("modificationTime", number(0)),
            ("dataChange", Json::Bool(true)),
            ("stats", statistics(&file.statistics).line().as_str().into()),
        ]),
    )
}

fn statistics(FileStatistics { rows, columns }: &FileStatistics) -> Json {
    let bounds = |at: usize| {
        let columns = columns.iter();
        let bounds = columns
            .filter_map(|column| Some((column.name, Json::Number(column.bounds.clone()?[at].clone()))));
        object(bounds.collect())
    };
    let nulls = columns.iter().filter_map(|column| Some((column.name, number(column.nulls?))));
    object(vec![
        ("numRecords", number(*rows)),
        ("minValues", bounds(0)),
        ("maxValues", bounds(1)),
        ("nullCount", object(nulls.collect())),
    ])
}

fn schema(table: Table) -> Json {
    let fields = table.columns().iter().map(|column| {
        let ty = match column.ty {
            ColumnType::String => "string",
            ColumnType::Bigint => "long",
            ColumnType::Int => "integer",
            ColumnType::Double => "double",
        };
        object(vec![
            ("name", column.name.into()),
            ("type", ty.into()),
            ("nullable", Json::Bool(true)),
            ("metadata", object(Vec::new())),
        ])
    });
    object(vec![("type", "struct".into()), ("fields", Json::List(fields.collect()))])
}

/// A UUID of version 8, whose bits are our own: they follow from the table and its first file, so that the id stays as
/// long as the log goes on, and the same run gives the same bytes.
fn table_id(table: Table, sha256: &str) -> String {
    let mut hasher = Hasher::default();
    hasher.push(format!("stedi-lakehouse table\n{}\n{sha256}\n", table.name()).as_bytes());
    let mut digits: Vec<char> = hasher.finish().chars().take(32).collect();
    // Where RFC 9562 has the version and the variant.
    digits[12] = '8';
    digits[16] = ['8', '9', 'a', 'b'][digits[16] as usize % 4];
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits[part].iter().collect::<String>());
    parts.join("-")
}

/// The logs of a lake: what is new of them, what stays, and which version each table has.
pub(super) struct LogFiles {
    /// By path, with their text.
    pub documents: Vec<(String, String)>,
    /// Files of earlier versions, and what the logs said of them.
    pub kept: Vec<Hashed>,
    pub versions: BTreeMap<Table, u64>,
}

/// Of a completed report whose tables lie where this format has them.
pub(super) fn log_files(report: &ReportFile, logs: &Logs) -> LogFiles {
    let mut written = LogFiles { documents: Vec::new(), kept: Vec::new(), versions: BTreeMap::new() };
    let earlier = logs.earlier.as_ref().filter(|earlier| earlier.table_format() == "delta");
    for output in report.json().get("outputs").items() {
        let Some(table) = Table::from_name(output.text_of("table")) else { continue };
        let path = output.text_of("file");
        let file = DataFile {
            name: name_of(path).to_owned(),
            bytes: output.count_of("bytes"),
            sha256: output.text_of("sha256").to_owned(),
            statistics: logs.statistics.get(&table).cloned().unwrap_or_default(),
        };
        let before = earlier.and_then(|earlier| {
            earlier
                .json()
                .get("outputs")
                .items()
                .iter()
                .find(|output| output.text_of("table") == table.name())
        });
        let (version, entries) = match before {
            None => (0, first(table, &file)),
            Some(before) if before.text_of("file") == path => (before.count_of("version"), Vec::new()),
            Some(before) => {
                let (gone, bytes) = (name_of(before.text_of("file")), before.count_of("bytes"));
                (before.count_of("version") + 1, next(gone, bytes, &file))
            }
        };
        written.versions.insert(table, version);
        if !entries.is_empty() {
            let text = entries.iter().map(|entry| entry.line() + "\n").collect();
            written.documents.push((log_path(table, version), text));
        }
    }
    let outputs = report.json().get("outputs").items().iter().map(|output| output.text_of("file"));
    let new: BTreeSet<&str> =
        outputs.chain(written.documents.iter().map(|(path, _)| path.as_str())).collect();
    let files = |name: &'static str, path: &'static str| {
        let files = earlier.into_iter().flat_map(move |earlier| earlier.json().get(name).items());
        files.map(move |file| Hashed {
            name: file.text_of(path).to_owned(),
            bytes: file.count_of("bytes"),
            sha256: file.get("sha256").text().map(str::to_owned),
        })
    };
    let is_of_table =
        |path: &str| Table::WRITTEN.iter().any(|table| path.starts_with(&format!("{}/", table.folder())));
    let all = files("outputs", "file").chain(files("files", "path"));
    written.kept = all.filter(|file| is_of_table(&file.name) && !new.contains(file.name.as_str())).collect();
    written
}

impl LogFiles {
    /// All of them, as the report has them.
    pub fn hashed(&self) -> impl Iterator<Item = Hashed> {
        self.documents.iter().map(|(path, text)| Hashed::of_text(path, text)).chain(self.kept.iter().cloned())
    }
}

/// The last part of a path.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn entry(name: &str, inside: Json) -> Json {
    object(vec![(name, inside)])
}

fn object(fields: Vec<(&str, Json)>) -> Json {
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn number(number: u64) -> Json {
    Json::Number(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parquet::ColumnStatistics;
    use serde_json::{Value, json};

    fn file(sha256: char, rows: u64) -> DataFile {
        let column = ColumnStatistics {
            name: Table::StepTrainerTrusted.columns()[0].name,
            nulls: Some(0),
            bounds: Some(["-5".to_owned(), "9007199254740993".to_owned()]),
        };
        let sha256 = sha256.to_string().repeat(64);
        let path = data_path(Table::StepTrainerTrusted, Compression::Gzip, &sha256);
        let statistics = FileStatistics { rows, columns: vec![column] };
        DataFile { name: name_of(&path).to_owned(), bytes: 9, sha256, statistics }
    }

    fn read(entries: &[Json]) -> Vec<Value> {
        entries.iter().map(|entry| serde_json::from_str(&entry.line()).unwrap()).collect()
    }

    #[test]
    fn the_first_version_says_what_the_table_is_and_which_file_it_has() {
        let entries = read(&first(Table::StepTrainerTrusted, &file('a', 7)));
        assert_eq!(entries[0], json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}));
        let about = &entries[1]["metaData"];
        assert_eq!(about["format"], json!({"provider": "parquet", "options": {}}));
        let schema: Value = serde_json::from_str(about["schemaString"].as_str().unwrap()).unwrap();
        let types: Vec<_> = schema["fields"].as_array().unwrap().iter().map(|field| &field["type"]).collect();
        assert_eq!(types, ["long", "string", "integer"]);
        let add = &entries[2]["add"];
        assert_eq!(add["path"], format!("part-00000-{}.gz.parquet", "a".repeat(32)));
        assert_eq!((&add["size"], &add["modificationTime"]), (&json!(9), &json!(0)));
        let stats = add["stats"].as_str().unwrap();
        assert!(!stats.contains(['\n', ' ']), "{stats}");
        let stats: Value = serde_json::from_str(stats).unwrap();
        assert_eq!(stats["numRecords"], 7);
        let time = Table::StepTrainerTrusted.columns()[0].name;
        assert_eq!(
            (&stats["minValues"], &stats["maxValues"][time]),
            (&json!({time: -5}), &json!(9007199254740993u64))
        );
    }

    #[test]
    fn an_id_is_a_uuid_that_follows_from_the_table_and_its_first_file() {
        let id = |table, sha256| table_id(table, sha256);
        let one = id(Table::CustomerTrusted, "a");
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(one.as_bytes()[14] == b'8' && b"89ab".contains(&one.as_bytes()[19]), "{one}");
        assert_eq!(one, id(Table::CustomerTrusted, "a"));
        assert!(one != id(Table::CustomerTrusted, "b") && one != id(Table::CustomerCurated, "a"));
    }

    #[test]
    fn a_later_version_puts_one_file_in_the_place_of_another() {
        let (old, new) = (file('a', 7), file('b', 8));
        let entries = read(&next(&old.name, old.bytes, &new));
        assert_eq!(entries[0]["remove"]["path"], old.name.as_str());
        assert_eq!((&entries[0]["remove"]["size"], entries.len()), (&json!(9), 2));
        assert_eq!(entries[1]["add"]["path"], new.name.as_str());
    }
}
