//! The same records in other framings, spellings, encodings and packings.

use std::io::Write;

use stedi_lakehouse::schema::Landing;

use crate::make::{Chance, Style};
use crate::rows::{Read, decode, decode_entry, decode_file, decode_share};
use crate::spellings::{dated, named, typed};

/// Of the ways below: the one that mixes tables.
const MIXED: usize = 8;

/// Wraps each record in one member, or all of them in an array of one.
fn wrapped(chance: &mut Chance, records: &[Vec<u8>]) -> Vec<u8> {
    let between = chance.pick(&[&b","[..], b",\n", b" ,\r\n  "]);
    let (before, after) = chance.pick(&[
        ("{\"records\":[", "],\"count\":7}"),
        ("{\"schema\":{\"fields\":[]},\"n\":[1,{}],\"data\" : [\n", "\n ] }\n"),
        ("[{\"data\":[", "]}]"),
    ]);
    [before.as_bytes(), &records.join(between), after.as_bytes()].concat()
}

fn in_a_member(record: &Vec<u8>) -> Vec<u8> {
    [b"{\"n\":[1],\"Item\":", record.as_slice(), b"}\n"].concat()
}

fn utf16(chance: &mut Chance, text: &str) -> Vec<u8> {
    let mark = chance.pick(&["", "\u{feff}"]);
    let big_endian = chance.one_in(2);
    let units = mark.encode_utf16().chain(text.encode_utf16());
    units.flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The records among those of the other tables, a line each.
fn mixed(chance: &mut Chance, kind: Landing, records: &[Vec<u8>]) -> Vec<u8> {
    let others = Landing::ALL.into_iter().filter(|other| *other != kind);
    let mut styles: Vec<(Landing, Style)> =
        others.map(|other| (other, Style::new(chance, other, false))).collect();
    let mut all = Vec::new();
    for record in records {
        while chance.one_in(2) {
            let at = chance.below(styles.len());
            let (other, style) = &mut styles[at];
            all.push(style.record(chance, *other));
        }
        all.push(record.clone());
    }
    lines(&all)
}

/// A tar with the file behind another one, packed or not.
fn tar(chance: &mut Chance, bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [("other", &b"{}\n"[..]), ("input", bytes)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    match chance.below(3) {
        0 => tar,
        1 => gzip(&tar),
        _ => zstd::encode_all(&tar[..], 1).unwrap(),
    }
}

fn lines(records: &[Vec<u8>]) -> Vec<u8> {
    [records.join(&b'\n'), b"\n".to_vec()].concat()
}

/// That a framing changes no row, and a chunk nothing at all.
pub fn change_nothing(chance: &mut Chance) -> bool {
    let kind = chance.pick(&Landing::ALL);
    let mut style = Style::new(chance, kind, false);
    let key = |column: &&stedi_lakehouse::schema::Column| column.key;
    let keys: Vec<String> =
        kind.columns().iter().filter(key).map(|column| format!("\"{}\":\"7\"", column.name)).collect();
    // The first record of a wrapper shows what it is.
    let mut records = vec![format!("{{{}}}", keys.join(",")).into_bytes()];
    (0..chance.below(12)).for_each(|_| records.push(style.record(chance, kind)));
    let plain = lines(&records);
    let text = String::from_utf8(plain.clone()).unwrap();
    let spelt = |writing: fn(&mut Chance, Landing, &[u8]) -> Vec<u8>, chance: &mut Chance| {
        lines(&records.iter().map(|record| writing(chance, kind, record)).collect::<Vec<_>>())
    };
    let how = chance.below(10);
    let framed = match how {
        0 => wrapped(chance, &records),
        1 => records.iter().flat_map(in_a_member).collect(),
        2 => utf16(chance, &text),
        3 => gzip(&utf16(chance, &text)),
        4 => zstd::encode_all(&plain[..], 1).unwrap(),
        5 => spelt(typed, chance),
        6 => spelt(dated, chance),
        7 => spelt(named, chance),
        MIXED => mixed(chance, kind, &records),
        _ => tar(chance, &plain),
    };
    let read: fn(Landing, &[u8], usize) -> Read = match how {
        ..MIXED => decode_file,
        MIXED => decode_share,
        _ => decode_entry,
    };
    let shown = || String::from_utf8_lossy(&framed);
    let expected = decode::<false>(kind, &plain, usize::MAX);
    let whole = read(kind, &framed, usize::MAX);
    assert_eq!(whole.rows, expected.rows, "{kind:?} {:?}: {}", whole.decoded.rejects, shown());
    for chunk in [1, 1 + chance.below(60)] {
        let other = read(kind, &framed, chunk);
        assert_eq!(other.rows, whole.rows, "by {chunk}: {}", shown());
        assert_eq!(format!("{:?}", other.decoded), format!("{:?}", whole.decoded), "by {chunk}: {}", shown());
    }
    true
}
