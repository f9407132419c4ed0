//! Settles what depends on more than one table, once every reading has been
//! seen: which customers are curated, and whose step readings may stay.

use super::{Customer, StepReading};
use crate::consent::{ConsentLedger, Filtered, Rule, Trusted};

/// Who is curated.
pub struct Settlement<'a> {
    ledger: &'a ConsentLedger,
    /// By email: has an accelerometer_trusted reading.
    seen: &'a [bool],
    /// By serial: the earliest consent date among its customer_curated rows.
    serial_since: Vec<Option<i64>>,
}

impl<'a> Settlement<'a> {
    /// Settles a run from the emails seen by all instances.
    pub fn new(ledger: &'a ConsentLedger, seen: &'a [bool]) -> Settlement<'a> {
        let mut serial_since: Vec<Option<i64>> = vec![None; ledger.serials().len()];
        for owner in ledger.owners().iter().filter(|owner| seen[owner.email as usize]) {
            let since = &mut serial_since[owner.serial as usize];
            *since = Some(since.map_or(owner.since, |known| known.min(owner.since)));
        }
        Settlement { ledger, seen, serial_since }
    }

    /// Semi-join: the customer_trusted rows whose email has a reading.
    pub fn customers(&self, trusted: &Trusted<Vec<Customer>>) -> (Trusted<Vec<Customer>>, Filtered) {
        let mut curated = trusted.clone();
        let mut filtered = Filtered::default();
        curated.retain(|customer| {
            let email = self.ledger.emails().binary_search_by(|email| email.as_str().cmp(customer.email()));
            let keep = email.is_ok_and(|at| self.seen[at]);
            filtered.add(Rule::NoPartner, u64::from(!keep));
            keep
        });
        (curated, filtered)
    }

    /// Semi-join: keeps the step readings of customer_curated's serials, and
    /// says why the others go; `early` are those that were not even stored.
    pub fn steps(&self, steps: &mut Trusted<Vec<StepReading>>, early: &[u64]) -> Filtered {
        let mut filtered = Filtered::default();
        steps.retain(|step| match self.rule(step.serial, step.time) {
            None => true,
            Some(rule) => {
                filtered.add(rule, 1);
                false
            }
        });
        for (serial, &count) in (0..).zip(early) {
            // Earlier than every date that could admit it.
            filtered.add(self.rule(serial, i64::MIN).unwrap_or(Rule::BeforeConsent), count);
        }
        filtered
    }

    fn rule(&self, serial: u32, time: i64) -> Option<Rule> {
        match self.serial_since[serial as usize] {
            None if self.ledger.is_withdrawn(serial) => Some(Rule::Withdrawn),
            Some(since) if self.ledger.is_as_of() && time < since => Some(Rule::BeforeConsent),
            _ if self.ledger.drops_shared(serial) => Some(Rule::SharedSerial),
            None => Some(Rule::NoPartner),
            Some(_) => None,
        }
    }
}
