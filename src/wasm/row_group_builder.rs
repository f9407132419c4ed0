//! What a worker needs to make tables for a run that another worker holds.

use std::collections::BTreeMap;

use js_sys::{Float64Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error, out_of_turn, view};
use super::js::{self, Crosses};
use super::reader::{Reader, Write, hand_out};
use crate::consent::Readings;
use crate::error::Error;
use crate::pipeline::{
    self, CurationPlan, JobReadings, JobResult, JobRows, Slice, WorkerContext, accelerometer_rows,
};
use crate::rows::Sensor;
use crate::views::JobResultView;
use crate::wire::Message;

/// Holds what a reader has admitted, and does jobs of the plan.
#[wasm_bindgen]
pub struct RowGroupBuilder {
    builder: pipeline::RowGroupBuilder,
    /// Jobs whose readings come in, by number.
    gathered: BTreeMap<usize, JobReadings>,
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

    fn take_gathered(&mut self, job: usize, step: &'static str) -> JsResult<JobReadings> {
        self.gathered.remove(&job).ok_or_else(|| out_of_turn(step, "gather"))
    }
}

#[wasm_bindgen]
impl Reader {
    /// When everything is read and planned: makes tables by the plan.
    pub fn row_group_builder(self, plan: &[u8]) -> JsResult<RowGroupBuilder> {
        let plan = CurationPlan::from_bytes(plan).map_err(core_error)?;
        let builder = pipeline::RowGroupBuilder::new(self.into_readings()?, plan);
        Ok(RowGroupBuilder { builder, gathered: BTreeMap::new(), ready: BTreeMap::new() })
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

    /// What it holds in memory of a job's own readings, for whoever does the job.
    pub fn share(&self, job: usize) -> Vec<u8> {
        self.builder.share(job).to_bytes()
    }

    /// What it has handed out of a job's own readings: a head, and then run, start
    /// and end of each slice; head and slices one after the other are a share.
    pub fn slices(&self, job: usize) -> JsResult<Slices> {
        let (accelerometer, steps) = self.builder.slices(job);
        let head = Readings::head(accelerometer_rows(&accelerometer));
        let slices = numbers(accelerometer.iter().chain(&steps));
        view(&SlicesView { head: head.as_slice().into(), slices: slices.as_slice().into() })
    }

    /// Hands out, by `write(Uint8Array)`, what it holds in memory of the readings that may be paired with a job's
    /// own, for whoever does the job: whole rows of one sensor, without a head.
    pub fn partners(&self, job: usize, write: &Write) -> JsResult<()> {
        hand_out(write, |out| self.builder.partners(job, out))
    }

    /// Where such readings are that it has handed out: run, start and end of each slice.
    pub fn partner_slices(&self, job: usize) -> Vec<f64> {
        numbers(self.builder.partner_slices(job).iter())
    }

    /// The sensor all of whose readings may be paired with a job's own, if it is so: what it gives of them is the same
    /// for every such job.
    pub fn all_partners(&self, job: usize) -> Option<String> {
        self.builder.all_partners(job).map(Sensor::name).map(str::to_owned)
    }

    /// Begins a job, from what it holds and the shares of others.
    pub fn gather(&mut self, job: usize, shares: Vec<Uint8Array>) -> JsResult<()> {
        let mut gathered = self.builder.gather(job, self.shares(job, shares)?);
        self.builder.add_partners(&mut gathered);
        self.gathered.insert(job, gathered);
        Ok(())
    }

    /// Takes for jobs that have begun what they need of some rows of others that may be paired with their own.
    pub fn take_partners(&mut self, jobs: &[u32], rows: &[u8]) -> JsResult<()> {
        let ledger = &self.builder.context().ledger;
        for &job in jobs {
            let gathered = self.gathered.get_mut(&(job as usize));
            let gathered = gathered.ok_or_else(|| out_of_turn("take_partners", "gather"))?;
            gathered.take(rows, ledger).map_err(core_error)?;
        }
        Ok(())
    }

    /// Bytes of the readings of jobs that have begun.
    pub fn gathered_bytes(&self) -> usize {
        self.gathered.values().map(JobReadings::size).sum()
    }

    /// Forgets that a job has begun.
    pub fn forget(&mut self, job: usize) {
        self.gathered.remove(&job);
    }

    /// Counts a job that has begun, and keeps its rows until it is done.
    pub fn count(&mut self, job: usize) -> JsResult<Vec<u8>> {
        let gathered = self.take_gathered(job, "count")?;
        let ready = self.builder.count(gathered).map_err(core_error)?;
        let counted = ready.counted.to_bytes().map_err(core_error);
        self.ready.insert(job, ready);
        counted
    }

    /// Does a job of customers, from the rows that the run has sent.
    pub fn customers(&self, job: usize, rows: &[u8]) -> JsResult<js::JobDone> {
        result(self.builder.customers(job, rows))
    }

    /// Does a job that was counted or has begun.
    pub fn work(&mut self, job: usize) -> JsResult<js::JobDone> {
        let ready = match self.ready.remove(&job) {
            Some(ready) => Ok(ready),
            None => {
                let gathered = self.take_gathered(job, "work")?;
                self.builder.count(gathered)
            }
        };
        result(ready.and_then(|ready| self.builder.encode(ready)))
    }
}

fn numbers<'a>(slices: impl Iterator<Item = &'a Slice>) -> Vec<f64> {
    slices.flat_map(|slice| [slice.run as f64, slice.start as f64, slice.end as f64]).collect()
}

fn result(done: Result<(Vec<u8>, JobResult), Error>) -> JsResult<js::JobDone> {
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

#[wasm_bindgen]
extern "C" {
    /// As JS has it. Its arrays are JS's own, which `core.d.ts` cannot be made from.
    #[wasm_bindgen(typescript_type = "{ head: Uint8Array<ArrayBuffer>; slices: Float64Array<ArrayBuffer> }")]
    pub type Slices;
}

impl Crosses for SlicesView {
    type Js = Slices;
}
