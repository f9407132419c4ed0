//! Inputs by chance: exports in every spelling and framing, and wounds to them.

use std::fs;
use std::sync::LazyLock;

use stedi_lakehouse::schema::{Column, ColumnType, Landing};

/// SplitMix64 (G. L. Steele and others, 2014): small, and the same everywhere.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

pub const EMAILS: [&str; 8] = [
    "a@x.org",
    "A@x.org",
    " b@x.org\u{a0}",
    "b@x.org",
    "c@x.org",
    "é@x.org",
    "twenty-seven@bytes.example",
    "nobody@x.org",
];
pub const SERIALS: [&str; 5] = ["s1", "s2", "s2 ", "s3", "unknown"];
/// As they stand in JSON, quotes included.
const ODD_TEXTS: [&str; 17] = [
    "\" \"",
    r#""\u00a0\t""#,
    r#""a\u0040x.org""#,
    r#""\u00e9@x.org""#,
    r#""\ud83d\ude00\n\/""#,
    r#""\"}{""#,
    r#""\u0000""#,
    r#""\ud83d""#,
    r#""\ud83d\ud83d""#,
    "\"😀😀😀\"",
    "\"exactly thirty-one bytes of it\"",
    "\"exactly thirty-two bytes, of it!\"",
    "\"much longer than the thirty-two bytes that a shape remembers\"",
    "\"\"",
    "null",
    "12.50",
    "true",
];
/// Likewise; the long ones are beyond what a double tells apart.
const ODD_NUMBERS: [&str; 14] = [
    "null",
    "\"\"",
    "\" 1\"",
    "\"1\\u0030\"",
    "-0",
    "-0.0",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "true",
    "[1]",
    "\"soon\"",
];
const LONG_NUMBERS: [&str; 12] = [
    "1655564444103.000",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "123456789012345678901234567890",
    "1.655564444103e12",
    "0.12345678901234567890",
    "1.7976931348623157e308",
    "4.9e-324",
    "1e400",
    "1.00000000000000000001",
];
const UNKNOWN: [&str; 7] = [
    "null",
    "true",
    "\"text\"",
    "[1,{\"a\":[]}]",
    "{\"user\":\"b@x.org\"}",
    "{\"e-Mail\":[\"c@x.org\"]}",
    "1e400",
];

/// How the records of a program are written.
pub struct Style {
    order: Vec<usize>,
    case: usize,
    blanks: [&'static str; 3],
    unknown: Option<&'static str>,
    /// One value in so many is odd.
    odd: usize,
    long: bool,
    last: Vec<String>,
}

impl Style {
    pub fn new(chance: &mut Chance, kind: Landing, long: bool) -> Style {
        let columns = kind.columns();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        if chance.one_in(2) {
            (1..order.len()).for_each(|at| order.swap(at, chance.below(at + 1)));
        }
        let blanks = [0, 1, 2].map(|_| chance.pick(&["", "", " ", "\t ", "\n  "]));
        Style {
            order,
            case: chance.below(3),
            blanks: if chance.one_in(2) { ["", "", " "] } else { blanks },
            unknown: chance.one_in(3).then(|| chance.pick(&UNKNOWN)),
            odd: chance.pick(&[4, 30, 1000]),
            long,
            last: vec![String::new(); columns.len()],
        }
    }

    pub fn record(&mut self, chance: &mut Chance, kind: Landing) -> Vec<u8> {
        let [a, b, c] = self.blanks;
        let mut fields = Vec::new();
        for &at in &self.order {
            if chance.one_in(self.odd * 4) {
                continue;
            }
            let column = &kind.columns()[at];
            let repeats = column.ty == ColumnType::String && chance.below(4) > 0;
            if !repeats || self.last[at].is_empty() {
                self.last[at] = if chance.one_in(self.odd) {
                    odd(chance, column, self.long)
                } else {
                    plain(chance, column)
                };
            }
            fields.push(format!("{a}\"{}\"{b}:{c}{}", spelt(column.name, self.case), self.last[at]));
        }
        if let Some(value) = self.unknown {
            fields.insert(chance.below(fields.len() + 1), format!("{a}\"extra\"{b}:{c}{value}"));
        }
        if chance.one_in(self.odd * 2) && !fields.is_empty() {
            fields.push(fields[chance.below(fields.len())].clone());
        }
        format!("{{{}{b}}}", fields.join(&format!("{c},"))).into_bytes()
    }
}

fn spelt(name: &str, case: usize) -> String {
    match case {
        0 => name.to_owned(),
        1 => name.to_uppercase(),
        _ => {
            name.char_indices().map(|(at, c)| if at % 3 == 1 { c.to_ascii_uppercase() } else { c }).collect()
        }
    }
}

fn plain(chance: &mut Chance, column: &Column) -> String {
    let whole = chance.below(8);
    match column.ty {
        ColumnType::String => match column.name {
            "email" | "user" => format!("\"{}\"", chance.pick(&EMAILS)),
            "serialnumber" => format!("\"{}\"", chance.pick(&SERIALS)),
            _ => format!("\"name {whole}\""),
        },
        ColumnType::Bigint if chance.one_in(4) => (1_655_564_444_000 + whole).to_string(),
        ColumnType::Bigint | ColumnType::Int => whole.to_string(),
        ColumnType::Double => match chance.below(4) {
            0 => whole.to_string(),
            1 => format!("-{whole}.{}", chance.below(100_000)),
            2 => format!("{whole}.{}", chance.below(10)),
            _ => format!("{}.{:03}", chance.below(30_000), chance.below(1000)),
        },
    }
}

fn odd(chance: &mut Chance, column: &Column, long: bool) -> String {
    if column.ty == ColumnType::String {
        return chance.pick(&ODD_TEXTS).to_owned();
    }
    let whole = chance.below(8);
    match chance.below(8) {
        0 => format!("\"{whole}\""),
        1 => format!("{whole}.0"),
        2 => format!("{whole}e0"),
        3 => format!("0.{whole}E+1"),
        4 => format!("-{whole}"),
        5 if long => chance.pick(&LONG_NUMBERS).to_owned(),
        6 if long => format!("{:e}", f64::from_bits(chance.next())).replace("NaN", "0").replace("inf", "1"),
        _ => chance.pick(&ODD_NUMBERS).to_owned(),
    }
}

/// Records of a few programs, in one framing.
pub fn export(chance: &mut Chance, kind: Landing, most: usize) -> Vec<u8> {
    let long = chance.one_in(3);
    let mut styles: Vec<Style> = (0..1 + chance.below(6)).map(|_| Style::new(chance, kind, long)).collect();
    let count = chance.below(most + 1);
    let mut at = 0;
    let records: Vec<Vec<u8>> = (0..count)
        .map(|_| {
            if chance.one_in(6) {
                at = chance.below(styles.len());
            }
            styles[at].record(chance, kind)
        })
        .collect();
    framed(&records, chance.below(7))
}

fn framed(records: &[Vec<u8>], framing: usize) -> Vec<u8> {
    let framed = |open: &str, between: &str, close: &str| {
        [open.as_bytes(), &records.join(between.as_bytes()), close.as_bytes()].concat()
    };
    match framing {
        0 => framed("", "\n", "\n"),
        1 => framed("\u{feff}", "\r\n\r\n", "\r\n"),
        2 => framed("[", ",", "]"),
        3 => framed("[\n  ", ",\n  ", "\n]\n"),
        4 => framed("", "", ""),
        5 => framed("", ",\n", ",\n"),
        _ => framed("", "\n", ""),
    }
}

const TOKENS: [&[u8]; 36] = [
    b"\\u0000",
    b"\\ud800",
    b"\\udc00",
    b"\\ud800\\ud800",
    b"\\u00",
    b"\\ud83d\\ude00",
    b"1e400",
    b"-1e-400",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"}{",
    b",",
    b",,",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\"",
    b"\\",
    b"\\\"",
    b"\n",
    b"\r\n",
    b"\n{",
    b"\n ,{",
    b"null",
    b"true",
    b"\xc3\xa9",
    b"\xc3",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80",
    b"-",
    b"0",
    b"{\"user\":",
];

/// The files of `corpus/`, by name.
static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let files = fs::read_dir("tests/fuzz/corpus").unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
});

/// An export or a file of the corpus, mostly wounded.
pub fn input(chance: &mut Chance, kind: Landing, most: usize) -> Vec<u8> {
    let mut input = if chance.one_in(8) {
        CORPUS[chance.below(CORPUS.len())].clone()
    } else {
        export(chance, kind, most)
    };
    if chance.below(4) > 0 {
        wound(chance, &mut input);
    }
    input
}

/// What may stand between records, and what may not.
const SEAMS: [&[u8]; 14] = [
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"\xef",
    b"\r",
    b"\r\n",
    b"\n",
    b"\n\n",
    b",",
    b"[",
    b"]",
    b" ",
    b"rubbish",
    b"\n{",
    b"}",
];

/// An export with odd bytes around some of its borders, and those borders in order:
/// at line ends, at and within what was put there, and anywhere.
pub fn ranges(chance: &mut Chance, kind: Landing) -> (Vec<u8>, Vec<usize>) {
    let mut input = if chance.one_in(3) { self::input(chance, kind, 12) } else { export(chance, kind, 12) };
    let mut borders: Vec<usize> = Vec::new();
    for _ in 0..1 + chance.below(4) {
        let line_ends: Vec<usize> = (1..input.len()).filter(|&at| input[at - 1] == b'\n').collect();
        let mut at = match line_ends.is_empty() || chance.one_in(4) {
            true => chance.below(input.len() + 1),
            false => chance.pick(&line_ends),
        };
        let seam: Vec<u8> = (0..chance.below(4)).flat_map(|_| chance.pick(&SEAMS)).copied().collect();
        borders.iter_mut().filter(|border| **border >= at).for_each(|border| *border += seam.len());
        input.splice(at..at, seam.iter().copied());
        at += chance.below(seam.len() + 2);
        borders.push(at.saturating_sub(chance.below(2)));
    }
    borders.retain(|&at| at > 0 && at <= input.len());
    borders.sort_unstable();
    borders.dedup();
    (input, borders)
}

fn wound(chance: &mut Chance, input: &mut Vec<u8>) {
    for _ in 0..1 + chance.below(4) {
        let at = chance.below(input.len() + 1);
        let end = (at + 1 + chance.below(20)).min(input.len());
        match chance.below(8) {
            0 if at < input.len() => input[at] ^= 1 << chance.below(8),
            1 if at < input.len() => input[at] = chance.next() as u8,
            2 if chance.one_in(4) => input.truncate(at),
            3 => drop(input.drain(at..end)),
            4 => {
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            5 => {
                let other = &CORPUS[chance.below(CORPUS.len())];
                let from = chance.below(other.len());
                let to = (from + chance.below(60)).min(other.len());
                input.splice(at..end, other[from..to].iter().copied());
            }
            6 if chance.one_in(4) => {
                let (depth, bracket) = (chance.pick(&[3, 126, 127, 128, 129, 1000]), chance.pick(b"[{"));
                input.splice(at..at, std::iter::repeat_n(bracket, depth));
            }
            _ => {
                let token = chance.pick(&TOKENS);
                input.splice(at..at, token.iter().copied());
            }
        }
    }
}
