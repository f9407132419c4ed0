//! The consent ledger: the decisions about people, as bytes wherever they are
//! needed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize, Serializer};

use super::rules::Rule;
use super::trusted::Admitted;
use crate::options::{ConsentTime, Options, SharedSerials};
use crate::rows::Customer;
use crate::spelling::{folded, is_folded, trimmed};
use crate::wire::Message;

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
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Decisions")]
pub struct ConsentLedger {
    decisions: Decisions,
    email_at: HashMap<String, u32, FixedState>,
    serial_at: HashMap<String, u32, FixedState>,
    /// The admitted emails that are not in lower case or have blanks, folded; of
    /// those that are the same then, the first.
    odd_email_at: HashMap<String, u32, FixedState>,
    /// The list of withdrawals, as emails (folded) and as serial numbers.
    listed: Withdrawals,
}

/// Emails, folded, and serial numbers, trimmed: those listed for withdrawal, or
/// those of them that were matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Withdrawals {
    emails: BTreeSet<String>,
    serials: BTreeSet<String>,
}

impl Withdrawals {
    /// Takes in those that another instance matched.
    pub fn merge(&mut self, other: Withdrawals) {
        self.emails.extend(other.emails);
        self.serials.extend(other.serials);
    }
}

/// Its decisions travel; what finds them is made anew.
impl Serialize for ConsentLedger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.decisions.serialize(serializer)
    }
}

impl From<Decisions> for ConsentLedger {
    fn from(decisions: Decisions) -> ConsentLedger {
        ConsentLedger::index(decisions)
    }
}

impl Message for ConsentLedger {
    const NAME: &'static str = "consent ledger";
}

impl ConsentLedger {
    /// A ledger of nobody yet.
    pub(super) fn new(options: &Options) -> ConsentLedger {
        ConsentLedger::index(Decisions {
            as_of: options.consent == ConsentTime::AsOf,
            drop_shared: options.shared_serials == SharedSerials::Drop,
            withdrawals: options.withdrawals.iter().map(|entry| trimmed(entry).to_owned()).collect(),
            ..Decisions::default()
        })
    }

    fn index(decisions: Decisions) -> ConsentLedger {
        let positions = |names: &[String]| {
            let numbered = names.iter().zip(0..);
            numbered.map(|(name, at)| (name.clone(), at)).collect()
        };
        let listed = Withdrawals {
            emails: decisions.withdrawals.iter().map(|entry| folded(entry)).collect(),
            serials: decisions.withdrawals.iter().cloned().collect(),
        };
        let mut odd_email_at: HashMap<String, u32, FixedState> = HashMap::default();
        for (email, at) in decisions.emails.iter().zip(0..).filter(|(email, _)| !is_folded(email)) {
            odd_email_at.entry(folded(email)).or_insert(at);
        }
        ConsentLedger {
            odd_email_at,
            email_at: positions(&decisions.emails),
            serial_at: positions(&decisions.serials),
            listed,
            decisions,
        }
    }

    /// Whether a customer row is withdrawn; then it is remembered whose it was.
    pub(super) fn withdraws(&mut self, customer: &Customer, matched: &mut Withdrawals) -> bool {
        let by_email = self.match_email(customer.email(), matched);
        let by_serial = self.match_serial(customer.serial(), matched);
        if by_email || by_serial {
            self.decisions.withdrawn_emails.insert(customer.email().to_owned());
            self.decisions.withdrawn_serials.insert(customer.serial().to_owned());
        }
        by_email || by_serial
    }

    /// The ledger of the admitted customers.
    pub(super) fn with_customers(self, trusted: &[Customer], shared: &HashSet<String>) -> ConsentLedger {
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

    /// The ledger of fewer customers, under other options of the same withdrawals.
    pub(super) fn narrowed(&self, options: &Options, trusted: &[Customer]) -> ConsentLedger {
        let Decisions { serials, serial_shared, withdrawn_emails, withdrawn_serials, .. } = &self.decisions;
        let shared = serials.iter().zip(serial_shared).filter(|&(_, &shared)| shared);
        let shared = shared.map(|(serial, _)| serial.clone()).collect();
        let mut ledger = ConsentLedger::new(options);
        ledger.decisions.withdrawn_emails.clone_from(withdrawn_emails);
        ledger.decisions.withdrawn_serials.clone_from(withdrawn_serials);
        ledger.with_customers(trusted, &shared)
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

    /// Whether an email is withdrawn, compared folded; notes that it was matched.
    pub fn match_email(&self, email: &str, matched: &mut Withdrawals) -> bool {
        if self.listed.emails.is_empty() {
            return false;
        }
        let email = folded(email);
        let listed = self.listed.emails.contains(&email);
        if listed && !matched.emails.contains(&email) {
            matched.emails.insert(email);
        }
        listed
    }

    /// Whether a serial number is withdrawn, compared trimmed; notes that it was matched.
    pub fn match_serial(&self, serial: &str, matched: &mut Withdrawals) -> bool {
        let serial = trimmed(serial);
        let listed = self.listed.serials.contains(serial);
        if listed && !matched.serials.contains(serial) {
            matched.serials.insert(serial.to_owned());
        }
        listed
    }

    /// The entries of the list that matched nothing, by position in the options.
    pub fn unmatched(&self, matched: &Withdrawals) -> Vec<usize> {
        let unmatched =
            |entry: &str| !matched.emails.contains(&folded(entry)) && !matched.serials.contains(entry);
        let entries = self.decisions.withdrawals.iter().enumerate();
        entries.filter(|(_, entry)| unmatched(entry)).map(|(at, _)| at).collect()
    }

    /// Whether readings of this user may be used, by what the customers say.
    ///
    /// # Errors
    /// The rule that keeps them out.
    pub fn user(&self, user: &str, matched: &mut Withdrawals) -> Result<Admitted, Rule> {
        let Some(&email) = self.email_at.get(user) else {
            let withdrawn = self.match_email(user, matched) || self.decisions.withdrawn_emails.contains(user);
            return Err(if withdrawn { Rule::Withdrawn } else { Rule::NoConsent });
        };
        Ok(Admitted::new(email, self.since(&self.decisions.email_since, email)))
    }

    /// The admitted email that one which is not admitted is but for case and blanks.
    pub fn alike(&self, email: &str) -> Option<u32> {
        if is_folded(email) {
            return self.odd_email_at.get(email).copied();
        }
        let folded = folded(email);
        self.email_at.get(&folded).or_else(|| self.odd_email_at.get(&folded)).copied()
    }

    /// Whether readings of this serial number may be used, as far as the
    /// customers tell.
    ///
    /// # Errors
    /// The rule that keeps them out.
    pub fn serial(&self, serial: &str, matched: &mut Withdrawals) -> Result<Admitted, Rule> {
        let Some(&serial) = self.serial_at.get(serial) else {
            let withdrawn =
                self.match_serial(serial, matched) || self.decisions.withdrawn_serials.contains(serial);
            return Err(if withdrawn { Rule::Withdrawn } else { Rule::NoConsent });
        };
        Ok(Admitted::new(serial, self.since(&self.decisions.serial_since, serial)))
    }

    fn since(&self, dates: &[i64], at: u32) -> i64 {
        if self.decisions.as_of { dates[at as usize] } else { i64::MIN }
    }
}

fn earliest<K: Ord>(dates: &mut BTreeMap<K, i64>, key: K, since: i64) {
    dates.entry(key).and_modify(|known| *known = since.min(*known)).or_insert(since);
}
