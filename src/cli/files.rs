//! Finds the files of a call, and those that are there twice.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use stedi_lakehouse::report::Input;
use walkdir::{DirEntry, WalkDir};

use super::Failure;
use super::lake::{Identity, LakeFolder, TEMP};

/// A file to be looked at.
pub struct Found {
    pub path: PathBuf,
    /// As the user knows it.
    pub name: String,
    pub bytes: u64,
}

/// All files below the paths, by name, and those that cannot be used. What this program writes is no input.
pub fn find(paths: &[PathBuf], lake: &LakeFolder) -> Result<(Vec<Found>, Vec<Input>), Failure> {
    let (mut found, mut unused) = (Vec::new(), Vec::new());
    let (out, own) = (Identity::of(lake.path()), lake.own_files());
    for path in paths {
        if let Err(error) = path.metadata() {
            return Err(Failure::Usage(format!("cannot read {}: {error}", path.display())));
        }
        let is_input = |entry: &DirEntry| match entry.file_type().is_dir() {
            _ if entry.depth() == 0 => true,
            true if entry.file_name() == TEMP || Identity::of(entry.path()) == out => {
                eprintln!("not read: {}, which this program writes to", entry.path().display());
                false
            }
            true => true,
            false => !own.contains(&Identity::of(entry.path())),
        };
        for entry in WalkDir::new(path).follow_links(true).into_iter().filter_entry(is_input) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(path).display().to_string();
                    unused.push(Input::refused(path, 0, "unreadable", &error.to_string()));
                    continue;
                }
            };
            let name = entry.path().display().to_string();
            let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
            if !entry.file_type().is_file() {
                continue;
            } else if is_hidden(entry.path().strip_prefix(path).unwrap_or(Path::new(""))) {
                unused.push(Input::refused(name, bytes, "hidden", HIDDEN));
            } else {
                found.push(Found { path: entry.into_path(), name, bytes });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((found, unused))
}

/// Why hidden files are refused.
pub const HIDDEN: &str = "hidden files of folders and archives are not read";

/// Whether a file lies under a dotted name (.DS_Store, __MACOSX/._a.json) below
/// the folder or archive that was given.
pub fn is_hidden(below: &Path) -> bool {
    below.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}

/// Files of which another with the same bytes may come.
#[derive(Default)]
pub struct Originals(HashMap<Likeness, Vec<(PathBuf, String)>>);

/// What files of the same bytes have in common at least: their size, and their beginning.
type Likeness = (u64, Vec<u8>);

impl Originals {
    /// The name of an earlier file with the same bytes; else the file is one itself.
    pub fn find(&mut self, file: &Found) -> Option<String> {
        // A file that cannot be read is no duplicate; reading it will say why.
        let alike = self.0.entry((file.bytes, beginning(&file.path).unwrap_or_default())).or_default();
        let same = |(path, _): &&(PathBuf, String)| same_bytes(path, &file.path).unwrap_or(false);
        let original = alike.iter().find(same).map(|(_, name)| name.clone());
        if original.is_none() {
            alike.push((file.path.clone(), file.name.clone()));
        }
        original
    }
}

/// So many bytes as tell most files of one size apart.
fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    loop {
        a.clear();
        b.clear();
        one.by_ref().take(1 << 20).read_to_end(&mut a)?;
        other.by_ref().take(1 << 20).read_to_end(&mut b)?;
        if a != b {
            return Ok(false);
        }
        if a.is_empty() {
            return Ok(true);
        }
    }
}
