//! A run as an OpenLineage event: <https://openlineage.io/spec/2-0-2/OpenLineage.json>.
//!
//! Datasets are the tables, by their names, under [`NAMESPACE`]: a lake has no
//! address of its own, and neither machine nor folder of the user is told.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, ErrorKind};
use crate::options::{ConsentRecords, ConsentTime, Identity, SharedSerials};
use crate::report::{InputStatus, OptionsReport, Report};
use crate::schema::{Landing, Table, accelerometer, customer, machine_learning, step_trainer};

/// Of job and tables.
pub const NAMESPACE: &str = "stedi-lakehouse";
/// A name for this program, not an address: it has none that a run could know.
const PRODUCER: &str = concat!("urn:stedi-lakehouse:", env!("CARGO_PKG_VERSION"));

/// What the host gives to the event.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// A UUID, new for each run.
    pub run_id: String,
    /// When the run ended, as RFC 3339.
    pub time: String,
}

impl Event {
    fn check(&self) -> Result<(), Error> {
        let uuid = self.run_id.len() == 36
            && self.run_id.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        let time = self.time.as_bytes();
        let zoned = time.len() >= 20
            && time[..19].iter().zip(b"0000-00-00T00:00:00").all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                _ => byte == form,
            });
        match (uuid, zoned) {
            (false, _) => Err(ErrorKind::BadArgument { expected: "UUID" }.into()),
            (_, false) => Err(ErrorKind::BadArgument { expected: "RFC 3339 time" }.into()),
            _ => Ok(()),
        }
    }
}

/// `lineage.json`: the run as a COMPLETE event, from a completed report.
///
/// # Errors
/// `BadArgument` for a run id that is no UUID, or a time that is none.
pub fn lineage(report: &Report, event: &Event) -> Result<String, Error> {
    event.check()?;
    let tags = [
        ("consent", json!(report.options.consent)),
        ("records", json!(report.options.records)),
        ("shared_serials", json!(report.options.shared_serials)),
        ("join", json!(report.options.join)),
        ("identity", json!(report.options.identity)),
        ("withdrawals", json!(report.options.withdrawals.to_string())),
    ]
    .map(|(key, value)| json!({"key": key, "value": value, "source": "STEDI-LAKEHOUSE"}));
    let event = json!({
        "eventType": "COMPLETE",
        "eventTime": event.time,
        "producer": PRODUCER,
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {
            "runId": event.run_id,
            "facets": {
                "processing_engine": facet("1-1-1", "ProcessingEngineRunFacet", json!({
                    "name": report.tool.name,
                    "version": report.tool.version,
                })),
                "tags": facet("1-0-0", "TagsRunFacet", json!({"tags": tags})),
            },
        },
        "job": {
            "namespace": NAMESPACE,
            "name": "curate",
            "facets": {
                "jobType": facet("2-0-4", "JobTypeJobFacet", json!({
                    "processingType": "BATCH",
                    "integration": "STEDI-LAKEHOUSE",
                    "jobType": "JOB",
                })),
                "documentation": facet("1-1-0", "DocumentationJobFacet", json!({
                    "description": "Filters STEDI exports by consent to research, joins the sensors and writes \
                                    curated Parquet.",
                    "contentType": "text/plain",
                })),
            },
        },
        "inputs": Landing::ALL.map(|kind| input(report, kind)),
        "outputs": report.outputs.iter().map(|output| json!({
            "namespace": NAMESPACE,
            "name": output.table.name(),
            "facets": {
                "schema": schema(output.table),
                "columnLineage": column_lineage(output.table, &report.options),
                "storage": facet("1-0-1", "StorageDatasetFacet", json!({
                    "storageLayer": "file",
                    "fileFormat": "parquet",
                })),
                "version": facet("1-0-1", "DatasetVersionDatasetFacet", json!({
                    "datasetVersion": format!("sha256:{}", output.sha256),
                })),
            },
            "outputFacets": {
                "outputStatistics": facet("1-0-2", "OutputStatisticsOutputDatasetFacet", json!({
                    "rowCount": output.rows,
                    "size": output.bytes,
                    "fileCount": 1,
                })),
            },
        })).collect::<Vec<_>>(),
    });
    // A value with string keys: this cannot fail.
    Ok(serde_json::to_string_pretty(&event).unwrap_or_default())
}

/// Adds what every facet has.
fn facet(version: &str, name: &str, mut facet: Value) -> Value {
    facet["_producer"] = PRODUCER.into();
    facet["_schemaURL"] =
        format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}").into();
    facet
}

fn input(report: &Report, kind: Landing) -> Value {
    let used: Vec<u64> = report
        .inputs
        .iter()
        .filter(|input| matches!(input.status, InputStatus::Used { table, .. } if table == kind))
        .map(|input| input.bytes)
        .collect();
    let table = kind.table();
    json!({
        "namespace": NAMESPACE,
        "name": table.name(),
        "facets": {"schema": schema(table)},
        "inputFacets": {
            "inputStatistics": facet("1-0-0", "InputStatisticsInputDatasetFacet", json!({
                "rowCount": report.tables.get(&table).map_or(0, |counts| counts.rows_out),
                "size": used.iter().sum::<u64>(),
                "fileCount": used.len(),
            })),
        },
    })
}

fn schema(table: Table) -> Value {
    let fields: Vec<Value> = table
        .columns()
        .iter()
        .zip(1..)
        .map(|(column, position)| {
            json!({
                "name": column.name,
                "type": column.ty.name(),
                "description": column.description(),
                "ordinal_position": position,
            })
        })
        .collect();
    facet("1-2-0", "SchemaDatasetFacet", json!({"fields": fields}))
}

/// A column of a landing table: what every value and every choice of a row
/// comes from.
type Origin = (Landing, usize);

fn column_lineage(table: Table, options: &OptionsReport) -> Value {
    let fields: Map<String, Value> = (0..table.columns().len())
        .map(|at| {
            let (origin, subtype, masking) = origin(table, at, options.identity);
            let transformation = json!({"type": "DIRECT", "subtype": subtype, "masking": masking});
            let from = input_field(origin, &transformation);
            (table.columns()[at].name.to_owned(), json!({"inputFields": [from]}))
        })
        .collect();
    let dataset: Vec<Value> = deciding(table, options)
        .into_iter()
        .map(|(origin, subtype)| input_field(origin, &json!({"type": "INDIRECT", "subtype": subtype})))
        .collect();
    facet("1-2-0", "ColumnLineageDatasetFacet", json!({"fields": fields, "dataset": dataset}))
}

fn input_field((kind, at): Origin, transformation: &Value) -> Value {
    json!({
        "namespace": NAMESPACE,
        "name": kind.table().name(),
        "field": kind.columns()[at].name,
        "transformations": [transformation],
    })
}

/// Where a column's values come from, and how.
fn origin(table: Table, at: usize, identity: Identity) -> (Origin, &'static str, bool) {
    let same = |kind| ((kind, at), "IDENTITY", false);
    match table {
        Table::CustomerLanding | Table::CustomerTrusted | Table::CustomerCurated => same(Landing::Customer),
        Table::AccelerometerLanding | Table::AccelerometerTrusted => same(Landing::Accelerometer),
        Table::StepTrainerLanding | Table::StepTrainerTrusted => same(Landing::StepTrainer),
        Table::MachineLearningCurated => match (at, identity) {
            (machine_learning::SUBJECT, Identity::Pseudonym) => {
                ((Landing::Accelerometer, accelerometer::USER), "TRANSFORMATION", true)
            }
            (machine_learning::SUBJECT, Identity::Serial) => {
                ((Landing::StepTrainer, step_trainer::SERIALNUMBER), "IDENTITY", false)
            }
            (machine_learning::SENSORREADINGTIME, _) => {
                ((Landing::StepTrainer, step_trainer::SENSORREADINGTIME), "IDENTITY", false)
            }
            (machine_learning::DISTANCEFROMOBJECT, _) => {
                ((Landing::StepTrainer, step_trainer::DISTANCEFROMOBJECT), "IDENTITY", false)
            }
            (axis, _) => {
                let axis = accelerometer::X + axis - machine_learning::X;
                ((Landing::Accelerometer, axis), "IDENTITY", false)
            }
        },
    }
}

/// The columns that decide which rows a table has.
fn deciding(table: Table, options: &OptionsReport) -> Vec<(Origin, &'static str)> {
    use Landing::{Accelerometer, Customer, StepTrainer};
    let as_of = options.consent == ConsentTime::AsOf;
    let withdrawals = options.withdrawals > 0;
    let mut found = vec![((Customer, customer::SHAREWITHRESEARCHASOFDATE), "FILTER")];
    if options.records == ConsentRecords::Latest {
        found.push(((Customer, customer::EMAIL), "FILTER"));
        found.push(((Customer, customer::LASTUPDATEDATE), "FILTER"));
    }
    if withdrawals {
        found.push(((Customer, customer::EMAIL), "FILTER"));
        found.push(((Customer, customer::SERIALNUMBER), "FILTER"));
    }
    if table > Table::CustomerTrusted {
        found.push(((Customer, customer::EMAIL), "JOIN"));
        found.push(((Accelerometer, accelerometer::USER), "JOIN"));
        if as_of {
            found.push(((Accelerometer, accelerometer::TIMESTAMP), "FILTER"));
        }
    }
    if table > Table::CustomerCurated {
        found.push(((Customer, customer::SERIALNUMBER), "JOIN"));
        found.push(((StepTrainer, step_trainer::SERIALNUMBER), "JOIN"));
        if as_of {
            found.push(((StepTrainer, step_trainer::SENSORREADINGTIME), "FILTER"));
        }
        if options.shared_serials == SharedSerials::Drop {
            found.push(((Customer, customer::EMAIL), "FILTER"));
            found.push(((Customer, customer::SERIALNUMBER), "FILTER"));
        }
    }
    if table == Table::MachineLearningCurated {
        found.push(((Accelerometer, accelerometer::TIMESTAMP), "JOIN"));
        found.push(((StepTrainer, step_trainer::SENSORREADINGTIME), "JOIN"));
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::super::complete::tests::completed;
    use super::*;
    use crate::options::Options;

    fn event() -> Event {
        Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05.678Z".to_owned(),
        }
    }

    fn told(options: Options) -> Value {
        serde_json::from_str(&lineage(&completed(options), &event()).unwrap()).unwrap()
    }

    #[test]
    fn every_column_of_every_table_has_its_origin() {
        let told = told(Options::default());
        assert_eq!(told["inputs"].as_array().unwrap().len(), 3);
        let outputs = told["outputs"].as_array().unwrap();
        assert_eq!(outputs.len(), 5);
        for (output, table) in outputs.iter().zip(Table::WRITTEN) {
            assert_eq!(output["name"], table.name());
            let fields = &output["facets"]["columnLineage"]["fields"];
            for column in table.columns() {
                assert_eq!(
                    fields[column.name]["inputFields"].as_array().unwrap().len(),
                    1,
                    "{}",
                    column.name
                );
            }
            assert_eq!(output["outputFacets"]["outputStatistics"]["rowCount"], 1);
        }
        let subject = &outputs[4]["facets"]["columnLineage"]["fields"]["subject"]["inputFields"][0];
        assert_eq!(
            (&subject["field"], &subject["transformations"][0]["masking"]),
            (&json!("user"), &json!(true))
        );
        let z = &outputs[4]["facets"]["columnLineage"]["fields"]["z"]["inputFields"][0];
        assert_eq!((&z["name"], &z["field"]), (&json!("accelerometer_landing"), &json!("z")));
    }

    #[test]
    fn options_change_what_decides() {
        let deciding = |told: &Value, at: usize| {
            told["outputs"][at]["facets"]["columnLineage"]["dataset"].as_array().unwrap().len()
        };
        let plain = told(Options::default());
        let strict = told(Options {
            consent: ConsentTime::AsOf,
            records: ConsentRecords::Latest,
            shared_serials: SharedSerials::Drop,
            ..Options::default()
        });
        assert_eq!([0, 1, 2, 3, 4].map(|at| deciding(&plain, at)), [1, 3, 3, 5, 7]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| deciding(&strict, at)), [3, 6, 6, 10, 12]);
    }

    #[test]
    fn the_host_must_give_a_uuid_and_a_time() {
        let report = completed(Options::default());
        for (run_id, time) in [("1", event().time), (&*event().run_id, "yesterday".to_owned())] {
            let error = lineage(&report, &Event { run_id: run_id.to_owned(), time }).unwrap_err();
            assert_eq!(error.code(), "bad_argument");
        }
    }
}
