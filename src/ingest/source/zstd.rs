//! Takes zstd off bytes that come in: any number of frames, block by block, so that what
//! is held is bounded by a frame's window.

use std::io::Read;

use ruzstd::decoding::FrameDecoder;

/// The first bytes of a frame.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Whether bytes begin with a frame, or with one that is to be skipped.
pub(super) fn starts(head: &[u8]) -> bool {
    head.starts_with(&MAGIC) || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Whether the first frame was packed with a dictionary, as far as these bytes say it.
pub(super) fn wants_dictionary(mut head: &[u8]) -> bool {
    while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d, rest @ ..] = head {
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        head = rest.get(length..).unwrap_or_default();
    }
    let Some([descriptor, header @ ..]) = head.strip_prefix(&MAGIC) else { return false };
    let window = usize::from(descriptor >> 5 & 1 == 0);
    let number = header.get(window..window + dictionary_length(*descriptor));
    number.is_some_and(|number| number.iter().any(|&byte| byte > 0))
}
/// Windows that are larger need `--long` of the program `zstd` too.
const LARGEST_WINDOW: u64 = 128 << 20;

pub(in crate::ingest) struct Zstd {
    decoder: FrameDecoder,
    /// What has come in and is not enough yet.
    waiting: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Between frames.
    Header,
    Block,
    Checksum,
    /// So many bytes of a frame that holds nothing.
    Skipping(u64),
}

/// What comes next.
enum Part {
    /// So many bytes are one part.
    Whole(usize),
    More,
}

pub(in crate::ingest) struct Damaged;

impl Zstd {
    pub(in crate::ingest) fn new() -> Zstd {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Zstd { decoder, waiting: Vec::new(), state: State::Header }
    }

    /// Takes the next bytes, and hands on what each block comes to, up to 128 KiB; an
    /// error of `take` ends it.
    pub(in crate::ingest) fn push(
        &mut self,
        chunk: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), Damaged>,
    ) -> Result<(), Damaged> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend_from_slice(chunk);
        let mut at = 0;
        while let Part::Whole(length) = self.next(&waiting[at..])? {
            self.part(&waiting[at..at + length], &mut take)?;
            at += length;
        }
        waiting.drain(..at);
        self.waiting = waiting;
        Ok(())
    }

    /// Whether the bytes end where a frame does.
    pub(in crate::ingest) fn is_whole(&self) -> bool {
        self.waiting.is_empty() && self.state == State::Header
    }

    /// How long the next part is (RFC 8878, sections 3.1.1 and 3.1.2).
    fn next(&self, bytes: &[u8]) -> Result<Part, Damaged> {
        let length = match self.state {
            State::Header => match bytes {
                [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => 8,
                [a, b, c, d, descriptor, ..] if [*a, *b, *c, *d] == MAGIC => header_length(*descriptor),
                [_, _, _, _, _, ..] => return Err(Damaged),
                _ => return Ok(Part::More),
            },
            State::Block => match bytes {
                // Its last two bits but one are its type; one that repeats a byte holds it once.
                [a, b, c, ..] => match (*a >> 1 & 3, u32::from_le_bytes([*a, *b, *c, 0]) >> 3) {
                    (1, _) => 4,
                    (3, _) => return Err(Damaged),
                    (_, size) => 3 + size as usize,
                },
                _ => return Ok(Part::More),
            },
            State::Checksum => 4,
            State::Skipping(0) => 0,
            State::Skipping(left) => bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX)).max(1),
        };
        Ok(if bytes.len() < length { Part::More } else { Part::Whole(length) })
    }

    fn part(
        &mut self,
        mut bytes: &[u8],
        take: &mut impl FnMut(&[u8]) -> Result<(), Damaged>,
    ) -> Result<(), Damaged> {
        match (self.state, bytes) {
            (State::Skipping(left), _) => {
                let left = left - bytes.len() as u64;
                self.state = if left == 0 { State::Header } else { State::Skipping(left) };
                return Ok(());
            }
            (State::Header, [0x50..=0x5f, 0x2a, 0x4d, 0x18, a, b, c, d]) => {
                self.state = State::Skipping(u32::from_le_bytes([*a, *b, *c, *d]).into());
                return Ok(());
            }
            (State::Header, _) => {
                self.state = State::Block;
                return self.decoder.reset(&mut bytes).map_err(|_| Damaged);
            }
            (State::Block | State::Checksum, _) => {}
        }
        self.decoder.decode_from_to(bytes, &mut []).map_err(|_| Damaged)?;
        let mut decoded = [0; 16 << 10];
        loop {
            match self.decoder.read(&mut decoded).map_err(|_| Damaged)? {
                0 => break,
                length => take(&decoded[..length])?,
            }
        }
        let last = self.state == State::Checksum || bytes[0] & 1 == 1;
        if last && self.decoder.is_finished() {
            let stated = self.decoder.get_checksum_from_data();
            if stated.is_some() && stated != self.decoder.get_calculated_checksum() {
                return Err(Damaged);
            }
            self.state = State::Header;
        } else if last {
            self.state = State::Checksum;
        }
        Ok(())
    }
}

/// Length of a frame's header, the magic number included, by its descriptor.
fn header_length(descriptor: u8) -> usize {
    let single = descriptor >> 5 & 1;
    let window = 1 - usize::from(single);
    let dictionary = dictionary_length(descriptor);
    let size = [usize::from(single), 2, 4, 8][usize::from(descriptor >> 6)];
    5 + window + dictionary + size
}

fn dictionary_length(descriptor: u8) -> usize {
    [0, 1, 2, 4][usize::from(descriptor & 3)]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(bytes: &[u8], checksum: bool) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(checksum).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes of the bytes by chunks of a size, and whether they are whole.
    fn unpacked(bytes: &[u8], size: usize) -> (Vec<u8>, bool) {
        let (mut zstd, mut found) = (Zstd::new(), Vec::new());
        let mut whole = true;
        for chunk in bytes.chunks(size) {
            whole &= zstd
                .push(chunk, |bytes| {
                    found.extend_from_slice(bytes);
                    Ok(())
                })
                .is_ok();
        }
        (found, whole && zstd.is_whole())
    }

    #[test]
    fn frames_are_unpacked_whatever_the_chunks() {
        let text: Vec<u8> =
            (0..400_000u32).flat_map(|n| (n * 7919 % 1000).to_string().into_bytes()).collect();
        let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0][..], b"12345"].concat();
        let empty = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
        let bytes = [
            packed(&text, true),
            skippable,
            packed(b"", true),
            empty.to_vec(),
            packed(&[b'x'; 300_000], false),
        ]
        .concat();
        let expected = [&text[..], &[b'x'; 300_000]].concat();
        for size in [1, 3, 1000, bytes.len()] {
            let (found, whole) = unpacked(&bytes, size);
            assert!(found == expected && whole, "{size}");
            assert!(!unpacked(&bytes[..bytes.len() - 1], size).1, "it is cut");
        }
        let skippable_first = [&empty[..], &packed(b"x", true)].concat();
        let mut damaged = packed(&text, true);
        let at = damaged.len() - 2;
        damaged[at] ^= 1;
        assert!(!unpacked(&damaged, 1000).1, "the checksum is another");
        assert!(starts(&skippable_first) && unpacked(&skippable_first, 7) == (b"x".to_vec(), true));
        assert!(!unpacked(b"\x28\xb5\x2f\xfd\x04\x58{\"user\":\"a\"}", 1000).1, "no frame");
    }

    #[test]
    fn a_dictionary_is_named_by_the_first_frame() {
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7];
        let frame = |descriptor: u8, header: &[u8]| [&MAGIC[..], &[descriptor], header, &[1, 0, 0]].concat();
        // With a window and a number of one byte; of one segment, with one of four.
        for bytes in [frame(1, &[0x58, 9]), frame(0x23, &[0, 0, 9, 0, 7])] {
            for bytes in [bytes.clone(), [&skippable[..], &bytes].concat()] {
                assert!(wants_dictionary(&bytes) && !unpacked(&bytes, 1000).1);
            }
        }
        for bytes in [packed(b"text", true), frame(1, &[0x58, 0]), MAGIC.to_vec(), skippable.to_vec()] {
            assert!(!wants_dictionary(&bytes));
        }
    }
}
