//! The lake as a tree of files, as it is written to a folder, put into a zip or
//! onto S3. The command line and the page both write what is listed here.

mod ddl;
pub mod delta;
mod files;

pub use ddl::{BUCKET, ddl};
pub use delta::Logs;
pub use files::{LakeFile, documents, is_of_spark, lake_files};

use std::collections::{BTreeMap, BTreeSet};

use delta::LogFiles;
use serde::{Deserialize, Serialize};

use crate::audit::{
    Completion, Event, Hashed, InPlace, Json, Landing, Publication, ReportFile, checksum, contract,
    croissant, data_card, lineage, rulesets,
};
use crate::error::Error;
use crate::options::Compression;
use crate::schema::Table;
use crate::splits::Split;

/// What is handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Export {
    /// The five tables, what defines them and what tells of the run. Its trusted
    /// tables and customer_curated identify people.
    #[default]
    Lake,
    /// machine_learning_curated, all of it or by splits, its report, in which no input is named, its
    /// Croissant description, its contract, a data card, and checksums.
    Research,
}

impl Export {
    /// The tables in it.
    pub fn tables(self) -> &'static [Table] {
        match self {
            Export::Lake => &Table::WRITTEN,
            Export::Research => &[Table::MachineLearningCurated],
        }
    }

    /// Where the file of a table lies that has this SHA-256; of a research export, that of its training data.
    pub fn table_path(
        self,
        format: TableFormat,
        table: Table,
        compression: Compression,
        sha256: &str,
    ) -> String {
        match self {
            Export::Lake => format.table_path(table, compression, sha256),
            Export::Research => Split::Train.path().to_owned(),
        }
    }

    /// The files of its tables before they are made: where a name has a SHA-256, it is `…`. A research export may
    /// have a test split.
    pub fn table_paths(self, format: TableFormat, compression: Compression, has_test: bool) -> Vec<String> {
        let tables = self.tables().iter().map(|&table| self.table_path(format, table, compression, "…"));
        let test = (has_test && self == Export::Research).then(|| Split::Test.path().to_owned());
        tables.chain(test).collect()
    }
}

/// How the tables of a lake lie in their folders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// A Parquet file in each.
    #[default]
    Parquet,
    /// The same, with a log of its versions as Delta Lake has it.
    Delta,
}

impl TableFormat {
    /// That of the lake of a report.
    pub fn of(report: &ReportFile) -> TableFormat {
        match report.table_format() {
            "delta" => TableFormat::Delta,
            _ => TableFormat::Parquet,
        }
    }

    fn name(self) -> &'static str {
        match self {
            TableFormat::Parquet => "parquet",
            TableFormat::Delta => "delta",
        }
    }

    /// Where the file of a table lies that has this SHA-256.
    pub fn table_path(self, table: Table, compression: Compression, sha256: &str) -> String {
        match self {
            TableFormat::Parquet => table_path(table, compression),
            TableFormat::Delta => delta::data_path(table, compression, sha256),
        }
    }
}

/// Where a table's file lies in a lake of Parquet, named as Spark and Hive name theirs.
pub fn table_path(table: Table, compression: Compression) -> String {
    format!("{}/part-00000.{}.parquet", table.folder(), compression.extension())
}

/// The files of an export.
pub struct Tree {
    /// Where its tables lie.
    pub tables: Vec<(Table, String)>,
    /// Files of the lake whose logs go on, which stay as they are: earlier versions, and what was said of them.
    pub kept: Vec<String>,
    /// By path, with their text; the report is the last.
    pub documents: Vec<(String, String)>,
    /// Inputs to be laid into the lake as they are, if that is asked for. Not those
    /// that came in a zip, nor those that lie there already.
    pub landing: Vec<LandingFile>,
}

/// An input that comes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandingFile {
    /// Its name in the report.
    pub name: String,
    /// Its path below the folder of the lake.
    pub path: String,
    /// SHA-256 of what the run read, in hex; none if the file has changed since.
    pub sha256: Option<String>,
}

/// Lays out an export: from the report of a run as it was before it was
/// completed, what completes it, and the documents that the completed report brings beside those of
/// each export. With logs its tables have the format of Delta Lake.
///
/// # Errors
/// `NotAReport` when a table that tells of the run needs is not among the outputs.
pub fn tree(
    export: Export,
    logs: Option<&Logs>,
    report: &ReportFile,
    completion: Completion,
    event: &Event,
    publication: &Publication,
    more: impl FnOnce(&ReportFile) -> Result<Vec<(String, String)>, Error>,
) -> Result<Tree, Error> {
    let compression = report.compression();
    let mut report = report.clone();
    let outputs = completion.outputs.into_iter().filter(|(table, _)| export.tables().contains(table));
    let format = format_with(logs);
    let path = |table, file: &Hashed| {
        export.table_path(format, table, compression, file.sha256.as_deref().unwrap_or_default())
    };
    let outputs = outputs.map(|(table, file)| (table, Hashed { name: path(table, &file), ..file })).collect();
    let splits = completion.splits.clone();
    let along = match (&completion.landing, export) {
        (Landing::Along(in_place), Export::Lake) => Some(in_place.clone()),
        _ => None,
    };
    report.complete(Completion { outputs, ..completion })?;
    if export == Export::Research {
        report.set_splits(splits)?;
    }
    let more = more(&report)?;
    lay_out(export, logs, report, along, event, publication, more)
}

fn format_with(logs: Option<&Logs>) -> TableFormat {
    if logs.is_some() { TableFormat::Delta } else { TableFormat::Parquet }
}

/// Lays out an export: from a completed report, whether inputs come along and which of them lie there already, and
/// documents beside those that each export has.
///
/// # Errors
/// As [`tree`].
pub fn lay_out(
    export: Export,
    logs: Option<&Logs>,
    mut report: ReportFile,
    along: Option<Vec<InPlace>>,
    event: &Event,
    publication: &Publication,
    more: Vec<(String, String)>,
) -> Result<Tree, Error> {
    let compression = report.compression();
    if export == Export::Research {
        report = report.for_research();
    }
    let format = format_with(logs);
    let log = logs.map(|logs| delta::log_files(&report, logs));
    report.set_table_format(format.name(), log.as_ref().map(|log| &log.versions));
    let tables = outputs(&report);
    let about = tables.iter().find(|(table, _)| *table == Table::MachineLearningCurated);
    let publication = Publication { content_url: about.map(|(_, path)| path.clone()), ..publication.clone() };
    let mut documents =
        vec![("croissant.json".to_owned(), croissant(&report, event, &publication)?.pretty())];
    match export {
        Export::Lake => {
            documents.push(("lineage.json".to_owned(), lineage(&report, event)?.pretty()));
            documents.extend(fixed(compression, format));
        }
        Export::Research => {
            documents.push((CARD.to_owned(), data_card(&report, event, &publication)?));
        }
    }
    documents.push((CONTRACT.to_owned(), contract(&report, &publication)?));
    documents.extend(rulesets(&report));
    documents.extend(more);
    if export == Export::Research {
        documents.push((SUMS.to_owned(), sums(&report, &documents)));
    }
    let mut files: Vec<Hashed> = documents.iter().map(|(path, text)| Hashed::of_text(path, text)).collect();
    files.extend(log.iter().flat_map(LogFiles::hashed));
    let (of_logs, kept) = log.map_or_else(Default::default, |log| (log.documents, log.kept));
    documents.extend(of_logs);
    let mut landing = Vec::new();
    for (input, path, laid) in along.map_or_else(Vec::new, |in_place| places(&report, &in_place)) {
        if laid != Laid::TheirOwn {
            let sha256 = input.get("sha256").text().map(str::to_owned);
            files.push(Hashed { name: path.clone(), bytes: input.count_of("bytes"), sha256: sha256.clone() });
            if laid == Laid::Now {
                landing.push(LandingFile { name: input.text_of("name").to_owned(), path, sha256 });
            }
        }
    }
    report.set_files(&files)?;
    documents.push((REPORT.to_owned(), report.json().pretty()));
    Ok(Tree { tables, kept: kept.into_iter().map(|file| file.name).collect(), documents, landing })
}

/// The tables of a completed report, and where their files lie.
fn outputs(report: &ReportFile) -> Vec<(Table, String)> {
    let outputs = report.json().get("outputs").items().iter();
    let path =
        |output: &Json| Some((Table::from_name(output.text_of("table"))?, output.text_of("file").to_owned()));
    outputs.filter_map(path).collect()
}

/// The data card's path in a research export.
const CARD: &str = "README.md";

/// The path of the tables' contract.
const CONTRACT: &str = "contract.yaml";

/// The path of its checksums.
const SUMS: &str = "SHA256SUMS";

/// The checksums of a research export, but for its report, which has theirs.
fn sums(report: &ReportFile, documents: &[(String, String)]) -> String {
    let outputs = report.json().get("outputs").items().iter();
    let outputs = outputs.map(|output| checksum(output.text_of("sha256"), output.text_of("file")));
    let documents = documents.iter().map(|(path, text)| {
        let sha256 = Hashed::of_text(path, text).sha256.unwrap_or_default();
        checksum(&sha256, path)
    });
    documents.chain(outputs).collect()
}

/// The report's path in a lake.
pub const REPORT: &str = "report.json";

/// How a landing file comes to lie in the lake.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Laid {
    /// It is laid there now.
    Now,
    /// An earlier run laid it there.
    Before,
    /// Its owner put it there: it is not this program's to remove.
    TheirOwn,
}

impl Laid {
    fn before(place: &InPlace) -> Laid {
        if place.ours { Laid::Before } else { Laid::TheirOwn }
    }
}

/// Each input that was used, in the folder of its table and by its own name; a
/// name that is there already gets a number, and one that lies there stays. So
/// does a copy of it that lies there, and whatever an earlier run laid there and
/// this one was given.
fn places<'a>(report: &'a ReportFile, in_place: &[InPlace]) -> Vec<(&'a Json, String, Laid)> {
    let inputs = report.json().get("inputs").items();
    let by_name: BTreeMap<&str, &InPlace> =
        in_place.iter().map(|place| (place.name.as_str(), place)).collect();
    let copies: BTreeMap<&str, &InPlace> = inputs
        .iter()
        .filter_map(|input| Some((input.get("of").text()?, *by_name.get(input.text_of("name"))?)))
        .collect();
    let mut taken: BTreeSet<String> = in_place.iter().map(|place| place.path.clone()).collect();
    let (mut places, mut stays) = (Vec::new(), BTreeSet::new());
    for input in inputs {
        let folder = input.get("table").text().and_then(Table::from_name).map(Table::folder);
        let (Some(folder), "used", None) = (folder, input.text_of("status"), input.get("archive").text())
        else {
            continue;
        };
        let name = input.text_of("name");
        let within = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let own = [by_name.get(name), copies.get(name)].into_iter().flatten();
        if let Some(place) = own.copied().find(|place| within(&place.path)) {
            places.push((input, place.path.clone(), Laid::before(place)));
            stays.insert(place.path.as_str());
            continue;
        }
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let mut path = format!("{folder}/{last}");
        let mut number = 1;
        while !taken.insert(path.clone()) {
            number += 1;
            path = format!("{folder}/{number}-{last}");
        }
        places.push((input, path, Laid::Now));
    }
    for input in inputs {
        if let Some(place) = by_name.get(input.text_of("name")).filter(|place| stays.insert(&place.path)) {
            places.push((input, place.path.clone(), Laid::before(place)));
        }
    }
    places
}

/// What rebuilds the lake, on Spark; what goes on from a lake or erases people from one is not among it.
const SOURCES: [(&str, &str); 10] = [
    ("ddl/README.md", include_str!("ddl.md")),
    ("sql/README.md", include_str!("../../sql/README.md")),
    ("spark/README.md", include_str!("../../spark/README.md")),
    ("spark/hadoop_folder.py", include_str!("../../spark/hadoop_folder.py")),
    ("spark/lake_folder.py", include_str!("../../spark/lake_folder.py")),
    ("spark/lakehouse_job.py", include_str!("../../spark/lakehouse_job.py")),
    ("spark/landing_fields.py", include_str!("../../spark/landing_fields.py")),
    ("spark/landing_files.py", include_str!("../../spark/landing_files.py")),
    ("spark/landing_records.py", include_str!("../../spark/landing_records.py")),
    ("spark/people_names.py", include_str!("../../spark/people_names.py")),
];

/// The documents of a lake that are the same for every run of this build, by their paths.
fn fixed(compression: Compression, format: TableFormat) -> impl Iterator<Item = (String, String)> {
    let ddl = Table::ALL.map(|table| (format!("ddl/{}.sql", table.name()), ddl(table, compression, format)));
    let sources = SOURCES.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let rule = |table: Table| Some((format!("sql/{}.sql", table.name()), table.sql()?.to_owned()));
    ddl.into_iter().chain(sources).chain(Table::ALL.into_iter().filter_map(rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_spark() {
        let path = |compression| table_path(Table::MachineLearningCurated, compression);
        assert_eq!(path(Compression::Snappy), "step_trainer/curated/part-00000.snappy.parquet");
        assert_eq!(path(Compression::Gzip), "step_trainer/curated/part-00000.gz.parquet");
        assert_eq!(path(Compression::Zstd), "step_trainer/curated/part-00000.zstd.parquet");
    }

    #[test]
    fn a_lake_says_of_files_that_it_does_not_hold_where_they_are() {
        let names = |text: &str| ["`docs/", "`tests/", "`make "].iter().any(|name| text.contains(name));
        let told: Vec<(String, String)> =
            fixed(Compression::default(), TableFormat::default()).filter(|(_, text)| names(text)).collect();
        assert_eq!(told.len(), 3, "ddl/, sql/ and spark/ have a README");
        for (path, text) in told {
            assert!(text.contains("in the project's repository"), "{path}");
        }
    }
}
