//! `stedi-bindgen MODULE.wasm FOLDER [--small]`: what `wasm-bindgen --target web` of
//! wasm-bindgen-cli does, by the same library. That program brings a web server and
//! an HTTP client along, which take minutes to compile; and its version has to be
//! kept equal to the crate's by hand, where here one lock file holds both.

use std::error::Error;
use std::path::PathBuf;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(module), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: stedi-bindgen MODULE.wasm FOLDER [--small]".into());
    };
    // Names of functions are for a reader of stack traces.
    let small = arguments.next().as_deref() == Some("--small");
    let mut bindings = Bindgen::new();
    // Bytes that the module gives are never shared, so the page may make blobs of them.
    bindings.input_path(PathBuf::from(module)).typescript(true).ts_typed_array_buffers(true).web(true)?;
    bindings.remove_name_section(small).remove_producers_section(small);
    Ok(bindings.generate(folder)?)
}
