//! Settles what depends on more than one table, once every reading has been
//! seen: which customers are curated, and whose step readings may stay.

use serde::{Deserialize, Serialize};

use crate::consent::{ConsentLedger, Filtered, RejectEffects, Rule, Trusted, TrustedCustomer};
use crate::rows::StepReading;

/// Who is curated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CuratedOwners {
    /// By email: has an accelerometer_trusted reading.
    seen: Vec<bool>,
    /// By serial: the earliest consent date among its customer_curated rows.
    serial_since: Vec<Option<i64>>,
    /// By serial: whether all of its owners were barred late, so that no customer_trusted row has it.
    serial_barred: Vec<bool>,
    /// By serial: whether its readings are left out because several people share it.
    serial_dropped: Vec<bool>,
}

impl CuratedOwners {
    /// Settles a run from the emails seen by all instances. Those who were barred late are not among
    /// them, though the ledger has them.
    pub fn new(ledger: &ConsentLedger, seen: Vec<bool>, rejects: &RejectEffects) -> CuratedOwners {
        let RejectEffects { barred, shared } = rejects;
        let is_shared = |serial: u32| ledger.is_shared(serial) || shared.contains(&serial);
        let serials = 0..ledger.serials().len() as u32;
        let serial_dropped = serials.map(|serial| ledger.drops_shared() && is_shared(serial)).collect();
        let mut serial_barred = vec![!barred.is_empty(); ledger.serials().len()];
        for owner in ledger.owners().iter().filter(|owner| !barred.contains(&owner.email)) {
            serial_barred[owner.serial as usize] = false;
        }
        let mut serial_since: Vec<Option<i64>> = vec![None; ledger.serials().len()];
        for owner in ledger.owners().iter().filter(|owner| seen[owner.email as usize]) {
            let since = &mut serial_since[owner.serial as usize];
            *since = Some(since.map_or(owner.since, |known| known.min(owner.since)));
        }
        CuratedOwners { seen, serial_since, serial_barred, serial_dropped }
    }

    /// Semi-join: the customer_trusted rows whose email has a reading, by position there.
    pub fn customers(&self, ledger: &ConsentLedger, trusted: &[TrustedCustomer]) -> (Vec<u32>, Filtered) {
        let mut filtered = Filtered::default();
        // Both are sorted. Who was barred late is in the ledger alone.
        let mut people = ledger.emails().iter().zip(&self.seen);
        let mut curated = Vec::new();
        let mut at = 0;
        for rows in trusted.chunk_by(|a, b| a.row.is_of_person(&b.row)) {
            match people.find(|(known, _)| *known == rows[0].row.email()) {
                Some((_, true)) => curated.extend((at..).take(rows.len())),
                _ => filtered.add(Rule::NoPartner, rows.len() as u64),
            }
            at += rows.len() as u32;
        }
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

    /// Whether somebody is curated, by position in the ledger's emails.
    pub fn is_seen(&self, email: u32) -> bool {
        self.seen[email as usize]
    }

    /// Whether a serial's readings are left out because several people share it.
    pub fn drops(&self, serial: u32) -> bool {
        self.serial_dropped[serial as usize]
    }

    /// By serial: the earliest consent date among its customer_curated rows, if its readings are kept.
    pub fn kept_since(&self) -> impl Iterator<Item = Option<i64>> {
        self.serial_since.iter().zip(&self.serial_dropped).map(|(since, dropped)| since.filter(|_| !dropped))
    }

    fn rule(&self, ledger: &ConsentLedger, serial: u32, time: i64) -> Option<Rule> {
        match self.serial_since[serial as usize] {
            None if ledger.is_withdrawn(serial) => Some(Rule::Withdrawn),
            None if self.serial_barred[serial as usize] => Some(Rule::NoConsent),
            Some(since) if ledger.is_as_of() && time < since => Some(Rule::BeforeConsent),
            _ if self.drops(serial) => Some(Rule::SharedSerial),
            None => Some(Rule::NoPartner),
            Some(_) => None,
        }
    }
}
