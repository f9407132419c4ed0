//! A buffer over a file that is read at random.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::reads::ReadRange;
use super::seek::seek_position;

/// Bytes read at a time. Small entries that follow each other come by one read.
const WINDOW: usize = 128 << 10;

/// What was read since it was last taken.
pub(in crate::ingest) type Log = Rc<RefCell<Vec<ReadRange>>>;

/// Reads through a buffer that a seek does not discard: a zip is read in small
/// steps back and forth, and each read of the file may be a call out of WASM.
pub(in crate::ingest) struct Window<R> {
    reader: R,
    at: u64,
    /// Where the buffer starts in the file.
    start: u64,
    buffer: Vec<u8>,
    log: Log,
}

impl<R: Read + Seek> Window<R> {
    pub(in crate::ingest) fn new(reader: R) -> Window<R> {
        Window { reader, at: 0, start: 0, buffer: Vec::new(), log: Log::default() }
    }

    /// Where it notes what it reads.
    pub(in crate::ingest) fn log(&self) -> Log {
        Rc::clone(&self.log)
    }

    /// What of the buffer is to be read next.
    fn ahead(&self) -> &[u8] {
        let skipped = self.at.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        skipped.and_then(|skipped| self.buffer.get(skipped..)).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<()> {
        // Emptied first: after an error it must not hold bytes of two places.
        self.buffer.clear();
        self.start = self.at;
        self.reader.seek(SeekFrom::Start(self.at))?;
        // Not `read_to_end`, which begins with small reads.
        let mut buffer = vec![0; WINDOW];
        let mut filled = 0;
        while filled < WINDOW {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(length) => filled += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        buffer.truncate(filled);
        self.buffer = buffer;
        self.log.borrow_mut().extend(ReadRange::of(self.start, &self.buffer));
        Ok(())
    }
}

impl<R: Read + Seek> Read for Window<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.ahead().is_empty() {
            self.fill()?;
        }
        let ahead = self.ahead();
        let length = ahead.len().min(out.len());
        out[..length].copy_from_slice(&ahead[..length]);
        self.at += length as u64;
        Ok(length)
    }
}

impl<R: Read + Seek> Seek for Window<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::End(_) => self.reader.seek(to)?,
            _ => seek_position(to, self.at, None)?,
        };
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Counts how often it is read.
    struct Counting<'a>(Cursor<&'a [u8]>, Rc<RefCell<usize>>);

    impl Read for Counting<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            *self.1.borrow_mut() += 1;
            self.0.read(out)
        }
    }

    impl Seek for Counting<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn it_reads_what_the_file_holds_and_seldom() {
        let file: Vec<u8> = (0..3 * WINDOW).map(|at| (at * 31 % 251) as u8).collect();
        let reads = Rc::default();
        let mut window = Window::new(Counting(Cursor::new(&file), Rc::clone(&reads)));
        let mut place = 1usize;
        for step in 0..2000 {
            place = (place * 7 + step) % 4000;
            window.seek(SeekFrom::Start(place as u64)).unwrap();
            let mut bytes = [0; 30];
            window.read_exact(&mut bytes).unwrap();
            assert_eq!(bytes, file[place..place + 30]);
        }
        assert!(*reads.borrow() < 100, "{} reads", reads.borrow());
        assert_eq!(window.seek(SeekFrom::End(-5)).unwrap(), file.len() as u64 - 5);
        let mut rest = Vec::new();
        window.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, file[file.len() - 5..]);
        window.seek(SeekFrom::Start(0)).unwrap();
        let mut whole = Vec::new();
        window.read_to_end(&mut whole).unwrap();
        assert!(whole == file);
    }
}
