//! What a worker needs to make tables for a run that another worker holds.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::{JsResult, Reader, core_error, object};
use crate::pipeline::{self, Brief, Ready, accelerometer_rows};
use crate::zones::Readings;

/// Holds what a reader has admitted, and does jobs of the plan.
#[wasm_bindgen]
pub struct Curator {
    curator: pipeline::Curator,
    /// What was counted and is not encoded yet, by job.
    ready: BTreeMap<usize, Ready>,
}

impl Curator {
    pub(super) fn of(curator: pipeline::Curator) -> Curator {
        Curator { curator, ready: BTreeMap::new() }
    }

    fn shares(&self, job: usize, of_others: Vec<Uint8Array>) -> JsResult<Vec<Readings>> {
        let ledger = &self.curator.brief().ledger;
        let others = of_others.iter().map(|share| Readings::from_bytes(share.to_vec(), ledger));
        let own = Ok(self.curator.share(job));
        std::iter::once(own).chain(others).collect::<Result<_, _>>().map_err(core_error)
    }
}

#[wasm_bindgen]
impl Curator {
    /// A reader that has read, under narrower options, what this holds; undefined
    /// if it does not hold all of it in memory.
    pub fn narrowed(&self, brief: &[u8]) -> JsResult<Option<Reader>> {
        let brief = Brief::from_bytes(brief).map_err(core_error)?;
        Ok(self.curator.narrowed(brief).map(Reader::of))
    }

    /// What it holds in memory of a job's readings, for whoever does the job.
    pub fn share(&self, job: usize) -> Vec<u8> {
        self.curator.share(job).to_bytes()
    }

    /// What it has handed out of a job's readings: a head, and then run, start
    /// and end of each slice; head and slices one after the other are a share.
    pub fn slices(&self, job: usize) -> JsResult<JsValue> {
        let (accelerometer, steps) = self.curator.slices(job);
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

    /// Counts a job, from what it holds and the shares of others, and keeps its
    /// rows until it is done.
    pub fn count(&mut self, job: usize, shares: Vec<Uint8Array>) -> JsResult<Vec<u8>> {
        let ready = self.curator.count(job, self.shares(job, shares)?).map_err(core_error)?;
        let counted = ready.counted.to_bytes().map_err(core_error);
        self.ready.insert(job, ready);
        counted
    }

    /// Does a job, one that was counted without any share: `{body, done}`.
    pub fn work(&mut self, job: usize, shares: Vec<Uint8Array>) -> JsResult<JsValue> {
        let (body, done) = match self.ready.remove(&job) {
            Some(ready) => self.curator.encode(ready),
            None => self.curator.work(job, self.shares(job, shares)?),
        }
        .map_err(core_error)?;
        let done = done.to_bytes().map_err(core_error)?;
        object(&[
            ("body", Uint8Array::from(body.as_slice()).into()),
            ("done", Uint8Array::from(done.as_slice()).into()),
        ])
    }
}
