//! A run.

use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use stedi_lakehouse::cli::{self, Request, Value};

use crate::fault;
use crate::table::Table;
use crate::watch::watched;

/// Withdrawals as they are given: a file of them, or a list.
#[derive(FromPyObject)]
pub enum Withdrawals {
    File(PathBuf),
    List(Vec<String>),
}

/// An option's value. A bool is none of the others, so it comes first.
#[derive(FromPyObject)]
pub enum Given {
    Switch(bool),
    Number(f64),
    Text(OsString),
    Path(PathBuf),
}

/// Runs the pipeline.
#[pyfunction]
#[pyo3(signature = (paths, out, options, withdrawals, key, progress))]
pub fn run(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    out: Option<PathBuf>,
    options: Vec<(String, Bound<'_, PyAny>)>,
    withdrawals: Option<Withdrawals>,
    key: Option<Vec<u8>>,
    progress: Option<Bound<'_, PyAny>>,
) -> PyResult<Run> {
    let (withdrawals_file, withdrawals) = match withdrawals {
        Some(Withdrawals::File(path)) => (Some(path), None),
        Some(Withdrawals::List(list)) => (None, Some(list)),
        None => (None, None),
    };
    let options = options.into_iter().map(|(name, value)| {
        let value = match value.extract() {
            Ok(Given::Switch(on)) => Value::Switch(on),
            Ok(Given::Number(number)) => Value::Text(number.to_string().into()),
            Ok(Given::Text(text)) => Value::Text(text),
            Ok(Given::Path(path)) => Value::Text(path.into()),
            Err(_) => {
                return Err(PyTypeError::new_err(format!(
                    "{name} takes a text, a number, a path, True or False"
                )));
            }
        };
        Ok((name, value))
    });
    let options = options.collect::<PyResult<Vec<_>>>()?;
    let request = Request { paths, out, options, withdrawals_file, withdrawals, key };
    let run = watched(py, progress.as_ref(), |progress| cli::run(request, progress))?;
    Ok(Run(run.map_err(fault::error)?))
}

/// A run that has ended.
#[pyclass(module = "stedi_lakehouse._core")]
pub struct Run(cli::Run);

#[pymethods]
impl Run {
    /// `report.json`.
    #[getter]
    fn report(&self) -> &str {
        self.0.report()
    }

    /// What the command line says of it on standard error.
    #[getter]
    fn said(&self) -> &str {
        self.0.said()
    }

    /// The folder that it was written to last.
    #[getter]
    fn folder(&self) -> Option<PathBuf> {
        self.0.folder().map(PathBuf::from)
    }

    fn tables(&self) -> Vec<Table> {
        self.0.tables().into_iter().map(Table::of_run).collect()
    }

    /// Replaces the lake in a folder.
    fn save(&mut self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        watched(py, None, |_| self.0.save(&folder))?.map_err(fault::error)
    }
}
