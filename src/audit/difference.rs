//! The shape of what `compare` gives. It writes text, so that the page need not carry a
//! serializer for it; the tests hold that text to these types, and the page's are made
//! from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::schema::Table;

/// A part of the comparison, of which nothing may be missing and nothing unknown.
macro_rules! shape {
    ($(#[$meta:meta])* pub struct $($item:tt)+) => {
        #[derive(Debug, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $($item)+
    };
}

shape! {
    /// The difference of two reports, the earlier one first.
    pub struct Difference {
        #[ts(type = "'stedi-lakehouse-difference'")]
        format: String,
        /// Of this layout.
        version: u32,
        /// What made the earlier report, and what the later.
        #[ts(type = "[Builder, Builder]")]
        tools: [Builder; 2],
        /// Options that differ.
        options: Vec<Changed>,
        /// `linked` when both runs had one key, so that one person has one pseudonym in
        /// both; `unknown` when a report has no check value of its key; null when a run
        /// gave no pseudonyms.
        #[ts(type = "'linked' | 'not_linked' | 'unknown' | null")]
        pseudonyms: Option<String>,
        /// Which files are the same.
        inputs: InputChanges,
        /// All eight.
        #[ts(type = "Record<TableName, TableChange>")]
        tables: BTreeMap<Table, TableChange>,
        /// How many people are in and out, where it differs and both reports say it.
        people: Vec<Changed>,
        /// What machine_learning_curated says of people, where it differs.
        privacy: Vec<Changed>,
        /// What to know about this comparison.
        notes: Vec<Note>,
    }
}

shape! {
    /// What made a report.
    pub struct Builder {
        name: String,
        version: String,
        /// Reports of version 1 do not say.
        #[serde(default)]
        #[ts(optional = nullable)]
        commit: Option<String>,
        /// Of the core, on the page.
        #[serde(default)]
        #[ts(optional = nullable)]
        wasm_sha256: Option<String>,
    }
}

shape! {
    /// Null where a report does not say.
    pub struct Changed {
        name: String,
        #[ts(type = "string | number | null")]
        old: Value,
        #[ts(type = "string | number | null")]
        new: Value,
    }
}

shape! {
    /// What became of the inputs.
    pub struct InputChanges {
        /// `size` of equal names when a report has no hashes; `content`, SHA-256 or else
        /// size, when a report has numbers instead of names.
        #[ts(type = "'sha256' | 'size' | 'content'")]
        compared_by: String,
        /// How many.
        same: u32,
        added: Vec<ChangedInput>,
        removed: Vec<ChangedInput>,
        changed: Vec<ChangedInput>,
        /// The old name and the new one.
        renamed: Vec<(String, String)>,
    }
}

shape! {
    /// An input of one of the reports.
    pub struct ChangedInput {
        name: String,
        #[ts(type = "number")]
        bytes: u64,
        #[ts(type = "InputStatus['status']")]
        status: String,
    }
}

shape! {
    /// Rows of a table. The changes of its causes add up to `new - old`.
    pub struct TableChange {
        #[ts(type = "number")]
        old: u64,
        #[ts(type = "number")]
        new: u64,
        #[ts(type = "number")]
        gained: u64,
        #[ts(type = "number")]
        lost: u64,
        /// Null where that says nothing of the rows: files hold the options and the
        /// program's version.
        same_bytes: Option<bool>,
        causes: Vec<Cause>,
    }
}

shape! {
    /// Why a table has more rows, or fewer.
    pub struct Cause {
        /// `rows_in` came in; a rule `filtered` or a reason `rejected` fewer or more; of a
        /// join, there are more or fewer `pairs` than readings with a partner; the readings are
        /// those of a lake and of `other_files`, so that what was left out cannot be compared.
        #[ts(type = "'rows_in' | 'filtered' | 'rejected' | 'pairs' | 'pairs_left_out' | 'other_files'")]
        kind: String,
        /// Of the rule or the reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        name: Option<String>,
        #[ts(type = "number")]
        change: i64,
    }
}

shape! {
    /// For people, with a short name.
    pub struct Note {
        code: String,
        message: String,
    }
}
