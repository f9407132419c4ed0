//! What a table promises of its rows and of those of other tables: each promise as a query that counts the rows that
//! break it, in the SQL that DuckDB reads. `${table}` stands for the table, as contracts have it; other tables are
//! named by their folders.

use super::ReportFile;
use crate::schema::{Table, accelerometer, customer, machine_learning, step_trainer};

/// A promise about a table.
pub(super) struct Promise {
    /// What is promised.
    pub(super) about: &'static str,
    /// Counts what breaks it.
    pub(super) query: String,
    /// What it is, for languages that have a word for it.
    pub(super) kind: Kind,
}

/// A kind of promise.
pub(super) enum Kind {
    /// Every value of a column stands in a column of the other table.
    Within(&'static str, Table, &'static str),
    /// So many values are in a column.
    Distinct(&'static str, u64),
    /// Any other.
    Query,
}

/// What the table promises under the options of the run; if it is the only table, nothing that names another.
pub(super) fn promises(table: Table, report: &ReportFile, alone: bool) -> Vec<Promise> {
    let is = |option: &str, value: &str| report.option(option) == value;
    let [mail, serial] = [customer::EMAIL, customer::SERIALNUMBER].map(|at| name(Table::CustomerTrusted, at));
    let [user, taken] =
        [accelerometer::USER, accelerometer::TIMESTAMP].map(|at| name(Table::AccelerometerTrusted, at));
    let [read, distance] = [step_trainer::SENSORREADINGTIME, step_trainer::DISTANCEFROMOBJECT]
        .map(|at| name(Table::StepTrainerTrusted, at));
    let mut promises = Vec::new();
    match table {
        Table::CustomerTrusted if is("records", "latest") => promises.push(newest(mail)),
        Table::AccelerometerTrusted => {
            promises.push(within(
                "Each reading is of a person who agreed",
                &[user],
                Table::CustomerTrusted,
                &[mail],
            ));
            if !is("consent", "ever") {
                promises.push(since([user, taken], Table::CustomerTrusted, mail));
            }
        }
        Table::CustomerCurated => {
            let all: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
            promises.push(within(
                "Each record is one of customer_trusted",
                &all,
                Table::CustomerTrusted,
                &all,
            ));
            promises.push(within("Each person has a reading", &[mail], Table::AccelerometerTrusted, &[user]));
        }
        Table::StepTrainerTrusted => {
            let about = "Each reading is of a device of customer_curated";
            promises.push(within(about, &[serial], Table::CustomerCurated, &[serial]));
            if is("consent", "as-of") {
                promises.push(since([serial, read], Table::CustomerCurated, serial));
            }
            if is("shared_serials", "drop") {
                promises.push(unshared(serial, mail));
            }
        }
        Table::MachineLearningCurated => {
            let subject = name(table, machine_learning::SUBJECT);
            promises.push(distinct(subject, report.json().get("privacy").count_of("subjects")));
            if is("times", "relative") {
                promises.push(from_zero(subject, read));
            }
            if !alone {
                let axes = &Table::AccelerometerTrusted.columns()[accelerometer::X..];
                let axes: Vec<&str> = axes.iter().map(|column| column.name).collect();
                // Times that were moved are those of no reading.
                let timed = |time, rest: &[&'static str]| match is("times", "exact") {
                    true => [&[time][..], rest].concat(),
                    false => rest.to_vec(),
                };
                let about = "What the step trainer measured is in step_trainer_trusted";
                let steps = timed(read, &[distance]);
                promises.push(within(about, &steps, Table::StepTrainerTrusted, &steps));
                let about = "What the phone measured is in accelerometer_trusted";
                let (own, phone) = (timed(read, &axes), timed(taken, &axes));
                promises.push(within(about, &own, Table::AccelerometerTrusted, &phone));
                if is("identity", "serial") {
                    let about = "Each subject is a device";
                    promises.push(within(about, &[subject], Table::StepTrainerTrusted, &[serial]));
                }
            }
        }
        _ => {}
    }
    if is("duplicates", "drop") && table != Table::MachineLearningCurated {
        promises.push(unequal(table));
    }
    promises
}

fn name(table: Table, at: usize) -> &'static str {
    table.columns()[at].name
}

fn query(about: &'static str, query: String) -> Promise {
    Promise { about, query, kind: Kind::Query }
}

/// The columns, of the rows that a query calls by a letter.
fn of(letter: char, columns: &[&str]) -> String {
    columns.iter().map(|column| format!("{letter}.{column}")).collect::<Vec<_>>().join(", ")
}

/// `EXCEPT` takes nulls for equal, which a join would not.
fn within(about: &'static str, own: &[&'static str], other: Table, columns: &[&'static str]) -> Promise {
    let query = format!(
        "SELECT count(*) FROM (SELECT {} FROM ${{table}} t EXCEPT SELECT {} FROM \"{}\" o)",
        of('t', own),
        of('o', columns),
        other.folder()
    );
    let kind = match (own, columns) {
        (&[own], &[column]) => Kind::Within(own, other, column),
        _ => Kind::Query,
    };
    Promise { about, query, kind }
}

/// `[whose, when]`: no reading of anybody's before the first consent of whoever the customers' column says.
fn since([whose, when]: [&str; 2], customers: Table, column: &str) -> Promise {
    let consent = name(customers, customer::SHAREWITHRESEARCHASOFDATE);
    query(
        "No reading is from before the consent that it stands on",
        format!(
            "SELECT count(*) FROM ${{table}} t JOIN (SELECT c.{column} AS whose, min(c.{consent}) AS since \
             FROM \"{}\" c GROUP BY c.{column}) p ON p.whose = t.{whose} WHERE t.{when} < p.since",
            customers.folder()
        ),
    )
}

/// What is not positive is no date, and older than any.
fn newest(mail: &str) -> Promise {
    let updated = name(Table::CustomerTrusted, customer::LASTUPDATEDATE);
    query(
        "Of each person only the newest records",
        format!(
            "SELECT count(*) FROM (SELECT t.{mail} FROM ${{table}} t GROUP BY t.{mail} \
             HAVING count(DISTINCT CASE WHEN t.{updated} > 0 THEN t.{updated} ELSE 0 END) > 1)"
        ),
    )
}

fn unshared(serial: &str, mail: &str) -> Promise {
    query(
        "No reading is of a device of several people",
        format!(
            "SELECT count(*) FROM (SELECT t.{serial} FROM ${{table}} t INTERSECT (SELECT c.{serial} FROM \"{}\" c \
             GROUP BY c.{serial} HAVING count(DISTINCT c.{mail}) > 1))",
            Table::CustomerTrusted.folder()
        ),
    )
}

fn distinct(subject: &'static str, count: u64) -> Promise {
    let query = format!("SELECT abs(count(DISTINCT t.{subject}) - {count}) FROM ${{table}} t");
    Promise { about: "The subjects that the report counts", query, kind: Kind::Distinct(subject, count) }
}

fn from_zero(subject: &str, time: &str) -> Promise {
    query(
        "The times of each subject start at 0",
        format!(
            "SELECT count(*) FROM (SELECT t.{subject} FROM ${{table}} t GROUP BY t.{subject} HAVING min(t.{time}) <> 0)"
        ),
    )
}

fn unequal(table: Table) -> Promise {
    let all: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    let all = of('t', &all);
    query(
        "No two rows are equal in every column",
        format!("SELECT count(*) FROM (SELECT {all} FROM ${{table}} t GROUP BY {all} HAVING count(*) > 1)"),
    )
}
