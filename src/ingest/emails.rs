//! The emails in bytes that are no row. A customer record that was rejected may
//! have taken consent back, so whose it is must be known: every string behind a
//! key that matches `email` counts, at any depth, however broken the JSON around
//! it is.
//!
//! No parser could follow such bytes. So every quote is taken for one that may
//! open a key: a quote too many before it hides no email.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::json::tokens::Scan;
use crate::schema::{Column, Landing, customer};
use crate::spelling::{field_name, folded};

/// The longest text of a key that is looked at, escapes included.
const LONGEST_KEY: usize = 128;
/// The longest email, likewise; what is longer counts as not read.
const LONGEST_EMAIL: usize = 64 << 10;

/// Customer records that are no rows, by whether it is known whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    /// The emails that can be read in them, folded. Personal data: never reported.
    pub emails: BTreeSet<String>,
    /// Rejects in which one can be read.
    pub named: u64,
    /// Rejects in which none can, or behind which others were lost.
    pub nameless: u64,
}

impl Barred {
    /// Takes in those of other files, or of other ranges.
    pub fn merge(&mut self, other: Barred) {
        self.emails.extend(other.emails);
        self.named += other.named;
        self.nameless += other.nameless;
    }

    pub(super) fn add(&mut self, mut emails: Emails) {
        emails.end();
        if !emails.counts {
            return;
        }
        self.emails.extend(emails.found);
        self.named += u64::from(emails.sure);
        self.nameless += u64::from(!emails.sure || emails.lost);
    }
}

/// The emails of a reject, while its bytes come in, in any chunks.
#[derive(Default)]
pub(super) struct Emails {
    /// Whether the reject is, or may be, a customer's: of customers all are, among readings those
    /// with a key that matches.
    counts: bool,
    found: BTreeSet<String>,
    /// Whether one of them surely ends where its text does.
    sure: bool,
    /// Whether others were lost behind these bytes, whose emails nobody can read.
    lost: bool,
    /// What stands behind the last quote, if it may still be a key.
    key: Vec<u8>,
    long: bool,
    /// Whether a quote was there at all: the bytes may begin within a key.
    quoted: bool,
    /// Whether the last key that matches had its opening quote.
    whole_key: bool,
    next: Next,
    /// Brackets that are open within the value of a key that matches.
    depth: u32,
    value: Option<Value>,
    /// A value that has ended; what follows says whether it was one.
    ended: Option<String>,
}

/// What has to come next for the last key to have a value.
#[derive(Clone, Copy, Default, PartialEq)]
enum Next {
    /// No key that matches was there.
    #[default]
    Key,
    Colon,
    Value,
}

#[derive(Default)]
struct Value {
    text: Vec<u8>,
    escaped: bool,
}

impl Emails {
    /// For a reject among records with these columns.
    pub(super) fn among(columns: &[Column]) -> Emails {
        let counts = columns.iter().any(|column| column.name == email_column());
        Emails { counts, ..Emails::default() }
    }

    /// For a reject behind which the rest of a file is lost.
    pub(super) fn before_loss(self) -> Emails {
        Emails { lost: true, ..self }
    }

    /// For a reject that may be a customer's, wherever it stands.
    pub(super) fn of_customer(self) -> Emails {
        Emails { counts: true, ..self }
    }

    /// Takes the next bytes.
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.is_idle() {
                let quote = memchr::memchr(b'"', bytes).unwrap_or(bytes.len());
                bytes = &bytes[quote..];
            }
            let Some((&byte, rest)) = bytes.split_first() else { return };
            self.byte(byte);
            bytes = rest;
        }
    }

    /// No more bytes follow: a text that has ended has nothing to contradict it,
    /// but within brackets it may have been a key.
    fn end(&mut self) {
        if let Some(email) = self.ended.take() {
            self.sure |= self.whole_key && self.depth == 0;
            self.found.insert(email);
        }
    }

    /// Whether nothing but a quote matters.
    fn is_idle(&self) -> bool {
        self.long && self.next == Next::Key && self.depth == 0 && self.value.is_none() && self.ended.is_none()
    }

    fn byte(&mut self, byte: u8) {
        let opens = byte == b'"' && (self.next == Next::Value || self.depth > 0 && self.value.is_none());
        if self.value.is_some() {
            self.within_value(byte);
        } else if !is_blank(byte) {
            self.follow(byte);
            match byte {
                b'{' | b'[' if self.next == Next::Value || self.depth > 0 => {
                    self.depth = self.depth.saturating_add(1);
                }
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        if opens {
            self.follow(byte);
            self.value = Some(Value::default());
        }
        self.within_key(byte);
    }

    /// Any quote ends a key and opens one: none that matches holds a quote.
    fn within_key(&mut self, byte: u8) {
        self.next = match (self.next, byte) {
            (Next::Key | Next::Colon, b'"') if !self.long && is_email(&self.key) => {
                self.whole_key = self.quoted;
                Next::Colon
            }
            (Next::Colon, b':') => {
                self.counts = true;
                Next::Value
            }
            (next, _) if is_blank(byte) => next,
            _ => Next::Key,
        };
        if byte == b'"' {
            self.key.clear();
            self.long = false;
            self.quoted = true;
        } else if self.key.len() < LONGEST_KEY {
            self.key.push(byte);
        } else {
            self.long = true;
        }
    }

    fn within_value(&mut self, byte: u8) {
        let Some(mut value) = self.value.take() else { return };
        match byte {
            _ if value.escaped => value.escaped = false,
            b'\\' => value.escaped = true,
            b'"' => {
                value.text.push(byte);
                let text = Scan { input: &value.text, at: 0 }.string().ok();
                self.ended = text.map(|text| folded(&text.text())).filter(|email| !email.is_empty());
                return;
            }
            // No string holds a line end: its quote is missing.
            0..=0x1f => return,
            _ => {}
        }
        if value.text.len() < LONGEST_EMAIL {
            value.text.push(byte);
            self.value = Some(value);
        }
    }

    /// Sees by what follows whether a text was a value. One that is followed by
    /// something else may have lost its closing quote: it counts, but not as read.
    fn follow(&mut self, byte: u8) {
        if let Some(email) = self.ended.take() {
            if self.depth > 0 && byte == b':' {
                return;
            }
            self.sure |= self.whole_key && matches!(byte, b',' | b'}' | b']' | b'"');
            self.found.insert(email);
        }
    }
}

/// Whether records of no table name people by their emails. Only what has an `@` is
/// an email here: a description of columns has a key of that name too.
pub(super) fn named_in(records: &[u8]) -> bool {
    let mut emails = Emails::default();
    emails.take(records);
    emails.end();
    emails.found.iter().any(|email| email.contains('@'))
}

/// Whether bytes of a record, however broken, have a key that only customers have.
pub(super) fn names_customer(record: &[u8]) -> bool {
    let columns = Landing::Customer.columns().iter().enumerate();
    let own: Vec<&str> = columns
        .filter(|(at, _)| *at == customer::CUSTOMERNAME || *at >= customer::TEXTS)
        .map(|(_, column)| column.name)
        .collect();
    record
        .split(|byte| *byte == b'"')
        .filter(|key| key.len() <= LONGEST_KEY)
        .any(|key| str::from_utf8(key).is_ok_and(|key| own.contains(&field_name(key).as_str())))
}

fn email_column() -> &'static str {
    Landing::Customer.columns()[customer::EMAIL].name
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether the text of a key, escapes included, matches `email`.
fn is_email(key: &[u8]) -> bool {
    let quoted = [key, b"\""].concat();
    Scan { input: &quoted, at: 0 }.string().is_ok_and(|key| field_name(&key.text()) == email_column())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The emails of a reject, and whether one surely is one; by chunks of any size.
    fn read(bytes: &[u8]) -> (Vec<String>, bool) {
        let results: Vec<Barred> = [1, 2, 3, 7, usize::MAX]
            .into_iter()
            .map(|size| {
                let (mut barred, mut emails) =
                    (Barred::default(), Emails::among(Landing::Customer.columns()));
                bytes.chunks(size.min(bytes.len().max(1))).for_each(|chunk| emails.take(chunk));
                barred.add(emails);
                barred
            })
            .collect();
        results.iter().for_each(|result| assert_eq!(result, &results[0]));
        assert_eq!(results[0].named + results[0].nameless, 1);
        (results[0].emails.iter().cloned().collect(), results[0].named == 1)
    }

    #[test]
    fn every_email_is_found_however_its_key_is_spelt_and_however_deep_it_is() {
        for (text, emails) in [
            (r#"{"email":"a@x.org","phone":true}"#, vec!["a@x.org"]),
            (r#"{"EMAIL" : " A@X.org " }"#, vec!["a@x.org"]),
            ("{\"E-Mail\"\n:\n\"\u{a0}\u{c4}@x.org\u{200b}\"}", vec!["\u{e4}@x.org"]),
            (r#"{"e_mail":"a\u0040x.org","\u0065mail":"b@x.org"}"#, vec!["a@x.org", "b@x.org"]),
            (r#"{"x":[{"y":{"email":"deep@x.org"}}],"email":"a@x.org"}"#, vec!["a@x.org", "deep@x.org"]),
            (r#"{"email":{"S":"a@x.org"}}"#, vec!["a@x.org"]),
            (r#"{"email":["a@x.org",{"old":"b@x.org"}],"phone":"1"}"#, vec!["a@x.org", "b@x.org"]),
            (r#"{"email":null,"emails":"no@x.org","email":"a@x.org""#, vec!["a@x.org"]),
            (r#"{"note":"\"email\":\"no@x.org\"","email":"a@x.org"}"#, vec!["a@x.org"]),
        ] {
            assert_eq!(
                read(text.as_bytes()),
                (emails.iter().map(|&e| e.to_owned()).collect(), true),
                "{text}"
            );
        }
    }

    #[test]
    fn broken_json_hides_no_email_that_can_be_read() {
        for text in [
            r#"{"customerName":"O"Brien","email":"a@x.org","phone":"1"}"#,
            r#"{"customerName":"C:\","email":"a@x.org"}"#,
            r#"{"email":"a@x.org" "phone":"1"}"#,
            r#"{"email":"a@x.org""#,
            "{\"phone\":\"\n\"email\":\"a@x.org\"\n",
            r#"{"email" "email":"a@x.org"}"#,
            r#"{"email":"email":"a@x.org"}"#,
            r#"{"email":["O"Brien","email":"a@x.org"]}"#,
            r#"{"email":{"email":"a@x.org"}"#,
        ] {
            let (emails, sure) = read(text.as_bytes());
            assert!(sure && emails.contains(&"a@x.org".to_owned()), "{text}: {emails:?}");
        }
        let long = [r#"{"customerName":""#, &"x\\\"".repeat(400), r#"","email":"a@x.org""#].concat();
        assert_eq!(read(long.as_bytes()), (vec!["a@x.org".to_owned()], true));
    }

    #[test]
    fn a_reject_among_readings_counts_if_it_names_an_email() {
        for (text, counts, found) in [
            (r#"{"user":"ann@x.org","timestamp":"soon"}"#, (0, 0), 0),
            (r#"{"user":"a","timestamp":"email"}"#, (0, 0), 0),
            (r#"{"email":"ann@x.org","serialNumber":"s"}"#, (1, 0), 1),
            (r#"{"email":null,"serialNumber":"s"}"#, (0, 1), 0),
            (r#"{"email":"ann@x.o"#, (0, 1), 0),
        ] {
            let (mut barred, mut emails) =
                (Barred::default(), Emails::among(Landing::Accelerometer.columns()));
            emails.take(text.as_bytes());
            barred.add(emails);
            assert_eq!(((barred.named, barred.nameless), barred.emails.len()), (counts, found), "{text}");
        }
    }

    #[test]
    fn blanks_behind_the_bytes_change_nothing() {
        for text in
            ["{\"email\":\"a@x.org\"}", "{\"email\":\"a@x.org", "{\"email\":[\"a@x.org\"", "x\"email\":"]
        {
            for blanks in [" ", "\r", "\t \r"] {
                assert_eq!(read([text, blanks].concat().as_bytes()), read(text.as_bytes()), "{text}");
            }
        }
    }

    #[test]
    fn what_was_cut_or_lost_its_quote_counts_as_not_read() {
        // It is found all the same, so that its person is kept out.
        assert_eq!(read(br#"email":"b@x.org","serialNumber":"s""#), (vec!["b@x.org".to_owned()], false));
        assert_eq!(read(br#"mail":"b@x.org","email":"c@x.org","x":1"#), (vec!["c@x.org".to_owned()], true));
        for text in [
            "",
            "rubbish",
            r#"{"email":"a@x.or"#,
            "{\"email\":\"a@x.org\n  \"phone\":\"1\"}",
            r#"{"email":"a@x.org,"phone":"1"}"#,
            r#"{"email":"a\x@x.org"}"#,
            r#"{"email":"","phone":"a@x.org"}"#,
            r#"{"email":12}"#,
            r#"{"email":{"S"#,
            r#"{"email":{"S""#,
            r#"{'email': 'a@x.org'}"#,
        ] {
            assert!(!read(text.as_bytes()).1, "{text}");
        }
        assert!(!read(b"{\"email\":\"\xff@x.org\"}").1);
        let endless = [r#"{"email":""#, &"x".repeat(LONGEST_EMAIL + 1), r#""}"#].concat();
        assert!(!read(endless.as_bytes()).1);
    }
}
