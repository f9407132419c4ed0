//! Values and errors as JS has them.

use js_sys::{Error as JsError, Reflect};
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
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| coded("boundary", &error.to_string()))
}

pub(super) fn object(fields: &[(&str, JsValue)]) -> JsResult<JsValue> {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

pub(super) fn coded(code: &str, message: &str) -> JsValue {
    let error = JsError::new(message);
    // Setting a property of an object that was just made cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
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
