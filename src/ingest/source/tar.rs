//! A tar, plain or compressed: its entries follow each other in one stream. A plain one
//! is read at random; a compressed one from its start, and again only to go back.

use std::io::{self, Read, Seek, SeekFrom};

use super::seek::seek_position;
use super::unpack::{Container, Unpacker, container};
use super::window::Window;

/// Compressed bytes that are unpacked at a time.
const STEP: usize = 4 << 10;
/// Headers and files fill blocks of so many bytes.
const BLOCK: u64 = 512;
/// Also said of a file with holes, which no export has.
const DAMAGED: &str = "a header in it is damaged, or of a kind that is not read";

/// A file in a tar.
pub(super) struct TarEntry {
    pub(super) name: String,
    /// Where its bytes start in the tar.
    pub(super) start: u64,
    pub(super) size: u64,
}

/// The bytes of a tar, unpacked.
pub(super) struct Tar<R> {
    reader: Window<R>,
    unpacker: Unpacker,
    /// Not compressed, so it can be read at random.
    plain: bool,
    /// Where the bytes in the buffer that were not read start in the tar.
    at: u64,
    buffer: Vec<u8>,
    read: usize,
    ended: bool,
    /// What was wrong with its compression.
    fault: Option<io::Error>,
    /// Whether nothing stands behind its last file, where every tar has blocks of zeros.
    cut: bool,
}

impl<R: Read + Seek> Tar<R> {
    /// A tar, by the first bytes of its file.
    pub(super) fn new(reader: Window<R>, head: &[u8]) -> Tar<R> {
        let plain = container(head) == Container::Tar;
        let unpacker = Unpacker::default();
        Tar {
            reader,
            unpacker,
            plain,
            at: 0,
            buffer: Vec::new(),
            read: 0,
            ended: false,
            fault: None,
            cut: false,
        }
    }

    /// Its files, in order; folders and links are left out.
    ///
    /// # Errors
    /// It is no tar, it is damaged, or it holds a file with holes.
    pub(super) fn entries(&mut self) -> io::Result<Vec<TarEntry>> {
        self.restart(0)?;
        let found = self.headers();
        // What the crate says holds bytes of the header, and so of the data.
        found.map_err(|error| self.fault.take().unwrap_or_else(|| io::Error::new(error.kind(), DAMAGED)))
    }

    fn headers(&mut self) -> io::Result<Vec<TarEntry>> {
        let (mut found, mut end) = (Vec::new(), 0);
        let mut archive = tar::Archive::new(&mut *self);
        // Archives that were joined: others follow the end of the first.
        archive.set_ignore_zeros(true);
        for entry in archive.entries_with_seek()? {
            let entry = entry?;
            let kind = entry.header().entry_type();
            if kind.is_gnu_sparse() {
                return Err(io::ErrorKind::Unsupported.into());
            }
            end = (entry.raw_file_position() + entry.size()).next_multiple_of(BLOCK);
            if kind.is_file() || kind.is_contiguous() {
                let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                found.push(TarEntry { name, start: entry.raw_file_position(), size: entry.size() });
            }
        }
        self.seek(SeekFrom::Start(end))?;
        self.cut = self.read(&mut [0])? == 0;
        Ok(found)
    }

    /// Whether it breaks off behind one of its files, so that others may be lost.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Whether it is not compressed.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// The bytes of an entry.
    pub(super) fn open(&mut self, start: u64, size: u64) -> io::Result<impl Read> {
        self.seek(SeekFrom::Start(start))?;
        Ok(self.take(size))
    }

    fn restart(&mut self, at: u64) -> io::Result<()> {
        self.reader.seek(SeekFrom::Start(at))?;
        (self.unpacker, self.at, self.ended) = (Unpacker::default(), at, false);
        self.buffer.clear();
        self.read = 0;
        if at > 0 {
            // The bytes from here on do not say what they are.
            self.unpacker = Unpacker::Plain;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.read = 0;
        let mut chunk = [0; STEP];
        let length = self.reader.read(&mut chunk)?;
        let buffer = &mut self.buffer;
        let mut take = |bytes: &[u8]| buffer.extend_from_slice(bytes);
        let unpacked = match length {
            0 => self.unpacker.finish(&mut take),
            _ => self.unpacker.push(&chunk[..length], &mut take),
        };
        self.ended = length == 0 || unpacked.is_err();
        unpacked.map_err(|fault| {
            self.fault = Some(io::Error::other(fault));
            io::Error::other(fault)
        })
    }
}

impl<R: Read + Seek> Read for Tar<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.buffer.len() && !self.ended && !out.is_empty() {
            self.fill()?;
        }
        let ahead = &self.buffer[self.read..];
        let length = ahead.len().min(out.len());
        out[..length].copy_from_slice(&ahead[..length]);
        self.read += length;
        self.at += length as u64;
        Ok(length)
    }
}

impl<R: Read + Seek> Seek for Tar<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = seek_position(to, self.at, None)?;
        if self.plain {
            self.restart(to)?;
        } else {
            if to < self.at {
                self.restart(0)?;
            }
            let ahead = to - self.at;
            io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        }
        Ok(self.at)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn entries_are_read_in_any_order_however_the_tar_is_packed() {
        let long = format!("{}/long.json", "folder/".repeat(20));
        let texts: Vec<Vec<u8>> = (0..3u8).map(|n| vec![b'a' + n; 70_000 * usize::from(n)]).collect();
        let files = [("a.json", texts[1].as_slice()), ("empty", &texts[0]), (&long, &texts[2])];
        let plain = tar(&files);
        for packed in [plain.clone(), gzip(&plain), zstd::encode_all(&plain[..], 1).unwrap()] {
            let head = packed[..600.min(packed.len())].to_vec();
            let mut tar = Tar::new(Window::new(Cursor::new(packed)), &head);
            let entries = tar.entries().unwrap();
            assert_eq!(
                entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(),
                files.map(|file| file.0)
            );
            for at in [2, 0, 1, 1, 0, 2] {
                let mut bytes = Vec::new();
                tar.open(entries[at].start, entries[at].size).unwrap().read_to_end(&mut bytes).unwrap();
                assert!(bytes == files[at].1, "{at}");
            }
        }
    }

    #[test]
    fn a_tar_without_its_end_is_cut() {
        let plain = tar(&[("a.json", b"x"), ("b.json", &[b'y'; 512])]);
        for (length, cut) in [(1024, true), (2048, true), (2560, false), (plain.len(), false)] {
            for packed in [plain[..length].to_vec(), gzip(&plain[..length])] {
                let head = packed[..600.min(packed.len())].to_vec();
                let mut tar = Tar::new(Window::new(Cursor::new(packed)), &head);
                assert_eq!((tar.entries().is_ok(), tar.is_cut()), (true, cut), "{length}");
            }
        }
    }

    #[test]
    fn a_damaged_tar_is_an_error() {
        let noise: Vec<u8> = (0..3000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let plain = tar(&[("a.json", &noise), ("secret.json", b"y")]);
        let packed = gzip(&plain);
        let mut header = plain.clone();
        // A digit of the second header's checksum.
        header[512 + 3072 + 150] = b'x';
        for (bytes, says) in [(packed[..packed.len() / 2].to_vec(), "breaks off"), (header, DAMAGED)] {
            let head = bytes[..bytes.len().min(600)].to_vec();
            let error = Tar::new(Window::new(Cursor::new(bytes)), &head).entries().err().unwrap().to_string();
            assert!(error.contains(says) && !error.contains("secret"), "{error}");
        }
    }
}
