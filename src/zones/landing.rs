//! Landing: records become rows. Readings meet the consent ledger here, so one
//! that it does not admit is counted and never stored.

use std::borrow::Cow;

use super::counters::{Counters, LATEST_MILLIS};
use crate::consent::{Admitted, ConsentLedger, Readings, Rule, Withdrawals};
use crate::ingest::{FastRow, FieldFault, Record, Sink};
use crate::options::Emails;
use crate::rows::Customer;
use crate::schema::customer::{EMAIL, LASTUPDATEDATE, SERIALNUMBER, SHAREWITHRESEARCHASOFDATE, TEXTS, TIMES};
use crate::schema::{Landing, accelerometer, step_trainer};

/// customer_landing, or what one instance has read of it.
#[derive(Debug, Default, PartialEq)]
pub struct CustomerLanding {
    /// The valid records, of those that do not consent only what the rules ask.
    pub rows: Vec<Customer>,
    /// Records whose consent date is there and cannot be read: no consent.
    pub consent_unreadable: u64,
    /// Records that have two consent dates that differ: no consent.
    pub consent_conflict: u64,
    /// Whether any record has the field at all.
    pub consent_field: bool,
}

impl CustomerLanding {
    /// When everything is read: in the order of the table, under emails as they are compared.
    pub fn sort(&mut self, emails: Emails) {
        if emails == Emails::Folded {
            self.rows.iter_mut().for_each(Customer::fold_email);
        }
        Customer::sort(&mut self.rows);
    }

    /// Takes in what another instance has read; both are sorted, and so is what they become.
    pub fn merge(&mut self, other: CustomerLanding) {
        self.rows = Customer::merge(std::mem::take(&mut self.rows), other.rows);
        self.consent_unreadable += other.consent_unreadable;
        self.consent_conflict += other.consent_conflict;
        self.consent_field |= other.consent_field;
    }
}

impl Sink for CustomerLanding {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let mut texts: [Option<Cow<'_, str>>; TEXTS] = Default::default();
        for (at, text) in texts.iter_mut().enumerate() {
            *text = record.text(at)?;
        }
        let mut times = [None; TIMES];
        for (at, time) in times.iter_mut().enumerate() {
            *time = record.bigint(TEXTS + at)?;
        }
        self.consent_unreadable += u64::from(record.is_unreadable(SHAREWITHRESEARCHASOFDATE));
        self.consent_field |= record.has(SHAREWITHRESEARCHASOFDATE);
        self.consent_conflict += u64::from(record.is_conflicting(SHAREWITHRESEARCHASOFDATE));
        self.rows.push(customer(std::array::from_fn(|at| texts[at].as_deref()), times));
        Ok(())
    }

    const FAST: bool = true;

    fn fast(&mut self, row: &FastRow<'_>) {
        // The fast path lets only UTF-8 through.
        let text = |at| str::from_utf8(row.text(at)).ok().filter(|text| !text.is_empty());
        self.consent_field |= row.has(SHAREWITHRESEARCHASOFDATE);
        self.rows
            .push(customer(std::array::from_fn(text), std::array::from_fn(|at| row.integer(TEXTS + at))));
    }
}

fn customer(texts: [Option<&str>; TEXTS], times: [Option<i64>; TIMES]) -> Customer {
    match Customer::consent_of(times[SHAREWITHRESEARCHASOFDATE - TEXTS]) {
        Some(_) => Customer::new(texts, times),
        None => Customer::without_consent(texts[EMAIL], texts[SERIALNUMBER], times[LASTUPDATEDATE - TEXTS]),
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
            collector.step(narrower, serials[row.serial as usize], row.time, row.distance);
        }
        collector
    }

    /// The sink for a file of readings of this kind.
    pub fn sink<'a>(&'a mut self, ledger: &'a ConsentLedger, kind: Landing) -> ReadingSink<'a> {
        ReadingSink { ledger, kind, collector: self }
    }

    /// Takes a row of the accelerometer_trusted of a lake, which is admitted anew.
    pub fn lake_accelerometer(&mut self, ledger: &ConsentLedger, user: &str, time: i64, xyz: [f64; 3]) {
        let owner = self.lake_owner(Landing::Accelerometer, user, |matched| Owner::of(ledger, user, matched));
        self.counters.lake_accelerometer += 1;
        self.accelerometer(owner, time, xyz);
    }

    /// Takes a row of the step_trainer_trusted of a lake, which is admitted anew.
    pub fn lake_step(&mut self, ledger: &ConsentLedger, serial: &str, time: i64, distance: Option<i32>) {
        let owner = self.lake_owner(Landing::StepTrainer, serial, |matched| Owner {
            admitted: ledger.serial(serial, matched),
            alike: None,
        });
        self.counters.lake_steps += 1;
        if let Ok(serial) = owner.admitted {
            self.counters.lake_serials.insert(serial.position());
        }
        self.step(ledger, owner.admitted, time, distance);
    }

    /// What the ledger says of whose a row is: most have the name of the row before.
    fn lake_owner(
        &mut self,
        kind: Landing,
        name: &str,
        ask: impl FnOnce(&mut Withdrawals) -> Owner,
    ) -> Owner {
        match &self.last {
            Some(last) if last.kind == kind && last.name == name.as_bytes() => last.answer,
            _ => {
                let answer = ask(&mut self.counters.matched_withdrawals);
                self.last = Some(Last { kind, name: name.as_bytes().to_vec(), answer });
                answer
            }
        }
    }

    fn accelerometer(&mut self, user: Owner, time: i64, xyz: [f64; 3]) {
        match user.admitted {
            Ok(user) if self.readings.accelerometer.take(user, time, xyz) => {
                self.counters.not_millis += u64::from(time > LATEST_MILLIS);
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

    fn step(
        &mut self,
        ledger: &ConsentLedger,
        serial: Result<Admitted, Rule>,
        time: i64,
        distance: Option<i32>,
    ) {
        match serial {
            Ok(serial) if self.readings.steps.take(serial, time, distance) => {
                self.counters.not_millis += u64::from(time > LATEST_MILLIS);
                self.counters.steps[serial.position() as usize] += 1;
                let dates = ledger.dates_of(serial.position());
                if !dates.is_empty() {
                    // It was taken, so it is not before the first.
                    let passed = ledger.dates()[dates.clone()].partition_point(|&date| date <= time);
                    self.counters.steps_by_date[dates.start + passed - 1] += 1;
                }
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
            self.collector.step(self.ledger, serial, time, distance);
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
            self.collector.step(self.ledger, serial, time, distance);
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
