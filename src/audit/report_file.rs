//! `report.json` as a document: read again, and completed with commit, file
//! names and SHA-256.

use std::collections::{BTreeMap, BTreeSet};

use super::hashed::Hashed;
use super::json::{Json, document, fill, listed, quoted};
use super::research::research;
use crate::error::{Error, ErrorKind};
use crate::options::{Compression, Options};
use crate::report::{FORMAT, VERSION};
use crate::schema::Table;
use crate::splits::Splits;

/// What the host adds to a report.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// The commit that the program was built from, `-dirty` if there were
    /// changes; none if the build was not told.
    pub commit: Option<String>,
    /// On the page: SHA-256 of the core, as the page's end shows it.
    pub wasm_sha256: Option<String>,
    /// Every file that the run was given, packed as it is: a zip is one file.
    pub files: Vec<Hashed>,
    /// Names of those that were not what the run had read when they were hashed:
    /// see [`crate::ingest::Reads`].
    pub changed: BTreeSet<String>,
    /// Every table that is offered or was written.
    pub outputs: Vec<(Table, Hashed)>,
    /// Whether landing files come along.
    pub landing: Landing,
    /// Of a research export whose table is split, in place of that output: counts, and the files of both splits.
    pub splits: Option<(Splits, [Hashed; 2])>,
}

/// What becomes of the inputs in a lake. Default: they stay out.
#[derive(Clone, Debug, Default)]
pub enum Landing {
    /// They are not part of it.
    #[default]
    Left,
    /// They are laid into it; some may lie there already.
    Along(Vec<InPlace>),
}

/// An input that lies in a landing folder of the lake already.
#[derive(Clone, Debug)]
pub struct InPlace {
    /// Its name in the report.
    pub name: String,
    /// Its path below the folder of the lake.
    pub path: String,
    /// Whether this program wrote it, so that a later run may remove it.
    pub ours: bool,
}

/// `report.json` as a document, of this version or of an earlier one.
#[derive(Clone, Debug)]
pub struct ReportFile(pub(super) Json);

impl ReportFile {
    /// Reads a text.
    ///
    /// # Errors
    /// `NotAReport` for one that is no report of this program, or one of a
    /// version to come. The error holds nothing of the text.
    pub fn read(text: &str) -> Result<ReportFile, Error> {
        let refuse = |problem: String| Error::from(ErrorKind::NotAReport { problem });
        let json = Json::parse(text.trim_start_matches('\u{feff}'))
            .map_err(|line| refuse(format!("line {line} cannot be read as one")))?;
        if json.get("format").text() != Some(FORMAT) {
            return Err(refuse(format!("its format is not {FORMAT}")));
        }
        let version = json.get("version").count();
        if !(1..=u64::from(VERSION)).contains(&version) {
            return Err(refuse(format!(
                "it is of version {version}, and this program knows the versions 1 to {VERSION}"
            )));
        }
        for part in ["tool", "options", "inputs", "tables"] {
            if json.get(part) == &Json::Null {
                return Err(refuse(format!("it has no {part}")));
            }
        }
        Ok(ReportFile(json))
    }

    /// Adds what only the host knows, and what takes a second reading of every
    /// byte. An input whose name is that of a file gets its hash; one whose name
    /// starts with a file's name and a slash came in that zip, which is listed in
    /// `archives`. A file that is not what it was in the run has no hash, and a
    /// warning says so.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn complete(&mut self, completion: Completion) -> Result<(), Error> {
        let report = &mut self.0;
        if let Some(tool) = report.get_mut("tool") {
            tool.set("commit", "version", completion.commit.into());
            tool.set("wasm_sha256", "commit", completion.wasm_sha256.into());
        }
        let files = positions(completion.files.iter().map(|file| file.name.as_str()));
        let mut zips = vec![false; completion.files.len()];
        let (mut unhashed, mut changed) = (0u64, 0u64);
        // Counts a file without a hash under the reason for it.
        let mut without = |file: &Hashed, other_size: bool| {
            let count = if other_size || completion.changed.contains(&file.name) {
                &mut changed
            } else {
                &mut unhashed
            };
            *count += 1;
        };
        for input in report.get_mut("inputs").map_or(&mut [][..], Json::items_mut) {
            let name = input.text_of("name").to_owned();
            let mut hash = None;
            if let Some(&at) = files.get(name.as_str()) {
                let file = &completion.files[at];
                let other_size = file.sha256.is_some() && file.bytes != input.count_of("bytes");
                hash = file.sha256.clone().filter(|_| !other_size);
                let unread = matches!(input.text_of("status"), "refused" | "skipped" | "left_out");
                if hash.is_none() && !unread {
                    without(file, other_size);
                }
            } else if let Some(at) = zip_of(&name, &files) {
                if !zips[at] && completion.files[at].sha256.is_none() {
                    without(&completion.files[at], false);
                }
                zips[at] = true;
                input.set("archive", "bytes", completion.files[at].name.as_str().into());
            }
            input.set("sha256", "bytes", hash.into());
        }
        let archives = completion.files.iter().zip(zips).filter(|(_, is_zip)| *is_zip);
        let archives = listed(archives.map(|(zip, _)| told(ARCHIVE, zip, &[])));
        report.set("archives", "inputs", list(&archives)?);
        for (code, count, message) in [("unhashed", unhashed, UNHASHED), (INPUT_CHANGED, changed, CHANGED)] {
            if let (1.., Some(Json::List(warnings))) = (count, report.get_mut("warnings")) {
                let (code, message, count) = (quoted(code), quoted(message), count.to_string());
                let values = [("code", &*code), ("count", &*count), ("message", &*message)];
                warnings.push(document(&fill(WARNING, &values), "a warning of report.json")?);
            }
        }
        self.set_outputs(&completion.outputs)?;
        self.set_files(&[])
    }

    /// The document.
    pub fn json(&self) -> &Json {
        &self.0
    }

    /// An option's value, by its name; its default in reports that are older than it.
    pub fn option(&self, name: &str) -> &str {
        let default = || Options::all().into_iter().find(|option| option.name == name);
        let found = self.0.get("options").get(name).text();
        found.or_else(|| Some(default()?.values.first()?.0)).unwrap_or_default()
    }

    /// A completed report as a research export has it: inputs are numbers with
    /// sizes, and only readings have a hash. One that is so already stays as it is.
    pub fn for_research(&self) -> ReportFile {
        ReportFile(research(&self.0))
    }

    /// How the run compressed its tables; earlier versions had no choice.
    pub fn compression(&self) -> Compression {
        serde_json::from_value(self.option("compression").into()).unwrap_or_default()
    }
}

const ARCHIVE: &str = r#"{"name": $name, "bytes": $bytes, "sha256": $sha}"#;
const WARNING: &str = r#"{"code": $code, "count": $count, "message": $message}"#;
const UNHASHED: &str = "Inputs could not be read again after the run, so the report has no SHA-256 of them.";
/// The code of the warning that inputs were changed after they were read.
const INPUT_CHANGED: &str = "input_changed";
const CHANGED: &str = "Inputs were changed after they were read. The tables hold what was read, and the report has no \
                       SHA-256 of these inputs.";

pub(super) fn told(template: &str, file: &Hashed, more: &[(&str, &str)]) -> String {
    let sha256 = file.sha256.as_deref().map_or("null".to_owned(), quoted);
    let (name, bytes) = (quoted(&file.name), file.bytes.to_string());
    fill(&fill(template, more), &[("name", &name), ("bytes", &bytes), ("sha", &sha256)])
}

pub(super) fn list(inside: &str) -> Result<Json, Error> {
    document(&format!("[{inside}]"), "a list of report.json")
}

/// Where each name stands. Not collected: that would bring in a sort.
pub(super) fn positions<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut positions = BTreeMap::new();
    for (at, name) in names.enumerate() {
        positions.insert(name, at);
    }
    positions
}

fn zip_of(name: &str, files: &BTreeMap<&str, usize>) -> Option<usize> {
    name.match_indices('/').find_map(|(at, _)| files.get(&name[..at]).copied())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::audit::Hasher;
    use crate::ingest::InputFile;
    use crate::options::{Key, KeyOrigin, Options};
    use crate::pipeline::{CustomerStage, Reader, ReadingStage, RowGroupBuilder};
    use crate::report::Input;
    use crate::schema::Landing;

    fn read(stage: &mut ReadingStage, reader: &mut Reader, name: &str, kind: Landing, text: &str) {
        let mut file = InputFile::new(name, kind);
        reader.push(&mut file, text.as_bytes());
        let decoded = reader.finish(file);
        stage.log().decoded(name.to_owned(), text.len() as u64, kind, decoded);
    }

    /// A finished run of one person, with other inputs beside it.
    pub fn report(options: Options, inputs: &[Input]) -> ReportFile {
        let customer = r#"{"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}"#;
        let reading = r#"{"user":"a","timestamp":5,"x":1,"y":1,"z":1}"#;
        let step = r#"{"sensorReadingTime":5,"serialNumber":"s","distanceFromObject":1}"#;
        let key = Key::new(b"k".to_vec(), KeyOrigin::Given).unwrap();
        let mut stage = CustomerStage::new(options, key).unwrap();
        let mut file = InputFile::new("c.json", Landing::Customer);
        stage.reader().push(&mut file, customer.as_bytes());
        let decoded = stage.reader().finish(file);
        stage.log().decoded("c.json".to_owned(), customer.len() as u64, Landing::Customer, decoded);
        inputs.iter().for_each(|input| stage.log().input(input.clone()));
        let mut stage = stage.consent();
        let mut reader = Reader::new(stage.context().clone());
        read(&mut stage, &mut reader, "z.zip/a.json", Landing::Accelerometer, reading);
        read(&mut stage, &mut reader, "s.json", Landing::StepTrainer, step);
        stage.merge(reader.counters().clone());
        let stage = stage.plan_curation();
        let builder = RowGroupBuilder::new(reader, stage.plan().clone());
        let readings = |job| builder.work_with(&[], job);
        let work = |job| stage.encode_customers(job).unwrap_or_else(|| readings(job)).unwrap().1;
        let done = (0..stage.plan().jobs().len()).map(work);
        ReportFile::read(&stage.finish(done.collect()).unwrap().report_json().unwrap()).unwrap()
    }

    /// The same with hashes.
    pub fn completed(options: Options) -> ReportFile {
        let mut report = report(options, &[]);
        let hashed =
            |name: &str, bytes| Hashed { name: name.into(), bytes, sha256: Some(hash(name.as_bytes())) };
        let file = |input: &Json| {
            let name = input.get("name").text().unwrap().replace("/a.json", "");
            hashed(&name, input.get("bytes").count())
        };
        let completion = Completion {
            files: report.0.get("inputs").items().iter().map(file).collect(),
            outputs: Table::WRITTEN
                .map(|table| (table, hashed(&format!("{}.parquet", table.name()), 9)))
                .into(),
            ..Completion::default()
        };
        report.complete(completion).unwrap();
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
        let bytes = report.0.get("inputs").items()[0].get("bytes").count();
        let file = |name: &str, bytes| Hashed { name: name.into(), bytes, sha256: Some("ab".into()) };
        let unread = Hashed { sha256: None, ..file("z.zip", 99) };
        let files = vec![file("c.json", bytes), unread, file("s.json", 1), file("n.png", 3)];
        let outputs = vec![(Table::CustomerTrusted, file("c.parquet", 7))];
        let completion = Completion { commit: Some("1".into()), files, outputs, ..Completion::default() };
        let mut changed = report.clone();
        changed
            .complete(Completion { changed: BTreeSet::from(["z.zip".into()]), ..completion.clone() })
            .unwrap();
        report.complete(completion).unwrap();
        let found: Vec<_> = report
            .0
            .get("inputs")
            .items()
            .iter()
            .map(|input| ["name", "sha256", "archive"].map(|name| input.get(name).text()))
            .collect();
        assert_eq!(
            found,
            [
                [Some("c.json"), Some("ab"), None],
                [Some("n.png"), Some("ab"), None],
                [Some("s.json"), None, None],
                [Some("z.zip/a.json"), None, Some("z.zip")]
            ]
        );
        let zip = &report.0.get("archives").items()[0];
        assert_eq!((zip.get("name").text(), zip.get("bytes").count()), (Some("z.zip"), 99));
        let warnings = |report: &ReportFile| -> Vec<(String, u64)> {
            let warnings = report.0.get("warnings").items().iter();
            let told =
                warnings.map(|warning| (warning.text_of("code").to_owned(), warning.count_of("count")));
            told.filter(|(code, _)| ["unhashed", INPUT_CHANGED].contains(&code.as_str())).collect()
        };
        // One cannot be read again, and one is of another size.
        assert_eq!(warnings(&report), [("unhashed".to_owned(), 1), (INPUT_CHANGED.to_owned(), 1)]);
        assert_eq!(warnings(&changed), [(INPUT_CHANGED.to_owned(), 2)]);
        let [output] = report.0.get("outputs").items() else { panic!("one output") };
        assert_eq!((output.get("rows").count(), output.get("sha256").text()), (1, Some("ab")));
        assert_eq!(report.0.get("tool").get("commit").text(), Some("1"));
        let fields: Vec<_> = report.0.fields().iter().map(|(name, _)| name.as_str()).collect();
        let parts = ["options", "inputs", "archives", "tables", "outputs", "files", "people", "privacy"];
        assert_eq!(fields[5..13], parts);
    }

    #[test]
    fn another_file_is_refused_without_a_word_of_it() {
        let texts =
            ["", "[1]", "{}", "secret", r#"{"email":"secret"}"#, r#"{"format":"secret","version":1}"#];
        for text in texts {
            let error = ReportFile::read(text).unwrap_err();
            assert_eq!(error.code(), "not_a_report");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let json = completed(Options::default()).json().pretty();
        for (old, new, why) in [
            ("\"version\": 3", "\"version\": 4", "of version 4"),
            ("\"tables\"", "\"table\"", "no tables"),
            ("\"options\"", "options", "line 12"),
        ] {
            let error = ReportFile::read(&json.replacen(old, new, 1)).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
