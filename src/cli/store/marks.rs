//! What this program notes of an object that it writes, so that another run knows it again: whoever writes other bytes
//! there writes no such notes.

use object_store::{Attribute, Attributes};
use stedi_lakehouse::audit::Hasher;

/// The notes of an object of a lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// SHA-256 of its path below the lake, so that a copy elsewhere is another's. In hex, as not every name can be in
    /// a header.
    path: String,
}

impl Marks {
    /// Letters alone, as all stores allow.
    const NAMES: [&str; 2] = ["stedisha", "stedipath"];

    pub fn new(path: &str, sha256: &str) -> Marks {
        Marks { sha256: sha256.to_owned(), path: hashed(path.as_bytes()) }
    }

    /// Those that are among the attributes of an object.
    pub fn of(attributes: &Attributes) -> Option<Marks> {
        let value = |name: &'static str| {
            attributes.get(&Attribute::Metadata(name.into())).map(|it| str::to_owned(it))
        };
        let [sha256, path] = Marks::NAMES;
        Some(Marks { sha256: value(sha256)?, path: value(path)? })
    }

    pub fn attributes(&self) -> Attributes {
        let values = [self.sha256.clone(), self.path.clone()];
        let pairs = Marks::NAMES.into_iter().zip(values);
        pairs.map(|(name, value)| (Attribute::Metadata(name.into()), value)).collect()
    }

    /// Whether they were made for an object of this path below the lake.
    pub fn are_of(&self, path: &str) -> bool {
        self.path == hashed(path.as_bytes())
    }
}

/// SHA-256 in hex.
pub fn hashed(bytes: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.push(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_of_one_path_and_one_content() {
        let marks = Marks::new("customer/trusted/é.parquet", "abc");
        let read = Marks::of(&marks.attributes()).unwrap();
        assert_eq!(read, marks);
        assert!(read.are_of("customer/trusted/é.parquet") && !read.are_of("customer/trusted/e.parquet"));
        assert_eq!(Marks::of(&Attributes::new()), None);
    }
}
