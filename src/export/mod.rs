//! The lake as a tree of files, as it is written to a folder, put into a zip or
//! onto S3. The command line and the page both write what is listed here.

mod ddl;

pub use ddl::{BUCKET, ddl};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::audit::{Completion, Event, Hashed, Publication, ReportFile, croissant, lineage};
use crate::error::Error;
use crate::options::Compression;
use crate::schema::Table;

/// What is handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Export {
    /// The five tables, what defines them and what tells of the run. Its trusted
    /// tables and customer_curated lead to people.
    #[default]
    Lake,
    /// machine_learning_curated, its report, in which no input is named, and its
    /// Croissant description.
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
}

/// Where a table's file lies in the lake, named as Spark and Hive name theirs.
pub fn table_path(table: Table, compression: Compression) -> String {
    format!("{}/part-00000.{}.parquet", table.folder(), compression.extension())
}

/// The files of an export beside its tables.
pub struct Tree {
    /// By path, with their text.
    pub documents: Vec<(String, String)>,
    /// Inputs that can be laid into the lake as they are, if that is asked for:
    /// their names in the report, and their paths. Not those that came in a zip.
    pub landing: Vec<(String, String)>,
}

/// Lays out an export: from the report of a run as it was before it was
/// completed, and what completes it.
///
/// # Errors
/// `NotAReport` when a table that tells of the run needs is not among the outputs.
pub fn tree(
    export: Export,
    report: &ReportFile,
    completion: Completion,
    event: &Event,
    publication: &Publication,
) -> Result<Tree, Error> {
    let compression = report.compression();
    let mut report = report.clone();
    let outputs = completion.outputs.into_iter().filter(|(table, _)| export.tables().contains(table));
    let outputs = outputs
        .map(|(table, file)| (table, Hashed { name: table_path(table, compression), ..file }))
        .collect();
    report.complete(Completion { outputs, ..completion });
    if export == Export::Research {
        report = report.for_research();
    }
    let publication = Publication {
        content_url: Some(table_path(Table::MachineLearningCurated, compression)),
        ..publication.clone()
    };
    let mut documents = vec![
        ("report.json".to_owned(), report.json().pretty()),
        ("croissant.json".to_owned(), croissant(&report, event, &publication)?.pretty()),
    ];
    if export == Export::Lake {
        documents.push(("lineage.json".to_owned(), lineage(&report, event)?.pretty()));
        documents
            .extend(Table::ALL.map(|table| (format!("ddl/{}.sql", table.name()), ddl(table, compression))));
        documents.extend(SOURCES.map(|(path, text)| (path.to_owned(), text.to_owned())));
        documents.extend(
            Table::ALL
                .into_iter()
                .filter_map(|table| Some((format!("sql/{}.sql", table.name()), table.sql()?.to_owned()))),
        );
    }
    let landing = if export == Export::Lake { landing(&report) } else { Vec::new() };
    Ok(Tree { documents, landing })
}

/// Each input that was used, in the folder of its table and by its own name; a
/// name that is there already gets a number.
fn landing(report: &ReportFile) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    let mut paths = Vec::new();
    for input in report.json().get("inputs").items() {
        let folder = input.get("table").text().and_then(Table::from_name).map(Table::folder);
        let (Some(folder), "used", None) = (folder, input.text_of("status"), input.get("archive").text())
        else {
            continue;
        };
        let name = input.text_of("name");
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let mut path = format!("{folder}/{last}");
        let mut number = 1;
        while !taken.insert(path.clone()) {
            number += 1;
            path = format!("{folder}/{number}-{last}");
        }
        paths.push((name.to_owned(), path));
    }
    paths
}

/// What makes the lake anew, on Spark.
const SOURCES: [(&str, &str); 4] = [
    ("ddl/README.md", include_str!("ddl.md")),
    ("sql/README.md", include_str!("../../sql/README.md")),
    ("spark/README.md", include_str!("../../spark/README.md")),
    ("spark/stedi_lakehouse.py", include_str!("../../spark/stedi_lakehouse.py")),
];

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
}
