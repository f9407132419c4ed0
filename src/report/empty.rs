//! Why a table came out empty, in counts: one warning, for the first table that did.

use std::collections::BTreeMap;

use super::TableReport;
use super::warning::{TimeRanges, Warning, WarningInputs};
use crate::consent::Rule;
use crate::options::{ConsentRecords, Options};
use crate::schema::Table;

/// What explains the first empty table; nothing where a kind of file is missing, or
/// another warning says it.
pub(super) fn explanation(
    options: &Options,
    tables: &BTreeMap<Table, TableReport>,
    about: &WarningInputs,
) -> Option<Warning> {
    let table = |table: Table| tables.get(&table);
    let rows = |of: Table| table(of).map_or(0, |counts| counts.rows_out);
    let all_by = |of: Table, rule: Rule| {
        table(of).is_some_and(|counts| counts.rows_in > 0 && counts.filtered.get(rule) == counts.rows_in)
    };
    let any_by = |of: Table, rule: Rule| table(of).is_some_and(|counts| counts.filtered.get(rule) > 0);
    let (customers, readings) = (rows(Table::CustomerLanding), rows(Table::AccelerometerLanding));
    let steps = rows(Table::StepTrainerLanding);
    if customers == 0 {
        return None;
    }
    if !about.consent_field {
        return Some(Warning::new(
            "consent_field_missing",
            customers,
            "No customer record has the field shareWithResearchAsOfDate, so nobody consents and every table is empty. \
             The field may have another name in these files.",
        ));
    }
    if rows(Table::CustomerTrusted) == 0 {
        let message = match (all_by(Table::CustomerTrusted, Rule::Withdrawn), options.records) {
            (true, _) => "All customer records are withdrawn, so every table is empty.",
            (false, ConsentRecords::Any) => {
                "No customer record consents to research, so every table is empty."
            }
            (false, ConsentRecords::Latest) => {
                "Nobody's newest customer record consents to research, so every table is empty."
            }
        };
        return Some(Warning::new("nobody_consents", customers, message));
    }
    if readings > 0 && rows(Table::AccelerometerTrusted) == 0 {
        let message = match all_by(Table::AccelerometerTrusted, Rule::BeforeConsent) {
            true => "All accelerometer readings are from before their owners' consent dates.",
            false if any_by(Table::AccelerometerTrusted, Rule::BeforeConsent) => {
                "Accelerometer readings are of users who are in customer_trusted, but all of these are from before \
                 their owners' consent dates."
            }
            // That is said where emails are compared.
            false if about.emails_differ > 0 => return None,
            false => "No accelerometer reading is of a user who is in customer_trusted.",
        };
        return Some(Warning::new("no_trusted_readings", readings, message));
    }
    if readings == 0 || steps == 0 {
        return None;
    }
    if rows(Table::StepTrainerTrusted) == 0 {
        let message = if all_by(Table::StepTrainerTrusted, Rule::BeforeConsent) {
            "All step trainer readings are from before their owners' consent dates."
        } else if all_by(Table::StepTrainerTrusted, Rule::SharedSerial) {
            "All step trainer readings are of serial numbers that several emails share."
        } else if any_by(Table::StepTrainerTrusted, Rule::BeforeConsent)
            || any_by(Table::StepTrainerTrusted, Rule::SharedSerial)
        {
            "Step trainer readings have the serial number of a customer in customer_curated, but all of these are \
             from before their owners' consent dates, or of serial numbers that several emails share."
        } else {
            "The two sensors share no owner: no step trainer reading has the serial number of a customer in \
             customer_curated."
        };
        return Some(Warning::new("no_trusted_steps", steps, message));
    }
    let TimeRanges { accelerometer, steps } = about.times?;
    let (phone, trainer) = (unit(accelerometer.1), unit(steps.1));
    let guess = match phone == trainer {
        true => format!("Both look like {phone}: were the two used at other times, or is a clock wrong?"),
        false => format!(
            "Accelerometer times look like {phone}, step trainer times like {trainer}; both have to be milliseconds."
        ),
    };
    let message = format!(
        "No accelerometer reading and step trainer reading of one person have the same time. {guess}"
    );
    Some(Warning::new("no_common_time", rows(Table::AccelerometerTrusted), &message))
}

/// The unit of a time since 1970, by how large it is: each begins in 1973.
fn unit(time: i64) -> &'static str {
    const UNITS: [(i64, &str); 3] = [
        (100_000_000_000, "seconds"),
        (100_000_000_000_000, "milliseconds"),
        (100_000_000_000_000_000, "microseconds"),
    ];
    UNITS.iter().find(|(end, _)| time < *end).map_or("nanoseconds", |(_, unit)| unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: [u64; 8]) -> BTreeMap<Table, TableReport> {
        let report = |rows_out| TableReport { rows_in: 9, rows_out, ..TableReport::default() };
        Table::ALL.into_iter().zip(rows.map(report)).collect()
    }

    fn code(rows: [u64; 8], about: WarningInputs) -> Option<&'static str> {
        explanation(&Options::default(), &counts(rows), &about).map(|warning| warning.code)
    }

    #[test]
    fn the_first_empty_table_is_explained() {
        let about = || WarningInputs { consent_field: true, ..WarningInputs::default() };
        assert_eq!(code([0; 8], about()), None, "there are no customers");
        assert_eq!(code([3, 7, 7, 0, 0, 0, 0, 0], about()), Some("nobody_consents"));
        assert_eq!(code([3, 7, 7, 0, 0, 0, 0, 0], WarningInputs::default()), Some("consent_field_missing"));
        assert_eq!(code([3, 7, 7, 2, 0, 0, 0, 0], about()), Some("no_trusted_readings"));
        let alike = WarningInputs { emails_differ: 7, ..about() };
        assert_eq!(code([3, 7, 7, 2, 0, 0, 0, 0], alike), None);
        let mut early = counts([3, 7, 7, 2, 0, 0, 0, 0]);
        let trusted = early.get_mut(&Table::AccelerometerTrusted).unwrap();
        trusted.filtered.add(Rule::BeforeConsent, 2);
        let warning = explanation(&Options::default(), &early, &about()).unwrap();
        assert!(warning.code == "no_trusted_readings" && warning.message.contains("before"), "{warning:?}");
        assert_eq!(code([3, 0, 7, 2, 0, 0, 0, 0], about()), None, "there are no readings");
        assert_eq!(code([3, 7, 7, 2, 5, 2, 0, 0], about()), Some("no_trusted_steps"));
        let times = Some(TimeRanges { accelerometer: (1, 1_700_000_000), steps: (1, 1_700_000_000_000) });
        let apart = WarningInputs { times, ..about() };
        let warning = explanation(&Options::default(), &counts([3, 7, 7, 2, 5, 2, 5, 0]), &apart).unwrap();
        assert_eq!(warning.code, "no_common_time");
        assert!(warning.message.contains("times look like seconds, step trainer times like milliseconds"));
        assert!(!warning.message.contains("1700"), "a report holds no value of a record");
        assert_eq!(code([3, 7, 7, 2, 5, 2, 5, 5], about()), None);
    }
}
