//! A zip, read at random: its entries are files of their own.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipReadOptions;
use zip::read::OwnedZipFileEntry;
use zip::result::ZipError;

use super::detect::{Detection, detect_file};
use super::duplicates::{ContentDigest, Digest, Seen, Sketch};
use super::input_file::InputFile;
use super::unpack::{BOMB, is_bomb};
use super::window::{Log, Window};
use super::zip_directory;
use crate::ingest::decoder::Sink;
use crate::ingest::reject::Refusal;

const READ_STEP: usize = 64 << 10;

/// What a zip, or an entry of it, cannot be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// No zip, or one whose directory is damaged.
    BadZip,
    /// The entry has a password.
    Encrypted,
    /// A compression method that is not built in.
    Method,
    /// The entry's bytes are damaged.
    BadEntry,
    /// The bytes could not be read.
    Unreadable,
}

/// An [`ArchiveFault`] and its cause.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct ArchiveError {
    fault: ArchiveFault,
    #[source]
    cause: ArchiveCause,
}

/// What the reader of a zip says.
#[derive(Debug, thiserror::Error)]
enum ArchiveCause {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Few bytes that many entries share are how a bomb gets past any ratio.
    #[error("its entries overlap, as those of a zip bomb do")]
    Overlap,
}

impl ArchiveError {
    /// What is wrong.
    pub fn fault(&self) -> ArchiveFault {
        self.fault
    }

    /// Short name, as in the report.
    pub fn reason(&self) -> &'static str {
        match self.fault {
            ArchiveFault::BadZip => "bad_zip",
            ArchiveFault::Encrypted => "encrypted",
            ArchiveFault::Method => "unsupported_compression",
            ArchiveFault::BadEntry => "bad_entry",
            ArchiveFault::Unreadable => "unreadable",
        }
    }

    fn opening(error: ZipError) -> ArchiveError {
        ArchiveError { fault: ArchiveFault::BadZip, cause: error.into() }
    }

    fn entry(error: ZipError) -> ArchiveError {
        let fault = match &error {
            ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
                ArchiveFault::Encrypted
            }
            ZipError::InvalidPassword => ArchiveFault::Encrypted,
            ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
                ArchiveFault::Method
            }
            _ => ArchiveFault::BadEntry,
        };
        ArchiveError { fault, cause: error.into() }
    }

    fn reading(error: std::io::Error) -> ArchiveError {
        match error.downcast() {
            // What is packed by another method fails no sooner.
            Ok(error) => ArchiveError::entry(error),
            Err(error) => ArchiveError { fault: ArchiveFault::BadEntry, cause: error.into() },
        }
    }

    fn message(&self) -> String {
        let what = match self.fault {
            ArchiveFault::BadZip => "the zip cannot be read",
            ArchiveFault::Encrypted => return "the zip entry has a password; unpack it first".to_owned(),
            ArchiveFault::Method => {
                return "the zip entry is compressed by a method other than deflate; pack it again"
                    .to_owned();
            }
            ArchiveFault::BadEntry => "the zip entry is damaged",
            ArchiveFault::Unreadable => "the file could not be read",
        };
        format!("{what} ({})", self.cause)
    }
}

/// A file in a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path within the zip; of entries of one name, the second ends in ` (2)`.
    pub name: String,
    /// Compressed size.
    pub bytes: u64,
    /// Size and checksum by the directory.
    size: u64,
    crc32: u32,
    /// Set when it is detected.
    seen: Option<Seen>,
    index: usize,
}

impl Entry {
    /// What is known of it without reading it whole, once it was detected.
    pub fn sketch(&self) -> Option<Sketch> {
        Some(Sketch::of_entry(self.seen?, self.size, self.crc32))
    }
}

/// A zip whose entries are files of their own. To open one reads its directory:
/// do it once, not for each entry.
pub struct Archive<R> {
    window: Window<R>,
    /// What the directory says, folders included.
    directory: Vec<OwnedZipFileEntry>,
    entries: Vec<Entry>,
    /// What was read since the last entry was decoded.
    log: Log,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of a zip.
    ///
    /// # Errors
    /// `BadZip`.
    pub fn new(mut reader: R) -> Result<Archive<R>, ArchiveError> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|error| ArchiveError::opening(error.into()))?;
        let mut window = Window::new(reader);
        let log = window.log();
        let directory = zip_directory::read(&mut window).map_err(ArchiveError::opening)?;
        let mut entries = Vec::new();
        let names = zip_directory::names(&directory);
        for (index, (file, name)) in directory.iter().zip(names).enumerate() {
            if file.is_dir() {
                continue;
            }
            let (bytes, size, crc32) = (file.compressed_size(), file.size(), file.crc32());
            entries.push(Entry { name, bytes, size, crc32, seen: None, index });
        }
        let packed = entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.bytes));
        if packed > length {
            return Err(ArchiveError { fault: ArchiveFault::BadZip, cause: ArchiveCause::Overlap });
        }
        Ok(Archive { window, directory, entries, log })
    }

    /// Its files, in the order of its directory; folders are left out.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn open(&mut self, entry: usize) -> Result<impl Read, ArchiveError> {
        let listed = self.entries.get(entry).and_then(|entry| self.directory.get(entry.index));
        let listed = listed.ok_or(ZipError::FileNotFound).map_err(ArchiveError::entry)?;
        let opened = listed.as_ref().with_reader(&mut self.window, ZipReadOptions::new());
        opened.map_err(ArchiveError::entry)
    }

    /// Detects an entry, never asking for more.
    ///
    /// # Errors
    /// What keeps the entry from being read.
    pub fn detect(&mut self, entry: usize) -> Result<Detection, ArchiveError> {
        let file = self.open(entry)?;
        let (found, head) = detect_file(file).map_err(ArchiveError::reading)?;
        self.entries[entry].seen = Some(Seen::new(&head));
        Ok(match found {
            Detection::Archive => Detection::Refused(Refusal::NestedCompression),
            found => found,
        })
    }

    /// The first bytes of an entry, inflated, and whether that is all of it.
    ///
    /// # Errors
    /// What keeps the entry from being read.
    pub fn head(&mut self, entry: usize, bytes: usize) -> Result<(Vec<u8>, bool), ArchiveError> {
        let mut head = Vec::new();
        let mut reader = self.open(entry)?.take(bytes as u64 + 1);
        reader.read_to_end(&mut head).map_err(ArchiveError::reading)?;
        let complete = head.len() <= bytes;
        head.truncate(bytes);
        Ok((head, complete))
    }

    /// Decodes a whole entry into a file; damage within it is the file's, and
    /// the rows before it stay.
    ///
    /// # Errors
    /// What keeps the entry from being opened; then nothing was decoded.
    pub fn decode(
        &mut self,
        entry: usize,
        file: &mut InputFile,
        sink: &mut impl Sink,
    ) -> Result<(), ArchiveError> {
        let damage = self.inflate(entry, |chunk| file.push_entry(chunk, sink))?;
        if let Some(damage) = damage {
            file.damage(&damage);
        }
        file.read_of_zip(self.log.take());
        Ok(())
    }

    /// Reads a whole entry for its digest.
    ///
    /// # Errors
    /// What keeps the entry from being opened.
    pub fn digest(&mut self, entry: usize) -> Result<Digest, ArchiveError> {
        let mut digest = ContentDigest::default();
        if self.inflate(entry, |chunk| digest.push(chunk))?.is_some() {
            digest.damage();
        }
        Ok(digest.finish())
    }

    /// Hands on the bytes of an entry; gives a description of its damage, if any.
    fn inflate(&mut self, entry: usize, mut take: impl FnMut(&[u8])) -> Result<Option<String>, ArchiveError> {
        let (packed, size) = self.entries.get(entry).map_or((0, 0), |entry| (entry.bytes, entry.size));
        let mut reader = self.open(entry)?;
        let (mut chunk, mut inflated) = (vec![0; READ_STEP], 0);
        loop {
            match reader.read(&mut chunk) {
                // A directory without zip64 has the size modulo 2^32.
                Ok(0) if inflated as u32 != size as u32 => {
                    let damage = "the zip entry is damaged (it is not of the size that the zip says)";
                    return Ok(Some(damage.to_owned()));
                }
                Ok(0) => return Ok(None),
                Ok(length) => {
                    take(&chunk[..length]);
                    inflated += length as u64;
                    if is_bomb(inflated, packed) {
                        return Ok(Some(BOMB.to_owned()));
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Ok(Some(format!("the zip entry is damaged ({error}); what follows is lost")));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::reject::Reason;
    use crate::ingest::{FieldFault, Record};
    use crate::schema::Landing;
    use std::io::{Cursor, Write};

    struct Count(usize);

    impl Sink for Count {
        fn record(&mut self, _: &Record<'_>) -> Result<(), FieldFault> {
            self.0 += 1;
            Ok(())
        }
    }

    const LINE: &[u8] = b"{\"user\":\"a\",\"timestamp\":1}\n";

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in files {
            if name.ends_with('/') {
                writer.add_directory(*name, options).unwrap();
            } else {
                writer.start_file(*name, options).unwrap();
                writer.write_all(bytes).unwrap();
            }
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_entries_of_a_zip_are_files() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(LINE).unwrap();
        let packed = packed.finish().unwrap();
        let inner = zip(&[("x", LINE)]);
        let lines = LINE.repeat(1000);
        let bytes = zip(&[("a/", b""), ("a/1.json", &lines), ("2.json.gz", &packed), ("3.zip", &inner)]);
        let mut archive = Archive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<_> = archive.entries().iter().map(|entry| entry.name.clone()).collect();
        assert_eq!(names, ["a/1.json", "2.json.gz", "3.zip"]);
        for (entry, records) in [(0, 1000), (1, 1)] {
            assert_eq!(archive.detect(entry).unwrap(), Detection::Table(Landing::Accelerometer));
            let mut count = Count(0);
            let mut file = InputFile::new("z", Landing::Accelerometer);
            archive.decode(entry, &mut file, &mut count).unwrap();
            file.finish(&mut count);
            assert_eq!(count.0, records);
        }
        assert_eq!(archive.detect(2).unwrap(), Detection::Refused(Refusal::NestedCompression));
    }

    #[test]
    fn bombs_are_not_followed_to_their_end() {
        let bytes = zip(&[("a.json", &[LINE, &vec![b'\n'; 100 << 20]].concat())]);
        let mut archive = Archive::new(Cursor::new(bytes)).unwrap();
        let mut count = Count(0);
        let mut file = InputFile::new("z", Landing::Accelerometer);
        archive.decode(0, &mut file, &mut count).unwrap();
        let decoded = file.finish(&mut count);
        assert_eq!((count.0, decoded.rejected.get(Reason::BadCompression)), (1, 1));
        assert!(decoded.lines < 100 << 20, "{} lines", decoded.lines);
    }

    #[test]
    fn entries_that_share_bytes_are_refused() {
        // The directory's one record twice under two names, and the end of the directory told so.
        let noise: Vec<u8> = (0..4000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let bytes = zip(&[("a", &noise)]);
        let end = bytes.len() - 22;
        let start = bytes[..end].windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        let mut other = bytes[start..end].to_vec();
        other[46] = b'b';
        let mut bomb = [&bytes[..end], &other, &bytes[end..]].concat();
        let last = bomb.len() - 22;
        bomb[last + 8] = 2;
        bomb[last + 10] = 2;
        let size = (2 * other.len()) as u32;
        bomb[last + 12..last + 16].copy_from_slice(&size.to_le_bytes());
        let error = Archive::new(Cursor::new(bomb)).err().unwrap();
        assert_eq!(error.reason(), "bad_zip");
        assert!(error.to_string().contains("overlap"), "{error}");
    }

    #[test]
    fn a_broken_zip_is_an_error_and_a_broken_entry_a_reject() {
        assert_eq!(Archive::new(Cursor::new(b"PK\x03\x04 no zip")).err().unwrap().reason(), "bad_zip");
        let lines: Vec<u8> = (0..2000)
            .flat_map(|n| format!("{{\"user\":\"u{n}\",\"timestamp\":{n}}}\n").into_bytes())
            .collect();
        let mut bytes = zip(&[("a.json", &lines)]);
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0xff);
        let mut archive = Archive::new(Cursor::new(bytes)).unwrap();
        let mut count = Count(0);
        let mut file = InputFile::new("z", Landing::Accelerometer);
        archive.decode(0, &mut file, &mut count).unwrap();
        let decoded = file.finish(&mut count);
        assert!(count.0 > 0 && count.0 < 2000);
        assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);
    }
}
