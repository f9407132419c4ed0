//! Decodes records that the caller has in memory, as a run does, and gives all of them: consent is not asked for.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use stedi_lakehouse::cli::Fault;
use stedi_lakehouse::ingest::{self, Detection, InputFile};
use stedi_lakehouse::schema::Landing;
use stedi_lakehouse::tally::Name;
use stedi_lakehouse::zones::RecordBatchBuilder;

use crate::fault::{DecodeError, error};
use crate::table::{BATCH_ROWS, Table};
use crate::watch::watched;

/// File, line, byte, length in bytes, field, reason, detail and first bytes of a record that is no row.
type Reject = (String, u64, u64, u64, Option<String>, &'static str, Option<String>, Vec<u8>);

/// What data held.
#[pyclass(module = "stedi_lakehouse._core")]
pub struct Decoded {
    tables: Vec<(Landing, Vec<RecordBatch>)>,
    /// Records that are no rows, as many of each table as are kept of a file.
    #[pyo3(get)]
    rejects: Vec<Reject>,
    /// How many there are of them, by reason.
    #[pyo3(get)]
    rejected: BTreeMap<&'static str, u64>,
    /// How often fields occur that no table has.
    #[pyo3(get)]
    unknown_fields: BTreeMap<String, u64>,
}

#[pymethods]
impl Decoded {
    fn tables(&self) -> Vec<Table> {
        let table = |(kind, batches): &(Landing, Vec<_>)| Table::of_batches(kind.table(), batches.clone());
        self.tables.iter().map(table).collect()
    }
}

/// Why nothing was decoded.
enum Refused {
    Data { reason: &'static str, message: &'static str },
    Fault(Fault),
}

impl From<ArrowError> for Refused {
    fn from(error: ArrowError) -> Refused {
        Refused::Fault(stedi_lakehouse::Error::from(error).into())
    }
}

/// Decodes bytes; `name` is the file's in rejects.
#[pyfunction]
pub fn decode(py: Python<'_>, data: &Bound<'_, PyBytes>, name: String) -> PyResult<Decoded> {
    let bytes = data.as_bytes();
    match watched(py, None, |_| decoded(bytes, &name))? {
        Ok(decoded) => Ok(decoded),
        Err(Refused::Data { reason, message }) => Err(DecodeError::new_err((message, name.clone(), reason))),
        Err(Refused::Fault(fault)) => Err(error(fault)),
    }
}

fn decoded(bytes: &[u8], name: &str) -> Result<Decoded, Refused> {
    let kinds = match ingest::detect(bytes, true) {
        Detection::Table(kind) => vec![kind],
        Detection::Several => Landing::ALL.to_vec(),
        Detection::Archive => {
            let message =
                "the data is an archive: give what is in it, one file at a time, or its path to run()";
            return Err(Refused::Data { reason: "archive", message });
        }
        // There is no more than all of it.
        Detection::More(_) => return Err(refused(ingest::Refusal::NotJson)),
        Detection::Refused(refusal) => return Err(refused(refusal)),
    };
    let share = kinds.len() > 1;
    let mut all = Decoded {
        tables: Vec::new(),
        rejects: Vec::new(),
        rejected: BTreeMap::new(),
        unknown_fields: BTreeMap::new(),
    };
    for kind in kinds {
        let mut rows = RecordBatchBuilder::new(kind, BATCH_ROWS);
        let mut file = match share {
            // What is of no table is one kind's to reject.
            true => InputFile::share(name, kind, kind == Landing::Customer),
            false => InputFile::new(name, kind),
        };
        file.push(bytes, &mut rows);
        let found = file.finish(&mut rows);
        for (reason, count) in found.rejected.by_name() {
            *all.rejected.entry(reason).or_default() += count;
        }
        for (field, count) in found.unknown_fields {
            *all.unknown_fields.entry(field).or_default() += count;
        }
        all.rejects.extend(found.rejects.into_iter().map(|reject| {
            let field = reject.field.map(std::borrow::Cow::into_owned);
            let (reason, detail) = (reject.reason.name(), reject.detail);
            (reject.file, reject.line, reject.offset, reject.bytes, field, reason, detail, reject.text)
        }));
        let batches = rows.finish()?;
        if !share || !batches.is_empty() {
            all.tables.push((kind, batches));
        }
    }
    all.rejects.sort_by_key(|reject| reject.2);
    Ok(all)
}

fn refused(refusal: ingest::Refusal) -> Refused {
    Refused::Data { reason: refusal.reason(), message: refusal.message() }
}
