//! What makes a run incomplete: people may have taken consent back in bytes that
//! nobody could read.

use super::{Input, InputStatus, Warning};
use crate::ingest::{Barred, Loss};
use crate::schema::Landing;

/// Why a run is incomplete, if it is.
pub fn incomplete(barred: &Barred, inputs: &[Input]) -> Vec<Warning> {
    let count = |is: fn(&InputStatus) -> bool| inputs.iter().filter(|input| is(&input.status)).count() as u64;
    let lost = |loss: Loss| inputs.iter().filter(|input| input.loss() == loss).count() as u64;
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
            count(|status| matches!(status, InputStatus::Used { may_hold_customers: true, .. })),
            "Files have rejected records that name emails and may be of customers: they stand among readings, or no \
             record of the file has what a customer record needs, email and serialNumber. What they say of consent \
             is not known.",
        ),
        Warning::new(
            "files_damaged",
            lost(Loss::Damaged),
            "Files are damaged or could not be read, so it is not known whether they hold customer records.",
        ),
        Warning::new(
            "files_unread",
            lost(Loss::Unread),
            "Files are encrypted, cut within their first record, or packed or written in a way that is not read, so \
             it is not known whether they hold customer records. Unpack or convert them, or leave them out if they \
             hold none.",
        ),
    ];
    reasons.into_iter().filter(|reason| reason.count > 0).collect()
}
