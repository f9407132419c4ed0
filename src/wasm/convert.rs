//! Values and errors as JS has them.

use js_sys::Error as JsError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::js::{self, Crosses};
use crate::ingest::ArchiveError;
use crate::schema::Landing;
use crate::{Error, ErrorKind};

pub(super) type JsResult<T> = Result<T, JsValue>;

/// What JS gives, in Rust; what is no value of the type is an error with this code.
pub(super) fn read<T: Crosses + DeserializeOwned>(value: T::Js, code: &str) -> JsResult<T> {
    serde_wasm_bindgen::from_value(value.into()).map_err(|error| coded(code, &error.to_string()))
}

pub(super) fn landing(table: js::Landing) -> JsResult<Landing> {
    read(table, "bad_table")
}

/// A value as JS has it: as JSON, but for bytes, which are a `Uint8Array`.
///
/// # Errors
/// `boundary`, of what has no such form.
pub fn view<T: Crosses + Serialize>(value: &T) -> JsResult<T::Js> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible().serialize_bytes_as_arrays(false);
    let view = value.serialize(&serializer).map_err(|error| coded("boundary", &error.to_string()))?;
    Ok(view.unchecked_into())
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
