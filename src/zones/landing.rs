//! Landing: records become rows. Readings meet the consent ledger here, so one
//! that it does not admit is counted and never stored.

use serde::{Deserialize, Serialize};

use super::{Customer, Readings};
use crate::consent::{Admitted, ConsentLedger, Filtered, Rule, Withdrawals};
use crate::error::{Error, ErrorKind};
use crate::ingest::{FastRow, FieldFault, Record, Sink};
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
        let mut unreadable = false;
        for (at, time) in customer.times.iter_mut().enumerate() {
            *time = match record.bigint(TEXTS + at) {
                Err(_) if TEXTS + at == SHAREWITHRESEARCHASOFDATE => {
                    unreadable = true;
                    None
                }
                read => read?,
            };
        }
        self.consent_unreadable += u64::from(unreadable);
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

/// What one instance counted while it read, for the stage that settles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tallies {
    /// By email: rows of accelerometer_trusted.
    pub accelerometer: Vec<u64>,
    /// By email: readings taken before the consent date.
    pub early_accelerometer: Vec<u64>,
    /// By serial: step readings of admitted customers, to be settled.
    pub steps: Vec<u64>,
    /// By serial: readings taken before any consent that could cover them.
    pub early_steps: Vec<u64>,
    /// Accelerometer readings of nobody who is admitted.
    pub accelerometer_filtered: Filtered,
    /// Step readings of no serial number that is admitted.
    pub step_filtered: Filtered,
    /// Withdrawals that were met.
    pub met: Withdrawals,
}

impl Tallies {
    /// Nothing yet, of the people of this ledger.
    pub fn new(ledger: &ConsentLedger) -> Tallies {
        Tallies {
            accelerometer: vec![0; ledger.emails().len()],
            early_accelerometer: vec![0; ledger.emails().len()],
            steps: vec![0; ledger.serials().len()],
            early_steps: vec![0; ledger.serials().len()],
            ..Tallies::default()
        }
    }

    /// Takes in what another instance counted under the same ledger.
    pub fn absorb(&mut self, other: Tallies) {
        add(&mut self.accelerometer, &other.accelerometer);
        add(&mut self.early_accelerometer, &other.early_accelerometer);
        add(&mut self.steps, &other.steps);
        add(&mut self.early_steps, &other.early_steps);
        self.accelerometer_filtered.absorb(&other.accelerometer_filtered);
        self.step_filtered.absorb(&other.step_filtered);
        self.met.absorb(other.met);
    }

    /// Why readings of users are not in accelerometer_trusted.
    pub fn accelerometer_filtered(&self) -> Filtered {
        let mut filtered = self.accelerometer_filtered.clone();
        filtered.add(Rule::BeforeConsent, self.early_accelerometer.iter().sum());
        filtered
    }

    /// What was counted of readings that are not held, as a narrower ledger
    /// counts it.
    pub fn narrowed(&self, ledger: &ConsentLedger, narrower: &ConsentLedger) -> Tallies {
        let mut tallies = Tallies {
            accelerometer_filtered: self.accelerometer_filtered.clone(),
            step_filtered: self.step_filtered.clone(),
            met: self.met.clone(),
            ..Tallies::new(narrower)
        };
        for (email, &count) in ledger.emails().iter().zip(&self.early_accelerometer) {
            match narrower.user(email, &mut tallies.met) {
                Ok(user) => tallies.early_accelerometer[user.position() as usize] += count,
                Err(rule) => tallies.accelerometer_filtered.add(rule, count),
            }
        }
        for (serial, &count) in ledger.serials().iter().zip(&self.early_steps) {
            match narrower.serial(serial, &mut tallies.met) {
                Ok(serial) => tallies.early_steps[serial.position() as usize] += count,
                Err(rule) => tallies.step_filtered.add(rule, count),
            }
        }
        tallies
    }

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when they cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|_| no_tallies())
    }

    /// From [`Tallies::to_bytes`] of an instance with the same ledger.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8], ledger: &ConsentLedger) -> Result<Tallies, Error> {
        let tallies: Tallies = postcard::from_bytes(bytes).map_err(|_| no_tallies())?;
        let fits = tallies.accelerometer.len() == ledger.emails().len()
            && tallies.early_accelerometer.len() == ledger.emails().len()
            && tallies.steps.len() == ledger.serials().len()
            && tallies.early_steps.len() == ledger.serials().len();
        if fits { Ok(tallies) } else { Err(no_tallies()) }
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
}

fn no_tallies() -> Error {
    ErrorKind::Exchange { expected: "set of counts" }.into()
}

/// What one instance took in.
#[derive(Default)]
pub struct Intake {
    /// The readings that it admitted.
    pub readings: Readings,
    /// What it counted.
    pub tallies: Tallies,
    last: Option<Last>,
}

impl Intake {
    /// Nothing yet, of the people of this ledger.
    pub fn new(ledger: &ConsentLedger) -> Intake {
        Intake { tallies: Tallies::new(ledger), ..Intake::default() }
    }

    /// What a narrower ledger would have taken in of these readings.
    pub fn narrowed(readings: &Readings, ledger: &ConsentLedger, narrower: &ConsentLedger) -> Intake {
        let mut intake = Intake::new(narrower);
        let mut met = Withdrawals::default();
        let users: Vec<_> = ledger.emails().iter().map(|email| narrower.user(email, &mut met)).collect();
        let serials: Vec<_> = ledger.serials().iter().map(|name| narrower.serial(name, &mut met)).collect();
        for row in readings.accelerometer.rows() {
            intake.accelerometer(users[row.email as usize], row.time, row.xyz);
        }
        for row in readings.steps.rows() {
            intake.step(serials[row.serial as usize], row.time, row.distance);
        }
        intake
    }

    /// The sink for a file of readings of this kind.
    pub fn sink<'a>(&'a mut self, ledger: &'a ConsentLedger, kind: Landing) -> ReadingSink<'a> {
        ReadingSink { ledger, kind, intake: self, warm: false }
    }

    fn accelerometer(&mut self, user: Result<Admitted, Rule>, time: i64, xyz: [f64; 3]) {
        match user {
            Ok(user) if self.readings.accelerometer.take(user, time, xyz) => {
                self.tallies.accelerometer[user.position() as usize] += 1;
            }
            Ok(user) => self.tallies.early_accelerometer[user.position() as usize] += 1,
            Err(rule) => self.tallies.accelerometer_filtered.add(rule, 1),
        }
    }

    fn step(&mut self, serial: Result<Admitted, Rule>, time: i64, distance: Option<i32>) {
        match serial {
            Ok(serial) if self.readings.steps.take(serial, time, distance) => {
                self.tallies.steps[serial.position() as usize] += 1;
            }
            Ok(serial) => self.tallies.early_steps[serial.position() as usize] += 1,
            Err(rule) => self.tallies.step_filtered.add(rule, 1),
        }
    }
}

/// The name of the last reading and what the ledger says of it: readings of one
/// person mostly come together.
#[derive(Clone)]
struct Last {
    kind: Landing,
    name: Vec<u8>,
    answer: Result<Admitted, Rule>,
}

/// Takes readings past the ledger.
pub struct ReadingSink<'a> {
    ledger: &'a ConsentLedger,
    kind: Landing,
    intake: &'a mut Intake,
    /// Whether a fast row has come through this sink.
    warm: bool,
}

impl ReadingSink<'_> {
    fn ask(&mut self, name: &str) -> Result<Admitted, Rule> {
        match self.kind {
            Landing::StepTrainer => self.ledger.serial(name, &mut self.intake.tallies.met),
            Landing::Customer | Landing::Accelerometer => {
                self.ledger.user(name, &mut self.intake.tallies.met)
            }
        }
    }

    #[inline]
    fn ask_again(&mut self, row: &FastRow<'_>, at: usize) -> Result<Admitted, Rule> {
        // Rows of one push come from one file; the row before was seen here then.
        let again = row.again(at) && self.warm;
        self.warm = true;
        let name = row.text(at);
        match &self.intake.last {
            Some(last) if again || last.name == name && last.kind == self.kind => last.answer,
            _ => {
                // The fast path lets only UTF-8 through.
                let answer = self.ask(str::from_utf8(name).unwrap_or_default());
                self.intake.last = Some(Last { kind: self.kind, name: name.to_vec(), answer });
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
            let serial = self.ask(&serial);
            self.intake.step(serial, time, distance);
        } else {
            let user = record.text(accelerometer::USER)?.unwrap_or_default();
            let time = record.bigint(accelerometer::TIMESTAMP)?.unwrap_or_default();
            let mut xyz = [0.0; 3];
            for (at, axis) in xyz.iter_mut().enumerate() {
                *axis = record.double(accelerometer::X + at)?;
            }
            let user = self.ask(&user);
            self.intake.accelerometer(user, time, xyz);
        }
        Ok(())
    }

    #[inline]
    fn fast(&mut self, row: &FastRow<'_>) {
        if self.kind == Landing::StepTrainer {
            let time = row.integer(step_trainer::SENSORREADINGTIME).unwrap_or_default();
            let serial = self.ask_again(row, step_trainer::SERIALNUMBER);
            // The fast path holds an `int` to its range.
            let distance = row.integer(step_trainer::DISTANCEFROMOBJECT).map(|distance| distance as i32);
            self.intake.step(serial, time, distance);
        } else {
            let time = row.integer(accelerometer::TIMESTAMP).unwrap_or_default();
            let user = self.ask_again(row, accelerometer::USER);
            self.intake.accelerometer(user, time, [0, 1, 2].map(|axis| row.double(accelerometer::X + axis)));
        }
    }
}
