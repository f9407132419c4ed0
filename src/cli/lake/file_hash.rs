//! The bytes of a file, and their hash.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use stedi_lakehouse::audit::Hasher;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// SHA-256 of a file, in hex.
pub fn hash(path: &Path) -> io::Result<String> {
    read(path, |_| Ok(()))
}

/// Reads a file in chunks, and gives its hash.
pub fn read(path: &Path, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<String> {
    let (mut file, mut hasher, mut chunk) = (File::open(path)?, Hasher::default(), vec![0; CHUNK]);
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok(hasher.finish());
        }
        hasher.push(&chunk[..length]);
        take(&chunk[..length])?;
    }
}
