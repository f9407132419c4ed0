//! An entry of an archive whose packed bytes are pushed: for a host that cannot wait for a
//! read within a call. `Archive::decode` pulls them, and gives the same rows.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::reads::{ReadRange, Sum};
use super::unpack::{BOMB, Unpacker, is_bomb};

/// Bytes that are inflated at a time.
const STEP: usize = 64 << 10;

/// How the bytes of an entry stand in those that are pushed.
pub(super) enum Packing {
    Stored,
    Deflated(Box<Decompress>),
    /// In a tar that is compressed, all of which is pushed: behind so many bytes of it.
    InTar {
        unpacker: Unpacker,
        before: u64,
        size: u64,
    },
}

impl Packing {
    pub(super) fn deflated() -> Packing {
        Packing::Deflated(Box::new(Decompress::new(false)))
    }

    pub(super) fn in_tar(before: u64, size: u64) -> Packing {
        Packing::InTar { unpacker: Unpacker::default(), before, size }
    }
}

/// An entry of an archive, and the place of the bytes of the archive that it takes.
pub struct PackedEntry {
    start: u64,
    end: u64,
    /// Where the next bytes stand.
    at: u64,
    packing: Packing,
    /// The deflate stream has come to its own end; what follows is no part of it.
    ended: bool,
    inflated: u64,
    crc: Crc,
    /// By the directory of the archive.
    size: u64,
    crc32: Option<u32>,
    sum: Sum,
    damage: Option<String>,
    /// What was read of the archive to find it.
    read: Vec<ReadRange>,
}

impl PackedEntry {
    /// An entry by what the archive says of it: the bytes to push, how it stands in them, its
    /// size and checksum.
    pub(super) fn new(
        (start, end): (u64, u64),
        packing: Packing,
        (size, crc32): (u64, Option<u32>),
        read: Vec<ReadRange>,
    ) -> PackedEntry {
        PackedEntry {
            start,
            end,
            at: start,
            ended: !matches!(packing, Packing::Deflated(_)),
            packing,
            inflated: 0,
            crc: Crc::new(),
            size,
            crc32,
            sum: Sum::new(start, end),
            damage: None,
            read,
        }
    }

    /// The bytes of the archive to push, from their start up to their end.
    pub fn range(&self) -> (u64, u64) {
        (self.start, self.end)
    }

    /// Whether these bytes are the entry as it is; else they are deflated. None of an entry of a tar that is
    /// compressed.
    pub fn is_stored(&self) -> Option<bool> {
        match self.packing {
            Packing::Stored => Some(true),
            Packing::Deflated(_) => Some(false),
            Packing::InTar { .. } => None,
        }
    }

    /// Its size in the archive; in a tar that of what it holds.
    pub fn bytes(&self) -> u64 {
        match self.packing {
            Packing::InTar { size, .. } => size,
            Packing::Stored | Packing::Deflated(_) => self.end - self.start,
        }
    }

    /// Takes the next bytes and hands on what they hold; after damage, nothing more.
    pub(in crate::ingest) fn push(&mut self, chunk: &[u8], take: impl FnMut(&[u8])) {
        self.sum.push(self.at, chunk);
        self.at += chunk.len() as u64;
        if self.damage.is_none() {
            self.damage = self.unpack(chunk, take).err();
        }
    }

    fn unpack(&mut self, chunk: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), String> {
        let inflating = match &mut self.packing {
            Packing::Deflated(inflating) => inflating,
            Packing::Stored => {
                self.crc.update(chunk);
                self.inflated += chunk.len() as u64;
                take(chunk);
                return Ok(());
            }
            Packing::InTar { unpacker, before, size } => {
                let pushed =
                    unpacker.push(chunk, |bytes| within(bytes, before, *size, &mut self.inflated, &mut take));
                // Damage behind the entry is not the entry's.
                return match pushed {
                    Err(error) if self.inflated < *size => Err(damaged(error)),
                    _ => Ok(()),
                };
            }
        };
        let (mut rest, mut out) = (chunk, vec![0; STEP]);
        while !self.ended {
            let (packed, inflated) = (inflating.total_in(), inflating.total_out());
            let status = inflating.decompress(rest, &mut out, FlushDecompress::None);
            let (packed, inflated) = (inflating.total_in() - packed, inflating.total_out() - inflated);
            rest = &rest[packed as usize..];
            let bytes = &out[..inflated as usize];
            self.crc.update(bytes);
            self.inflated += inflated;
            take(bytes);
            if is_bomb(self.inflated, self.end - self.start) {
                return Err(BOMB.to_owned());
            }
            // Only now: what comes before the damage was handed on.
            let status = status.map_err(|error| damaged(&format!("{error}; what follows is lost")))?;
            self.ended = status == Status::StreamEnd;
            if packed == 0 && inflated == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Ends it, and hands on what is left. Gives its damage, if any, and what was read of the
    /// archive.
    pub(in crate::ingest) fn finish(
        mut self,
        mut take: impl FnMut(&[u8]),
    ) -> (Option<String>, Vec<ReadRange>) {
        if let (Packing::InTar { unpacker, before, size }, None) = (&mut self.packing, &self.damage) {
            let left = unpacker.finish(|bytes| within(bytes, before, *size, &mut self.inflated, &mut take));
            self.damage = left.err().filter(|_| self.inflated < *size).map(damaged);
        }
        let mut read = self.read;
        read.extend(self.sum.finish());
        let damage = self.damage.or_else(|| {
            if !self.ended || self.at < self.end {
                Some(damaged("it breaks off; what follows is lost"))
            } else if self.inflated as u32 != self.size as u32 {
                // A directory without zip64 has the size modulo 2^32.
                Some(damaged("it is not of the size that the archive says"))
            } else if self.crc32.is_some_and(|crc32| crc32 != self.crc.sum()) {
                Some(damaged("its checksum is wrong"))
            } else {
                None
            }
        });
        (damage, read)
    }
}

/// Hands on what of the next bytes of a tar is an entry's: behind `before` bytes, up to its size.
fn within(bytes: &[u8], before: &mut u64, size: u64, done: &mut u64, take: &mut impl FnMut(&[u8])) {
    let skipped = (bytes.len() as u64).min(*before);
    *before -= skipped;
    let own = &bytes[skipped as usize..];
    let own = &own[..(own.len() as u64).min(size - *done) as usize];
    *done += own.len() as u64;
    if !own.is_empty() {
        take(own);
    }
}

fn damaged(how: &str) -> String {
    format!("the entry is damaged ({how})")
}

#[cfg(test)]
mod tests {
    use crate::ingest::reject::Reason;
    use crate::ingest::{Archive, ContentDigest, Decoded, FieldFault, InputFile, Record, Sink};
    use crate::schema::Landing;
    use std::io::{Cursor, Write};
    use zip::CompressionMethod;

    #[derive(Default, PartialEq, Debug)]
    struct Times(Vec<i64>);

    impl Sink for Times {
        fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
            self.0.extend(record.bigint(1)?);
            Ok(())
        }
    }

    fn lines(records: usize) -> Vec<u8> {
        (0..records).flat_map(|n| format!("{{\"user\":\"u{n}\",\"timestamp\":{n}}}\n").into_bytes()).collect()
    }

    fn zip(files: &[(&str, &[u8], CompressionMethod)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes, method) in files {
            let options = zip::write::SimpleFileOptions::default().compression_method(*method);
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn pulled(bytes: &[u8], entry: usize) -> (Times, Decoded) {
        let (mut times, mut file) = (Times::default(), InputFile::new("z", Landing::Accelerometer));
        Archive::new(Cursor::new(bytes)).unwrap().decode(entry, &mut file, &mut times).unwrap();
        let decoded = file.finish(&mut times);
        (times, decoded)
    }

    fn pushed(bytes: &[u8], entry: usize, size: usize) -> (Times, Decoded) {
        let packed = Archive::new(Cursor::new(bytes)).unwrap().packed(entry).unwrap();
        let (start, end) = packed.range();
        let mut file = InputFile::new("z", Landing::Accelerometer).packed(packed);
        let mut times = Times::default();
        let end = bytes.len().min(end as usize);
        bytes[start as usize..end].chunks(size).for_each(|chunk| file.push(chunk, &mut times));
        let decoded = file.finish(&mut times);
        (times, decoded)
    }

    fn same(bytes: &[u8], entry: usize) {
        let (times, expected) = pulled(bytes, entry);
        for size in [7, 1000, bytes.len()] {
            let (own, decoded) = pushed(bytes, entry, size);
            assert!(own == times, "{} rows, not {}", own.0.len(), times.0.len());
            assert_eq!(decoded.rejected, expected.rejected);
        }
    }

    #[test]
    fn what_is_pushed_is_what_is_pulled() {
        let many = lines(5000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&many).unwrap();
        let (stored, deflated) = (CompressionMethod::Stored, CompressionMethod::Deflated);
        let bytes = zip(&[
            ("a", &many, deflated),
            ("b", &many, stored),
            ("c", &gzip.finish().unwrap(), stored),
            ("d", b"", deflated),
            ("e", b"", stored),
        ]);
        (0..5).for_each(|entry| same(&bytes, entry));
        assert_eq!(pushed(&bytes, 2, 1000).0.0.len(), 5000);
        for (entry, size) in [(0, 7), (1, 777), (2, 1 << 20)] {
            let mut archive = Archive::new(Cursor::new(&bytes)).unwrap();
            let packed = archive.packed(entry).unwrap();
            let (start, end) = packed.range();
            let mut digest = ContentDigest::entry(packed);
            bytes[start as usize..end as usize].chunks(size).for_each(|chunk| digest.push(chunk));
            assert_eq!(digest.finish(), archive.digest(entry).unwrap());
        }
    }

    #[test]
    fn entries_of_a_tar_are_pushed_too() {
        let (many, half) = (lines(5000), lines(2500));
        let mut tar = tar::Builder::new(Vec::new());
        for (name, bytes) in [("a", &many[..]), ("empty", b""), ("b", &half[..])] {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            tar.append_data(&mut header, name, bytes).unwrap();
        }
        let plain = tar.into_inner().unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        let gzip = gzip.finish().unwrap();
        for bytes in [&plain, &gzip] {
            (0..3).for_each(|entry| same(bytes, entry));
            assert_eq!(pushed(bytes, 2, 1000).0.0.len(), 2500);
        }
        let packed = Archive::new(Cursor::new(&gzip)).unwrap().packed(0).unwrap();
        assert_eq!((packed.range(), packed.bytes()), ((0, gzip.len() as u64), many.len() as u64));
        let (mut times, mut file) =
            (Times::default(), InputFile::new("z", Landing::Accelerometer).packed(packed));
        file.push(&gzip[..gzip.len() / 4], &mut times);
        let decoded = file.finish(&mut times);
        assert!((1..5000).contains(&times.0.len()));
        assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);
    }

    #[test]
    fn what_was_read_is_known_as_of_an_entry_that_is_pulled() {
        let bytes = zip(&[("a", &lines(5000), CompressionMethod::Deflated)]);
        let mut reads = crate::ingest::Reads::default();
        reads.note("z", pushed(&bytes, 0, 1000).1.read);
        let changed = |bytes: &[u8]| {
            let mut again = reads.check("z");
            again.push(bytes);
            again.changed()
        };
        assert!(!changed(&bytes));
        for at in [10, bytes.len() / 2, bytes.len() - 10] {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert!(changed(&other), "byte {at}");
        }
    }

    #[test]
    fn damage_costs_what_follows_and_is_counted() {
        let many = lines(5000);
        for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
            let whole = zip(&[("a", &many, method)]);
            let mut flipped = whole.clone();
            let last = whole.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
            // Of the checksum, then of the size, by the directory.
            for (at, what) in [(16, "checksum"), (24, "size")] {
                flipped.copy_from_slice(&whole);
                flipped[last + at] ^= 1;
                same(&flipped, 0);
                let (times, decoded) = pushed(&flipped, 0, 1000);
                assert_eq!(
                    (times.0.len(), decoded.rejected.get(Reason::BadCompression)),
                    (5000, 1),
                    "{what}"
                );
                assert!(decoded.rejects[0].detail.as_deref().unwrap().contains(what), "{what}");
            }
        }
        let mut torn = zip(&[("a", &many, CompressionMethod::Deflated)]);
        let middle = torn.len() / 2;
        torn[middle..middle + 64].fill(0xff);
        let (times, decoded) = pushed(&torn, 0, 1000);
        assert!((1..5000).contains(&times.0.len()));
        assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);
    }

    #[test]
    fn bytes_that_do_not_come_are_damage_and_a_bomb_is_not_followed() {
        let bytes = zip(&[("a", &lines(5000), CompressionMethod::Deflated)]);
        let mut archive = Archive::new(Cursor::new(&bytes)).unwrap();
        let packed = archive.packed(0).unwrap();
        let (start, end) = packed.range();
        let (mut times, mut file) =
            (Times::default(), InputFile::new("z", Landing::Accelerometer).packed(packed));
        file.push(&bytes[start as usize..(start + end) as usize / 2], &mut times);
        let decoded = file.finish(&mut times);
        assert!((1..5000).contains(&times.0.len()));
        assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);

        let bomb =
            zip(&[("a", &[&lines(1)[..], &vec![b'\n'; 100 << 20]].concat(), CompressionMethod::Deflated)]);
        let (times, decoded) = pushed(&bomb, 0, bomb.len());
        assert_eq!((times.0.len(), decoded.rejected.get(Reason::BadCompression)), (1, 1));
        assert!(decoded.lines < 100 << 20, "{} lines", decoded.lines);
    }
}
