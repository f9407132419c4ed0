//! Saves the page as a file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::super::{Failure, output, special, terminal};
use super::content::PAGE;

/// Saves the page where nothing is yet; `force` replaces a file.
///
/// # Errors
/// If something is there that may not be replaced, or if it cannot be written.
pub fn save(path: &Path, force: bool) -> Result<(), Failure> {
    let is_regular = path.metadata().is_ok_and(|metadata| metadata.is_file());
    if special::stream(path).is_some() || (path.exists() && !is_regular) {
        return output::write(path, PAGE);
    }
    match force {
        true => output::write(path, PAGE)?,
        false => create(path)?,
    }
    terminal::print(&format!("{} bytes in {}\n", PAGE.len(), terminal::path(path)));
    terminal::say("Next: open it in a browser by a double click, or by `stedi-lakehouse page --open`\n");
    Ok(())
}

/// Writes a file that is not there yet, and its folders.
fn create(path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::io("write", path, &error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::Usage(format!(
            "{} exists, and is not overwritten; --force replaces it",
            terminal::path(path)
        )),
        _ => failed(error),
    })?;
    let written = file.write_all(PAGE).and_then(|()| file.sync_all());
    if written.is_err() {
        // It is ours, and half a page is none.
        let _ = fs::remove_file(path);
    }
    written.map_err(failed)
}
