//! Who may be used, and from when. Deny by default: a customer record consents
//! when its sharewithresearchasofdate is a positive number.
//!
//! [`admit`] makes the ledger from the customers; the ledger, as bytes, goes to
//! every instance and decides on each reading while it is decoded.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::options::{ConsentRecords, ConsentTime, Options, SharedSerials};
use crate::tally::{Tally, names};
use crate::zones::{Customer, Reading, StepReading};

names! {
    /// Why a row is filtered; a row counts under the first that applies.
    pub enum Rule {
        /// The person or the device was withdrawn.
        Withdrawn = "withdrawn",
        /// No customer record that counts consents to research.
        NoConsent = "no_consent",
        /// Taken before the consent date, under `as-of`.
        BeforeConsent = "before_consent",
        /// The serial number stands under several emails, under `drop`.
        SharedSerial = "shared_serial",
        /// Nothing on the other side of the join.
        NoPartner = "no_partner",
    }
}

/// Counts of filtered rows by rule.
pub type Filtered = Tally<Rule>;

/// Rows that the consent rules admitted. Only this module can make one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trusted<T>(T);

impl<T> Trusted<T> {
    /// The rows.
    pub fn rows(&self) -> &T {
        &self.0
    }
}

impl<R> Trusted<Vec<R>> {
    /// Keeps the rows for which `keep` holds: trust survives leaving rows out.
    pub fn retain(&mut self, keep: impl FnMut(&R) -> bool) {
        self.0.retain(keep);
    }

    /// Takes another instance's rows.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Sorts them.
    pub fn sort_by(&mut self, order: impl FnMut(&R, &R) -> std::cmp::Ordering) {
        self.0.sort_unstable_by(order);
    }

    /// Rows that another instance of this program admitted and sent as bytes.
    pub(crate) fn from_exchange(rows: Vec<R>) -> Self {
        Trusted(rows)
    }
}

/// A distinct (email, serialnumber) of the admitted customers, by position in
/// the ledger, and its earliest consent date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Position in [`ConsentLedger::emails`].
    pub email: u32,
    /// Position in [`ConsentLedger::serials`].
    pub serial: u32,
    /// Epoch milliseconds.
    pub since: i64,
}

/// The decisions about people, in a form that travels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Decisions {
    as_of: bool,
    drop_shared: bool,
    /// Admitted emails, sorted by bytes, and their earliest consent dates.
    emails: Vec<String>,
    email_since: Vec<i64>,
    /// Their serial numbers, sorted by bytes.
    serials: Vec<String>,
    serial_since: Vec<i64>,
    /// Stands under several emails of customer_landing.
    serial_shared: Vec<bool>,
    /// A withdrawn customer had it too.
    serial_withdrawn: Vec<bool>,
    owners: Vec<Owner>,
    withdrawals: Vec<String>,
    /// Emails and serial numbers of customer rows that were withdrawn.
    withdrawn_emails: BTreeSet<String>,
    withdrawn_serials: BTreeSet<String>,
}

/// The consent ledger of a run.
#[derive(Clone, Debug)]
pub struct ConsentLedger {
    decisions: Decisions,
    email_at: HashMap<String, u32, FixedState>,
    serial_at: HashMap<String, u32, FixedState>,
    /// The list of withdrawals, as emails (lower case) and as serial numbers.
    listed: Withdrawals,
}

/// Emails, in lower case, and serial numbers: those listed for withdrawal, or
/// those of them that were met.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Withdrawals {
    emails: BTreeSet<String>,
    serials: BTreeSet<String>,
}

impl Withdrawals {
    /// Takes in those that another instance met.
    pub fn absorb(&mut self, other: Withdrawals) {
        self.emails.extend(other.emails);
        self.serials.extend(other.serials);
    }
}

/// What the customers come to.
pub struct Admission {
    /// customer_trusted.
    pub customers: Trusted<Vec<Customer>>,
    /// Why the other rows were left out.
    pub filtered: Filtered,
    /// Serial numbers under more than one email.
    pub shared_serials: u64,
    /// Withdrawals that customers met.
    pub met: Withdrawals,
    /// Decides on the readings.
    pub ledger: ConsentLedger,
}

/// Applies the consent rules to customer_landing.
pub fn admit(customers: Vec<Customer>, options: &Options) -> Admission {
    let shared = shared_serials(&customers);
    let consenting = consenting(&customers, options.records);
    let mut ledger = ConsentLedger::index(Decisions {
        as_of: options.consent == ConsentTime::AsOf,
        drop_shared: options.shared_serials == SharedSerials::Drop,
        withdrawals: options.withdrawals.iter().map(|entry| entry.trim().to_owned()).collect(),
        ..Decisions::default()
    });
    let mut filtered = Filtered::default();
    let mut met = Withdrawals::default();
    let mut trusted = Vec::new();
    for (customer, consents) in customers.into_iter().zip(consenting) {
        let by_email = ledger.meet_email(customer.email(), &mut met);
        let by_serial = ledger.meet_serial(customer.serial(), &mut met);
        if by_email || by_serial {
            filtered.add(Rule::Withdrawn, 1);
            ledger.decisions.withdrawn_emails.insert(customer.email().to_owned());
            ledger.decisions.withdrawn_serials.insert(customer.serial().to_owned());
        } else if consents {
            trusted.push(customer);
        } else {
            filtered.add(Rule::NoConsent, 1);
        }
    }
    Admission {
        ledger: ledger.with_customers(&trusted, &shared),
        customers: Trusted(trusted),
        filtered,
        shared_serials: shared.len() as u64,
        met,
    }
}

/// Whether each record counts and consents.
fn consenting(customers: &[Customer], records: ConsentRecords) -> Vec<bool> {
    match records {
        ConsentRecords::Any => customers.iter().map(|c| c.consent_date().is_some()).collect(),
        ConsentRecords::Latest => {
            // Withdrawn records count here: leaving out a person's newest record
            // must not bring an older consent back.
            let mut latest: HashMap<&str, (Option<i64>, bool)> = HashMap::new();
            for customer in customers {
                let (updated, consents) = (customer.last_update(), customer.consent_date().is_some());
                latest
                    .entry(customer.email())
                    .and_modify(|(newest, all)| {
                        if updated > *newest {
                            (*newest, *all) = (updated, consents);
                        } else if updated == *newest {
                            *all &= consents;
                        }
                    })
                    .or_insert((updated, consents));
            }
            customers
                .iter()
                .map(|customer| latest.get(customer.email()) == Some(&(customer.last_update(), true)))
                .collect()
        }
    }
}

fn shared_serials(customers: &[Customer]) -> HashSet<String> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    customers
        .iter()
        .filter(|c| *first.entry(c.serial()).or_insert(c.email()) != c.email())
        .map(|c| c.serial().to_owned())
        .collect()
}

impl ConsentLedger {
    fn index(decisions: Decisions) -> ConsentLedger {
        let positions = |names: &[String]| {
            let numbered = names.iter().zip(0..);
            numbered.map(|(name, at)| (name.clone(), at)).collect()
        };
        let listed = Withdrawals {
            emails: decisions.withdrawals.iter().map(|entry| entry.to_lowercase()).collect(),
            serials: decisions.withdrawals.iter().cloned().collect(),
        };
        ConsentLedger {
            email_at: positions(&decisions.emails),
            serial_at: positions(&decisions.serials),
            listed,
            decisions,
        }
    }

    fn with_customers(self, trusted: &[Customer], shared: &HashSet<String>) -> ConsentLedger {
        let mut emails: BTreeMap<&str, i64> = BTreeMap::new();
        let mut serials: BTreeMap<&str, i64> = BTreeMap::new();
        let mut pairs: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for customer in trusted {
            let since = customer.consent_date().unwrap_or(i64::MAX);
            let (email, serial) = (customer.email(), customer.serial());
            earliest(&mut emails, email, since);
            earliest(&mut serials, serial, since);
            earliest(&mut pairs, (email, serial), since);
        }
        let mut decisions = self.decisions;
        decisions.emails = emails.keys().map(|&name| name.to_owned()).collect();
        decisions.email_since = emails.into_values().collect();
        decisions.serials = serials.keys().map(|&name| name.to_owned()).collect();
        decisions.serial_shared = serials.keys().map(|&name| shared.contains(name)).collect();
        decisions.serial_withdrawn =
            serials.keys().map(|&name| decisions.withdrawn_serials.contains(name)).collect();
        decisions.serial_since = serials.into_values().collect();
        let mut ledger = ConsentLedger::index(decisions);
        ledger.decisions.owners = pairs
            .into_iter()
            .map(|((email, serial), since)| Owner {
                email: ledger.email_at[email],
                serial: ledger.serial_at[serial],
                since,
            })
            .collect();
        ledger
    }

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(&self.decisions).map_err(|_| bad_ledger())
    }

    /// From [`ConsentLedger::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<ConsentLedger, Error> {
        postcard::from_bytes(bytes).map(ConsentLedger::index).map_err(|_| bad_ledger())
    }

    /// Admitted emails, sorted by bytes: a reading's owner is a position here,
    /// so sorting by position sorts by email.
    pub fn emails(&self) -> &[String] {
        &self.decisions.emails
    }

    /// Serial numbers of the admitted customers, sorted by bytes.
    pub fn serials(&self) -> &[String] {
        &self.decisions.serials
    }

    /// Distinct (email, serialnumber) pairs, sorted.
    pub fn owners(&self) -> &[Owner] {
        &self.decisions.owners
    }

    /// Whether readings before the consent date are left out.
    pub fn is_as_of(&self) -> bool {
        self.decisions.as_of
    }

    /// Whether the serial's readings are left out for being shared.
    pub fn drops_shared(&self, serial: u32) -> bool {
        self.decisions.drop_shared && self.is_shared(serial)
    }

    /// Whether the serial stands under several emails of customer_landing.
    pub fn is_shared(&self, serial: u32) -> bool {
        self.decisions.serial_shared[serial as usize]
    }

    /// Whether a withdrawn customer had the serial too.
    pub fn is_withdrawn(&self, serial: u32) -> bool {
        self.decisions.serial_withdrawn[serial as usize]
    }

    /// Whether an email is withdrawn, in any case; notes that it was met.
    pub fn meet_email(&self, email: &str, met: &mut Withdrawals) -> bool {
        if self.listed.emails.is_empty() {
            return false;
        }
        let email = email.to_lowercase();
        let listed = self.listed.emails.contains(&email);
        if listed && !met.emails.contains(&email) {
            met.emails.insert(email);
        }
        listed
    }

    /// Whether a serial number is withdrawn, exactly; notes that it was met.
    pub fn meet_serial(&self, serial: &str, met: &mut Withdrawals) -> bool {
        let listed = self.listed.serials.contains(serial);
        if listed && !met.serials.contains(serial) {
            met.serials.insert(serial.to_owned());
        }
        listed
    }

    /// How many entries of the list met nothing.
    pub fn unmet(&self, met: &Withdrawals) -> u64 {
        let unmet =
            |entry: &&String| !met.emails.contains(&entry.to_lowercase()) && !met.serials.contains(*entry);
        self.decisions.withdrawals.iter().filter(unmet).count() as u64
    }

    /// Decides on an accelerometer reading.
    fn admit_user(&self, user: &str, timestamp: i64, met: &mut Withdrawals) -> Result<u32, Rule> {
        let Some(&email) = self.email_at.get(user) else {
            let withdrawn = self.meet_email(user, met) || self.decisions.withdrawn_emails.contains(user);
            return Err(if withdrawn { Rule::Withdrawn } else { Rule::NoConsent });
        };
        if self.decisions.as_of && timestamp < self.decisions.email_since[email as usize] {
            return Err(Rule::BeforeConsent);
        }
        Ok(email)
    }

    /// Decides on a step reading, as far as the customers tell.
    fn admit_serial(&self, serial: &str, met: &mut Withdrawals) -> Result<u32, Rule> {
        self.serial_at.get(serial).copied().ok_or_else(|| {
            if self.meet_serial(serial, met) || self.decisions.withdrawn_serials.contains(serial) {
                Rule::Withdrawn
            } else {
                Rule::NoConsent
            }
        })
    }
}

impl Trusted<Vec<Reading>> {
    /// Takes an accelerometer reading, if the ledger admits it, and returns the
    /// position of its email.
    ///
    /// # Errors
    /// The rule that keeps it out.
    pub fn take(
        &mut self,
        ledger: &ConsentLedger,
        met: &mut Withdrawals,
        (user, time, xyz): (&str, i64, [f64; 3]),
    ) -> Result<u32, Rule> {
        let email = ledger.admit_user(user, time, met)?;
        self.0.push(Reading { email, time, xyz });
        Ok(email)
    }
}

/// What became of a step reading that the customers admit.
pub enum Taken {
    /// Stored, until it is settled who has accelerometer readings.
    Stored,
    /// Taken before any consent that could cover it, so not stored; what it
    /// counts under is settled later. Has the position of its serial number.
    Early(u32),
}

impl Trusted<Vec<StepReading>> {
    /// Takes a step reading, if the ledger admits it.
    ///
    /// # Errors
    /// The rule that keeps it out.
    pub fn take(
        &mut self,
        ledger: &ConsentLedger,
        met: &mut Withdrawals,
        (serial, time, distance): (&str, i64, Option<i32>),
    ) -> Result<Taken, Rule> {
        let serial = ledger.admit_serial(serial, met)?;
        if ledger.decisions.as_of && time < ledger.decisions.serial_since[serial as usize] {
            return Ok(Taken::Early(serial));
        }
        self.0.push(StepReading { serial, time, distance });
        Ok(Taken::Stored)
    }
}

fn earliest<K: Ord>(dates: &mut BTreeMap<K, i64>, key: K, since: i64) {
    dates.entry(key).and_modify(|known| *known = since.min(*known)).or_insert(since);
}

fn bad_ledger() -> Error {
    ErrorKind::Exchange { expected: "consent ledger" }.into()
}
