//! `records = latest`: which records are each person's newest, and who is kept
//! out because that cannot be known.

use super::rules::EARLIEST_DATE;
use crate::rows::Customer;

/// What the records of a person who is in customer_trusted say beside that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether this record is one of those that count under `latest`.
    pub latest: bool,
    /// Whether the person's newest records do not all consent.
    pub superseded: bool,
    /// Whether a record of the person has no date and does not consent.
    pub undated: bool,
}

/// What all records of one email come to.
pub(super) struct Person {
    /// Of the newest.
    updated: Option<i64>,
    /// Whether all records of that date consent.
    newest_consent: bool,
    /// Whether any record consents.
    any_consents: bool,
    /// Records that do not consent and of which nobody knows whether they are the newest: those without a date, and
    /// all of them where the dates of the email are in several units.
    undated: u64,
    is_barred: bool,
}

impl Person {
    /// From all records of an email; `is_barred` says whether there is one that could not be read.
    pub(super) fn new(records: &[Customer], is_barred: bool) -> Person {
        // Withdrawn records count here: leaving out a person's newest record must
        // not bring an older consent back.
        let updated = records.iter().map(Customer::last_update).max().flatten();
        let mut newest = records.iter().filter(|record| record.last_update() == updated);
        let mut units = records.iter().filter_map(Customer::last_update).map(unit);
        let unit = units.next();
        let comparable = units.all(|other| Some(other) == unit);
        let refuses = |record: &&Customer| {
            record.consent_date().is_none() && (record.last_update().is_none() || !comparable)
        };
        Person {
            updated,
            newest_consent: newest.all(|record| record.consent_date().is_some()),
            any_consents: records.iter().any(|record| record.consent_date().is_some()),
            undated: records.iter().filter(refuses).count() as u64,
            is_barred,
        }
    }

    /// Whether a record counts under `latest`: it is one of its email's newest, all of these
    /// consent, and nobody can say that consent was taken back later. Without a date a record that
    /// consents is the oldest; one that does not keeps its person out, as one that could not be
    /// read does, and as one whose date is in another unit than others'.
    pub(super) fn standing(&self, record: &Customer) -> Standing {
        Standing {
            latest: self.newest_consent
                && self.updated == record.last_update()
                && self.undated == 0
                && !self.is_barred,
            // Records without a date are said of apart, for how old they are is not known.
            superseded: !self.newest_consent && self.updated.is_some(),
            undated: self.undated > 0,
        }
    }

    /// Those of them beside which another record consents.
    pub(super) fn undated_records(&self) -> u64 {
        if self.any_consents { self.undated } else { 0 }
    }
}

/// Which unit a date is taken to be in: seconds, milliseconds, microseconds or less. The first milliseconds are of
/// March 1973, as with [`EARLIEST_DATE`].
fn unit(date: i64) -> usize {
    [1, 1_000, 1_000_000].iter().take_while(|&&more| date >= EARLIEST_DATE * more).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(records: &[(Option<i64>, Option<i64>)]) -> (Person, Vec<Customer>) {
        let record = |&(updated, share)| {
            Customer::new([None, Some("a"), None, None, Some("s")], [None, updated, share, None, None])
        };
        let records: Vec<Customer> = records.iter().map(record).collect();
        (Person::new(&records, false), records)
    }

    fn counted(records: &[(Option<i64>, Option<i64>)]) -> Vec<bool> {
        let (person, records) = person(records);
        records.iter().map(|record| person.standing(record).latest).collect()
    }

    #[test]
    fn only_the_newest_records_count_and_all_of_them_must_consent() {
        assert_eq!(counted(&[(Some(1), Some(9)), (Some(2), Some(9))]), [false, true]);
        assert_eq!(counted(&[(Some(1), Some(9)), (Some(2), None)]), [false, false]);
        assert_eq!(counted(&[(Some(2), Some(9)), (Some(2), Some(8))]), [true, true]);
        assert_eq!(counted(&[(Some(2), Some(9)), (Some(2), Some(0))]), [false, false]);
    }

    #[test]
    fn without_a_date_consent_is_the_oldest_and_its_lack_the_last_word() {
        assert_eq!(counted(&[(None, Some(9)), (None, Some(8))]), [true, true]);
        assert_eq!(counted(&[(None, Some(9)), (Some(1), Some(8))]), [false, true]);
        assert_eq!(counted(&[(None, None), (Some(1), Some(8))]), [false, false]);
        // What is not positive is no date.
        assert_eq!(counted(&[(Some(0), Some(9)), (Some(1), Some(8))]), [false, true]);
        assert_eq!(counted(&[(Some(0), None), (Some(1), Some(8))]), [false, false]);
        assert_eq!(counted(&[(Some(-7), Some(0)), (Some(1), Some(8))]), [false, false]);
        assert_eq!(counted(&[(Some(1), Some(8)), (None, Some(-1)), (None, Some(9))]), [false; 3]);
    }

    #[test]
    fn dates_in_several_units_cannot_be_compared_so_a_record_that_does_not_consent_keeps_its_person_out() {
        const DATE: i64 = 1_700_000_000_000;
        for other in [DATE / 1_000, DATE * 1_000, DATE * 1_000_000, 1] {
            assert_eq!(counted(&[(Some(DATE), Some(9)), (Some(other), None)]), [false, false]);
            assert_eq!(counted(&[(Some(DATE), None), (Some(other), Some(9))]), [false, false]);
            let newest = counted(&[(Some(DATE), Some(9)), (Some(other), Some(9))]);
            assert_eq!(newest, [DATE > other, other > DATE], "whoever consents in all of them is in");
        }
        assert_eq!(counted(&[(Some(DATE / 1_000), None), (Some(DATE / 1_000 + 1), Some(9))]), [false, true]);
        assert_eq!([1, 99_999_999_999, 100_000_000_000, DATE, i64::MAX].map(unit), [0, 0, 1, 1, 3]);
    }

    #[test]
    fn consent_is_superseded_by_a_newer_record_that_is_dated() {
        let superseded = |records: &[_]| {
            let (person, records) = person(records);
            person.standing(&records[0]).superseded
        };
        assert!(superseded(&[(Some(1), Some(9)), (Some(2), None)]));
        assert!(!superseded(&[(Some(1), Some(9)), (None, None)]));
        assert!(!superseded(&[(None, Some(9)), (None, None)]));
    }

    #[test]
    fn undated_records_are_counted_where_they_contradict() {
        let counted = |records: &[_]| person(records).0.undated_records();
        assert_eq!(counted(&[(None, None), (Some(1), Some(9)), (None, Some(0))]), 2);
        assert_eq!(counted(&[(None, None)]), 0);
        assert_eq!(counted(&[(Some(1), None), (Some(1), Some(9))]), 0);
    }

    #[test]
    fn who_is_barred_is_out() {
        let records =
            [Customer::new([None, Some("a"), None, None, None], [None, Some(1), Some(9), None, None])];
        assert!(!Person::new(&records, true).standing(&records[0]).latest);
        assert!(Person::new(&records, false).standing(&records[0]).latest);
    }
}
