//! Tables as Arrow streams, by the Arrow PyCapsule interface.

use arrow::array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ffi::FFI_ArrowSchema;
use arrow::ffi_stream::FFI_ArrowArrayStream;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};
use stedi_lakehouse::cli::TableBytes;
use stedi_lakehouse::schema;

use crate::fault::InternalError;
use crate::pieces::Pieces;

/// Rows of a batch of a stream.
pub const BATCH_ROWS: usize = 64 << 10;

/// A table: of a run, or of records that were decoded.
#[pyclass(frozen, module = "stedi_lakehouse._core")]
pub struct Table {
    table: schema::Table,
    rows: u64,
    source: Source,
}

enum Source {
    /// A Parquet file, which is read batch by batch.
    File(TableBytes),
    Batches(Vec<RecordBatch>),
}

impl Table {
    pub fn of_run(bytes: TableBytes) -> Table {
        Table { table: bytes.table(), rows: bytes.rows(), source: Source::File(bytes) }
    }

    pub fn of_batches(table: schema::Table, batches: Vec<RecordBatch>) -> Table {
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        Table { table, rows, source: Source::Batches(batches) }
    }

    fn schema(&self) -> SchemaRef {
        self.table.arrow_schema()
    }

    fn reader(&self) -> Result<Box<dyn RecordBatchReader + Send>, ArrowError> {
        match &self.source {
            Source::File(bytes) => {
                let builder = ParquetRecordBatchReaderBuilder::try_new(Pieces::new(bytes.pieces()))?;
                Ok(Box::new(builder.with_batch_size(BATCH_ROWS).build()?))
            }
            Source::Batches(batches) => {
                let batches = batches.clone().into_iter().map(Ok);
                Ok(Box::new(RecordBatchIterator::new(batches, self.schema())))
            }
        }
    }
}

#[pymethods]
impl Table {
    #[getter]
    fn name(&self) -> &'static str {
        self.table.name()
    }

    #[getter]
    fn rows(&self) -> u64 {
        self.rows
    }

    /// Name, type and meaning of each column.
    #[getter]
    fn columns(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        self.table.columns().iter().map(|column| (column.name, column.ty.name(), column.meaning)).collect()
    }

    /// The Parquet file.
    fn parquet<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match &self.source {
            Source::File(bytes) => Ok(PyBytes::new(py, &bytes.pieces().concat())),
            Source::Batches(_) => Err(PyValueError::new_err("decoded records have no Parquet file")),
        }
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema().as_ref()).map_err(defect)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// A new stream of all rows. Another schema may be asked for, and is not given: the protocol leaves that to the
    /// producer.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let stream = FFI_ArrowArrayStream::new(py.detach(|| self.reader()).map_err(defect)?);
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

fn defect(error: ArrowError) -> PyErr {
    InternalError::new_err(format!("{error}; this is a defect of stedi-lakehouse"))
}
