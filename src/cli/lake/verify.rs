//! `stedi-lakehouse verify`: holds a lake against its report, and changes nothing.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::Path;

use arrow::array::RecordBatch;
use stedi_lakehouse::ErrorKind;
use stedi_lakehouse::lake::{Check, Difference, TableCheck, TableFile, Verification, Verified};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::Split;
use walkdir::WalkDir;

use super::file_hash::hash;
use super::intent::TEMP;
use super::person;
use super::read_lake::ReadLake;
use super::verify_key;
use crate::cli::args::VerifyArgs;
use crate::cli::{Failure, key, terminal, threads};

/// Verifies a lake, or looks for a person in it, and gives the exit code.
pub fn verify(args: &VerifyArgs) -> Result<u8, Failure> {
    if args.person.is_some() || args.person_file.is_some() {
        return person::look_for(args, &ReadLake::open(&args.lake)?);
    }
    let lake = ReadLake::open_with_landing(&args.lake)?;
    let key = args.key_file.as_deref().map(key::read).transpose()?;
    let mut verified = verified(&lake)?;
    match key.map(|key| verify_key::check(&key, &lake.contents)) {
        Some(Ok(said)) => terminal::say(said),
        Some(Err(difference)) => verified.differences.push(difference),
        None => {}
    }
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
    for path in below(&lake.path)? {
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
    paths(lake, |kind| !kind.is_dir())
}

/// Every folder below the lake by its path with slashes.
pub fn folders_below(lake: &Path) -> Result<Vec<String>, Failure> {
    paths(lake, FileType::is_dir)
}

fn paths(lake: &Path, is_wanted: impl Fn(&FileType) -> bool) -> Result<Vec<String>, Failure> {
    let mut paths = Vec::new();
    // Not the lake's own path, which may be a link and then counts as no folder.
    let entries = WalkDir::new(lake).min_depth(1).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != TEMP) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(lake).to_owned();
            Failure::io("read", &path, &error.into())
        })?;
        if !is_wanted(&entry.file_type()) {
            continue;
        }
        let inner = entry.path().strip_prefix(lake).unwrap_or(entry.path());
        let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        paths.push(parts.join("/"));
    }
    Ok(paths)
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
        "Checked: {files} files ({bytes} bytes) by SHA-256; {} tables with {rows} rows in {groups} row groups: \
         columns, number and order of rows, metadata, consent; the ledger of {} tables; {logs}files that do not \
         belong to the lake.\n",
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
