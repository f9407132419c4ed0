//! How the lake of a prefix is replaced. A store changes one object at a time, so this is not all or nothing: the
//! report is written last, and says when it is whole; what a stopped run has written is known again by its marks.
//! Tables of Delta Lake change each as a whole: the files of a new version are named by their content, and it is there
//! with its entry in the log, which is put where none is or not at all.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use object_store::PutMode;
use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::export::delta::LOG;
use stedi_lakehouse::lake::is_in_table;

use super::lake_prefix::LakePrefix;
use super::marks::{Marks, hashed};
use crate::cli::lake::{FileSource, NewFile, OutLake as _};
use crate::cli::{Failure, threads};

/// How often an entry of a log is tried whose fate is not known.
const TRIES: usize = 3;

/// What turns the old lake into the new one.
#[derive(Default)]
struct Changes<'a> {
    /// Files of tables.
    tables: Vec<&'a NewFile<'a>>,
    /// But for the report.
    documents: Vec<&'a NewFile<'a>>,
    /// Entries of logs, the first version first.
    entries: Vec<&'a NewFile<'a>>,
    report: Option<&'a NewFile<'a>>,
    /// Entries of logs that are no more, or are others now: the last version first.
    old_entries: Vec<String>,
    removed: Vec<String>,
}

/// How far a run came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Files of tables take the place of old ones.
    Tables,
    /// Nobody sees the new files before the logs name them.
    Unseen,
    Logs,
    Documents,
}

impl LakePrefix {
    /// Turns the old lake into the new one.
    pub(super) fn change(&self, removed: Vec<String>, written: &[&NewFile<'_>]) -> Result<(), Failure> {
        let Changes { tables, documents, entries, report, old_entries, removed } =
            &self.ordered(removed, written);
        let stage = if entries.is_empty() { Stage::Tables } else { Stage::Unseen };
        self.put_all(tables).map_err(|failure| self.not_whole(stage, failure))?;
        let logs = || {
            old_entries.iter().try_for_each(|path| self.remove(path))?;
            entries.iter().try_for_each(|entry| self.commit(entry))
        };
        logs().map_err(|failure| self.not_whole(Stage::Logs, failure))?;
        let rest = || {
            removed.iter().try_for_each(|path| self.remove(path))?;
            self.put_all(documents)?;
            report.iter().try_for_each(|report| self.put(report))
        };
        rest().map_err(|failure| self.not_whole(Stage::Documents, failure))
    }

    fn ordered<'a>(&self, removed: Vec<String>, written: &[&'a NewFile<'a>]) -> Changes<'a> {
        let (old_entries, removed) = removed.into_iter().partition(|path| is_log(path));
        let mut changes = Changes { old_entries, removed, ..Changes::default() };
        for &file in written {
            match file.path.as_str() {
                REPORT => changes.report = Some(file),
                path if is_log(path) => {
                    if self.old.has(path) {
                        // It is put where none is.
                        changes.old_entries.push(path.to_owned());
                    }
                    changes.entries.push(file);
                }
                path if is_in_table(path) => changes.tables.push(file),
                _ => changes.documents.push(file),
            }
        }
        changes.old_entries.sort();
        changes.old_entries.reverse();
        changes
    }

    fn put_all(&self, files: &[&NewFile<'_>]) -> Result<(), Failure> {
        let has_failed = AtomicBool::new(false);
        let put = |at: usize| {
            // The first fault is the one to be told, and none of the others is waited for.
            if has_failed.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.put(files[at]).inspect_err(|_| has_failed.store(true, Ordering::Relaxed))
        };
        threads::map_waiting(true, files.len(), put).into_iter().collect()
    }

    fn put(&self, file: &NewFile<'_>) -> Result<(), Failure> {
        self.try_put(file, PutMode::Overwrite)
            .map_err(|error| Failure::io("write", &self.at(&file.path), &error))
    }

    fn try_put(&self, file: &NewFile<'_>, mode: PutMode) -> io::Result<()> {
        let FileSource::Bytes(pieces) = &file.source else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let marks = Marks::new(&file.path, &file.sha256);
        self.bucket.put(&self.address.join(&file.path).key, pieces, &marks, mode)
    }

    /// Puts an entry of a log where none is.
    fn commit(&self, entry: &NewFile<'_>) -> Result<(), Failure> {
        let at = self.at(&entry.path);
        let mut tries = 0;
        loop {
            tries += 1;
            let Err(error) = self.try_put(entry, PutMode::Create) else { return Ok(()) };
            // An answer that was lost, or a try that was repeated: the entry may be ours.
            match self.what_is_there(entry)? {
                Some(true) => return Ok(()),
                Some(false) => {
                    return Err(Failure::Failed(format!(
                        "{} has been written by another writer since this run began",
                        at.display()
                    )));
                }
                None if error.kind() == io::ErrorKind::Unsupported => {
                    return Err(Failure::Failed(format!(
                        "{error}: without conditional puts no version of a Delta table can be added safely; --format \
                         parquet needs none"
                    )));
                }
                None if tries == TRIES => return Err(Failure::io("write", &at, &error)),
                None => {}
            }
        }
    }

    /// Whether an object of these bytes is there, or another one.
    fn what_is_there(&self, file: &NewFile<'_>) -> Result<Option<bool>, Failure> {
        let Some(object) = self.bucket.object(&self.address.join(&file.path).key)? else { return Ok(None) };
        let bytes = object.read().map_err(|error| Failure::io("read", object.path(), &error))?;
        Ok(Some(hashed(&bytes) == file.sha256))
    }

    fn remove(&self, path: &str) -> Result<(), Failure> {
        let removed = self.bucket.delete(&self.address.join(path).key);
        removed.map_err(|error| Failure::io("remove", &self.at(path), &error))
    }

    /// A failure after which not all objects are those of one lake.
    fn not_whole(&self, stage: Stage, failure: Failure) -> Failure {
        let how = match stage {
            Stage::Tables => "some of its tables may be new, and its report is not",
            Stage::Logs => {
                "some of its tables may have the new version and others not; its report is the old one"
            }
            Stage::Documents => "its tables are new, and its report is not",
            Stage::Unseen => {
                return Failure::Failed(format!(
                    "{failure}. The tables at {} are as they were: no log names the new files, which the next run \
                     into this place replaces or removes",
                    self.address
                ));
            }
        };
        Failure::Failed(format!(
            "{failure}. The lake at {} is not whole: {how}. Do the run again: it replaces what this one has written",
            self.address
        ))
    }
}

/// Whether a path below a lake is an entry of the log of a table.
fn is_log(path: &str) -> bool {
    path.split('/').any(|part| part == LOG)
}
