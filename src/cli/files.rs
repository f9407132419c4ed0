//! Finds the files of a call.

use std::path::{Path, PathBuf};

use stedi_lakehouse::report::Input;
use walkdir::WalkDir;

use super::Failure;

/// A file to be looked at.
pub struct Found {
    pub path: PathBuf,
    /// As the user knows it.
    pub name: String,
    pub bytes: u64,
}

/// All files below the paths, by name, and those that cannot be used.
pub fn find(paths: &[PathBuf]) -> Result<(Vec<Found>, Vec<Input>), Failure> {
    let (mut found, mut unused) = (Vec::new(), Vec::new());
    for path in paths {
        if let Err(error) = path.metadata() {
            return Err(Failure::Usage(format!("cannot read {}: {error}", path.display())));
        }
        for entry in WalkDir::new(path).follow_links(true) {
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
