//! What became of each customer record, for who reads it again after a run: what `admit` decided, by record.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::admit::ConsentResult;
use super::ledger::Withdrawals;
use super::rules::EARLIEST_DATE;
use crate::ingest::{DateFault, Shown};
use crate::names::Names;
use crate::options::{ConsentRecords, ConsentTime, Emails, Options};
use crate::rows::Customer;
use crate::schema::customer::TEXTS;
use crate::spelling::folded;
use crate::tally::names;
use crate::wire::Message;

names! {
    /// What the consent rules made of a customer record.
    pub enum Outcome {
        /// It is in customer_trusted.
        Consents = "consents", "in: consents";
        /// Its person or its device was withdrawn.
        Withdrawn = "withdrawn", "out: withdrawn";
        /// Missing, null, empty, zero or negative.
        NoDate = "no_date", "out: no consent date";
        /// It is there and no time.
        Unreadable = "unreadable", "out: consent date cannot be read";
        /// Two fields have values that differ.
        Conflict = "conflict", "out: two consent dates that differ";
        /// It decides from when on readings may be used, and would admit everything.
        Early = "early", "out: consent date before March 1973";
        /// Its person is in by a newer one, under `latest`.
        OtherRecord = "other_record", "out: a newer record counts";
        /// Another record of its person does not consent, was withdrawn or has no date, under `latest`.
        KeptOut = "kept_out", "out: kept out by another record";
        /// A record of its person could not be read, under `latest`.
        Barred = "barred", "out: kept out by a rejected record";
    }
}

/// What decides on the records, in a form that travels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcomes {
    folds: bool,
    refuses_early: bool,
    listed: Withdrawals,
    /// Where the latest record of a person decides.
    latest: Option<Latest>,
}

impl Message for Outcomes {
    const NAME: &'static str = "set of outcomes";
}

/// Who is in customer_trusted, and who is kept out by rejected records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Latest {
    /// Sorted by bytes.
    emails: Names,
    /// Of their records that count.
    updated: Vec<Option<i64>>,
    barred: BTreeSet<String>,
}

impl ConsentResult {
    /// What decides on the records of the customers that were admitted under these options.
    pub fn outcomes(&self, options: &Options) -> Outcomes {
        let people = || self.people().map(|person| &person.row);
        let latest = || Latest {
            emails: people().map(Customer::email).collect(),
            updated: people().map(Customer::last_update).collect(),
            barred: self.barred.emails.clone(),
        };
        Outcomes {
            folds: options.emails == Emails::Folded,
            refuses_early: options.consent != ConsentTime::Ever,
            listed: self.ledger.listed().clone(),
            latest: (options.records == ConsentRecords::Latest).then(latest),
        }
    }
}

impl Outcomes {
    /// What became of a record that was read again.
    pub fn of(&self, record: &Shown) -> Outcome {
        let mut row = customer(record);
        if self.folds {
            row.fold_email();
        }
        let own = match (row.consent_date(), record.date_fault) {
            _ if self.listed.have(&row) => return Outcome::Withdrawn,
            (Some(date), _) if self.refuses_early && date < EARLIEST_DATE => Outcome::Early,
            (Some(_), _) => Outcome::Consents,
            (None, Some(DateFault::Unreadable)) => Outcome::Unreadable,
            (None, Some(DateFault::Conflict)) => Outcome::Conflict,
            (None, None) => Outcome::NoDate,
        };
        self.latest.as_ref().map_or(own, |latest| latest.of(&row, own))
    }
}

impl Latest {
    /// By what the record says of itself, and what the others of its person say.
    fn of(&self, row: &Customer, own: Outcome) -> Outcome {
        match self.find(row.email()) {
            Some(at) if self.updated.get(at) == Some(&row.last_update()) => own,
            Some(_) => Outcome::OtherRecord,
            None if own != Outcome::Consents => own,
            None if self.barred.contains(&folded(row.email())) => Outcome::Barred,
            None => Outcome::KeptOut,
        }
    }

    fn find(&self, email: &str) -> Option<usize> {
        let (mut start, mut end) = (0, self.emails.len());
        while start < end {
            let middle = usize::midpoint(start, end);
            match self.emails[middle].cmp(email) {
                std::cmp::Ordering::Less => start = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        None
    }
}

/// A record as the run had it.
fn customer(record: &Shown) -> Customer {
    let cell = |at: usize| record.cells.get(at)?.as_deref();
    Customer::new(std::array::from_fn(cell), std::array::from_fn(|at| cell(TEXTS + at)?.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, admit, narrow};
    use super::*;
    use crate::ingest::{Barred, InputFile, peek};
    use crate::options::Duplicates;
    use crate::schema::Landing;
    use crate::zones::CustomerLanding;

    /// Consent dates by person, with when the record was last changed, and what is expected under the defaults and
    /// under `latest` as of the consent date.
    const RECORDS: [(&str, &str, [&str; 2]); 17] = [
        (
            "ann",
            r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":1"#,
            ["consents", "other_record"],
        ),
        (
            "ann",
            r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":1"#,
            ["consents", "other_record"],
        ),
        ("ann", r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":2"#, ["consents", "consents"]),
        ("ben", r#""lastUpdateDate":1"#, ["no_date", "no_date"]),
        ("ben", r#""shareWithResearchAsOfDate":0"#, ["no_date", "no_date"]),
        ("cat", r#""shareWithResearchAsOfDate":"yes""#, ["unreadable", "unreadable"]),
        (
            "dan",
            r#""shareWithResearchAsOfDate":1,"share_with_research_as_of_date":2"#,
            ["conflict", "conflict"],
        ),
        ("eve", r#""shareWithResearchAsOfDate":1700000000"#, ["consents", "early"]),
        ("fay", r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":1"#, ["consents", "kept_out"]),
        ("fay", r#""shareWithResearchAsOfDate":null,"lastUpdateDate":2"#, ["no_date", "no_date"]),
        ("gil", r#""shareWithResearchAsOfDate":1700000000000"#, ["withdrawn", "withdrawn"]),
        (
            "hal",
            r#""shareWithResearchAsOfDate":1700000000000,"serial_number":"s-8""#,
            ["withdrawn", "withdrawn"],
        ),
        ("Ida", r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":1"#, ["consents", "consents"]),
        ("ida", r#""shareWithResearchAsOfDate":0,"lastUpdateDate":2"#, ["no_date", "no_date"]),
        ("rae", r#""shareWithResearchAsOfDate":1700000000000"#, ["consents", "barred"]),
        ("una", r#""shareWithResearchAsOfDate":1700000000000,"lastUpdateDate":1"#, ["consents", "kept_out"]),
        ("una", r#""lastUpdateDate":0"#, ["no_date", "no_date"]),
    ];

    fn text() -> String {
        let record = |(email, more, _): &(&str, &str, [&str; 2])| {
            let serial = if more.contains("serial_number") { "" } else { r#""serialNumber":"s","# };
            format!("{{\"email\":\"{email}\",{serial}{more}}}\n")
        };
        RECORDS.iter().map(record).collect()
    }

    fn admitted(text: &str, options: &Options) -> ConsentResult {
        let mut landing = CustomerLanding::default();
        let mut file = InputFile::new("c.json", Landing::Customer);
        file.push(text.as_bytes(), &mut landing);
        assert_eq!(file.finish(&mut landing).records, RECORDS.len() as u64);
        landing.sort(options.emails);
        let barred = Barred { emails: ["rae".to_owned()].into(), named: 1, ..Barred::default() };
        admit(landing.rows, barred, options)
    }

    fn names(outcomes: &Outcomes, text: &str) -> Vec<&'static str> {
        let shown = peek(Landing::Customer, false, text.as_bytes(), Some((0, u64::MAX)), true);
        shown.rows.iter().map(|record| crate::tally::Name::name(outcomes.of(record))).collect()
    }

    fn withdrawing(options: Options) -> Options {
        Options { withdrawals: vec![" GIL".to_owned(), "s-8 ".to_owned()], ..options }
    }

    #[test]
    fn each_record_has_its_own_reason() {
        let text = text();
        for (at, options) in [
            Options::default(),
            Options { records: ConsentRecords::Latest, consent: ConsentTime::AsOf, ..Options::default() },
        ]
        .into_iter()
        .map(withdrawing)
        .enumerate()
        {
            let outcomes = admitted(&text, &options).outcomes(&options);
            let travelled = Outcomes::from_bytes(&outcomes.to_bytes().unwrap()).unwrap();
            assert_eq!(travelled, outcomes);
            let expected: Vec<_> = RECORDS.iter().map(|(.., expected)| expected[at]).collect();
            assert_eq!(names(&outcomes, &text), expected);
        }
    }

    #[test]
    fn they_add_up_to_what_the_run_counts_under_every_option() {
        let text = text();
        for consent in [ConsentTime::Ever, ConsentTime::AsOf, ConsentTime::AsOfPhone] {
            for records in [ConsentRecords::Any, ConsentRecords::Latest] {
                for emails in [Emails::Exact, Emails::Folded] {
                    for duplicates in [Duplicates::Keep, Duplicates::Drop] {
                        let options = Options { consent, records, emails, duplicates, ..Options::default() };
                        let options = withdrawing(options);
                        let result = admitted(&text, &options);
                        let names = names(&result.outcomes(&options), &text);
                        let count = |name: &str| names.iter().filter(|found| **found == name).count() as u64;
                        let within = result.customers.rows().len() as u64;
                        let filtered = |rule| result.filtered.get(rule);
                        assert_eq!(count("consents"), within + filtered(Rule::Duplicate), "{options:?}");
                        assert_eq!(count("withdrawn"), filtered(Rule::Withdrawn), "{options:?}");
                        let rest = names.len() as u64 - count("consents") - count("withdrawn");
                        assert_eq!(rest, filtered(Rule::NoConsent), "{options:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn those_of_narrower_options_are_those_of_a_run_under_them() {
        let text = text();
        let any = withdrawing(Options::default());
        let latest = Options { records: ConsentRecords::Latest, ..any.clone() };
        let narrowed = narrow(&admitted(&text, &any), &latest).outcomes(&latest);
        assert_eq!(narrowed, admitted(&text, &latest).outcomes(&latest));
    }
}
