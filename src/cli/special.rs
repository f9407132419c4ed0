//! Files that are no regular ones: pipes and devices. They are never replaced by
//! another file, and can be read only once.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::terminal::{self, Stream};

/// Writes into a pipe or a device, or into what is standard output or error.
/// None for what is neither: it is written as files are.
pub fn write(path: &Path, bytes: &[u8]) -> Option<io::Result<()>> {
    if let Some(stream) = stream(path) {
        return Some(terminal::write(stream, bytes));
    }
    let kind = fs::metadata(path).ok()?.file_type();
    if kind.is_file() || kind.is_dir() {
        return None;
    }
    if is_block_device(kind) {
        return Some(Err(io::Error::other("it is a disk, which nothing is written to")));
    }
    let opened = File::options().write(true).open(path);
    Some(opened.and_then(|mut file| file.write_all(bytes)))
}

/// Which of the standard streams a path is, by whatever name: `-`, `/dev/stdout`, and
/// also the file that it was sent to, whose place another file must not take.
pub fn stream(path: &Path) -> Option<Stream> {
    if path.as_os_str() == "-" { Some(Stream::Output) } else { open_as(path) }
}

#[cfg(unix)]
fn open_as(path: &Path) -> Option<Stream> {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let wanted = place(fs::metadata(path).ok()?);
    let is = |stream: &Stream| {
        let metadata = terminal::file(*stream).and_then(|file| file.metadata());
        metadata.is_ok_and(|metadata| place(metadata) == wanted)
    };
    [Stream::Output, Stream::Error].into_iter().find(is)
}

#[cfg(not(unix))]
fn open_as(_: &Path) -> Option<Stream> {
    None
}

#[cfg(unix)]
fn is_block_device(kind: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_block_device(&kind)
}

#[cfg(not(unix))]
fn is_block_device(_: fs::FileType) -> bool {
    false
}

/// The bytes of a pipe or a device, in a temporary file that only this user can
/// read and that goes with the program.
pub struct Spooled {
    /// To be opened again, as often as need be.
    pub path: PathBuf,
    /// How many.
    pub bytes: u64,
    /// Keeps the file.
    _file: Holder,
}

#[cfg(target_os = "linux")]
type Holder = File;
#[cfg(not(target_os = "linux"))]
type Holder = tempfile::TempPath;

impl Spooled {
    /// Reads all there is.
    pub fn new(mut from: impl Read) -> io::Result<Spooled> {
        let (mut file, path, holder) = Spooled::make()?;
        let bytes = io::copy(&mut from, &mut file)?;
        Ok(Spooled { path, bytes, _file: holder })
    }

    /// A file without a name, so that it goes however the program ends.
    #[cfg(target_os = "linux")]
    fn make() -> io::Result<(File, PathBuf, Holder)> {
        use std::os::fd::AsRawFd;
        let file = tempfile::tempfile()?;
        let path = format!("/proc/self/fd/{}", file.as_raw_fd()).into();
        Ok((file.try_clone()?, path, file))
    }

    #[cfg(not(target_os = "linux"))]
    fn make() -> io::Result<(File, PathBuf, Holder)> {
        let (file, holder) = tempfile::NamedTempFile::new()?.into_parts();
        Ok((file, holder.to_path_buf(), holder))
    }
}
