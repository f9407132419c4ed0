//! What the page shows of tables: their columns, and landing rows that are let
//! go again.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, view};
use super::inputs::Archive;
use crate::ingest;
use crate::parquet;
use crate::views::{PeekView, TableView};

/// The eight tables: `TableSchema[]`.
#[wasm_bindgen]
pub fn schema() -> JsResult<JsValue> {
    view(&TableView::all())
}

/// Inflates a gzip page of a Parquet file to so many bytes.
#[wasm_bindgen]
pub fn gunzip(page: &[u8], bytes: usize) -> JsResult<Vec<u8>> {
    parquet::gunzip(page, bytes).map_err(core_error)
}

/// Shows the records of a range of a plain file, the bytes from the one before
/// its start on; or with an end of 0 those at the start of a packed file. `share` says
/// that others of its records are of other tables. Gives a `Peek`.
#[wasm_bindgen]
pub fn peek(
    table: JsValue,
    share: bool,
    bytes: &[u8],
    start: f64,
    end: f64,
    complete: bool,
) -> JsResult<JsValue> {
    let range = (end > 0.0).then_some((start as u64, end as u64));
    view(&PeekView::from(&ingest::peek(landing(table)?, share, bytes, range, complete)))
}

#[wasm_bindgen]
impl Archive {
    /// The same for an entry, of which no more than so many bytes are inflated.
    pub fn peek(&mut self, index: usize, table: JsValue, share: bool, bytes: usize) -> JsResult<JsValue> {
        let kind = landing(table)?;
        let (head, complete) = self.0.head(index, bytes).map_err(archive_error)?;
        view(&PeekView::from(&ingest::peek(kind, share, &head, None, complete)))
    }
}
