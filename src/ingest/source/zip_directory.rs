//! The directory of a zip, with every record that it has.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Seek, SeekFrom};

use zip::read::{Config, OwnedZipFileEntry, ZipArchive};
use zip::result::{ZipError, ZipResult};
use zip::unstable::read::ZipIterable;

/// Every record of the directory, folders included.
///
/// # Errors
/// What is damaged, also if the zip holds more than its directory names: the number of
/// records that it gives is too low, or another zip stands before it.
pub(in crate::ingest) fn read<R: Read + Seek>(reader: &mut R) -> ZipResult<Vec<OwnedZipFileEntry>> {
    let zip = ZipArchive::new(&mut *reader)?;
    let (before, start) = (zip.offset(), zip.central_directory_start());
    let records: Vec<OwnedZipFileEntry> = match zip.has_duplicate_names() {
        false => (0..zip.len()).map(|at| Ok(zip.by_index_data(at)?.into())).collect::<ZipResult<_>>()?,
        // Of records of one name `ZipArchive` keeps the last.
        true => {
            let mut zip = ZipIterable::try_new(&mut *reader, Config::default())?;
            zip.files()?.map(|record| Ok(record?.into())).collect::<ZipResult<_>>()?
        }
    };
    let last = records.last().map(OwnedZipFileEntry::central_header_start);
    if before > 0 || goes_on(reader, start, last)? {
        return Err(ZipError::InvalidArchive("its directory does not name all that it holds".into()));
    }
    Ok(records)
}

/// Whether one more record follows the last one of the directory, or stands at the
/// start of one that is said to be empty. By PKWARE's APPNOTE, 4.3.12, a record has 46
/// bytes and three fields behind them, whose lengths are at byte 28.
fn goes_on(zip: &mut (impl Read + Seek), start: u64, last: Option<u64>) -> io::Result<bool> {
    let mut end = start;
    if let Some(last) = last {
        let mut lengths = [0; 6];
        zip.seek(SeekFrom::Start(last + 28))?;
        zip.read_exact(&mut lengths)?;
        let (lengths, _) = lengths.as_chunks();
        end = last + 46 + lengths.iter().map(|&length| u64::from(u16::from_le_bytes(length))).sum::<u64>();
    }
    let mut next = Vec::new();
    zip.seek(SeekFrom::Start(end))?;
    zip.take(4).read_to_end(&mut next)?;
    Ok(next == b"PK\x01\x02")
}

/// Their names. The repeats of one get a number, so that their places in a report stay
/// apart: `c.json`, `c.json (2)`.
pub(in crate::ingest) fn names(records: &[OwnedZipFileEntry]) -> Vec<String> {
    let name = |(at, record): (usize, &OwnedZipFileEntry)| {
        record.name().map(Cow::into_owned).unwrap_or_else(|_| format!("entry {}", at + 1))
    };
    told_apart(records.iter().enumerate().map(name).collect())
}

/// Gives each repeat of a name a number.
pub(in crate::ingest) fn told_apart(mut names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut counts: HashMap<String, u64> = HashMap::new();
    for name in &mut names {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        while *count > 1 {
            let numbered = format!("{name} ({count})");
            if taken.insert(numbered.clone()) {
                *name = numbered;
                break;
            }
            *count += 1;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn zip(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn damaged(bytes: Vec<u8>) -> bool {
        read(&mut Cursor::new(bytes)).is_err_and(|error| error.to_string().contains("does not name all"))
    }

    #[test]
    fn records_of_one_name_are_all_there_and_their_names_told_apart() {
        // The writer makes no two of one name.
        let mut bytes = zip(&[("c.json", "1"), ("d.json", "2"), ("c.json (2)", "3"), ("e.json", "4")]);
        for at in 0..bytes.len() - 6 {
            if bytes[at..].starts_with(b"d.json") || bytes[at..].starts_with(b"e.json") {
                bytes[at] = b'c';
            }
        }
        let mut zip = Cursor::new(bytes);
        let records = read(&mut zip).unwrap();
        assert_eq!(names(&records), ["c.json", "c.json (3)", "c.json (2)", "c.json (4)"]);
        let mut text = String::new();
        for record in &records {
            let mut file = record.as_ref().with_reader(&mut zip, zip::ZipReadOptions::new()).unwrap();
            file.read_to_string(&mut text).unwrap();
        }
        assert_eq!(text, "1234");
    }

    #[test]
    fn a_zip_that_holds_more_than_its_directory_names_is_damaged() {
        let whole = zip(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let end = whole.len() - 22;
        // Counted modulo 2^16, as a writer without zip64 does, the number is too low as well.
        for (files, bytes) in [(2, None), (2, Some(2 * 47)), (0, None), (0, Some(0))] {
            let mut low = whole.clone();
            (low[end + 8], low[end + 10]) = (files, files);
            if let Some(bytes) = bytes {
                low[end + 12..end + 16].copy_from_slice(&u32::to_le_bytes(bytes));
            }
            assert!(read(&mut Cursor::new(low)).is_err(), "{files} files, {bytes:?} bytes");
        }
        assert!(damaged([whole.clone(), whole.clone()].concat()));
        assert_eq!(read(&mut Cursor::new(whole)).unwrap().len(), 3);
        assert!(read(&mut Cursor::new(zip(&[]))).unwrap().is_empty());
    }
}
