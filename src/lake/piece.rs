//! A piece of a Parquet file, for a host that reads files in pieces and hands them over.

use bytes::{Buf, Bytes, buf::Reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Bytes of a file, from one on.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The place of its first byte in the file.
    pub start: u64,
    /// The bytes.
    pub bytes: Bytes,
}

impl Piece {
    fn from(&self, start: u64) -> Result<Bytes> {
        let skipped = start.checked_sub(self.start).and_then(|skipped| usize::try_from(skipped).ok());
        match skipped.filter(|&skipped| skipped <= self.bytes.len()) {
            Some(skipped) => Ok(self.bytes.slice(skipped..)),
            None => Err(ParquetError::EOF("these bytes are not in the piece at hand".to_owned())),
        }
    }
}

impl Length for Piece {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Piece {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("the piece at hand ends before".to_owned()));
        }
        bytes.truncate(length);
        Ok(bytes)
    }
}
