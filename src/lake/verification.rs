//! Holds a whole lake against its report. The host reads: it says what it finds in the place of each file, and hands
//! over the rows of the tables. What differs is decided here, so that every host says the same.

use std::collections::BTreeMap;

use super::checks::{Check, Difference, check_report, check_together};
use super::contents::{Contents, is_hidden, is_in_table, is_landing};
use super::logs::{Logs, check_logs};
use super::table_file::TableFile;
use crate::audit::Json;
use crate::export::{LakeFile, REPORT};
use crate::schema::Table;
use crate::splits::SPLITS;

/// What lies in the place of a file.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of this size and SHA-256.
    File {
        /// Its size.
        bytes: u64,
        /// In hex.
        sha256: String,
    },
    /// Nothing.
    Nothing,
    /// Something that is no file.
    NoFile,
    /// A file that cannot be read, for this reason.
    Unreadable(String),
}

/// The size of a file, if it is what the report says.
///
/// # Errors
/// What differs.
pub fn check_file(LakeFile { path, sha256 }: &LakeFile, place: &Place) -> Result<u64, Difference> {
    let differs = |code, message: &str| Err(Difference::new(code, path, message));
    match (place, sha256) {
        (Place::Nothing, _) => differs("missing", "the report names it, and it is not there"),
        (Place::NoFile, _) => differs("changed", "it is no file"),
        (Place::Unreadable(why), _) => differs("unreadable", why),
        (_, None) => differs("unhashed", "the older report of this lake has no hash of it"),
        (Place::File { bytes, sha256: found }, Some(sha256)) if found == sha256 => Ok(*bytes),
        _ => differs("changed", "its SHA-256 is not that of the report"),
    }
}

/// What was checked of a lake, and what differs.
#[derive(Default)]
pub struct Verified {
    /// In the order of their codes and places.
    pub differences: Vec<Difference>,
    /// Files that are what the report says.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// Of each table whose file is.
    pub checks: Vec<Check>,
    /// Versions that the logs of its tables name.
    pub logs: u64,
    /// Files that are not the lake's and in nobody's way.
    pub others: u64,
}

/// A verification under way: files first, then the tables of those that are whole.
pub struct Verification {
    contents: Contents,
    verified: Verified,
    /// Files that are what the report says, with their sizes.
    whole: BTreeMap<String, u64>,
    logs: Logs,
}

impl Verification {
    /// Of a lake by its report, of whose files nothing is known yet.
    pub fn new(contents: Contents) -> Verification {
        let mut verified = Verified::default();
        if contents.files.is_empty() {
            let message = "it is the report of a run that wrote no table";
            verified.differences.push(Difference::new("missing", REPORT, message));
        }
        verified.differences.extend(check_report(&contents.report));
        Verification { contents, verified, whole: BTreeMap::new(), logs: Logs::default() }
    }

    /// What belongs to the lake.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Notes what only the host can see.
    pub fn differs(&mut self, difference: Difference) {
        self.verified.differences.push(difference);
    }

    /// Notes what lies in the place of one of [`Contents::files`].
    pub fn file(&mut self, file: &LakeFile, place: &Place) {
        match check_file(file, place) {
            Ok(bytes) => {
                self.whole.insert(file.path.clone(), bytes);
                self.verified.files += 1;
                self.verified.bytes += bytes;
            }
            Err(difference) => self.verified.differences.push(difference),
        }
    }

    /// The tables to be read, with the paths of their files: what a file of another hash holds is not known, and it
    /// may be anything.
    pub fn tables(&self) -> Vec<(Table, String)> {
        let tables = self.contents.tables().into_iter();
        tables.filter(|(_, path)| self.whole.contains_key(path)).collect()
    }

    /// Files of earlier versions of the tables, of which the footer is to be read: see [`Verification::earlier`].
    pub fn earlier_tables(&self) -> Vec<(Table, String)> {
        let tables = self.contents.earlier_tables().into_iter();
        tables.filter(|(_, path)| self.whole.contains_key(path)).collect()
    }

    /// Notes the file of one of them.
    pub fn earlier(&mut self, path: &str, file: &TableFile) {
        self.logs.files.insert(path.to_owned(), file.statistics());
    }

    /// The logs of tables, of which the text is to be read: see [`Verification::log`].
    pub fn logs(&self) -> Vec<String> {
        self.contents.logs().into_iter().filter(|path| self.whole.contains_key(path)).collect()
    }

    /// Notes the text of one of them.
    pub fn log(&mut self, path: &str, text: &str) {
        self.logs.texts.insert(path.to_owned(), text.to_owned());
    }

    /// Notes what was found in one of them.
    pub fn table(&mut self, check: Check) {
        self.verified.checks.push(check);
    }

    /// Notes that the file of one of them cannot be read.
    pub fn unreadable(&mut self, path: &str, why: impl Into<String>) {
        self.differs(Difference::new("unreadable", path, why));
    }

    /// Notes a file below the lake, by its path, that may not be the lake's; `sha256` gives its hash if it is asked
    /// for. One that readers of tables would read differs.
    pub fn found(&mut self, path: &str, sha256: impl FnOnce() -> Option<String>) {
        let is_named = path == REPORT || self.contents.files.iter().any(|file| file.path == path);
        if is_named {
            return;
        }
        // Whoever reads the folder of the splits reads all of it.
        let in_splits = path.strip_prefix(SPLITS).is_some_and(|rest| rest.starts_with('/'))
            && self.contents.report.json().get("splits") != &Json::Null;
        if (in_splits || is_in_table(path))
            && !is_hidden(path)
            && !(is_landing(path) && self.was_input(sha256()))
        {
            let message = "it is not the lake's, and readers of this table would read it";
            self.verified.differences.push(Difference::new("stray", path, message));
        } else {
            self.verified.others += 1;
        }
    }

    /// Whether a landing file that its owner laid there was an input.
    fn was_input(&self, sha256: Option<String>) -> bool {
        let mut inputs = self.contents.report.json().get("inputs").items().iter();
        sha256.is_some_and(|sha256| inputs.any(|input| input.get("sha256").text() == Some(&sha256)))
    }

    /// Everything was read.
    pub fn finish(self) -> Verified {
        let Verification { contents, verified: mut all, whole, mut logs } = self;
        let paths: BTreeMap<Table, String> = contents.tables().into_iter().collect();
        for check in &all.checks {
            let path = paths.get(&check.table).cloned().unwrap_or_default();
            logs.files.insert(path, check.statistics.clone());
        }
        all.logs = logs.texts.len() as u64;
        all.differences.extend(check_logs(&contents, &whole, &logs));
        let of_tables = all.checks.iter().flat_map(|check| check.differences.iter().cloned());
        all.differences.extend(of_tables);
        all.differences.extend(check_together(&contents.report, &all.checks));
        all.differences.sort();
        all
    }
}

impl Verified {
    /// The same as a document.
    pub fn json(&self) -> Json {
        let number = |number: u64| Json::Number(number.to_string());
        let object = |fields: Vec<(&str, Json)>| {
            Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        };
        let Verified { differences, files, bytes, checks, others, .. } = self;
        let differences = differences.iter().map(|Difference { code, place, message }| {
            object(vec![
                ("code", (*code).into()),
                ("place", place.as_str().into()),
                ("message", message.as_str().into()),
            ])
        });
        let mut tables: BTreeMap<Table, [u64; 2]> = BTreeMap::new();
        for Check { table, rows, row_groups, .. } in checks {
            let [all_rows, all_groups] = tables.entry(*table).or_default();
            *all_rows += rows;
            *all_groups += row_groups;
        }
        let tables = tables.into_iter().map(|(table, [rows, row_groups])| {
            let counts = vec![("rows", number(rows)), ("row_groups", number(row_groups))];
            (table.name().to_owned(), object(counts))
        });
        let tables = tables.collect();
        object(vec![
            ("format", "stedi-lakehouse-verification".into()),
            ("version", number(1)),
            ("differences", Json::List(differences.collect())),
            ("files", number(*files)),
            ("bytes", number(*bytes)),
            ("tables", Json::Object(tables)),
            ("others", number(*others)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lake::views::documents::LakeVerification;

    /// The report of a run that wrote two tables and a document.
    const REPORT_TEXT: &str = r#"{"format": "stedi-lakehouse-report", "version": 2, "tool": {}, "options": {},
        "inputs": [{"name": "a", "sha256": "own"}], "tables": {}, "outputs": [
        {"table": "customer_trusted", "file": "customer/trusted/part-00000.snappy.parquet", "sha256": "1"},
        {"table": "customer_curated", "file": "customer/curated/part-00000.snappy.parquet", "sha256": "2"}],
        "files": [{"path": "lineage.json", "sha256": "3"}]}"#;

    fn place(sha256: &str) -> Place {
        Place::File { bytes: 10, sha256: sha256.to_owned() }
    }

    #[test]
    fn what_differs_is_named_and_only_whole_tables_are_read() {
        let contents = Contents::read(REPORT_TEXT).unwrap();
        let files = contents.files.clone();
        let mut verification = Verification::new(contents);
        for (file, place) in files.iter().zip([place("1"), place("other"), Place::Nothing]) {
            verification.file(file, &place);
        }
        let tables = verification.tables();
        assert_eq!(tables.iter().map(|(table, _)| *table).collect::<Vec<_>>(), [Table::CustomerTrusted]);
        verification.unreadable(&tables[0].1, "cut");
        for path in
            ["customer/landing/own.json", "customer/landing/more.json", "customer/trusted/_SUCCESS", "notes"]
        {
            let sha256 = if path.ends_with("own.json") { "own" } else { "strange" };
            verification.found(path, || Some(sha256.to_owned()));
        }
        verification.found("report.json", || panic!("the report is no stray"));
        verification.found("lineage.json", || panic!("nor is what belongs to the lake"));
        let verified = verification.finish();
        let said: Vec<_> =
            verified.differences.iter().map(|found| (found.code, found.place.as_str())).collect();
        assert_eq!(
            said,
            [
                ("changed", "customer/curated/part-00000.snappy.parquet"),
                ("missing", "lineage.json"),
                ("stray", "customer/landing/more.json"),
                ("unreadable", "customer/trusted/part-00000.snappy.parquet"),
            ]
        );
        let document: LakeVerification = serde_json::from_str(&verified.json().pretty()).unwrap();
        assert_eq!((document.files, document.bytes, document.others), (1, 10, 3));
        assert_eq!(document.differences.len(), 4);
    }
}
