//! Who may be used, and from when. Deny by default: a customer record consents
//! when its sharewithresearchasofdate is a positive number.
//!
//! [`admit`] makes the ledger from the customers; the ledger, as bytes, goes to
//! every instance and decides on each reading while it is decoded.

mod ledger;
mod trusted;

pub use ledger::{ConsentLedger, Owner, Withdrawals};
pub use trusted::{Admitted, Trusted};

use std::collections::{HashMap, HashSet};

use crate::options::{ConsentRecords, Options};
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
    let mut ledger = ConsentLedger::new(options);
    let mut filtered = Filtered::default();
    let mut met = Withdrawals::default();
    let mut trusted = Vec::new();
    for (customer, consents) in customers.into_iter().zip(consenting) {
        if ledger.withdraws(&customer, &mut met) {
            filtered.add(Rule::Withdrawn, 1);
        } else if consents {
            trusted.push(customer);
        } else {
            filtered.add(Rule::NoConsent, 1);
        }
    }
    Admission {
        ledger: ledger.with_customers(&trusted, &shared),
        customers: Trusted::admitted(trusted),
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
