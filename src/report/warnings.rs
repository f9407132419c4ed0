//! What the reader of the tables should know.

use std::collections::BTreeMap;

use super::warning::{Warning, WarningInputs};
use super::{Input, InputStatus, TableReport, empty};
use crate::options::{ConsentRecords, ConsentTime, Duplicates, Identity, Join, Options, SharedSerials};
use crate::schema::{Landing, Table};

/// The warnings of a run.
pub fn warnings(
    options: &Options,
    inputs: &[Input],
    tables: &BTreeMap<Table, TableReport>,
    about: &WarningInputs,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &'static str, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning::new(code, count, message));
        }
    };
    let mostly = |input: &&Input| matches!(input.status, InputStatus::Used { mostly_rejected: true, .. });
    warn(
        "mostly_rejected",
        inputs.iter().filter(mostly).count() as u64,
        "Files of which more was rejected than read, in records or in bytes: look at their first rejected records \
         before anything else.",
    );
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
    if let Some(Warning { code, count, message }) = empty::explanation(options, tables, about) {
        warn(code, count, &message);
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
        const MIXED: &str = "join = time pairs readings of the same time whoever they are of: these pairs of \
                             machine_learning_curated mix two people. Use it to reproduce the original's counts \
                             only.";
        warn("mixed_pairs", about.mixed_pairs, MIXED);
    }
    if options.identity == Identity::Serial {
        const SERIAL: &str = "identity = serial names each subject by the device's serial number, which leads back \
                              to a person.";
        warnings.push(Warning::new("serial_identity", 1, SERIAL));
    }
    if options.consent == ConsentTime::AsOfPhone {
        const PHONE: &str = "consent = as-of-phone leaves out readings of the phone from before the consent date, and \
                             keeps step trainer readings from before it. Use it to reproduce the original course's \
                             counts only.";
        warnings.push(Warning::new("consent_as_of_phone", 1, PHONE));
    }
    let mut warn = |code: &'static str, count: u64, message: &str| {
        if count > 0 {
            warnings.push(Warning::new(code, count, message));
        }
    };
    warn(
        "consent_superseded",
        about.superseded,
        "People are in customer_trusted whose newest record does not consent to research: an older one does, which is \
         enough under records = any. records = latest leaves them out.",
    );
    let copies = [Table::CustomerTrusted, Table::AccelerometerTrusted, Table::StepTrainerTrusted];
    let copies = copies.iter().filter_map(|table| tables.get(table)?.duplicates).sum();
    if options.duplicates == Duplicates::Keep {
        warn(
            "duplicate_rows",
            copies,
            "Rows of the trusted tables are equal to another one in every column, as overlapping exports have them: \
             they multiply pairs. duplicates = drop keeps the first of each.",
        );
    }
    warn(
        "consent_unreadable",
        about.consent_unreadable,
        match options.consent {
            ConsentTime::Ever => {
                "Customer records whose shareWithResearchAsOfDate cannot be read count as no consent."
            }
            ConsentTime::AsOf | ConsentTime::AsOfPhone => {
                "Customer records whose shareWithResearchAsOfDate cannot be read, or is below 100,000,000,000, count \
                 as no consent: such a date is in seconds, or before 1973, and would admit every reading."
            }
        },
    );
    if options.consent != ConsentTime::Ever {
        warn(
            "times_not_milliseconds",
            about.not_millis,
            "Readings have times above 100,000,000,000,000: they are in microseconds or nanoseconds, while consent \
             dates are in milliseconds, so each of them counts as taken after its owner's consent date. Convert the \
             times to milliseconds; consent dates decide nothing here.",
        );
    }
    warn(
        "consent_conflict",
        about.consent_conflict,
        "Customer records name shareWithResearchAsOfDate twice, with values that differ: they count as no consent.",
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
        "newly_admitted",
        about.newly_admitted,
        "People or devices are admitted that the lake did not admit, or only from a later time on. What earlier files \
         hold of them was not kept, so it is missing here; `from` names these files. A run over all files has it.",
    );
    warn(
        "emails_differ",
        about.emails_differ,
        "Readings name a user who is in customer_trusted but for upper and lower case or blanks. Emails are compared \
         as they are, so these readings are left out. emails = folded compares them without case and blanks.",
    );
    warn(
        "customer_emails_differ",
        about.customer_emails_differ,
        "Customer records have emails that differ in upper and lower case or blanks alone. Each spelling counts as a \
         person of its own: under records = latest a newer record of one spelling says nothing of another's. \
         emails = folded takes them for one person.",
    );
    let left_out = inputs.iter().filter(|input| matches!(input.status, InputStatus::LeftOut { .. }));
    warn(
        "zones_left_out",
        left_out.count() as u64,
        "Files in folders named trusted or curated were left out, because there are landing files: earlier jobs \
         made them from the same records. --all-zones reads them too.",
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
        "Customer records without lastUpdateDate, or with one in another unit than other records of the same people, \
         do not consent, while others of them do. How old they are is not known. Of these people {people} are in the \
         trusted tables."
    );
    kept_out(options, told)
}

fn kept_out(options: &Options, told: String) -> String {
    match options.records {
        ConsentRecords::Any => told + " Under records = latest they would be left out.",
        ConsentRecords::Latest => told + " records = latest leaves them out.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Decoder;

    /// A file of good readings and others, all on one line.
    fn readings(good: usize, others: &[&str]) -> Input {
        let good = ["{\"user\":\"a\",\"timestamp\":1,\"x\":1.0}"].repeat(good);
        let text = [&good[..], others].concat().join(",");
        let mut decoder = Decoder::new("a.json", Landing::Accelerometer.columns());
        decoder.push(text.as_bytes(), &mut ());
        let decoded = decoder.finish(&mut ());
        Input::used("a.json".to_owned(), text.len() as u64, Landing::Accelerometer, &decoded)
    }

    fn mostly_rejected(inputs: &[Input]) -> u64 {
        let found = warnings(&Options::default(), inputs, &BTreeMap::new(), &WarningInputs::default());
        match found.first() {
            Some(warning) if warning.code == "mostly_rejected" => warning.count,
            _ => 0,
        }
    }

    #[test]
    fn a_file_that_is_mostly_lost_is_said_first_whether_in_records_or_in_bytes() {
        let bad = "{\"user\":NaN}";
        assert_eq!(mostly_rejected(&[readings(9, &[]), readings(9, &[bad])]), 0);
        assert_eq!(mostly_rejected(&[readings(2, &[bad, bad, bad]), readings(9, &[bad])]), 1, "in records");
        // A quote is missing: nobody knows where on its line the next record starts.
        let long = format!("{{\"user\":\"b{}", ",{\"user\":\"a\",\"timestamp\":1}".repeat(40));
        assert_eq!(mostly_rejected(&[readings(9, &[&long])]), 1, "in bytes");
        assert_eq!(mostly_rejected(&[readings(90, &[&long])]), 0);
    }
}
