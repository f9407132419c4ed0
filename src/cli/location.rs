//! Where the bytes of an input are: a file of this machine, or an object of a store.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::store::{Object, ObjectReader};

/// The place of an input.
#[derive(Clone, Debug)]
pub enum Location {
    File(PathBuf),
    Object(Object),
}

impl Location {
    /// The path of a file, or the address of an object.
    pub fn path(&self) -> &Path {
        match self {
            Location::File(path) => path,
            Location::Object(object) => object.path(),
        }
    }

    /// Whether it lies elsewhere, so that whoever reads it waits for a network.
    pub fn is_remote(&self) -> bool {
        matches!(self, Location::Object(_))
    }

    /// Opens it, for who wants to look at some of it.
    pub fn open(&self) -> io::Result<Opened> {
        self.open_at(0, 0)
    }

    /// Opens it, for who wants all of it in order.
    pub fn open_whole(&self) -> io::Result<Opened> {
        self.open_at(0, u64::MAX)
    }

    /// Opens it at a byte, for who wants what lies before `end`, and little of what lies behind it.
    pub fn open_at(&self, start: u64, end: u64) -> io::Result<Opened> {
        match self {
            Location::File(path) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Opened::File(file))
            }
            Location::Object(object) => {
                ObjectReader::open(object, start, end).map(Box::new).map(Opened::Object)
            }
        }
    }
}

/// An input that is read.
pub enum Opened {
    File(File),
    Object(Box<ObjectReader>),
}

impl Read for Opened {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file) => file.read(out),
            Opened::Object(object) => object.read(out),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.seek(to),
            Opened::Object(object) => object.seek(to),
        }
    }
}
