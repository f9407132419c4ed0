//! The worker that leads a run.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, coded, core_error, landing, out_of_turn, view};
use super::inputs::Archive;
use super::reader;
use crate::Error;
use crate::ingest::{InputFile, Refusal};
use crate::options::{Key, Options};
use crate::pipeline::{CurateStage, CustomerStage, JobCounts, JobResult, Lake, Output, ReadingStage};
use crate::report::Input;
use crate::schema::{Landing, Table};
use crate::views::{JobView, ListedWithdrawal, OutputView, RejectView, UnknownField};
use crate::wire::Message;
use crate::withdrawals;
use crate::zones::Counters;

enum Phase {
    Customers(CustomerStage),
    Readings(Box<ReadingStage>),
    Curating(Box<CurateStage>),
    Done(Box<CurateStage>, Box<Lake>),
    /// Only while a stage becomes the next, and after one failed.
    Moved,
}

/// A run: customers, `consent()`, readings, `settle()`, jobs, `finish()`, then
/// the results. It takes the customers itself, and the readings from readers.
#[wasm_bindgen]
pub struct Run {
    phase: Phase,
    open: Option<(InputFile, String, u64)>,
    withdrawn: Vec<ListedWithdrawal>,
}

#[wasm_bindgen]
impl Run {
    /// Starts a run with `Options` (see `www/shared/core.d.ts`), whose withdrawals are
    /// lists as texts here, and a key that was `given` or is `random`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, key: Vec<u8>, key_origin: JsValue) -> JsResult<Run> {
        let (options, withdrawn, key) = choices(options, key, key_origin)?;
        let mut stage = CustomerStage::new(options, key);
        (0..withdrawn.empty_lists).for_each(|_| stage.log().empty_list());
        Ok(Run { phase: Phase::Customers(stage), open: None, withdrawn: withdrawn.entries })
    }

    /// Notes an input that is not used.
    pub fn refuse(&mut self, name: String, bytes: f64, reason: &str, message: &str) -> JsResult<()> {
        let input = Input::refused(name, bytes as u64, reason, message);
        self.customers("refuse")?.log().input(input);
        Ok(())
    }

    /// As `refuse`, of a hidden file.
    pub fn hide(&mut self, name: String, bytes: f64) -> JsResult<()> {
        let input = Input::refusal(name, bytes as u64, Refusal::Hidden);
        self.customers("hide")?.log().input(input);
        Ok(())
    }

    /// As `refuse`, of a zip without files.
    pub fn empty_archive(&mut self, name: String, bytes: f64) -> JsResult<()> {
        let input = Input::refusal(name, bytes as u64, Refusal::EmptyArchive);
        self.customers("empty_archive")?.log().input(input);
        Ok(())
    }

    /// Notes an input that has the same bytes as another.
    pub fn duplicate(&mut self, name: String, bytes: f64, of: String) -> JsResult<()> {
        let input = Input::duplicate(name, bytes as u64, of);
        self.customers("duplicate")?.log().input(input);
        Ok(())
    }

    /// Opens a file of customers, plain or gzip.
    pub fn open(&mut self, name: String, bytes: f64) -> JsResult<()> {
        self.customers("open")?;
        self.open = Some((InputFile::new(&name, Landing::Customer), name, bytes as u64));
        Ok(())
    }

    /// Takes the next bytes of the open file.
    pub fn push(&mut self, chunk: &[u8]) -> JsResult<()> {
        let (Phase::Customers(stage), Some((file, ..))) = (&mut self.phase, &mut self.open) else {
            return Err(out_of_turn("push", "open"));
        };
        stage.push(file, chunk);
        Ok(())
    }

    /// Ends the open file.
    pub fn close(&mut self) -> JsResult<()> {
        let (file, name, bytes) = self.open.take().ok_or_else(|| out_of_turn("close", "open"))?;
        self.customers("close")?.close(file, name, bytes);
        Ok(())
    }

    /// Takes a whole entry of a zip, of customers.
    pub fn entry(&mut self, archive: &mut Archive, index: usize, name: String) -> JsResult<()> {
        let mut file = InputFile::new(&name, Landing::Customer);
        let bytes = archive.0.entries().get(index).map_or(0, |entry| entry.bytes);
        let stage = self.customers("entry")?;
        stage.entry(&mut archive.0, index, &mut file).map_err(archive_error)?;
        stage.close(file, name, bytes);
        Ok(())
    }

    fn customers(&mut self, step: &'static str) -> JsResult<&mut CustomerStage> {
        match &mut self.phase {
            Phase::Customers(stage) => Ok(stage),
            _ => Err(out_of_turn(step, "a new run")),
        }
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
    pub fn brief(&mut self) -> JsResult<Vec<u8>> {
        self.readings("brief")?.context().to_bytes().map_err(core_error)
    }

    /// Takes in what a reader counted.
    pub fn absorb(&mut self, tallies: &[u8]) -> JsResult<()> {
        let stage = self.readings("absorb")?;
        let counters = Counters::of_ledger(tallies, &stage.context().ledger).map_err(core_error)?;
        stage.merge(counters);
        Ok(())
    }

    /// Notes a file that readers have read, by the accounts of its parts, in
    /// their order.
    pub fn decoded(
        &mut self,
        name: String,
        bytes: f64,
        table: JsValue,
        parts: Vec<Uint8Array>,
    ) -> JsResult<()> {
        let kind = landing(table)?;
        let untiled = || coded("exchange", "the ranges of a file do not tile it");
        let decoded = reader::joined(&parts)?.ok_or_else(untiled)?;
        self.readings("decoded")?.log().decoded(name, bytes as u64, kind, decoded);
        Ok(())
    }

    /// Every reading was seen: decides who is curated, and gives the plan of
    /// the rest, for curators.
    pub fn settle(&mut self) -> JsResult<Vec<u8>> {
        match std::mem::replace(&mut self.phase, Phase::Moved) {
            Phase::Readings(stage) => {
                let stage = stage.plan_curation();
                let plan = stage.plan().to_bytes().map_err(core_error);
                self.phase = Phase::Curating(Box::new(stage));
                plan
            }
            other => {
                self.phase = other;
                Err(out_of_turn("settle", "consent"))
            }
        }
    }

    /// The jobs of the plan: `{table, rows}[]`.
    pub fn jobs(&self) -> JsResult<JsValue> {
        let Phase::Curating(stage) = &self.phase else {
            return Err(out_of_turn("jobs", "settle"));
        };
        let jobs = stage.plan().jobs().iter();
        view(&jobs.map(|job| JobView { table: job.table, rows: job.rows }).collect::<Vec<_>>())
    }

    /// Every job is counted: the ledger of the tables, as `counts`.
    pub fn counted(&self, counted: Vec<Uint8Array>) -> JsResult<JsValue> {
        let Phase::Curating(stage) = &self.phase else {
            return Err(out_of_turn("counted", "settle"));
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
                Err(out_of_turn("finish", "settle"))
            }
        }
    }

    /// A run under other options, up to the readers, from what this finished one
    /// and its curators hold; undefined if that does not suffice.
    pub fn narrowed(&self, options: JsValue, key: Vec<u8>, key_origin: JsValue) -> JsResult<Option<Run>> {
        let Phase::Done(stage, _) = &self.phase else {
            return Err(out_of_turn("narrowed", "finish"));
        };
        let (options, withdrawn, key) = choices(options, key, key_origin)?;
        let stage = ReadingStage::narrowed(stage, options, &key);
        let withdrawn = withdrawn.entries;
        Ok(stage.map(|stage| Run { phase: Phase::Readings(Box::new(stage)), open: None, withdrawn }))
    }

    /// The ledger of the tables so far: `{[table]: TableReport}`.
    pub fn counts(&self) -> JsResult<JsValue> {
        let open = self.open.as_ref().map(|(file, ..)| file);
        match &self.phase {
            Phase::Customers(stage) => view(&stage.tables(open)),
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

    /// What was read of the inputs, for `Audit`.
    pub fn reads(&self) -> JsResult<Vec<u8>> {
        self.lake("reads")?.reads.to_bytes().map_err(core_error)
    }

    /// The first rejects with their text, for the page only.
    pub fn rejects(&self) -> JsResult<JsValue> {
        let rejects = self.lake("rejects")?.report.rejects.iter();
        view(&rejects.map(RejectView::from).collect::<Vec<_>>())
    }

    /// Entries of the withdrawals that match nothing, for the page only:
    /// `{list, line, entry}[]`, lists counted from 0 and lines from 1.
    pub fn unmet(&self) -> JsResult<JsValue> {
        let unmet = self.lake("unmet")?.unmatched.iter();
        view(&unmet.filter_map(|&at| self.withdrawn.get(at)).collect::<Vec<_>>())
    }

    /// Fields that no table has, for the page only: `{name, count}[]`.
    pub fn unknown_fields(&self) -> JsResult<JsValue> {
        let fields = self.lake("unknown_fields")?.unknown_fields.iter();
        let views: Vec<_> = fields.map(|(name, &count)| UnknownField { name, count }).collect();
        view(&views)
    }

    /// A written table as the parts of its file: `{head, jobs, tail}`, the
    /// numbers of the jobs whose bodies stand between its head and its tail.
    pub fn output(&self, table: &str) -> JsResult<JsValue> {
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
struct Withdrawn {
    entries: Vec<ListedWithdrawal>,
    /// Lists of which nothing is an entry.
    empty_lists: usize,
}

fn choices(options: JsValue, key: Vec<u8>, key_origin: JsValue) -> JsResult<(Options, Withdrawn, Key)> {
    let bad = |error: serde_wasm_bindgen::Error| coded("bad_options", &error.to_string());
    let mut options: Options = serde_wasm_bindgen::from_value(options).map_err(bad)?;
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
    let origin = serde_wasm_bindgen::from_value(key_origin).map_err(bad)?;
    Ok((options, withdrawn, Key::new(key, origin).map_err(core_error)?))
}
