//! Text in UTF-16, with or without a byte order mark, becomes UTF-8 as it comes in.
//! Places in such a file are those in the UTF-8.

use std::borrow::Cow;

/// How a file's text is encoded, as far as its bytes are known.
pub(in crate::ingest) enum Encoding {
    /// Fewer bytes than show it.
    Undecided(Vec<u8>),
    Utf8,
    Utf16(Utf16),
}

pub(in crate::ingest) struct Utf16 {
    big_endian: bool,
    /// The first byte of a unit whose second is still to come.
    odd: Option<u8>,
    /// The first half of a character whose second is still to come.
    high: Option<u16>,
}

/// How many bytes show it.
const SHOWN: usize = 4;
/// What stands for half a character: no UTF-8, so its record is rejected.
const HALF: &[u8] = b"\xff";

impl Default for Encoding {
    /// Of a file whose first bytes decide.
    fn default() -> Encoding {
        Encoding::Undecided(Vec::new())
    }
}

/// Whether the text that starts so is UTF-16, and which.
fn utf16(head: &[u8]) -> Option<Utf16> {
    // Without a mark two characters show it: JSON starts with two of ASCII and has no zeros.
    let starts = |byte: u8| matches!(byte, b'{' | b'[' | b',' | b' ' | b'\t' | b'\r' | b'\n');
    let follows = |byte: u8| byte.is_ascii() && byte != 0;
    let big_endian = match *head {
        [0xff, 0xfe, ..] => false,
        [0xfe, 0xff, ..] => true,
        [first, 0, second, 0, ..] if starts(first) && follows(second) => false,
        [0, first, 0, second, ..] if starts(first) && follows(second) => true,
        _ => return None,
    };
    Some(Utf16 { big_endian, odd: None, high: None })
}

/// Whether a file that starts so is UTF-16.
pub(in crate::ingest) fn is_utf16(head: &[u8]) -> bool {
    utf16(head).is_some()
}

/// The start of a file as UTF-8.
pub(in crate::ingest) fn utf8(head: &[u8]) -> Cow<'_, [u8]> {
    match utf16(head) {
        None => Cow::Borrowed(head),
        Some(mut utf16) => {
            let mut text = Vec::with_capacity(head.len());
            utf16.push(head, &mut text);
            Cow::Owned(text)
        }
    }
}

impl Encoding {
    fn of(head: &[u8]) -> Encoding {
        utf16(head).map_or(Encoding::Utf8, Encoding::Utf16)
    }

    /// Takes the next bytes, and hands them on as UTF-8.
    pub(in crate::ingest) fn push(&mut self, chunk: &[u8], mut take: impl FnMut(&[u8])) {
        let mut chunk = Cow::Borrowed(chunk);
        if let Encoding::Undecided(first) = self {
            first.extend_from_slice(&chunk);
            if first.len() < SHOWN {
                return;
            }
            chunk = Cow::Owned(std::mem::take(first));
            *self = Encoding::of(&chunk);
        }
        match self {
            Encoding::Undecided(_) => {}
            Encoding::Utf8 => take(&chunk),
            Encoding::Utf16(utf16) => {
                let mut text = Vec::with_capacity(chunk.len());
                utf16.push(&chunk, &mut text);
                take(&text);
            }
        }
    }

    /// Ends the file.
    pub(in crate::ingest) fn finish(&mut self, mut take: impl FnMut(&[u8])) {
        if let Encoding::Undecided(first) = self {
            let first = std::mem::take(first);
            *self = Encoding::of(&first);
            self.push(&first, &mut take);
        }
        if let Encoding::Utf16(Utf16 { odd: Some(_), .. } | Utf16 { high: Some(_), .. }) = self {
            take(HALF);
        }
    }
}

impl Utf16 {
    fn push(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        let mut bytes = bytes.iter().copied();
        while let Some(first) = self.odd.take().or_else(|| bytes.next()) {
            let Some(second) = bytes.next() else {
                self.odd = Some(first);
                return;
            };
            let pair = [first, second];
            self.unit(
                if self.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) },
                text,
            );
        }
    }

    fn unit(&mut self, unit: u16, text: &mut Vec<u8>) {
        let units = self.high.take().into_iter().chain([unit]);
        let is_high = matches!(unit, 0xd800..=0xdbff);
        for read in char::decode_utf16(units) {
            match read {
                Ok(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(half) if is_high && half.unpaired_surrogate() == unit && self.high.is_none() => {
                    self.high = Some(unit);
                }
                Err(_) => text.extend_from_slice(HALF),
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], size: usize) -> Vec<u8> {
        let (mut encoding, mut text) = (Encoding::default(), Vec::new());
        bytes.chunks(size).for_each(|chunk| encoding.push(chunk, |bytes| text.extend_from_slice(bytes)));
        encoding.finish(|bytes| text.extend_from_slice(bytes));
        text
    }

    fn encoded(text: &str, big_endian: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    proptest! {
        #[test]
        fn text_is_the_same_in_every_encoding_and_by_every_chunk(
            text in "\\{[\"\n ]\\PC{0,40}", marked: bool, big_endian: bool, size in 1..9usize,
        ) {
            let marked = if marked { format!("\u{feff}{text}") } else { text };
            prop_assert_eq!(read(marked.as_bytes(), size), marked.as_bytes());
            prop_assert_eq!(read(&encoded(&marked, big_endian), size), marked.as_bytes());
        }

        #[test]
        fn halves_of_characters_are_no_text(
            units in prop::collection::vec(0xd7ffu16..0xe001, 0..8),
            size in 1..5usize,
        ) {
            let start = [u16::from(b'['), u16::from(b'{')];
            let bytes: Vec<u8> = start.iter().chain(&units).flat_map(|unit| unit.to_le_bytes()).collect();
            let expected = char::decode_utf16(units).map(|read| match read {
                Ok(character) => character.to_string().into_bytes(),
                Err(_) => HALF.to_vec(),
            });
            let expected: Vec<u8> = [b"[{".to_vec()].into_iter().chain(expected).flatten().collect();
            prop_assert_eq!(read(&bytes, size), expected);
        }
    }

    #[test]
    fn what_is_cut_within_a_character_is_no_text() {
        assert_eq!(read(b"{\0}\0x", 1), b"{}\xff");
        assert_eq!(
            read(b"\xff\xfe\x3d\xd8", 1),
            "\u{feff}".bytes().chain(HALF.iter().copied()).collect::<Vec<u8>>()
        );
        assert_eq!(
            read(b"\xff\xfe{", 1),
            "\u{feff}".bytes().chain(HALF.iter().copied()).collect::<Vec<u8>>()
        );
        for text in [&b""[..], b"{", b"{}", b"{}\n", b"\0\n{}", b"{\0}"] {
            assert_eq!(read(text, 1), text);
        }
        assert_eq!(utf8(b"\xff\xfe{\0}\0x"), "\u{feff}{}".as_bytes());
    }
}
