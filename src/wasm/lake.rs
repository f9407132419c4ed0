//! A lake that was written before. The page reads its files and hands the bytes over; what they say is found in
//! [`crate::lake`], as for the command line.

use wasm_bindgen::prelude::*;

use super::convert::{JsResult, core_error, out_of_turn, view};
use super::js;
use crate::ErrorKind;
use crate::audit::{Json, ReportFile};
use crate::export::is_of_spark;
use crate::lake::evidence_page::checked_evidence_page;
use crate::lake::views::{LakeFileView, LakePart, PersonView};
use crate::lake::{
    Contents, Past, PersonSearch, Place, TableCheck, TableFile, Verification, check_file, footer_bytes,
    is_landing, one_entry,
};
use crate::options::Key;
use crate::schema::Table;

fn table(name: &str) -> JsResult<Table> {
    Table::from_name(name).ok_or_else(|| core_error(ErrorKind::BadArgument { expected: "table" }.into()))
}

fn parts(tables: &[(Table, String)]) -> JsResult<js::LakeParts> {
    view(&tables.iter().map(|(table, path)| LakePart { table: *table, path }).collect::<Vec<_>>())
}

/// Whether a path below a lake is in a landing folder.
#[wasm_bindgen]
pub fn in_landing(path: &str) -> bool {
    is_landing(path)
}

/// A lake by the text of its report.
#[wasm_bindgen]
pub struct Lake(Contents);

#[wasm_bindgen]
impl Lake {
    /// Fails if the text is no report that says which files belong to a lake, or one of Spark's, which has not all
    /// that is shown.
    #[wasm_bindgen(constructor)]
    pub fn new(report: &str) -> JsResult<Lake> {
        let contents = Contents::read(report).map_err(core_error)?;
        if is_of_spark(&contents.report) {
            let problem = "the Spark job wrote it; the command line reads it".to_owned();
            return Err(core_error(ErrorKind::NotALake { problem }.into()));
        }
        Ok(Lake(contents))
    }

    /// The files that belong to it, but for the report.
    pub fn files(&self) -> JsResult<js::LakeFiles> {
        let files = self.0.files.iter();
        let files = files.map(|file| LakeFileView { path: &file.path, landing: is_landing(&file.path) });
        view(&files.collect::<Vec<_>>())
    }

    /// Its tables.
    pub fn tables(&self) -> JsResult<js::LakeParts> {
        parts(&self.0.tables())
    }

    /// Whether the file at this position of `files` is what the report says, by its SHA-256.
    pub fn is_whole(&self, at: usize, sha256: String) -> bool {
        let place = Place::File { bytes: 0, sha256 };
        self.0.files.get(at).is_some_and(|file| check_file(file, &place).is_ok())
    }

    /// Its versions, by the documents that it has of them: path and text of each, one after the other.
    pub fn past(&self, documents: Vec<String>) -> LakePast {
        LakePast(past(&self.0.report, &documents))
    }

    /// Fails if the bytes of a key file are not the key of its pseudonyms.
    pub fn check_key(&self, key: &[u8]) -> JsResult<()> {
        let key = Key::from_file(key).map_err(core_error)?;
        self.0.check_key(&key).map_err(core_error)
    }

    /// Begins to hold it against its report.
    pub fn check(&self) -> LakeCheck {
        LakeCheck { verification: Verification::new(self.0.clone()), table: None }
    }

    /// Begins to look for somebody, by an email or a serial number; its pseudonyms can be searched under the bytes of
    /// its key file.
    pub fn search(&self, entry: &str, key: Option<Vec<u8>>) -> JsResult<LakeSearch> {
        let one = ErrorKind::BadArgument { expected: "single email or serial number" };
        let entry = one_entry(entry).ok_or_else(|| core_error(one.into()))?;
        let key = key.map(|key| Key::from_file(&key)).transpose().map_err(core_error)?;
        PersonSearch::new(&self.0, entry, key).map(LakeSearch).map_err(core_error)
    }
}

/// Documents of a lake, of which each text follows its path.
pub(super) fn past(report: &ReportFile, documents: &[String]) -> Past {
    let documents: Vec<(&String, &String)> =
        documents.chunks_exact(2).map(|pair| (&pair[0], &pair[1])).collect();
    Past::new(report, |path| {
        documents.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).clone())
    })
}

/// The versions of a lake.
#[wasm_bindgen]
pub struct LakePast(Past);

#[wasm_bindgen]
impl LakePast {
    /// All of them: a `LakeHistory`, as JSON.
    pub fn history(&self) -> String {
        self.0.history.pretty()
    }

    /// The lake's evidence for people: an HTML file, made at this time (RFC 3339). What a check of it has found is a
    /// `LakeVerification` as JSON, with the `time` of the check.
    pub fn evidence(&self, time: &str, check: Option<String>) -> JsResult<String> {
        let expected = ErrorKind::BadArgument { expected: "check of a lake" };
        let check = check.map(|check| Json::parse(&check)).transpose();
        let check = check.map_err(|_| core_error(expected.into()))?;
        Ok(checked_evidence_page(&self.0.report, self.0.erasures.as_ref(), check.as_ref(), time))
    }

    /// How many entries of lists were erased from it.
    pub fn erased(&self) -> f64 {
        self.0.erased() as f64
    }
}

/// The file of a table, by its footer.
#[wasm_bindgen]
pub struct LakeTable(TableFile);

impl Lake {
    pub(super) fn contents(&self) -> &Contents {
        &self.0
    }
}

impl LakeTable {
    pub(super) fn file(&self) -> &TableFile {
        &self.0
    }
}

#[wasm_bindgen]
impl LakeTable {
    /// How many bytes the footer has, its end included, by the last 8 bytes of the file.
    pub fn footer_bytes(end: &[u8]) -> JsResult<f64> {
        footer_bytes(end).map(|bytes| bytes as f64).map_err(core_error)
    }

    /// Reads the footer of a file of `bytes` bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, footer: Vec<u8>, bytes: f64) -> JsResult<LakeTable> {
        TableFile::of_footer(table(name)?, footer.into(), bytes as u64).map(LakeTable).map_err(core_error)
    }

    /// The bytes of its row groups, as starts and ends one after the other.
    pub fn row_groups(&self) -> Vec<f64> {
        let groups = (0..self.0.row_groups()).map(|group| self.0.range(group));
        groups.flat_map(|(start, end)| [start as f64, end as f64]).collect()
    }
}

/// A lake that is held against its report.
#[wasm_bindgen]
pub struct LakeCheck {
    verification: Verification,
    /// The table that is being read.
    table: Option<TableCheck>,
}

#[wasm_bindgen]
impl LakeCheck {
    /// Notes what is in the place of the file at this position of `Lake.files`: a file with a hash, one that cannot be
    /// read for this reason, or nothing.
    pub fn file(
        &mut self,
        at: usize,
        bytes: f64,
        sha256: Option<String>,
        why: Option<String>,
    ) -> JsResult<()> {
        let file = self.verification.contents().files.get(at).cloned();
        let file =
            file.ok_or_else(|| core_error(ErrorKind::BadArgument { expected: "file of the lake" }.into()))?;
        let place = match (sha256, why) {
            (Some(sha256), _) => Place::File { bytes: bytes as u64, sha256 },
            (None, Some(why)) => Place::Unreadable(why),
            (None, None) => Place::Nothing,
        };
        self.verification.file(&file, &place);
        Ok(())
    }

    /// Notes a file that may not be the lake's, with its hash if it lies in a landing folder.
    pub fn found(&mut self, path: &str, sha256: Option<String>) {
        self.verification.found(path, || sha256);
    }

    /// The tables to be read.
    pub fn tables(&self) -> JsResult<js::LakeParts> {
        parts(&self.verification.tables())
    }

    /// Begins with one of them.
    pub fn begin(&mut self, file: &LakeTable) {
        self.table = Some(TableCheck::new(&self.verification.contents().report, &file.0));
    }

    /// Takes the bytes of its next row group.
    pub fn rows(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let check = self.table.as_mut().ok_or_else(|| out_of_turn("rows", "begin"))?;
        file.0.read_piece(bytes, group, |batch| check.rows(batch)).map_err(core_error)
    }

    /// All row groups of the file at this path have come.
    pub fn end(&mut self, path: &str) -> JsResult<()> {
        let check = self.table.take().ok_or_else(|| out_of_turn("end", "begin"))?;
        let check = check.finish(&self.verification.contents().report, path);
        self.verification.table(check);
        Ok(())
    }

    /// Notes that the file of a table cannot be read.
    pub fn unreadable(&mut self, path: &str, why: String) {
        self.table = None;
        self.verification.unreadable(path, why);
    }

    /// Files of earlier versions of tables, of which the footer is to be read.
    pub fn earlier_tables(&self) -> JsResult<js::LakeParts> {
        parts(&self.verification.earlier_tables())
    }

    /// Notes the footer of one of them.
    pub fn earlier(&mut self, path: &str, file: &LakeTable) {
        self.verification.earlier(path, &file.0);
    }

    /// Paths of the logs of tables, of which the text is to be read.
    pub fn logs(&self) -> Vec<String> {
        self.verification.logs()
    }

    /// Notes the text of one of them.
    pub fn log(&mut self, path: &str, text: &str) {
        self.verification.log(path, text);
    }

    /// Everything was read: a `LakeVerification`, as JSON.
    pub fn finish(self) -> String {
        self.verification.finish().json().pretty()
    }
}

/// A lake that is searched for somebody.
#[wasm_bindgen]
pub struct LakeSearch(PersonSearch);

#[wasm_bindgen]
impl LakeSearch {
    /// The tables to be read, in this order.
    pub fn tables(&self) -> JsResult<js::LakeParts> {
        parts(self.0.tables())
    }

    /// Takes the bytes of the next row group of a table.
    pub fn rows(&mut self, file: &LakeTable, group: usize, bytes: Vec<u8>) -> JsResult<()> {
        let search = &mut self.0;
        file.0.read_piece(bytes, group, |batch| search.rows(file.0.table(), batch)).map_err(core_error)
    }

    /// All its row groups have come.
    pub fn end(&mut self, file: &LakeTable) {
        self.0.ended(file.0.table());
    }

    /// What was found.
    pub fn finish(self) -> JsResult<js::LakePerson> {
        view(&PersonView::from(self.0.found()))
    }
}
