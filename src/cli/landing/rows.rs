//! The rows of a landing file whose bytes are in memory.

use std::io::Cursor;

use stedi_lakehouse::ingest::{Archive, ArchiveError, Decoded, InputFile, Sink};
use stedi_lakehouse::schema::Landing;

/// A landing file in memory. As an archive it is opened once, however many of its entries are read.
pub struct FileInMemory<'a> {
    data: &'a [u8],
    archive: Option<Archive<Cursor<&'a [u8]>>>,
}

impl<'a> FileInMemory<'a> {
    /// Of all its bytes, packed as they are.
    pub fn new(data: &'a [u8]) -> FileInMemory<'a> {
        FileInMemory { data, archive: None }
    }

    /// Reads it, or the entry of an archive that has this number, into a sink of one table. With `share`, other records
    /// of it are of other tables. `name` is given back in rejects.
    ///
    /// # Errors
    /// What keeps the archive or its entry from being opened.
    pub fn read(
        &mut self,
        name: &str,
        entry: Option<usize>,
        table: Landing,
        share: bool,
        sink: &mut impl Sink,
    ) -> Result<Decoded, ArchiveError> {
        let mut file = match share {
            // What is of no table is rejected as a customer's.
            true => InputFile::share(name, table, table == Landing::Customer),
            false => InputFile::new(name, table),
        };
        match entry {
            Some(entry) => self.archive()?.decode(entry, &mut file, sink)?,
            None => file.push(self.data, sink),
        }
        Ok(file.finish(sink))
    }

    pub(super) fn archive(&mut self) -> Result<&mut Archive<Cursor<&'a [u8]>>, ArchiveError> {
        let archive = match self.archive.take() {
            Some(archive) => archive,
            None => Archive::new(Cursor::new(self.data))?,
        };
        Ok(self.archive.insert(archive))
    }
}

/// Reads whole lines of a file that is too large to be read at once; `last` are those behind which nothing follows.
pub fn read_split(data: &[u8], name: &str, table: Landing, last: bool, sink: &mut impl Sink) -> Decoded {
    let end = if last { u64::MAX } else { data.len() as u64 };
    let mut file = InputFile::range(name, table, 0, end);
    file.push(data, sink);
    if !last {
        // The next record, which is not of these lines: one that is cut before it is bad JSON, and not the file's end.
        file.push(b"{", sink);
    }
    file.finish(sink)
}
