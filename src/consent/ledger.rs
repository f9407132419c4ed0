//! The consent ledger: the decisions about people, as bytes wherever they are
//! needed.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use foldhash::fast::FixedState;
use serde::{Deserialize, Serialize, Serializer};

use super::customers::TrustedCustomer;
use super::rules::Rule;
use super::trusted::Admitted;
use crate::names::{NameIndex, Names};
use crate::options::{ConsentTime, Emails, Options, SharedSerials};
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
    /// Readings of the phone before the consent date are left out, and all others too.
    as_of_phone: bool,
    as_of: bool,
    /// Emails of readings are compared folded; those of customers are folded.
    folds: bool,
    drop_shared: bool,
    /// Admitted emails, sorted by bytes, and their earliest consent dates.
    emails: Names,
    email_since: Vec<i64>,
    /// Their serial numbers, sorted by bytes.
    serials: Names,
    serial_since: Vec<i64>,
    /// Stands under several emails of customer_landing, blanks at its ends aside.
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
    email_at: NameIndex,
    serial_at: NameIndex,
    /// The admitted emails that are not in lower case or have blanks, folded; of
    /// those that are the same then, the first.
    odd_email_at: HashMap<String, u32, FixedState>,
    /// Under `as-of`, by serial: where its dates are among `dates`, which are those of its owners, each once and
    /// sorted; nothing of a serial that has one date only.
    dates_of: Vec<Range<usize>>,
    dates: Vec<i64>,
    /// By email: where its owners begin, and where the last end.
    owners_at: Vec<u32>,
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

    /// Whether they have the person or the device of a customer.
    pub(super) fn have(&self, customer: &Customer) -> bool {
        self.emails.contains(&folded(customer.email())) || self.serials.contains(trimmed(customer.serial()))
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
            as_of_phone: options.consent != ConsentTime::Ever,
            as_of: options.consent == ConsentTime::AsOf,
            folds: options.emails == Emails::Folded,
            drop_shared: options.shared_serials == SharedSerials::Drop,
            withdrawals: options.withdrawals.iter().map(|entry| trimmed(entry).to_owned()).collect(),
            ..Decisions::default()
        })
    }

    fn index(decisions: Decisions) -> ConsentLedger {
        let listed = Withdrawals {
            emails: decisions.withdrawals.iter().map(|entry| folded(entry)).collect(),
            serials: decisions.withdrawals.iter().cloned().collect(),
        };
        let mut odd_email_at: HashMap<String, u32, FixedState> = HashMap::default();
        for (email, at) in decisions.emails.iter().zip(0..).filter(|(email, _)| !is_folded(email)) {
            odd_email_at.entry(folded(email)).or_insert(at);
        }
        let mut owners_at = vec![0; decisions.emails.len() + 1];
        decisions.owners.iter().for_each(|owner| owners_at[owner.email as usize + 1] += 1);
        for at in 1..owners_at.len() {
            owners_at[at] += owners_at[at - 1];
        }
        let mut ledger = ConsentLedger {
            odd_email_at,
            owners_at,
            email_at: NameIndex::new(&decisions.emails),
            serial_at: NameIndex::new(&decisions.serials),
            dates_of: Vec::new(),
            dates: Vec::new(),
            listed,
            decisions,
        };
        ledger.index_dates();
        ledger
    }

    fn index_dates(&mut self) {
        if !self.decisions.as_of {
            return;
        }
        let owners = self.decisions.owners.iter();
        let mut by_serial: Vec<(u32, i64)> = owners.map(|owner| (owner.serial, owner.since)).collect();
        by_serial.sort_unstable();
        by_serial.dedup();
        self.dates_of = vec![0..0; self.decisions.serials.len()];
        for dates in by_serial.chunk_by(|a, b| a.0 == b.0).filter(|dates| dates.len() > 1) {
            let start = self.dates.len();
            self.dates.extend(dates.iter().map(|(_, date)| date));
            self.dates_of[dates[0].0 as usize] = start..self.dates.len();
        }
    }

    /// Those that are listed.
    pub(super) fn listed(&self) -> &Withdrawals {
        &self.listed
    }

    /// Whether a customer row is withdrawn; then it is remembered whose it was.
    pub(super) fn withdraws(&mut self, customer: &Customer, matched: &mut Withdrawals) -> bool {
        if self.decisions.withdrawals.is_empty() {
            return false;
        }
        let by_email = self.match_email(customer.email(), matched);
        let by_serial = self.match_serial(customer.serial(), matched);
        if by_email || by_serial {
            self.decisions.withdrawn_emails.insert(customer.email().to_owned());
            self.decisions.withdrawn_serials.insert(customer.serial().to_owned());
        }
        by_email || by_serial
    }

    /// The ledger of the admitted customers, who are sorted; `by_serial` has them in the order of their serial
    /// numbers, of which the `shared` ones are trimmed.
    pub(super) fn with_customers(
        self,
        trusted: &[TrustedCustomer],
        by_serial: &[u32],
        shared: &HashSet<String>,
    ) -> ConsentLedger {
        let mut decisions = self.decisions;
        let row = |at: u32| &trusted[at as usize].row;
        let since = |at: u32| row(at).consent_date().unwrap_or(i64::MAX);
        // By row: the position of its serial number.
        let mut serial_of = vec![0; trusted.len()];
        for rows in by_serial.chunk_by(|&a, &b| row(a).is_of_device(row(b))) {
            let name = row(rows[0]).serial();
            rows.iter().for_each(|&row| serial_of[row as usize] = decisions.serials.len() as u32);
            decisions.serials.push(name);
            decisions.serial_since.extend(rows.iter().map(|&row| since(row)).min());
            decisions.serial_shared.push(shared.contains(trimmed(name)));
            decisions.serial_withdrawn.push(decisions.withdrawn_serials.contains(name));
        }
        let mut devices: Vec<(u32, i64)> = Vec::new();
        let mut serials = serial_of.into_iter().zip((0..).map(since));
        for rows in trusted.chunk_by(|a, b| a.row.is_of_person(&b.row)) {
            devices.clear();
            devices.extend(serials.by_ref().take(rows.len()));
            devices.sort_unstable();
            // The first of each device has its earliest date.
            devices.dedup_by_key(|(serial, _)| *serial);
            let email = decisions.emails.len() as u32;
            decisions.emails.push(rows[0].row.email());
            decisions.email_since.extend(devices.iter().map(|(_, since)| *since).min());
            decisions.owners.extend(devices.iter().map(|&(serial, since)| Owner { email, serial, since }));
        }
        ConsentLedger::index(decisions)
    }

    /// The ledger of fewer customers, under other options of the same withdrawals.
    pub(super) fn narrowed(&self, options: &Options, trusted: &[TrustedCustomer]) -> ConsentLedger {
        let Decisions { serials, serial_shared, withdrawn_emails, withdrawn_serials, .. } = &self.decisions;
        let shared = serials.iter().zip(serial_shared).filter(|&(_, &shared)| shared);
        let shared = shared.map(|(serial, _)| trimmed(serial).to_owned()).collect();
        let mut ledger = ConsentLedger::new(options);
        ledger.decisions.withdrawn_emails.clone_from(withdrawn_emails);
        ledger.decisions.withdrawn_serials.clone_from(withdrawn_serials);
        ledger.with_customers(trusted, &Customer::by_serial(trusted), &shared)
    }

    /// Admitted emails, sorted by bytes: a reading's owner is a position here,
    /// so sorting by position sorts by email.
    pub fn emails(&self) -> &Names {
        &self.decisions.emails
    }

    /// Serial numbers of the admitted customers, sorted by bytes.
    pub fn serials(&self) -> &Names {
        &self.decisions.serials
    }

    /// Distinct (email, serialnumber) pairs, sorted.
    pub fn owners(&self) -> &[Owner] {
        &self.decisions.owners
    }

    /// Those of an admitted email.
    pub fn owners_of(&self, email: u32) -> &[Owner] {
        let [start, end] = [0, 1].map(|next| self.owners_at[email as usize + next] as usize);
        &self.decisions.owners[start..end]
    }

    /// Where a serial number has its consent dates among those of all serial numbers, if it has several and they
    /// count.
    pub fn dates_of(&self, serial: u32) -> Range<usize> {
        self.dates_of.get(serial as usize).cloned().unwrap_or_default()
    }

    /// The consent dates of serial numbers that have several.
    pub fn dates(&self) -> &[i64] {
        &self.dates
    }

    /// From when on the phone's readings of an admitted email may be used: under `ever`, from ever.
    pub fn email_since(&self, email: u32) -> i64 {
        if self.decisions.as_of_phone { self.decisions.email_since[email as usize] } else { i64::MIN }
    }

    /// Whether step readings and pairs before the consent date are left out.
    pub fn is_as_of(&self) -> bool {
        self.decisions.as_of
    }

    /// Whether readings of shared serials are left out.
    pub fn drops_shared(&self) -> bool {
        self.decisions.drop_shared
    }

    /// Whether several emails of customer_landing share the serial, without those of rejected records.
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
        if self.listed.serials.is_empty() {
            return false;
        }
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
        let folds = self.decisions.folds && !is_folded(user);
        let user = &*if folds { Cow::Owned(folded(user)) } else { Cow::Borrowed(user) };
        let Some(email) = self.email_at.find(&self.decisions.emails, user) else {
            let withdrawn = self.match_email(user, matched) || self.decisions.withdrawn_emails.contains(user);
            return Err(if withdrawn { Rule::Withdrawn } else { Rule::NoConsent });
        };
        let since = self.decisions.as_of_phone.then(|| self.decisions.email_since[email as usize]);
        Ok(Admitted::new(email, since.unwrap_or(i64::MIN)))
    }

    /// The admitted email that one which is not admitted is but for case and blanks.
    pub fn alike(&self, email: &str) -> Option<u32> {
        if is_folded(email) {
            return self.odd_email_at.get(email).copied();
        }
        let folded = folded(email);
        let email = self.email_at.find(&self.decisions.emails, &folded);
        email.or_else(|| self.odd_email_at.get(&folded).copied())
    }

    /// Whether readings of this serial number may be used, as far as the
    /// customers tell.
    ///
    /// # Errors
    /// The rule that keeps them out.
    pub fn serial(&self, serial: &str, matched: &mut Withdrawals) -> Result<Admitted, Rule> {
        let Some(serial) = self.serial_at.find(&self.decisions.serials, serial) else {
            let withdrawn =
                self.match_serial(serial, matched) || self.decisions.withdrawn_serials.contains(serial);
            return Err(if withdrawn { Rule::Withdrawn } else { Rule::NoConsent });
        };
        let since = self.decisions.as_of.then(|| self.decisions.serial_since[serial as usize]);
        Ok(Admitted::new(serial, since.unwrap_or(i64::MIN)))
    }
}
