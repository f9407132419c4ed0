//! What a worker needs to read for a run that another worker holds.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, core_error, landing, out_of_turn, read, view};
use super::inputs::{Archive, PackedEntry};
use super::js;
use crate::error::Error;
use crate::ingest::{self, Decoded, InputFile};
use crate::options::Options;
use crate::pipeline::{self, CustomerReader, WorkerContext};
use crate::schema::Landing;
use crate::wire::Message;

#[wasm_bindgen]
extern "C" {
    /// What keeps bytes for the core.
    #[wasm_bindgen(typescript_type = "(bytes: Uint8Array<ArrayBuffer>) => void")]
    pub type Write;
    #[wasm_bindgen(method, catch)]
    fn call(this: &Write, receiver: &JsValue, bytes: Uint8Array) -> Result<(), JsValue>;
}

/// Reads files, or ranges of them, for a run in this worker or in another: those of customers, and
/// once these are taken and the run has answered with a context, those of readings. Several may be
/// open at a time.
#[wasm_bindgen]
pub struct Reader {
    reading: Reading,
    /// By number.
    open: BTreeMap<u32, InputFile>,
    opened: u32,
}

enum Reading {
    Customers(CustomerReader),
    Readings(Box<pipeline::Reader>),
}

/// What is of no table belongs to the customers of a file of several: it may have taken consent back.
fn file_of(name: &str, kind: Landing, share: bool) -> InputFile {
    match share {
        true => InputFile::share(name, kind, kind == Landing::Customer),
        false => InputFile::new(name, kind),
    }
}

impl Reader {
    pub(super) fn of(reader: pipeline::Reader) -> Reader {
        Reader { reading: Reading::Readings(Box::new(reader)), open: BTreeMap::new(), opened: 0 }
    }

    pub(super) fn into_readings(self) -> JsResult<pipeline::Reader> {
        match self.reading {
            Reading::Readings(reader) => Ok(*reader),
            Reading::Customers(_) => Err(out_of_turn("row_group_builder", "admit")),
        }
    }

    pub(super) fn readings_mut(&mut self, step: &'static str) -> JsResult<&mut pipeline::Reader> {
        match &mut self.reading {
            Reading::Readings(reader) => Ok(reader),
            Reading::Customers(_) => Err(out_of_turn(step, "admit")),
        }
    }

    fn readings(&self, step: &'static str) -> JsResult<&pipeline::Reader> {
        match &self.reading {
            Reading::Readings(reader) => Ok(reader),
            Reading::Customers(_) => Err(out_of_turn(step, "admit")),
        }
    }
}

impl Default for Reader {
    fn default() -> Reader {
        let reading = Reading::Customers(CustomerReader::default());
        Reader { reading, open: BTreeMap::new(), opened: 0 }
    }
}

#[wasm_bindgen]
impl Reader {
    /// A reader of customers, and of none yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Reader {
        Reader::default()
    }

    /// The customers that it has read, for the run; it has none then. Whether emails are folded is in `Options`.
    pub fn customers(&mut self, options: js::Options) -> JsResult<Vec<u8>> {
        match &mut self.reading {
            Reading::Customers(reader) => {
                let options: Options = read(options, "bad_options")?;
                Ok(reader.take(&options).to_bytes())
            }
            Reading::Readings(_) => Err(out_of_turn("customers", "a new reader")),
        }
    }

    /// Reads readings from now on, with the context of a run.
    pub fn admit(&mut self, context: &[u8]) -> JsResult<()> {
        let context = WorkerContext::from_bytes(context).map_err(core_error)?;
        self.reading = Reading::Readings(Box::new(pipeline::Reader::new(context)));
        Ok(())
    }

    /// Opens a file and gives its number; with a range, which an end of 0 means none
    /// of, the first byte to push is the one before its start. `share` says that it is
    /// a whole file of several tables.
    pub fn open(
        &mut self,
        name: &str,
        table: js::Landing,
        start: f64,
        end: f64,
        share: bool,
    ) -> JsResult<u32> {
        let kind = landing(table)?;
        let file = match (start as u64, end) {
            (_, 0.0) => file_of(name, kind, share),
            (start, end) if end.is_finite() => InputFile::range(name, kind, start, end as u64),
            (start, _) => InputFile::range(name, kind, start, u64::MAX),
        };
        Ok(self.number(file))
    }

    /// The same for an entry of an archive, whose packed bytes are pushed.
    pub fn open_entry(
        &mut self,
        packed: PackedEntry,
        name: &str,
        table: js::Landing,
        share: bool,
    ) -> JsResult<u32> {
        let file = packed.into_file(file_of(name, landing(table)?, share));
        Ok(self.number(file))
    }

    fn number(&mut self, file: InputFile) -> u32 {
        self.opened += 1;
        self.open.insert(self.opened, file);
        self.opened
    }

    /// Takes the next bytes of an open file; true when its range has ended.
    pub fn push(&mut self, number: u32, chunk: &[u8]) -> JsResult<bool> {
        let file = self.open.get_mut(&number).ok_or_else(|| out_of_turn("push", "open"))?;
        match &mut self.reading {
            Reading::Customers(reader) => reader.push(file, chunk),
            Reading::Readings(reader) => reader.push(file, chunk),
        }
        Ok(file.is_done())
    }

    /// Ends an open file, or a range of one, and gives its account.
    pub fn close(&mut self, number: u32) -> JsResult<Vec<u8>> {
        let file = self.open.remove(&number).ok_or_else(|| out_of_turn("close", "open"))?;
        self.tell(file)
    }

    /// Takes a whole entry of an archive, and gives its account.
    pub fn entry(
        &mut self,
        archive: &mut Archive,
        index: usize,
        name: &str,
        table: js::Landing,
        share: bool,
    ) -> JsResult<Vec<u8>> {
        let mut file = file_of(name, landing(table)?, share);
        let taken = match &mut self.reading {
            Reading::Customers(reader) => reader.entry(&mut archive.0, index, &mut file),
            Reading::Readings(reader) => reader.entry(&mut archive.0, index, &mut file),
        };
        taken.map_err(archive_error)?;
        self.tell(file)
    }

    fn tell(&mut self, file: InputFile) -> JsResult<Vec<u8>> {
        let decoded = match &mut self.reading {
            Reading::Customers(reader) => reader.finish(file),
            Reading::Readings(reader) => reader.finish(file),
        };
        decoded.to_bytes().map_err(core_error)
    }

    /// The tables so far.
    pub fn counts(&self) -> JsResult<js::Counts> {
        match &self.reading {
            Reading::Customers(reader) => view(&reader.tables(self.open.values())),
            Reading::Readings(reader) => view(&reader.tables(self.open.values())),
        }
    }

    /// What it has counted, for the run.
    pub fn counters(&self) -> JsResult<Vec<u8>> {
        self.readings("counters")?.counters().to_bytes().map_err(core_error)
    }

    /// Bytes of the readings that it holds.
    pub fn size(&self) -> usize {
        self.readings("size").map_or(0, pipeline::Reader::size)
    }

    /// Whether it has handed out a run.
    pub fn has_spilled(&self) -> bool {
        self.readings("has_spilled").is_ok_and(pipeline::Reader::has_spilled)
    }

    /// Hands its readings out as a run, by `write(Uint8Array)`, and forgets them.
    pub fn spill(&mut self, write: &Write) -> JsResult<()> {
        let reader = self.readings_mut("spill")?;
        hand_out(write, |out| reader.spill(out))
    }
}

/// Gives bytes to the host, some at a time.
pub(super) fn hand_out(write: &Write, give: impl FnOnce(&mut dyn FnMut(&[u8]))) -> JsResult<()> {
    let mut failed = None;
    give(&mut |bytes: &[u8]| {
        if let Err(error) = write.call(&JsValue::NULL, Uint8Array::from(bytes)) {
            failed.get_or_insert(error);
        }
    });
    failed.map_or(Ok(()), Err)
}

/// The ranges of a plain file of `bytes` bytes, as starts and ends one after the
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
