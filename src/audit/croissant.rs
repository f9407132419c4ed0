//! machine_learning_curated as a Croissant dataset, so that the tools of
//! machine learning find, check and load it: Croissant 1.0 with the
//! responsible-AI terms, <http://mlcommons.org/croissant/1.0>.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Event;
use crate::error::{Error, ErrorKind};
use crate::options::{ConsentTime, Identity};
use crate::report::Report;
use crate::schema::{Column, ColumnType, Table};

/// What only the person who publishes knows. Each may be missing: then the
/// description says so, where Croissant asks for it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Publication {
    /// The licence: its address, or its SPDX name.
    pub license: Option<String>,
    /// The organisation that answers for the data.
    pub creator: Option<String>,
    /// Address of the dataset's page.
    pub url: Option<String>,
    /// Where the Parquet file lies, seen from the description; else its name in
    /// the report.
    pub content_url: Option<String>,
}

/// `croissant.json`, from a completed report.
///
/// # Errors
/// `NotAReport` when machine_learning_curated was not written or not hashed.
pub fn croissant(report: &Report, event: &Event, publication: &Publication) -> Result<String, Error> {
    let table = Table::MachineLearningCurated;
    let name = table.name();
    let output = report.outputs.iter().find(|output| output.table == table);
    let output = output
        .ok_or_else(|| ErrorKind::NotAReport { problem: format!("it has no {name} with a SHA-256") })?;
    let (file, sha256) = (&output.file, &output.sha256);
    let day = event.time.get(..10).ok_or(ErrorKind::BadArgument { expected: "RFC 3339 time" })?;
    let creator = publication.creator.as_deref().unwrap_or("not specified");
    let file_name = file.rsplit('/').next().unwrap_or(file);
    let file_id = format!("{name}.parquet");
    let fields: Vec<Value> = table.columns().iter().map(|column| field(column, &file_id, report)).collect();
    let dataset = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": name,
        "description": format!(
            "Pairs of a step trainer reading and a phone accelerometer reading of one moment, of people who \
             agreed to research. {}",
            consent(report)
        ),
        "version": format!("1.0.0+{}", &sha256[..sha256.len().min(12)]),
        "datePublished": day,
        "license": publication.license.as_ref().map_or_else(no_license, |license| license.as_str().into()),
        "url": publication.url.clone().unwrap_or_else(|| format!("urn:uuid:{}", event.run_id)),
        "creator": {"@type": "sc:Organization", "name": creator},
        "citeAs": format!("@misc{{{name}, title={{STEDI {name}}}, author={{{creator}}}, year={{{}}}, note={{SHA-256 {sha256}}}}}", &day[..4]),
        "isLiveDataset": false,
        "rai:dataCollection": "Records of the STEDI step trainer and its phone app, exported as JSON.",
        "rai:dataPreprocessingProtocol": [consent(report), RULES],
        "rai:personalSensitiveInformation": [
            report.privacy.as_ref().map_or("", |privacy| privacy.meaning.as_str()),
        ],
        "distribution": [{
            "@type": "cr:FileObject",
            "@id": file_id,
            "name": file_name,
            "description": "The whole table, as Parquet",
            "contentUrl": publication.content_url.as_ref().unwrap_or(file),
            "contentSize": format!("{} B", output.bytes),
            "encodingFormat": "application/x-parquet",
            "sha256": sha256,
        }],
        "recordSet": [{
            "@type": "cr:RecordSet",
            "@id": name,
            "name": name,
            "description": format!("{} rows", output.rows),
            "field": fields,
        }],
    });
    // A value with string keys: this cannot fail.
    Ok(serde_json::to_string_pretty(&dataset).unwrap_or_default())
}

const RULES: &str = "Each row pairs a step trainer reading with an accelerometer reading of the same time; exact duplicates are kept.";

/// What consent these people gave, and what became of their names.
fn consent(report: &Report) -> String {
    let consent = match report.options.consent {
        ConsentTime::Ever => {
            "Only readings of people whose customer record holds a date of consent to research are in it; \
             readings from before that date are in it too."
        }
        ConsentTime::AsOf => {
            "Only readings of people whose customer record holds a date of consent to research are in it, and \
             only readings from that date on."
        }
    };
    let names = match report.options.identity {
        Identity::Pseudonym => {
            "It holds no name and no email address: each subject is a keyed hash (HMAC-SHA-256, 128 bits) of an \
             email address. That is pseudonymised, not anonymous."
        }
        Identity::Serial => {
            "It holds no name and no email address, but each subject is the serial number of a device, which \
             leads back to a person."
        }
    };
    format!("{consent} {names}")
}

/// The form of schema.org for a licence that has no address.
fn no_license() -> Value {
    json!({
        "@type": "sc:CreativeWork",
        "name": "not specified",
        "description": "No licence was given when the table was made. Ask whoever gave you the data before you use it.",
    })
}

fn field(column: &Column, file_id: &str, report: &Report) -> Value {
    let table = Table::MachineLearningCurated;
    let at_subject = column.name == table.columns()[crate::schema::machine_learning::SUBJECT].name;
    let description = match (at_subject, report.options.identity) {
        (true, Identity::Pseudonym) => "Who is measured: a pseudonym, the same in all rows of a person",
        (true, Identity::Serial) => "Who is measured: the serial number of the step trainer",
        _ => column.description(),
    };
    json!({
        "@type": "cr:Field",
        "@id": format!("{}/{}", table.name(), column.name),
        "name": column.name,
        "description": description,
        "dataType": match column.ty {
            ColumnType::String => "sc:Text",
            ColumnType::Bigint | ColumnType::Int => "sc:Integer",
            ColumnType::Double => "sc:Float",
        },
        "source": {"fileObject": {"@id": file_id}, "extract": {"column": column.name}},
    })
}

/// The context that Croissant 1.0 prescribes.
fn context() -> Value {
    let of_croissant = |term: &str| json!(format!("cr:{term}"));
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "dct": "http://purl.org/dc/terms/",
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "rai": "http://mlcommons.org/croissant/RAI/",
        "sc": "https://schema.org/",
    });
    for term in [
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileObject",
        "fileProperty",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ] {
        context[term] = of_croissant(term);
    }
    context
}

#[cfg(test)]
mod tests {
    use super::super::complete::tests::{completed, report};
    use super::*;
    use crate::options::Options;

    fn event() -> Event {
        Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05Z".to_owned(),
        }
    }

    fn described(options: Options, publication: &Publication) -> Value {
        serde_json::from_str(&croissant(&completed(options), &event(), publication).unwrap()).unwrap()
    }

    #[test]
    fn the_file_and_its_columns_are_described() {
        let found = described(Options::default(), &Publication::default());
        let file = &found["distribution"][0];
        assert_eq!(file["contentUrl"], "machine_learning_curated.parquet");
        assert_eq!(file["sha256"].as_str().map(str::len), Some(64));
        assert_eq!(found["recordSet"][0]["field"].as_array().unwrap().len(), 6);
        assert_eq!(
            (&found["datePublished"], &found["license"]["name"]),
            (&json!("2026-01-02"), &json!("not specified"))
        );
        assert!(found["description"].as_str().unwrap().contains("pseudonymised, not anonymous"));
    }

    #[test]
    fn what_the_publisher_says_stands_in_it() {
        let publication = Publication {
            license: Some("CC-BY-4.0".to_owned()),
            content_url: Some("data/x.parquet".to_owned()),
            ..Publication::default()
        };
        let options =
            Options { identity: Identity::Serial, consent: ConsentTime::AsOf, ..Options::default() };
        let found = described(options, &publication);
        assert_eq!(found["license"], "CC-BY-4.0");
        assert_eq!(found["distribution"][0]["contentUrl"], "data/x.parquet");
        let text = found.to_string();
        assert!(!text.contains("keyed hash") && text.contains("only readings from that date on"));
    }

    #[test]
    fn without_a_hash_there_is_nothing_to_describe() {
        let report = report(Options::default(), &[]);
        let error = croissant(&report, &event(), &Publication::default()).unwrap_err();
        assert_eq!(error.code(), "not_a_report");
    }
}
