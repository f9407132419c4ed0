//! Reads an object as files are read: a block at a time, and the next one is on its way while this one is used.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use stedi_lakehouse::ingest::seek_position;

use super::bucket::{Object, UnderWay};

/// Bytes of a request where an object is read one byte after the other. Each has the time that the library gives a
/// request, so large objects are not asked for as a whole.
const BLOCK: u64 = 4 << 20;
/// Bytes behind the end of a range that most records which begin in it are within.
const TAIL: u64 = 64 << 10;
/// Bytes of the first request where it is not known how much is wanted.
const FIRST: u64 = 128 << 10;
/// How much longer each further request is, up to a block.
const GROWTH: u64 = 4;

/// An object that is read. As a file it can be read at any place.
pub struct ObjectReader {
    object: Object,
    position: u64,
    /// Up to here all is wanted, so it is asked for in blocks.
    until: u64,
    /// How long the next request is behind that.
    step: u64,
    block: Bytes,
    /// Where the block starts in the object.
    start: u64,
    ahead: Option<UnderWay>,
}

impl ObjectReader {
    /// Opens an object at a byte. What lies behind `end` is seldom wanted; 0 if nobody knows what is. Nothing is asked
    /// for before it is read, so this does not fail; opening a file does.
    pub fn open(object: &Object, start: u64, end: u64) -> io::Result<ObjectReader> {
        let (object, until) = match end {
            0 => (object.clone(), 0),
            end => (object.clone(), end.saturating_add(TAIL).min(object.bytes())),
        };
        Ok(ObjectReader {
            object,
            position: start,
            until,
            step: FIRST,
            block: Bytes::new(),
            start,
            ahead: None,
        })
    }

    /// What of the block is to be read next.
    fn rest(&self) -> &[u8] {
        let skipped = self.position.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        skipped.and_then(|skipped| self.block.get(skipped..)).unwrap_or_default()
    }

    fn fetch(&mut self) -> io::Result<()> {
        if self.position != self.start + self.block.len() as u64 {
            // Who jumps may want little of what is there.
            self.step = FIRST;
        }
        let ahead = self.ahead.take().filter(|ahead| ahead.range.start == self.position);
        let under_way = ahead.unwrap_or_else(|| self.begin(self.position));
        let range = under_way.range.clone();
        // Emptied first: after an error it must not hold bytes of another place.
        (self.start, self.block) = (self.position, Bytes::new());
        let block = self.object.end(under_way)?;
        if block.len() as u64 != range.end - range.start {
            let what = format!("the store gave {} bytes of {:?}", block.len(), range);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
        self.block = block;
        if range.end < self.object.bytes() && (range.end < self.until || self.step == BLOCK) {
            self.ahead = Some(self.begin(range.end));
        }
        Ok(())
    }

    fn begin(&mut self, start: u64) -> UnderWay {
        let range = match start < self.until {
            // A range is one request, with what lies before and behind it.
            true if self.until - start <= BLOCK + 2 * TAIL => start..self.until,
            true => start..start + BLOCK,
            false => {
                let end = self.object.bytes().min(start + self.step);
                self.step = BLOCK.min(self.step * GROWTH);
                start..end
            }
        };
        self.object.begin(range)
    }
}

impl Read for ObjectReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.position >= self.object.bytes() {
            return Ok(0);
        }
        if self.rest().is_empty() {
            self.fetch()?;
        }
        let rest = self.rest();
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for ObjectReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = seek_position(to, self.position, Some(self.object.bytes()))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use object_store::PutMode;

    use super::super::bucket::Bucket;
    use super::super::marks::Marks;
    use super::*;

    #[test]
    fn it_reads_as_a_file_is_read() {
        // Longer than a part of an upload.
        let bytes: Vec<u8> =
            (0..9_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let bucket = Bucket::in_memory();
        let marks = Marks::new("b", "hash");
        bucket.put("a/b", &[&bytes[..5], &[], &bytes[5..]], &marks, PutMode::Overwrite).unwrap();
        let object = bucket.object("a/b").ok().flatten().unwrap();
        assert_eq!((object.bytes(), object.marks().unwrap()), (bytes.len() as u64, Some(marks)));
        for (start, end) in [(0, u64::MAX), (0, 0), (4_194_303, 8_388_608), (8_999_999, 9_000_000)] {
            let mut read = Vec::new();
            ObjectReader::open(&object, start, end).unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes[start as usize..], "from {start}");
        }
        let mut reader = ObjectReader::open(&object, 0, 0).unwrap();
        let mut random = 1_u64;
        for _ in 0..200 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (random >> 33) % (bytes.len() as u64 + 10);
            // As often close behind as anywhere.
            let to = if random.is_multiple_of(2) { SeekFrom::Start(at) } else { SeekFrom::Current(3) };
            let at = reader.seek(to).unwrap().min(bytes.len() as u64) as usize;
            let mut read = Vec::new();
            reader.by_ref().take(300_000).read_to_end(&mut read).unwrap();
            assert!(read == bytes[at..bytes.len().min(at + 300_000)], "at {at}");
        }
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), bytes.len() as u64 - 1);
        assert!(reader.seek(SeekFrom::End(-9_000_001)).is_err());
    }

    #[test]
    fn an_object_that_was_changed_is_not_read_on() {
        let bucket = Bucket::in_memory();
        let put = |text: &str| {
            let marks = Marks::new("b", text);
            bucket.put("a/b", &[text.as_bytes()], &marks, PutMode::Overwrite).unwrap();
        };
        put("one");
        let object = bucket.object("a/b").ok().flatten().unwrap();
        put("two");
        let mut text = String::new();
        let error = ObjectReader::open(&object, 0, 0).unwrap().read_to_string(&mut text).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StaleNetworkFileHandle);
        let taken = bucket.put("a/b", &[b"three"], &Marks::new("b", "three"), PutMode::Create).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    }
}
