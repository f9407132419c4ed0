//! What the page is given of a lake, as plain objects; and, for the tests, the shapes of the documents that cross as
//! text, so that the page need not carry a serializer for them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::person::Found;
use crate::schema::Table;

/// A file that belongs to a lake.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LakeFile"))]
pub struct LakeFileView<'a> {
    /// Path below the lake.
    pub path: &'a str,
    /// Whether it is a landing file: raw data, which a run can read.
    pub landing: bool,
}

/// A table of a lake that is to be read.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LakePart<'a> {
    /// Which.
    pub table: Table,
    /// The path of its file below the lake.
    pub path: &'a str,
}

/// What was found of a person in a lake.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "LakePerson"))]
pub struct PersonView {
    /// Rows of each table of the lake; null where pseudonyms cannot be searched without their key.
    #[cfg_attr(test, ts(type = "Partial<Record<TableName, number | null>>"))]
    pub rows: BTreeMap<Table, Option<u64>>,
    /// Of the step readings those of devices that other people have too.
    pub shared_steps: u64,
    /// Whether rows of other subjects may hold readings of theirs: pairs of two people.
    pub mixed_pairs: bool,
}

impl From<Found> for PersonView {
    fn from(Found { rows, shared_steps, mixed_pairs }: Found) -> PersonView {
        PersonView { rows, shared_steps, mixed_pairs }
    }
}

#[cfg(test)]
pub mod documents {
    #![allow(missing_docs, reason = "the page's types say what the documents say")]

    use super::{BTreeMap, Table};
    use crate::audit::difference::{Changed, TableChange};
    use crate::report::People;
    use serde::{Deserialize, Serialize};
    use ts_rs::TS;

    /// What was checked of a lake, and what differs.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeVerification {
        #[ts(type = "'stedi-lakehouse-verification'")]
        pub format: String,
        pub version: u32,
        pub differences: Vec<LakeDifference>,
        pub files: u64,
        pub bytes: u64,
        #[ts(type = "Partial<Record<TableName, LakeRows>>")]
        pub tables: BTreeMap<Table, LakeRows>,
        pub others: u64,
    }

    /// What in a lake is not as its report says; its place is a path, or a table's name.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeDifference {
        pub code: String,
        pub place: String,
        pub message: String,
    }

    /// What the file of a table holds.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeRows {
        pub rows: u64,
        pub row_groups: u64,
    }

    /// The versions of a lake, the first one first.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeHistory {
        #[ts(type = "'stedi-lakehouse-history'")]
        pub format: String,
        pub version: u32,
        pub versions: Vec<LakeVersion>,
    }

    /// A version of a lake: when it was made (RFC 3339, or empty), its options and its rows, how many people are in
    /// machine_learning_curated and how many are in and out, and what changed.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeVersion {
        pub version: u64,
        #[ts(type = "'run' | 'gone_on' | 'erased'")]
        pub made: String,
        pub time: String,
        pub program: Option<String>,
        #[ts(type = "OptionsReport")]
        pub options: serde_json::Value,
        #[ts(type = "Partial<Record<TableName, number>>")]
        pub rows: BTreeMap<Table, u64>,
        pub people: Option<u64>,
        #[ts(optional)]
        pub admission: Option<People>,
        pub changes: Option<LakeChanges>,
    }

    /// What `erasure.json` says of an erasure, as far as the page shows it.
    #[derive(Debug, Serialize, Deserialize, TS)]
    pub struct LakeErasure {
        pub asked: u64,
        pub matched: u64,
        #[ts(type = "Record<SavedTable, LakeErased>")]
        pub tables: BTreeMap<Table, LakeErased>,
        pub not_reached: Vec<String>,
    }

    /// Rows of a table before an erasure and after it.
    #[derive(Debug, Serialize, Deserialize, TS)]
    pub struct LakeErased {
        pub rows_before: u64,
        pub rows_after: u64,
        pub removed: u64,
    }

    /// What changed since the version before.
    #[derive(Debug, Serialize, Deserialize, TS)]
    #[serde(deny_unknown_fields)]
    pub struct LakeChanges {
        #[ts(type = "Record<string, number>")]
        pub inputs: BTreeMap<String, u64>,
        pub options: Vec<Changed>,
        #[ts(type = "'linked' | 'not_linked' | 'unknown' | null")]
        pub pseudonyms: Option<String>,
        #[ts(type = "Record<TableName, TableChange>")]
        pub tables: BTreeMap<Table, TableChange>,
        pub privacy: Vec<Changed>,
    }
}
