//! What a store says when it does not do something.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

/// How much of what a server says is repeated.
const LENGTH: usize = 600;

/// An error of a store on one line.
#[derive(Debug)]
struct Told {
    text: String,
    source: object_store::Error,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Told {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// The error as one of files. An object that is not the one that was found has [`ErrorKind::StaleNetworkFileHandle`].
pub fn io_error(error: object_store::Error) -> io::Error {
    use object_store::Error as Store;
    let (kind, text) = match &error {
        Store::NotFound { .. } => (ErrorKind::NotFound, Some("there is no such object or bucket")),
        Store::AlreadyExists { .. } => (ErrorKind::AlreadyExists, Some("it is there already")),
        Store::Precondition { .. } => {
            (ErrorKind::StaleNetworkFileHandle, Some("it has changed since it was found"))
        }
        Store::PermissionDenied { .. } | Store::Unauthenticated { .. } => (ErrorKind::PermissionDenied, None),
        Store::NotImplemented { .. } | Store::NotSupported { .. } => (ErrorKind::Unsupported, None),
        _ => (ErrorKind::Other, None),
    };
    let text = text.map_or_else(|| one_line(&error.to_string()), str::to_owned);
    io::Error::new(kind, Told { text, source: error })
}

/// Servers answer in XML of many lines.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_one_line() {
        let error = |source: &str| object_store::Error::Generic { store: "S3", source: source.into() };
        let told = io_error(error("<Error>\n  <Code>\tSlowDown</Code>\n</Error>"));
        assert_eq!(told.to_string(), "Generic S3 error: <Error> <Code> SlowDown</Code> </Error>");
        assert_eq!(io_error(error(&"ä".repeat(1000))).to_string().chars().count(), LENGTH + 1);
        let path = "a".to_owned();
        let missing = object_store::Error::NotFound { path, source: "404".into() };
        assert_eq!(io_error(missing).kind(), ErrorKind::NotFound);
    }
}
