//! Generated exports in which everything collides, and the options to run them
//! under.

use proptest::prelude::*;
use stedi_lakehouse::options::{
    Compression, ConsentRecords, ConsentTime, Identity, Join, Options, SharedSerials,
};

pub const EMAILS: [&str; 6] = ["a@x.org", "A@x.org", "b@x.org", "c@x.org", "\u{a0}C@x.org ", "nobody@x.org"];
const SERIALS: [&str; 5] = ["s1", "s2", "s3", "s2 ", "unknown"];

fn customer() -> impl Strategy<Value = Customer> {
    let share = prop_oneof![
        3 => (1..8i64).prop_map(|date| date.to_string()),
        1 => Just("null".to_owned()),
        1 => Just("0".to_owned()),
        1 => Just("-5".to_owned()),
        1 => Just("\"soon\"".to_owned()),
    ];
    let fault = prop_oneof![
        20 => Just(Fault::None),
        1 => Just(Fault::Phone),
        1 => Just(Fault::Cut),
        1 => Just(Fault::CutEarly),
    ];
    (0..5usize, 0..4usize, prop::option::of(0..4i64), share, 0..2u8, fault).prop_map(
        |(email, serial, updated, share, name, fault)| Customer {
            email: EMAILS[email],
            serial: SERIALS[serial],
            updated,
            share,
            name,
            fault,
        },
    )
}

pub fn export() -> impl Strategy<Value = Export> {
    let reading = (0..EMAILS.len(), 1..8i64, prop::option::of(-1..2i64))
        .prop_map(|(user, time, x)| Reading { user: EMAILS[user], time, x });
    let step = (0..SERIALS.len(), 1..8i64, prop::option::of(0..3i64))
        .prop_map(|(serial, time, distance)| Step { serial: SERIALS[serial], time, distance });
    (
        prop::collection::vec(customer(), 0..9),
        prop::collection::vec(reading, 0..40),
        prop::collection::vec(step, 0..25),
    )
        .prop_map(|(customers, readings, steps)| Export { customers, readings, steps })
}

pub fn options() -> impl Strategy<Value = Options> {
    let withdrawals = prop::sample::subsequence(
        vec![
            "B@X.ORG",
            "a@X.org\u{a0}",
            " s2 ",
            "S1",
            "nothing",
            "nobody@x.org",
            "\u{feff}unknown",
            "c@x.org",
        ],
        0..4,
    );
    (any::<[bool; 5]>(), withdrawals, prop::bool::weighted(0.4)).prop_map(|(others, list, withdraw)| {
        let list = if withdraw { list.into_iter().map(str::to_owned).collect() } else { Vec::new() };
        Options { withdrawals: list, ..choices(others) }
    })
}

/// For each option the other choice instead of the default, or not.
pub fn choices(others: [bool; 5]) -> Options {
    let [consent, records, shared_serials, join, identity] = others;
    Options {
        consent: if consent { ConsentTime::AsOf } else { ConsentTime::Ever },
        records: if records { ConsentRecords::Latest } else { ConsentRecords::Any },
        shared_serials: if shared_serials { SharedSerials::Drop } else { SharedSerials::Keep },
        join: if join { Join::Time } else { Join::Owner },
        identity: if identity { Identity::Serial } else { Identity::Pseudonym },
        compression: Compression::default(),
        withdrawals: Vec::new(),
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    pub email: &'static str,
    pub serial: &'static str,
    pub updated: Option<i64>,
    /// As it stands in the JSON.
    pub share: String,
    pub name: u8,
    pub fault: Fault,
}

/// What makes a customer record no row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    None,
    /// Of a type that the column cannot hold.
    Phone,
    /// Cut behind the email.
    Cut,
    /// Cut within the email.
    CutEarly,
}

#[derive(Clone, Debug)]
pub struct Reading {
    pub user: &'static str,
    pub time: i64,
    pub x: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub serial: &'static str,
    pub time: i64,
    pub distance: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Export {
    pub customers: Vec<Customer>,
    pub readings: Vec<Reading>,
    pub steps: Vec<Step>,
}

impl Export {
    /// Its records, one a line: customers, readings, steps.
    pub fn lines(&self) -> [Vec<String>; 3] {
        [
            self.customers.iter().map(Customer::line).collect(),
            self.readings.iter().map(Reading::line).collect(),
            self.steps.iter().map(Step::line).collect(),
        ]
    }
}

impl Customer {
    fn line(&self) -> String {
        let Customer { email, serial, share, name, fault, .. } = self;
        let phone = if *fault == Fault::Phone { "\"phone\":true," } else { "" };
        let line = format!(
            "{{\"customerName\":\"Name {name}\",{phone}\"email\":\"{email}\",\"serialNumber\":\"{serial}\",\
             \"lastUpdateDate\":{},\"shareWithResearchAsOfDate\":{share}}}\n",
            json(self.updated)
        );
        let cut = |text: &str, more: usize| line.find(text).map_or(0, |at| at + more);
        match fault {
            Fault::None | Fault::Phone => line,
            Fault::Cut => line[..cut("serialN", 2)].to_owned() + "\n",
            Fault::CutEarly => line[..cut("@x.org", 1)].to_owned() + "\n",
        }
    }
}

impl Reading {
    fn line(&self) -> String {
        format!(
            "{{\"user\":\"{}\",\"timestamp\":{},\"x\":{},\"y\":0.0}}\n",
            self.user,
            self.time,
            json(self.x)
        )
    }
}

impl Step {
    fn line(&self) -> String {
        let Step { serial, time, .. } = self;
        format!(
            "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":{}}}\n",
            json(self.distance)
        )
    }
}

fn json(value: Option<i64>) -> String {
    value.map_or("null".to_owned(), |value| value.to_string())
}
