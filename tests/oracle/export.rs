//! Generated exports in which everything collides, and the options to run them
//! under.

use proptest::prelude::*;
use stedi_lakehouse::options::{Choice, Compression, ConsentTime, Emails, Identity, Join, Options, Times};

pub const EMAILS: [&str; 6] = ["a@x.org", "A@x.org", "b@x.org", "c@x.org", "\u{a0}C@x.org ", "nobody@x.org"];
/// Times are this and a little more: of the first of them, 100,000,000,000 is the second,
/// which is the earliest that decides on readings.
pub const BASE: i64 = 99_999_999_998;
const SERIALS: [&str; 5] = ["s1", "s2", "s3", "s2 ", "unknown"];

fn customer() -> impl Strategy<Value = Customer> {
    let share = prop_oneof![
        3 => (1..8i64).prop_map(|date| (BASE + date).to_string()),
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
    // Now and then in another unit than those of others.
    let updated =
        prop_oneof![16 => 0..4i64, 1 => Just(99_999_999_999), 2 => Just(100_000_000_000), 1 => Just(1 << 47)];
    (0..5usize, 0..4usize, prop::option::of(updated), share, 0..2u8, fault).prop_map(
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
        .prop_map(|(user, time, x)| Reading { user: EMAILS[user], time: BASE + time, x });
    let step = (0..SERIALS.len(), 1..8i64, prop::option::of(0..3i64))
        .prop_map(|(serial, time, distance)| Step { serial: SERIALS[serial], time: BASE + time, distance });
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
    (prop::sample::select(choices()), withdrawals, prop::bool::weighted(0.4)).prop_map(
        |(options, list, withdraw)| {
            let list = if withdraw { list.into_iter().map(str::to_owned).collect() } else { Vec::new() };
            Options { withdrawals: list, ..options }
        },
    )
}

/// Times of one subject are moved together, so a subject's rows are one person's.
fn go_together(options: &Options) -> bool {
    let of_one = options.join == Join::Owner && options.identity == Identity::Pseudonym;
    of_one || options.times == Times::Exact
}

/// Every combination of the options that decide on rows, but for those that are refused.
pub fn choices() -> Vec<Options> {
    let none = Options { compression: Compression::default(), ..Options::default() };
    let all = with(vec![none], |options, consent| options.consent = consent);
    let all = with(all, |options, records| options.records = records);
    let all = with(all, |options, emails| options.emails = emails);
    let all = with(all, |options, shared_serials| options.shared_serials = shared_serials);
    let all = with(all, |options, duplicates| options.duplicates = duplicates);
    let all = with(all, |options, join| options.join = join);
    let all = with(all, |options, identity| options.identity = identity);
    let all = with(all, |options, times| options.times = times);
    let mut all = with(all, |options, one_per_instant| options.one_per_instant = one_per_instant);
    all.retain(go_together);
    all
}

/// Each of these options with every value of one.
fn with<C: Choice>(all: Vec<Options>, set: impl Fn(&mut Options, C)) -> Vec<Options> {
    let each = |options: Options| {
        C::ALL.iter().map(move |&value| (options.clone(), value)).map(|(mut options, value)| {
            set(&mut options, value);
            options
        })
    };
    all.into_iter().flat_map(|options| each(options).collect::<Vec<_>>()).collect()
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
    /// What the host of the rules makes of it first: emails as they are compared, and no
    /// consent from dates that cannot decide on readings.
    pub fn as_read(&self, options: &Options) -> Export {
        let mut export = self.clone();
        let fold = |email: &mut &'static str| {
            let folded = email.trim().to_lowercase();
            *email = EMAILS.into_iter().find(|known| *known == folded).unwrap_or(email);
        };
        if options.emails == Emails::Folded {
            export.customers.iter_mut().for_each(|customer| fold(&mut customer.email));
            export.readings.iter_mut().for_each(|reading| fold(&mut reading.user));
        }
        if options.consent != ConsentTime::Ever {
            export.customers.iter_mut().filter(|c| c.is_early()).for_each(|c| c.share = "null".to_owned());
        }
        export
    }

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
    /// Whether it consents from a date that is taken to be in seconds.
    pub fn is_early(&self) -> bool {
        self.share.parse::<i64>().is_ok_and(|date| 0 < date && date < 100_000_000_000)
    }

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
