//! The made-up export.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, view};
use super::js;
use crate::sample::WalkingSample;
use crate::views::SampleFile;

/// A deterministic sample export, a file at a time.
#[wasm_bindgen]
pub struct Sample(Box<dyn Iterator<Item = crate::sample::SampleFile>>);

#[wasm_bindgen]
impl Sample {
    /// Scale 1 is the original's size.
    #[wasm_bindgen(constructor)]
    pub fn new(scale: f64, defects: bool) -> Sample {
        Sample(Box::new(crate::sample::Sample::new(scale, defects)))
    }

    /// Of people who walk, with labels of their steps.
    pub fn walking(scale: f64) -> Sample {
        Sample(Box::new(WalkingSample::new(scale, 0)))
    }

    /// The next file, or undefined after the last.
    #[wasm_bindgen(js_name = next)]
    pub fn next_file(&mut self) -> JsResult<Option<js::SampleFile>> {
        let file = self.0.next();
        file.map(|file| view(&SampleFile { name: &file.name, bytes: &file.bytes })).transpose()
    }
}
