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

pub use erase::erase;
pub use file_hash::read;
pub use going_on::{FromLake, NO_CUSTOMERS};
pub use guard::guard;
pub use identity::Identity;
pub use intent::TEMP;
pub use out::OutLake;
pub use past::warning_of;
pub use told::{history, report};
pub use verify::verify;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::InPlace;
use stedi_lakehouse::export::{Export, REPORT};
use stedi_lakehouse::lake::is_landing;

use super::location::Location;
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
    /// Files of another lake that the run reads: none of them is an input by itself.
    beside: HashSet<Identity>,
    /// Whether no folder was there at first.
    was_absent: bool,
}

/// A file of the new lake.
pub struct NewFile<'a> {
    /// Path below the lake, with slashes.
    pub path: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Its bytes.
    pub source: FileSource<'a>,
}

/// Where the bytes of a new file come from.
pub enum FileSource<'a> {
    /// Memory, in pieces.
    Bytes(Vec<&'a [u8]>),
    /// A file or an object, which must have the hash.
    Copy(&'a Location),
}

impl LakeFolder {
    /// Locks the folder if it is there, finishes what a stopped run left in it, and reads its lake's report.
    pub fn open(path: &Path) -> Result<LakeFolder, Failure> {
        let metadata = path.metadata();
        let mut folder = LakeFolder {
            path: path.to_owned(),
            lock: None,
            old: OldLake::default(),
            beside: HashSet::new(),
            was_absent: metadata.is_err(),
        };
        if let Ok(metadata) = metadata {
            if !metadata.is_dir() {
                return Err(Failure::Usage(format!("{} is no folder", path.display())));
            }
            folder.lock()?;
        }
        Ok(folder)
    }

    /// As [`LakeFolder::open`], for a run that writes nothing.
    ///
    /// # Errors
    /// If an earlier run was stopped there, whose work would be finished first.
    pub fn read_only(path: &Path) -> Result<LakeFolder, Failure> {
        if path.metadata().is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(Failure::Usage(format!("{} is no folder", path.display())));
        }
        if path.join(TEMP).symlink_metadata().is_ok() {
            return Err(Failure::Failed(format!(
                "a run is writing to {}, or was stopped while it did; the next run finishes its work first",
                terminal::path(path)
            )));
        }
        Ok(LakeFolder {
            path: path.to_owned(),
            lock: None,
            old: OldLake::read(path)?,
            beside: HashSet::new(),
            was_absent: false,
        })
    }

    fn lock(&mut self) -> Result<(), Failure> {
        self.lock = Some(Lock::take(&self.path)?);
        if let Some(said) = intent::recover(&self.path)? {
            terminal::say(&format!("stedi-lakehouse: {}: {said}\n", terminal::path(&self.path)));
        }
        self.old = OldLake::read(&self.path)?;
        Ok(())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a lake is in it.
    pub fn has_lake(&self) -> bool {
        self.old.is_there()
    }

    /// See [`OldLake::survey`].
    pub fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        if !(self.was_absent && self.lock.is_none()) {
            return self.old.survey(&self.path, export, inputs);
        }
        // What is there by now, another run writes or has written: without the lock it is not ours to judge, and it is
        // not looked into, for that run may begin at any moment.
        if self.path.exists() { Err(self.written_meanwhile()) } else { Ok(()) }
    }

    /// The lake's own files, so that they are not read as input; its landing files may be.
    pub fn own_files(&self) -> HashSet<Identity> {
        let named = self.old.named.iter().map(|file| file.path.as_str()).filter(|path| !is_landing(path));
        let own = named.chain([REPORT]).map(|path| Identity::of(&self.path.join(path)));
        own.chain(self.beside.iter().cloned()).collect()
    }

    /// Sees that these files of another lake are not read as input either.
    pub fn pass_over(&mut self, files: impl Iterator<Item = PathBuf>) {
        self.beside.extend(files.map(|path| Identity::of(&path)));
    }

    /// Those of the inputs, given by name and path, that lie in a landing folder of the lake.
    pub fn in_place(&self, inputs: &[(String, Location)]) -> Vec<InPlace> {
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

    /// Sees, before the inputs are read, that none of them would go with the old lake if landing files stay out of
    /// the new one.
    pub fn check_landing(&self, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        let mut paths =
            self.old.files.keys().filter(|path| is_landing(path)).map(|path| self.path.join(path));
        match paths.find(|path| inputs.contains(&Identity::of(path))) {
            Some(path) => Err(guard::refused(&path, false)),
            None => Ok(()),
        }
    }

    /// The files of the old lake that a lake of these files would not have.
    ///
    /// # Errors
    /// If one of the new files would replace what is not the lake's.
    pub fn removed_by(&self, files: &[String]) -> Result<Vec<&str>, Failure> {
        self.old.check_free(&self.path, files)?;
        let old = self.old.files.keys().filter(|path| !files.contains(path));
        Ok(old.map(String::as_str).collect())
    }

    /// Replaces the lake by these files, of which the last is the report. Files of the old lake that are not among
    /// them are removed, but for those that are `kept`.
    pub fn replace(
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
        let done = self.try_replace(export, files, kept, inputs);
        if done.is_err() && made {
            // Only if nothing is in it.
            let _ = fs::remove_dir(&self.path);
        }
        done
    }

    fn written_meanwhile(&self) -> Failure {
        Failure::Failed(format!(
            "another run has written a lake to {} since this one began; nothing is written",
            self.path.display()
        ))
    }

    fn try_replace(
        &mut self,
        export: Export,
        files: &[NewFile<'_>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure> {
        self.survey(export, inputs)?;
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        self.old.check_free(&self.path, &paths)?;
        let changes = self.changes(files, kept);
        for change in &changes {
            let path = self.path.join(&change.path);
            if inputs.contains(&Identity::of(&path)) {
                return Err(guard::refused(&path, change.new.is_some()));
            }
        }
        let failed = |error| Failure::io("write to", &self.path, &error);
        let intent = Intent::new(changes.clone());
        if let Err(error) =
            self.stage(files, &changes).and_then(|()| intent.commit(&self.path).map_err(failed))
        {
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

    /// What turns the old lake into the new one. A file that stays the same is not written again.
    fn changes(&self, files: &[NewFile<'_>], kept: &HashSet<String>) -> Vec<Change> {
        let new: HashMap<&str, &str> =
            files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect();
        let gone = self
            .old
            .files
            .iter()
            .filter(|(path, _)| !new.contains_key(path.as_str()) && !kept.contains(*path));
        let gone = gone.map(|(path, hash)| Change { path: path.clone(), old: Some(hash.clone()), new: None });
        let written = files.iter().filter_map(|file| {
            let old = self.old.files.get(&file.path).cloned();
            (old.as_ref() != Some(&file.sha256)).then(|| Change {
                path: file.path.clone(),
                old,
                new: Some(file.sha256.clone()),
            })
        });
        gone.chain(written).collect()
    }

    /// Writes the new files, as many at a time as there are cores, and syncs them.
    fn stage(&self, files: &[NewFile<'_>], changes: &[Change]) -> Result<(), Failure> {
        let failed = |path: &str, error| Failure::io("write", &self.path.join(path), &error);
        let written: HashSet<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        let files: Vec<_> = files.iter().filter(|file| written.contains(file.path.as_str())).collect();
        let temp = self.path.join(TEMP);
        let mut folders = Vec::new();
        for file in &files {
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
