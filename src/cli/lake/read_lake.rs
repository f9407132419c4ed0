//! A lake on the disk that is only read.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{Contents, Place, check_file};
use stedi_lakehouse::{Error, ErrorKind};

use super::file_hash::hash;
use super::lock::Lock;
use crate::cli::{Failure, terminal, threads};

/// A lake of which nothing is finished or removed.
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
    pub fn place(&self, path: &str) -> Place {
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
    pub fn table(&self, path: &str) -> Result<File, Error> {
        File::open(self.path.join(path)).map_err(|error| {
            let problem = format!("{path} cannot be read: {error}");
            ErrorKind::NotALake { problem }.into()
        })
    }
}
