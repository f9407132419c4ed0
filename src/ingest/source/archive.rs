//! An archive, zip or tar: its entries are files of their own.

use std::io::{Read, Seek, SeekFrom};

use zip::read::OwnedZipFileEntry;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipReadOptions};

use super::archive_error::ArchiveError;
use super::detect::{Detection, detect_file};
use super::duplicates::{ContentDigest, Digest, Seen, Sketch};
use super::input_file::InputFile;
use super::packed_entry::{PackedEntry, Packing};
use super::tar::{Tar, TarEntry};
use super::unpack::{BOMB, Container, container, is_bomb};
use super::window::{Log, Window};
use super::zip_directory::{self, told_apart};
use crate::ingest::reject::Refusal;
use crate::ingest::sink::Sink;

const READ_STEP: usize = 64 << 10;
/// The place of what a tar has lost with its end: an entry that cannot be opened, so that
/// whoever lists the entries says so.
const LOST: u64 = u64::MAX;
/// The first header of a tar, which says that it is one.
const TAR_HEADER: u64 = 512;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path within the archive; of entries of one name, the second ends in ` (2)`.
    pub name: String,
    /// Compressed size; in a tar its size.
    pub bytes: u64,
    size: u64,
    /// By the directory of a zip.
    crc32: Option<u32>,
    /// Set when it is detected.
    seen: Option<Seen>,
    /// Its number in a zip, its first byte in a tar.
    place: u64,
}

impl Entry {
    /// What is known of it without reading it whole, once it was detected.
    pub fn sketch(&self) -> Option<Sketch> {
        Some(Sketch::of_entry(self.seen?, self.size, self.crc32))
    }
}

/// An archive whose entries are files of their own. To open one reads its directory, or
/// all of a tar that is compressed: do it once, not for each entry.
pub struct Archive<R> {
    contents: Contents<R>,
    entries: Vec<Entry>,
    /// Of the file.
    length: u64,
    /// What was read since the last entry was decoded.
    log: Log,
}

enum Contents<R> {
    /// And what its directory says, folders included.
    Zip(Window<R>, Vec<OwnedZipFileEntry>),
    Tar(Tar<R>),
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of a zip, or the headers of a tar.
    ///
    /// # Errors
    /// `BadZip`, `BadTar`.
    pub fn new(mut reader: R) -> Result<Archive<R>, ArchiveError> {
        let io = |error: std::io::Error| ArchiveError::opening(error.into());
        let length = reader.seek(SeekFrom::End(0)).map_err(io)?;
        let mut window = Window::new(reader);
        let log = window.log();
        let mut head = Vec::new();
        window.seek(SeekFrom::Start(0)).map_err(io)?;
        window.by_ref().take(TAR_HEADER).read_to_end(&mut head).map_err(io)?;
        if matches!(container(&head), Container::Tar | Container::Gzip | Container::Zstd) {
            let mut tar = Tar::new(window, &head);
            let files = tar.entries().map_err(ArchiveError::tar)?;
            let names = told_apart(files.iter().map(|file| file.name.clone()).collect());
            let entry = |(file, name): (&TarEntry, String)| Entry {
                name,
                bytes: file.size,
                size: file.size,
                crc32: None,
                seen: None,
                place: file.start,
            };
            let mut entries: Vec<Entry> = files.iter().zip(names).map(entry).collect();
            if tar.is_cut() {
                let lost = TarEntry { name: String::new(), start: LOST, size: 0 };
                entries.push(entry((&lost, "(what followed)".to_owned())));
            }
            return Ok(Archive { contents: Contents::Tar(tar), entries, length, log });
        }
        let directory = zip_directory::read(&mut window).map_err(ArchiveError::opening)?;
        let mut entries = Vec::new();
        let names = zip_directory::names(&directory);
        for (index, (file, name)) in directory.iter().zip(names).enumerate() {
            if file.is_dir() {
                continue;
            }
            let (bytes, size, crc32) = (file.compressed_size(), file.size(), Some(file.crc32()));
            entries.push(Entry { name, bytes, size, crc32, seen: None, place: index as u64 });
        }
        let packed = entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.bytes));
        if packed > length {
            return Err(ArchiveError::overlap());
        }
        if is_spreadsheet(&entries) {
            return Err(ArchiveError::spreadsheet());
        }
        Ok(Archive { contents: Contents::Zip(window, directory), entries, length, log })
    }

    /// Its files, in the order of its directory; folders are left out.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn open(&mut self, entry: usize) -> Result<Box<dyn Read + '_>, ArchiveError> {
        let (place, size) = self.entries.get(entry).map_or((u64::MAX, 0), |entry| (entry.place, entry.size));
        match &mut self.contents {
            Contents::Zip(window, directory) => {
                let listed = usize::try_from(place).ok().and_then(|index| directory.get(index));
                let listed = listed.ok_or(ZipError::FileNotFound).map_err(ArchiveError::entry)?;
                let opened = listed.as_ref().with_reader(window, ZipReadOptions::new());
                Ok(Box::new(opened.map_err(ArchiveError::entry)?))
            }
            Contents::Tar(_) if place == LOST => Err(ArchiveError::lost()),
            Contents::Tar(tar) => Ok(Box::new(tar.open(place, size).map_err(ArchiveError::reading)?)),
        }
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
            file.damage(&damage, sink);
        }
        file.read_of_zip(self.log.take());
        Ok(())
    }

    /// An entry whose packed bytes the host pushes, by [`InputFile::packed`].
    ///
    /// # Errors
    /// What keeps the entry from being opened.
    pub fn packed(&mut self, entry: usize) -> Result<PackedEntry, ArchiveError> {
        // What keeps it from being read, an open entry says; and the reader of a zip stands at its first byte.
        drop(self.open(entry)?);
        let Entry { place, size, crc32, bytes, .. } = self.entries[entry];
        let (range, packing) = match &mut self.contents {
            Contents::Zip(window, directory) => {
                let start = window.stream_position().map_err(ArchiveError::reading)?;
                let deflated = directory[place as usize].compression() != CompressionMethod::Stored;
                let packing = if deflated { Packing::deflated() } else { Packing::Stored };
                ((start, start + bytes), packing)
            }
            Contents::Tar(tar) if tar.is_plain() => ((place, place + size), Packing::Stored),
            Contents::Tar(_) => ((0, self.length), Packing::in_tar(place, size)),
        };
        Ok(PackedEntry::new(range, packing, (size, crc32), self.log.take()))
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
                    let damage = "the entry is damaged (it is not of the size that the archive says)";
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
                    return Ok(Some(format!("the entry is damaged ({error}); what follows is lost")));
                }
            }
        }
    }
}

/// Whether a zip is a workbook of Excel, or a spreadsheet of OpenDocument.
fn is_spreadsheet(entries: &[Entry]) -> bool {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    has("xl/workbook.xml") || has("xl/workbook.bin") || has("mimetype") && has("content.xml")
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
        for names in [["[Content_Types].xml", "xl/workbook.xml"], ["mimetype", "content.xml"]] {
            let workbook = zip(&names.map(|name| (name, &b"<x/>"[..])));
            assert_eq!(Archive::new(Cursor::new(&workbook)).err().unwrap().reason(), "spreadsheet");
        }
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
