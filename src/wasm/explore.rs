//! What the page shows of tables: their columns, and landing rows, which are not
//! kept.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, read, view};
use super::inputs::Archive;
use super::js;
use crate::ErrorKind;
use crate::consent::Outcomes;
use crate::ingest;
use crate::options::{Key, KeyOrigin};
use crate::parquet;
use crate::report::SubjectQuality;
use crate::schema::{Landing, Table};
use crate::views::{PeekView, TableView};
use crate::wire::Message;
use crate::zones::pseudonym;

/// The eight tables.
#[wasm_bindgen]
pub fn schema() -> JsResult<js::TableSchemas> {
    view(&TableView::all())
}

/// How good the readings of a user, a device or a subject are, from all of its rows in a table of readings: their
/// times, then each measured column whole, NaN where it has no value.
#[wasm_bindgen]
pub fn subject_quality(
    table: js::TableName,
    times: &[i64],
    measured: &[f64],
) -> JsResult<js::SubjectQuality> {
    let table: Table = read(table, "bad_table")?;
    let quality = SubjectQuality::of(table, times, measured)
        .ok_or_else(|| core_error(ErrorKind::BadArgument { expected: "table of readings" }.into()))?;
    view(&quality)
}

/// What machine_learning_curated calls people, by their emails, under the key of its pseudonyms.
#[wasm_bindgen]
pub fn pseudonyms(emails: Vec<String>, key: Vec<u8>) -> JsResult<Vec<String>> {
    let key = Key::new(key, KeyOrigin::Given).map_err(core_error)?;
    Ok(emails.iter().map(|email| pseudonym(&key, email)).collect())
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
