//! Why a statement was not run, for people, and where in its text.

use arrow::error::ArrowError;
use datafusion::common::{DataFusionError, Span};
use datafusion::sql::sqlparser::parser::ParserError;
use parquet::errors::ParquetError;
use serde::Serialize;
use stedi_lakehouse::views::SqlPlace;

/// What is wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// Short name: `sql`, `refused`, `too_large` or `engine`.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// Where, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<SqlPlace>,
}

impl Fault {
    /// Something that the console does not do.
    pub fn refused(message: impl Into<String>) -> Fault {
        Fault { code: "refused", message: message.into(), place: None }
    }

    /// More than the memory holds.
    pub fn too_large(message: impl Into<String>) -> Fault {
        Fault { code: "too_large", message: message.into(), place: None }
    }
}

impl From<DataFusionError> for Fault {
    fn from(error: DataFusionError) -> Fault {
        let root = error.find_root();
        let code = if matches!(root, DataFusionError::ResourcesExhausted(_)) { "too_large" } else { "sql" };
        let message = words(root);
        let place =
            error.diagnostic().and_then(|diagnostic| diagnostic.span).map(place).or_else(|| told(&message));
        Fault { code, message, place }
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Fault {
        Fault { code: "engine", message: error.to_string(), place: None }
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Fault {
        Fault { code: "engine", message: error.to_string(), place: None }
    }
}

fn place(span: Span) -> SqlPlace {
    SqlPlace {
        line: span.start.line,
        column: span.start.column,
        end_line: span.end.line,
        end_column: span.end.column,
    }
}

/// The parser says where in its message only: `… at Line: 1, Column: 8`.
fn told(message: &str) -> Option<SqlPlace> {
    let number = |text: &str| -> Option<u64> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..digits].parse().ok()
    };
    let (_, after) = message.rsplit_once("Line: ")?;
    let (_, column) = after.split_once(", Column: ")?;
    let (line, column) = (number(after)?, number(column)?);
    Some(SqlPlace { line, column, end_line: line, end_column: column + 1 })
}

/// The message without what only tells which part of the engine it is from.
fn words(error: &DataFusionError) -> String {
    let message = match error {
        DataFusionError::SQL(error, _) => match &**error {
            ParserError::ParserError(message) | ParserError::TokenizerError(message) => message.clone(),
            ParserError::RecursionLimitExceeded => "The statement is nested too deep.".to_owned(),
        },
        error => error.strip_backtrace(),
    };
    let message = message.strip_prefix("Error during planning: ").unwrap_or(&message);
    message.strip_prefix("Schema error: ").unwrap_or(message).replace("datafusion.public.", "")
}
