//! Adds to a report what only the host knows, and what takes a second reading
//! of every byte: commit, file names and SHA-256.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::report::{Archive, InputStatus, Output, Report, Warning};
use crate::schema::Table;

/// SHA-256 of bytes that come in chunks.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// The hash in lower-case hex.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A file of the user's, packed as it is: a zip is one file.
#[derive(Clone, Debug, Deserialize)]
pub struct Hashed {
    /// As the run was told.
    pub name: String,
    /// Size, when it was hashed.
    pub bytes: u64,
    /// In hex; none if it could not be read.
    pub sha256: Option<String>,
}

/// A written table's file.
#[derive(Clone, Debug, Deserialize)]
pub struct HashedOutput {
    /// Which.
    pub table: Table,
    /// Path below the folder of the lake, or the name that the page saves it by.
    pub file: String,
    /// Size.
    pub bytes: u64,
    /// In hex.
    pub sha256: String,
}

/// What the host adds.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Completion {
    /// The commit that the program was built from, if known.
    pub commit: Option<String>,
    /// On the page: SHA-256 of the core.
    pub wasm_sha256: Option<String>,
    /// Every file that the run was given.
    pub files: Vec<Hashed>,
    /// Every table that is offered or was written, in the order of [`Table::WRITTEN`].
    pub outputs: Vec<HashedOutput>,
}

/// Completes a report. An input whose name is that of a file gets its hash; one
/// whose name starts with a file's name and a slash came in that zip, which is
/// listed in `archives`. A file that is not what it was in the run has no hash,
/// and a warning says so.
pub fn complete(report: &mut Report, completion: Completion) {
    report.tool.commit = completion.commit;
    report.tool.wasm_sha256 = completion.wasm_sha256;

    let files: BTreeMap<&str, &Hashed> =
        completion.files.iter().map(|file| (file.name.as_str(), file)).collect();
    let mut archives: BTreeMap<&str, Archive> = BTreeMap::new();
    let mut unhashed = 0;
    for input in &mut report.inputs {
        if let Some(file) = files.get(input.name.as_str()) {
            input.sha256 = file.sha256.clone().filter(|_| file.bytes == input.bytes);
        } else if let Some(zip) = zip_of(&input.name, &files) {
            input.archive = Some(zip.name.clone());
            archives.entry(&zip.name).or_insert_with(|| Archive {
                name: zip.name.clone(),
                bytes: zip.bytes,
                sha256: zip.sha256.clone(),
            });
        }
        let refused = matches!(input.status, InputStatus::Refused { .. });
        unhashed += u64::from(input.sha256.is_none() && input.archive.is_none() && !refused);
    }
    report.archives = archives.into_values().collect();
    unhashed += report.archives.iter().filter(|archive| archive.sha256.is_none()).count() as u64;
    if unhashed > 0 {
        report.warnings.push(Warning::new("unhashed", unhashed, UNHASHED));
    }

    let rows = |table| report.tables.get(&table).map_or(0, |counts| counts.rows_out);
    let output = |HashedOutput { table, file, bytes, sha256 }| Output {
        table,
        file,
        rows: rows(table),
        bytes,
        sha256,
    };
    report.outputs = completion.outputs.into_iter().map(output).collect();
}

const UNHASHED: &str =
    "Inputs could not be read again after the run, or had changed, so the report has no SHA-256 of them.";

fn zip_of<'a>(name: &str, files: &BTreeMap<&str, &'a Hashed>) -> Option<&'a Hashed> {
    name.match_indices('/').find_map(|(at, _)| files.get(&name[..at]).copied())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::ingest::InputFile;
    use crate::options::{Key, KeyOrigin, Options};
    use crate::pipeline::{CustomerStage, Stage};
    use crate::report::Input;
    use crate::schema::Landing;

    fn feed<S: Stage>(stage: &mut S, name: &str, kind: Landing, text: &str) {
        let mut file = InputFile::new(name, kind);
        stage.push(&mut file, text.as_bytes());
        stage.close(file, name.to_owned(), text.len() as u64);
    }

    /// A finished run of one person, with other inputs beside it.
    pub fn report(options: Options, inputs: &[Input]) -> Report {
        let customer = r#"{"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}"#;
        let reading = r#"{"user":"a","timestamp":5,"x":1,"y":1,"z":1}"#;
        let step = r#"{"sensorReadingTime":5,"serialNumber":"s","distanceFromObject":1}"#;
        let key = Key::new(b"k".to_vec(), KeyOrigin::Given).unwrap();
        let mut stage = CustomerStage::new(options, key);
        feed(&mut stage, "c.json", Landing::Customer, customer);
        inputs.iter().for_each(|input| stage.journal().input(input.clone()));
        let mut stage = stage.consent();
        feed(&mut stage, "z.zip/a.json", Landing::Accelerometer, reading);
        feed(&mut stage, "s.json", Landing::StepTrainer, step);
        stage.curate().unwrap().report
    }

    /// The same with hashes.
    pub fn completed(options: Options) -> Report {
        let mut report = report(options, &[]);
        let file = |input: &Input| Hashed {
            name: input.name.replace("/a.json", ""),
            bytes: input.bytes,
            sha256: Some(hash(input.name.as_bytes())),
        };
        let completion = Completion {
            files: report.inputs.iter().map(file).collect(),
            outputs: Table::WRITTEN
                .map(|table| HashedOutput {
                    table,
                    file: format!("{}.parquet", table.name()),
                    bytes: 9,
                    sha256: hash(table.name().as_bytes()),
                })
                .into(),
            ..Completion::default()
        };
        complete(&mut report, completion);
        report
    }

    fn hash(bytes: &[u8]) -> String {
        let mut hasher = Hasher::default();
        bytes.chunks(2).for_each(|chunk| hasher.push(chunk));
        hasher.finish()
    }

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn hashes_are_sha_256() {
        assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn files_and_zips_are_told_apart_and_what_changed_has_no_hash() {
        let mut report =
            report(Options::default(), &[Input::refused("n.png".into(), 3, "not_json", "no JSON")]);
        let bytes = report.inputs[0].bytes;
        let file = |name: &str, bytes| Hashed { name: name.into(), bytes, sha256: Some("ab".into()) };
        let files = vec![file("c.json", bytes), file("z.zip", 99), file("s.json", 1), file("n.png", 3)];
        let outputs = vec![HashedOutput {
            table: Table::CustomerTrusted,
            file: "c.parquet".into(),
            bytes: 9,
            sha256: "cd".into(),
        }];
        complete(
            &mut report,
            Completion { commit: Some("1".into()), files, outputs, ..Completion::default() },
        );
        let found: Vec<_> = report
            .inputs
            .iter()
            .map(|input| (input.name.as_str(), input.sha256.as_deref(), input.archive.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                ("c.json", Some("ab"), None),
                ("n.png", Some("ab"), None),
                ("s.json", None, None),
                ("z.zip/a.json", None, Some("z.zip"))
            ]
        );
        assert_eq!((report.archives[0].name.as_str(), report.archives[0].bytes), ("z.zip", 99));
        let warning = report.warnings.iter().find(|warning| warning.code == "unhashed").unwrap();
        assert_eq!(warning.count, 1, "s.json has another size");
        assert_eq!(report.outputs.len(), 1);
        assert_eq!((report.outputs[0].rows, report.outputs[0].sha256.as_str()), (1, "cd"));
    }

    #[test]
    fn a_report_reads_back_as_it_was_written() {
        let report = completed(Options::default());
        let json = report.to_json();
        assert_eq!(Report::from_json(&json).unwrap().to_json(), json);
    }

    #[test]
    fn another_file_is_refused_without_a_word_of_it() {
        for text in ["", "[1]", "{}", r#"{"email":"secret"}"#, r#"{"format":"secret","version":1}"#, "secret"]
        {
            let error = Report::from_json(text).unwrap_err();
            assert_eq!(error.code(), "not_a_report");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let json = completed(Options::default()).to_json();
        for (old, new, why) in [
            ("\"version\": 2", "\"version\": 3", "of version 3"),
            ("\"consent\": \"ever\"", "\"consent\": \"secret\"", "line 11"),
        ] {
            let error = Report::from_json(&json.replacen(old, new, 1)).unwrap_err().to_string();
            assert!(error.contains(why) && !error.contains("secret"), "{error}");
        }
    }
}
