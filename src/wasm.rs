//! The boundary to the browser, and alone in knowing it: it converts and delegates.
//! Rows cross as bytes, small structs as plain objects. Every error is a JS `Error`
//! with a `code`. Names are those that the page calls.

mod audit;
mod convert;
mod earlier;
mod erasing;
mod explore;
mod inputs;
pub mod js;
mod lake;
mod random_access;
mod reader;
mod row_group_builder;
mod run;
mod sample;
mod split;

use wasm_bindgen::prelude::*;

pub use audit::{Audit, Hasher, compare};
pub use convert::view;
pub use earlier::EarlierLake;
pub use erasing::{ErasingAbout, LakeErasing};
pub use explore::{LandingView, gunzip, pseudonyms, schema, subject_quality};
pub use inputs::{
    Archive, Duplicates, PackedEntry, detect_file, head_bytes, left_out, list_entries, skip_reason,
};
pub use lake::{Lake, LakeCheck, LakePast, LakeSearch, LakeTable, in_landing};
pub use random_access::ReadAt;
pub use reader::{Reader, Write, is_plain, ranges, tiles};
pub use row_group_builder::RowGroupBuilder;
pub use run::Run;
pub use sample::Sample;
pub use split::{SplitExport, Splitter};

use crate::report;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// The version of the program.
#[wasm_bindgen]
pub fn version() -> String {
    report::Tool::THIS.version.to_owned()
}
