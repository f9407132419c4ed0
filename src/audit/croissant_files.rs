//! The files and records of croissant.json: one file, or, in a research export, those of its splits, which a record
//! set of their names tells apart (<https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html>, "Splits").

use super::json::{fill, listed, quoted};
use super::{Event, Hasher, ReportFile};
use crate::error::{Error, ErrorKind};
use crate::schema::{Column, ColumnType, Table, machine_learning};
use crate::splits::Split;

/// The table that is described.
pub(super) struct Described<'a> {
    /// Its file, or those of its splits.
    pub(super) files: Vec<DataFile<'a>>,
    /// When it was made.
    pub(super) day: &'a str,
}

/// A file of the table.
#[derive(Clone, Copy)]
pub(super) struct DataFile<'a> {
    pub(super) file: &'a str,
    pub(super) sha256: &'a str,
    pub(super) bytes: u64,
    pub(super) rows: u64,
    /// In a research export.
    pub(super) split: Option<Split>,
}

/// # Errors
/// `NotAReport` when machine_learning_curated was not written or not hashed.
pub(super) fn described<'a>(report: &'a ReportFile, event: &'a Event) -> Result<Described<'a>, Error> {
    let name = Table::MachineLearningCurated.name();
    let outputs = report.json().get("outputs").items().iter();
    let outputs = outputs.filter(|output| output.get("table").text() == Some(name));
    let files: Option<Vec<DataFile<'a>>> = outputs
        .map(|output| {
            Some(DataFile {
                file: output.get("file").text()?,
                sha256: output.get("sha256").text()?,
                bytes: output.count_of("bytes"),
                rows: output.count_of("rows"),
                split: Split::from_name(output.text_of("split")),
            })
        })
        .collect();
    let found = files.filter(|files| !files.is_empty()).zip(event.time.get(..10));
    let found = found.map(|(files, day)| Described { files, day });
    found.ok_or_else(|| ErrorKind::NotAReport { problem: format!("it has no {name} with a SHA-256") }.into())
}

impl Described<'_> {
    pub(super) fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// SHA-256 of the file; of several that of the lines of `SHA256SUMS` that are theirs.
    pub(super) fn digest(&self) -> String {
        if let [file] = &self.files[..] {
            return file.sha256.to_owned();
        }
        let mut hasher = Hasher::default();
        self.files.iter().for_each(|file| hasher.push(checksum(file.sha256, file.file).as_bytes()));
        hasher.finish()
    }
}

/// A line of `SHA256SUMS`, as `sha256sum` reads it.
pub(crate) fn checksum(sha256: &str, path: &str) -> String {
    format!("{sha256}  {path}\n")
}

/// The files; the only one may lie at an address of its own.
pub(super) fn distribution(found: &Described<'_>, address: Option<&str>) -> String {
    let mut files: Vec<String> = found.files.iter().map(|file| file_object(file, address)).collect();
    if has_splits(found) {
        files.push(FILE_SET.to_owned());
    }
    listed(files.into_iter())
}

/// What the records of the files are.
pub(super) fn record_sets(found: &Described<'_>, identity: &str, times: &str) -> String {
    let splits = has_splits(found);
    let fields = Table::MachineLearningCurated.columns().iter();
    let fields = fields.map(|column| field(column, splits, identity, times));
    let of_splits = splits.then(|| SPLIT_FIELD.to_owned());
    let table = fill(
        RECORD_SET,
        &[("rows", &found.rows().to_string()), ("fields", &listed(of_splits.into_iter().chain(fields)))],
    );
    let names = found.files.iter().filter_map(|file| file.split);
    let names = names.map(|split| format!(r#"{{"splits/name": {}}}"#, quoted(split.name())));
    let splits = splits.then(|| fill(SPLITS, &[("names", &listed(names))]));
    listed(splits.into_iter().chain([table]))
}

fn has_splits(found: &Described<'_>) -> bool {
    found.files.iter().any(|file| file.split.is_some())
}

fn file_object(
    DataFile { file, sha256, bytes, rows, split }: &DataFile<'_>,
    address: Option<&str>,
) -> String {
    let (id, about, address) = match split {
        Some(split) => (split.name(), format!("The {} split, as Parquet: {rows} rows", split.name()), *file),
        None => (
            Table::MachineLearningCurated.name(),
            "The whole table, as Parquet".to_owned(),
            address.unwrap_or(file),
        ),
    };
    fill(
        FILE_OBJECT,
        &[
            ("id", id),
            ("file", &quoted(file.rsplit('/').next().unwrap_or(file))),
            ("about", &quoted(&about)),
            ("address", &quoted(address)),
            ("bytes", &bytes.to_string()),
            ("sha", &quoted(sha256)),
        ],
    )
}

fn field(column: &Column, splits: bool, identity: &str, times: &str) -> String {
    let about = meaning(column, identity, times);
    let kind = match column.ty {
        ColumnType::String => "sc:Text",
        ColumnType::Bigint | ColumnType::Int => "sc:Integer",
        ColumnType::Double => "sc:Float",
    };
    let source = match splits {
        true => r#""fileSet": {"@id": "parquet-files"}"#,
        false => r#""fileObject": {"@id": "machine_learning_curated.parquet"}"#,
    };
    fill(FIELD, &[("name", column.name), ("about", &quoted(about)), ("kind", kind), ("source", source)])
}

const FILE_OBJECT: &str = r#"{
    "@type": "cr:FileObject",
    "@id": "$id.parquet",
    "name": $file,
    "description": $about,
    "contentUrl": $address,
    "contentSize": "$bytes B",
    "encodingFormat": "application/x-parquet",
    "sha256": $sha
}"#;

const FILE_SET: &str = r#"{
    "@type": "cr:FileSet",
    "@id": "parquet-files",
    "name": "parquet-files",
    "description": "The files of all splits",
    "encodingFormat": "application/x-parquet",
    "includes": "data/*-00000-of-00001.parquet"
}"#;

const SPLITS: &str = r#"{
    "@type": "cr:RecordSet",
    "@id": "splits",
    "name": "splits",
    "description": "Each subject is in one of them",
    "dataType": "cr:Split",
    "key": {"@id": "splits/name"},
    "field": [{
        "@type": "cr:Field",
        "@id": "splits/name",
        "name": "name",
        "description": "What the split is called",
        "dataType": "sc:Text"
    }],
    "data": [$names]
}"#;

const RECORD_SET: &str = r#"{
    "@type": "cr:RecordSet",
    "@id": "machine_learning_curated",
    "name": "machine_learning_curated",
    "description": "$rows rows",
    "field": [$fields]
}"#;

const SPLIT_FIELD: &str = r#"{
    "@type": "cr:Field",
    "@id": "machine_learning_curated/split",
    "name": "split",
    "description": "The split that the row's subject is in",
    "dataType": "sc:Text",
    "source": {
        "fileSet": {"@id": "parquet-files"},
        "extract": {"fileProperty": "fullpath"},
        "transform": {"regex": "data/(train|test)-00000-of-00001.parquet$"}
    },
    "references": {"field": {"@id": "splits/name"}}
}"#;

const FIELD: &str = r#"{
    "@type": "cr:Field",
    "@id": "machine_learning_curated/$name",
    "name": "$name",
    "description": $about,
    "dataType": "$kind",
    "source": {
        $source,
        "extract": {"column": "$name"}
    }
}"#;

/// What the times are: the column's description, and what was done to them.
pub(super) fn about_times(times: &str) -> (&'static str, &'static str) {
    match times {
        "shifted" => (
            "When both readings were taken, moved: epoch milliseconds, UTC, less a number of weeks for each subject",
            "Times are moved: all those of a subject are earlier by one number of whole weeks, 1 to 520, which follows \
             from the key and the email. Weekday, hour in UTC and intervals within a subject are as measured; dates, \
             and intervals between subjects, are not.",
        ),
        "relative" => (
            "When both readings were taken: milliseconds since the subject's first row",
            "Times are relative: milliseconds since the subject's first row. Intervals within a subject are as \
             measured; dates, hours, and intervals between subjects are not known.",
        ),
        _ => ("When both readings were taken: epoch milliseconds, UTC", "Times are those of measurement."),
    }
}

/// What a column holds, under these options.
pub(super) fn meaning(column: &Column, identity: &str, times: &str) -> &'static str {
    let [subject, time] = [machine_learning::SUBJECT, machine_learning::SENSORREADINGTIME]
        .map(|at| column.name == Table::MachineLearningCurated.columns()[at].name);
    match identity {
        "pseudonym" if subject => "Who is measured: a pseudonym, the same in all rows of a person",
        _ if subject => "Who is measured: the serial number of the step trainer",
        _ if time => about_times(times).0,
        _ => column.meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn described(splits: &[Option<Split>]) -> Described<'static> {
        let file = |&split: &Option<Split>| DataFile {
            file: split.map_or("x.parquet", Split::path),
            sha256: "ab",
            bytes: 3,
            rows: 2,
            split,
        };
        Described { files: splits.iter().map(file).collect(), day: "2026-01-02" }
    }

    fn json(parts: &str) -> Value {
        serde_json::from_str(&format!("[{parts}]")).unwrap()
    }

    #[test]
    fn splits_are_files_and_records_of_their_names() {
        for splits in [&[Some(Split::Train)][..], &[Some(Split::Train), Some(Split::Test)]] {
            let found = described(splits);
            let files = json(&distribution(&found, None));
            assert_eq!(files.as_array().unwrap().len(), splits.len() + 1, "and the set of them");
            assert_eq!(files[0]["contentUrl"], Split::Train.path());
            let sets = json(&record_sets(&found, "pseudonym", "exact"));
            assert_eq!(sets[0]["data"].as_array().unwrap().len(), splits.len());
            assert_eq!(sets[1]["field"][0]["references"]["field"]["@id"], "splits/name");
            assert_eq!(sets[1]["description"], format!("{} rows", 2 * splits.len()));
            let sources = sets[1]["field"].as_array().unwrap().iter().map(|field| &field["source"]);
            assert!(sources.into_iter().all(|source| source["fileSet"]["@id"] == "parquet-files"));
        }
    }

    #[test]
    fn one_file_has_no_splits() {
        let found = described(&[None]);
        let files = json(&distribution(&found, Some("far/x.parquet")));
        assert_eq!((files.as_array().unwrap().len(), &files[0]["contentUrl"]), (1, &"far/x.parquet".into()));
        let sets = json(&record_sets(&found, "pseudonym", "exact"));
        assert_eq!(sets.as_array().unwrap().len(), 1);
        assert_eq!(sets[0]["field"][0]["source"]["fileObject"]["@id"], files[0]["@id"]);
    }
}
