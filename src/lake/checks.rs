//! Holds a lake against its report: what the report says of itself, each table's file, and the
//! tables together. The host checks files and hashes, which needs their places.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::rows::{customers, pairs, readings, steps};
use super::table_file::TableFile;
use crate::audit::{Json, ReportFile};
use crate::error::Error;
use crate::export::is_of_spark;
use crate::parquet::FileStatistics;
use crate::rows::Customer;
use crate::schema::Table;
use crate::splits::Split;

/// What in a lake is not as its report says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Short name.
    pub code: &'static str,
    /// The file, by its path below the lake; of a table its name.
    pub place: String,
    /// For people; never a value of a row.
    pub message: String,
}

impl Difference {
    /// In this place.
    pub fn new(code: &'static str, place: &str, message: impl Into<String>) -> Difference {
        Difference { code, place: place.to_owned(), message: message.into() }
    }
}

/// What the file of a table holds.
#[derive(Clone, Debug)]
pub struct Check {
    /// Which table.
    pub table: Table,
    /// How many rows.
    pub rows: u64,
    /// In how many row groups.
    pub row_groups: u64,
    /// What is not as it should be.
    pub differences: Vec<Difference>,
    /// What its footer says of them.
    pub statistics: FileStatistics,
    /// Who is in it: emails of customers, users of readings, subjects.
    people: BTreeSet<String>,
    /// Serial numbers.
    devices: BTreeSet<String>,
}

impl Check {
    fn people(&self) -> &BTreeSet<String> {
        &self.people
    }

    fn devices(&self) -> &BTreeSet<String> {
        &self.devices
    }
}

/// What a report says of itself: the ledger of each table, and its outputs.
pub fn check_report(report: &ReportFile) -> Vec<Difference> {
    let json = report.json();
    let tables = json.get("tables");
    let mut found = Vec::new();
    let mut ledger = |table: Table, message: &str| {
        found.push(Difference::new("ledger", table.name(), message));
    };
    let count = |table: Table, name: &str| tables.get(table.name()).count_of(name);
    // Spark counts no rows by rule: whether the ledger balances is not known then.
    let has_ledger =
        |table: &Table| tables.get(table.name()).get("filtered") != &Json::Null || !is_of_spark(report);
    for table in Table::ALL.into_iter().filter(has_ledger) {
        let counts = tables.get(table.name());
        let kept = match counts.get("rows_matched") {
            Json::Null => counts.count_of("rows_out"),
            matched => matched.count(),
        };
        let gone: u64 = ["filtered", "rejected"]
            .iter()
            .flat_map(|kind| counts.get(kind).fields())
            .map(|(_, count)| count.count())
            .sum();
        if counts.count_of("rows_in") != kept + gone {
            ledger(table, "rows in are not rows out, filtered and rejected together");
        }
        let pairs = counts.get("pairs");
        let together = counts.count_of("rows_out") + counts.count_of("pairs_left_out");
        if pairs != &Json::Null && pairs.count() != together {
            ledger(table, "pairs are not rows out and pairs left out together");
        }
    }
    for (table, before) in [
        (Table::CustomerTrusted, Table::CustomerLanding),
        (Table::AccelerometerTrusted, Table::AccelerometerLanding),
        (Table::CustomerCurated, Table::CustomerTrusted),
        (Table::StepTrainerTrusted, Table::StepTrainerLanding),
        (Table::MachineLearningCurated, Table::AccelerometerTrusted),
    ] {
        if has_ledger(&table)
            && count(table, "rows_in") != count(before, "rows_out") + count(table, "rows_in_lake")
        {
            ledger(table, &format!("rows in are not the rows of {}", before.name()));
        }
    }
    if has_ledger(&Table::MachineLearningCurated)
        && count(Table::MachineLearningCurated, "rows_in_step")
            != count(Table::StepTrainerTrusted, "rows_out")
    {
        ledger(Table::MachineLearningCurated, "its step readings are not those of step_trainer_trusted");
    }
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    for output in json.get("outputs").items() {
        *rows.entry(output.text_of("table")).or_default() += output.count_of("rows");
    }
    for (name, rows) in rows {
        if rows != tables.get(name).count_of("rows_out") {
            found.push(Difference::new("ledger", name, "its output has other rows than its ledger"));
        }
    }
    found
}

/// The rows of a table that is held against the report of its lake, as they come.
pub struct TableCheck {
    table: Table,
    row_groups: u64,
    differences: Vec<Difference>,
    statistics: FileStatistics,
    state: State,
}

impl TableCheck {
    /// Of a file by its footer; its rows are to come in their order.
    pub fn new(report: &ReportFile, file: &TableFile) -> TableCheck {
        TableCheck {
            table: file.table(),
            row_groups: file.row_groups() as u64,
            differences: metadata(report, file),
            statistics: file.statistics(),
            state: State::default(),
        }
    }

    /// Goes on with the next file of the table, where it has several.
    pub fn next_file(&mut self, report: &ReportFile, file: &TableFile) {
        self.row_groups += file.row_groups() as u64;
        self.differences.extend(metadata(report, file));
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// `NotALake` if they are none of the table.
    pub fn rows(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.state.take(self.table, batch)
    }

    /// All rows of the files of the table have come, the first of which lies at this path; of a split, its own.
    pub fn finish(self, report: &ReportFile, path: &str) -> Check {
        let TableCheck { table, row_groups, mut differences, statistics, state } = self;
        let State { rows, unsorted, repeated, unconsented, people, devices, .. } = state;
        let name = table.name();
        let mut differs = |code, message: String| differences.push(Difference::new(code, name, message));
        let mut outputs = report.json().get("outputs").items().iter();
        let output = outputs.find(|output| output.text_of("file") == path).unwrap_or(&Json::Null);
        let split = Split::from_name(output.text_of("split"));
        let told = match split {
            Some(_) => output.count_of("rows"),
            None => report.json().get("tables").get(name).count_of("rows_out"),
        };
        if rows != told {
            differs("rows", format!("it has {rows} rows, and the report says {told}"));
        }
        if unsorted > 0 {
            differs("order", format!("{unsorted} of its rows are not in the order of the table"));
        }
        if repeated > 0 && report.option("one_per_instant") == "on" {
            differs("rows", format!("{repeated} of its rows have subject and time of another"));
        }
        if unconsented > 0 {
            differs("consent", format!("{unconsented} of its rows hold no consent to research"));
        }
        let told = match split {
            Some(split) => report.json().get("splits").get(split.name()),
            None => report.json().get("privacy"),
        };
        let (is, told) = (people.len() as u64, told.get("subjects"));
        if table == Table::MachineLearningCurated && told != &Json::Null && told.count() != is {
            differs("rows", format!("it has {is} subjects, and the report says {}", told.count()));
        }
        Check { table, rows, row_groups, differences, statistics, people, devices }
    }
}

/// What differs between the tables of one lake: whoever is in a later table is in the earlier ones.
pub fn check_together(report: &ReportFile, checks: &[Check]) -> Vec<Difference> {
    let of: BTreeMap<Table, &Check> = checks.iter().map(|check| (check.table, check)).collect();
    let mut found = Vec::new();
    let mut within = |table: Table, whole: Table, names: fn(&Check) -> &BTreeSet<String>, what: &str| {
        let (Some(one), Some(other)) = (of.get(&table), of.get(&whole)) else { return };
        let strange = names(one).difference(names(other)).count();
        if strange > 0 {
            let message = format!("{strange} {what} in it are not in {}", whole.name());
            found.push(Difference::new("consent", table.name(), message));
        }
    };
    within(Table::AccelerometerTrusted, Table::CustomerTrusted, Check::people, "users");
    within(Table::CustomerCurated, Table::AccelerometerTrusted, Check::people, "people");
    within(Table::CustomerCurated, Table::CustomerTrusted, Check::devices, "serial numbers");
    within(Table::StepTrainerTrusted, Table::CustomerCurated, Check::devices, "serial numbers");
    if report.option("identity") == "serial" {
        within(Table::MachineLearningCurated, Table::StepTrainerTrusted, Check::devices, "serial numbers");
    }
    let splits = checks.iter().filter(|check| check.table == Table::MachineLearningCurated);
    if let [one, other, ..] = splits.collect::<Vec<_>>()[..] {
        let both = one.people.intersection(&other.people).count();
        if both > 0 {
            let message = format!("{both} subjects are in both of its splits");
            found.push(Difference::new("split", one.table.name(), message));
        }
    }
    found
}

/// What is known of the rows read so far.
#[derive(Default)]
struct State {
    rows: u64,
    unsorted: u64,
    /// Rows of machine_learning_curated that have subject and time of the row before.
    repeated: u64,
    unconsented: u64,
    people: BTreeSet<String>,
    devices: BTreeSet<String>,
    /// The last batch: rows are compared with the one before them.
    last: Option<RecordBatch>,
}

impl State {
    fn take(&mut self, table: Table, batch: &RecordBatch) -> Result<(), Error> {
        let last = self.last.take().filter(|last| last.num_rows() > 0);
        let last = last.map(|last| last.slice(last.num_rows() - 1, 1));
        // The last row of the batch before comes first again.
        let joined: Vec<&RecordBatch> = last.iter().chain([batch]).collect();
        match table {
            Table::AccelerometerTrusted => {
                let rows = joined.iter().map(|batch| readings(batch)).collect::<Result<Vec<_>, _>>()?;
                let rows: Vec<_> = rows.into_iter().flatten().collect();
                self.unsorted += not_so(&rows, |a, b| a.order(b).is_le());
                names(&mut self.people, rows.iter().map(|row| row.user));
            }
            Table::StepTrainerTrusted => {
                let rows = joined.iter().map(|batch| steps(batch)).collect::<Result<Vec<_>, _>>()?;
                let rows: Vec<_> = rows.into_iter().flatten().collect();
                self.unsorted += not_so(&rows, |a, b| a.order(b).is_le());
                names(&mut self.devices, rows.iter().map(|row| row.serial));
            }
            Table::MachineLearningCurated => {
                let rows = joined.iter().map(|batch| pairs(batch)).collect::<Result<Vec<_>, _>>()?;
                let rows: Vec<_> = rows.into_iter().flatten().collect();
                self.unsorted += not_so(&rows, |a, b| a.order(b).is_le());
                self.repeated += not_so(&rows, |a, b| (a.subject, a.time) != (b.subject, b.time));
                names(&mut self.people, rows.iter().map(|row| row.subject));
                names(&mut self.devices, rows.iter().map(|row| row.subject));
            }
            _ => {
                let rows = joined.iter().map(|batch| customers(batch)).collect::<Result<Vec<_>, _>>()?;
                let rows: Vec<Customer> = rows.into_iter().flatten().collect();
                self.unsorted += not_so(&rows, |a, b| a.order(b).is_le());
                let new = &rows[last.as_ref().map_or(0, RecordBatch::num_rows)..];
                self.unconsented += new.iter().filter(|row| row.consent_date().is_none()).count() as u64;
                names(&mut self.people, new.iter().map(Customer::email));
                names(&mut self.devices, new.iter().map(Customer::serial));
            }
        }
        self.rows += batch.num_rows() as u64;
        self.last = Some(batch.clone());
        Ok(())
    }
}

/// Of rows that follow each other those of which this does not hold.
fn not_so<T>(rows: &[T], holds: impl Fn(&T, &T) -> bool) -> u64 {
    rows.windows(2).filter(|pair| !holds(&pair[0], &pair[1])).count() as u64
}

/// Most rows have the name of the row before them.
fn names<'a>(names: &mut BTreeSet<String>, rows: impl Iterator<Item = &'a str>) {
    let mut last = None;
    for name in rows {
        if last != Some(name) && !names.contains(name) {
            names.insert(name.to_owned());
        }
        last = Some(name);
    }
}

/// The metadata of a file say program, table and options, and nothing else.
fn metadata(report: &ReportFile, file: &TableFile) -> Vec<Difference> {
    let place = file.table().name();
    let about = file.metadata().file_metadata();
    let none = Vec::new();
    let entries = about.key_value_metadata().unwrap_or(&none);
    if is_of_spark(report) {
        let is_sparks = entries.iter().all(|entry| entry.key.starts_with("org.apache.spark."));
        let by_spark = about.created_by().is_some_and(|writer| writer.starts_with("parquet-mr"));
        let message = "its metadata are not those that Spark writes";
        let differs = (!is_sparks || !by_spark).then(|| Difference::new("metadata", place, message));
        return differs.into_iter().collect();
    }
    let value = |key: &str| {
        let entry = entries.iter().find(|entry| entry.key == format!("stedi_lakehouse.{key}"));
        entry.and_then(|entry| entry.value.as_deref()).unwrap_or_default()
    };
    let version = report.json().get("tool").text_of("version");
    let told = report.json().get("options");
    let options = Json::parse(value("options")).unwrap_or(Json::Null);
    let beside = ["key", "key_check"];
    let same_options = options.fields().iter().all(|(name, value)| told.get(name) == value)
        && told
            .fields()
            .iter()
            .all(|(name, _)| beside.contains(&name.as_str()) || options.get(name) != &Json::Null);
    let checks = [
        (entries.len() == 3, "it has other entries than the version, the table and the options"),
        (value("version") == version, "it was written by another version of the program"),
        (value("table") == place, "it says that it is of another table"),
        (same_options, "its options are not those of the report"),
        (
            about.created_by() == Some(&format!("stedi-lakehouse version {version}")),
            "it does not name this program as its writer",
        ),
    ];
    let differing = checks.iter().filter(|(holds, _)| !holds);
    differing.map(|(_, message)| Difference::new("metadata", place, *message)).collect()
}
