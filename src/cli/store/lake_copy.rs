//! A copy of a lake that lies in an object store, in a temporary folder: what reads lakes reads files, at any place
//! and more than once.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use stedi_lakehouse::audit::ReportFile;
use stedi_lakehouse::export::{self, REPORT};
use stedi_lakehouse::lake::is_landing;
use tempfile::TempDir;

use super::address::Address;
use super::bucket::{Bucket, Object};
use super::reader::ObjectReader;
use crate::cli::lake::read;
use crate::cli::{Failure, threads};

/// A copy, which goes with this.
pub struct LakeCopy(TempDir);

impl LakeCopy {
    /// Its folder, which only this user can read.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Copies the lake at an address. What its report does not name is there without content, but for landing files if they
/// are asked for: they may have been inputs, which their bytes tell.
///
/// # Errors
/// If there is no report, or something cannot be read or written.
pub fn copy_of_lake(address: &Address, landing: bool) -> Result<LakeCopy, Failure> {
    let bucket = Bucket::connect(address)?;
    let objects = bucket.list(address)?;
    let Some(report) = objects.get(REPORT) else {
        return Err(Failure::Usage(format!("{address} holds no lake: it has no report.json")));
    };
    let text = report.read().map_err(|error| Failure::io("read", report.path(), &error))?;
    let named = ReportFile::read(&String::from_utf8_lossy(&text)).ok();
    let named = named.and_then(|report| export::lake_files(&report)).unwrap_or_default();
    let named: BTreeSet<&str> = named.iter().map(|file| file.path.as_str()).chain([REPORT]).collect();
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::Failed(format!("cannot make a temporary folder: {error}")))?;
    let objects: Vec<(&String, &Object)> = objects.iter().collect();
    let copied = threads::map_waiting(true, objects.len(), |at| {
        let (path, object) = objects[at];
        let is_wanted = named.contains(path.as_str()) || (landing && is_landing(path));
        copy(object, &folder.path().join(path), is_wanted)
            .map_err(|error| Failure::io("copy", object.path(), &error))
    });
    copied.into_iter().collect::<Result<(), Failure>>()?;
    Ok(LakeCopy(folder))
}

fn copy(object: &Object, to: &Path, is_wanted: bool) -> io::Result<()> {
    to.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut file = File::create_new(to)?;
    if is_wanted {
        read(ObjectReader::open(object, 0, u64::MAX)?, |bytes| file.write_all(bytes))?;
    }
    Ok(())
}
