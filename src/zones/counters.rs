//! What an instance counts while it reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::consent::{ConsentLedger, Filtered, Rule, Withdrawals};
use crate::error::Error;
use crate::report::TableReport;
use crate::schema::Table;
use crate::wire::{self, Message};

/// What one instance counted while it read, for the stage that plans the curation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counters {
    /// By email: rows of accelerometer_trusted.
    pub accelerometer: Vec<u64>,
    /// By email: readings taken before the consent date.
    pub early_accelerometer: Vec<u64>,
    /// By email: readings of users who are not admitted, but whose email is this one
    /// but for case and blanks.
    pub alike: Vec<u64>,
    /// By serial: step readings of admitted customers, whose owner is not yet known to be curated.
    pub steps: Vec<u64>,
    /// By serial: readings taken before any consent that could cover them.
    pub early_steps: Vec<u64>,
    /// Accelerometer readings of nobody who is admitted.
    pub accelerometer_filtered: Filtered,
    /// Step readings of no serial number that is admitted.
    pub step_filtered: Filtered,
    /// Withdrawals that were met.
    pub matched_withdrawals: Withdrawals,
}

impl Message for Counters {
    const NAME: &'static str = "set of counts";
}

impl Counters {
    /// Nothing yet, of the people of this ledger.
    pub fn new(ledger: &ConsentLedger) -> Counters {
        Counters {
            accelerometer: vec![0; ledger.emails().len()],
            early_accelerometer: vec![0; ledger.emails().len()],
            alike: vec![0; ledger.emails().len()],
            steps: vec![0; ledger.serials().len()],
            early_steps: vec![0; ledger.serials().len()],
            ..Counters::default()
        }
    }

    /// Takes in what another instance counted under the same ledger.
    pub fn merge(&mut self, other: Counters) {
        add(&mut self.accelerometer, &other.accelerometer);
        add(&mut self.early_accelerometer, &other.early_accelerometer);
        add(&mut self.alike, &other.alike);
        add(&mut self.steps, &other.steps);
        add(&mut self.early_steps, &other.early_steps);
        self.accelerometer_filtered.merge(&other.accelerometer_filtered);
        self.step_filtered.merge(&other.step_filtered);
        self.matched_withdrawals.merge(other.matched_withdrawals);
    }

    /// Why readings of users are not in accelerometer_trusted.
    pub fn accelerometer_filtered(&self) -> Filtered {
        let mut filtered = self.accelerometer_filtered.clone();
        filtered.add(Rule::BeforeConsent, self.early_accelerometer.iter().sum());
        filtered
    }

    /// What was counted of readings that are not held, as a narrower ledger
    /// counts it.
    pub fn narrowed(&self, ledger: &ConsentLedger, narrower: &ConsentLedger) -> Counters {
        let mut counters = Counters {
            accelerometer_filtered: self.accelerometer_filtered.clone(),
            step_filtered: self.step_filtered.clone(),
            matched_withdrawals: self.matched_withdrawals.clone(),
            ..Counters::new(narrower)
        };
        for ((email, &early), &alike) in
            ledger.emails().iter().zip(&self.early_accelerometer).zip(&self.alike)
        {
            match narrower.user(email, &mut counters.matched_withdrawals) {
                Ok(user) => {
                    counters.early_accelerometer[user.position() as usize] += early;
                    counters.alike[user.position() as usize] += alike;
                }
                Err(rule) => {
                    counters.accelerometer_filtered.add(rule, early);
                    let early = if rule == Rule::NoConsent { early } else { 0 };
                    if let Some(other) = narrower.alike(email) {
                        counters.alike[other as usize] += early + alike;
                    }
                }
            }
        }
        for (serial, &count) in ledger.serials().iter().zip(&self.early_steps) {
            match narrower.serial(serial, &mut counters.matched_withdrawals) {
                Ok(serial) => counters.early_steps[serial.position() as usize] += count,
                Err(rule) => counters.step_filtered.add(rule, count),
            }
        }
        counters
    }

    /// From [`Message::to_bytes`] of an instance with the same ledger.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn of_ledger(bytes: &[u8], ledger: &ConsentLedger) -> Result<Counters, Error> {
        let counters = Counters::from_bytes(bytes)?;
        let fits = counters.accelerometer.len() == ledger.emails().len()
            && counters.early_accelerometer.len() == ledger.emails().len()
            && counters.alike.len() == ledger.emails().len()
            && counters.steps.len() == ledger.serials().len()
            && counters.early_steps.len() == ledger.serials().len();
        if fits { Ok(counters) } else { Err(wire::unreadable(Counters::NAME, None)) }
    }

    /// accelerometer_trusted, of the readings so far.
    pub fn accelerometer_trusted(&self, tables: &BTreeMap<Table, TableReport>) -> TableReport {
        let rows_in = tables.get(&Table::AccelerometerLanding).map_or(0, |landing| landing.rows_out);
        TableReport::filtered(rows_in, self.accelerometer.iter().sum(), self.accelerometer_filtered())
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
}
