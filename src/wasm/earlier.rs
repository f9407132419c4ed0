//! A lake that a run goes on from.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error};
use super::js;
use super::lake::{Lake, LakeTable};
use super::reader::Reader;
use super::run::{Run, choices};
use crate::lake::Earlier;
use crate::report::Input;

/// A lake that stands in for the readings that it was made of.
#[wasm_bindgen]
pub struct EarlierLake(Earlier);

#[wasm_bindgen]
impl Lake {
    /// The lake for a run of these options and this key, as `Run` takes them, by the SHA-256 of its report. Fails if
    /// the run cannot go on from it; under another key only with `new_key`.
    pub fn earlier(
        &self,
        report_sha256: String,
        options: js::Options,
        key: Vec<u8>,
        key_origin: js::KeyOrigin,
        new_key: bool,
    ) -> JsResult<EarlierLake> {
        let (options, _, key) = choices(options, key, key_origin)?;
        let lake = self.contents();
        let earlier = Earlier::new(&lake.report, report_sha256, &options).map_err(core_error)?;
        if !new_key && earlier.other_key(options.identity, &key).is_some() {
            lake.check_key(&key).map_err(core_error)?;
        }
        Ok(EarlierLake(earlier))
    }
}

#[wasm_bindgen]
impl EarlierLake {
    /// Takes the bytes of a row group of its customer_trusted or customer_curated.
    pub fn customers(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let (earlier, file) = (&mut self.0, file.file());
        file.read_piece(bytes, group, |batch| earlier.customers(file.table(), batch)).map_err(core_error)
    }

    /// Whether it was made of a file, or of a zip, of this SHA-256.
    pub fn has_read(&self, sha256: &str) -> bool {
        self.0.has_read(sha256)
    }
}

#[wasm_bindgen]
impl Run {
    /// Makes it a run that goes on from a lake, whose readings readers take too.
    pub fn go_on_from(&mut self, lake: EarlierLake) -> JsResult<()> {
        self.taking("go_on_from")?.go_on_from(lake.0);
        Ok(())
    }

    /// Notes a table of readings of that lake as an input.
    pub fn lake_table(&mut self, name: String, bytes: f64, file: &LakeTable) -> JsResult<()> {
        let file = file.file();
        let input = Input::lake(name, bytes as u64, file.table(), file.rows());
        self.taking("lake_table")?.log().input(input);
        Ok(())
    }

    /// Notes an input whose readings are in that lake.
    pub fn in_lake(&mut self, name: String, bytes: f64) -> JsResult<()> {
        self.taking("in_lake")?.log().input(Input::in_lake(name, bytes as u64));
        Ok(())
    }
}

#[wasm_bindgen]
impl Reader {
    /// Takes the bytes of a row group of a table of readings of the lake that the run goes on from. They are admitted
    /// anew.
    pub fn lake_rows(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let (reader, file) = (self.readings_mut("lake_rows")?, file.file());
        file.read_piece(bytes, group, |batch| reader.lake_rows(file.table(), batch)).map_err(core_error)
    }
}
