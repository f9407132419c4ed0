//! Takes the compression off bytes that come in: plain, gzip of any number of
//! members, or zstd of any number of frames.

use std::borrow::Cow;
use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::zstd::{self, Damaged, Zstd};

/// Compressed bytes inflated at a time: deflate makes at most 1032 of one, so
/// this bounds what a hostile stream can make us hold.
const GZIP_STEP: usize = 4 << 10;

/// No export is packed this tightly: records that differ in their times and
/// readings make 10 to 40 bytes of one. Deflate can make 1032.
const MOST_OF_ONE: u64 = 250;
/// What may be inflated before that counts.
const BOMB_FROM: u64 = 64 << 20;

/// What is said of a bomb.
pub(in crate::ingest) const BOMB: &str =
    "it unpacks to more than 250 times its size, as a zip bomb does; what follows is lost";

/// Whether so many bytes from so few are no export.
pub(in crate::ingest) fn is_bomb(inflated: u64, packed: u64) -> bool {
    inflated > BOMB_FROM && inflated / MOST_OF_ONE > packed
}

/// How a file is packed, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Container {
    Plain,
    Gzip,
    Zstd,
    Zip,
    Tar,
}

/// Where a tar says that it is one.
const TAR_MAGIC: std::ops::Range<usize> = 257..262;

pub(in crate::ingest) fn container(head: &[u8]) -> Container {
    match head {
        [0x1f, 0x8b, ..] => Container::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Container::Zip,
        _ if zstd::starts(head) => Container::Zstd,
        _ if head.get(TAR_MAGIC) == Some(b"ustar") || is_tar_label(head) => Container::Tar,
        _ => Container::Plain,
    }
}

/// Whether a tar starts so with the name of its volume, which has no magic but a checksum: that of its
/// header with blanks in its own place.
fn is_tar_label(head: &[u8]) -> bool {
    let Some(header) = head.get(..512).filter(|header| header[156] == b'V') else { return false };
    let sum = header
        .iter()
        .enumerate()
        .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u32::from(byte) });
    let told = header[148..156].iter().filter(|byte| (b'0'..=b'7').contains(byte));
    let told = told.fold(0u32, |sum, digit| sum.wrapping_mul(8) + u32::from(digit - b'0'));
    told == sum.sum::<u32>()
}

/// Takes off the compression, whichever it is.
pub(in crate::ingest) enum Unpacker {
    /// Too few bytes to tell how it is packed.
    Undecided(Vec<u8>),
    /// There is none to take off.
    Plain,
    Gzip(Box<Gzip>),
    Zstd(Box<Packed>),
    /// The rest is lost.
    Broken,
}

pub(in crate::ingest) struct Packed {
    zstd: Zstd,
    packed: u64,
    unpacked: u64,
}

pub(in crate::ingest) struct Gzip {
    inflating: MultiGzDecoder<Vec<u8>>,
    packed: u64,
    inflated: u64,
}

impl Default for Unpacker {
    /// Of a file whose first bytes decide.
    fn default() -> Unpacker {
        Unpacker::Undecided(Vec::new())
    }
}

impl Unpacker {
    /// Takes the next bytes and hands on what they come to. An error says why the
    /// rest is lost; then nothing more is taken.
    pub(in crate::ingest) fn push(
        &mut self,
        chunk: &[u8],
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), &'static str> {
        let mut chunk = Cow::Borrowed(chunk);
        if let Unpacker::Undecided(first) = self {
            first.extend_from_slice(&chunk);
            if first.len() < zstd::MAGIC.len() {
                return Ok(());
            }
            chunk = Cow::Owned(std::mem::take(first));
            *self = match container(&chunk) {
                Container::Gzip => {
                    let inflating = MultiGzDecoder::new(Vec::new());
                    Unpacker::Gzip(Box::new(Gzip { inflating, packed: 0, inflated: 0 }))
                }
                Container::Zstd => {
                    Unpacker::Zstd(Box::new(Packed { zstd: Zstd::new(), packed: 0, unpacked: 0 }))
                }
                Container::Plain | Container::Zip | Container::Tar => Unpacker::Plain,
            };
        }
        let result = match self {
            Unpacker::Undecided(_) | Unpacker::Broken => Ok(()),
            Unpacker::Plain => {
                take(&chunk);
                Ok(())
            }
            Unpacker::Gzip(gzip) => gzip.push(&chunk, take),
            Unpacker::Zstd(packed) => packed.push(&chunk, take),
        };
        if result.is_err() {
            *self = Unpacker::Broken;
        }
        result
    }

    /// Ends the file, as [`Unpacker::push`].
    pub(in crate::ingest) fn finish(&mut self, mut take: impl FnMut(&[u8])) -> Result<(), &'static str> {
        match std::mem::replace(self, Unpacker::Broken) {
            // A gzip may be as short as this only if it is cut.
            Unpacker::Undecided(first) if container(&first) == Container::Gzip => {
                return Err("the gzip stream breaks off; what follows is lost");
            }
            Unpacker::Undecided(first) => take(&first),
            Unpacker::Zstd(packed) if !packed.zstd.is_whole() => {
                return Err("the zstd stream breaks off; what follows is lost");
            }
            Unpacker::Zstd(_) => {}
            Unpacker::Gzip(mut gzip) => {
                let result = gzip.inflating.try_finish();
                take(gzip.inflating.get_ref());
                result.map_err(|_| "the gzip stream breaks off; what follows is lost")?;
            }
            Unpacker::Plain | Unpacker::Broken => {}
        }
        Ok(())
    }
}

impl Packed {
    fn push(&mut self, chunk: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), &'static str> {
        self.packed += chunk.len() as u64;
        let Packed { zstd, packed, unpacked } = self;
        let pushed = zstd.push(chunk, |bytes| {
            *unpacked += bytes.len() as u64;
            take(bytes);
            if is_bomb(*unpacked, *packed) { Err(Damaged) } else { Ok(()) }
        });
        pushed.map_err(|Damaged| match is_bomb(*unpacked, *packed) {
            true => BOMB,
            false => "the zstd stream is damaged; what follows is lost",
        })
    }
}

impl Gzip {
    fn push(&mut self, chunk: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), &'static str> {
        for step in chunk.chunks(GZIP_STEP) {
            let result = self.inflating.write_all(step);
            let inflated = self.inflating.get_mut();
            self.packed += step.len() as u64;
            self.inflated += inflated.len() as u64;
            take(inflated);
            inflated.clear();
            if is_bomb(self.inflated, self.packed) {
                return Err(BOMB);
            }
            result.map_err(|_| "the gzip stream is damaged; what follows is lost")?;
        }
        Ok(())
    }
}
