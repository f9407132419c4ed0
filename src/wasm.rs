//! The boundary to the browser, and alone in knowing it: it converts and delegates. Rows cross as bytes, small structs as plain objects. Every
//! error is a JS `Error` with a `code`.

mod audit;
mod random_access;
mod reader;
mod sample;

use std::io::BufReader;

use js_sys::{Error as JsError, Function, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use audit::{Audit, Hasher, compare};
use random_access::RandomAccess;
pub use reader::{Reader, is_plain, ranges};
pub use sample::Sample;

use crate::ingest::{self, ArchiveError, Decoded, InputFile, Recognition};
use crate::options::{Key, Options};
use crate::pipeline::{CustomerStage, Lake, ReadingStage, Stage};
use crate::report::{self, Input};
use crate::schema::{Landing, Table};
use crate::zones::Readings;
use crate::{Error, ErrorKind};

type JsResult<T> = Result<T, JsValue>;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The version of the program.
#[wasm_bindgen]
pub fn version() -> String {
    report::Tool::THIS.version.to_owned()
}

/// How many bytes of a file to show `recognise` first.
#[wasm_bindgen]
pub fn head_bytes() -> usize {
    ingest::HEAD_BYTES
}

/// What a file is, by its first bytes: see `Recognition` in `www/types.js`.
#[wasm_bindgen]
pub fn recognise(head: &[u8], complete: bool) -> JsResult<JsValue> {
    recognition(ingest::recognise(head, complete))
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum RecognitionView {
    Table { table: Landing },
    Archive,
    More { bytes: usize },
    Refused { reason: &'static str, message: &'static str },
}

fn recognition(found: Recognition) -> JsResult<JsValue> {
    view(&match found {
        Recognition::Table(table) => RecognitionView::Table { table },
        Recognition::Archive => RecognitionView::Archive,
        Recognition::More(bytes) => RecognitionView::More { bytes },
        Recognition::Refused(refusal) => {
            RecognitionView::Refused { reason: refusal.reason(), message: refusal.message() }
        }
    })
}

/// A zip that is read at random, by `read_at(offset, length) -> Uint8Array`.
#[wasm_bindgen]
pub struct Archive(ingest::Archive<BufReader<RandomAccess>>);

#[wasm_bindgen]
impl Archive {
    /// Reads the directory of a zip of so many bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: f64, read_at: Function) -> JsResult<Archive> {
        let reader = RandomAccess { read_at, length: bytes as u64, at: 0 };
        // A zip is read in small steps; each would be a call out of WASM.
        ingest::Archive::new(BufReader::with_capacity(64 << 10, reader)).map(Archive).map_err(archive_error)
    }

    /// Its files: `{name, bytes}[]`.
    pub fn entries(&self) -> JsResult<JsValue> {
        #[derive(Serialize)]
        struct EntryView<'a> {
            name: &'a str,
            bytes: u64,
        }
        let entries: Vec<_> = self
            .0
            .entries()
            .iter()
            .map(|entry| EntryView { name: &entry.name, bytes: entry.bytes })
            .collect();
        view(&entries)
    }

    /// What an entry is, never `more`.
    pub fn recognise(&mut self, index: usize) -> JsResult<JsValue> {
        recognition(self.0.recognise(index).map_err(archive_error)?)
    }
}

enum Phase {
    Customers(CustomerStage),
    Readings(Box<ReadingStage>),
    Done(Lake),
    /// Only while a stage becomes the next, and after one failed.
    Moved,
}

/// A run: customers, `consent()`, readings, `curate()`, then the results.
#[wasm_bindgen]
pub struct Run {
    phase: Phase,
    open: Option<(InputFile, String, u64)>,
}

/// Runs the same code on the stage that takes files now.
macro_rules! stage {
    ($run:expr, $step:literal, |$stage:ident| $body:expr) => {
        match &mut $run.phase {
            Phase::Customers($stage) => $body,
            Phase::Readings($stage) => $body,
            Phase::Done(_) | Phase::Moved => return Err(out_of_turn($step, "a new run")),
        }
    };
}

#[wasm_bindgen]
impl Run {
    /// Starts a run with `Options` (see `www/types.js`) and a key that was
    /// `given` or is `random`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, key: Vec<u8>, key_origin: JsValue) -> JsResult<Run> {
        let options: Options = serde_wasm_bindgen::from_value(options)
            .map_err(|error| coded("bad_options", &error.to_string()))?;
        let origin = serde_wasm_bindgen::from_value(key_origin)
            .map_err(|error| coded("bad_options", &error.to_string()))?;
        let key = Key::new(key, origin).map_err(core_error)?;
        Ok(Run { phase: Phase::Customers(CustomerStage::new(options, key)), open: None })
    }

    /// Notes an input that is not used.
    pub fn refuse(&mut self, name: String, bytes: f64, reason: &str, message: &str) -> JsResult<()> {
        let input = Input::refused(name, bytes as u64, reason, message);
        stage!(self, "refuse", |stage| stage.journal().input(input));
        Ok(())
    }

    /// Notes an input that has the same bytes as another.
    pub fn duplicate(&mut self, name: String, bytes: f64, of: String) -> JsResult<()> {
        let input = Input::duplicate(name, bytes as u64, of);
        stage!(self, "duplicate", |stage| stage.journal().input(input));
        Ok(())
    }

    /// Opens a file of records of this table, plain or gzip.
    pub fn open(&mut self, name: String, bytes: f64, table: JsValue) -> JsResult<()> {
        let file = self.file(&name, table)?;
        self.open = Some((file, name, bytes as u64));
        Ok(())
    }

    /// Takes the next bytes of the open file.
    pub fn push(&mut self, chunk: &[u8]) -> JsResult<()> {
        let Some((file, ..)) = &mut self.open else {
            return Err(out_of_turn("push", "open"));
        };
        stage!(self, "push", |stage| stage.push(file, chunk));
        Ok(())
    }

    /// Ends the open file.
    pub fn close(&mut self) -> JsResult<()> {
        let Some((file, name, bytes)) = self.open.take() else {
            return Err(out_of_turn("close", "open"));
        };
        stage!(self, "close", |stage| stage.close(file, name, bytes));
        Ok(())
    }

    /// Takes a whole entry of a zip.
    pub fn entry(
        &mut self,
        archive: &mut Archive,
        index: usize,
        name: String,
        table: JsValue,
    ) -> JsResult<()> {
        let mut file = self.file(&name, table)?;
        let bytes = archive.0.entries().get(index).map_or(0, |entry| entry.bytes);
        stage!(self, "entry", |stage| {
            stage.entry(&mut archive.0, index, &mut file).map_err(archive_error)?;
            stage.close(file, name, bytes);
        });
        Ok(())
    }

    fn file(&self, name: &str, table: JsValue) -> JsResult<InputFile> {
        let kind = landing(table)?;
        let kinds = match &self.phase {
            Phase::Customers(_) => CustomerStage::KINDS,
            Phase::Readings(_) => ReadingStage::KINDS,
            Phase::Done(_) | Phase::Moved => &[],
        };
        match kinds.contains(&kind) {
            true => Ok(InputFile::new(name, kind)),
            false if kind == Landing::Customer => Err(out_of_turn("a customer file", "a new run")),
            false => Err(out_of_turn("a file of readings", "consent")),
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

    /// The consent ledger, for readers in this worker and in others.
    pub fn ledger(&self) -> JsResult<Vec<u8>> {
        match &self.phase {
            Phase::Readings(stage) => stage.ledger().to_bytes().map_err(core_error),
            _ => Err(out_of_turn("ledger", "consent")),
        }
    }

    /// Takes in the readings of a reader in this worker.
    pub fn absorb(&mut self, reader: Reader) -> JsResult<()> {
        let readings = reader.into_readings();
        stage_of_readings(&mut self.phase)?.absorb(readings);
        Ok(())
    }

    /// Takes in the readings of a reader in another worker.
    pub fn absorb_bytes(&mut self, readings: &[u8]) -> JsResult<()> {
        let stage = stage_of_readings(&mut self.phase)?;
        let readings = Readings::from_bytes(readings, stage.ledger()).map_err(core_error)?;
        stage.absorb(readings);
        Ok(())
    }

    /// Notes a file that readers have read, by what they told of its parts, in
    /// their order.
    pub fn decoded(
        &mut self,
        name: String,
        bytes: f64,
        table: JsValue,
        parts: Vec<Uint8Array>,
    ) -> JsResult<()> {
        let kind = landing(table)?;
        let parts: Result<Vec<Decoded>, Error> =
            parts.iter().map(|part| Decoded::from_bytes(&part.to_vec())).collect();
        let decoded = Decoded::joined(parts.map_err(core_error)?);
        stage_of_readings(&mut self.phase)?.journal().decoded(name, bytes as u64, kind, decoded);
        Ok(())
    }

    /// Every file of readings is in: makes the five tables.
    pub fn curate(&mut self) -> JsResult<()> {
        match std::mem::replace(&mut self.phase, Phase::Moved) {
            Phase::Readings(stage) => self.phase = Phase::Done(stage.curate().map_err(core_error)?),
            other => {
                self.phase = other;
                return Err(out_of_turn("curate", "consent"));
            }
        }
        Ok(())
    }

    /// The ledger of the tables so far: `{[table]: TableReport}`.
    pub fn counts(&self) -> JsResult<JsValue> {
        let open = self.open.as_ref().map(|(file, ..)| file);
        match &self.phase {
            Phase::Customers(stage) => view(&stage.tables(open)),
            Phase::Readings(stage) => view(&stage.tables(open)),
            Phase::Done(lake) => view(&lake.report.tables),
            Phase::Moved => Err(out_of_turn("counts", "a new run")),
        }
    }

    /// `report.json`.
    pub fn report(&self) -> JsResult<String> {
        Ok(self.lake("report")?.report_json())
    }

    /// The first rejects with their text, for the page only.
    pub fn rejects(&self) -> JsResult<JsValue> {
        #[derive(Serialize)]
        struct RejectView<'a> {
            #[serde(flatten)]
            place: report::Place<'a>,
            text: std::borrow::Cow<'a, str>,
        }
        let rejects = self.lake("rejects")?.report.rejects.iter();
        let views: Vec<_> = rejects
            .map(|reject| RejectView { place: reject.into(), text: String::from_utf8_lossy(&reject.text) })
            .collect();
        view(&views)
    }

    /// Fields that no table has, for the page only: `{name, count}[]`.
    pub fn unknown_fields(&self) -> JsResult<JsValue> {
        #[derive(Serialize)]
        struct UnknownField<'a> {
            name: &'a str,
            count: u64,
        }
        let fields = self.lake("unknown_fields")?.unknown_fields.iter();
        let views: Vec<_> = fields.map(|(name, &count)| UnknownField { name, count }).collect();
        view(&views)
    }

    /// The Parquet bytes of a written table, once.
    pub fn take(&mut self, table: &str) -> JsResult<Vec<u8>> {
        let Phase::Done(lake) = &mut self.phase else {
            return Err(out_of_turn("take", "curate"));
        };
        let wanted = Table::from_name(table);
        match lake.outputs.iter().position(|(table, _)| Some(*table) == wanted) {
            Some(at) => Ok(lake.outputs.swap_remove(at).1),
            None => Err(coded("bad_table", &format!("there is no table {table} to take"))),
        }
    }

    fn lake(&self, step: &'static str) -> JsResult<&Lake> {
        match &self.phase {
            Phase::Done(lake) => Ok(lake),
            _ => Err(out_of_turn(step, "curate")),
        }
    }
}

fn landing(table: JsValue) -> JsResult<Landing> {
    serde_wasm_bindgen::from_value(table).map_err(|error| coded("bad_table", &error.to_string()))
}

fn stage_of_readings(phase: &mut Phase) -> JsResult<&mut ReadingStage> {
    match phase {
        Phase::Readings(stage) => Ok(stage),
        _ => Err(out_of_turn("readings", "consent")),
    }
}

fn view(value: &impl Serialize) -> JsResult<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| coded("boundary", &error.to_string()))
}

fn coded(code: &str, message: &str) -> JsValue {
    let error = JsError::new(message);
    // Setting a property of an object that was just made cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

fn core_error(error: Error) -> JsValue {
    coded(error.code(), &error.to_string())
}

fn archive_error(error: ArchiveError) -> JsValue {
    coded(error.reason(), &error.to_string())
}

fn out_of_turn(step: &'static str, needs: &'static str) -> JsValue {
    core_error(ErrorKind::OutOfTurn { step, needs }.into())
}
