//! A host of sql/ on DataFusion.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::util::display::array_value_to_string;
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::{Map, Value};
use stedi_lakehouse::options::{Emails, Options};
use stedi_lakehouse::schema::{Column, ColumnType, Landing, Table};

use crate::run::{pseudonym, time_offset};

/// The text of each rule, and an engine that runs them.
pub struct Rules {
    texts: BTreeMap<Table, String>,
    engine: SessionContext,
    runtime: tokio::runtime::Runtime,
}

/// Rows, each value as text, null as "".
pub type Rows = Vec<Vec<String>>;

impl Rules {
    /// As they stand in sql/.
    pub fn read() -> Rules {
        let text = |table: Table| {
            let path = format!("{}/../../sql/{}.sql", env!("CARGO_MANIFEST_DIR"), table.name());
            (table, fs::read_to_string(path).unwrap())
        };
        Rules {
            texts: Table::WRITTEN.into_iter().map(text).collect(),
            // A case is a few rows: more threads would only wait for each other.
            engine: SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1)),
            runtime: tokio::runtime::Builder::new_current_thread().build().unwrap(),
        }
    }

    /// With one text in a rule replaced, which must be there once.
    pub fn with(mut self, table: Table, from: &str, to: &str) -> Rules {
        let text = &self.texts[&table];
        assert_eq!(text.matches(from).count(), 1, "{from:?} in the rule of {}", table.name());
        let replaced = text.replace(from, to);
        self.texts.insert(table, replaced);
        self
    }

    /// The five written tables, their rows sorted.
    pub fn lake(&self, lines: &[Vec<String>; 3], options: &Options) -> BTreeMap<Table, Rows> {
        for (kind, lines) in Landing::ALL.into_iter().zip(lines) {
            let batch = landing(kind, lines, options);
            if kind == Landing::Customer {
                self.register("pseudonyms", pseudonyms(&batch));
                self.register("time_offsets", time_offsets(&batch));
                self.register("withdrawals", withdrawals(&batch, options));
                self.register("barred", barred(&batch, lines));
                self.register("other_bearers", other_bearers(&batch, lines));
            }
            self.register(kind.table().name(), batch);
        }
        self.register("params", params(options));
        Table::WRITTEN.into_iter().map(|table| (table, self.run(table))).collect()
    }

    fn register(&self, name: &str, batch: RecordBatch) {
        self.register_batches(name, batch.schema(), vec![batch]);
    }

    fn register_batches(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) {
        let table = MemTable::try_new(schema, vec![batches]).unwrap();
        self.engine.deregister_table(name).unwrap();
        self.engine.register_table(name, Arc::new(table)).unwrap();
    }

    fn run(&self, table: Table) -> Rows {
        let (schema, batches) = self.runtime.block_on(async {
            let frame = self.engine.sql(&self.texts[&table]).await.unwrap();
            (Arc::new(frame.schema().as_arrow().clone()), frame.collect().await.unwrap())
        });
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names, table.columns().iter().map(|column| column.name).collect::<Vec<_>>());
        let mut rows: Rows = batches.iter().flat_map(rows).collect();
        rows.sort();
        self.register_batches(table.name(), schema, batches);
        rows
    }
}

fn rows(batch: &RecordBatch) -> Rows {
    let row = |at| batch.columns().iter().map(|column| array_value_to_string(column, at).unwrap()).collect();
    (0..batch.num_rows()).map(row).collect()
}

/// A plain record: none if it is cut, or a phone is no text.
fn record(line: &str) -> Option<Map<String, Value>> {
    let fields: Map<String, Value> = serde_json::from_str(line).ok()?;
    let fields: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    (!matches!(fields.get("phone"), Some(Value::Bool(_)))).then_some(fields)
}

/// What plain records hold: a value that is not of the column's type is null. Emails as
/// they are compared.
fn landing(kind: Landing, lines: &[String], options: &Options) -> RecordBatch {
    let spelt = |column: &Column, text: &str| match options.emails == Emails::Folded {
        true if ["email", "user"].contains(&column.name) => text.trim().to_lowercase(),
        _ => text.to_owned(),
    };
    let records: Vec<Map<String, Value>> = lines.iter().filter_map(|line| record(line)).collect();
    let array = |column: &Column| -> ArrayRef {
        let values = records.iter().map(|record| record.get(column.name));
        match column.ty {
            ColumnType::String => {
                Arc::new(StringArray::from_iter(values.map(|v| Some(spelt(column, v?.as_str()?)))))
            }
            ColumnType::Bigint => Arc::new(Int64Array::from_iter(values.map(|v| v?.as_i64()))),
            ColumnType::Int => Arc::new(Int32Array::from_iter(values.map(|v| v?.as_i64().map(|v| v as i32)))),
            ColumnType::Double => Arc::new(Float64Array::from_iter(values.map(|v| v?.as_f64()))),
        }
    };
    let columns = kind.columns().iter().map(array).collect();
    RecordBatch::try_new(kind.table().arrow_schema(), columns).unwrap()
}

fn params(options: &Options) -> RecordBatch {
    let Value::Object(options) = serde_json::to_value(options).unwrap() else {
        unreachable!("options are an object");
    };
    texts(options.iter().filter(|(_, value)| value.is_string()).map(|(name, value)| {
        let name = if name == "join" { "join_by" } else { name };
        (name, vec![value.as_str().unwrap().to_owned()])
    }))
}

/// The spellings of customers that an entry of the list matches.
fn withdrawals(customers: &RecordBatch, options: &Options) -> RecordBatch {
    let trim = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
    let entries: BTreeSet<String> = options.withdrawals.iter().map(|entry| trim(entry)).collect();
    let folded: BTreeSet<String> = entries.iter().map(|entry| entry.to_lowercase()).collect();
    let mut emails = distinct(customers, "email");
    emails.retain(|email| folded.contains(&trim(email).to_lowercase()));
    let mut serials = distinct(customers, "serialnumber");
    serials.retain(|serial| entries.contains(&trim(serial)));
    let none = |count| vec![String::new(); count];
    let (emails, serials) = (Vec::from_iter(emails), Vec::from_iter(serials));
    texts([
        ("email", [emails.clone(), none(serials.len())].concat()),
        ("serialnumber", [none(emails.len()), serials].concat()),
    ])
}

/// The spellings of customers that can be read in a record that is none.
fn barred(customers: &RecordBatch, lines: &[String]) -> RecordBatch {
    let rejected: BTreeSet<String> = rejected(lines).filter_map(|line| email_in(line)).collect();
    let mut emails = distinct(customers, "email");
    emails.retain(|email| rejected.contains(&fold(email)));
    texts([("email", emails.into_iter().collect())])
}

/// Who else has a serial number: by another spelling of it, and in a record that is none.
fn other_bearers(customers: &RecordBatch, lines: &[String]) -> RecordBatch {
    let landed: BTreeSet<(String, String)> =
        values(customers, "serialnumber").zip(values(customers, "email")).collect();
    let rejected = rejected(lines)
        .filter_map(|line| Some((text_of("serialNumber", line)?.trim().to_owned(), email_in(line)?)));
    let rejected: BTreeSet<(String, String)> = rejected.collect();
    let is_known = |serial: &str, email: &str| {
        landed.iter().any(|(known, owner)| known.trim() == serial && fold(owner) == email)
    };
    let mut others = BTreeSet::new();
    for (serial, _) in &landed {
        let spelt_otherwise =
            landed.iter().filter(|(other, _)| other != serial && other.trim() == serial.trim());
        let unknown =
            rejected.iter().filter(|(other, email)| other == serial.trim() && !is_known(other, email));
        others.extend(spelt_otherwise.chain(unknown).map(|(_, email)| (serial.clone(), email.clone())));
    }
    let (serials, emails): (Vec<String>, Vec<String>) = others.into_iter().unzip();
    texts([("serialnumber", serials), ("email", emails)])
}

fn rejected(lines: &[String]) -> impl Iterator<Item = &String> {
    lines.iter().filter(|line| record(line).is_none())
}

fn text_of<'a>(name: &str, line: &'a str) -> Option<&'a str> {
    Some(line.split_once(&format!("\"{name}\":\""))?.1.split_once('"')?.0)
}

fn email_in(line: &str) -> Option<String> {
    text_of("email", line).map(fold)
}

fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

fn values(batch: &RecordBatch, column: &str) -> impl Iterator<Item = String> {
    let texts = batch.column_by_name(column).unwrap();
    (0..texts.len()).map(move |at| array_value_to_string(texts, at).unwrap())
}

fn distinct(batch: &RecordBatch, column: &str) -> BTreeSet<String> {
    values(batch, column).collect()
}

fn pseudonyms(customers: &RecordBatch) -> RecordBatch {
    let emails = distinct(customers, "email");
    let subjects = emails.iter().map(|email| pseudonym(email)).collect();
    texts([("email", emails.into_iter().collect()), ("subject", subjects)])
}

fn time_offsets(customers: &RecordBatch) -> RecordBatch {
    let emails = Vec::from_iter(distinct(customers, "email"));
    let offsets = Int64Array::from_iter_values(emails.iter().map(|email| time_offset(email)));
    let emails = StringArray::from(emails);
    let columns: [(&str, ArrayRef); 2] = [("email", Arc::new(emails)), ("milliseconds", Arc::new(offsets))];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn texts<'a>(columns: impl IntoIterator<Item = (&'a str, Vec<String>)>) -> RecordBatch {
    let array = |(name, values)| (name, Arc::new(StringArray::from(values)) as ArrayRef);
    RecordBatch::try_from_iter(columns.into_iter().map(array)).unwrap()
}
