//! What the page is given, as plain objects: the shapes that cross the boundary.
//! `www/shared/core.d.ts` is made from them by `src/bindings.rs`.

use std::borrow::Cow;

use serde::Serialize;

use crate::consent::{Outcome, Outcomes};
use crate::ingest::{Detection, Peek, Reject};
use crate::report::Place;
use crate::schema::{Landing, Table};

/// Derives what `core.d.ts` is made from.
macro_rules! view {
    ($(#[$meta:meta])* pub $($item:tt)+) => {
        #[derive(Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        $(#[$meta])*
        pub $($item)+
    };
}

view! {
    /// What the first bytes of an input say about it.
    #[serde(tag = "status", rename_all = "lowercase")]
    #[cfg_attr(test, ts(rename = "Recognition"))]
    pub enum DetectionView {
        /// Records of this table, plain or compressed.
        Table {
            /// Which.
            table: Landing
        },
        /// Records of several tables: it is read once for each of the three.
        Several,
        /// A zip or a tar; its entries are files of their own.
        Archive,
        /// Ask again with more bytes of the file.
        More {
            /// At least how many.
            bytes: usize
        },
        /// Not to be used.
        Refused {
            /// Short name, as in the report.
            reason: &'static str,
            /// For the person whose file it is.
            message: &'static str
        },
    }
}

impl From<Detection> for DetectionView {
    fn from(found: Detection) -> DetectionView {
        match found {
            Detection::Table(table) => DetectionView::Table { table },
            Detection::Several => DetectionView::Several,
            Detection::Archive => DetectionView::Archive,
            Detection::More(bytes) => DetectionView::More { bytes },
            Detection::Refused(refusal) => {
                DetectionView::Refused { reason: refusal.reason(), message: refusal.message() }
            }
        }
    }
}

view! {
    /// A file that was detected.
    pub struct DetectedFile {
        /// What it is.
        pub found: DetectionView,
        /// As many of its first bytes as that took.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub head: Vec<u8>,
    }
}

view! {
    /// A file in an archive.
    #[cfg_attr(test, ts(rename = "ArchiveEntry"))]
    pub struct EntryView<'a> {
        /// Path within the archive.
        pub name: &'a str,
        /// Compressed size; in a tar its size.
        pub bytes: u64,
    }
}

view! {
    /// A job of the plan.
    #[cfg_attr(test, ts(rename = "Job"))]
    pub struct JobView {
        /// Of which table it makes row groups.
        #[cfg_attr(test, ts(type = "SavedTable"))]
        pub table: Table,
        /// About how many rows.
        pub rows: u64,
    }
}

view! {
    /// An entry of the withdrawals: `list` 0 was typed, 1 is the file; lines count from 1.
    #[derive(Clone)]
    #[cfg_attr(test, ts(rename = "UnmatchedEntry"))]
    pub struct ListedWithdrawal {
        /// In which list.
        pub list: usize,
        /// On which line.
        pub line: u64,
        /// What it says.
        pub entry: String,
    }
}

view! {
    /// A field that no table has. Its name is input, for the page only.
    pub struct UnknownField<'a> {
        /// As written.
        pub name: &'a str,
        /// How many records have it.
        pub count: u64,
    }
}

view! {
    /// A table.
    #[cfg_attr(test, ts(rename = "TableSchema"))]
    pub struct TableView {
        /// Which.
        pub table: Table,
        /// Where its files lie in a lake.
        pub folder: &'static str,
        /// Its columns, in order.
        pub columns: Vec<ColumnView>,
        /// Its rule, but for a landing table.
        pub sql: Option<&'static str>,
    }
}

view! {
    /// A column. A `bigint` is a time, in epoch milliseconds.
    #[cfg_attr(test, ts(rename = "Column"))]
    pub struct ColumnView {
        /// Lower-case name.
        pub name: &'static str,
        /// By its Athena name.
        #[serde(rename = "type")]
        #[cfg_attr(test, ts(type = "'string' | 'bigint' | 'int' | 'double'"))]
        pub ty: &'static str,
        /// A landing record without a readable value here is rejected.
        pub key: bool,
        /// What it holds, for people.
        pub meaning: &'static str,
    }
}

impl TableView {
    /// The eight tables.
    pub fn all() -> Vec<TableView> {
        let column = |column: &crate::schema::Column| ColumnView {
            name: column.name,
            ty: column.ty.name(),
            key: column.key,
            meaning: column.meaning,
        };
        let view = |table: Table| TableView {
            table,
            folder: table.folder(),
            columns: table.columns().iter().map(column).collect(),
            sql: table.sql(),
        };
        Table::ALL.into_iter().map(view).collect()
    }
}

view! {
    /// A landing row as it is shown.
    #[cfg_attr(test, ts(rename = "PeekRow"))]
    pub struct RowView<'a> {
        /// Byte of the (inflated) file where its record starts.
        pub offset: u64,
        /// Its values, by column; numbers as text.
        pub cells: &'a [Option<String>],
        /// What the consent rules of a run made of it, if it is a customer and that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        pub outcome: Option<Outcome>,
    }
}

view! {
    /// What stands around a place of an input.
    #[cfg_attr(test, ts(rename = "Peek"))]
    pub struct PeekView<'a> {
        /// Rows, in order.
        pub rows: Vec<RowView<'a>>,
        /// Its records that are no rows, as many as are kept of a file.
        pub rejects: Vec<RejectView<'a>>,
    }
}

impl<'a> PeekView<'a> {
    /// Of customers with what became of them.
    pub fn new(peek: &'a Peek, outcomes: Option<&Outcomes>) -> PeekView<'a> {
        let rows = peek.rows.iter().map(|row| RowView {
            offset: row.offset,
            cells: &row.cells,
            outcome: outcomes.map(|outcomes| outcomes.of(row)),
        });
        PeekView { rows: rows.collect(), rejects: peek.rejects.iter().map(RejectView::from).collect() }
    }
}

view! {
    /// A record that could not be used, with its text: for the page, and saved only if
    /// that is asked for.
    #[cfg_attr(test, ts(rename = "Reject"))]
    pub struct RejectView<'a> {
        #[serde(flatten)]
        place: Place<'a>,
        text: Cow<'a, str>,
    }
}

impl<'a> From<&'a Reject> for RejectView<'a> {
    fn from(reject: &'a Reject) -> RejectView<'a> {
        RejectView { place: reject.into(), text: String::from_utf8_lossy(&reject.text) }
    }
}

view! {
    /// A file of the made-up export.
    pub struct SampleFile<'a> {
        /// Its name.
        pub name: &'a str,
        /// Its bytes.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub bytes: &'a [u8],
    }
}

view! {
    /// A job that is done.
    #[cfg_attr(test, ts(rename = "JobDone"))]
    pub struct JobResultView<'a> {
        /// Row groups of its table.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub body: &'a [u8],
        /// What the run is told of them.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub done: &'a [u8],
    }
}

view! {
    /// A written table as the parts of its file.
    #[cfg_attr(test, ts(rename = "TableFile"))]
    pub struct OutputView<'a> {
        /// The first bytes.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub head: &'a [u8],
        /// Numbers of the jobs whose bodies follow, in order.
        pub jobs: Vec<usize>,
        /// The last bytes.
        #[serde(with = "serde_bytes")]
        #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
        pub tail: &'a [u8],
    }
}

view! {
    /// The files of an export: tables with their paths, documents by path (the report
    /// last), and inputs that come along, with their paths.
    #[cfg_attr(test, ts(rename = "Tree"))]
    pub struct TreeView {
        /// By table.
        #[cfg_attr(test, ts(type = "Array<[SavedTable, string]>"))]
        pub tables: Vec<(Table, String)>,
        /// Path and text.
        pub documents: Vec<(String, String)>,
        /// Name and path.
        pub landing: Vec<(String, String)>,
    }
}

view! {
    /// What a statement of the SQL console did; `raw` means that a landing table is behind it.
    #[serde(tag = "kind", rename_all = "lowercase")]
    pub enum SqlDone {
        /// It has an answer.
        Rows {
            /// Its columns, in order.
            columns: Vec<SqlColumn>,
            /// How many.
            rows: usize,
            /// See above.
            raw: bool,
        },
        /// It made a table of the session.
        Created {
            /// Of the table.
            name: String,
            /// How many.
            rows: usize,
            /// See above.
            raw: bool,
        },
        /// It removed tables of the session.
        Dropped {
            /// Of the tables.
            names: Vec<String>,
        },
    }
}

view! {
    /// A column of an answer.
    #[derive(Clone, Debug)]
    pub struct SqlColumn {
        /// Its name.
        pub name: String,
        /// How it is shown.
        #[serde(rename = "type")]
        pub kind: SqlKind,
        /// Its Arrow type.
        pub meaning: String,
    }
}

view! {
    /// How a column of an answer is shown.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[serde(rename_all = "lowercase")]
    pub enum SqlKind {
        /// Whole numbers.
        Int,
        /// Other numbers.
        Double,
        /// All else.
        String,
    }
}

view! {
    /// Part of a statement's text: lines and columns from 1, the end not included.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct SqlPlace {
        /// Line of the start.
        pub line: u64,
        /// Column of the start, in characters.
        pub column: u64,
        /// Line of the end.
        pub end_line: u64,
        /// Column of the end.
        pub end_column: u64,
    }
}
