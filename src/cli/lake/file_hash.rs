//! The bytes of a file, and their hash.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use stedi_lakehouse::audit::Hasher;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// SHA-256 of a file, in hex.
pub fn hash(path: &Path) -> io::Result<String> {
    read(File::open(path)?, |_| Ok(()))
}

/// Reads all there is in chunks, and gives its hash.
pub fn read(mut from: impl Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<String> {
    let (mut hasher, mut chunk) = (Hasher::default(), vec![0; CHUNK]);
    loop {
        let length = from.read(&mut chunk)?;
        if length == 0 {
            return Ok(hasher.finish());
        }
        hasher.push(&chunk[..length]);
        take(&chunk[..length])?;
    }
}
