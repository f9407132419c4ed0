//! What is said of a finished run: hashes, the files of the audit, comparisons.

use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error, read, view};
use super::js;
use super::lake::{LakeTable, past};
use crate::audit::{self, Completion, Event, Hashed, Landing, Publication, ReportFile};
use crate::export::{self, Export, Logs, Tree};
use crate::ingest::{ReadAgain, Reads};
use crate::lake::Past;
use crate::parquet::FileStatistics;
use crate::schema::Table;
use crate::views::TreeView;
use crate::wire::Message;

/// SHA-256 of bytes that come in chunks; of an input also whether they are
/// what was read in the run.
#[wasm_bindgen]
#[derive(Default)]
pub struct Hasher {
    hasher: audit::Hasher,
    again: Option<ReadAgain>,
}

#[wasm_bindgen]
impl Hasher {
    /// Of nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Hasher {
        Hasher::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.hasher.push(chunk);
        if let Some(again) = &mut self.again {
            again.push(chunk);
        }
    }

    /// The hash in lower-case hex.
    pub fn finish(self) -> String {
        self.hasher.finish()
    }
}

/// Completes the report of a run with what only the page knows, and makes the
/// documents of it.
#[wasm_bindgen]
pub struct Audit {
    report: ReportFile,
    reads: Reads,
    completion: Completion,
    /// Of the tables: for their logs, which start afresh on the page, where no earlier version is at hand.
    statistics: BTreeMap<Table, FileStatistics>,
    /// Of the lake that it went on from.
    past: Option<Past>,
}

#[wasm_bindgen]
impl Audit {
    /// Of the text of a report and what its run has read, with the build that made it.
    #[wasm_bindgen(constructor)]
    pub fn new(report: &str, reads: &[u8], commit: String, wasm_sha256: String) -> JsResult<Audit> {
        let report = ReportFile::read(report).map_err(core_error)?;
        let reads = Reads::from_bytes(reads).map_err(core_error)?;
        let (commit, wasm_sha256) = (Some(commit), Some(wasm_sha256));
        let completion = Completion { commit, wasm_sha256, ..Completion::default() };
        Ok(Audit { report, reads, completion, statistics: BTreeMap::new(), past: None })
    }

    /// Says that the run went on from a lake, by the text of its report and its documents, as `Lake.past` takes them.
    pub fn went_on_from(&mut self, report: &str, documents: Vec<String>) -> JsResult<()> {
        let report = ReportFile::read(report).map_err(core_error)?;
        self.past = Some(past(&report, &documents));
        Ok(())
    }

    /// Of a file that the run was given.
    pub fn hasher(&self, name: &str) -> Hasher {
        Hasher { again: Some(self.reads.check(name)), ..Hasher::default() }
    }

    /// The file, when its hasher has taken all of it; without one if it cannot be read.
    /// False if it is not what was read in the run: then it has no hash.
    pub fn input(&mut self, name: String, bytes: f64, hasher: Option<Hasher>) -> bool {
        let changed =
            hasher.as_ref().and_then(|hasher| hasher.again.as_ref()).is_some_and(ReadAgain::changed);
        let sha256 = hasher.map(Hasher::finish).filter(|_| !changed);
        if changed {
            self.completion.changed.insert(name.clone());
        }
        self.completion.files.push(Hashed { name, bytes: bytes as u64, sha256 });
        !changed
    }

    /// A table that is offered.
    pub fn output(&mut self, file: &LakeTable, name: String, bytes: f64, sha256: String) {
        let table = file.file().table();
        self.statistics.insert(table, file.file().statistics());
        self.completion.outputs.push((table, Hashed { name, bytes: bytes as u64, sha256: Some(sha256) }));
    }

    /// report.json, lineage.json and croissant.json, of a run with this UUID
    /// that ended at this time (RFC 3339).
    pub fn finish(&self, run_id: String, time: String) -> JsResult<Vec<String>> {
        let mut report = self.report.clone();
        report.complete(self.completion.clone()).map_err(core_error)?;
        let event = Event { run_id, time };
        let lineage = audit::lineage(&report, &event).map_err(core_error)?;
        let croissant = audit::croissant(&report, &event, &Publication::default()).map_err(core_error)?;
        Ok([report.json(), &lineage, &croissant].map(audit::Json::pretty).into())
    }

    /// The files of an export, `lake` or `research`, of the same run. With `along`, landing files are part of
    /// the lake; with `delta`, its tables have logs as Delta Lake has them.
    pub fn tree(
        &self,
        export: js::Export,
        along: bool,
        delta: bool,
        run_id: String,
        time: String,
    ) -> JsResult<js::Tree> {
        let export: Export = read(export, "bad_argument")?;
        let event = Event { run_id, time };
        let landing = if along { Landing::Along(Vec::new()) } else { Landing::Left };
        let completion = Completion { landing, ..self.completion.clone() };
        let logs = delta.then(|| Logs { statistics: self.statistics.clone(), earlier: None });
        let (logs, publication) = (logs.as_ref(), Publication::default());
        let more = |report: &ReportFile| {
            let past = self.past.as_ref().filter(|_| export == Export::Lake);
            past.map_or_else(|| Ok(Vec::new()), |past| past.gone_on(report, &event.time))
        };
        let tree = export::tree(export, logs, &self.report, completion, &event, &publication, more);
        let Tree { tables, documents, landing, .. } = tree.map_err(core_error)?;
        let landing = landing.into_iter().map(|file| (file.name, file.path)).collect();
        view(&TreeView { tables, documents, landing })
    }
}

/// The difference of two texts of report.json, the earlier one first, as JSON:
/// a `Difference`, described in `src/audit/compare.rs`.
#[wasm_bindgen]
pub fn compare(old: &str, new: &str) -> JsResult<String> {
    let old = ReportFile::read(old).map_err(core_error)?;
    let new = ReportFile::read(new).map_err(core_error)?;
    Ok(audit::compare(&old, &new).map_err(core_error)?.pretty())
}

/// A complete text of report.json as a research export has it: without a name of
/// an input. One that is so already stays as it is.
#[wasm_bindgen]
pub fn numbered(report: &str) -> JsResult<String> {
    Ok(ReportFile::read(report).map_err(core_error)?.for_research().json().pretty())
}
