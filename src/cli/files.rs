//! Finds the files of a call.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use stedi_lakehouse::ingest::{Refusal, skip};
use stedi_lakehouse::report::Input;
use walkdir::{DirEntry, WalkDir};

use super::lake::{Identity, TEMP};
use super::location::Location;
use super::names::name_of;
use super::special::Spooled;
use super::store::{Address, Object, Stores};
use super::{Failure, terminal};

/// A file to be looked at.
pub struct Found {
    pub location: Location,
    /// As the user knows it.
    pub name: String,
    /// Its path below the folder that was named; empty for a file that was.
    pub below: String,
    pub bytes: u64,
}

/// What the paths of a call hold.
pub struct Finds {
    /// All files below the paths, by name.
    pub found: Vec<Found>,
    /// Those that cannot be used.
    pub unused: Vec<Input>,
    /// Of them those that can be hashed, by name.
    pub skipped: Vec<(String, Location)>,
    /// What holds the bytes of pipes and devices: to be kept until the run is over.
    pub spooled: Vec<Spooled>,
}

/// Standard input, as it is named in a call.
const STANDARD_INPUT: &str = "-";

/// Finds all files below the paths, and reads pipes and devices that are named. No input is what this program writes:
/// its `own` files, and what lies below `out`.
pub fn find(paths: &[PathBuf], out: &Path, own: &HashSet<Identity>) -> Result<Finds, Failure> {
    let (mut found, mut unused, mut skipped, mut spooled) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (place, mut stores) = (Identity::of(out), Stores::default());
    for (at, path) in paths.iter().enumerate() {
        if let Some(address) = Address::of(path) {
            for (below, object) in stores.find(&address)? {
                if own.contains(&Identity::of(object.path())) || is_written(&address, &object, out) {
                    continue;
                }
                let (name, bytes) = (name_of(object.path()), object.bytes());
                let location = Location::Object(object);
                if let Some(skip) = skip(&below, bytes) {
                    skipped.push((name.clone(), location));
                    unused.push(Input::skipped(name, bytes, skip));
                } else {
                    found.push(Found { location, name, below, bytes });
                }
            }
            continue;
        }
        if is_stream(path)? {
            if paths[..at].contains(path) {
                return Err(Failure::Usage(format!("{} can be read only once", terminal::path(path))));
            }
            let read = spool(path).map_err(|error| Failure::io("read", path, &error))?;
            found.push(Found {
                location: Location::File(read.path.clone()),
                name: name_of(path),
                below: String::new(),
                bytes: read.bytes,
            });
            spooled.push(read);
            continue;
        }
        let is_input = |entry: &DirEntry| {
            if entry.depth() == 0 {
                return true;
            }
            let identity = Identity::of(entry.path());
            let written = entry.file_type().is_dir() && (entry.file_name() == TEMP || identity == place);
            if written {
                terminal::say(&format!(
                    "not read: {}, which this program writes to\n",
                    terminal::path(entry.path())
                ));
            }
            !written && !own.contains(&identity)
        };
        for entry in WalkDir::new(path).follow_links(true).into_iter().filter_entry(is_input) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let name = name_of(error.path().unwrap_or(path));
                    // Not all of the error: it names the path as it is.
                    unused.push(match error.io_error() {
                        Some(error) => Input::refused(name, 0, "unreadable", &error.to_string()),
                        None => Input::refusal(name, 0, Refusal::LinkLoop),
                    });
                    continue;
                }
            };
            let name = name_of(entry.path());
            let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
            let below = name_of(entry.path().strip_prefix(path).unwrap_or(Path::new("")));
            if entry.file_type().is_dir() {
                continue;
            } else if !entry.file_type().is_file() {
                unused.push(Input::refusal(name, 0, Refusal::SpecialFile));
            } else if let Some(skip) = skip(&below, bytes) {
                skipped.push((name.clone(), Location::File(entry.into_path())));
                unused.push(Input::skipped(name, bytes, skip));
            } else {
                found.push(Found { location: Location::File(entry.into_path()), name, below, bytes });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Finds { found, unused, skipped, spooled })
}

/// Whether an object lies where this program writes to, which is below the address that was named.
fn is_written(named: &Address, object: &Object, out: &Path) -> bool {
    let out = Address::of(out).filter(|out| named.holds(out));
    out.is_some_and(|out| Address::of(object.path()).is_some_and(|object| out.holds(&object)))
}

/// Whether a path of a call can be read only once.
fn is_stream(path: &Path) -> Result<bool, Failure> {
    if path.as_os_str() == STANDARD_INPUT {
        return Ok(true);
    }
    let usage = |error| Failure::Usage(format!("cannot read {}: {error}", terminal::path(path)));
    let kind = path.metadata().map_err(usage)?.file_type();
    Ok(!kind.is_file() && !kind.is_dir())
}

fn spool(path: &Path) -> io::Result<Spooled> {
    match path.as_os_str() == STANDARD_INPUT {
        true => Spooled::new(io::stdin().lock()),
        false => Spooled::new(File::open(path)?),
    }
}
