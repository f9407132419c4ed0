//! What a worker needs to read for a run that another worker holds.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, out_of_turn, view};
use super::inputs::Archive;
use crate::error::Error;
use crate::ingest::{self, Decoded, InputFile};
use crate::pipeline::{self, WorkerContext};
use crate::wire::Message;

#[wasm_bindgen]
extern "C" {
    /// What keeps bytes for the core.
    #[wasm_bindgen(typescript_type = "(bytes: Uint8Array) => void")]
    pub type Write;
    #[wasm_bindgen(method, catch)]
    fn call(this: &Write, receiver: &JsValue, bytes: Uint8Array) -> Result<(), JsValue>;
}

/// Reads files of readings, or ranges of them, for a run in this worker or in
/// another. Several may be open at a time.
#[wasm_bindgen]
pub struct Reader {
    pub(super) reader: pipeline::Reader,
    /// By number.
    open: BTreeMap<u32, InputFile>,
    opened: u32,
}

impl Reader {
    pub(super) fn of(reader: pipeline::Reader) -> Reader {
        Reader { reader, open: BTreeMap::new(), opened: 0 }
    }
}

#[wasm_bindgen]
impl Reader {
    /// A reader of nothing yet, under the brief of a run.
    #[wasm_bindgen(constructor)]
    pub fn new(brief: &[u8]) -> JsResult<Reader> {
        let brief = WorkerContext::from_bytes(brief).map_err(core_error)?;
        Ok(Reader::of(pipeline::Reader::new(brief)))
    }

    /// Opens a file, plain or gzip, and gives its number; with a range, which an
    /// end of 0 means none of, the first byte to push is the one before its start.
    pub fn open(&mut self, name: &str, table: JsValue, start: f64, end: f64) -> JsResult<u32> {
        let kind = landing(table)?;
        let file = match (start as u64, end) {
            (_, 0.0) => InputFile::new(name, kind),
            (start, end) if end.is_finite() => InputFile::range(name, kind, start, end as u64),
            (start, _) => InputFile::range(name, kind, start, u64::MAX),
        };
        self.opened += 1;
        self.open.insert(self.opened, file);
        Ok(self.opened)
    }

    /// Takes the next bytes of an open file; true when its range has ended.
    pub fn push(&mut self, number: u32, chunk: &[u8]) -> JsResult<bool> {
        let file = self.open.get_mut(&number).ok_or_else(|| out_of_turn("push", "open"))?;
        self.reader.push(file, chunk);
        Ok(file.is_done())
    }

    /// Ends an open file, or a range of one, and gives its account.
    pub fn close(&mut self, number: u32) -> JsResult<Vec<u8>> {
        let file = self.open.remove(&number).ok_or_else(|| out_of_turn("close", "open"))?;
        self.tell(file)
    }

    /// Takes a whole entry of a zip, and gives its account.
    pub fn entry(
        &mut self,
        archive: &mut Archive,
        index: usize,
        name: &str,
        table: JsValue,
    ) -> JsResult<Vec<u8>> {
        let mut file = InputFile::new(name, landing(table)?);
        self.reader.entry(&mut archive.0, index, &mut file).map_err(archive_error)?;
        self.tell(file)
    }

    fn tell(&mut self, file: InputFile) -> JsResult<Vec<u8>> {
        self.reader.finish(file).to_bytes().map_err(core_error)
    }

    /// The tables of readings so far: `{[table]: TableReport}`.
    pub fn counts(&self) -> JsResult<JsValue> {
        view(&self.reader.tables(self.open.values()))
    }

    /// What it has counted, for the run.
    pub fn tallies(&self) -> JsResult<Vec<u8>> {
        self.reader.counters().to_bytes().map_err(core_error)
    }

    /// Bytes of the readings that it holds.
    pub fn size(&self) -> usize {
        self.reader.size()
    }

    /// Whether it has handed out a run.
    pub fn has_spilled(&self) -> bool {
        self.reader.has_spilled()
    }

    /// Hands its readings out as a run, by `write(Uint8Array)`, and forgets them.
    pub fn spill(&mut self, write: &Write) -> JsResult<()> {
        let mut failed = None;
        self.reader.spill(&mut |bytes| {
            if let Err(error) = write.call(&JsValue::NULL, Uint8Array::from(bytes)) {
                failed.get_or_insert(error);
            }
        });
        failed.map_or(Ok(()), Err)
    }
}

/// The ranges of a plain file of so many bytes, as starts and ends one after the
/// other; the last end is infinite.
#[wasm_bindgen]
pub fn ranges(bytes: f64) -> Vec<f64> {
    let end = |end: u64| if end == u64::MAX { f64::INFINITY } else { end as f64 };
    ingest::ranges(bytes as u64).flat_map(|(start, stop)| [start as f64, end(stop)]).collect()
}

/// Whether the ranges of a file, by their accounts and in their order,
/// tile it. If not, the file has to be read again in one piece.
#[wasm_bindgen]
pub fn tiles(parts: Vec<Uint8Array>) -> JsResult<bool> {
    Ok(joined(&parts)?.is_some())
}

/// The accounts of the ranges of a file, put together.
pub(super) fn joined(parts: &[Uint8Array]) -> JsResult<Option<Decoded>> {
    let parts: Result<Vec<Decoded>, Error> =
        parts.iter().map(|part| Decoded::from_bytes(&part.to_vec())).collect();
    Ok(Decoded::joined(parts.map_err(core_error)?))
}

/// Whether a file that starts so can be read in ranges: it is not compressed.
#[wasm_bindgen]
pub fn is_plain(head: &[u8]) -> bool {
    ingest::is_plain(head)
}
