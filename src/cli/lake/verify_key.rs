//! `stedi-lakehouse verify --key-file`: whether a key is that of the lake's pseudonyms.

use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{Contents, Difference};
use stedi_lakehouse::options::Key;

use crate::cli::terminal;

/// What is said of a key that is not another than the lake's.
///
/// # Errors
/// The difference, if it is another.
pub fn check(key: &Key, lake: &Contents) -> Result<&'static str, Difference> {
    if lake.report.option("identity") == "serial" {
        return Ok("The key is not checked: this lake has no pseudonyms.\n");
    }
    if lake.report.option("key_check").is_empty() {
        return Ok("The key is not checked: the report of this lake has no check value.\n");
    }
    match lake.check_key(key) {
        Ok(()) => Ok("The key is the lake's.\n"),
        Err(error) => {
            let message = format!("the key that is given: {}", terminal::shown(&error.to_string()));
            Err(Difference::new("other_key", REPORT, message))
        }
    }
}
