//! Every change of the disk that the writing of a lake makes. Each is a step, at
//! which a test can stop the program.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    step()?;
    fs::create_dir_all(path)
}

/// Makes a file, which must not be there; [`write`] and [`close`] follow.
pub fn create(path: &Path) -> io::Result<File> {
    step()?;
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Writes to a file.
pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    step()?;
    file.write_all(bytes)
}

/// Waits until the disk has the file.
pub fn close(file: &File) -> io::Result<()> {
    step()?;
    file.sync_all()
}

/// Moves a file, over another one if there is one.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step()?;
    fs::rename(from, to)
}

/// Removes a file.
pub fn remove(path: &Path) -> io::Result<()> {
    step()?;
    fs::remove_file(path)
}

/// Removes a folder and all in it.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    step()?;
    fs::remove_dir_all(path)
}

/// Removes a folder if nothing is in it.
pub fn remove_empty(path: &Path) -> io::Result<()> {
    step()?;
    match fs::remove_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
        other => other,
    }
}

/// Waits until the disk has the names in a folder.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    step()?;
    // Only Unix opens folders as files.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

#[cfg(not(debug_assertions))]
fn step() -> io::Result<()> {
    Ok(())
}

/// Tests set `STEDI_STOP` to a list of `kill:N` and `fail:N`: the program ends at
/// once before its Nth step, or that step fails. Not in a release.
#[cfg(debug_assertions)]
fn step() -> io::Result<()> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static DONE: AtomicU64 = AtomicU64::new(0);
    let number = DONE.fetch_add(1, Ordering::Relaxed) + 1;
    let stops = std::env::var("STEDI_STOP").unwrap_or_default();
    match stops.split(',').find_map(|stop| stop.strip_suffix(&format!(":{number}"))) {
        Some("kill") => std::process::abort(),
        Some("fail") => Err(io::Error::other("a test stopped this step")),
        _ => Ok(()),
    }
}
