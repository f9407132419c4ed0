//! People who are erased from a lake.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, coded, core_error, out_of_turn, view};
use super::js;
use super::lake::{Lake, LakeTable, past};
use super::run::Run;
use crate::audit::{Completion, Event, Hashed};
use crate::export::{Logs, TableFormat};
use crate::lake::{Erasing, ErasingRun, Searched, Wanted, has_all_tables, key_fate};
use crate::options::{Compression, Key, KeyOrigin};
use crate::schema::Table;
use crate::views::ListedWithdrawal;
use crate::withdrawals::{self, Entry};

/// An erasure: the rows of customer_trusted, a run that leaves people out, a search of its tables, and documents.
#[wasm_bindgen]
pub struct LakeErasing {
    erasing: Erasing,
    /// The entries of the lists.
    listed: Vec<ListedWithdrawal>,
    compression: Compression,
    format: TableFormat,
    /// The tables of the new lake.
    outputs: Vec<(Table, Hashed)>,
    /// What their logs are made of, if the lake has logs.
    logs: Logs,
    /// Whom no file may hold any more, and what was found of them; known when the run has ended.
    search: Option<(Wanted, Searched)>,
}

#[wasm_bindgen]
impl Lake {
    /// Begins to erase whom these lists name, on a request of this reference or none, under the bytes of a key that
    /// was `given` or not; under another key than the lake's only with `new_key`.
    pub fn erase(
        &self,
        lists: Vec<String>,
        reference: &str,
        key: Vec<u8>,
        given: bool,
        new_key: bool,
    ) -> JsResult<LakeErasing> {
        let lake = self.contents();
        if !has_all_tables(lake) {
            return Err(coded("lacks_tables", "it lacks tables, so it is not known whose rows are whose"));
        }
        if lake.report.compression() == Compression::Zstd {
            return Err(coded("zstd", "its tables are packed by zstd, which the page does not write"));
        }
        let listed: Vec<ListedWithdrawal> =
            lists.iter().enumerate().flat_map(|(at, text)| listed(at, text)).collect();
        if listed.is_empty() {
            return Err(coded("no_entry", "the list of withdrawals has no entry"));
        }
        let key = match given {
            true => Key::from_file(&key),
            false => Key::new(key, KeyOrigin::Random),
        };
        let key = key.map_err(core_error)?;
        let Some(fate) = key_fate(lake, &key, new_key) else {
            lake.check_key(&key).map_err(core_error)?;
            return Err(out_of_turn("erase", "a key of the lake"));
        };
        let (compression, format) = (lake.report.compression(), lake.format());
        let list = listed.iter().map(|one| Entry { text: one.entry.clone(), line: one.line }).collect();
        let mut erasing = Erasing::new(lake.clone(), list, key, fate).map_err(core_error)?;
        erasing.refer_to(reference).map_err(core_error)?;
        let (outputs, logs) = (Vec::new(), Logs::default());
        Ok(LakeErasing { erasing, listed, compression, format, outputs, logs, search: None })
    }
}

#[wasm_bindgen]
impl LakeErasing {
    /// The run that leaves them out.
    pub fn run(&self) -> JsResult<Run> {
        let (options, key, before) = self.erasing.run();
        Run::erasing(options, key, before)
    }

    /// Takes the bytes of a row group of customer_trusted.
    pub fn customers(
        &mut self,
        run: &mut Run,
        file: &LakeTable,
        group: usize,
        bytes: Vec<u8>,
    ) -> JsResult<()> {
        let (erasing, stage) = (&mut self.erasing, run.taking("customers")?);
        let take = |batch: &_| {
            erasing.customers(batch)?;
            stage.lake_rows(batch)
        };
        file.file().read_piece(bytes, group, take).map_err(core_error)
    }

    /// Whether `pairs` has to take machine_learning_curated.
    pub fn wants_pairs(&self) -> bool {
        self.erasing.wants_pairs()
    }

    /// Takes the bytes of a row group of machine_learning_curated.
    pub fn pairs(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let erasing = &mut self.erasing;
        file.file().read_piece(bytes, group, |batch| erasing.pairs(batch)).map_err(core_error)
    }

    /// The run has ended: its files can be searched. Fails if all that it has changed is everyone's pseudonym.
    pub fn ended(&mut self, run: &Run) -> JsResult<()> {
        if self.erasing.changes_nothing(run.unmatched_at()?.len()) {
            let why =
                "nothing is changed: no entry of the list is in this lake, so everyone keeps their pseudonym";
            return Err(coded("nobody_listed", why));
        }
        let wanted = self.erasing.wanted(run.ledger("ended")?).map_err(core_error)?;
        self.search = Some((wanted, Searched::default()));
        Ok(())
    }

    /// Notes a table of the new lake, and gives its path.
    pub fn output(&mut self, file: &LakeTable, bytes: f64, sha256: String) -> String {
        let table = file.file().table();
        let name = self.format.table_path(table, self.compression, &sha256);
        self.logs.statistics.insert(table, file.file().statistics());
        self.outputs.push((table, Hashed { name: name.clone(), bytes: bytes as u64, sha256: Some(sha256) }));
        name
    }

    /// Searches a table that will lie in the lake, by its path.
    pub fn search(&mut self, path: &str, bytes: Vec<u8>) -> JsResult<()> {
        let (wanted, searched) = self.search.as_mut().ok_or_else(|| out_of_turn("search", "ended"))?;
        searched.merge(wanted.search_parquet(path, &bytes.into()).map_err(core_error)?);
        Ok(())
    }

    /// Where somebody was found: paths, each with the part of the file.
    pub fn matches(&self) -> JsResult<js::Matches> {
        let (_, searched) = self.search.as_ref().ok_or_else(|| out_of_turn("matches", "ended"))?;
        view(&searched.matches.keys().collect::<Vec<_>>())
    }

    /// The documents of the new lake, the report last; they are searched here. `texts` are documents
    /// of the old one, as `Lake.past` takes them, with its croissant.json; the new one lacks `landing_files` of its
    /// landing files.
    pub fn documents(
        &mut self,
        run: &Run,
        lake: &Lake,
        texts: Vec<String>,
        landing_files: usize,
        about: ErasingAbout,
    ) -> JsResult<js::TextFiles> {
        let (wanted, searched) = self.search.as_ref().ok_or_else(|| out_of_turn("documents", "ended"))?;
        let mut pairs = texts.chunks_exact(2);
        let croissant = pairs.find(|pair| pair[0] == "croissant.json").map_or("", |pair| &pair[1]);
        let ErasingAbout { event, completion, key_is_known } = about;
        let report = run.report()?;
        let run_of = ErasingRun {
            report: &report,
            unmatched: run.unmatched_at()?.len(),
            completion,
            outputs: &self.outputs,
            logs: (self.format == TableFormat::Delta).then_some(&self.logs),
            searched,
            landing_files,
            key_is_known,
            event: &event,
            croissant,
        };
        let past = past(&lake.contents().report, &texts);
        let documents = self.erasing.documents(run_of, run.ledger("documents")?, wanted, &past);
        let (documents, searched) = documents.map_err(core_error)?;
        self.search = self.search.take().map(|(wanted, _)| (wanted, searched));
        view(&documents)
    }

    /// Entries of the lists that match nothing in the lake, for the page only.
    pub fn unmatched(&self, run: &Run) -> JsResult<js::UnmatchedEntries> {
        let unmatched = run.unmatched_at()?.iter();
        view(&unmatched.filter_map(|&at| self.listed.get(at)).collect::<Vec<_>>())
    }
}

/// The entries of the list at this position.
fn listed(list: usize, text: &str) -> impl Iterator<Item = ListedWithdrawal> {
    withdrawals::read(text).into_iter().map(move |Entry { text, line }| ListedWithdrawal {
        list,
        line,
        entry: text,
    })
}

/// What only the page knows of an erasure.
#[wasm_bindgen]
pub struct ErasingAbout {
    event: Event,
    completion: Completion,
    key_is_known: bool,
}

#[wasm_bindgen]
impl ErasingAbout {
    /// Of a run with this UUID that ended at this time (RFC 3339), by this build; and whether somebody has the key.
    #[wasm_bindgen(constructor)]
    pub fn new(
        run_id: String,
        time: String,
        commit: String,
        wasm_sha256: String,
        key_is_known: bool,
    ) -> ErasingAbout {
        let (commit, wasm_sha256) = (Some(commit), Some(wasm_sha256));
        let completion = Completion { commit, wasm_sha256, ..Completion::default() };
        ErasingAbout { event: Event { run_id, time }, completion, key_is_known }
    }
}
