use std::fmt;
use std::path::Path;

use super::terminal;

/// Why the program ends early.
pub enum Failure {
    /// Exit code 2: the call is wrong.
    Usage(String),
    /// Exit code 1: the run failed.
    Failed(String),
}

impl Failure {
    /// A file or folder that could not be read or written.
    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::Failed(format!("cannot {what} {}: {error}", terminal::path(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Failed(message) => f.write_str(message),
        }
    }
}

impl From<stedi_lakehouse::Error> for Failure {
    fn from(error: stedi_lakehouse::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}
