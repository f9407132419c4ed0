//! Whether a person, or a device, is in a lake: counts for each table.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::contents::Contents;
use super::rows::{customers, pairs, readings, steps};
use crate::error::Error;
use crate::options::Key;
use crate::rows::Customer;
use crate::schema::Table;
use crate::spelling::{folded, trimmed};
use crate::withdrawals::named;
use crate::zones::pseudonym;

/// The search of a lake for somebody. The host reads [`PersonSearch::tables`] in their order: hands over the rows of
/// each, and says when it has ended.
pub struct PersonSearch {
    person: Person,
    /// Those of the lake.
    all: BTreeSet<Table>,
    /// Those that can be searched, with the paths of their files.
    tables: Vec<(Table, String)>,
    /// Of the lake's pseudonyms, if it has any.
    key: Option<Key>,
    /// Whether its pairs may be of two people: sensors were joined on time alone.
    is_mixed: bool,
    /// Customers of a table that has not ended.
    customers: Vec<Customer>,
    /// Made when the first of them is wanted: all customers have come by then.
    subjects: Option<BTreeSet<String>>,
}

/// The one email or serial number of a text, which is read as an entry of a list of withdrawals is; none if there is
/// not exactly one.
pub fn one_entry(text: &str) -> Option<&str> {
    match named(text).as_slice() {
        [entry] if !entry.contains(['\n', '\r']) => Some(*entry),
        _ => None,
    }
}

impl PersonSearch {
    /// Of a lake, for whoever this is by an email or a serial number: see [`one_entry`]. Its pseudonyms can be searched
    /// only under their key.
    ///
    /// # Errors
    /// `OtherKey` if the key is not the lake's.
    pub fn new(lake: &Contents, entry: &str, key: Option<Key>) -> Result<PersonSearch, Error> {
        key.iter().try_for_each(|key| lake.check_key(key))?;
        let key = key.filter(|_| lake.report.option("identity") != "serial");
        let is_known = key.is_some() || lake.report.option("identity") == "serial";
        let tables = lake.tables();
        // Customers first: they say which device is whose.
        let wanted = [
            Table::CustomerTrusted,
            Table::CustomerCurated,
            Table::AccelerometerTrusted,
            Table::StepTrainerTrusted,
            Table::MachineLearningCurated,
        ];
        let searched = wanted
            .iter()
            .flat_map(|wanted| tables.iter().filter(move |(table, _)| table == wanted))
            .filter(|(table, _)| is_known || *table != Table::MachineLearningCurated);
        let all = tables.iter().map(|(table, _)| *table).collect();
        Ok(PersonSearch {
            person: Person::new(entry),
            all,
            tables: searched.cloned().collect(),
            key,
            is_mixed: lake.report.option("join") == "time",
            customers: Vec::new(),
            subjects: None,
        })
    }

    /// The tables to be read, with the paths of their files; those of one table one behind the other.
    pub fn tables(&self) -> &[(Table, String)] {
        &self.tables
    }

    /// Takes the next rows of a table.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn rows(&mut self, table: Table, batch: &RecordBatch) -> Result<(), Error> {
        match table {
            Table::CustomerTrusted | Table::CustomerCurated => self.customers.extend(customers(batch)?),
            Table::MachineLearningCurated => {
                let PersonSearch { person, key, subjects, .. } = self;
                let subjects = subjects.get_or_insert_with(|| person.subjects(key.as_ref()));
                person.pairs(batch, subjects)?;
            }
            _ => self.person.readings(table, batch)?,
        }
        Ok(())
    }

    /// All rows of a table have come.
    pub fn ended(&mut self, table: Table) {
        let customers = std::mem::take(&mut self.customers);
        match table {
            Table::CustomerTrusted | Table::CustomerCurated => self.person.customers(table, &customers),
            // One without rows was searched too.
            _ => self.person.count(table, 0),
        }
    }

    /// What was found.
    pub fn found(self) -> Found {
        let PersonSearch { person: Person { mut rows, shared_steps, .. }, all, is_mixed, .. } = self;
        let rows: BTreeMap<_, _> = all.into_iter().map(|table| (table, rows.remove(&table))).collect();
        let has_pairs = rows.contains_key(&Table::MachineLearningCurated);
        // Where the lake has all readings, pairs are made of those that were found.
        let readings = [Table::AccelerometerTrusted, Table::StepTrainerTrusted];
        let may_have = readings.iter().any(|table| rows.get(table).is_none_or(|rows| *rows != Some(0)));
        Found { rows, shared_steps, mixed_pairs: is_mixed && has_pairs && may_have }
    }
}

/// What was found of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Rows of each table of the lake; none of one whose subjects cannot be known.
    pub rows: BTreeMap<Table, Option<u64>>,
    /// Of the step readings those of devices that other people have too.
    pub shared_steps: u64,
    /// Whether rows of other subjects may hold readings of theirs: pairs of two people, which are found under the name
    /// of one of them only.
    pub mixed_pairs: bool,
}

impl Found {
    /// Whether there is a row of theirs.
    pub fn is_anywhere(&self) -> bool {
        self.rows.values().flatten().any(|&rows| rows > 0)
    }
}

/// Who is looked for, by an email or a serial number: with every customer row that has it come
/// that row's email and device.
struct Person {
    email: String,
    serial: String,
    emails: BTreeSet<String>,
    serials: BTreeSet<String>,
    /// Devices that other people have too.
    shared: BTreeSet<String>,
    rows: BTreeMap<Table, u64>,
    shared_steps: u64,
}

impl Person {
    fn new(entry: &str) -> Person {
        let (email, serial) = (folded(entry), trimmed(entry).to_owned());
        Person {
            email,
            serial,
            emails: BTreeSet::from([entry.to_owned(), folded(entry), trimmed(entry).to_owned()]),
            serials: BTreeSet::new(),
            shared: BTreeSet::new(),
            rows: BTreeMap::new(),
            shared_steps: 0,
        }
    }

    fn count(&mut self, table: Table, count: u64) {
        *self.rows.entry(table).or_default() += count;
    }

    /// Reads all rows of customer_trusted or customer_curated.
    fn customers(&mut self, table: Table, all: &[Customer]) {
        let mut count = 0;
        for customer in all {
            if folded(customer.email()) == self.email || trimmed(customer.serial()) == self.serial {
                count += 1;
                self.emails.insert(customer.email().to_owned());
                self.serials.insert(customer.serial().to_owned());
            }
        }
        for customer in all.iter().filter(|customer| !self.emails.contains(customer.email())) {
            if self.serials.contains(customer.serial()) {
                self.shared.insert(customer.serial().to_owned());
            }
        }
        self.count(table, count);
    }

    /// Reads rows of accelerometer_trusted or step_trainer_trusted.
    fn readings(&mut self, table: Table, batch: &RecordBatch) -> Result<(), Error> {
        let found = if table == Table::AccelerometerTrusted {
            let is = |user: &str| self.emails.contains(user) || folded(user) == self.email;
            count(readings(batch)?.map(|row| row.user), is)
        } else {
            let is = |serial: &str| self.serials.contains(serial) || trimmed(serial) == self.serial;
            let shared = |serial: &str| self.shared.contains(serial);
            self.shared_steps += count(steps(batch)?.map(|row| row.serial), shared);
            count(steps(batch)?.map(|row| row.serial), is)
        };
        self.count(table, found);
        Ok(())
    }

    /// Reads rows of machine_learning_curated, in which they are called so.
    fn pairs(&mut self, batch: &RecordBatch, subjects: &BTreeSet<String>) -> Result<(), Error> {
        let found = count(pairs(batch)?.map(|row| row.subject), |subject| subjects.contains(subject));
        self.count(Table::MachineLearningCurated, found);
        Ok(())
    }

    /// What they are called in machine_learning_curated: by pseudonyms under a key, or, without
    /// one, by their devices.
    fn subjects(&self, key: Option<&Key>) -> BTreeSet<String> {
        match key {
            Some(key) => self.emails.iter().map(|email| pseudonym(key, email)).collect(),
            None => self.serials.iter().chain([&self.serial]).cloned().collect(),
        }
    }
}

/// Most rows have the name of the row before them.
fn count<'a>(names: impl Iterator<Item = &'a str>, is: impl Fn(&str) -> bool) -> u64 {
    let (mut last, mut found, mut rows) = (None, false, 0);
    for name in names {
        if last != Some(name) {
            (last, found) = (Some(name), is(name));
        }
        rows += u64::from(found);
    }
    rows
}
