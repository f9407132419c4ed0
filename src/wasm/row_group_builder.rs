//! What a worker needs to make tables for a run that another worker holds.

use std::collections::BTreeMap;

use js_sys::{Float64Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error, view};
use super::reader::Reader;
use crate::consent::Readings;
use crate::error::Error;
use crate::pipeline::{self, CurationPlan, JobResult, JobRows, WorkerContext, accelerometer_rows};
use crate::views::JobResultView;
use crate::wire::Message;

/// Holds what a reader has admitted, and does jobs of the plan.
#[wasm_bindgen]
pub struct RowGroupBuilder {
    builder: pipeline::RowGroupBuilder,
    /// What was counted and is not encoded yet, by job.
    ready: BTreeMap<usize, JobRows>,
}

impl RowGroupBuilder {
    fn shares(&self, job: usize, of_others: Vec<Uint8Array>) -> JsResult<Vec<Readings>> {
        let ledger = &self.builder.context().ledger;
        let others = of_others.iter().map(|share| Readings::from_bytes(share.to_vec(), ledger));
        let own = Ok(self.builder.share(job));
        std::iter::once(own).chain(others).collect::<Result<_, _>>().map_err(core_error)
    }
}

#[wasm_bindgen]
impl Reader {
    /// When everything is read and planned: makes tables by the plan.
    pub fn row_group_builder(self, plan: &[u8]) -> JsResult<RowGroupBuilder> {
        let plan = CurationPlan::from_bytes(plan).map_err(core_error)?;
        let builder = pipeline::RowGroupBuilder::new(self.into_readings()?, plan);
        Ok(RowGroupBuilder { builder, ready: BTreeMap::new() })
    }
}

#[wasm_bindgen]
impl RowGroupBuilder {
    /// A reader that has read, under narrower options, what this holds; undefined
    /// if it does not hold all of it in memory.
    pub fn narrowed(&self, context: &[u8]) -> JsResult<Option<Reader>> {
        let context = WorkerContext::from_bytes(context).map_err(core_error)?;
        Ok(self.builder.narrowed(context).map(Reader::of))
    }

    /// What it holds in memory of a job's readings, for whoever does the job.
    pub fn share(&self, job: usize) -> Vec<u8> {
        self.builder.share(job).to_bytes()
    }

    /// What it has handed out of a job's readings: a head, and then run, start
    /// and end of each slice; head and slices one after the other are a share.
    pub fn slices(&self, job: usize) -> JsResult<JsValue> {
        let (accelerometer, steps) = self.builder.slices(job);
        let head = Readings::head(accelerometer_rows(&accelerometer));
        let slices: Vec<f64> = accelerometer
            .iter()
            .chain(&steps)
            .flat_map(|slice| [slice.run as f64, slice.start as f64, slice.end as f64])
            .collect();
        view(&SlicesView { head: head.as_slice().into(), slices: slices.as_slice().into() })
    }

    /// Counts a job, from what it holds and the shares of others, and keeps its
    /// rows until it is done.
    pub fn count(&mut self, job: usize, shares: Vec<Uint8Array>) -> JsResult<Vec<u8>> {
        let ready = self.builder.count(job, self.shares(job, shares)?).map_err(core_error)?;
        let counted = ready.counted.to_bytes().map_err(core_error);
        self.ready.insert(job, ready);
        counted
    }

    /// Does a job of customers, from the rows that the run has sent: `{body, done}`.
    pub fn customers(&self, job: usize, rows: &[u8]) -> JsResult<JsValue> {
        result(self.builder.customers(job, rows))
    }

    /// Does a job, one that was counted without any share: `{body, done}`.
    pub fn work(&mut self, job: usize, shares: Vec<Uint8Array>) -> JsResult<JsValue> {
        result(match self.ready.remove(&job) {
            Some(ready) => self.builder.encode(ready),
            None => self.builder.work(job, self.shares(job, shares)?),
        })
    }
}

fn result(done: Result<(Vec<u8>, JobResult), Error>) -> JsResult<JsValue> {
    let (body, done) = done.map_err(core_error)?;
    let done = done.to_bytes().map_err(core_error)?;
    view(&JobResultView { body: &body, done: &done })
}

/// A share that was handed out.
#[derive(Serialize)]
struct SlicesView {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    head: Uint8Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    slices: Float64Array,
}
