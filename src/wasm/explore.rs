//! What the page shows of tables: their columns, and landing rows, which are not
//! kept.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, view};
use super::inputs::Archive;
use super::js;
use crate::consent::Outcomes;
use crate::ingest;
use crate::parquet;
use crate::report::SubjectQuality;
use crate::rows::{MachineLearning, NULL_DOUBLE};
use crate::schema::Landing;
use crate::views::{PeekView, TableView};
use crate::wire::Message;

/// The eight tables.
#[wasm_bindgen]
pub fn schema() -> JsResult<js::TableSchemas> {
    view(&TableView::all())
}

/// How good the readings of a subject of machine_learning_curated are, from all of its rows: their times, then each
/// measured column whole, NaN where it has no value.
#[wasm_bindgen]
pub fn subject_quality(times: &[i64], measured: &[f64]) -> JsResult<js::SubjectQuality> {
    let value = |column: usize, row: usize| measured.get(column * times.len() + row).copied();
    let some = |column, row| value(column, row).filter(|value| !value.is_nan());
    let rows = times.iter().enumerate().map(|(row, &time)| MachineLearning {
        subject: 0,
        time,
        distance: some(0, row).map(|distance| distance as i32),
        xyz: [1, 2, 3].map(|axis| some(axis, row).unwrap_or(NULL_DOUBLE)),
    });
    view(&SubjectQuality::of(&rows.collect::<Vec<_>>()))
}

/// Inflates a gzip page of a Parquet file to `bytes` bytes.
#[wasm_bindgen]
pub fn gunzip(page: &[u8], bytes: usize) -> JsResult<Vec<u8>> {
    parquet::gunzip(page, bytes).map_err(core_error)
}

/// Shows landing records, which are not kept: of customers with what the consent rules of a run made of them.
#[wasm_bindgen]
pub struct LandingView {
    outcomes: Option<Outcomes>,
}

#[wasm_bindgen]
impl LandingView {
    /// With the outcomes of a run, as `Run.outcomes` gives them; without, nothing is said of customers.
    #[wasm_bindgen(constructor)]
    pub fn new(outcomes: Option<Vec<u8>>) -> JsResult<LandingView> {
        let outcomes = outcomes.map(|bytes| Outcomes::from_bytes(&bytes));
        Ok(LandingView { outcomes: outcomes.transpose().map_err(core_error)? })
    }

    /// Shows the records of a range of a plain file, the bytes from the one before
    /// its start on; or with an end of 0 those at the start of a packed file. `share` says
    /// that others of its records are of other tables.
    pub fn peek(
        &self,
        table: js::Landing,
        share: bool,
        bytes: &[u8],
        start: f64,
        end: f64,
        complete: bool,
    ) -> JsResult<js::Peek> {
        let range = (end > 0.0).then_some((start as u64, end as u64));
        self.show(landing(table)?, share, bytes, range, complete)
    }

    /// The same for an entry of an archive, of which at most `bytes` bytes are inflated.
    pub fn peek_entry(
        &self,
        archive: &mut Archive,
        index: usize,
        table: js::Landing,
        share: bool,
        bytes: usize,
    ) -> JsResult<js::Peek> {
        let kind = landing(table)?;
        let (head, complete) = archive.0.head(index, bytes).map_err(archive_error)?;
        self.show(kind, share, &head, None, complete)
    }
}

impl LandingView {
    fn show(
        &self,
        kind: Landing,
        share: bool,
        bytes: &[u8],
        range: Option<(u64, u64)>,
        complete: bool,
    ) -> JsResult<js::Peek> {
        let outcomes = self.outcomes.as_ref().filter(|_| kind == Landing::Customer);
        view(&PeekView::new(&ingest::peek(kind, share, bytes, range, complete), outcomes))
    }
}
