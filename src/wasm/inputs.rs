//! What an input is, and what is in a zip.

use std::io::{Cursor, Read};

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, archive_error, io_error, out_of_turn, view};
use super::js;
use super::random_access::{RandomAccess, ReadAt};
use crate::ingest::{self, ContentDigest, Entry, InputFile, Sink, Sketch};
use crate::report::leave_out;
use crate::views::{DetectedFile, DetectionView, EntryView};
use crate::withdrawals;

/// How many entries a list of withdrawals has.
#[wasm_bindgen]
pub fn list_entries(list: &str) -> usize {
    withdrawals::read(list).len()
}

/// How many bytes of a file to show `detect_file`.
#[wasm_bindgen]
pub fn head_bytes() -> usize {
    ingest::HEAD_BYTES
}

/// Detects a file of `bytes` bytes from as many of its first bytes as that takes:
/// those that are at hand, and what `read_at` gives beyond them.
#[wasm_bindgen]
pub fn detect_file(head: Vec<u8>, bytes: f64, read_at: ReadAt) -> JsResult<js::DetectedFile> {
    let rest = RandomAccess { read_at, length: bytes as u64, at: head.len() as u64 };
    let (found, head) = ingest::detect_file(Cursor::new(head).chain(rest)).map_err(io_error)?;
    view(&DetectedFile { found: found.into(), head })
}

/// Why a file of `bytes` bytes is skipped, by its path below the folder or archive that
/// was given: see `Run.skip`.
#[wasm_bindgen]
pub fn skip_reason(path: &str, bytes: f64) -> Option<String> {
    ingest::skip(path, bytes as u64).map(|skip| skip.reason().to_owned())
}

/// Which of the files that can be used, by their paths below the folder or archive that was given, earlier
/// jobs made of landing files that are among them: see `Run.leave_out`. None if there are no landing files.
#[wasm_bindgen]
pub fn left_out(paths: Vec<String>) -> Option<Vec<u32>> {
    let mut files: Vec<(u32, String)> = (0..).zip(paths).collect();
    let mut left = Vec::new();
    let leave = |(at, _): (u32, String), _| left.push(at);
    leave_out(&mut files, |(_, path)| path, leave, std::iter::empty()).then_some(left)
}

/// A zip that is read at random, by `read_at(offset, length) -> Uint8Array`.
#[wasm_bindgen]
pub struct Archive(pub(super) ingest::Archive<RandomAccess>);

#[wasm_bindgen]
impl Archive {
    /// Reads the directory of a zip of `bytes` bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: f64, read_at: ReadAt) -> JsResult<Archive> {
        let reader = RandomAccess { read_at, length: bytes as u64, at: 0 };
        ingest::Archive::new(reader).map(Archive).map_err(archive_error)
    }

    /// Its files.
    pub fn entries(&self) -> JsResult<js::ArchiveEntries> {
        let entries = self.0.entries().iter();
        let entries: Vec<_> =
            entries.map(|entry| EntryView { name: &entry.name, bytes: entry.bytes }).collect();
        view(&entries)
    }

    /// What an entry is.
    pub fn detect(&mut self, index: usize) -> JsResult<js::Recognition> {
        view(&DetectionView::from(self.0.detect(index).map_err(archive_error)?))
    }

    /// An entry whose packed bytes are pushed, for a worker that cannot read at once.
    pub fn packed(&mut self, index: usize) -> JsResult<PackedEntry> {
        self.0.packed(index).map(PackedEntry).map_err(archive_error)
    }
}

/// An entry of an archive, and the bytes of the archive that are pushed to what opens it.
#[wasm_bindgen]
pub struct PackedEntry(pub(super) ingest::PackedEntry);

#[wasm_bindgen]
impl PackedEntry {
    /// Of the first byte to push.
    #[wasm_bindgen(getter)]
    pub fn start(&self) -> f64 {
        self.0.range().0 as f64
    }

    /// Behind the last byte to push.
    #[wasm_bindgen(getter)]
    pub fn end(&self) -> f64 {
        self.0.range().1 as f64
    }

    /// Whether these bytes are the entry as it is; false if they are deflated, undefined if it is in a compressed tar.
    #[wasm_bindgen(getter)]
    pub fn stored(&self) -> Option<bool> {
        self.0.is_stored()
    }
}

impl PackedEntry {
    /// The file that its bytes are to be pushed to, made of one that is empty.
    pub fn into_file(self, file: InputFile) -> InputFile {
        file.packed(self.0)
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

/// Finds inputs that hold the same bytes as another: see `ingest::Duplicates`.
/// Inputs are numbered from 0 on as they are added.
#[wasm_bindgen]
#[derive(Default)]
pub struct Duplicates {
    found: ingest::Duplicates,
    /// The candidate that is being read.
    open: ContentDigest,
}

#[wasm_bindgen]
impl Duplicates {
    /// Of no input yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Duplicates {
        Duplicates::default()
    }

    /// Adds a file of `bytes` bytes, by its head.
    pub fn add(&mut self, name: String, bytes: f64, head: &[u8]) {
        self.found.add(name, Sketch::of_file(head, bytes as u64));
    }

    /// Adds an entry that was detected.
    pub fn add_entry(&mut self, name: String, archive: &Archive, index: usize) -> JsResult<()> {
        let sketch = archive.0.entries().get(index).and_then(Entry::sketch);
        self.found.add(name, sketch.ok_or_else(|| out_of_turn("add_entry", "detect"))?);
        Ok(())
    }

    /// The numbers of those that have to be read whole.
    pub fn candidates(&self) -> Vec<u32> {
        self.found.candidates().into_iter().map(|at| at as u32).collect()
    }

    /// Opens a candidate that is an entry, whose packed bytes are pushed.
    pub fn open_entry(&mut self, packed: PackedEntry) {
        self.open = ContentDigest::entry(packed.0);
    }

    /// Takes the next bytes of a candidate that is a file, or an open entry.
    pub fn push(&mut self, chunk: &[u8]) {
        self.open.push(chunk);
    }

    /// Ends it: it is this one.
    pub fn close(&mut self, input: usize) {
        self.found.read(input, std::mem::take(&mut self.open).finish());
    }

    /// Forgets what came of a file that cannot be read to its end.
    pub fn forget(&mut self) {
        self.open = ContentDigest::default();
    }

    /// Takes a whole candidate that is an entry.
    pub fn entry(&mut self, input: usize, archive: &mut Archive, index: usize) -> JsResult<()> {
        self.found.read(input, archive.0.digest(index).map_err(archive_error)?);
        Ok(())
    }

    /// Of each input the name of the one that is used in its place, or null.
    pub fn originals(&self) -> JsResult<js::Originals> {
        view(&self.found.originals())
    }
}
