//! Landing: records become rows. Readings meet the consent ledger here, so one
//! that it does not admit is counted and never stored.

use super::counters::Counters;
use crate::consent::{Admitted, ConsentLedger, Readings, Rule, Withdrawals};
use crate::ingest::{FastRow, FieldFault, Record, Sink};
use crate::rows::Customer;
use crate::schema::customer::{SHAREWITHRESEARCHASOFDATE, TEXTS};
use crate::schema::{Landing, accelerometer, step_trainer};

/// customer_landing.
#[derive(Default)]
pub struct CustomerLanding {
    /// The valid records, in the order in which they came.
    pub rows: Vec<Customer>,
    /// Records whose consent date is there and cannot be read: no consent.
    pub consent_unreadable: u64,
}

impl Sink for CustomerLanding {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let mut customer = Customer { texts: Default::default(), times: Default::default() };
        for (at, text) in customer.texts.iter_mut().enumerate() {
            *text = record.text(at)?.map(std::borrow::Cow::into_owned);
        }
        for (at, time) in customer.times.iter_mut().enumerate() {
            *time = record.bigint(TEXTS + at)?;
        }
        self.consent_unreadable += u64::from(record.is_unreadable(SHAREWITHRESEARCHASOFDATE));
        self.rows.push(customer);
        Ok(())
    }

    const FAST: bool = true;

    fn fast(&mut self, row: &FastRow<'_>) {
        let text = |at| match str::from_utf8(row.text(at)) {
            Ok(text) if !text.is_empty() => Some(text.to_owned()),
            _ => None,
        };
        self.rows.push(Customer {
            texts: std::array::from_fn(text),
            times: std::array::from_fn(|at| row.integer(TEXTS + at)),
        });
    }
}

/// What one instance took in.
#[derive(Default)]
pub struct ReadingCollector {
    /// The readings that it admitted.
    pub readings: Readings,
    /// What it counted.
    pub counters: Counters,
    last: Option<Last>,
}

impl ReadingCollector {
    /// Nothing yet, of the people of this ledger.
    pub fn new(ledger: &ConsentLedger) -> ReadingCollector {
        ReadingCollector { counters: Counters::new(ledger), ..ReadingCollector::default() }
    }

    /// What a narrower ledger would have taken in of these readings.
    pub fn narrowed(
        readings: &Readings,
        ledger: &ConsentLedger,
        narrower: &ConsentLedger,
    ) -> ReadingCollector {
        let mut collector = ReadingCollector::new(narrower);
        let mut matched = Withdrawals::default();
        let users: Vec<_> =
            ledger.emails().iter().map(|email| Owner::of(narrower, email, &mut matched)).collect();
        let serials: Vec<_> =
            ledger.serials().iter().map(|name| narrower.serial(name, &mut matched)).collect();
        for row in readings.accelerometer.rows() {
            collector.accelerometer(users[row.email as usize], row.time, row.xyz);
        }
        for row in readings.steps.rows() {
            collector.step(serials[row.serial as usize], row.time, row.distance);
        }
        collector
    }

    /// The sink for a file of readings of this kind.
    pub fn sink<'a>(&'a mut self, ledger: &'a ConsentLedger, kind: Landing) -> ReadingSink<'a> {
        ReadingSink { ledger, kind, collector: self }
    }

    fn accelerometer(&mut self, user: Owner, time: i64, xyz: [f64; 3]) {
        match user.admitted {
            Ok(user) if self.readings.accelerometer.take(user, time, xyz) => {
                self.counters.accelerometer[user.position() as usize] += 1;
            }
            Ok(user) => self.counters.early_accelerometer[user.position() as usize] += 1,
            Err(rule) => {
                self.counters.accelerometer_filtered.add(rule, 1);
                if let Some(email) = user.alike {
                    self.counters.alike[email as usize] += 1;
                }
            }
        }
    }

    fn step(&mut self, serial: Result<Admitted, Rule>, time: i64, distance: Option<i32>) {
        match serial {
            Ok(serial) if self.readings.steps.take(serial, time, distance) => {
                self.counters.steps[serial.position() as usize] += 1;
            }
            Ok(serial) => self.counters.early_steps[serial.position() as usize] += 1,
            Err(rule) => self.counters.step_filtered.add(rule, 1),
        }
    }
}

/// What the ledger says of whose a reading is, by its email or its serial number.
#[derive(Clone, Copy)]
struct Owner {
    admitted: Result<Admitted, Rule>,
    /// The admitted email that theirs is but for case and blanks.
    alike: Option<u32>,
}

impl Owner {
    fn of(ledger: &ConsentLedger, email: &str, matched: &mut Withdrawals) -> Owner {
        let admitted = ledger.user(email, matched);
        let alike = if admitted == Err(Rule::NoConsent) { ledger.alike(email) } else { None };
        Owner { admitted, alike }
    }
}

/// The name of the last reading and what the ledger says of it: readings of one
/// person mostly come together.
#[derive(Clone)]
struct Last {
    kind: Landing,
    name: Vec<u8>,
    answer: Owner,
}

/// Takes readings past the ledger.
pub struct ReadingSink<'a> {
    ledger: &'a ConsentLedger,
    kind: Landing,
    collector: &'a mut ReadingCollector,
}

impl ReadingSink<'_> {
    fn ask(&mut self, name: &str) -> Owner {
        let matched = &mut self.collector.counters.matched_withdrawals;
        match self.kind {
            Landing::StepTrainer => Owner { admitted: self.ledger.serial(name, matched), alike: None },
            Landing::Customer | Landing::Accelerometer => Owner::of(self.ledger, name, matched),
        }
    }

    #[inline]
    fn ask_again(&mut self, row: &FastRow<'_>, at: usize) -> Owner {
        let name = row.text(at);
        match &self.collector.last {
            Some(last) if row.repeats(at) || last.name == name && last.kind == self.kind => last.answer,
            _ => {
                // The fast path lets only UTF-8 through.
                let answer = self.ask(str::from_utf8(name).unwrap_or_default());
                self.collector.last = Some(Last { kind: self.kind, name: name.to_vec(), answer });
                answer
            }
        }
    }
}

impl Sink for ReadingSink<'_> {
    const FAST: bool = true;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        if self.kind == Landing::StepTrainer {
            let time = record.bigint(step_trainer::SENSORREADINGTIME)?.unwrap_or_default();
            let serial = record.text(step_trainer::SERIALNUMBER)?.unwrap_or_default();
            let distance = record.int(step_trainer::DISTANCEFROMOBJECT)?;
            let serial = self.ask(&serial).admitted;
            self.collector.step(serial, time, distance);
        } else {
            let user = record.text(accelerometer::USER)?.unwrap_or_default();
            let time = record.bigint(accelerometer::TIMESTAMP)?.unwrap_or_default();
            let mut xyz = [0.0; 3];
            for (at, axis) in xyz.iter_mut().enumerate() {
                *axis = record.double(accelerometer::X + at)?;
            }
            let user = self.ask(&user);
            self.collector.accelerometer(user, time, xyz);
        }
        Ok(())
    }

    #[inline]
    fn fast(&mut self, row: &FastRow<'_>) {
        if self.kind == Landing::StepTrainer {
            let time = row.integer(step_trainer::SENSORREADINGTIME).unwrap_or_default();
            let serial = self.ask_again(row, step_trainer::SERIALNUMBER).admitted;
            // The fast path holds an `int` to its range.
            let distance = row.integer(step_trainer::DISTANCEFROMOBJECT).map(|distance| distance as i32);
            self.collector.step(serial, time, distance);
        } else {
            let time = row.integer(accelerometer::TIMESTAMP).unwrap_or_default();
            let user = self.ask_again(row, accelerometer::USER);
            self.collector.accelerometer(
                user,
                time,
                [0, 1, 2].map(|axis| row.double(accelerometer::X + axis)),
            );
        }
    }
}
