//! `stedi-lakehouse verify`: holds a lake against its report, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use arrow::array::RecordBatch;
use stedi_lakehouse::ErrorKind;
use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{
    Check, Contents, Difference, Place, TableCheck, TableFile, Verification, Verified, check_file,
};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::Split;
use walkdir::WalkDir;

use super::person;
use super::{Lock, TEMP, hash};
use crate::cli::args::VerifyArgs;
use crate::cli::{Failure, terminal, threads};

/// A lake that is only read: nothing in it is finished or removed.
pub struct ReadLake<'a> {
    pub path: &'a Path,
    pub contents: Contents,
    _lock: Option<Lock>,
}

impl ReadLake<'_> {
    /// Opens the lake in a folder; no run can write to it meanwhile.
    ///
    /// # Errors
    /// If a run writes to it, or if it has no report of a lake.
    pub fn open(path: &Path) -> Result<ReadLake<'_>, Failure> {
        let usage = |what: &str| Failure::Usage(format!("{} {what}", terminal::path(path)));
        if !path.is_dir() {
            return Err(usage("is no folder"));
        }
        let lock = Lock::share(path)?;
        ReadLake::locked(path, Some(lock))
    }

    /// As [`ReadLake::open`], under a lock of the caller's.
    pub fn locked(path: &Path, lock: Option<Lock>) -> Result<ReadLake<'_>, Failure> {
        let usage = |what: &str| Failure::Usage(format!("{} {what}", terminal::path(path)));
        let place = path.join(REPORT);
        if !place.is_file() {
            return Err(usage("holds no lake: it has no report.json"));
        }
        let text = fs::read_to_string(&place).map_err(|error| Failure::io("read", &place, &error))?;
        let contents = Contents::read(&text)
            .map_err(|error| Failure::Failed(format!("{}: {error}", terminal::path(&place))))?;
        Ok(ReadLake { path, contents, _lock: lock })
    }

    /// What lies in the place of a file.
    fn place(&self, path: &str) -> Place {
        let at = self.path.join(path);
        let unreadable = |error: std::io::Error| Place::Unreadable(error.to_string());
        match at.metadata() {
            Ok(metadata) if metadata.is_file() => {
                hash(&at).map_or_else(unreadable, |sha256| Place::File { bytes: metadata.len(), sha256 })
            }
            Ok(_) => Place::NoFile,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Place::Nothing,
            Err(error) => unreadable(error),
        }
    }

    /// Sees that every file is what the report says, and gives their sizes by path.
    ///
    /// # Errors
    /// For the first that is not.
    pub fn whole(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let files = &self.contents.files;
        let checked = threads::map(files.len(), |at| check_file(&files[at], &self.place(&files[at].path)));
        let sizes = files.iter().zip(checked).map(|(known, checked)| match checked {
            Ok(bytes) => Ok((known.path.clone(), bytes)),
            Err(found) => Err(Failure::Failed(format!(
                "{}: {}: {}; `stedi-lakehouse verify` says more",
                terminal::path(self.path),
                terminal::shown(&found.place),
                found.message
            ))),
        });
        sizes.collect()
    }

    /// The file of a table, to be read.
    pub fn table(&self, path: &str) -> Result<File, stedi_lakehouse::Error> {
        File::open(self.path.join(path)).map_err(|error| {
            let problem = format!("{path} cannot be read: {error}");
            stedi_lakehouse::ErrorKind::NotALake { problem }.into()
        })
    }
}

/// Verifies a lake, or looks for a person in it, and gives the exit code.
pub fn verify(args: &VerifyArgs) -> Result<u8, Failure> {
    let lake = ReadLake::open(&args.lake)?;
    if args.person.is_some() || args.person_file.is_some() {
        return person::look_for(args, &lake);
    }
    let verified = verified(&lake)?;
    terminal::print(&match args.json {
        true => format!("{}\n", verified.json().pretty()),
        false => told(&verified),
    });
    Ok(u8::from(!verified.differences.is_empty()))
}

/// Holds a lake against its report.
pub fn verified(lake: &ReadLake<'_>) -> Result<Verified, Failure> {
    let mut verification = Verification::new(lake.contents.clone());
    if lake.path.join(TEMP).symlink_metadata().is_ok() {
        let message =
            "a run was stopped while it wrote to this lake; the next run into this folder finishes its work";
        verification.differs(Difference::new("unfinished", TEMP, message));
    }
    let files = &lake.contents.files;
    for (file, place) in files.iter().zip(threads::map(files.len(), |at| lake.place(&files[at].path))) {
        verification.file(file, &place);
    }
    let parts = verification.tables();
    // The parts of a table stand one behind the other; splits are in an order of their own each.
    let is_part =
        |one: &(Table, String), next: &(Table, String)| one.0 == next.0 && Split::of_path(&next.1).is_none();
    let tables: Vec<&[(Table, String)]> = parts.chunk_by(is_part).collect();
    let checks = threads::map(tables.len(), |at| table(lake, tables[at]));
    for (parts, check) in tables.iter().zip(checks) {
        let path = &parts[0].1;
        match check {
            Ok(check) => verification.table(check),
            Err(error) => verification.unreadable(path, error.to_string()),
        }
    }
    for (table, path) in verification.earlier_tables() {
        match lake.table(&path).and_then(|file| TableFile::open(table, &file)) {
            Ok(file) => verification.earlier(&path, &file),
            Err(error) => verification.unreadable(&path, error.to_string()),
        }
    }
    for path in verification.logs() {
        match fs::read_to_string(lake.path.join(&path)) {
            Ok(text) => verification.log(&path, &text),
            Err(error) => verification.unreadable(&path, error.to_string()),
        }
    }
    for path in below(lake.path)? {
        verification.found(&path, || hash(&lake.path.join(&path)).ok());
    }
    Ok(verification.finish())
}

/// Checks a table that has these parts, of which there is at least one.
fn table(lake: &ReadLake<'_>, parts: &[(Table, String)]) -> Result<Check, stedi_lakehouse::Error> {
    let (report, mut check) = (&lake.contents.report, None::<TableCheck>);
    for (table, path) in parts {
        let file = TableFile::open(*table, &lake.table(path)?)?;
        match &mut check {
            Some(check) => check.next_file(report, &file),
            None => check = Some(TableCheck::new(report, &file)),
        }
        for group in 0..file.row_groups() {
            let take = |batch: &RecordBatch| check.as_mut().map_or(Ok(()), |check| check.rows(batch));
            file.read(lake.table(path)?, group, take)?;
        }
    }
    let none = || ErrorKind::NotALake { problem: "a table has no file".to_owned() };
    Ok(check.ok_or_else(none)?.finish(report, &parts[0].1))
}

/// Every file below the lake by its path with slashes.
pub fn below(lake: &Path) -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    let entries = WalkDir::new(lake).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != TEMP) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(lake).to_owned();
            Failure::io("read", &path, &error.into())
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let inner = entry.path().strip_prefix(lake).unwrap_or(entry.path());
        let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        files.push(parts.join("/"));
    }
    Ok(files)
}

fn told(verified: &Verified) -> String {
    let mut text = String::new();
    for Difference { code, place, message } in &verified.differences {
        text += &format!("{code}: {}: {message}\n", terminal::shown(place));
    }
    let Verified { files, bytes, checks, logs, others, differences } = verified;
    let logs = if *logs > 0 { format!("{logs} entries of the tables' logs; ") } else { String::new() };
    let rows: u64 = checks.iter().map(|check| check.rows).sum();
    let groups: u64 = checks.iter().map(|check| check.row_groups).sum();
    text += &match differences.len() {
        0 => "Nothing differs.\n".to_owned(),
        1 => "1 difference.\n".to_owned(),
        many => format!("{many} differences.\n"),
    };
    text += &format!(
        "Checked: {files} files ({bytes} bytes) by SHA-256; {} tables with {rows} rows in {groups} row groups: columns, \
         number and order of rows, metadata, consent; the ledger of {} tables; {logs}files that do not belong to the \
         lake.\n",
        checks.iter().map(|check| check.table).collect::<BTreeSet<_>>().len(),
        Table::ALL.len()
    );
    if *others > 0 {
        text += &format!(
            "Not checked: {others} files that are not the lake's and that no reader of its tables reads.\n"
        );
    }
    text
}
