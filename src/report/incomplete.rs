//! What makes a run incomplete: people may have taken consent back in bytes that
//! nobody could read.

use super::{Input, InputStatus, Warning};
use crate::ingest::Barred;
use crate::schema::Landing;

/// Refused as damaged: what was in such a file is not known, customers included.
const DAMAGED: [&str; 4] = ["bad_gzip", "bad_zip", "bad_entry", "unreadable"];
/// Refused unread: what they hold is not known either.
const UNREAD: [&str; 4] = ["encrypted", "nested_compression", "unsupported_compression", "not_utf8"];

/// Why a run is incomplete, if it is.
pub fn incomplete(barred: &Barred, inputs: &[Input]) -> Vec<Warning> {
    let count = |is: fn(&InputStatus) -> bool| inputs.iter().filter(|input| is(&input.status)).count() as u64;
    let reasons = [
        Warning::new(
            "customers_unreadable",
            barred.nameless,
            "Customer records were rejected, cut or damaged, and no email can be read in them: it is not known \
             whose they are, or whether these people still consent.",
        ),
        Warning::new(
            "customers_cut",
            count(|status| {
                matches!(status, InputStatus::Used { table: Landing::Customer, array_not_closed: true, .. })
            }),
            "Customer files hold an array that does not end: they may have been cut, and whose records are \
             missing is not known.",
        ),
        Warning::new(
            "customers_rejected",
            count(|status| {
                matches!(status, InputStatus::Used { table: Landing::Customer, without_key: true, .. })
            }),
            "Files name emails, but none of their records has what a customer record needs, email and serialNumber: \
             they may be of customers all the same, and what they say of consent is not known.",
        ),
        Warning::new(
            "files_damaged",
            count(|status| refused(status, DAMAGED)),
            "Files are damaged or could not be read, so it is not known whether they hold customer records.",
        ),
        Warning::new(
            "files_unread",
            count(|status| refused(status, UNREAD)),
            "Files are encrypted, packed in a way that is not read, or not UTF-8, so it is not known whether they \
             hold customer records. Unpack or convert them, or leave them out if they hold none.",
        ),
    ];
    reasons.into_iter().filter(|reason| reason.count > 0).collect()
}

fn refused(status: &InputStatus, reasons: [&str; 4]) -> bool {
    match status {
        InputStatus::Refused { reason, .. } => reasons.contains(&reason.as_str()),
        InputStatus::Used { .. } | InputStatus::Duplicate { .. } => false,
    }
}
