//! A run as an OpenLineage event: <https://openlineage.io/spec/2-0-2/OpenLineage.json>.
//!
//! Datasets are the tables, by their names, under [`NAMESPACE`]: a lake has no
//! address of its own, and neither machine nor folder of the user is told.

use super::ReportFile;
use super::json::{Json, document, fill, listed, quoted};
use crate::error::{Error, ErrorKind};
use crate::options::Options;
use crate::schema::{Landing, Table, accelerometer, customer, machine_learning, step_trainer};

/// Of job and tables.
pub const NAMESPACE: &str = "stedi-lakehouse";
/// A name for this program, not an address: it has none that a run could know.
const PRODUCER: &str = concat!("urn:stedi-lakehouse:", env!("CARGO_PKG_VERSION"));

/// What the host gives to the event.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RunEvent"))]
pub struct Event {
    /// A UUID, new for each run.
    pub run_id: String,
    /// When the run ended, as RFC 3339.
    pub time: String,
}

impl Event {
    /// By their form alone: the host has made them, and a parser of each would make the
    /// page heavier.
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
    let tags = Options::of_rows().map(|name| {
        let value = quoted(report.option(name));
        format!(r#"{{"key": "{name}", "value": {value}, "source": "STEDI-LAKEHOUSE"}}"#)
    });
    let tags = format!(r#""tags": [{}]"#, listed(tags));
    let outputs = report.json().get("outputs").items().iter();
    let text = fill(
        EVENT,
        &[
            ("time", &quoted(&event.time)),
            ("runid", &quoted(&event.run_id)),
            ("producer", &quoted(PRODUCER)),
            ("engine", &facet("1-1-1", "ProcessingEngineRunFacet", &engine(report))),
            ("tags", &facet("1-0-0", "TagsRunFacet", &tags)),
            ("type", &facet("2-0-4", "JobTypeJobFacet", JOB_TYPE)),
            ("documentation", &facet("1-1-0", "DocumentationJobFacet", DOCUMENTATION)),
            ("inputs", &listed(Landing::ALL.iter().map(|&kind| input(report, kind)))),
            ("outputs", &listed(outputs.filter_map(|told| output(report, told)))),
        ],
    );
    document(&text, "lineage.json")
}

const EVENT: &str = r#"{
    "eventType": "COMPLETE",
    "eventTime": $time,
    "producer": $producer,
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    "run": {"runId": $runid, "facets": {"processing_engine": $engine, "tags": $tags}},
    "job": {
        "namespace": "stedi-lakehouse",
        "name": "curate",
        "facets": {"jobType": $type, "documentation": $documentation}
    },
    "inputs": [$inputs],
    "outputs": [$outputs]
}"#;
const JOB_TYPE: &str = r#""processingType": "BATCH", "integration": "STEDI-LAKEHOUSE", "jobType": "JOB""#;
const DOCUMENTATION: &str = r#""contentType": "text/plain", "description":
    "Filters STEDI exports by consent to research, joins the sensors and writes curated Parquet.""#;

fn engine(report: &ReportFile) -> String {
    let tool = report.json().get("tool");
    let [name, version] = ["name", "version"].map(|name| quoted(tool.text_of(name)));
    format!(r#""name": {name}, "version": {version}"#)
}

/// A facet of these fields, with what every facet has.
fn facet(version: &str, name: &str, fields: &str) -> String {
    let schema = format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}");
    format!(r#"{{{fields}, "_producer": "{PRODUCER}", "_schemaURL": "{schema}"}}"#)
}

fn statistics(rows: u64, bytes: u64, files: usize) -> String {
    format!(r#""rowCount": {rows}, "size": {bytes}, "fileCount": {files}"#)
}

fn input(report: &ReportFile, kind: Landing) -> String {
    let table = kind.table();
    let inputs = report.json().get("inputs").items().iter();
    let (mut bytes, mut files) = (0, 0);
    for input in inputs.filter(|input| input.text_of("table") == table.name()) {
        bytes += input.count_of("bytes");
        files += 1;
    }
    let rows = report.json().get("tables").get(table.name()).count_of("rows_out");
    let told = facet("1-0-0", "InputStatisticsInputDatasetFacet", &statistics(rows, bytes, files));
    let values = [("name", table.name()), ("schema", &schema(table)), ("statistics", &told)];
    fill(INPUT, &values)
}

const INPUT: &str = r#"{
    "namespace": "stedi-lakehouse",
    "name": "$name",
    "facets": {"schema": $schema},
    "inputFacets": {"inputStatistics": $statistics}
}"#;

fn output(report: &ReportFile, told: &Json) -> Option<String> {
    let table = Table::from_name(told.text_of("table"))?;
    let version = quoted(&format!("sha256:{}", told.text_of("sha256")));
    let statistics = statistics(told.count_of("rows"), told.count_of("bytes"), 1);
    let values = [
        ("name", table.name()),
        ("schema", &schema(table)),
        ("lineage", &column_lineage(table, report)),
        ("storage", &facet("1-0-1", "StorageDatasetFacet", &storage(report))),
        (
            "version",
            &facet("1-0-1", "DatasetVersionDatasetFacet", &format!(r#""datasetVersion": {version}"#)),
        ),
        ("statistics", &facet("1-0-2", "OutputStatisticsOutputDatasetFacet", &statistics)),
    ];
    Some(fill(OUTPUT, &values))
}

fn storage(report: &ReportFile) -> String {
    let layer = if report.table_format() == "delta" { "delta" } else { "file" };
    format!(r#""storageLayer": "{layer}", "fileFormat": "parquet""#)
}

const OUTPUT: &str = r#"{
    "namespace": "stedi-lakehouse",
    "name": "$name",
    "facets": {"schema": $schema, "columnLineage": $lineage, "storage": $storage, "version": $version},
    "outputFacets": {"outputStatistics": $statistics}
}"#;

fn schema(table: Table) -> String {
    let fields = table.columns().iter().zip(1..).map(|(column, position)| {
        let (name, kind, about) = (column.name, column.ty.name(), quoted(column.meaning));
        format!(
            r#"{{"name": "{name}", "type": "{kind}", "description": {about}, "ordinal_position": {position}}}"#
        )
    });
    facet("1-2-0", "SchemaDatasetFacet", &format!(r#""fields": [{}]"#, listed(fields)))
}

/// A column of a landing table: what every value and every choice of a row
/// comes from.
type Origin = (Landing, usize);

fn column_lineage(table: Table, report: &ReportFile) -> String {
    let fields = table.columns().iter().enumerate().map(|(at, column)| {
        let (from, subtype, masking) = origin(table, at, report);
        let how = format!(r#""type": "DIRECT", "subtype": "{subtype}", "masking": {masking}"#);
        format!(r#""{}": {{"inputFields": [{}]}}"#, column.name, input_field(from, &how))
    });
    let fields = listed(fields);
    let deciding = deciding(table, report);
    let deciding = deciding
        .iter()
        .map(|(from, subtype)| input_field(*from, &format!(r#""type": "INDIRECT", "subtype": "{subtype}""#)));
    let both = format!(r#""fields": {{{fields}}}, "dataset": [{}]"#, listed(deciding));
    facet("1-2-0", "ColumnLineageDatasetFacet", &both)
}

fn input_field((kind, at): Origin, how: &str) -> String {
    let (table, column) = (kind.table().name(), kind.columns()[at].name);
    format!(
        r#"{{"namespace": "{NAMESPACE}", "name": "{table}", "field": "{column}", "transformations": [{{{how}}}]}}"#
    )
}

/// Where a column's values come from, and how.
fn origin(table: Table, at: usize, report: &ReportFile) -> (Origin, &'static str, bool) {
    let same = |kind| ((kind, at), "IDENTITY", false);
    match table {
        Table::CustomerLanding | Table::CustomerTrusted | Table::CustomerCurated => same(Landing::Customer),
        Table::AccelerometerLanding | Table::AccelerometerTrusted => same(Landing::Accelerometer),
        Table::StepTrainerLanding | Table::StepTrainerTrusted => same(Landing::StepTrainer),
        Table::MachineLearningCurated => match (at, report.option("identity"), report.option("times")) {
            (machine_learning::SUBJECT, "serial", _) => {
                ((Landing::StepTrainer, step_trainer::SERIALNUMBER), "IDENTITY", false)
            }
            (machine_learning::SUBJECT, ..) => {
                ((Landing::Accelerometer, accelerometer::USER), "TRANSFORMATION", true)
            }
            (machine_learning::SENSORREADINGTIME, _, times) => {
                let (subtype, masking) =
                    if times == "exact" { ("IDENTITY", false) } else { ("TRANSFORMATION", true) };
                ((Landing::StepTrainer, step_trainer::SENSORREADINGTIME), subtype, masking)
            }
            (machine_learning::DISTANCEFROMOBJECT, ..) => {
                ((Landing::StepTrainer, step_trainer::DISTANCEFROMOBJECT), "IDENTITY", false)
            }
            (axis, ..) => {
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
    let as_of_phone = report.option("consent") != "ever";
    let drop = report.option("duplicates") == "drop";
    let all = |kind: Landing| (0..kind.columns().len()).map(move |at| ((kind, at), "FILTER"));
    let mut found = vec![((Customer, customer::SHAREWITHRESEARCHASOFDATE), "FILTER")];
    if report.option("records") == "latest" {
        found.push(((Customer, customer::EMAIL), "FILTER"));
        found.push(((Customer, customer::LASTUPDATEDATE), "FILTER"));
    }
    if report.option("withdrawals") != "0" {
        found.push(((Customer, customer::EMAIL), "FILTER"));
        found.push(((Customer, customer::SERIALNUMBER), "FILTER"));
    }
    if drop {
        found.extend(all(Customer));
    }
    if table > Table::CustomerTrusted {
        found.push(((Customer, customer::EMAIL), "JOIN"));
        found.push(((Accelerometer, accelerometer::USER), "JOIN"));
        if as_of_phone {
            found.push(((Accelerometer, accelerometer::TIMESTAMP), "FILTER"));
        }
        if drop && [Table::AccelerometerTrusted, Table::MachineLearningCurated].contains(&table) {
            found.extend(all(Accelerometer));
        }
    }
    if table > Table::CustomerCurated {
        found.push(((Customer, customer::SERIALNUMBER), "JOIN"));
        found.push(((StepTrainer, step_trainer::SERIALNUMBER), "JOIN"));
        if as_of {
            found.push(((StepTrainer, step_trainer::SENSORREADINGTIME), "FILTER"));
        }
        if drop {
            found.extend(all(StepTrainer));
        }
        if report.option("shared_serials") == "drop" {
            found.push(((Customer, customer::EMAIL), "FILTER"));
            found.push(((Customer, customer::SERIALNUMBER), "FILTER"));
        }
    }
    if table == Table::MachineLearningCurated {
        found.push(((Accelerometer, accelerometer::TIMESTAMP), "JOIN"));
        found.push(((StepTrainer, step_trainer::SENSORREADINGTIME), "JOIN"));
        // Which pair is the first is said by all that they hold.
        if report.option("one_per_instant") == "on" {
            found.extend([Accelerometer, StepTrainer].into_iter().flat_map(all));
        }
    }
    let mut once = Vec::new();
    for one in found {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{ConsentRecords, ConsentTime, Options, SharedSerials, Times};
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
    fn moved_times_are_told_as_masked() {
        for (times, subtype, masking) in [
            (Times::Exact, "IDENTITY", false),
            (Times::Shifted, "TRANSFORMATION", true),
            (Times::Relative, "TRANSFORMATION", true),
        ] {
            let told = told(Options { times, ..Options::default() });
            let fields = |table: usize| &told["outputs"][table]["facets"]["columnLineage"]["fields"];
            let how = &fields(4)["sensorreadingtime"]["inputFields"][0]["transformations"][0];
            assert_eq!((&how["subtype"], &how["masking"]), (&json!(subtype), &json!(masking)));
            let how = &fields(3)["sensorreadingtime"]["inputFields"][0]["transformations"][0];
            assert_eq!(how["subtype"], "IDENTITY", "the trusted table has them as they were measured");
        }
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
