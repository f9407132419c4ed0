//! A research export as training and test data, when a run has ended.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error, view};
use super::js;
use super::lake::LakeTable;
use crate::ErrorKind;
use crate::audit::{Event, ReportFile};
use crate::lake::erase::options_of;
use crate::lake::{SplitTable, TableSplitter};
use crate::options::{Key, KeyOrigin};
use crate::report::KeyReport;
use crate::splits::{Split, TestShare};
use crate::views::TreeView;

/// A table that is being split.
#[wasm_bindgen]
pub struct Splitter {
    splitter: TableSplitter,
    report: ReportFile,
}

#[wasm_bindgen]
impl Splitter {
    /// Of the table of a research export that is not split, by the text of its report, under its key.
    #[wasm_bindgen(constructor)]
    pub fn new(report: &str, share: &str, key: Vec<u8>, file: &LakeTable) -> JsResult<Splitter> {
        let report = ReportFile::read(report).map_err(core_error)?;
        let share: TestShare = share.parse().map_err(core_error)?;
        let (options, _) = options_of(&report, Vec::new()).map_err(core_error)?;
        share.check(&options).map_err(core_error)?;
        let key = Key::new(key, KeyOrigin::Given).map_err(core_error)?;
        let (is, was) = (KeyReport::new(&key).check().to_string(), report.option("key_check").to_owned());
        if is != was {
            return Err(core_error(ErrorKind::OtherKey { is, was }.into()));
        }
        let splitter = TableSplitter::new(share, &key, options.compression, file.file());
        Ok(Splitter { splitter, report })
    }

    /// Takes the bytes of the next row group.
    pub fn rows(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let splitter = &mut self.splitter;
        file.file().read_piece(bytes, group, |batch| splitter.rows(batch)).map_err(core_error)
    }

    /// All row groups have come, of a run with this UUID that ended at this time (RFC 3339).
    pub fn finish(self, run_id: String, time: String) -> JsResult<SplitExport> {
        let table = self.splitter.finish().map_err(core_error)?;
        let documents = table.documents(&self.report, &Event { run_id, time }).map_err(core_error)?;
        Ok(SplitExport { table, documents })
    }
}

/// The files of a research export that is split.
#[wasm_bindgen]
pub struct SplitExport {
    table: SplitTable,
    documents: Vec<(String, String)>,
}

#[wasm_bindgen]
impl SplitExport {
    /// The paths of the splits.
    pub fn paths(&self) -> Vec<String> {
        Split::ALL.map(|split| split.path().to_owned()).into()
    }

    /// The bytes of the split at this position, which are handed over.
    pub fn split(&mut self, at: usize) -> Vec<u8> {
        self.table.files.get_mut(at).map(std::mem::take).unwrap_or_default()
    }

    /// The documents, without tables.
    pub fn documents(self) -> JsResult<js::Tree> {
        view(&TreeView { tables: Vec::new(), documents: self.documents, landing: Vec::new() })
    }
}
