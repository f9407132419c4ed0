//! The whole pipeline on what chance makes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stedi_lakehouse::options::{
    Compression, ConsentRecords, ConsentTime, Duplicates, Emails, Identity, Join, OnePerInstant, Options,
    SharedSerials, Times,
};
use stedi_lakehouse::schema::{Landing, Table, accelerometer, customer, machine_learning, step_trainer};

use crate::make::{self, Chance, Style};
use crate::naive::{self, Expected, Unsure, fold, trim};
use crate::rows::Cell;
use crate::run::{self, Lake, Shared};

fn options(chance: &mut Chance) -> Options {
    let list = ["B@X.ORG", "\u{a0}a@X.org", " s2 ", "S1", "É@x.org", "nobody@x.org", "unknown"];
    let listed = if chance.one_in(2) { chance.below(4) } else { 0 };
    let join = chance.pick(&[Join::Owner, Join::Time]);
    let identity = chance.pick(&[Identity::Pseudonym, Identity::Serial]);
    // The times of one person move together.
    let times: &[Times] = match (join, identity) {
        (Join::Owner, Identity::Pseudonym) => &[Times::Exact, Times::Shifted, Times::Relative],
        _ => &[Times::Exact],
    };
    Options {
        consent: chance.pick(&[ConsentTime::Ever, ConsentTime::AsOf, ConsentTime::AsOfPhone]),
        records: chance.pick(&[ConsentRecords::Any, ConsentRecords::Latest]),
        emails: chance.pick(&[Emails::Exact, Emails::Folded]),
        duplicates: chance.pick(&[Duplicates::Keep, Duplicates::Drop]),
        shared_serials: chance.pick(&[SharedSerials::Keep, SharedSerials::Drop]),
        join,
        identity,
        times: chance.pick(times),
        one_per_instant: chance.pick(&[OnePerInstant::Off, OnePerInstant::On]),
        compression: chance.pick(&[Compression::Snappy, Compression::Gzip]),
        withdrawals: (0..listed).map(|_| chance.pick(&list).to_owned()).collect(),
    }
}

fn shared(chance: &mut Chance) -> Shared {
    Shared {
        chunk: chance.pick(&[7, 100, usize::MAX]),
        files: 1 + chance.below(3),
        instances: 1 + chance.below(3),
        turn: chance.below(4),
        job_rows: chance.pick(&[3, u64::MAX]),
        spill: chance.one_in(3),
        mixed: chance.one_in(2),
    }
}

/// Customers and readings of two kinds, in a few pieces each.
fn pieces(chance: &mut Chance) -> [Vec<Vec<u8>>; 3] {
    Landing::ALL.map(|kind| {
        let most = if kind == Landing::Customer { 8 } else { 30 };
        (0..1 + chance.below(3)).map(|_| make::input(chance, kind, most)).collect()
    })
}

/// A customer record, as far as consent goes.
struct Person {
    email: String,
    serial: String,
    updated: Option<i64>,
    since: Option<i64>,
}

/// All that is said of people.
#[derive(Default)]
struct Said {
    records: u64,
    people: Vec<Person>,
    /// Emails of records that are none, folded.
    barred: BTreeSet<String>,
    /// Serial numbers in them, trimmed, and the emails beside these.
    serials: BTreeSet<(String, String)>,
    /// Whether there are records that are none, and of nobody.
    nameless: bool,
}

fn said(files: &[Vec<u8>], options: &Options) -> Result<Said, Unsure> {
    let earliest = if options.consent == ConsentTime::Ever { 1 } else { 100_000_000_000 };
    let mut said = Said::default();
    for file in files {
        let read = naive::read(Landing::Customer, file)?;
        said.records += read.rows.len() as u64 + read.rejected;
        said.barred.extend(read.emails);
        said.serials.extend(read.serials);
        said.nameless |= read.nameless > 0;
        for row in &read.rows {
            let text = |at: usize| match &row[at] {
                Expected::Cell(Cell::Text(text)) => Ok(text.clone()),
                _ => Err(Unsure),
            };
            let time = |at: usize| match &row[at] {
                Expected::Cell(Cell::Int(time)) => Some(*time),
                _ => None,
            };
            let email = text(customer::EMAIL)?;
            said.people.push(Person {
                email: if options.emails == Emails::Folded { fold(&email) } else { email },
                serial: text(customer::SERIALNUMBER)?,
                // Zero and less are no date.
                updated: time(customer::LASTUPDATEDATE).filter(|&date| date > 0),
                since: time(customer::SHAREWITHRESEARCHASOFDATE).filter(|&since| since >= earliest),
            });
        }
    }
    Ok(said)
}

/// Since when each email, and each serial number, may be used at all.
#[derive(Default)]
struct Agreed {
    emails: BTreeMap<String, i64>,
    serials: BTreeMap<String, i64>,
}

fn agreed(Said { people, barred, serials, .. }: &Said, options: &Options) -> Agreed {
    let list: Vec<&str> = options.withdrawals.iter().map(|entry| entry.trim()).collect();
    let mut agreed = Agreed::default();
    for person in people {
        let email_listed = list.iter().any(|entry| fold(entry) == fold(&person.email));
        let Some(since) = person.since else { continue };
        if email_listed || list.contains(&person.serial.trim()) {
            continue;
        }
        let others = || people.iter().filter(|other| other.email == person.email);
        let stands = |other: &Person| {
            // Seconds, milliseconds, microseconds, less: eleven digits, fourteen, seventeen.
            let unit = |date: i64| (date.to_string().len().max(11) - 9) / 3;
            let units = others().filter_map(|one| one.updated).map(unit);
            let comparable = units.collect::<BTreeSet<_>>().len() < 2;
            let undated_refusal = other.since.is_none() && (other.updated.is_none() || !comparable);
            let older = other.updated < person.updated;
            !undated_refusal && (older || other.updated == person.updated && other.since.is_some())
        };
        let latest = options.records == ConsentRecords::Latest;
        if latest && (barred.contains(&fold(&person.email)) || !others().all(stands)) {
            continue;
        }
        let add = |into: &mut BTreeMap<String, i64>, name: &String| {
            let earliest = into.entry(name.clone()).or_insert(since);
            *earliest = since.min(*earliest);
        };
        add(&mut agreed.emails, &person.email);
        let serial = trim(&person.serial);
        let is_shared =
            people.iter().any(|other| trim(&other.serial) == serial && other.email != person.email)
                || serials.iter().any(|(named, email)| named == serial && *email != fold(&person.email));
        if options.shared_serials == SharedSerials::Keep || !is_shared {
            add(&mut agreed.serials, &person.serial);
        }
    }
    agreed
}

fn assert_balances(report: &Value) {
    let sum = |counts: &Value| counts.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    for table in Table::ALL {
        let counts = &report["tables"][table.name()];
        let kept = counts.get("rows_matched").unwrap_or(&counts["rows_out"]).as_u64().unwrap();
        let all = kept + sum(&counts["filtered"]) + sum(&counts["rejected"]);
        assert_eq!(counts["rows_in"], all, "{}: {counts}", table.name());
        if let Some(pairs) = counts.get("pairs") {
            let rows = counts["rows_out"].as_u64().unwrap() + counts["pairs_left_out"].as_u64().unwrap();
            assert_eq!(*pairs, rows, "{}: {counts}", table.name());
        }
    }
}

/// Runs a lake. Everyone in it must have agreed; what the oracle cannot read
/// still must balance.
pub fn leaks_nobody(chance: &mut Chance) -> Result<(), Unsure> {
    let (pieces, options, shared) = (pieces(chance), options(chance), shared(chance));
    let lake = run::lake(&pieces, &options, &shared);
    let report: Value = serde_json::from_str(&lake.report_json).unwrap();
    assert_balances(&report);
    let rows = |table: Table| {
        let (_, bytes) = lake.outputs.iter().find(|(found, _)| *found == table).unwrap();
        run::rows(bytes)
    };
    for table in Table::WRITTEN {
        assert_eq!(report["tables"][table.name()]["rows_out"], rows(table).len());
    }

    let said = said(&shared.files(&pieces[0]), &options)?;
    let records = &report["tables"]["customer_landing"]["rows_in"];
    assert_eq!(*records, said.records, "{:?}", shown(&pieces));
    assert!(!said.nameless || report["complete"] == false, "{:?}", shown(&pieces));
    let agreed = agreed(&said, &options);
    // With consent at any time the date does not bind; under as-of-phone it binds the phone's
    // readings, and so the pairs of a person.
    let assert_may = |who: &BTreeMap<String, i64>, name: &str, time: &str, table: Table| {
        let of_person = table != Table::StepTrainerTrusted
            && (table != Table::MachineLearningCurated || options.identity == Identity::Pseudonym);
        let binds = match options.consent {
            ConsentTime::Ever => false,
            ConsentTime::AsOfPhone => of_person,
            ConsentTime::AsOf => true,
        };
        let since = who.get(name).map(|&since| if binds { since } else { i64::MIN });
        let may = since.is_some_and(|since| time.is_empty() || since <= time.parse().unwrap());
        assert!(may, "{}: {name} at {time}: {options:?}: {:?}", table.name(), shown(&pieces));
    };
    for table in [Table::CustomerTrusted, Table::CustomerCurated] {
        for row in rows(table) {
            assert_may(&agreed.emails, &row[customer::EMAIL], "", table);
        }
    }
    for row in rows(Table::AccelerometerTrusted) {
        let (user, time) = (&row[accelerometer::USER], &row[accelerometer::TIMESTAMP]);
        assert_may(&agreed.emails, user, time, Table::AccelerometerTrusted);
    }
    for row in rows(Table::StepTrainerTrusted) {
        let (serial, time) = (&row[step_trainer::SERIALNUMBER], &row[step_trainer::SENSORREADINGTIME]);
        assert_may(&agreed.serials, serial, time, Table::StepTrainerTrusted);
    }
    let moved = |email: &str, since: i64| match options.times {
        Times::Exact => since,
        Times::Shifted => since.wrapping_sub(run::time_offset(email)),
        // When its rows were measured is in no row.
        Times::Relative => i64::MIN,
    };
    let subjects = match options.identity {
        Identity::Serial => agreed.serials.clone(),
        Identity::Pseudonym => {
            let subjects = agreed.emails.iter();
            subjects.map(|(email, &since)| (run::pseudonym(email), moved(email, since))).collect()
        }
    };
    let mut instants = BTreeSet::new();
    for row in rows(Table::MachineLearningCurated) {
        let is_first = instants.insert((
            row[machine_learning::SUBJECT].clone(),
            row[machine_learning::SENSORREADINGTIME].clone(),
        ));
        assert!(
            is_first || options.one_per_instant == OnePerInstant::Off,
            "{options:?}: {:?}",
            shown(&pieces)
        );
        let (subject, time) = (&row[machine_learning::SUBJECT], &row[machine_learning::SENSORREADINGTIME]);
        assert_may(&subjects, subject, time, Table::MachineLearningCurated);
    }
    Ok(())
}

fn shown(pieces: &[Vec<Vec<u8>>; 3]) -> Vec<String> {
    pieces.iter().flatten().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect()
}

/// A nested unknown field in every record keeps all of it from the fast paths,
/// in the sinks of the pipeline too.
pub fn unknown_fields_change_no_table(chance: &mut Chance) {
    let (options, shared) = (options(chance), shared(chance));
    let lines = Landing::ALL.map(|kind| {
        let mut style = Style::new(chance, kind, true);
        let count = chance.below(if kind == Landing::Customer { 9 } else { 60 });
        (0..count).map(|_| [style.record(chance, kind), b"\n".to_vec()].concat()).collect::<Vec<_>>()
    });
    let slow = lines.clone().map(|lines| {
        let slowed = |line: Vec<u8>| {
            let between = if line[1..].trim_ascii_start().starts_with(b"}") { "" } else { "," };
            [format!("{{\"q\":[0],\"q\":1{between}").as_bytes(), &line[1..]].concat()
        };
        lines.into_iter().map(slowed).collect::<Vec<_>>()
    });
    let Lake { report, outputs, .. } = run::lake(&lines, &options, &shared);
    let slow = run::lake(&slow, &options, &shared);
    assert_eq!(format!("{:?}", slow.report.tables), format!("{:?}", report.tables));
    assert!(slow.outputs == outputs, "{options:?}: {:?}", shown(&lines));
}
