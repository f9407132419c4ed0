//! A customer record in few bytes: exports hold millions.

use std::borrow::Borrow;
use std::cmp::Ordering;

use super::part;
use crate::error::Error;
use crate::schema::customer::{EMAIL, LASTUPDATEDATE, SERIALNUMBER, SHAREWITHRESEARCHASOFDATE, TEXTS, TIMES};
use crate::spelling::{folded, is_folded};
use crate::wire;

/// A customer record, in any zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The first bytes of the email and of the serial number, in their order: most comparisons end here.
    email_start: u128,
    serial_start: u64,
    /// The text columns, one after the other.
    text: Box<str>,
    /// Where each of them ends.
    ends: [u32; TEXTS],
    /// Epoch milliseconds; 0 where there is none.
    times: [i64; TIMES],
    /// The columns that have a value, as bits, and [`ODD`].
    present: u16,
}

/// A bit of `present`: the email is written otherwise than emails are compared.
const ODD: u16 = 1 << 15;

impl Customer {
    /// From its columns in the order of the schema; times in epoch milliseconds. Email and
    /// serial number are always there.
    pub fn new(texts: [Option<&str>; TEXTS], times: [Option<i64>; TIMES]) -> Customer {
        let mut text = String::with_capacity(texts.iter().flatten().map(|text| text.len()).sum());
        let (mut ends, mut present) = ([0; TEXTS], 0);
        for (at, column) in texts.into_iter().enumerate() {
            present |= u16::from(column.is_some()) << at;
            text.push_str(column.unwrap_or_default());
            // A record is no longer than `MAX_RECORD`, far below 4 GB.
            ends[at] = text.len() as u32;
        }
        for (at, time) in times.iter().enumerate() {
            present |= u16::from(time.is_some()) << (TEXTS + at);
        }
        let email = texts[EMAIL].unwrap_or_default();
        present |= if is_folded(email) { 0 } else { ODD };
        let serial_start = prefix(texts[SERIALNUMBER].unwrap_or_default());
        Customer {
            email_start: u128::from_be_bytes(prefix(email)),
            serial_start: u64::from_be_bytes(serial_start),
            text: text.into(),
            ends,
            times: times.map(Option::unwrap_or_default),
            present,
        }
    }

    /// What the rules ask of a record that does not consent, and nothing else of it: whose it is, of
    /// which device, and when it was last changed.
    pub fn without_consent(email: Option<&str>, serial: Option<&str>, updated: Option<i64>) -> Customer {
        let (mut texts, mut times) = ([None; TEXTS], [None; TIMES]);
        (texts[EMAIL], texts[SERIALNUMBER]) = (email, serial);
        times[LASTUPDATEDATE - TEXTS] = updated;
        Customer::new(texts, times)
    }

    /// A text column, by position in the schema.
    pub fn text(&self, at: usize) -> Option<&str> {
        (self.present >> at & 1 == 1).then(|| self.text_or_empty(at))
    }

    fn text_or_empty(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start as usize..self.ends[at] as usize]
    }

    /// A time column, by position in the schema less `TEXTS`; epoch milliseconds.
    pub fn time(&self, at: usize) -> Option<i64> {
        (self.present >> (TEXTS + at) & 1 == 1).then(|| self.times[at])
    }

    /// The person.
    pub fn email(&self) -> &str {
        self.text_or_empty(EMAIL)
    }

    /// The person's device.
    pub fn serial(&self) -> &str {
        self.text_or_empty(SERIALNUMBER)
    }

    /// Epoch milliseconds; `None` is older than any, and what is not positive is no date.
    pub fn last_update(&self) -> Option<i64> {
        self.time(LASTUPDATEDATE - TEXTS).filter(|&date| date > 0)
    }

    /// When this record consents from, if it does.
    pub fn consent_date(&self) -> Option<i64> {
        Customer::consent_of(self.time(SHAREWITHRESEARCHASOFDATE - TEXTS))
    }

    /// When a record with this value of sharewithresearchasofdate consents from, if it does.
    pub fn consent_of(date: Option<i64>) -> Option<i64> {
        date.filter(|&date| date > 0)
    }

    /// Whether it consents, from an earlier date than this.
    pub fn consents_before(&self, date: i64) -> bool {
        self.consent_date().is_some_and(|consent| consent < date)
    }

    /// Takes its consent date away.
    pub fn refuse(&mut self) {
        self.present &= !(1 << SHAREWITHRESEARCHASOFDATE);
        self.times[SHAREWITHRESEARCHASOFDATE - TEXTS] = 0;
    }

    /// Writes its email as it is compared.
    pub fn fold_email(&mut self) {
        if self.has_odd_email() {
            let email = folded(self.email());
            let mut texts: [Option<&str>; TEXTS] = std::array::from_fn(|at| self.text(at));
            texts[EMAIL] = Some(&email);
            *self = Customer::new(texts, std::array::from_fn(|at| self.time(at)));
        }
    }

    /// Whether its email is written otherwise than emails are compared.
    pub fn has_odd_email(&self) -> bool {
        self.present & ODD != 0
    }

    /// Whether two records are of one person.
    pub fn is_of_person(&self, other: &Customer) -> bool {
        self.email_start == other.email_start && self.email() == other.email()
    }

    /// Whether two records are of one device.
    pub fn is_of_device(&self, other: &Customer) -> bool {
        self.serial_start == other.serial_start && self.serial() == other.serial()
    }

    /// The order of the customer tables: by email, then the columns.
    pub fn order(&self, other: &Customer) -> Ordering {
        self.email_start
            .cmp(&other.email_start)
            .then_with(|| self.email().cmp(other.email()))
            .then_with(|| (0..TEXTS).map(|at| self.text(at)).cmp((0..TEXTS).map(|at| other.text(at))))
            .then_with(|| (0..TIMES).map(|at| self.time(at)).cmp((0..TIMES).map(|at| other.time(at))))
    }

    /// Sorts rows as the customer tables are.
    pub fn sort(rows: &mut Vec<Customer>) {
        if rows.is_sorted_by(|a, b| a.order(b).is_le()) {
            return;
        }
        // Rows are large: what is sorted is where they are.
        let order = |a: &(u128, u32), b: &(u128, u32)| {
            a.0.cmp(&b.0).then_with(|| rows[a.1 as usize].order(&rows[b.1 as usize]))
        };
        let mut sorted: Vec<(u128, u32)> = rows.iter().map(|row| row.email_start).zip(0..).collect();
        sorted.sort_unstable_by(order);
        *rows = sorted.iter().map(|&(_, at)| std::mem::take(&mut rows[at as usize])).collect();
    }

    /// Rows of two sorted lists, sorted.
    pub fn merge(one: Vec<Customer>, other: Vec<Customer>) -> Vec<Customer> {
        if one.is_empty() || other.is_empty() {
            return if one.is_empty() { other } else { one };
        }
        let mut merged = Vec::with_capacity(one.len() + other.len());
        let mut others = other.into_iter().peekable();
        for row in one {
            while let Some(before) = others.next_if(|other| other.order(&row).is_lt()) {
                merged.push(before);
            }
            merged.push(row);
        }
        merged.extend(others);
        merged
    }

    /// Where rows are, in the order of their serial numbers.
    pub fn by_serial<C: Borrow<Customer>>(rows: &[C]) -> Vec<u32> {
        let serial = |at: u32| rows[at as usize].borrow().serial();
        let mut sorted: Vec<(u64, u32)> = rows.iter().map(|row| row.borrow().serial_start).zip(0..).collect();
        sorted
            .sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| (serial(a.1), a.1).cmp(&(serial(b.1), b.1))));
        sorted.into_iter().map(|(_, at)| at).collect()
    }
}

/// The first bytes of a text, which compare as the texts do as far as they differ.
fn prefix<const N: usize>(text: &str) -> [u8; N] {
    let mut start = [0; N];
    let length = text.len().min(N);
    start[..length].copy_from_slice(&text.as_bytes()[..length]);
    start
}

/// Bytes of a row that travels, before its texts.
const HEAD: usize = 2 + 4 * TEXTS + 8 * TIMES;

impl Customer {
    /// Adds it to rows that travel. Little-endian: the columns that have a value, as bits; where the texts
    /// end; the times; the texts.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.present.to_le_bytes());
        self.ends.iter().for_each(|end| bytes.extend_from_slice(&end.to_le_bytes()));
        self.times.iter().for_each(|time| bytes.extend_from_slice(&time.to_le_bytes()));
        bytes.extend_from_slice(self.text.as_bytes());
    }

    /// All of rows that travel, and nothing else.
    ///
    /// # Errors
    /// `Exchange` for what [`Customer::write`] has not written.
    pub(crate) fn read_all(mut bytes: &[u8]) -> Result<Vec<Customer>, Error> {
        let mut rows = Vec::new();
        while !bytes.is_empty() {
            rows.push(Customer::read(&mut bytes).ok_or_else(Customer::unreadable)?);
        }
        Ok(rows)
    }

    /// The error of bytes that are no customers.
    pub(crate) fn unreadable() -> Error {
        wire::unreadable("set of customers", None)
    }

    /// Takes the first of rows that travel; `None` for what [`Customer::write`] has not written.
    fn read(bytes: &mut &[u8]) -> Option<Customer> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let ends: [u32; TEXTS] = std::array::from_fn(|at| u32::from_le_bytes(part(head, 2 + 4 * at)));
        let times = std::array::from_fn(|at| i64::from_le_bytes(part(head, 2 + 4 * TEXTS + 8 * at)));
        let (text, rest) = rest.split_at_checked(ends[TEXTS - 1] as usize)?;
        let text = str::from_utf8(text).ok()?;
        if !ends.is_sorted() || !ends.iter().all(|&end| text.is_char_boundary(end as usize)) {
            return None;
        }
        *bytes = rest;
        let mut row = Customer {
            text: text.into(),
            ends,
            times,
            present: u16::from_le_bytes(part(head, 0)),
            ..Customer::default()
        };
        row.email_start = u128::from_be_bytes(prefix(row.email()));
        row.serial_start = u64::from_be_bytes(prefix(row.serial()));
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(email: &str, serial: &str, name: Option<&str>, updated: Option<i64>) -> Customer {
        Customer::new(
            [name, Some(email), None, Some(""), Some(serial)],
            [None, updated, Some(3), None, Some(-1)],
        )
    }

    #[test]
    fn rows_are_in_the_order_of_their_columns_and_travel() {
        let emails =
            ["", "a", "a\0", "anna@x.org", "anna@x.orh", "anna@x.orgs", "\u{e4}nna@x.org", "zo\u{eb}"];
        let mut rows = Vec::new();
        for email in emails {
            for (name, updated) in
                [(None, Some(1)), (Some(""), None), (Some("b"), Some(-5)), (Some("b"), Some(0))]
            {
                rows.push(row(email, "s", name, updated));
            }
        }
        let columns = |row: &Customer| {
            let texts: Vec<_> = (0..TEXTS).map(|at| row.text(at).map(str::to_owned)).collect();
            (row.email().to_owned(), texts, (0..TIMES).map(|at| row.time(at)).collect::<Vec<_>>())
        };
        let mut expected: Vec<_> = rows.iter().map(columns).collect();
        expected.sort();
        let (one, other) = rows.split_at(13);
        let (mut one, mut other) = (one.to_vec(), other.to_vec());
        one.reverse();
        Customer::sort(&mut one);
        other.rotate_left(5);
        Customer::sort(&mut other);
        let merged = Customer::merge(one, other);
        assert_eq!(merged.iter().map(columns).collect::<Vec<_>>(), expected);
        let mut bytes = Vec::new();
        merged.iter().for_each(|row| row.write(&mut bytes));
        let mut rest = bytes.as_slice();
        let read: Vec<Customer> = std::iter::from_fn(|| Customer::read(&mut rest)).collect();
        assert_eq!((read, rest.len()), (merged, 0));
        for end in 0..=HEAD {
            assert_eq!(Customer::read(&mut &bytes[..end]), None, "the first has a text of one byte");
        }
    }

    #[test]
    fn serial_numbers_are_sorted_and_emails_folded() {
        let serials = ["b", "a", "abcdefghi", "abcdefgh", "a"];
        let rows = serials.map(|serial| row("x", serial, None, None));
        let by_serial = Customer::by_serial(&rows);
        let sorted: Vec<_> = by_serial.iter().map(|&at| rows[at as usize].serial()).collect();
        assert_eq!(sorted, ["a", "a", "abcdefgh", "abcdefghi", "b"]);
        let mut folded = row(" Anna@X.org", "S 1", Some("Anna"), Some(4));
        folded.fold_email();
        assert_eq!(folded, row("anna@x.org", "S 1", Some("Anna"), Some(4)));
        folded.refuse();
        assert_eq!((folded.consent_date(), folded.time(2), folded.last_update()), (None, None, Some(4)));
    }
}
