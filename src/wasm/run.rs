//! The worker that leads a run.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, coded, core_error, landing, out_of_turn, read, view};
use super::js;
use super::reader;
use crate::Error;
use crate::consent::ConsentLedger;
use crate::ingest::{self, Refusal};
use crate::options::{Key, Options};
use crate::pipeline::{CurateStage, CustomerStage, JobCounts, JobResult, Lake, Output, ReadingStage};
use crate::report::Input;
use crate::schema::Table;
use crate::views::{JobView, ListedWithdrawal, OutputView, RejectView, UnknownField};
use crate::wire::Message;
use crate::withdrawals;
use crate::zones::{Counters, CustomerLanding};

enum Phase {
    Customers(Box<CustomerStage>),
    Readings(Box<ReadingStage>),
    Curating(Box<CurateStage>),
    Done(Box<CurateStage>, Box<Lake>),
    /// Only while a stage becomes the next, and after one failed.
    Moved,
}

/// A run: customers, `consent()`, readings, `plan_curation()`, jobs, `finish()`, then
/// the results. It takes both from readers.
#[wasm_bindgen]
pub struct Run {
    phase: Phase,
    withdrawn: Vec<ListedWithdrawal>,
}

#[wasm_bindgen]
impl Run {
    /// Starts a run with options, whose withdrawals are lists as texts here, and a key.
    #[wasm_bindgen(constructor)]
    pub fn new(options: js::Options, key: Vec<u8>, key_origin: js::KeyOrigin) -> JsResult<Run> {
        let (options, withdrawn, key) = choices(options, key, key_origin)?;
        let mut stage = CustomerStage::new(options, key).map_err(core_error)?;
        (0..withdrawn.empty_lists).for_each(|_| stage.log().empty_list());
        Ok(Run { phase: Phase::Customers(Box::new(stage)), withdrawn: withdrawn.entries })
    }

    /// Notes an input that is not used; with its path below what was given where files are left out
    /// for their zones.
    pub fn refuse(
        &mut self,
        name: String,
        bytes: f64,
        reason: &str,
        message: &str,
        path: Option<String>,
    ) -> JsResult<()> {
        let mut input = Input::refused(name, bytes as u64, reason, message);
        if let Some(path) = path {
            input.leave_out_if_lost(&path);
        }
        self.taking("refuse")?.log().input(input);
        Ok(())
    }

    /// Notes an input that is skipped, by its path below what was given.
    pub fn skip(&mut self, name: String, bytes: f64, path: &str) -> JsResult<()> {
        let skip = ingest::skip(path, bytes as u64).ok_or_else(|| out_of_turn("skip", "skip_reason"))?;
        self.taking("skip")?.log().input(Input::skipped(name, bytes as u64, skip));
        Ok(())
    }

    /// Notes an input that is left out for its zone, by its path below what was given.
    pub fn leave_out(&mut self, name: String, bytes: f64, path: &str) -> JsResult<()> {
        let zone = ingest::Zone::of(path).ok_or_else(|| out_of_turn("leave_out", "left_out"))?;
        self.taking("leave_out")?.log().input(Input::left_out(name, bytes as u64, zone));
        Ok(())
    }

    /// As `refuse`, of an archive without files.
    pub fn empty_archive(&mut self, name: String, bytes: f64) -> JsResult<()> {
        let input = Input::refusal(name, bytes as u64, Refusal::EmptyArchive);
        self.taking("empty_archive")?.log().input(input);
        Ok(())
    }

    /// Notes an input that has the same bytes as another.
    pub fn duplicate(&mut self, name: String, bytes: f64, of: String) -> JsResult<()> {
        let input = Input::duplicate(name, bytes as u64, of);
        self.taking("duplicate")?.log().input(input);
        Ok(())
    }

    /// Takes in the customers that a reader has read.
    pub fn customers(&mut self, rows: &[u8]) -> JsResult<()> {
        let landing = CustomerLanding::from_bytes(rows).map_err(core_error)?;
        self.taking("customers")?.merge(landing);
        Ok(())
    }

    pub(super) fn taking(&mut self, step: &'static str) -> JsResult<&mut CustomerStage> {
        match &mut self.phase {
            Phase::Customers(stage) => Ok(stage),
            _ => Err(out_of_turn(step, "a new run")),
        }
    }

    /// A run that erases people from a lake which left out `before` withdrawals.
    pub(super) fn erasing(options: Options, key: Key, before: usize) -> JsResult<Run> {
        let mut stage = CustomerStage::new(options, key).map_err(core_error)?;
        stage.erase_after(before);
        Ok(Run { phase: Phase::Customers(Box::new(stage)), withdrawn: Vec::new() })
    }

    /// Whom a finished run has admitted.
    pub(super) fn ledger(&self, step: &'static str) -> JsResult<&ConsentLedger> {
        match &self.phase {
            Phase::Done(stage, _) => Ok(stage.consent()),
            _ => Err(out_of_turn(step, "finish")),
        }
    }

    /// The entries of the withdrawals that match nothing, by their positions in the list.
    pub(super) fn unmatched_at(&self) -> JsResult<&[usize]> {
        Ok(self.lake("unmatched_at")?.unmatched.as_slice())
    }

    fn readings(&mut self, step: &'static str) -> JsResult<&mut ReadingStage> {
        match &mut self.phase {
            Phase::Readings(stage) => Ok(stage),
            _ => Err(out_of_turn(step, "consent")),
        }
    }

    /// Every customer file is in: makes the consent ledger.
    pub fn consent(&mut self) -> JsResult<()> {
        match std::mem::replace(&mut self.phase, Phase::Moved) {
            Phase::Customers(stage) => self.phase = Phase::Readings(Box::new(stage.consent())),
            other => {
                self.phase = other;
                return Err(out_of_turn("consent", "a new run"));
            }
        }
        Ok(())
    }

    /// What readers need to know, in this worker and in others.
    pub fn context(&mut self) -> JsResult<Vec<u8>> {
        self.readings("context")?.context().to_bytes().map_err(core_error)
    }

    /// Takes in what a reader counted.
    pub fn merge(&mut self, counters: &[u8]) -> JsResult<()> {
        let stage = self.readings("merge")?;
        let counters = Counters::of_ledger(counters, &stage.context().ledger).map_err(core_error)?;
        stage.merge(counters);
        Ok(())
    }

    /// Notes a file that readers have read, by the accounts of its parts, in
    /// their order.
    pub fn decoded(
        &mut self,
        name: String,
        bytes: f64,
        table: js::Landing,
        parts: Vec<Uint8Array>,
    ) -> JsResult<()> {
        let kind = landing(table)?;
        let untiled = || coded("exchange", "the ranges of a file do not tile it");
        let decoded = reader::joined(&parts)?.ok_or_else(untiled)?;
        let log = match &mut self.phase {
            Phase::Customers(stage) => stage.log(),
            Phase::Readings(stage) => stage.log(),
            _ => return Err(out_of_turn("decoded", "a new run")),
        };
        log.decoded(name, bytes as u64, kind, decoded);
        Ok(())
    }

    /// Every reading was seen: decides who is curated, and gives the plan of
    /// the rest, for row group builders.
    pub fn plan_curation(&mut self) -> JsResult<Vec<u8>> {
        match std::mem::replace(&mut self.phase, Phase::Moved) {
            Phase::Readings(stage) => {
                let stage = stage.plan_curation();
                let plan = stage.plan().to_bytes().map_err(core_error);
                self.phase = Phase::Curating(Box::new(stage));
                plan
            }
            other => {
                self.phase = other;
                Err(out_of_turn("plan_curation", "consent"))
            }
        }
    }

    /// The jobs of the plan.
    pub fn jobs(&self) -> JsResult<js::Jobs> {
        let Phase::Curating(stage) = &self.phase else {
            return Err(out_of_turn("jobs", "plan_curation"));
        };
        let jobs = stage.plan().jobs().iter();
        view(&jobs.map(|job| JobView { table: job.table, rows: job.rows }).collect::<Vec<_>>())
    }

    /// The rows of a job for a row group builder, if it is of customers.
    pub fn job_customers(&self, job: usize) -> JsResult<Option<Vec<u8>>> {
        match &self.phase {
            Phase::Curating(stage) => Ok(stage.customers(job)),
            _ => Err(out_of_turn("job_customers", "plan_curation")),
        }
    }

    /// Every job of readings is counted: the ledger of the tables, as `counts`.
    pub fn counted(&self, counted: Vec<Uint8Array>) -> JsResult<js::Counts> {
        let Phase::Curating(stage) = &self.phase else {
            return Err(out_of_turn("counted", "plan_curation"));
        };
        let counted: Result<Vec<JobCounts>, Error> =
            counted.iter().map(|counted| JobCounts::from_bytes(&counted.to_vec())).collect();
        view(&counted.and_then(|counted| stage.counted(counted)).map_err(core_error)?)
    }

    /// Every job is done: makes the report and the ends of the files, from the
    /// results of the jobs.
    pub fn finish(&mut self, done: Vec<Uint8Array>) -> JsResult<()> {
        match std::mem::replace(&mut self.phase, Phase::Moved) {
            Phase::Curating(stage) => {
                let done: Result<Vec<JobResult>, Error> =
                    done.iter().map(|done| JobResult::from_bytes(&done.to_vec())).collect();
                let lake = done.and_then(|done| stage.finish(done)).map_err(core_error)?;
                self.phase = Phase::Done(stage, Box::new(lake));
                Ok(())
            }
            other => {
                self.phase = other;
                Err(out_of_turn("finish", "plan_curation"))
            }
        }
    }

    /// A run under other options, up to the readers, from what this finished one
    /// and its row group builders hold; undefined if that does not suffice.
    pub fn narrowed(
        &self,
        options: js::Options,
        key: Vec<u8>,
        key_origin: js::KeyOrigin,
    ) -> JsResult<Option<Run>> {
        let Phase::Done(stage, _) = &self.phase else {
            return Err(out_of_turn("narrowed", "finish"));
        };
        let (options, withdrawn, key) = choices(options, key, key_origin)?;
        let stage = ReadingStage::narrowed(stage, options, &key).map_err(core_error)?;
        let withdrawn = withdrawn.entries;
        Ok(stage.map(|stage| Run { phase: Phase::Readings(Box::new(stage)), withdrawn }))
    }

    /// The ledger of the tables so far.
    pub fn counts(&self) -> JsResult<js::Counts> {
        match &self.phase {
            Phase::Customers(stage) => view(&stage.tables()),
            Phase::Readings(stage) => view(&stage.tables()),
            Phase::Curating(stage) => view(&stage.tables()),
            Phase::Done(_, lake) => view(&lake.report.tables),
            Phase::Moved => Err(out_of_turn("counts", "a new run")),
        }
    }

    /// `report.json`.
    pub fn report(&self) -> JsResult<String> {
        self.lake("report")?.report_json().map_err(core_error)
    }

    /// What became of customer records, for `LandingView`.
    pub fn outcomes(&self) -> JsResult<Vec<u8>> {
        match &self.phase {
            Phase::Done(stage, _) => stage.outcomes().to_bytes().map_err(core_error),
            _ => Err(out_of_turn("outcomes", "finish")),
        }
    }

    /// What was read of the inputs, for `Audit`.
    pub fn reads(&self) -> JsResult<Vec<u8>> {
        self.lake("reads")?.reads.to_bytes().map_err(core_error)
    }

    /// The rejects that are kept, with their text, for the page only.
    pub fn rejects(&self) -> JsResult<js::Rejects> {
        let rejects = self.lake("rejects")?.report.rejects.iter();
        view(&rejects.map(RejectView::from).collect::<Vec<_>>())
    }

    /// Entries of the withdrawals that match nothing, for the page only.
    pub fn unmatched(&self) -> JsResult<js::UnmatchedEntries> {
        let unmatched = self.lake("unmatched")?.unmatched.iter();
        view(&unmatched.filter_map(|&at| self.withdrawn.get(at)).collect::<Vec<_>>())
    }

    /// Fields that no table has, for the page only.
    pub fn unknown_fields(&self) -> JsResult<js::UnknownFields> {
        let fields = self.lake("unknown_fields")?.unknown_fields.iter();
        let views: Vec<_> = fields.map(|(name, &count)| UnknownField { name, count }).collect();
        view(&views)
    }

    /// The name among them that is most like the field of consent, where no customer has that.
    pub fn nearest_to_consent(&self) -> JsResult<Option<String>> {
        Ok(self.lake("nearest_to_consent")?.nearest_to_consent().map(str::to_owned))
    }

    /// Between which times the readings of the two sensors are, if none could be paired,
    /// for the page only.
    pub fn times(&self) -> JsResult<Option<js::TimeRanges>> {
        self.lake("times")?.times.as_ref().map(view).transpose()
    }

    /// A written table as the parts of its file.
    pub fn output(&self, table: &str) -> JsResult<js::TableFile> {
        let wanted = Table::from_name(table);
        let outputs = &self.lake("output")?.outputs;
        let Some(output) = outputs.iter().find(|output| Some(output.table) == wanted) else {
            return Err(coded("bad_table", &format!("no table {table} is written")));
        };
        let Output { head, jobs, tail, .. } = output;
        view(&OutputView { head, jobs: jobs.clone().collect(), tail })
    }

    fn lake(&self, step: &'static str) -> JsResult<&Lake> {
        match &self.phase {
            Phase::Done(_, lake) => Ok(lake),
            _ => Err(out_of_turn(step, "curate")),
        }
    }
}

/// What the lists of withdrawals hold.
#[derive(Default)]
pub(super) struct Withdrawn {
    entries: Vec<ListedWithdrawal>,
    /// Lists of which nothing is an entry.
    empty_lists: usize,
}

pub(super) fn choices(
    options: js::Options,
    key: Vec<u8>,
    key_origin: js::KeyOrigin,
) -> JsResult<(Options, Withdrawn, Key)> {
    let mut options: Options = read(options, "bad_options")?;
    let mut withdrawn = Withdrawn::default();
    for (list, text) in options.withdrawals.iter().enumerate() {
        let entries = withdrawals::read(text);
        // What is not given is an empty text.
        withdrawn.empty_lists += usize::from(entries.is_empty() && !text.is_empty());
        let entries = entries.into_iter();
        let listed = entries.map(|entry| ListedWithdrawal { list, line: entry.line, entry: entry.text });
        withdrawn.entries.extend(listed);
    }
    options.withdrawals = withdrawn.entries.iter().map(|withdrawn| withdrawn.entry.clone()).collect();
    let origin = read(key_origin, "bad_options")?;
    Ok((options, withdrawn, Key::new(key, origin).map_err(core_error)?))
}
