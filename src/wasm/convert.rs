//! Values and errors as JS has them.

use js_sys::Error as JsError;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::ingest::ArchiveError;
use crate::schema::Landing;
use crate::{Error, ErrorKind};

pub(super) type JsResult<T> = Result<T, JsValue>;

pub(super) fn landing(table: JsValue) -> JsResult<Landing> {
    serde_wasm_bindgen::from_value(table).map_err(|error| coded("bad_table", &error.to_string()))
}

pub(super) fn view(value: &impl Serialize) -> JsResult<JsValue> {
    // As JSON has it, but for bytes, which are a Uint8Array.
    let serializer = serde_wasm_bindgen::Serializer::json_compatible().serialize_bytes_as_arrays(false);
    value.serialize(&serializer).map_err(|error| coded("boundary", &error.to_string()))
}

#[wasm_bindgen]
extern "C" {
    /// An `Error` with a code.
    #[wasm_bindgen(extends = JsError)]
    type CodedError;
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &CodedError, code: &str);
}

pub(super) fn coded(code: &str, message: &str) -> JsValue {
    let error: CodedError = JsError::new(message).unchecked_into();
    error.set_code(code);
    error.into()
}

/// A file that the page could not read; its message says why.
pub(super) fn io_error(error: std::io::Error) -> JsValue {
    coded("unreadable", &error.to_string())
}

pub(super) fn core_error(error: Error) -> JsValue {
    coded(error.code(), &error.to_string())
}

pub(super) fn archive_error(error: ArchiveError) -> JsValue {
    coded(error.reason(), &error.to_string())
}

pub(super) fn out_of_turn(step: &'static str, needs: &'static str) -> JsValue {
    core_error(ErrorKind::OutOfTurn { step, needs }.into())
}
