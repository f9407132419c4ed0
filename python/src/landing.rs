//! Landing files in the memory of a host that reads them in many places, for the job on Spark: see
//! `stedi_lakehouse::cli::landing`. What is known of a file travels between processes as bytes, which only the same
//! version of this package reads.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use stedi_lakehouse::cli::Fault;
use stedi_lakehouse::cli::landing::{self, FileInMemory, LandingLedger, Scanned, ScannedSplit, Used};
use stedi_lakehouse::schema::Landing;
use stedi_lakehouse::wire::Message;
use stedi_lakehouse::zones::RecordBatchBuilder;

use crate::fault::error;
use crate::table::{BATCH_ROWS, Table};
use crate::watch::watched;

/// What a whole file holds.
#[pyfunction]
pub fn scan<'py>(py: Python<'py>, data: &Bound<'py, PyBytes>, path: String) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = data.as_bytes();
    sent(py, || landing::scan(bytes, &path))
}

/// The table of a file by its first bytes, if it can be read in splits.
#[pyfunction]
pub fn lines_table(head: &Bound<'_, PyBytes>) -> Option<&'static str> {
    landing::lines_table(head.as_bytes()).map(|kind| kind.table().name())
}

/// What lines of a file hold.
#[pyfunction]
pub fn scan_split<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    path: String,
    table: &str,
    start: u64,
    last: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let (bytes, kind) = (data.as_bytes(), kind(table)?);
    sent(py, || landing::scan_split(bytes, &path, kind, start, last))
}

/// What a file holds all of whose lines were scanned.
#[pyfunction]
pub fn join_splits<'py>(
    py: Python<'py>,
    path: String,
    size: u64,
    sha256: String,
    splits: Vec<Vec<u8>>,
    has_mark: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let splits = received::<ScannedSplit>(&splits)?;
    sent(py, || landing::join_splits(&path, size, &sha256, splits, has_mark))
}

/// A file that is not read, by its name.
#[pyfunction]
#[pyo3(signature = (path, size, sha256))]
pub fn skipped<'py>(
    py: Python<'py>,
    path: String,
    size: u64,
    sha256: Option<String>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let skipped = landing::skipped(&path, size, sha256);
    skipped.map(|scanned| sent(py, || scanned)).transpose()
}

/// The landing files of a run.
#[pyclass(frozen, module = "stedi_lakehouse._core")]
pub struct LandingFiles {
    /// What report.json says of them.
    #[pyo3(get)]
    report: String,
    /// Emails of rejected records, folded. Personal data.
    #[pyo3(get)]
    barred: Vec<String>,
    /// Serial numbers in them, trimmed, and the email beside each; none where there are several. Personal data.
    #[pyo3(get)]
    barred_serials: Vec<(String, Option<String>)>,
    /// Path, number of the entry, table, and whether there are other tables, of records that are used.
    #[pyo3(get)]
    used: Vec<(String, Option<usize>, &'static str, bool)>,
}

/// Puts together what is known of all files.
#[pyfunction]
pub fn landing_files(
    py: Python<'_>,
    files: Vec<Vec<u8>>,
    all_zones: bool,
    known: Vec<String>,
) -> PyResult<LandingFiles> {
    let files = received::<Scanned>(&files)?;
    let ledger = watched(py, None, |_| LandingLedger::new(files, all_zones, &known))?;
    let used =
        |Used { path, entry, table, share }: &Used| (path.clone(), *entry, table.table().name(), *share);
    Ok(LandingFiles {
        report: ledger.report().map_err(fault)?,
        barred: ledger.barred().cloned().collect(),
        barred_serials: ledger.barred_serials().clone().into_iter().collect(),
        used: ledger.used().iter().map(used).collect(),
    })
}

/// The rows of one table of a file. `parts`: numbers of entries of an archive, and whether they hold other tables.
#[pyfunction]
pub fn landing_rows(
    py: Python<'_>,
    data: &Bound<'_, PyBytes>,
    table: &str,
    parts: Vec<(Option<usize>, bool)>,
    folds: bool,
) -> PyResult<Table> {
    let (bytes, kind) = (data.as_bytes(), kind(table)?);
    let batches = watched(py, None, |_| {
        let (mut file, mut rows) = (FileInMemory::new(bytes), new_rows(kind, folds));
        for (entry, share) in parts {
            let read = file.read("", entry, kind, share, &mut rows);
            read.map_err(|error| Fault::Failed(error.to_string()))?;
        }
        rows.finish().map_err(|error| Fault::from(stedi_lakehouse::Error::from(error)))
    })?;
    Ok(Table::of_batches(kind.table(), batches.map_err(error)?))
}

/// The rows of lines of a file.
#[pyfunction]
pub fn split_rows(
    py: Python<'_>,
    data: &Bound<'_, PyBytes>,
    table: &str,
    last: bool,
    folds: bool,
) -> PyResult<Table> {
    let (bytes, kind) = (data.as_bytes(), kind(table)?);
    let batches = watched(py, None, |_| {
        let mut rows = new_rows(kind, folds);
        landing::read_split(bytes, "", kind, last, &mut rows);
        rows.finish().map_err(|error| Fault::from(stedi_lakehouse::Error::from(error)))
    })?;
    Ok(Table::of_batches(kind.table(), batches.map_err(error)?))
}

fn new_rows(kind: Landing, folds: bool) -> RecordBatchBuilder {
    let rows = RecordBatchBuilder::new(kind, BATCH_ROWS);
    if folds { rows.folding() } else { rows }
}

fn kind(table: &str) -> PyResult<Landing> {
    let found = Landing::ALL.into_iter().find(|kind| kind.table().name() == table);
    found.ok_or_else(|| error(Fault::Usage(format!("{table} is no landing table"))))
}

/// What work gives, as bytes for another process.
fn sent<'py, T: Message>(py: Python<'py>, work: impl FnOnce() -> T + Send) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = watched(py, None, |_| work().to_bytes())?;
    Ok(PyBytes::new(py, &bytes.map_err(fault)?))
}

fn received<T: Message>(messages: &[Vec<u8>]) -> PyResult<Vec<T>> {
    messages.iter().map(|bytes| T::from_bytes(bytes).map_err(fault)).collect()
}

fn fault(error: stedi_lakehouse::Error) -> PyErr {
    crate::fault::error(error.into())
}
