//! A Parquet file in memory whose bytes lie in pieces.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// Pieces that follow each other, each with the place of its first byte.
#[derive(Clone)]
pub struct Pieces(Vec<(u64, Bytes)>);

impl Pieces {
    /// In their order.
    pub fn new(pieces: Vec<Bytes>) -> Pieces {
        let mut at = 0;
        let place = |piece: Bytes| {
            let start = at;
            at += piece.len() as u64;
            (start, piece)
        };
        Pieces(pieces.into_iter().filter(|piece| !piece.is_empty()).map(place).collect())
    }

    /// What follows a byte, in its piece; empty at the end.
    fn from(&self, start: u64) -> Bytes {
        let at = self.0.partition_point(|(first, _)| *first <= start);
        let Some((first, piece)) = at.checked_sub(1).and_then(|at| self.0.get(at)) else {
            return Bytes::new();
        };
        // A piece is in memory, so a place in it is a `usize`.
        piece.slice(((start - first) as usize).min(piece.len())..)
    }
}

impl Length for Pieces {
    fn len(&self) -> u64 {
        self.0.last().map_or(0, |(first, piece)| first + piece.len() as u64)
    }
}

impl ChunkReader for Pieces {
    type T = PiecesRead;

    fn get_read(&self, start: u64) -> Result<PiecesRead> {
        Ok(PiecesRead { pieces: self.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start);
        if bytes.len() >= length {
            // Nothing is copied: a column of a row group lies in one piece.
            return Ok(bytes.slice(..length));
        }
        let mut copied = Vec::with_capacity(length);
        self.get_read(start)?.take(length as u64).read_to_end(&mut copied)?;
        match copied.len() == length {
            true => Ok(copied.into()),
            false => Err(ParquetError::EOF(format!("{length} bytes from {start} on are not there"))),
        }
    }
}

/// Reads on from a place.
pub struct PiecesRead {
    pieces: Pieces,
    at: u64,
}

impl Read for PiecesRead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.pieces.from(self.at);
        let length = bytes.len().min(into.len());
        bytes.copy_to_slice(&mut into[..length]);
        self.at += length as u64;
        Ok(length)
    }
}
