//! What an instance counts while it reads.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::consent::{ConsentLedger, Filtered, Rule, Withdrawals};
use crate::error::Error;
use crate::report::TableReport;
use crate::schema::Table;
use crate::wire::{self, Message};

/// The year 5138: what is later is in microseconds or nanoseconds, for in these it begins in 1973.
pub(super) const LATEST_MILLIS: i64 = 100_000_000_000_000;

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
    /// By [`ConsentLedger::dates`]: of `steps` those from that date of their serial number to its next.
    pub steps_by_date: Vec<u64>,
    /// By serial: readings taken before any consent that could cover them.
    pub early_steps: Vec<u64>,
    /// Accelerometer readings of nobody who is admitted.
    pub accelerometer_filtered: Filtered,
    /// Step readings of no serial number that is admitted.
    pub step_filtered: Filtered,
    /// Rows of accelerometer_trusted and step_trainer_trusted that came from the lake that the run
    /// goes on from; they are among the counts above.
    pub lake_accelerometer: u64,
    /// See `lake_accelerometer`.
    pub lake_steps: u64,
    /// Admitted serial numbers of which that lake has readings.
    pub lake_serials: BTreeSet<u32>,
    /// Admitted readings whose time is too late for milliseconds: see [`LATEST_MILLIS`].
    pub not_millis: u64,
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
            steps_by_date: vec![0; ledger.dates().len()],
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
        add(&mut self.steps_by_date, &other.steps_by_date);
        add(&mut self.early_steps, &other.early_steps);
        self.accelerometer_filtered.merge(&other.accelerometer_filtered);
        self.step_filtered.merge(&other.step_filtered);
        self.lake_accelerometer += other.lake_accelerometer;
        self.lake_steps += other.lake_steps;
        self.lake_serials.extend(other.lake_serials);
        self.not_millis += other.not_millis;
        self.matched_withdrawals.merge(other.matched_withdrawals);
    }

    /// What is not held of somebody who turns out not to be admitted counts as of nobody who is. What
    /// is held is counted where it is left out.
    pub fn bar(&mut self, email: u32) {
        let at = email as usize;
        self.accelerometer_filtered.add(Rule::NoConsent, std::mem::take(&mut self.early_accelerometer[at]));
        self.alike[at] = 0;
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
            lake_accelerometer: self.lake_accelerometer,
            lake_steps: self.lake_steps,
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
        for ((serial, at), &count) in ledger.serials().iter().zip(0..).zip(&self.early_steps) {
            match narrower.serial(serial, &mut counters.matched_withdrawals) {
                Ok(found) => {
                    counters.early_steps[found.position() as usize] += count;
                    if self.lake_serials.contains(&at) {
                        counters.lake_serials.insert(found.position());
                    }
                }
                Err(rule) => counters.step_filtered.add(rule, count),
            }
        }
        counters
    }

    /// Step readings of a serial number from its earliest consent date among the curated on.
    pub fn steps_since(&self, ledger: &ConsentLedger, serial: u32, since: i64) -> u64 {
        let dates = ledger.dates_of(serial);
        if dates.is_empty() {
            return self.steps[serial as usize];
        }
        let later = ledger.dates()[dates.clone()].partition_point(|&date| date < since);
        self.steps_by_date[dates.start + later..dates.end].iter().sum()
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
            && counters.steps_by_date.len() == ledger.dates().len()
            && counters.early_steps.len() == ledger.serials().len();
        if fits { Ok(counters) } else { Err(wire::unreadable(Counters::NAME, None)) }
    }

    /// accelerometer_trusted, of the readings so far.
    pub fn accelerometer_trusted(&self, tables: &BTreeMap<Table, TableReport>) -> TableReport {
        let rows_in = tables.get(&Table::AccelerometerLanding).map_or(0, |landing| landing.rows_out);
        let rows_in = rows_in + self.lake_accelerometer;
        TableReport::filtered(rows_in, self.accelerometer.iter().sum(), self.accelerometer_filtered())
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
}
