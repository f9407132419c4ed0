//! Settles what depends on more than one table, once every reading has been
//! seen: which customers are curated, and whose step readings may stay.

use serde::{Deserialize, Serialize};

use crate::consent::{ConsentLedger, Filtered, Rule, Trusted};
use crate::rows::{Customer, StepReading};

/// Who is curated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CuratedOwners {
    /// By email: has an accelerometer_trusted reading.
    seen: Vec<bool>,
    /// By serial: the earliest consent date among its customer_curated rows.
    serial_since: Vec<Option<i64>>,
}

impl CuratedOwners {
    /// Settles a run from the emails seen by all instances.
    pub fn new(ledger: &ConsentLedger, seen: Vec<bool>) -> CuratedOwners {
        let mut serial_since: Vec<Option<i64>> = vec![None; ledger.serials().len()];
        for owner in ledger.owners().iter().filter(|owner| seen[owner.email as usize]) {
            let since = &mut serial_since[owner.serial as usize];
            *since = Some(since.map_or(owner.since, |known| known.min(owner.since)));
        }
        CuratedOwners { seen, serial_since }
    }

    /// Semi-join: the customer_trusted rows whose email has a reading.
    pub fn customers(
        &self,
        ledger: &ConsentLedger,
        trusted: &Trusted<Vec<Customer>>,
    ) -> (Trusted<Vec<Customer>>, Filtered) {
        let mut curated = trusted.clone();
        let mut filtered = Filtered::default();
        curated.retain(|customer| {
            let email = ledger.emails().binary_search_by(|email| email.as_str().cmp(customer.email()));
            let keep = email.is_ok_and(|at| self.seen[at]);
            filtered.add(Rule::NoPartner, u64::from(!keep));
            keep
        });
        (curated, filtered)
    }

    /// Semi-join: keeps the step readings of customer_curated's serials, and
    /// says why the others go.
    pub fn steps(&self, ledger: &ConsentLedger, steps: &mut Trusted<Vec<StepReading>>) -> Filtered {
        let mut filtered = Filtered::default();
        steps.retain(|step| match self.rule(ledger, step.serial, step.time) {
            None => true,
            Some(rule) => {
                filtered.add(rule, 1);
                false
            }
        });
        filtered
    }

    /// Why readings were not even stored that are earlier than every date that
    /// could admit them, from how many there are by serial.
    pub fn early_steps(&self, ledger: &ConsentLedger, early: &[u64]) -> Filtered {
        let mut filtered = Filtered::default();
        for (serial, &count) in (0..).zip(early) {
            filtered.add(self.rule(ledger, serial, i64::MIN).unwrap_or(Rule::BeforeConsent), count);
        }
        filtered
    }

    fn rule(&self, ledger: &ConsentLedger, serial: u32, time: i64) -> Option<Rule> {
        match self.serial_since[serial as usize] {
            None if ledger.is_withdrawn(serial) => Some(Rule::Withdrawn),
            Some(since) if ledger.is_as_of() && time < since => Some(Rule::BeforeConsent),
            _ if ledger.drops_shared(serial) => Some(Rule::SharedSerial),
            None => Some(Rule::NoPartner),
            Some(_) => None,
        }
    }
}
