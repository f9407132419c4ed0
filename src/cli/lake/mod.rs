//! The folder of a lake, and how a lake in it is replaced: all at once or not at all.
//!
//! Every new file is written and synced under [`TEMP`] first. Then an [`Intent`] is synced, which says what is moved
//! and what is removed; then it is done, the report last. A run that is stopped before the intent leaves the old lake
//! whole; after it, the next run into the folder does the rest.

mod erase;
mod file_hash;
mod going_on;
pub mod guard;
mod identity;
mod intent;
mod lock;
mod out;
mod past;
mod person;
mod read_lake;
mod readings;
mod steps;
pub mod survey;
mod told;
mod verify;
mod verify_key;

pub use erase::erase;
pub use file_hash::read;
pub use going_on::{FromLake, NO_CUSTOMERS};
pub use guard::guard;
pub use identity::Identity;
pub use intent::TEMP;
pub use out::{FileSource, NewFile, OutLake};
pub use past::{warning_of, warning_of_replaced};
pub use told::{history, report};
pub use verify::verify;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::InPlace;
use stedi_lakehouse::export::{Export, REPORT};
use stedi_lakehouse::lake::is_landing;

use super::args::RunArgs;
use super::location::Location;
use super::store::{Address, open_prefix};
use super::{Failure, terminal, threads};
use identity::resolved;
use intent::{Change, Intent, new_path};
use lock::Lock;
use survey::OldLake;

/// The output folder of a run.
pub struct LakeFolder {
    path: PathBuf,
    /// None while the folder is not there.
    lock: Option<Lock>,
    old: OldLake,
    /// Whether no folder was there at first.
    was_absent: bool,
}

/// Opens the output of a run, which changes nothing there if it is dry.
pub fn open_output(args: &RunArgs) -> Result<Box<dyn OutLake>, Failure> {
    if let Some(address) = Address::of(&args.out) {
        return open_prefix(&address);
    }
    let open = if args.dry_run { LakeFolder::read_only } else { LakeFolder::open };
    Ok(Box::new(open(&args.out)?))
}

impl LakeFolder {
    /// Locks the folder if it is there, finishes what a stopped run left in it, and reads its lake's report.
    pub fn open(path: &Path) -> Result<LakeFolder, Failure> {
        let is_there = is_folder(path)?;
        let mut folder =
            LakeFolder { path: path.to_owned(), lock: None, old: OldLake::default(), was_absent: !is_there };
        if is_there {
            folder.lock()?;
        }
        Ok(folder)
    }

    /// As [`LakeFolder::open`], for a run that writes nothing.
    ///
    /// # Errors
    /// If an earlier run was stopped there, whose work would be finished first.
    pub fn read_only(path: &Path) -> Result<LakeFolder, Failure> {
        is_folder(path)?;
        if path.join(TEMP).symlink_metadata().is_ok() {
            return Err(Failure::Failed(format!(
                "a run is writing to {}, or was stopped while it did; the next run finishes its work first",
                terminal::path(path)
            )));
        }
        Ok(LakeFolder { path: path.to_owned(), lock: None, old: OldLake::read(path)?, was_absent: false })
    }

    fn lock(&mut self) -> Result<(), Failure> {
        self.lock = Some(Lock::take(&self.path)?);
        if let Some(said) = intent::recover(&self.path)? {
            terminal::say(&format!("stedi-lakehouse: {}: {said}\n", terminal::path(&self.path)));
        }
        self.old = OldLake::read(&self.path)?;
        Ok(())
    }

    fn written_meanwhile(&self) -> Failure {
        Failure::Failed(format!(
            "another run has written a lake to {} since this one began; nothing is written",
            self.path.display()
        ))
    }

    /// Turns the old lake into the new one.
    fn change(&self, removed: &[String], written: &[&NewFile<'_>]) -> Result<(), Failure> {
        let change =
            |path: &str, new| Change { path: path.to_owned(), old: self.old.files.get(path).cloned(), new };
        let removed = removed.iter().map(|path| change(path, None));
        let changes = removed.chain(written.iter().map(|file| change(&file.path, Some(file.sha256.clone()))));
        let intent = Intent::new(changes.collect());
        let failed = |error| Failure::io("write to", &self.path, &error);
        if let Err(error) = self.stage(written).and_then(|()| intent.commit(&self.path).map_err(failed)) {
            // The old lake is as it was. What cannot be removed now, the next run removes.
            let _ = intent::clear(&self.path);
            return Err(error);
        }
        intent.apply(&self.path).map_err(|error| {
            Failure::Failed(format!(
                "the new lake is written, but not all of it is in its place in {}: {error}; the next run into this \
                 folder puts it there",
                self.path.display()
            ))
        })
    }

    /// Writes the new files, as many at a time as there are cores, and syncs them.
    fn stage(&self, files: &[&NewFile<'_>]) -> Result<(), Failure> {
        let failed = |path: &str, error| Failure::io("write", &self.path.join(path), &error);
        let temp = self.path.join(TEMP);
        let mut folders = Vec::new();
        for file in files {
            let path = new_path(&self.path, &file.path);
            let folder = path.parent().unwrap_or(&self.path).to_owned();
            steps::make_folder(&folder).map_err(|error| failed(&file.path, error))?;
            let above = folder.ancestors().take_while(|above| above.starts_with(&temp));
            folders.extend(above.map(Path::to_owned));
        }
        threads::map(files.len(), |at| {
            let NewFile { path, sha256, source } = files[at];
            write(&new_path(&self.path, path), source, sha256).map_err(|error| failed(path, error))
        })
        .into_iter()
        .collect::<Result<(), Failure>>()?;
        folders.sort();
        folders.dedup();
        folders.push(self.path.clone());
        folders.iter().try_for_each(|folder| steps::sync_folder(folder)).map_err(|error| failed("", error))
    }
}

impl OutLake for LakeFolder {
    fn old(&self) -> &OldLake {
        &self.old
    }

    fn at(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    fn report(&self) -> Option<String> {
        let path = self.at(REPORT);
        path.is_file().then(|| fs::read_to_string(&path).ok()).flatten()
    }

    fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        if !(self.was_absent && self.lock.is_none()) {
            return self.old.survey(&self.path, export, inputs);
        }
        // What is there by now, another run writes or has written: without the lock it is not ours to judge, and it is
        // not looked into, for that run may begin at any moment.
        if self.path.exists() { Err(self.written_meanwhile()) } else { Ok(()) }
    }

    fn check_free(&self, paths: &[String]) -> Result<(), Failure> {
        self.old.check_free(&self.path, paths)
    }

    fn replace(
        &mut self,
        export: Export,
        files: &[NewFile<'_>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure> {
        let made = self.lock.is_none();
        if made {
            fs::create_dir_all(&self.path).map_err(|error| Failure::io("make", &self.path, &error))?;
            self.lock()?;
            if self.has_lake() {
                // Whether it may be replaced was decided without it.
                return Err(self.written_meanwhile());
            }
        }
        let changes = self.changes(export, files, kept, inputs);
        let done = changes.and_then(|(removed, written)| self.change(&removed, &written));
        if done.is_err() && made {
            // Only if nothing is in it.
            let _ = fs::remove_dir(&self.path);
        }
        done
    }

    fn in_place(&self, inputs: &[(String, Location)]) -> Vec<InPlace> {
        let lake = resolved(&self.path);
        let place = |(name, location): &(String, Location)| {
            let Location::File(path) = location else { return None };
            // The file itself may be a link: it is where its name is.
            let path = resolved(path.parent()?).join(path.file_name()?);
            let parts: Option<Vec<_>> =
                path.strip_prefix(&lake).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
            let path = parts?.join("/");
            is_landing(&path).then(|| InPlace { name: name.clone(), ours: self.old.has(&path), path })
        };
        inputs.iter().filter_map(place).collect()
    }
}

/// Whether a folder is there.
///
/// # Errors
/// If none can be made there.
fn is_folder(path: &Path) -> Result<bool, Failure> {
    let usage = |what: &str| Err(Failure::Usage(format!("{} {what}", path.display())));
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => usage("is no folder"),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            usage("is a link that leads nowhere")
        }
        Err(_) => Ok(false),
    }
}

fn write(path: &Path, source: &FileSource<'_>, sha256: &str) -> io::Result<()> {
    let mut file = steps::create(path)?;
    match source {
        FileSource::Bytes(parts) => parts.iter().try_for_each(|bytes| steps::write(&mut file, bytes))?,
        FileSource::Copy(from) => {
            // Who could not read the input shall not read its copy.
            if let Location::File(path) = from {
                file.set_permissions(path.metadata()?.permissions())?;
            }
            let copied = read(from.open_whole()?, |bytes| steps::write(&mut file, bytes))?;
            if copied != sha256 {
                return Err(io::Error::other(format!(
                    "{} has changed during the run",
                    from.path().display()
                )));
            }
        }
    }
    steps::close(&file)
}

#[cfg(test)]
mod tests {
    use super::file_hash::hash;
    use super::*;

    #[test]
    fn a_copy_of_a_file_that_has_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "one").unwrap();
        let before = hash(&from).unwrap();
        fs::write(&from, "two").unwrap();
        let place = Location::File(from.clone());
        let error = write(&to, &FileSource::Copy(&place), &before).unwrap_err();
        assert!(error.to_string().contains("has changed during the run"), "{error}");
        fs::remove_file(&to).unwrap();
        write(&to, &FileSource::Copy(&place), &hash(&from).unwrap()).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"two");
    }
}
