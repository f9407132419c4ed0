//! What goes wrong, as the package's exceptions.

use pyo3::exceptions::PyTypeError;
use pyo3::{PyErr, import_exception};
use stedi_lakehouse::cli::Fault;

import_exception!(stedi_lakehouse._errors, DecodeError);
import_exception!(stedi_lakehouse._errors, InternalError);
import_exception!(stedi_lakehouse._errors, RunError);
import_exception!(stedi_lakehouse._errors, UsageError);

/// The exception for a fault.
pub fn error(fault: Fault) -> PyErr {
    match fault {
        Fault::Keyword(text) => PyTypeError::new_err(text),
        Fault::Usage(text) => UsageError::new_err(text),
        Fault::Failed(text) => RunError::new_err((text, None::<String>)),
        Fault::Refused { why, report } => RunError::new_err((why, report)),
        Fault::Defect(text) => InternalError::new_err(text),
    }
}
