//! What the page shows of tables: their columns, and landing rows that are let
//! go again.

use std::borrow::Cow;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, view};
use super::inputs::Archive;
use crate::ingest::{self, Peek, Reject};
use crate::parquet;
use crate::report::Place;
use crate::schema::Table;

#[derive(Serialize)]
struct TableView {
    table: &'static str,
    folder: &'static str,
    columns: Vec<ColumnView>,
    sql: Option<&'static str>,
}

#[derive(Serialize)]
struct ColumnView {
    name: &'static str,
    #[serde(rename = "type")]
    ty: &'static str,
    key: bool,
    meaning: &'static str,
}

/// The eight tables: see `TableSchema` in `www/types.js`.
#[wasm_bindgen]
pub fn schema() -> JsResult<JsValue> {
    let tables: Vec<_> = Table::ALL
        .into_iter()
        .map(|table| {
            let columns = table.columns().iter().map(|column| ColumnView {
                name: column.name,
                ty: column.ty.name(),
                key: column.key,
                meaning: column.meaning,
            });
            TableView {
                table: table.name(),
                folder: table.folder(),
                columns: columns.collect(),
                sql: table.sql(),
            }
        })
        .collect();
    view(&tables)
}

/// Inflates a gzip page of a Parquet file to so many bytes.
#[wasm_bindgen]
pub fn gunzip(page: &[u8], bytes: usize) -> JsResult<Vec<u8>> {
    parquet::gunzip(page, bytes).map_err(core_error)
}

/// Shows the records of a range of a plain file, the bytes from the one before
/// its start on; or with an end of 0 those at the start of a packed file. See
/// `Peek` in `www/types.js`.
#[wasm_bindgen]
pub fn peek(table: JsValue, bytes: &[u8], start: f64, end: f64, complete: bool) -> JsResult<JsValue> {
    let range = (end > 0.0).then_some((start as u64, end as u64));
    show(&ingest::peek(landing(table)?, bytes, range, complete))
}

#[wasm_bindgen]
impl Archive {
    /// The same for an entry, of which no more than so many bytes are inflated.
    pub fn peek(&mut self, index: usize, table: JsValue, bytes: usize) -> JsResult<JsValue> {
        let kind = landing(table)?;
        let (head, complete) = self.0.head(index, bytes).map_err(archive_error)?;
        show(&ingest::peek(kind, &head, None, complete))
    }
}

fn show(peek: &Peek) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct RowView<'a> {
        offset: u64,
        cells: &'a [Option<String>],
    }
    #[derive(Serialize)]
    struct PeekView<'a> {
        rows: Vec<RowView<'a>>,
        rejects: Vec<RejectView<'a>>,
    }
    let rows = peek.rows.iter().map(|row| RowView { offset: row.offset, cells: &row.cells });
    view(&PeekView { rows: rows.collect(), rejects: rejects(&peek.rejects) })
}

#[derive(Serialize)]
pub(super) struct RejectView<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: Cow<'a, str>,
}

/// Rejects with their text, for the page only.
pub(super) fn rejects(rejects: &[Reject]) -> Vec<RejectView<'_>> {
    rejects
        .iter()
        .map(|reject| RejectView { place: reject.into(), text: String::from_utf8_lossy(&reject.text) })
        .collect()
}
