//! A JS file as something to read and seek.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::{Error as JsError, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::ingest::seek_position;

#[wasm_bindgen]
extern "C" {
    /// What reads a file for the core. A function of the page's, for only the page knows
    /// how a browser calls its failures, and where it lets no worker read.
    #[wasm_bindgen(typescript_type = "(offset: number, length: number) => Uint8Array")]
    pub type ReadAt;
    #[wasm_bindgen(method, catch, js_name = call)]
    fn read(this: &ReadAt, receiver: &JsValue, offset: f64, length: f64) -> Result<Uint8Array, JsValue>;
}

/// Reads a JS file at random.
pub(super) struct RandomAccess {
    pub(super) read_at: ReadAt,
    pub(super) length: u64,
    pub(super) at: u64,
}

impl Read for RandomAccess {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let wanted = self.length.saturating_sub(self.at).min(out.len() as u64) as usize;
        if wanted == 0 {
            return Ok(0);
        }
        let bytes = self
            .read_at
            .read(&JsValue::NULL, self.at as f64, wanted as f64)
            .map_err(|error| io::Error::other(message(&error)))?;
        let length = bytes.length() as usize;
        if length > wanted {
            return Err(io::Error::other("more bytes than were asked for"));
        }
        bytes.copy_to(&mut out[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl Seek for RandomAccess {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = seek_position(to, self.at, Some(self.length))?;
        Ok(self.at)
    }
}

fn message(error: &JsValue) -> String {
    match error.dyn_ref::<JsError>() {
        Some(error) => String::from(error.message()),
        None => "reading failed".to_owned(),
    }
}
