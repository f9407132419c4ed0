//! The emails in bytes that are no row. A customer record that was rejected may
//! have taken consent back, so whose it is must be known: every string behind a
//! key that matches `email` counts, at any depth, however broken the JSON around
//! it is. So do the serial numbers in it: their person has that device too.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::named_texts::{LONGEST_KEY, NamedTexts};
use crate::schema::{Column, Landing, customer};
use crate::spelling::{field_name, folded};

/// Customer records that are no rows, by whether it is known whose they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barred {
    /// The emails that can be read in them, folded. Personal data: never reported.
    pub emails: BTreeSet<String>,
    /// The serial numbers that can be read beside an email, trimmed, and that email; none where there are several.
    /// Personal data too.
    pub serials: BTreeMap<String, Option<String>>,
    /// Rejects in which an email can be read.
    pub named: u64,
    /// Rejects in which none can, or behind which others were lost.
    pub nameless: u64,
}

impl Barred {
    /// Takes in those of other files, or of other ranges.
    pub fn merge(&mut self, other: Barred) {
        self.emails.extend(other.emails);
        other.serials.into_iter().for_each(|(serial, email)| self.serial(serial, email));
        self.named += other.named;
        self.nameless += other.nameless;
    }

    pub(super) fn add(&mut self, Emails { counts, lost, mut emails, mut serials }: Emails) {
        emails.end();
        serials.end();
        if !counts && !emails.named {
            return;
        }
        let people: BTreeSet<String> = emails.found.iter().map(|email| folded(email)).collect();
        if let Some(first) = people.first() {
            // Of several people nobody knows who has which device.
            let email = (people.len() == 1).then_some(first);
            serials.found.into_iter().for_each(|serial| self.serial(serial, email.cloned()));
        }
        self.emails.extend(people);
        self.named += u64::from(emails.sure);
        self.nameless += u64::from(!emails.sure || lost);
    }

    fn serial(&mut self, serial: String, email: Option<String>) {
        match self.serials.entry(serial) {
            Entry::Vacant(place) => _ = place.insert(email),
            Entry::Occupied(known) if *known.get() == email => {}
            Entry::Occupied(mut known) => _ = known.insert(None),
        }
    }
}

/// The emails of a reject, and the serial numbers beside them, while its bytes come in, in any chunks.
pub(super) struct Emails {
    /// Whether the reject is, or may be, a customer's: of customers all are, among readings those
    /// with a key that matches `email`.
    counts: bool,
    /// Whether others were lost behind these bytes, whose emails nobody can read.
    lost: bool,
    emails: NamedTexts,
    serials: NamedTexts,
}

impl Default for Emails {
    fn default() -> Emails {
        let texts = |column: usize| NamedTexts::of(Landing::Customer.columns()[column].name);
        let (emails, serials) = (texts(customer::EMAIL), texts(customer::SERIALNUMBER));
        Emails { counts: false, lost: false, emails, serials }
    }
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
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.emails.take(bytes);
        self.serials.take(bytes);
    }
}

/// Whether records of no table name people by their emails. Only what has an `@` is
/// an email here: a description of columns has a key of that name too.
pub(super) fn named_in(records: &[u8]) -> bool {
    let mut emails = NamedTexts::of(email_column());
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

#[cfg(test)]
mod tests {
    use super::super::named_texts::LONGEST_TEXT;
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
    fn serial_numbers_are_those_of_the_email_beside_them() {
        let serials = |records: &[&str]| {
            let mut barred = Barred::default();
            for record in records {
                let (mut emails, mut other) = (Emails::among(Landing::Customer.columns()), Barred::default());
                record.as_bytes().chunks(3).for_each(|chunk| emails.take(chunk));
                other.add(emails);
                barred.merge(other);
            }
            let told = |(serial, email): (String, Option<String>)| {
                format!("{serial} {}", email.as_deref().unwrap_or("several"))
            };
            barred.serials.into_iter().map(told).collect::<Vec<_>>()
        };
        let ann = r#"{"email":" Ann@x.org","serial_number":" s1 ","phone":true}"#;
        assert_eq!(serials(&[ann]), ["s1 ann@x.org"]);
        assert_eq!(serials(&[ann, r#"{"serialNumber":"s1","email":"ann@x.org"}"#]), ["s1 ann@x.org"]);
        assert_eq!(serials(&[ann, r#"{"serialNumber":"s1","email":"ben@x.org"}"#]), ["s1 several"]);
        let two = r#"{"email":["a","b"],"serialNumber":"s1""#;
        assert_eq!(serials(&[two]), ["s1 several"]);
        assert_eq!(serials(&[two, ann]), ["s1 several"]);
        assert_eq!(serials(&[r#"{"serialNumber":-1.50e2,"email":"a""#]), ["-1.50e2 a"]);
        assert_eq!(serials(&[r#"{"email":"a","serialNumber":123"#]), ["123 a"]);
        assert!(serials(&[r#"{"serialNumber":"s1"}"#, r#"{"email":"a","serialNumber":null}"#]).is_empty());
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
        let endless = [r#"{"email":""#, &"x".repeat(LONGEST_TEXT + 1), r#""}"#].concat();
        assert!(!read(endless.as_bytes()).1);
    }
}
