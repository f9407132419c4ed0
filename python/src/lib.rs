//! The native part of the Python package `stedi_lakehouse`. A function here validates, converts and delegates to the
//! core; what people see of it, with its documentation, is in the Python files beside it.

mod decode;
mod fault;
mod landing;
mod pieces;
mod run;
mod table;
mod watch;

use std::ffi::OsString;

use pyo3::prelude::*;
use stedi_lakehouse::cli::{self, Takes};

use crate::watch::watched;

/// The command line: the words of a call, of which the first names the program. Gives the exit code.
#[pyfunction]
fn main(py: Python<'_>, words: Vec<OsString>) -> u8 {
    py.detach(|| cli::called(words))
}

/// Name, help, what it takes (`switch`, `choice`, `path` or `text`) and the values of a choice, of each option.
#[pyfunction]
fn options() -> Vec<(String, String, &'static str, Vec<String>)> {
    let facts = |keyword: cli::Keyword| {
        let (takes, values) = match keyword.takes {
            Takes::Switch => ("switch", Vec::new()),
            Takes::Choice(values) => ("choice", values),
            Takes::Number => ("number", Vec::new()),
            Takes::Path => ("path", Vec::new()),
            Takes::Text => ("text", Vec::new()),
        };
        (keyword.name, keyword.help, takes, values)
    };
    cli::keywords().into_iter().map(facts).collect()
}

/// Panics as a defect of the core would, to test what becomes of a panic: the package's types and its documentation do
/// not know it.
#[pyfunction]
#[pyo3(name = "_panic")]
fn panic_on_purpose(py: Python<'_>) -> PyResult<()> {
    watched(py, None, |_| cli::panic_in_run())?.map_err(fault::error)
}

#[pymodule]
#[pyo3(name = "_core")]
fn core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(main, module)?)?;
    module.add_function(wrap_pyfunction!(options, module)?)?;
    module.add_function(wrap_pyfunction!(run::run, module)?)?;
    module.add_function(wrap_pyfunction!(decode::decode, module)?)?;
    module.add_function(wrap_pyfunction!(landing::scan, module)?)?;
    module.add_function(wrap_pyfunction!(landing::skipped, module)?)?;
    module.add_function(wrap_pyfunction!(landing::lines_table, module)?)?;
    module.add_function(wrap_pyfunction!(landing::scan_split, module)?)?;
    module.add_function(wrap_pyfunction!(landing::join_splits, module)?)?;
    module.add_function(wrap_pyfunction!(landing::landing_files, module)?)?;
    module.add_function(wrap_pyfunction!(landing::landing_rows, module)?)?;
    module.add_function(wrap_pyfunction!(landing::split_rows, module)?)?;
    module.add_class::<run::Run>()?;
    module.add_class::<decode::Decoded>()?;
    module.add_class::<landing::LandingFiles>()?;
    module.add_class::<table::Table>()?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    // Not `add`, which would name it in `__all__`.
    module.setattr("_panic", wrap_pyfunction!(panic_on_purpose, module)?)
}
