//! What the reader of the tables should know.

use serde::Serialize;

use super::{Input, InputStatus};
use crate::options::{ConsentRecords, Identity, Join, Options, SharedSerials};
use crate::schema::Landing;

/// Something that the reader of the tables should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Warning {
    /// Short name.
    pub code: &'static str,
    /// How many of it.
    pub count: u64,
    /// For people.
    pub message: String,
}

impl Warning {
    pub(super) fn new(code: &'static str, count: u64, message: &str) -> Warning {
        Warning { code, count, message: message.to_owned() }
    }
}

/// What warnings are made from.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct WarningInputs {
    pub shared_serials: u64,
    pub mixed_pairs: u64,
    pub consent_unreadable: u64,
    pub withdrawals_unmet: u64,
    /// Lists that have no entry.
    pub withdrawals_empty: u64,
    /// Rows of step_trainer_trusted whose serial number a withdrawn person had too.
    pub withdrawn_steps: u64,
    /// Readings of users who are not admitted, and are but for case and blanks.
    pub emails_differ: u64,
    pub customer_emails_differ: u64,
    /// Records, and people of them who are in customer_trusted.
    pub barred: (u64, u64),
    pub undated: (u64, u64),
    pub missing: Vec<Landing>,
}

/// The warnings of a run.
pub fn warnings(options: &Options, inputs: &[Input], about: &WarningInputs) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &'static str, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning::new(code, count, message));
        }
    };
    for kind in &about.missing {
        let (code, message) = match kind {
            Landing::Customer => (
                "no_customers",
                "There is no customer file, so nobody's consent is known: every reading is left out.",
            ),
            Landing::Accelerometer => (
                "no_accelerometer",
                "There is no accelerometer file: customer_curated and what follows from it are empty.",
            ),
            Landing::StepTrainer => (
                "no_step_trainer",
                "There is no step trainer file: step_trainer_trusted and machine_learning_curated are empty.",
            ),
        };
        warn(code, 1, message);
    }
    warn(
        "shared_serials",
        about.shared_serials,
        match options.shared_serials {
            SharedSerials::Keep => {
                "Serial numbers stand under more than one email, so their step readings cannot be tied to one person. \
                 They are kept, as in the original; shared serials = drop leaves them out."
            }
            SharedSerials::Drop => {
                "Serial numbers stand under more than one email; their step readings are left out."
            }
        },
    );
    if options.join == Join::Time {
        const MIXED: &str = "join = time pairs readings of the same time whoever they are of: so many rows of \
                             machine_learning_curated mix two people. Use it to reproduce the original's counts \
                             only.";
        warnings.push(Warning::new("mixed_pairs", about.mixed_pairs, MIXED));
    }
    if options.identity == Identity::Serial {
        const SERIAL: &str = "identity = serial names each subject by the device's serial number, which leads back \
                              to a person.";
        warnings.push(Warning::new("serial_identity", 1, SERIAL));
    }
    let mut warn = |code: &'static str, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning::new(code, count, message));
        }
    };
    warn(
        "consent_unreadable",
        about.consent_unreadable,
        "Customer records whose shareWithResearchAsOfDate cannot be read count as no consent.",
    );
    let (records, people) = about.barred;
    warn("rejected_customers", records, &barred(options, people));
    let (records, people) = about.undated;
    warn("undated_refusals", records, &undated(options, people));
    warn(
        "withdrawals_unmet",
        about.withdrawals_unmet,
        "Entries of the withdrawals match no email and no serial number of these inputs.",
    );
    warn(
        "withdrawals_empty",
        about.withdrawals_empty,
        "A list of withdrawals was given that has no entry, so nobody is left out by it. Is it the right file, and \
         does its first line name the column of emails or of serial numbers?",
    );
    warn(
        "withdrawn_steps",
        about.withdrawn_steps,
        "Step readings are of devices that a withdrawn person had too. They are kept because somebody else in \
         customer_curated has the device; whose each of them is cannot be known. shared serials = drop leaves them \
         out.",
    );
    warn(
        "emails_differ",
        about.emails_differ,
        "Readings name a user who is in customer_trusted but for upper and lower case or blanks. Emails are compared \
         as they are, so these readings are left out.",
    );
    warn(
        "customer_emails_differ",
        about.customer_emails_differ,
        "Customer records have emails that differ in upper and lower case or blanks alone. Each spelling counts as a \
         person of its own: under records = latest a newer record of one spelling says nothing of another's.",
    );
    let (mut keys, mut unknown, mut arrays) = (0, 0, 0);
    for input in inputs {
        if let InputStatus::Used { duplicate_keys, unknown_fields, array_not_closed, .. } = input.status {
            keys += duplicate_keys;
            unknown += u64::from(unknown_fields > 0);
            arrays += u64::from(array_not_closed);
        }
    }
    warn("duplicate_keys", keys, "Fields stand twice in their record; the last one was used.");
    warn("unknown_fields", unknown, "Inputs have fields that their table does not have; they are ignored.");
    warn("array_not_closed", arrays, "Inputs hold an array that does not end: they may have been cut.");
    warnings
}

fn barred(options: &Options, people: u64) -> String {
    let told = format!(
        "Customer records were rejected or cut, but the emails in them can be read. Such a record may have taken \
         consent back. Of these people {people} are in the trusted tables."
    );
    kept_out(options, told)
}

fn undated(options: &Options, people: u64) -> String {
    let told = format!(
        "Customer records without lastUpdateDate do not consent, while other records of the same people do. How \
         old they are is not known. Of these people {people} are in the trusted tables."
    );
    kept_out(options, told)
}

fn kept_out(options: &Options, told: String) -> String {
    match options.records {
        ConsentRecords::Any => told + " Under records = latest they would be left out.",
        ConsentRecords::Latest => told + " records = latest leaves them out.",
    }
}
