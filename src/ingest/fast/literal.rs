//! Bytes that a template expects, as words.

use crate::ingest::json::strings::word;

/// Bytes that must be there, with the first 16 as two words: a call of memcmp
/// for each would cost more than the values.
#[derive(Debug)]
pub(super) struct Literal {
    bytes: Box<[u8]>,
    words: [u64; 2],
    masks: [u64; 2],
}

/// The last text of a column, with its quote: the next record mostly has it
/// again. No more than 32 bytes, as four words.
#[derive(Debug, Default)]
pub(super) struct Last {
    pub(super) length: usize,
    words: [u64; 4],
    masks: [u64; 4],
    /// What it says, if that is something else.
    pub(super) decoded: Option<String>,
}

impl Last {
    pub(super) fn set(&mut self, text: &[u8], decoded: Option<&str>) {
        *self = Last { decoded: decoded.map(str::to_owned), ..Last::default() };
        if text.len() <= 32 {
            let (mut words, mut masks) = ([[0; 8]; 4], [[0; 8]; 4]);
            for (at, &byte) in text.iter().enumerate() {
                (words[at / 8][at % 8], masks[at / 8][at % 8]) = (byte, u8::MAX);
            }
            self.length = text.len();
            (self.words, self.masks) = (words.map(u64::from_le_bytes), masks.map(u64::from_le_bytes));
        }
    }

    /// Whether the text stands at `at` again.
    #[inline]
    pub(super) fn again(&self, input: &[u8], at: usize) -> bool {
        let Some(window) = input.get(at..at + 32) else {
            return false;
        };
        let differs = |part: usize| (word(window, 8 * part) ^ self.words[part]) & self.masks[part];
        self.length > 0 && differs(0) | differs(1) | differs(2) | differs(3) == 0
    }
}

impl Literal {
    pub(super) fn new(bytes: &[u8]) -> Literal {
        let (mut words, mut masks) = ([[0; 8]; 2], [[0; 8]; 2]);
        for (at, &byte) in bytes.iter().take(16).enumerate() {
            (words[at / 8][at % 8], masks[at / 8][at % 8]) = (byte, u8::MAX);
        }
        Literal {
            bytes: bytes.into(),
            words: words.map(u64::from_le_bytes),
            masks: masks.map(u64::from_le_bytes),
        }
    }

    pub(super) fn newlines(&self) -> u64 {
        memchr::memchr_iter(b'\n', &self.bytes).count() as u64
    }

    /// Where it ends, if it stands at `at`.
    #[inline]
    pub(super) fn skip(&self, input: &[u8], at: usize) -> Option<usize> {
        let Some(window) = input.get(at..at + 16) else {
            return input[at..].starts_with(&self.bytes).then_some(at + self.bytes.len());
        };
        let same = (word(window, 0) ^ self.words[0]) & self.masks[0] == 0
            && (word(window, 8) ^ self.words[1]) & self.masks[1] == 0;
        if !same || self.bytes.len() > 16 && !input[at + 16..].starts_with(&self.bytes[16..]) {
            return None;
        }
        Some(at + self.bytes.len())
    }
}
