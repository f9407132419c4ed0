//! The rules as the design states them, by nested loops.

use std::collections::{BTreeMap, BTreeSet};

use stedi_lakehouse::options::{
    ConsentRecords, ConsentTime, Duplicates, Identity, Join, OnePerInstant, Options, SharedSerials, Times,
};
use stedi_lakehouse::schema::Table;

use crate::export::{Customer, Export, Fault, Reading, Step};
use crate::run::{pseudonym, time_offset};

fn text(value: Option<i64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

fn double(value: Option<i64>) -> String {
    value.map_or(String::new(), |value| format!("{value}.0"))
}

impl Customer {
    fn date(&self) -> Option<i64> {
        self.share.parse().ok().filter(|&date| date > 0)
    }

    /// Zero and less are no date.
    fn changed(&self) -> Option<i64> {
        self.updated.filter(|&date| date > 0)
    }

    fn row(&self) -> Vec<String> {
        let share = self.share.parse::<i64>().map_or(String::new(), |date| date.to_string());
        let [name, email, serial] =
            [format!("Name {}", self.name), self.email.to_owned(), self.serial.to_owned()];
        let none = String::new;
        vec![name, email, none(), none(), serial, none(), text(self.updated), share, none(), none()]
    }

    /// What the rows are sorted by: the email, then the columns, nulls first.
    fn order(&self) -> impl Ord + use<> {
        (self.email, self.name, self.serial, self.updated, self.share.parse::<i64>().ok())
    }
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub rows_in: u64,
    pub filtered: BTreeMap<&'static str, u64>,
}

impl Ledger {
    fn filter(&mut self, rule: &'static str) {
        *self.filtered.entry(rule).or_default() += 1;
    }
}

#[derive(Debug, Default)]
pub struct Lake {
    pub rows: BTreeMap<Table, Vec<Vec<String>>>,
    pub ledger: BTreeMap<Table, Ledger>,
    pub mixed: u64,
    /// Pairs, and those that are left out for another of their subject and time.
    pub pairs: u64,
    pub left_out: u64,
    pub unmet: u64,
    /// Emails of customers: those that are in customer_trusted, and the others.
    pub people: (u64, u64),
    pub shared: u64,
    /// Serial numbers of customers whose readings are left out for being shared.
    pub dropped: BTreeSet<&'static str>,
    /// Rejected records, of them those of which nobody knows whose they are, and
    /// people of the others who are in customer_trusted.
    pub rejected: u64,
    pub nameless: u64,
    pub barred_people: u64,
    /// Records and people.
    pub undated: (u64, u64),
    /// People in customer_trusted whose newest record does not consent.
    pub superseded: u64,
}

fn fold(email: &str) -> String {
    email.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase()
}

fn earliest<'a>(customers: impl Iterator<Item = &'a Customer>) -> Option<i64> {
    customers.filter_map(Customer::date).min()
}

/// Leaves out what is equal to an earlier one.
fn distinct<T, K: PartialEq>(rows: &mut Vec<T>, key: impl Fn(&T) -> K, ledger: &mut Ledger) {
    let mut seen: Vec<K> = Vec::new();
    rows.retain(|row| {
        let first = !seen.contains(&key(row));
        if !first {
            ledger.filter("duplicate");
        }
        seen.push(key(row));
        first
    });
}

pub fn lake(export: &Export, options: &Options) -> Lake {
    let export = &export.as_read(options);
    let list: Vec<&str> =
        options.withdrawals.iter().map(|entry| entry.trim().trim_start_matches('\u{feff}')).collect();
    let listed_email = |email: &str| list.iter().any(|entry| fold(entry) == fold(email));
    let listed_serial = |serial: &str| list.contains(&serial.trim());
    let withdrawn = |c: &Customer| listed_email(c.email) || listed_serial(c.serial);
    let (all, rejected): (Vec<Customer>, Vec<Customer>) =
        export.customers.iter().cloned().partition(|c| c.fault == Fault::None);
    let all = &all;
    let barred =
        |email: &str| rejected.iter().any(|c| c.fault != Fault::CutEarly && fold(c.email) == fold(email));
    // Seconds, milliseconds, microseconds, less: eleven digits, fourteen, seventeen.
    let unit = |c: &Customer| c.changed().map(|date| (date.to_string().len().max(11) - 9) / 3);
    let comparable = |c: &Customer| {
        let units = all.iter().filter(|o| o.email == c.email).filter_map(unit);
        units.collect::<BTreeSet<_>>().len() < 2
    };
    let undated = |c: &Customer| c.date().is_none() && (c.changed().is_none() || !comparable(c));
    let counts = |c: &Customer| {
        c.date().is_some()
            && (options.records == ConsentRecords::Any
                || !barred(c.email)
                    && all.iter().filter(|o| o.email == c.email).all(|o| {
                        !undated(o)
                            && (o.changed() < c.changed()
                                || (o.changed() == c.changed() && o.date().is_some()))
                    }))
    };
    let as_of = options.consent == ConsentTime::AsOf;
    let as_of_phone = options.consent != ConsentTime::Ever;
    let drop = options.duplicates == Duplicates::Drop;
    let landed = |serial: &str| -> Vec<&Customer> {
        all.iter().filter(|c| c.serial.trim() == serial.trim()).collect()
    };
    let is_shared = |serial: &str| landed(serial).iter().map(|c| c.email).collect::<BTreeSet<_>>().len() > 1;
    // What is cut is cut before its serial number.
    let named_by_rejects = |serial: &str| {
        let mut readable =
            rejected.iter().filter(|c| c.fault == Fault::Phone && c.serial.trim() == serial.trim());
        readable.any(|c| landed(serial).iter().all(|other| fold(other.email) != fold(c.email)))
    };
    let dropped = |serial: &str| {
        options.shared_serials == SharedSerials::Drop && (is_shared(serial) || named_by_rejects(serial))
    };

    let mut customer_trusted = Ledger { rows_in: all.len() as u64, ..Ledger::default() };
    let mut trusted: Vec<&Customer> = Vec::new();
    for customer in all {
        if withdrawn(customer) {
            customer_trusted.filter("withdrawn");
        } else if counts(customer) {
            trusted.push(customer);
        } else {
            customer_trusted.filter("no_consent");
        }
    }

    if drop {
        distinct(&mut trusted, |c| c.row(), &mut customer_trusted);
    }

    let mut accelerometer_trusted = Ledger { rows_in: export.readings.len() as u64, ..Ledger::default() };
    let mut readings: Vec<&Reading> = Vec::new();
    for reading in &export.readings {
        match earliest(trusted.iter().copied().filter(|c| c.email == reading.user)) {
            Some(since) if as_of_phone && reading.time < since => {
                accelerometer_trusted.filter("before_consent")
            }
            Some(_) => readings.push(reading),
            None if listed_email(reading.user)
                || all.iter().any(|c| c.email == reading.user && withdrawn(c)) =>
            {
                accelerometer_trusted.filter("withdrawn");
            }
            None => accelerometer_trusted.filter("no_consent"),
        }
    }

    if drop {
        distinct(&mut readings, |r| (r.user, r.time, r.x), &mut accelerometer_trusted);
    }

    let mut customer_curated = Ledger { rows_in: trusted.len() as u64, ..Ledger::default() };
    let (mut curated, mut lonely) = (trusted.clone(), trusted.clone());
    curated.retain(|c| readings.iter().any(|r| r.user == c.email));
    lonely.retain(|c| readings.iter().all(|r| r.user != c.email));
    lonely.iter().for_each(|_| customer_curated.filter("no_partner"));

    let mut step_trainer_trusted = Ledger { rows_in: export.steps.len() as u64, ..Ledger::default() };
    let mut steps: Vec<&Step> = Vec::new();
    for step in &export.steps {
        let withdrawn_too =
            listed_serial(step.serial) || all.iter().any(|c| c.serial == step.serial && withdrawn(c));
        let known = trusted.iter().any(|c| c.serial == step.serial);
        match earliest(curated.iter().copied().filter(|c| c.serial == step.serial)) {
            None if withdrawn_too => step_trainer_trusted.filter("withdrawn"),
            None if !known => step_trainer_trusted.filter("no_consent"),
            Some(since) if as_of && step.time < since => step_trainer_trusted.filter("before_consent"),
            _ if dropped(step.serial) => step_trainer_trusted.filter("shared_serial"),
            None => step_trainer_trusted.filter("no_partner"),
            Some(_) => steps.push(step),
        }
    }

    if drop {
        distinct(&mut steps, |s| (s.serial, s.time, s.distance), &mut step_trainer_trusted);
    }

    let since = |user: &str, serial: &str| {
        earliest(curated.iter().copied().filter(|c| c.email == user && c.serial == serial))
    };
    let mut machine_learning = Ledger { rows_in: readings.len() as u64, ..Ledger::default() };
    let (mut pairs, mut mixed) = (Vec::new(), 0);
    for reading in &readings {
        let before = pairs.len();
        for step in steps.iter().filter(|step| step.time == reading.time) {
            match since(reading.user, step.serial) {
                Some(since) if as_of && step.time < since => continue,
                None if options.join == Join::Owner => continue,
                None => mixed += 1,
                Some(_) => {}
            }
            let subject = match options.identity {
                Identity::Serial => step.serial.to_owned(),
                Identity::Pseudonym => pseudonym(reading.user),
            };
            let moved = if options.times == Times::Shifted { time_offset(reading.user) } else { 0 };
            pairs.push((subject, step.time - moved, step.distance, reading.x));
        }
        if pairs.len() > before {
            continue;
        }
        let mut open: Vec<&&Customer> = curated.iter().filter(|c| c.email == reading.user).collect();
        open.retain(|c| !as_of || since(c.email, c.serial).is_some_and(|since| since <= reading.time));
        if open.is_empty() {
            machine_learning.filter("before_consent");
        } else if open.iter().all(|c| dropped(c.serial)) {
            machine_learning.filter("shared_serial");
        } else {
            machine_learning.filter("no_partner");
        }
    }

    if options.times == Times::Relative {
        let measured = pairs.clone();
        for pair in &mut pairs {
            let own = measured.iter().filter(|other| other.0 == pair.0);
            pair.1 -= own.map(|other| other.1).min().unwrap_or_default();
        }
    }

    trusted.sort_by_key(|c| c.order());
    curated.sort_by_key(|c| c.order());
    readings.sort_by_key(|r| (r.user, r.time, r.x));
    steps.sort_by_key(|s| (s.serial, s.time, s.distance));
    pairs.sort();
    let all_pairs = pairs.len() as u64;
    if options.one_per_instant == OnePerInstant::On {
        let mut kept = pairs.clone();
        kept.clear();
        for pair in pairs {
            if !kept.iter().any(|known| (&known.0, known.1) == (&pair.0, pair.1)) {
                kept.push(pair);
            }
        }
        pairs = kept;
    }
    let axes = |x: Option<i64>| [double(x), "0.0".to_owned(), String::new()];
    let reading_row =
        |r: &&Reading| [vec![r.user.to_owned(), r.time.to_string()], axes(r.x).to_vec()].concat();
    let unmet = list.iter().filter(|entry| {
        let email = |email: &str| fold(email) == fold(entry);
        !all.iter().any(|c| email(c.email) || c.serial.trim() == **entry)
            && !export.readings.iter().any(|r| email(r.user))
            && !export.steps.iter().any(|s| s.serial.trim() == **entry)
    });
    let trusted_emails: BTreeSet<&str> = trusted.iter().map(|c| c.email).collect();
    let contradicts =
        |c: &&Customer| undated(c) && all.iter().any(|o| o.email == c.email && o.date().is_some());
    // Their newest record with a date does not consent, or one of those.
    let superseded = trusted_emails.iter().filter(|email| {
        let own = || all.iter().filter(|c| c.email == **email && c.changed().is_some());
        let newest = own().map(Customer::changed).max();
        own().any(|c| Some(c.changed()) == newest && c.date().is_none())
    });
    let emails: BTreeSet<&str> = all.iter().map(|c| c.email).collect();
    let outside = emails.iter().filter(|email| trusted.iter().all(|c| c.email != **email));
    Lake {
        people: (trusted_emails.len() as u64, outside.count() as u64),
        superseded: superseded.count() as u64,
        rejected: rejected.len() as u64,
        nameless: rejected.iter().filter(|c| c.fault == Fault::CutEarly).count() as u64,
        barred_people: trusted_emails
            .iter()
            .filter(|email| barred(email))
            .map(|email| fold(email))
            .collect::<BTreeSet<_>>()
            .len() as u64,
        undated: (
            all.iter().filter(contradicts).count() as u64,
            all.iter()
                .filter(contradicts)
                .map(|c| c.email)
                .collect::<BTreeSet<_>>()
                .intersection(&trusted_emails)
                .count() as u64,
        ),
        mixed,
        pairs: all_pairs,
        left_out: all_pairs - pairs.len() as u64,
        unmet: unmet.count() as u64,
        dropped: all.iter().map(|c| c.serial).filter(|s| dropped(s)).collect(),
        shared: all
            .iter()
            .map(|c| c.serial.trim())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .filter(|s| {
                let is_trusted = trusted.iter().any(|c| c.serial.trim() == *s);
                is_shared(s) || is_trusted && named_by_rejects(s)
            })
            .count() as u64,
        rows: BTreeMap::from([
            (Table::CustomerTrusted, trusted.iter().map(|c| c.row()).collect()),
            (Table::AccelerometerTrusted, readings.iter().map(reading_row).collect()),
            (Table::CustomerCurated, curated.iter().map(|c| c.row()).collect()),
            (
                Table::StepTrainerTrusted,
                steps
                    .iter()
                    .map(|s| vec![s.time.to_string(), s.serial.to_owned(), text(s.distance)])
                    .collect(),
            ),
            (
                Table::MachineLearningCurated,
                pairs
                    .into_iter()
                    .map(|(subject, time, distance, x)| {
                        [vec![subject, time.to_string(), text(distance)], axes(x).to_vec()].concat()
                    })
                    .collect(),
            ),
        ]),
        ledger: BTreeMap::from([
            (Table::CustomerTrusted, customer_trusted),
            (Table::AccelerometerTrusted, accelerometer_trusted),
            (Table::CustomerCurated, customer_curated),
            (Table::StepTrainerTrusted, step_trainer_trusted),
            (Table::MachineLearningCurated, machine_learning),
        ]),
    }
}

/// Who is in a table of customers, by a column, since when.
pub fn people(lake: &Lake, table: Table, column: usize) -> BTreeMap<String, i64> {
    let mut people: BTreeMap<String, i64> = BTreeMap::new();
    for row in &lake.rows[&table] {
        let since: i64 = row[7].parse().unwrap();
        people.entry(row[column].clone()).and_modify(|known| *known = since.min(*known)).or_insert(since);
    }
    people
}
