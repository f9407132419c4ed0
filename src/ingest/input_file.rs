//! A file that comes in as bytes, plain or gzip: takes off the compression and
//! hands on to the decoder.

use std::borrow::Cow;
use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::decoded::Decoded;
use super::decoder::{Decoder, Sink};
use crate::schema::Landing;

/// Compressed bytes inflated at a time: deflate makes at most 1032 of one, so
/// this bounds what a hostile stream can make us hold.
const GZIP_STEP: usize = 4 << 10;

/// How a file is packed, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Plain,
    Gzip,
    Zip,
}

pub(super) fn container(head: &[u8]) -> Container {
    match head {
        [0x1f, 0x8b, ..] => Container::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Container::Zip,
        _ => Container::Plain,
    }
}

enum Stage {
    /// Fewer bytes than tell gzip from plain.
    Undecided(Vec<u8>),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Broken,
}

/// A file that is being decoded, plain or gzip.
pub struct InputFile {
    kind: Landing,
    stage: Stage,
    decoder: Decoder,
}

impl InputFile {
    /// A file of records of this kind.
    pub fn new(name: impl Into<String>, kind: Landing) -> InputFile {
        InputFile { kind, stage: Stage::Undecided(Vec::new()), decoder: Decoder::new(name, kind.columns()) }
    }

    /// A range of a plain file: see [`Decoder::range`].
    pub fn range(name: impl Into<String>, kind: Landing, start: u64, end: u64) -> InputFile {
        InputFile { kind, stage: Stage::Plain, decoder: Decoder::range(name, kind.columns(), start, end) }
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
        let mut chunk = Cow::Borrowed(chunk);
        if let Stage::Undecided(first) = &mut self.stage {
            first.extend_from_slice(&chunk);
            if first.len() < 2 {
                return;
            }
            chunk = Cow::Owned(std::mem::take(first));
            self.stage = match container(&chunk) {
                Container::Gzip => Stage::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
                Container::Plain | Container::Zip => Stage::Plain,
            };
        }
        match &mut self.stage {
            Stage::Undecided(_) | Stage::Broken => {}
            Stage::Plain => self.decoder.push(&chunk, sink),
            Stage::Gzip(gzip) => {
                for step in chunk.chunks(GZIP_STEP) {
                    let result = gzip.write_all(step);
                    self.decoder.push(gzip.get_ref(), sink);
                    gzip.get_mut().clear();
                    if result.is_err() {
                        self.damage("the gzip stream is damaged; what follows is lost");
                        return;
                    }
                }
            }
        }
    }

    /// Notes that the rest of the file is lost, and takes no more of it.
    pub fn damage(&mut self, detail: &str) {
        self.decoder.damaged(detail.to_owned());
        self.stage = Stage::Broken;
    }

    /// Ends the file.
    pub fn finish(mut self, sink: &mut impl Sink) -> Decoded {
        match &mut self.stage {
            Stage::Undecided(first) => self.decoder.push(first, sink),
            Stage::Gzip(gzip) => {
                let result = gzip.try_finish();
                self.decoder.push(gzip.get_ref(), sink);
                if result.is_err() {
                    self.damage("the gzip stream breaks off; what follows is lost");
                }
            }
            Stage::Plain | Stage::Broken => {}
        }
        self.decoder.finish(sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::fields::{FieldFault, Record};
    use crate::ingest::reject::Reason;

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
    fn a_cut_gzip_keeps_its_rows_and_says_so() {
        let whole = gzip(&LINE.repeat(1000));
        for size in [1, 100, whole.len()] {
            let (records, decoded) = decode(&whole[..whole.len() - 6], size);
            assert_eq!(records, 1000);
            assert_eq!(decoded.rejected.get(Reason::BadCompression), 1);
        }
        let mut garbage = whole.clone();
        garbage.extend_from_slice(b"garbage");
        let (records, decoded) = decode(&garbage, garbage.len());
        assert_eq!((records, decoded.rejected.get(Reason::BadCompression)), (1000, 1));
    }
}
