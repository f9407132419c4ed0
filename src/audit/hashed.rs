//! SHA-256 of files.

use sha2::{Digest, Sha256};

/// SHA-256 of bytes that come in chunks.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn push(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// The hash in lower-case hex.
    pub fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// A file and its hash.
#[derive(Clone, Debug)]
pub struct Hashed {
    /// Of an input: as the run was told. Of an output: its path below the folder
    /// of the lake, or the name that the page saves it by.
    pub name: String,
    /// Size, when it was hashed.
    pub bytes: u64,
    /// In hex; none if it could not be read.
    pub sha256: Option<String>,
}

impl Hashed {
    /// Of a document by its path.
    pub fn of_text(path: &str, text: &str) -> Hashed {
        let mut hasher = Hasher::default();
        hasher.push(text.as_bytes());
        Hashed { name: path.to_owned(), bytes: text.len() as u64, sha256: Some(hasher.finish()) }
    }
}
