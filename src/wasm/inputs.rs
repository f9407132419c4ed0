//! What an input is, and what is in a zip.

use std::io::BufReader;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::random_access::RandomAccess;
use super::{JsResult, archive_error, view};
use crate::ingest::{self, InputFile, Recognition, Sink};
use crate::schema::Landing;

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
pub struct Archive(pub(super) ingest::Archive<BufReader<RandomAccess>>);

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

impl Archive {
    /// Decodes a whole entry into a file, for a boundary beside this one.
    ///
    /// # Errors
    /// What keeps the entry from being opened.
    pub fn decode(&mut self, index: usize, file: &mut InputFile, sink: &mut impl Sink) -> JsResult<()> {
        self.0.decode(index, file, sink).map_err(archive_error)
    }
}
