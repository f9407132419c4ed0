//! A run as an OpenLineage event: <https://openlineage.io/spec/2-0-2/OpenLineage.json>.
//!
//! Datasets are the tables, by their names, under [`NAMESPACE`]: a lake has no
//! address of its own, and neither machine nor folder of the user is told.

use super::{Json, ReportFile};
use crate::error::{Error, ErrorKind};
use crate::schema::{Landing, Table, accelerometer, customer, machine_learning, step_trainer};

/// Of job and tables.
pub const NAMESPACE: &str = "stedi-lakehouse";
/// A name for this program, not an address: it has none that a run could know.
const PRODUCER: &str = concat!("urn:stedi-lakehouse:", env!("CARGO_PKG_VERSION"));

/// What the host gives to the event.
#[derive(Clone, Debug)]
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
pub fn lineage(report: &ReportFile, event: &Event) -> Result<Json, Error> {
    event.check()?;
    let tool = report.json().get("tool");
    let options = ["consent", "records", "shared_serials", "join", "identity", "withdrawals"];
    let tags = options.map(|name| {
        Json::texts([("key", name), ("value", report.option(name)), ("source", "STEDI-LAKEHOUSE")])
    });
    let engine = ["name", "version"].map(|name| (name, tool.get(name).clone()));
    let run_facets = Json::object([
        ("processing_engine", facet("1-1-1", "ProcessingEngineRunFacet", Json::object(engine))),
        ("tags", facet("1-0-0", "TagsRunFacet", Json::object([("tags", Json::list_of(tags))]))),
    ]);
    let job_type = [("processingType", "BATCH"), ("integration", "STEDI-LAKEHOUSE"), ("jobType", "JOB")];
    let about = [("description", DESCRIPTION), ("contentType", "text/plain")];
    let job_facets = Json::object([
        ("jobType", facet("2-0-4", "JobTypeJobFacet", Json::texts(job_type))),
        ("documentation", facet("1-1-0", "DocumentationJobFacet", Json::texts(about))),
    ]);
    let outputs = report.json().get("outputs").items().iter();
    Ok(Json::object([
        ("eventType", "COMPLETE".into()),
        ("eventTime", event.time.as_str().into()),
        ("producer", PRODUCER.into()),
        ("schemaURL", "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent".into()),
        ("run", Json::object([("runId", event.run_id.as_str().into()), ("facets", run_facets)])),
        (
            "job",
            Json::object([
                ("namespace", NAMESPACE.into()),
                ("name", "curate".into()),
                ("facets", job_facets),
            ]),
        ),
        ("inputs", Json::list_of(Landing::ALL.map(|kind| input(report, kind)))),
        ("outputs", Json::list_of(outputs.filter_map(|told| output(report, told)))),
    ]))
}

const DESCRIPTION: &str =
    "Filters STEDI exports by consent to research, joins the sensors and writes curated Parquet.";

/// Adds what every facet has.
fn facet(version: &str, name: &str, mut facet: Json) -> Json {
    let schema = format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}");
    facet.set("_producer", "", PRODUCER.into());
    facet.set("_schemaURL", "", schema.into());
    facet
}

/// A table as a dataset, with facets of its own and of its part in the run.
fn dataset(table: Table, facets: Json, part: &str, statistics: (&str, Json)) -> Json {
    Json::object([
        ("namespace", NAMESPACE.into()),
        ("name", table.name().into()),
        ("facets", facets),
        (part, Json::object([statistics])),
    ])
}

fn statistics(rows: u64, bytes: u64, files: u64) -> Json {
    Json::object([("rowCount", rows.into()), ("size", bytes.into()), ("fileCount", files.into())])
}

fn input(report: &ReportFile, kind: Landing) -> Json {
    let table = kind.table();
    let inputs = report.json().get("inputs").items().iter();
    let used: Vec<u64> = inputs
        .filter(|input| input.get("table").text() == Some(table.name()))
        .map(|input| input.get("bytes").count())
        .collect();
    let rows = report.json().get("tables").get(table.name()).get("rows_out").count();
    let told = statistics(rows, used.iter().sum(), used.len() as u64);
    let told = facet("1-0-0", "InputStatisticsInputDatasetFacet", told);
    dataset(table, Json::object([("schema", schema(table))]), "inputFacets", ("inputStatistics", told))
}

fn output(report: &ReportFile, told: &Json) -> Option<Json> {
    let table = Table::from_name(told.get("table").text()?)?;
    let version = format!("sha256:{}", told.get("sha256").text()?);
    let storage = [("storageLayer", "file"), ("fileFormat", "parquet")];
    let facets = Json::object([
        ("schema", schema(table)),
        ("columnLineage", column_lineage(table, report)),
        ("storage", facet("1-0-1", "StorageDatasetFacet", Json::texts(storage))),
        (
            "version",
            facet("1-0-1", "DatasetVersionDatasetFacet", Json::texts([("datasetVersion", &version)])),
        ),
    ]);
    let told = statistics(told.get("rows").count(), told.get("bytes").count(), 1);
    let told = facet("1-0-2", "OutputStatisticsOutputDatasetFacet", told);
    Some(dataset(table, facets, "outputFacets", ("outputStatistics", told)))
}

fn schema(table: Table) -> Json {
    let fields = table.columns().iter().zip(1u64..).map(|(column, position)| {
        Json::object([
            ("name", column.name.into()),
            ("type", column.ty.name().into()),
            ("description", column.meaning.into()),
            ("ordinal_position", position.into()),
        ])
    });
    facet("1-2-0", "SchemaDatasetFacet", Json::object([("fields", Json::list_of(fields))]))
}

/// A column of a landing table: what every value and every choice of a row
/// comes from.
type Origin = (Landing, usize);

fn column_lineage(table: Table, report: &ReportFile) -> Json {
    let fields = table.columns().iter().enumerate().map(|(at, column)| {
        let (from, subtype, masking) = origin(table, at, report.option("identity"));
        let mut how = Json::texts([("type", "DIRECT"), ("subtype", subtype)]);
        how.set("masking", "", Json::Bool(masking));
        let field = Json::object([("inputFields", Json::list_of([input_field(from, how)]))]);
        (column.name.to_owned(), field)
    });
    let fields = Json::Object(fields.collect());
    let deciding = deciding(table, report)
        .into_iter()
        .map(|(from, subtype)| input_field(from, Json::texts([("type", "INDIRECT"), ("subtype", subtype)])));
    let both = Json::object([("fields", fields), ("dataset", Json::list_of(deciding))]);
    facet("1-2-0", "ColumnLineageDatasetFacet", both)
}

fn input_field((kind, at): Origin, transformation: Json) -> Json {
    Json::object([
        ("namespace", NAMESPACE.into()),
        ("name", kind.table().name().into()),
        ("field", kind.columns()[at].name.into()),
        ("transformations", Json::list_of([transformation])),
    ])
}

/// Where a column's values come from, and how.
fn origin(table: Table, at: usize, identity: &str) -> (Origin, &'static str, bool) {
    let same = |kind| ((kind, at), "IDENTITY", false);
    match table {
        Table::CustomerLanding | Table::CustomerTrusted | Table::CustomerCurated => same(Landing::Customer),
        Table::AccelerometerLanding | Table::AccelerometerTrusted => same(Landing::Accelerometer),
        Table::StepTrainerLanding | Table::StepTrainerTrusted => same(Landing::StepTrainer),
        Table::MachineLearningCurated => match (at, identity) {
            (machine_learning::SUBJECT, "serial") => {
                ((Landing::StepTrainer, step_trainer::SERIALNUMBER), "IDENTITY", false)
            }
            (machine_learning::SUBJECT, _) => {
                ((Landing::Accelerometer, accelerometer::USER), "TRANSFORMATION", true)
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
fn deciding(table: Table, report: &ReportFile) -> Vec<(Origin, &'static str)> {
    use Landing::{Accelerometer, Customer, StepTrainer};
    let as_of = report.option("consent") == "as-of";
    let mut found = vec![((Customer, customer::SHAREWITHRESEARCHASOFDATE), "FILTER")];
    if report.option("records") == "latest" {
        found.push(((Customer, customer::EMAIL), "FILTER"));
        found.push(((Customer, customer::LASTUPDATEDATE), "FILTER"));
    }
    if report.option("withdrawals") != "0" {
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
        if report.option("shared_serials") == "drop" {
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
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{ConsentRecords, ConsentTime, Options, SharedSerials};
    use serde_json::{Value, json};

    fn event() -> Event {
        Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05.678Z".to_owned(),
        }
    }

    fn told(options: Options) -> Value {
        serde_json::from_str(&lineage(&completed(options), &event()).unwrap().pretty()).unwrap()
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
