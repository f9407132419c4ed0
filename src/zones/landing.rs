//! Landing: records become rows. Readings meet the consent ledger here, so one
//! that it does not admit is counted and never stored.

use serde::{Deserialize, Serialize};

use super::{Customer, Reading, StepReading};
use crate::consent::{Admitted, ConsentLedger, Filtered, Rule, Trusted, Withdrawals};
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

/// The readings that one instance admitted, and what it counted.
#[derive(Clone, Default)]
pub struct Readings {
    /// accelerometer_trusted, unsorted.
    pub accelerometer: Trusted<Vec<Reading>>,
    /// Step readings of admitted customers, to be settled.
    pub steps: Trusted<Vec<StepReading>>,
    /// By serial: readings taken before any consent that could cover them.
    pub early_steps: Vec<u64>,
    /// By email: whether accelerometer_trusted has a reading of it.
    pub seen: Vec<bool>,
    /// Accelerometer readings that were not admitted.
    pub accelerometer_filtered: Filtered,
    /// Step readings that were not admitted.
    pub step_filtered: Filtered,
    /// Withdrawals that readings met.
    pub met: Withdrawals,
    last: Option<Last>,
}

/// [`Readings`] as they travel. Rows are columns of little-endian numbers.
#[derive(Serialize, Deserialize)]
struct Message {
    #[serde(with = "serde_bytes")]
    accelerometer: Vec<u8>,
    #[serde(with = "serde_bytes")]
    steps: Vec<u8>,
    early_steps: Vec<u64>,
    seen: Vec<bool>,
    accelerometer_filtered: Filtered,
    step_filtered: Filtered,
    met: Withdrawals,
}

impl Readings {
    /// None yet, of the people of this ledger.
    pub fn new(ledger: &ConsentLedger) -> Readings {
        Readings {
            early_steps: vec![0; ledger.serials().len()],
            seen: vec![false; ledger.emails().len()],
            ..Readings::default()
        }
    }

    /// Takes in what another instance admitted under the same ledger.
    pub fn absorb(&mut self, other: Readings) {
        self.accelerometer.append(other.accelerometer);
        self.steps.append(other.steps);
        for (mine, theirs) in self.early_steps.iter_mut().zip(other.early_steps) {
            *mine += theirs;
        }
        for (mine, theirs) in self.seen.iter_mut().zip(other.seen) {
            *mine |= theirs;
        }
        self.accelerometer_filtered.absorb(&other.accelerometer_filtered);
        self.step_filtered.absorb(&other.step_filtered);
        self.met.absorb(other.met);
    }

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when they cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let message = Message {
            accelerometer: in_bytes(self.accelerometer.rows(), |row| row.to_bytes()),
            steps: in_bytes(self.steps.rows(), |row| row.to_bytes()),
            early_steps: self.early_steps.clone(),
            seen: self.seen.clone(),
            accelerometer_filtered: self.accelerometer_filtered.clone(),
            step_filtered: self.step_filtered.clone(),
            met: self.met.clone(),
        };
        postcard::to_allocvec(&message).map_err(|_| no_readings())
    }

    /// From [`Readings::to_bytes`] of an instance with the same ledger.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8], ledger: &ConsentLedger) -> Result<Readings, Error> {
        let message: Message = postcard::from_bytes(bytes).map_err(|_| no_readings())?;
        let (accelerometer, rest) = message.accelerometer.as_chunks();
        let (steps, more) = message.steps.as_chunks();
        let accelerometer: Vec<Reading> = accelerometer.iter().map(Reading::from_bytes).collect();
        let steps: Vec<StepReading> = steps.iter().map(StepReading::from_bytes).collect();
        let known = |at: u32, names: &[String]| (at as usize) < names.len();
        let fits = rest.is_empty()
            && more.is_empty()
            && message.early_steps.len() == ledger.serials().len()
            && message.seen.len() == ledger.emails().len()
            && accelerometer.iter().all(|row| known(row.email, ledger.emails()))
            && steps.iter().all(|row| known(row.serial, ledger.serials()));
        if !fits {
            return Err(no_readings());
        }
        Ok(Readings {
            accelerometer: Trusted::from_exchange(accelerometer),
            steps: Trusted::from_exchange(steps),
            early_steps: message.early_steps,
            seen: message.seen,
            accelerometer_filtered: message.accelerometer_filtered,
            step_filtered: message.step_filtered,
            met: message.met,
            last: None,
        })
    }

    /// The sink for a file of readings of this kind.
    pub fn sink<'a>(&'a mut self, ledger: &'a ConsentLedger, kind: Landing) -> ReadingSink<'a> {
        ReadingSink { ledger, kind, readings: self }
    }

    fn accelerometer(&mut self, user: Result<Admitted, Rule>, time: i64, xyz: [f64; 3]) {
        let taken = user.and_then(|user| {
            self.accelerometer.take(user, time, xyz)?;
            self.seen[user.position() as usize] = true;
            Ok(())
        });
        if let Err(rule) = taken {
            self.accelerometer_filtered.add(rule, 1);
        }
    }

    fn step(&mut self, serial: Result<Admitted, Rule>, time: i64, distance: Option<i32>) {
        match serial {
            Ok(serial) if self.steps.take(serial, time, distance) => {}
            Ok(serial) => self.early_steps[serial.position() as usize] += 1,
            Err(rule) => self.step_filtered.add(rule, 1),
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

fn in_bytes<T, const N: usize>(rows: &[T], to_bytes: impl Fn(&T) -> [u8; N]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rows.len() * N);
    rows.iter().for_each(|row| bytes.extend_from_slice(&to_bytes(row)));
    bytes
}

fn no_readings() -> Error {
    ErrorKind::Exchange { expected: "set of readings" }.into()
}

/// Takes readings past the ledger.
pub struct ReadingSink<'a> {
    ledger: &'a ConsentLedger,
    kind: Landing,
    readings: &'a mut Readings,
}

impl ReadingSink<'_> {
    fn ask(&mut self, name: &str) -> Result<Admitted, Rule> {
        match self.kind {
            Landing::StepTrainer => self.ledger.serial(name, &mut self.readings.met),
            Landing::Customer | Landing::Accelerometer => self.ledger.user(name, &mut self.readings.met),
        }
    }

    fn ask_again(&mut self, name: &[u8]) -> Result<Admitted, Rule> {
        match &self.readings.last {
            Some(last) if last.name == name && last.kind == self.kind => last.answer,
            _ => {
                // The fast path lets only ASCII through.
                let answer = self.ask(str::from_utf8(name).unwrap_or_default());
                self.readings.last = Some(Last { kind: self.kind, name: name.to_vec(), answer });
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
            self.readings.step(serial, time, distance);
        } else {
            let user = record.text(accelerometer::USER)?.unwrap_or_default();
            let time = record.bigint(accelerometer::TIMESTAMP)?.unwrap_or_default();
            let mut xyz = [0.0; 3];
            for (at, axis) in xyz.iter_mut().enumerate() {
                *axis = record.double(accelerometer::X + at)?;
            }
            let user = self.ask(&user);
            self.readings.accelerometer(user, time, xyz);
        }
        Ok(())
    }

    #[inline]
    fn fast(&mut self, row: &FastRow<'_>) {
        if self.kind == Landing::StepTrainer {
            let time = row.integer(step_trainer::SENSORREADINGTIME).unwrap_or_default();
            let serial = self.ask_again(row.text(step_trainer::SERIALNUMBER));
            // The fast path holds an `int` to its range.
            let distance = row.integer(step_trainer::DISTANCEFROMOBJECT).map(|distance| distance as i32);
            self.readings.step(serial, time, distance);
        } else {
            let time = row.integer(accelerometer::TIMESTAMP).unwrap_or_default();
            let user = self.ask_again(row.text(accelerometer::USER));
            self.readings.accelerometer(
                user,
                time,
                [0, 1, 2].map(|axis| row.double(accelerometer::X + axis)),
            );
        }
    }
}
