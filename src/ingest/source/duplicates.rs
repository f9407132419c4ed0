//! Finds inputs that hold the same bytes as another, whatever they are packed
//! in: files, gzip, entries of zips.
//!
//! A [`Sketch`] is what is known of an input from its head and its directory.
//! Only inputs whose sketches agree are candidates, and are read whole; only
//! those whose decoded bytes are equal, by length and SHA-256, are duplicates.
//! What a gzip trailer says is not asked: it is of the last member alone, and so
//! a gzip is distinguished from others by its first bytes only.

use std::collections::HashMap;
use std::hash::Hasher as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use twox_hash::XxHash64;

use super::packed_entry::PackedEntry;
use super::unpack::{Container, Unpacker, container};

/// Decoded bytes that differ between most inputs.
const START: usize = 4 << 10;
/// Packed bytes inflated at a time to see them.
const STEP: usize = 1 << 10;

/// What is known of an input that was not read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// Of the first decoded bytes, or of all if there are fewer.
    start: u64,
    /// How many there are, modulo 2^32, as a zip may have it. A zip that says
    /// it wrong has a damaged entry.
    size: Option<u32>,
    /// By the directory of a zip; reading it wrong is an error.
    crc32: Option<u32>,
}

impl Sketch {
    /// Of a file of so many bytes, by its head.
    pub fn of_file(head: &[u8], bytes: u64) -> Sketch {
        Sketch { start: start(head), size: size(head, bytes), crc32: None }
    }

    /// Of an entry of an archive, by its first bytes and what the directory says of it.
    pub(in crate::ingest) fn of_entry(seen: Seen, size: u64, crc32: Option<u32>) -> Sketch {
        let (size, crc32) = match seen.plain {
            true => (Some(size as u32), crc32),
            // A gzip inside: the directory knows it as it is packed.
            false => (None, None),
        };
        Sketch { start: seen.start, size, crc32 }
    }
}

/// What detecting an entry has shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Seen {
    start: u64,
    plain: bool,
}

impl Seen {
    pub(in crate::ingest) fn new(head: &[u8]) -> Seen {
        Seen { start: start(head), plain: !is_compressed(head) }
    }
}

fn size(head: &[u8], bytes: u64) -> Option<u32> {
    (!is_compressed(head)).then_some(bytes as u32)
}

fn is_compressed(head: &[u8]) -> bool {
    matches!(container(head), Container::Gzip | Container::Zstd)
}

fn start(head: &[u8]) -> u64 {
    let mut checksum = XxHash64::default();
    let (mut unpacker, mut left) = (Unpacker::default(), START);
    let mut take = |bytes: &[u8]| {
        let taken = &bytes[..bytes.len().min(left)];
        checksum.write(taken);
        left -= taken.len();
        left
    };
    for step in head.chunks(STEP) {
        let mut full = false;
        // Reading it whole will show the damage.
        let damaged = unpacker.push(step, |bytes| full |= take(bytes) == 0);
        if full || damaged.is_err() {
            break;
        }
    }
    // A short gzip gives what it holds only now.
    let _ = unpacker.finish(|bytes| {
        take(bytes);
    });
    checksum.finish()
}

/// Length and SHA-256 of the unpacked bytes of an input; of a damaged one, which is
/// the same as its copies only, of what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Digest {
    bytes: u64,
    sha256: [u8; 32],
    damaged: bool,
}

impl Digest {
    /// Of a plain file, by its SHA-256 in hex; none if that is not one.
    pub fn of_plain(bytes: u64, sha256: &str) -> Option<Digest> {
        let sha256 = hex::decode(sha256).ok()?.try_into().ok()?;
        Some(Digest { bytes, sha256, damaged: false })
    }
}

/// Takes the bytes of an input, packed, for its digest.
#[derive(Default)]
pub struct ContentDigest {
    unpacker: Unpacker,
    packed: Sum,
    decoded: Sum,
    damaged: bool,
    /// What finds an entry in the bytes of its archive, where these are pushed.
    entry: Option<PackedEntry>,
}

#[derive(Default)]
struct Sum {
    bytes: u64,
    sha256: Sha256,
}

impl Sum {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.sha256.update(bytes);
    }
}

impl ContentDigest {
    /// Of an entry of an archive, whose packed bytes are pushed.
    pub fn entry(entry: PackedEntry) -> ContentDigest {
        ContentDigest { entry: Some(entry), ..ContentDigest::default() }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        match self.entry.take() {
            Some(mut entry) => {
                entry.push(chunk, |bytes| self.unpack(bytes));
                self.entry = Some(entry);
            }
            None => self.unpack(chunk),
        }
    }

    fn unpack(&mut self, chunk: &[u8]) {
        // Of a plain input both are the same.
        if !matches!(self.unpacker, Unpacker::Plain) {
            self.packed.push(chunk);
        }
        self.damaged |= self.unpacker.push(chunk, |bytes| self.decoded.push(bytes)).is_err();
    }

    /// Notes that the rest of it is lost.
    pub(in crate::ingest) fn damage(&mut self) {
        self.damaged = true;
    }

    /// The digest.
    pub fn finish(mut self) -> Digest {
        if let Some(entry) = self.entry.take() {
            let (damage, _) = entry.finish(|bytes| self.unpack(bytes));
            self.damaged |= damage.is_some();
        }
        let plain = matches!(self.unpacker, Unpacker::Plain);
        let whole = self.unpacker.finish(|bytes| self.decoded.push(bytes)).is_ok();
        let damaged = self.damaged || !whole;
        let Sum { bytes, sha256 } = if damaged && !plain { self.packed } else { self.decoded };
        Digest { bytes, sha256: sha256.finalize().into(), damaged }
    }
}

/// Inputs of which some may hold the same.
#[derive(Default)]
pub struct Duplicates {
    inputs: Vec<(String, Sketch)>,
    digests: HashMap<usize, Digest>,
}

impl Duplicates {
    /// Adds an input, the next in number from 0 on.
    pub fn add(&mut self, name: impl Into<String>, sketch: Sketch) {
        self.inputs.push((name.into(), sketch));
    }

    /// The numbers of those that have to be read whole, in the order of their names.
    pub fn candidates(&self) -> Vec<usize> {
        let by_start = groups(0..self.inputs.len(), |at| self.inputs[at].1.start);
        let mut found: Vec<usize> = by_start.into_iter().flat_map(|alike| self.alike(alike)).collect();
        self.sort(&mut found);
        found
    }

    /// Of inputs with the same start those that may be the same for all that is known.
    fn alike(&self, inputs: Vec<usize>) -> Vec<usize> {
        let sketch = |at: usize| self.inputs[at].1;
        if inputs.iter().any(|&at| sketch(at).size.is_none()) {
            return inputs;
        }
        let by_size = groups(inputs, |at| sketch(at).size);
        by_size
            .into_iter()
            .flat_map(|same| match same.iter().all(|&at| sketch(at).crc32.is_some()) {
                true => groups(same, |at| sketch(at).crc32).concat(),
                false => same,
            })
            .collect()
    }

    /// Notes what a candidate holds.
    pub fn read(&mut self, input: usize, digest: Digest) {
        self.digests.insert(input, digest);
    }

    /// Of each input the name of the one with the same bytes that comes first by
    /// name, unless it is that one.
    pub fn originals(&self) -> Vec<Option<&str>> {
        let mut order: Vec<usize> = self.digests.keys().copied().collect();
        self.sort(&mut order);
        let (mut firsts, mut originals) = (HashMap::new(), vec![None; self.inputs.len()]);
        for at in order {
            let first = *firsts.entry(self.digests[&at]).or_insert(at);
            if first != at {
                originals[at] = Some(self.inputs[first].0.as_str());
            }
        }
        originals
    }

    fn sort(&self, inputs: &mut [usize]) {
        inputs.sort_unstable_by(|&a, &b| self.inputs[a].0.cmp(&self.inputs[b].0).then(a.cmp(&b)));
    }
}

/// The groups of at least two that have the same key.
fn groups<K: Eq + std::hash::Hash>(
    inputs: impl IntoIterator<Item = usize>,
    key: impl Fn(usize) -> K,
) -> Vec<Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for at in inputs {
        groups.entry(key(at)).or_default().push(at);
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Names of candidates, and of each input its original.
    fn find(files: &[(&str, Vec<u8>)]) -> (Vec<String>, Vec<Option<String>>) {
        let mut duplicates = Duplicates::default();
        for (name, bytes) in files {
            let head = &bytes[..bytes.len().min(crate::ingest::HEAD_BYTES)];
            duplicates.add(*name, Sketch::of_file(head, bytes.len() as u64));
        }
        let candidates = duplicates.candidates();
        for &at in &candidates {
            let mut digest = ContentDigest::default();
            files[at].1.chunks(1000).for_each(|chunk| digest.push(chunk));
            duplicates.read(at, digest.finish());
        }
        let names = candidates.iter().map(|&at| files[at].0.to_owned()).collect();
        (names, duplicates.originals().into_iter().map(|name| name.map(str::to_owned)).collect())
    }

    fn text(seed: u32, length: usize) -> Vec<u8> {
        (0..length as u32).map(|at| ((at ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    }

    #[test]
    fn the_same_bytes_are_found_in_any_packing_and_the_first_by_name_stays() {
        let whole = text(1, 200_000);
        let members = [gzip(&whole[..150_000]), gzip(&whole[150_000..])].concat();
        let (candidates, originals) = find(&[
            ("b.json", whole.clone()),
            ("c.json.gz", gzip(&whole)),
            ("d.json.gz", members),
            ("a.json", whole.clone()),
            ("other.json", text(2, 200_000)),
        ]);
        assert_eq!(candidates, ["a.json", "b.json", "c.json.gz", "d.json.gz"]);
        let a = Some("a.json".to_owned());
        assert_eq!(originals, [a.clone(), a.clone(), a, None, None]);
    }

    /// A gzip of few bytes is not inflated until it ends.
    #[test]
    fn however_few_bytes_there_are_they_are_found() {
        for length in [1, 2, 20, 100, 1023, 1500, 4095, 4096, 4097, 5000] {
            let whole = text(1, length);
            let entry = |bytes: &[u8]| Sketch::of_entry(Seen::new(bytes), bytes.len() as u64, Some(0));
            let plain = Sketch::of_file(&whole, length as u64);
            let packed = gzip(&whole);
            for other in [Sketch::of_file(&packed, packed.len() as u64), entry(&whole), entry(&packed)] {
                let mut duplicates = Duplicates::default();
                duplicates.add("a", plain);
                duplicates.add("b", other);
                assert_eq!(duplicates.candidates(), [0, 1], "{length} bytes");
            }
            let (_, originals) = find(&[("a", packed.clone()), ("b", whole), ("c", packed)]);
            let a = Some("a".to_owned());
            assert_eq!(originals, [None, a.clone(), a], "{length} bytes");
        }
    }

    #[test]
    fn what_differs_is_not_read_twice_where_sizes_tell() {
        let whole = text(1, 100_000);
        let longer = [&whole[..], b"x"].concat();
        assert_eq!(find(&[("a", whole.clone()), ("b", longer)]), (vec![], vec![None, None]));
        let (candidates, originals) = find(&[("a", whole.clone()), ("b", text(3, 100_000))]);
        assert_eq!((candidates.len(), originals), (0, vec![None, None]));
    }

    #[test]
    fn equal_starts_sizes_and_trailers_make_no_duplicate() {
        let mut whole = text(1, 100_000);
        let packed = gzip(&whole);
        whole[99_999] ^= 1;
        let mut other = gzip(&whole);
        // The trailer of another content: such a gzip is damaged, and like nothing else.
        let end = other.len() - 8;
        other[end..].copy_from_slice(&packed[packed.len() - 8..]);
        let cut = packed[..packed.len() - 9].to_vec();
        let (candidates, originals) = find(&[("a.gz", packed), ("b.gz", other), ("c", whole), ("d.gz", cut)]);
        assert_eq!((candidates.len(), originals), (4, vec![None; 4]));
    }

    #[test]
    fn the_directory_of_a_zip_tells_entries_apart() {
        let entry = |crc32| Sketch { start: 1, size: Some(5), crc32: Some(crc32) };
        let mut duplicates = Duplicates::default();
        for (name, sketch) in [("a", entry(1)), ("b", entry(2)), ("c", entry(1))] {
            duplicates.add(name, sketch);
        }
        assert_eq!(duplicates.candidates(), [0, 2]);
        // A plain file has no checksum, so all of that size are read.
        duplicates.add("d", Sketch { start: 1, size: Some(5), crc32: None });
        duplicates.add("e", Sketch { start: 1, size: Some(6), crc32: None });
        assert_eq!(duplicates.candidates(), [0, 1, 2, 3]);
    }
}
