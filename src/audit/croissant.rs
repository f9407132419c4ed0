//! machine_learning_curated as a Croissant dataset, so that the tools of
//! machine learning find, check and load it: Croissant 1.1 with the
//! responsible-AI terms, <http://mlcommons.org/croissant/1.1>.

use super::croissant_files::{Described, about_times, described, distribution, record_sets};
use super::json::{Json, document, fill, quoted};
use super::{Event, ReportFile};
use crate::error::Error;
use crate::schema::Table;

/// What only the person who publishes knows. Each may be missing: then the
/// description says so, where Croissant asks for it.
#[derive(Clone, Debug, Default)]
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
pub fn croissant(report: &ReportFile, event: &Event, publication: &Publication) -> Result<Json, Error> {
    let found = described(report, event)?;
    let digest = found.digest();
    let creator = creator(publication);
    let consent = consent(report);
    let cite = found.cite(publication);
    let url = publication.url.clone().unwrap_or_else(|| format!("urn:uuid:{}", event.run_id));
    let [identity, times] = ["identity", "times"].map(|name| report.option(name));
    let text = fill(
        DATASET,
        &[
            ("description", &quoted(&format!("{ABOUT} {consent}"))),
            ("version", &quoted(&format!("1.0.0+{}", digest.get(..12).unwrap_or(&digest)))),
            ("day", &quoted(found.day)),
            ("license", &publication.license.as_deref().map_or_else(|| NO_LICENSE.to_owned(), quoted)),
            ("url", &quoted(&url)),
            ("creator", &quoted(creator)),
            ("cite", &quoted(&cite)),
            ("consent", &quoted(&consent)),
            ("meaning", &quoted(report.json().get("privacy").text_of("meaning"))),
            ("instants", &quoted(about_instants(report.option("one_per_instant")))),
            ("times", &quoted(about_times(times).1)),
            ("distribution", &distribution(&found, publication.content_url.as_deref())),
            ("records", &record_sets(&found, identity, times)),
        ],
    );
    document(&text, "croissant.json")
}

impl Described<'_> {
    /// How the table is cited, as BibTeX.
    pub(super) fn cite(&self, publication: &Publication) -> String {
        let (name, creator) = (Table::MachineLearningCurated.name(), creator(publication));
        let year = self.day.get(..4).unwrap_or(self.day);
        let hashes: Vec<String> = self
            .files
            .iter()
            .map(|file| match file.split.filter(|_| self.files.len() > 1) {
                Some(split) => format!("{} ({})", file.sha256, split.name()),
                None => file.sha256.to_owned(),
            })
            .collect();
        let hashes = hashes.join(", ");
        format!(
            "@misc{{{name}, title={{STEDI {name}}}, author={{{creator}}}, year={{{year}}}, note={{SHA-256 {hashes}}}}}"
        )
    }
}

fn creator(publication: &Publication) -> &str {
    publication.creator.as_deref().unwrap_or("not specified")
}

/// The context is the one that Croissant 1.1 prescribes.
const DATASET: &str = r#"{
    "@context": {
        "@language": "en", "@vocab": "https://schema.org/", "arrayShape": "cr:arrayShape", "citeAs": "cr:citeAs",
        "column": "cr:column", "conformsTo": "dct:conformsTo", "containedIn": "cr:containedIn",
        "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
        "description": {"@container": "@language"}, "equivalentProperty": "cr:equivalentProperty",
        "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
        "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet",
        "format": "cr:format", "includes": "cr:includes", "isArray": "cr:isArray",
        "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5",
        "name": {"@container": "@language"}, "parentField": "cr:parentField", "path": "cr:path",
        "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet", "references": "cr:references",
        "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
        "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
        "transform": "cr:transform"
    },
    "@type": "sc:Dataset",
    "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
    "name": "machine_learning_curated",
    "description": $description,
    "version": $version,
    "datePublished": $day,
    "license": $license,
    "url": $url,
    "creator": {"@type": "sc:Organization", "name": $creator},
    "citeAs": $cite,
    "isLiveDataset": false,
    "rai:dataCollection": "Records of the STEDI step trainer and its phone app, exported as JSON.",
    "rai:dataPreprocessingProtocol": [
        $consent,
        "Each row pairs a step trainer reading with an accelerometer reading of the same time.",
        $instants,
        $times
    ],
    "rai:personalSensitiveInformation": [$meaning],
    "distribution": [$distribution],
    "recordSet": [$records]
}"#;

/// The form of schema.org for a licence that has no address.
const NO_LICENSE: &str = r#"{
    "@type": "sc:CreativeWork",
    "name": "not specified",
    "description":
        "No licence was given when the table was made. Ask whoever gave you the data before you use it."
}"#;

pub(super) const ABOUT: &str = "Pairs of a step trainer reading and a phone accelerometer reading of one moment, \
                                of people who agreed to research.";

/// What consent these people gave, and what became of their names.
pub(super) fn consent(report: &ReportFile) -> String {
    let consent = match report.option("consent") {
        "ever" => {
            "Only readings of people whose customer record holds a date of consent to research are in it; \
             readings from before that date are in it too."
        }
        _ => {
            "Only readings of people whose customer record holds a date of consent to research are in it, and \
             only readings from that date on."
        }
    };
    let names = match report.option("identity") {
        "pseudonym" => {
            "It holds no name and no email address: each subject is a keyed hash (HMAC-SHA-256, 128 bits) of an \
             email address. That is pseudonymised, not anonymous."
        }
        _ => {
            "It holds no name and no email address, but each subject is the serial number of a device, which \
             leads back to a person."
        }
    };
    format!("{consent} {names}")
}

/// Whether a subject has several rows of one time.
fn about_instants(one_per_instant: &str) -> &'static str {
    match one_per_instant {
        "on" => "Of several pairs of a subject and a time only the first is kept.",
        _ => "Pairs of one subject and time are all kept, and so are exact duplicates.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::report_file::tests::{completed, report};
    use super::*;
    use crate::options::{ConsentTime, Identity, Options, Times};
    use serde_json::{Value, json};

    fn event() -> Event {
        Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05Z".to_owned(),
        }
    }

    fn described(options: Options, publication: &Publication) -> Value {
        serde_json::from_str(&croissant(&completed(options), &event(), publication).unwrap().pretty())
            .unwrap()
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
    fn the_times_are_described_as_they_are() {
        for (times, said) in [
            (Times::Exact, "Times are those of measurement"),
            (Times::Shifted, "Times are moved"),
            (Times::Relative, "Times are relative"),
        ] {
            let found = described(Options { times, ..Options::default() }, &Publication::default());
            let steps = found["rai:dataPreprocessingProtocol"].as_array().unwrap();
            assert!(steps.iter().any(|step| step.as_str().unwrap().starts_with(said)), "{found}");
            let field = found["recordSet"][0]["field"][1]["description"].as_str().unwrap();
            assert_eq!(field.contains("since the subject's first row"), times == Times::Relative);
            let gait = found["rai:personalSensitiveInformation"][0].as_str().unwrap().contains("not by gait");
            assert_eq!(gait, times != Times::Exact);
        }
    }

    #[test]
    fn without_a_hash_there_is_nothing_to_describe() {
        let report = report(Options::default(), &[]);
        let error = croissant(&report, &event(), &Publication::default()).unwrap_err();
        assert_eq!(error.code(), "not_a_report");
    }
}
