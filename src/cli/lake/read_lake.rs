//! A lake that is only read: on the disk, or copied there from an object store.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{Contents, Place, check_file};
use stedi_lakehouse::{Error, ErrorKind};

use super::file_hash::hash;
use super::lock::Lock;
use crate::cli::store::{Address, LakeCopy, copy_of_lake};
use crate::cli::{Failure, terminal, threads};

/// A lake of which nothing is finished or removed.
pub struct ReadLake<'a> {
    /// As it was named.
    pub named: &'a Path,
    /// Where its files are.
    pub path: PathBuf,
    pub contents: Contents,
    _lock: Option<Lock>,
    _copy: Option<LakeCopy>,
}

impl ReadLake<'_> {
    /// Opens the lake in a folder, to which no run can write meanwhile, or copies the one at an address.
    ///
    /// # Errors
    /// If a run writes to it, or if it has no report of a lake.
    pub fn open(path: &Path) -> Result<ReadLake<'_>, Failure> {
        ReadLake::open_with(path, false)
    }

    /// As [`ReadLake::open`], for who looks at landing files too that are not the lake's.
    pub fn open_with_landing(path: &Path) -> Result<ReadLake<'_>, Failure> {
        ReadLake::open_with(path, true)
    }

    fn open_with(path: &Path, landing: bool) -> Result<ReadLake<'_>, Failure> {
        if let Some(address) = Address::of(path) {
            let copy = copy_of_lake(&address, landing)?;
            let (folder, contents) = (copy.path().to_owned(), contents(copy.path(), path)?);
            return Ok(ReadLake { named: path, path: folder, contents, _lock: None, _copy: Some(copy) });
        }
        let usage = |what: &str| Failure::Usage(format!("{} {what}", terminal::path(path)));
        if !path.is_dir() {
            return Err(usage("is no folder"));
        }
        let lock = Lock::share(path)?;
        ReadLake::locked(path, Some(lock))
    }

    /// As [`ReadLake::open`], under a lock of the caller's.
    pub fn locked(path: &Path, lock: Option<Lock>) -> Result<ReadLake<'_>, Failure> {
        let contents = contents(path, path)?;
        Ok(ReadLake { named: path, path: path.to_owned(), contents, _lock: lock, _copy: None })
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
                terminal::path(self.named),
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

/// What the lake in a folder says of itself, which was named so.
fn contents(folder: &Path, named: &Path) -> Result<Contents, Failure> {
    let (place, said) = (folder.join(REPORT), named.join(REPORT));
    if !place.is_file() {
        return Err(Failure::Usage(format!(
            "{} holds no lake: it has no report.json",
            terminal::path(named)
        )));
    }
    let text = fs::read_to_string(&place).map_err(|error| Failure::io("read", &said, &error))?;
    Contents::read(&text).map_err(|error| Failure::Failed(format!("{}: {error}", terminal::path(&said))))
}
