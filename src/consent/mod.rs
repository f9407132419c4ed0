//! Who may be used, and from when. Deny by default: a customer record consents
//! when its sharewithresearchasofdate is a positive number.
//!
//! [`admit`] makes the ledger from the customers; the ledger, as bytes, goes to
//! every instance and decides on each reading while it is decoded.

mod latest;
mod ledger;
mod trusted;

pub use ledger::{ConsentLedger, Owner, Withdrawals};
pub use trusted::{Admitted, Trusted};

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ingest::Barred;
use crate::options::{ConsentRecords, Options};
use crate::spelling::folded;
use crate::tally::{Tally, names};
use crate::zones::Customer;

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

/// What the customers come to.
pub struct Admission {
    /// customer_trusted.
    pub customers: Trusted<Vec<Customer>>,
    /// Which of them would be there under `latest`.
    pub latest: Vec<bool>,
    /// Whose records may have been newer, had they been read.
    pub barred: Barred,
    /// Records without a date that do not consent, of people of whom another does.
    pub undated: Undated,
    /// Why the other rows were left out.
    pub filtered: Filtered,
    /// Serial numbers under more than one email.
    pub shared_serials: u64,
    /// Withdrawals that customers met.
    pub met: Withdrawals,
    /// Decides on the readings.
    pub ledger: ConsentLedger,
}

/// Records of which nobody knows how old they are.
#[derive(Clone, Debug, Default)]
pub struct Undated {
    /// How many.
    pub records: u64,
    /// Whose they are.
    pub emails: BTreeSet<String>,
}

impl Admission {
    /// How many people of rejected records are in customer_trusted.
    pub fn barred_people(&self) -> u64 {
        if self.barred.emails.is_empty() {
            return 0;
        }
        let admitted: BTreeSet<String> = self.ledger.emails().iter().map(|email| folded(email)).collect();
        admitted.intersection(&self.barred.emails).count() as u64
    }

    /// How many people of undated records are in customer_trusted.
    pub fn undated_people(&self) -> u64 {
        self.ledger.emails().iter().filter(|&email| self.undated.emails.contains(email)).count() as u64
    }
}

/// Applies the consent rules to customer_landing, beside which there were records
/// that are no rows.
pub fn admit(customers: Vec<Customer>, barred: Barred, options: &Options) -> Admission {
    let shared = shared_serials(&customers);
    let latest = latest::latest(&customers, &barred.emails);
    let undated = latest::undated(&customers);
    let mut ledger = ConsentLedger::new(options);
    let mut filtered = Filtered::default();
    let mut met = Withdrawals::default();
    let (mut trusted, mut trusted_latest) = (Vec::new(), Vec::new());
    for (customer, latest) in customers.into_iter().zip(latest) {
        let consents = match options.records {
            ConsentRecords::Any => customer.consent_date().is_some(),
            ConsentRecords::Latest => latest,
        };
        if ledger.withdraws(&customer, &mut met) {
            filtered.add(Rule::Withdrawn, 1);
        } else if consents {
            trusted.push(customer);
            trusted_latest.push(latest);
        } else {
            filtered.add(Rule::NoConsent, 1);
        }
    }
    Admission {
        ledger: ledger.with_customers(&trusted, &shared),
        customers: Trusted::admitted(trusted),
        latest: trusted_latest,
        barred,
        undated,
        filtered,
        shared_serials: shared.len() as u64,
        met,
    }
}

/// Applies narrower options to what was admitted, as if they had been there from
/// the start: see [`Options::narrows`].
pub fn narrow(admission: &Admission, options: &Options) -> Admission {
    let mut customers = admission.customers.clone();
    let mut latest = admission.latest.clone();
    if options.records == ConsentRecords::Latest {
        let mut keep = admission.latest.iter();
        customers.retain(|_| keep.next() == Some(&true));
        latest.retain(|&latest| latest);
    }
    let mut filtered = admission.filtered.clone();
    filtered.add(Rule::NoConsent, (admission.latest.len() - latest.len()) as u64);
    Admission {
        ledger: admission.ledger.narrowed(options, customers.rows()),
        customers,
        latest,
        barred: admission.barred.clone(),
        undated: admission.undated.clone(),
        filtered,
        shared_serials: admission.shared_serials,
        met: admission.met.clone(),
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
