//! Applies the consent rules to the customers.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::latest::{Undated, latest, undated};
use super::ledger::{ConsentLedger, Withdrawals};
use super::rules::{Filtered, Rule};
use super::trusted::Trusted;
use crate::ingest::Barred;
use crate::options::{ConsentRecords, Options};
use crate::rows::Customer;
use crate::spelling::{folded, is_folded};

/// What the customers come to.
pub struct ConsentResult {
    /// customer_trusted.
    pub customers: Trusted<Vec<Customer>>,
    /// Which of them would be there under `latest`.
    pub latest: Vec<bool>,
    /// Whose records may have been newer, had they been read.
    pub barred: Barred,
    /// Records without a date that do not consent, of people of whom another does.
    pub undated: Undated,
    /// Records whose emails are those of others but for case and blanks.
    pub emails_differ: u64,
    /// Why the other rows were left out.
    pub filtered: Filtered,
    /// Serial numbers under more than one email.
    pub shared_serials: u64,
    /// Withdrawals that customers matched.
    pub matched_withdrawals: Withdrawals,
    /// Decides on the readings.
    pub ledger: ConsentLedger,
}

impl ConsentResult {
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
pub fn admit(customers: Vec<Customer>, barred: Barred, options: &Options) -> ConsentResult {
    let shared = shared_serials(&customers);
    let latest = latest(&customers, &barred.emails);
    let undated = undated(&customers);
    let emails_differ = emails_differ(&customers);
    let mut ledger = ConsentLedger::new(options);
    let mut filtered = Filtered::default();
    let mut matched = Withdrawals::default();
    let (mut trusted, mut trusted_latest) = (Vec::new(), Vec::new());
    for (customer, latest) in customers.into_iter().zip(latest) {
        let consents = match options.records {
            ConsentRecords::Any => customer.consent_date().is_some(),
            ConsentRecords::Latest => latest,
        };
        if ledger.withdraws(&customer, &mut matched) {
            filtered.add(Rule::Withdrawn, 1);
        } else if consents {
            trusted.push(customer);
            trusted_latest.push(latest);
        } else {
            filtered.add(Rule::NoConsent, 1);
        }
    }
    ConsentResult {
        ledger: ledger.with_customers(&trusted, &shared),
        customers: Trusted::admitted(trusted),
        latest: trusted_latest,
        barred,
        undated,
        emails_differ,
        filtered,
        shared_serials: shared.len() as u64,
        matched_withdrawals: matched,
    }
}

/// Applies narrower options to what was admitted, as if they had been there from
/// the start: see [`Options::narrows`].
pub fn narrow(consent_result: &ConsentResult, options: &Options) -> ConsentResult {
    let mut customers = consent_result.customers.clone();
    let mut latest = consent_result.latest.clone();
    if options.records == ConsentRecords::Latest {
        let mut keep = consent_result.latest.iter();
        customers.retain(|_| keep.next() == Some(&true));
        latest.retain(|&latest| latest);
    }
    let mut filtered = consent_result.filtered.clone();
    filtered.add(Rule::NoConsent, (consent_result.latest.len() - latest.len()) as u64);
    ConsentResult {
        ledger: consent_result.ledger.narrowed(options, customers.rows()),
        customers,
        latest,
        barred: consent_result.barred.clone(),
        undated: consent_result.undated.clone(),
        emails_differ: consent_result.emails_differ,
        filtered,
        shared_serials: consent_result.shared_serials,
        matched_withdrawals: consent_result.matched_withdrawals.clone(),
    }
}

fn emails_differ(customers: &[Customer]) -> u64 {
    let emails = customers.iter().map(Customer::email);
    // Of emails that are the same folded, all but one are among these.
    let odd: HashSet<String> = emails.clone().filter(|email| !is_folded(email)).map(folded).collect();
    if odd.is_empty() {
        return 0;
    }
    let mut alike: HashMap<String, (HashSet<&str>, u64)> = HashMap::new();
    for (email, folded) in
        emails.map(|email| (email, folded(email))).filter(|(_, folded)| odd.contains(folded))
    {
        let (spellings, records) = alike.entry(folded).or_default();
        spellings.insert(email);
        *records += 1;
    }
    alike.into_values().filter(|(spellings, _)| spellings.len() > 1).map(|(_, records)| records).sum()
}

fn shared_serials(customers: &[Customer]) -> HashSet<String> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    customers
        .iter()
        .filter(|c| *first.entry(c.serial()).or_insert(c.email()) != c.email())
        .map(|c| c.serial().to_owned())
        .collect()
}
