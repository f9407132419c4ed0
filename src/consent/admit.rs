//! Applies the consent rules to the customers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::customers::TrustedCustomer;
use super::latest::Person;
use super::ledger::{ConsentLedger, Owner, Withdrawals};
use super::rules::{EARLIEST_DATE, Filtered, Rule};
use super::trusted::Trusted;
use crate::ingest::Barred;
use crate::options::{ConsentRecords, ConsentTime, Duplicates, Options};
use crate::rows::Customer;
use crate::spelling::{folded, trimmed};

/// What the customers come to.
pub struct ConsentResult {
    /// customer_trusted, sorted.
    pub customers: Trusted<Vec<TrustedCustomer>>,
    /// People of customer_landing: distinct emails, as the rules compare them.
    pub landing_people: u64,
    /// Whose records may have been newer, had they been read.
    pub barred: Barred,
    /// Records without a date that do not consent, of people of whom another does.
    pub undated_records: u64,
    /// Records whose consent dates are too early to decide on readings.
    pub early_dates: u64,
    /// Records whose emails are those of others but for case and blanks.
    pub emails_differ: u64,
    /// Why the other rows were left out.
    pub filtered: Filtered,
    /// Serial numbers, trimmed, under more than one email.
    pub shared_serials: u64,
    /// Those of the ledger that are only with the rejected records: see [`bar`].
    pub shared_with_rejects: u64,
    /// Withdrawals that customers matched.
    pub matched_withdrawals: Withdrawals,
    /// Decides on the readings.
    pub ledger: Arc<ConsentLedger>,
}

impl ConsentResult {
    /// How many people of rejected records are in customer_trusted.
    pub fn barred_people(&self) -> u64 {
        if self.barred.emails.is_empty() {
            return 0;
        }
        let admitted: BTreeSet<String> = self.people().map(|person| folded(person.row.email())).collect();
        admitted.intersection(&self.barred.emails).count() as u64
    }

    /// The people of customer_trusted, each by one row: those of the ledger but for who was barred late.
    pub(super) fn people(&self) -> impl Iterator<Item = &TrustedCustomer> {
        self.customers.rows().chunk_by(|a, b| a.row.is_of_person(&b.row)).map(|rows| &rows[0])
    }

    /// How many people are in customer_trusted.
    pub fn admitted_people(&self) -> u64 {
        self.people().count() as u64
    }

    /// How many people are in customer_trusted though their newest record does not consent.
    pub fn superseded_people(&self) -> u64 {
        self.people().filter(|person| person.standing.superseded).count() as u64
    }

    /// How many people of undated records are in customer_trusted.
    pub fn undated_people(&self) -> u64 {
        self.people().filter(|person| person.standing.undated).count() as u64
    }
}

/// Applies the consent rules to customer_landing, which is sorted, and beside which there were
/// records that are no rows.
pub fn admit(mut customers: Vec<Customer>, barred: Barred, options: &Options) -> ConsentResult {
    let early = customers.iter_mut().filter(|customer| customer.consents_before(EARLIEST_DATE));
    let early_dates = match options.consent {
        ConsentTime::Ever => early.count(),
        // They would admit everything, so they count as unreadable.
        ConsentTime::AsOf | ConsentTime::AsOfPhone => early.map(Customer::refuse).count(),
    } as u64;
    let devices = Devices::new(&customers);
    let emails_differ = emails_differ(&customers);
    let is_barred = |email: &str| !barred.emails.is_empty() && barred.emails.contains(&folded(email));
    let people: Vec<(Person, usize)> = people(&customers)
        .map(|records| (Person::new(records, is_barred(records[0].email())), records.len()))
        .collect();
    let landing_people = people.len() as u64;
    let undated_records = people.iter().map(|(person, _)| person.undated_records()).sum();
    let mut ledger = ConsentLedger::new(options);
    let mut filtered = Filtered::default();
    let mut matched = Withdrawals::default();
    let mut trusted: Vec<TrustedCustomer> = Vec::new();
    // By row of customer_landing: where it is in customer_trusted.
    let mut places = vec![NOWHERE; customers.len()];
    let mut customers = customers.into_iter().zip(&mut places);
    for (person, records) in people {
        for (row, place) in customers.by_ref().take(records) {
            let standing = person.standing(&row);
            let consents = match options.records {
                ConsentRecords::Any => row.consent_date().is_some(),
                ConsentRecords::Latest => standing.latest,
            };
            // Rows that are equal stand together.
            let repeats = |trusted: &[TrustedCustomer]| trusted.last().is_some_and(|last| last.row == row);
            if ledger.withdraws(&row, &mut matched) {
                filtered.add(Rule::Withdrawn, 1);
            } else if !consents {
                filtered.add(Rule::NoConsent, 1);
            } else if options.duplicates == Duplicates::Drop && repeats(&trusted) {
                filtered.add(Rule::Duplicate, 1);
            } else {
                *place = trusted.len() as u32;
                trusted.push(TrustedCustomer { row, standing });
            }
        }
    }
    drop(customers);
    let Devices { mut by_serial, shared } = devices;
    by_serial.iter_mut().for_each(|row| *row = places[*row as usize]);
    by_serial.retain(|&row| row != NOWHERE);
    ConsentResult {
        early_dates,
        ledger: Arc::new(ledger.with_customers(&trusted, &by_serial, &shared)),
        customers: Trusted::admitted(trusted),
        landing_people,
        barred,
        undated_records,
        emails_differ,
        filtered,
        shared_serials: shared.len() as u64,
        shared_with_rejects: 0,
        matched_withdrawals: matched,
    }
}

/// A row that is not in customer_trusted.
const NOWHERE: u32 = u32::MAX;

/// What rejected records change for those who are in the ledger, by position there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RejectEffects {
    /// People who would not be there, had the records been known before.
    pub barred: BTreeSet<u32>,
    /// Serial numbers that a record names beside the email of somebody else.
    pub shared: BTreeSet<u32>,
}

/// Takes in all rejected records, also those that came to light among the readings only.
pub fn bar(consent_result: &mut ConsentResult, barred: Barred, options: &Options) -> RejectEffects {
    consent_result.barred = barred;
    let ConsentResult { customers, barred, filtered, ledger, shared_with_rejects, .. } = consent_result;
    let mut effects = RejectEffects::default();
    if barred.emails.is_empty() {
        return effects;
    }
    let is_barred = |email: &str| barred.emails.contains(&folded(email));
    for customer in customers.rows_mut() {
        customer.standing.latest &= !is_barred(customer.row.email());
    }
    if options.records == ConsentRecords::Latest {
        filtered.add(Rule::NoConsent, customers.leave_out(|customer| !is_barred(customer.row.email())));
        let emails = (0..).zip(ledger.emails().iter());
        effects.barred = emails.filter(|(_, email)| is_barred(email)).map(|(at, _)| at).collect();
    }
    effects.shared = named_otherwise(&barred.serials, ledger, &effects.barred);
    let newly = effects.shared.iter().filter(|&&serial| !ledger.is_shared(serial));
    let newly: HashSet<&str> = newly.map(|&serial| trimmed(&ledger.serials()[serial as usize])).collect();
    *shared_with_rejects = newly.len() as u64;
    effects
}

/// The serial numbers of the ledger, but for those of who is barred, that rejected records name beside another email.
fn named_otherwise(
    named: &BTreeMap<String, Option<String>>,
    ledger: &ConsentLedger,
    barred: &BTreeSet<u32>,
) -> BTreeSet<u32> {
    if named.is_empty() {
        return BTreeSet::new();
    }
    let is_other = |owner: &&Owner| {
        let owned_by = named.get(trimmed(&ledger.serials()[owner.serial as usize]));
        let email = folded(&ledger.emails()[owner.email as usize]);
        owned_by.is_some_and(|known| known.as_deref() != Some(email.as_str()))
    };
    let owners = ledger.owners().iter().filter(|owner| !barred.contains(&owner.email));
    owners.filter(is_other).map(|owner| owner.serial).collect()
}

/// Applies narrower options to what was admitted, as if they had been there from
/// the start: see [`Options::narrows`].
pub fn narrow(consent_result: &ConsentResult, options: &Options) -> ConsentResult {
    let mut customers = consent_result.customers.clone();
    let mut filtered = consent_result.filtered.clone();
    if options.records == ConsentRecords::Latest {
        filtered.add(Rule::NoConsent, customers.leave_out(|customer| customer.standing.latest));
    }
    if options.duplicates == Duplicates::Drop {
        filtered.add(Rule::Duplicate, drop_duplicates(&mut customers));
    }
    ConsentResult {
        ledger: Arc::new(consent_result.ledger.narrowed(options, customers.rows())),
        customers,
        landing_people: consent_result.landing_people,
        barred: consent_result.barred.clone(),
        undated_records: consent_result.undated_records,
        early_dates: consent_result.early_dates,
        emails_differ: consent_result.emails_differ,
        filtered,
        shared_serials: consent_result.shared_serials,
        shared_with_rejects: 0,
        matched_withdrawals: consent_result.matched_withdrawals.clone(),
    }
}

/// Leaves out rows that are equal to the one before; gives how many.
fn drop_duplicates(customers: &mut Trusted<Vec<TrustedCustomer>>) -> u64 {
    let rows = customers.rows();
    let firsts: Vec<bool> = (0..rows.len()).map(|at| at == 0 || rows[at].row != rows[at - 1].row).collect();
    let mut keep = firsts.into_iter();
    customers.leave_out(|_| keep.next() == Some(true))
}

/// The records of each email, of customers that are sorted.
fn people(customers: &[Customer]) -> impl Iterator<Item = &[Customer]> {
    customers.chunk_by(Customer::is_of_person)
}

fn emails_differ(customers: &[Customer]) -> u64 {
    // Of emails that are the same folded, all but one are among these.
    let odd: HashSet<String> = people(customers)
        .filter(|records| records[0].has_odd_email())
        .map(|records| folded(records[0].email()))
        .collect();
    if odd.is_empty() {
        return 0;
    }
    let mut alike: HashMap<String, (u64, u64)> = HashMap::new();
    for records in people(customers) {
        let folded = folded(records[0].email());
        if odd.contains(&folded) {
            let (spellings, count) = alike.entry(folded).or_default();
            *spellings += 1;
            *count += records.len() as u64;
        }
    }
    alike.into_values().filter(|(spellings, _)| *spellings > 1).map(|(_, records)| records).sum()
}

/// The devices of customer_landing. What rejected records say of them is said by [`bar`].
struct Devices {
    /// Its rows in the order of their serial numbers.
    by_serial: Vec<u32>,
    /// Serial numbers, trimmed, under more than one email.
    shared: HashSet<String>,
}

impl Devices {
    fn new(customers: &[Customer]) -> Devices {
        let by_serial = Customer::by_serial(customers);
        let row = |at: u32| &customers[at as usize];
        let mut shared: HashSet<String> = by_serial
            .chunk_by(|&a, &b| row(a).is_of_device(row(b)))
            .filter(|rows| rows.iter().any(|&at| !row(at).is_of_person(row(rows[0]))))
            .map(|rows| trimmed(row(rows[0]).serial()).to_owned())
            .collect();
        // Those that are the same but for blanks need not stand together.
        let odd = customers.iter().map(|row| (row.serial(), trimmed(row.serial())));
        let odd: HashSet<&str> =
            odd.filter(|(spelt, serial)| spelt != serial).map(|(_, serial)| serial).collect();
        let mut firsts: HashMap<&str, &Customer> = HashMap::new();
        for customer in customers.iter().filter(|row| odd.contains(trimmed(row.serial()))) {
            let serial = trimmed(customer.serial());
            if !firsts.entry(serial).or_insert(customer).is_of_person(customer) {
                shared.insert(serial.to_owned());
            }
        }
        Devices { by_serial, shared }
    }
}
