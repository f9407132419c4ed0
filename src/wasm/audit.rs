//! What is said of a finished run: hashes, the files of the audit, comparisons.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::{JsResult, coded, core_error, view};
use crate::audit::{self, Completion, Event, Publication};
use crate::report::Report;

/// SHA-256 of bytes that come in chunks.
#[wasm_bindgen]
#[derive(Default)]
pub struct Hasher(audit::Hasher);

#[wasm_bindgen]
impl Hasher {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Hasher {
        Hasher::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.0.push(chunk);
    }

    /// The hash in lower-case hex.
    pub fn finish(self) -> String {
        self.0.finish()
    }
}

/// The three files, as texts: `{report, lineage, croissant}`, of the report of
/// a run and what only the page knows: see `Completion` and `RunEvent` in
/// `www/types.js`.
#[wasm_bindgen]
pub fn audit(report: &str, completion: JsValue, event: JsValue) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct Files {
        report: String,
        lineage: String,
        croissant: String,
    }
    let mut report = Report::from_json(report).map_err(core_error)?;
    let (completion, event): (Completion, Event) = (argument(completion)?, argument(event)?);
    audit::complete(&mut report, completion);
    view(&Files {
        report: report.to_json(),
        lineage: audit::lineage(&report, &event).map_err(core_error)?,
        croissant: audit::croissant(&report, &event, &Publication::default()).map_err(core_error)?,
    })
}

/// The difference of two reports, the earlier one first: see `Difference` in
/// `www/types.js`.
#[wasm_bindgen]
pub fn compare(old: &str, new: &str) -> JsResult<JsValue> {
    view(&audit::compare(old, new).map_err(core_error)?)
}

fn argument<T: DeserializeOwned>(value: JsValue) -> JsResult<T> {
    serde_wasm_bindgen::from_value(value).map_err(|error| coded("bad_argument", &error.to_string()))
}
