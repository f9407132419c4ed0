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

/// No export is packed this tightly: records that differ in their times and
/// readings make 10 to 40 bytes of one. Deflate can make 1032.
const MOST_OF_ONE: u64 = 250;
/// What may be inflated before that counts.
const BOMB_FROM: u64 = 64 << 20;

/// What is said of a bomb.
pub(super) const BOMB: &str =
    "it inflates to more than 250 times its size, as a zip bomb does; what follows is lost";

/// Whether so many bytes from so few are no export.
pub(super) fn is_bomb(inflated: u64, packed: u64) -> bool {
    inflated > BOMB_FROM && inflated / MOST_OF_ONE > packed
}

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
    Gzip(Box<Gzip>),
    Broken,
}

struct Gzip {
    inflating: MultiGzDecoder<Vec<u8>>,
    packed: u64,
    inflated: u64,
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
                Container::Gzip => {
                    let inflating = MultiGzDecoder::new(Vec::new());
                    Stage::Gzip(Box::new(Gzip { inflating, packed: 0, inflated: 0 }))
                }
                Container::Plain | Container::Zip => Stage::Plain,
            };
        }
        match &mut self.stage {
            Stage::Undecided(_) | Stage::Broken => {}
            Stage::Plain => self.decoder.push(&chunk, sink),
            Stage::Gzip(gzip) => {
                for step in chunk.chunks(GZIP_STEP) {
                    let result = gzip.inflating.write_all(step);
                    let inflated = gzip.inflating.get_mut();
                    gzip.packed += step.len() as u64;
                    gzip.inflated += inflated.len() as u64;
                    self.decoder.push(inflated, sink);
                    inflated.clear();
                    let bomb = is_bomb(gzip.inflated, gzip.packed);
                    if result.is_err() || bomb {
                        self.damage(if bomb {
                            BOMB
                        } else {
                            "the gzip stream is damaged; what follows is lost"
                        });
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
                let result = gzip.inflating.try_finish();
                self.decoder.push(gzip.inflating.get_ref(), sink);
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
        let mut garbage = whole.clone();
        garbage.extend_from_slice(b"garbage");
        let (records, decoded) = decode(&garbage, garbage.len());
        assert_eq!((records, decoded.rejected.get(Reason::BadCompression)), (1000, 1));
    }
}
