//! What a worker needs to make tables for a run that another worker holds.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::{JsResult, Reader, core_error, object};
use crate::pipeline::{self, Brief, accelerometer_rows};
use crate::zones::Readings;

/// Holds what a reader has admitted, and does jobs of the plan.
#[wasm_bindgen]
pub struct Curator(pub(super) pipeline::Curator);

#[wasm_bindgen]
impl Curator {
    /// A reader that has read, under narrower options, what this holds; undefined
    /// if it does not hold all of it in memory.
    pub fn narrowed(&self, brief: &[u8]) -> JsResult<Option<Reader>> {
        let brief = Brief::from_bytes(brief).map_err(core_error)?;
        Ok(self.0.narrowed(brief).map(Reader::of))
    }

    /// What it holds in memory of a job's readings, for whoever does the job.
    pub fn share(&self, job: usize) -> Vec<u8> {
        self.0.share(job).to_bytes()
    }

    /// What it has handed out of a job's readings: a head, and then run, start
    /// and end of each slice; head and slices one after the other are a share.
    pub fn slices(&self, job: usize) -> JsResult<JsValue> {
        let (accelerometer, steps) = self.0.slices(job);
        let head = Readings::head(accelerometer_rows(&accelerometer));
        let slices: Vec<f64> = accelerometer
            .iter()
            .chain(&steps)
            .flat_map(|slice| [slice.run as f64, slice.start as f64, slice.end as f64])
            .collect();
        object(&[
            ("head", Uint8Array::from(head.as_slice()).into()),
            ("slices", js_sys::Float64Array::from(slices.as_slice()).into()),
        ])
    }

    /// Does a job from what it holds and the shares of others: `{body, done}`.
    pub fn work(&self, job: usize, shares: Vec<Uint8Array>) -> JsResult<JsValue> {
        let mut readings = self.0.share(job);
        for share in shares {
            readings.absorb(&share.to_vec(), &self.0.brief().ledger).map_err(core_error)?;
        }
        let (body, done) = self.0.work(job, readings).map_err(core_error)?;
        let done = done.to_bytes().map_err(core_error)?;
        object(&[
            ("body", Uint8Array::from(body.as_slice()).into()),
            ("done", Uint8Array::from(done.as_slice()).into()),
        ])
    }
}
