//! A file that comes in as bytes: takes off the compression, makes UTF-8 of UTF-16, and
//! hands on to the decoder.

use super::encoding::Encoding;
use super::packed_entry::PackedEntry;
use super::reads::{ReadRange, Sum};
use super::unpack::Unpacker;
use crate::ingest::decoded::Decoded;
use crate::ingest::decoder::Decoder;
use crate::ingest::sink::Sink;
use crate::schema::Landing;

/// A file that is being decoded, plain, gzip or zstd.
pub struct InputFile {
    kind: Landing,
    unpacker: Unpacker,
    encoding: Encoding,
    decoder: Decoder,
    /// Where the next bytes of the file stand in it.
    at: u64,
    sum: Sum,
    /// Of an entry, what was read of its zip.
    zip: Vec<ReadRange>,
    /// What finds an entry in the bytes of its archive, where these are pushed.
    entry: Option<PackedEntry>,
}

impl InputFile {
    /// A file of records of this kind.
    pub fn new(name: impl Into<String>, kind: Landing) -> InputFile {
        let decoder = Decoder::new(name, kind.columns());
        let (unpacker, encoding) = (Unpacker::default(), Encoding::default());
        let (sum, zip) = (Sum::new(0, u64::MAX), Vec::new());
        InputFile { kind, unpacker, encoding, decoder, at: 0, sum, zip, entry: None }
    }

    /// The records of one kind in a file of several: see [`Decoder::sharing`].
    pub fn share(name: impl Into<String>, kind: Landing, rejects: bool) -> InputFile {
        InputFile::new(name, kind).sharing(rejects)
    }

    /// The same of what is to be read.
    pub(super) fn sharing(self, rejects: bool) -> InputFile {
        InputFile { decoder: self.decoder.sharing(self.kind, rejects), ..self }
    }

    /// The same of an entry of an archive, whose packed bytes are pushed.
    pub fn packed(self, entry: PackedEntry) -> InputFile {
        InputFile { entry: Some(entry), ..self }
    }

    /// A range of a plain file: see [`Decoder::range`].
    pub fn range(name: impl Into<String>, kind: Landing, start: u64, end: u64) -> InputFile {
        let decoder = Decoder::range(name, kind.columns(), start, end);
        let (at, sum) = (start.saturating_sub(1), Sum::new(start, end));
        let (unpacker, encoding) = (Unpacker::Plain, Encoding::Utf8);
        InputFile { kind, unpacker, encoding, decoder, at, sum, zip: Vec::new(), entry: None }
    }

    /// Whether the range has ended and no more bytes are of use.
    pub fn is_done(&self) -> bool {
        self.decoder.is_done()
    }

    /// Its kind of record.
    pub fn kind(&self) -> Landing {
        self.kind
    }

    /// What has been decoded so far.
    pub fn so_far(&self) -> &Decoded {
        self.decoder.so_far()
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        if let Some(mut entry) = self.entry.take() {
            entry.push(chunk, |bytes| self.unpack(bytes, sink));
            self.entry = Some(entry);
            return;
        }
        self.sum.push(self.at, chunk);
        self.at += chunk.len() as u64;
        self.unpack(chunk, sink);
    }

    /// Takes the next bytes of an entry of a zip, inflated.
    pub(in crate::ingest) fn push_entry(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        self.unpack(chunk, sink);
    }

    /// What was read of the zip for its entry.
    pub(in crate::ingest) fn read_of_zip(&mut self, ranges: Vec<ReadRange>) {
        self.zip = ranges;
    }

    fn unpack(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        let (encoding, decoder) = (&mut self.encoding, &mut self.decoder);
        if let Err(detail) =
            self.unpacker.push(chunk, |bytes| encoding.push(bytes, |text| decoder.push(text, sink)))
        {
            self.decoder.damaged(detail.to_owned(), sink);
        }
    }

    /// Notes that the rest of the file is lost, and takes no more of it.
    pub fn damage(&mut self, detail: &str, sink: &mut impl Sink) {
        self.decoder.damaged(detail.to_owned(), sink);
        self.unpacker = Unpacker::Broken;
    }

    /// Ends the file.
    pub fn finish(mut self, sink: &mut impl Sink) -> Decoded {
        if let Some(entry) = self.entry.take() {
            let (damage, read) = entry.finish(|bytes| self.unpack(bytes, sink));
            if let Some(damage) = damage {
                self.damage(&damage, sink);
            }
            self.zip = read;
        }
        let (encoding, decoder) = (&mut self.encoding, &mut self.decoder);
        let unpacked = self.unpacker.finish(|bytes| encoding.push(bytes, |text| decoder.push(text, sink)));
        encoding.finish(|text| decoder.push(text, sink));
        if let Err(detail) = unpacked {
            decoder.damaged(detail.to_owned(), sink);
        }
        let mut decoded = self.decoder.finish(sink);
        decoded.read = self.zip;
        decoded.read.extend(self.sum.finish());
        decoded
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::reject::Reason;
    use crate::ingest::{FieldFault, Record};
    use std::io::Write;

    struct Count(usize);

    impl Sink for Count {
        fn record(&mut self, _: &Record<'_>) -> Result<(), FieldFault> {
            self.0 += 1;
            Ok(())
        }
    }

    const LINE: &[u8] = b"{\"user\":\"a\",\"timestamp\":1}\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(bytes: &[u8], size: usize) -> (usize, Decoded) {
        let mut count = Count(0);
        let mut file = InputFile::new("a.gz", Landing::Accelerometer);
        bytes.chunks(size).for_each(|chunk| file.push(chunk, &mut count));
        let decoded = file.finish(&mut count);
        (count.0, decoded)
    }

    #[test]
    fn gzip_of_several_members_is_read_whole() {
        let bytes = [gzip(&LINE.repeat(3)), gzip(b""), gzip(&LINE.repeat(2))].concat();
        for size in [1, 3, 100, bytes.len()] {
            let (records, decoded) = decode(&bytes, size);
            assert_eq!((records, decoded.rejected.total()), (5, 0));
        }
    }

    #[test]
    fn a_bomb_is_not_followed_to_its_end() {
        let blank = vec![b' '; 300 << 20];
        let bytes = gzip(&[LINE, &blank, LINE].concat());
        let (records, decoded) = decode(&bytes, bytes.len());
        assert_eq!((records, decoded.rejected.get(Reason::BadCompression)), (1, 1));
        assert!(decoded.rejects[0].detail.as_deref().is_some_and(|detail| detail.contains("zip bomb")));
    }

    #[test]
    fn a_cut_gzip_keeps_its_rows_and_says_so() {
        let whole = gzip(&LINE.repeat(1000));
        for size in [1, 100, whole.len()] {
            let (records, decoded) = decode(&whole[..whole.len() - 6], size);
            assert_eq!(records, 1000);
            assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);
        }
        // What there is of the last record is of the same reject.
        let cut = gzip(&LINE.repeat(3)[..LINE.len() * 3 - 9]);
        for size in [1, 7, cut.len()] {
            let (records, decoded) = decode(&cut[..cut.len() - 4], size);
            assert_eq!((records, decoded.rejected.total()), (2, 1));
            let reject = &decoded.rejects[0];
            assert_eq!(
                (reject.reason, reject.offset, reject.line),
                (Reason::BadCompression, 2 * LINE.len() as u64, 3)
            );
            assert_eq!(reject.text, &LINE[..LINE.len() - 9]);
        }
        let mut garbage = whole.clone();
        garbage.extend_from_slice(b"garbage");
        let (records, decoded) = decode(&garbage, garbage.len());
        assert_eq!((records, decoded.rejected.get(Reason::BadCompression)), (1000, 1));
    }
}
