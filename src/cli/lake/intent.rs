//! The intent: what turns the old lake into the new one. From the moment in which
//! it is on the disk, the new lake is the one that counts, and whoever comes next
//! can do what it says.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file_hash::hash;
use super::steps;
use crate::cli::Failure;

/// The folder of unfinished work in a lake. Its name begins with an underscore, so readers of tables pass it over.
pub const TEMP: &str = "_stedi_tmp";

const FILE: &str = "intent.json";
const PART: &str = "intent.part";
/// The folder of the new files, which have the paths below it that they will have in the lake.
const NEW: &str = "new";

/// The new lake's changes, in order.
#[derive(Serialize, Deserialize)]
pub struct Intent {
    format: Format,
    changes: Vec<Change>,
}

#[derive(Serialize, Deserialize)]
enum Format {
    #[serde(rename = "stedi-lakehouse-intent-1")]
    One,
}

/// What becomes of one file of the lake.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Path below the lake, with slashes.
    pub path: String,
    /// SHA-256 of the file that is there; none if none is.
    pub old: Option<String>,
    /// SHA-256 of the file that takes its place; none if it is only removed.
    pub new: Option<String>,
}

/// Where a new file is written.
pub fn new_path(lake: &Path, path: &str) -> PathBuf {
    lake.join(TEMP).join(NEW).join(path)
}

impl Intent {
    /// Of changes of which the last is the report's.
    pub fn new(changes: Vec<Change>) -> Intent {
        Intent { format: Format::One, changes }
    }

    /// Puts the intent on the disk: the commit.
    pub fn commit(&self, lake: &Path) -> io::Result<()> {
        let temp = lake.join(TEMP);
        let mut file = steps::create(&temp.join(PART))?;
        steps::write(&mut file, &serde_json::to_vec(self)?)?;
        steps::close(&file)?;
        steps::rename(&temp.join(PART), &temp.join(FILE))?;
        steps::sync_folder(&temp)
    }

    /// Does what is to be done. It can be stopped anywhere and done again.
    pub fn apply(&self, lake: &Path) -> io::Result<()> {
        let mut folders = BTreeSet::new();
        for Change { path, new, .. } in &self.changes {
            let to = lake.join(path);
            let from = new_path(lake, path);
            let folder = to.parent().unwrap_or(lake).to_owned();
            if new.is_some() && from.exists() {
                steps::make_folder(&folder)?;
                steps::rename(&from, &to)?;
            } else if new.is_none() && to.exists() {
                steps::remove(&to)?;
            }
            // What was moved by an earlier try may not be on the disk yet.
            folders
                .extend(folder.ancestors().take_while(|above| above.starts_with(lake)).map(Path::to_owned));
        }
        // The deepest first, so that a folder of empty folders goes too.
        for folder in folders.iter().rev().filter(|folder| folder.is_dir()) {
            steps::sync_folder(folder)?;
            if folder != lake {
                steps::remove_empty(folder)?;
            }
        }
        steps::sync_folder(lake)?;
        clear(lake)
    }

    /// Sees that nobody changed the files since they were committed.
    fn check(&self, lake: &Path) -> Result<(), Failure> {
        let hash_of = |path: &Path| match hash(path) {
            Ok(hash) => Ok(Some(hash)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::io("read", path, &error)),
        };
        for Change { path, old, new } in &self.changes {
            if !is_below(path) {
                return Err(damaged(lake));
            }
            let to = lake.join(path);
            let (staged, there) = (hash_of(&new_path(lake, path))?, hash_of(&to)?);
            let fits = match (new, staged) {
                (Some(_), None) => there == *new,
                (Some(_), staged) => staged == *new && (there.is_none() || there == *old),
                (None, _) => there.is_none() || there == *old,
            };
            if !fits {
                return Err(Failure::Failed(format!(
                    "an earlier run was stopped while it replaced this lake, and {} has changed since; move it away, \
                     and run again",
                    to.display()
                )));
            }
        }
        Ok(())
    }
}

/// Finishes what a run left that was stopped, and says so.
pub fn recover(lake: &Path) -> Result<Option<&'static str>, Failure> {
    let temp = lake.join(TEMP);
    match temp.symlink_metadata() {
        Err(_) => return Ok(None),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(not_ours(&temp)),
    }
    let entries = fs::read_dir(&temp).map_err(|error| Failure::io("read", &temp, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read", &temp, &error))?;
        if ![FILE, PART, NEW].iter().any(|name| entry.file_name() == *name) {
            return Err(not_ours(&entry.path()));
        }
    }
    let text = match fs::read(temp.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            clear(lake).map_err(|error| Failure::io("remove", &temp, &error))?;
            return Ok(Some(
                "an earlier run was stopped before its lake was complete; what it had written is removed",
            ));
        }
        Err(error) => return Err(Failure::io("read", &temp.join(FILE), &error)),
    };
    let intent: Intent = serde_json::from_slice(&text).map_err(|_| damaged(lake))?;
    intent.check(lake)?;
    intent.apply(lake).map_err(|error| Failure::io("finish", lake, &error))?;
    Ok(Some("an earlier run was stopped while it replaced the lake; its lake is now complete"))
}

/// Removes the folder of unfinished work; the intent first, since without its files it could not be done.
pub fn clear(lake: &Path) -> io::Result<()> {
    let temp = lake.join(TEMP);
    if !temp.exists() {
        return Ok(());
    }
    if temp.join(FILE).exists() {
        steps::remove(&temp.join(FILE))?;
        steps::sync_folder(&temp)?;
    }
    steps::remove_tree(&temp)?;
    steps::sync_folder(lake)
}

/// Whether a path with slashes leads to a place below the folder that it is relative to.
fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn not_ours(path: &Path) -> Failure {
    Failure::Failed(format!("{} is in the way: this program writes there; move it away", path.display()))
}

fn damaged(lake: &Path) -> Failure {
    Failure::Failed(format!(
        "{} is not one of this program; move it away",
        lake.join(TEMP).join(FILE).display()
    ))
}
