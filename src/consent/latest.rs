//! `records = latest`: which records are each person's newest, and who is kept
//! out because that cannot be known.

use std::collections::{BTreeSet, HashMap};

use crate::rows::Customer;
use crate::spelling::folded;

/// Records of which nobody knows how old they are.
#[derive(Clone, Debug, Default)]
pub struct Undated {
    /// How many.
    pub records: u64,
    /// Whose they are.
    pub emails: BTreeSet<String>,
}

/// What the records of one email come to.
struct Newest {
    updated: Option<i64>,
    /// Whether all records of that date consent.
    consents: bool,
}

/// Whether each record counts under `latest`: it is one of its email's newest, all
/// of these consent, and nobody can say that consent was taken back later. Without
/// a date a record that consents is the oldest; one that does not keeps its person
/// out, as `barred` does: the emails, folded, of records that could not be read.
pub(super) fn latest(customers: &[Customer], barred: &BTreeSet<String>) -> Vec<bool> {
    // Withdrawn records count here: leaving out a person's newest record must
    // not bring an older consent back.
    let mut people: HashMap<&str, Newest> = HashMap::new();
    let mut out: BTreeSet<&str> = BTreeSet::new();
    for customer in customers {
        let (email, updated) = (customer.email(), customer.last_update());
        let consents = customer.consent_date().is_some();
        let person = people.entry(email).or_insert(Newest { updated, consents: true });
        if updated > person.updated {
            *person = Newest { updated, consents };
        } else if updated == person.updated {
            person.consents &= consents;
        }
        if updated.is_none() && !consents {
            out.insert(email);
        }
    }
    if !barred.is_empty() {
        out.extend(people.keys().filter(|email| barred.contains(&folded(email))));
    }
    let counts = |customer: &Customer| {
        let newest = people.get(customer.email());
        newest.is_some_and(|newest| newest.consents && newest.updated == customer.last_update())
            && !out.contains(customer.email())
    };
    customers.iter().map(counts).collect()
}

/// The records without a date that do not consent, of people of whom another
/// record does.
pub(super) fn undated(customers: &[Customer]) -> Undated {
    let refuses =
        |customer: &&Customer| customer.last_update().is_none() && customer.consent_date().is_none();
    let emails: BTreeSet<&str> = customers.iter().filter(refuses).map(Customer::email).collect();
    let consenting = customers.iter().filter(|customer| customer.consent_date().is_some());
    let emails: BTreeSet<String> =
        consenting.map(Customer::email).filter(|email| emails.contains(email)).map(str::to_owned).collect();
    let records = customers.iter().filter(refuses).filter(|customer| emails.contains(customer.email()));
    Undated { records: records.count() as u64, emails }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::customer::{EMAIL, LASTUPDATEDATE, SHAREWITHRESEARCHASOFDATE, TEXTS};

    fn customer(email: &str, updated: Option<i64>, share: Option<i64>) -> Customer {
        let mut customer = Customer { texts: Default::default(), times: Default::default() };
        customer.texts[EMAIL] = Some(email.to_owned());
        customer.times[LASTUPDATEDATE - TEXTS] = updated;
        customer.times[SHAREWITHRESEARCHASOFDATE - TEXTS] = share;
        customer
    }

    fn counted(records: &[(Option<i64>, Option<i64>)]) -> Vec<bool> {
        let customers: Vec<_> =
            records.iter().map(|&(updated, share)| customer("a", updated, share)).collect();
        latest(&customers, &BTreeSet::new())
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
        assert_eq!(counted(&[(Some(1), Some(8)), (None, Some(-1)), (None, Some(9))]), [false; 3]);
    }

    #[test]
    fn who_is_barred_is_out_in_any_spelling() {
        let customers = ["\u{a0}\u{c4}nn@x.org", "ben@x.org"].map(|email| customer(email, Some(1), Some(9)));
        let barred = BTreeSet::from(["\u{e4}nn@x.org".to_owned()]);
        assert_eq!(latest(&customers, &barred), [false, true]);
    }

    #[test]
    fn undated_records_are_counted_where_they_contradict() {
        let records = [("a", None, None), ("a", Some(1), Some(9)), ("a", None, Some(0)), ("b", None, None)];
        let customers = records.map(|(email, updated, share)| customer(email, updated, share));
        let Undated { records, emails } = undated(&customers);
        assert_eq!((records, emails), (2, BTreeSet::from(["a".to_owned()])));
    }
}
