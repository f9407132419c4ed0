//! Addresses of what lies in an object store, in the place of a path.

use std::fmt;
use std::path::{Path, PathBuf};

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    S3,
    /// Google Cloud Storage.
    Gs,
    /// Azure Blob Storage.
    Az,
}

impl Scheme {
    const ALL: [Scheme; 3] = [Scheme::S3, Scheme::Gs, Scheme::Az];

    pub fn name(self) -> &'static str {
        match self {
            Scheme::S3 => "s3",
            Scheme::Gs => "gs",
            Scheme::Az => "az",
        }
    }

    /// Whether tests read from such a store and write to one.
    pub fn is_tested(self) -> bool {
        self == Scheme::S3
    }
}

/// A bucket, which Azure calls a container, and the name of an object in it, or what the names of objects begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub scheme: Scheme,
    pub bucket: String,
    /// Without slashes at its ends; empty for all of the bucket.
    pub key: String,
    /// Whether it ended with a slash, so that it names no object.
    pub is_folder: bool,
}

impl Address {
    /// The address that stands in the place of a path; none if a path does.
    pub fn of(path: &Path) -> Option<Address> {
        let text = path.to_str()?;
        let (scheme, rest) = text.split_once("://")?;
        let scheme = Scheme::ALL.into_iter().find(|known| known.name() == scheme)?;
        // Where paths are joined by backslashes.
        let rest = if cfg!(windows) { rest.replace('\\', "/") } else { rest.to_owned() };
        let (bucket, key) = rest.split_once('/').unwrap_or((&rest, ""));
        let is_folder = key.is_empty() || key.ends_with('/');
        let key = key.trim_matches('/').to_owned();
        (!bucket.is_empty()).then(|| Address { scheme, bucket: bucket.to_owned(), key, is_folder })
    }

    /// The address of an object of the same bucket.
    pub fn with_key(&self, key: &str) -> Address {
        Address { key: key.to_owned(), is_folder: false, ..self.clone() }
    }

    /// The address of an object below this one.
    pub fn join(&self, path: &str) -> Address {
        match self.key.as_str() {
            "" => self.with_key(path),
            key => self.with_key(&format!("{key}/{path}")),
        }
    }

    /// The part of an object's name that is below this address; none if it is not below.
    pub fn below<'a>(&self, key: &'a str) -> Option<&'a str> {
        match self.key.as_str() {
            "" => Some(key),
            prefix => key.strip_prefix(prefix)?.strip_prefix('/'),
        }
    }

    /// Whether another address is below this one.
    pub fn holds(&self, other: &Address) -> bool {
        let is_there = self.scheme == other.scheme && self.bucket == other.bucket;
        is_there && self.below(&other.key).is_some_and(|below| !below.is_empty())
    }

    /// As it stands in the place of a path.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(self.to_string())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Address { scheme, bucket, key, .. } = self;
        let slash = if key.is_empty() { "" } else { "/" };
        write!(f, "{}://{bucket}{slash}{key}", scheme.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_bucket_and_what_names_begin_with() {
        let of = |text: &str| Address::of(Path::new(text));
        let parts = |text| of(text).map(|address| (address.bucket, address.key, address.is_folder));
        let some = |bucket: &str, key: &str, is_folder| Some((bucket.to_owned(), key.to_owned(), is_folder));
        assert_eq!(parts("s3://b/a/c.json"), some("b", "a/c.json", false));
        assert_eq!(parts("gs://b/a/"), some("b", "a", true));
        assert_eq!(parts("az://b"), some("b", "", true));
        assert_eq!(parts("s3:///a"), None);
        assert_eq!(parts("./s3://b/a"), None);
        assert_eq!(parts("ftp://b/a"), None);
        let lake = of("s3://b/lake/").unwrap();
        assert_eq!(lake.to_string(), "s3://b/lake");
        assert_eq!(lake.join("report.json").to_string(), "s3://b/lake/report.json");
        assert_eq!(of("s3://b").unwrap().join("x").to_string(), "s3://b/x");
        assert_eq!(lake.below("lake/a/b"), Some("a/b"));
        assert_eq!(lake.below("lake2/a"), None);
        assert_eq!(lake.below("lake"), None);
        let bucket = of("s3://b").unwrap();
        assert!(bucket.holds(&lake) && !lake.holds(&lake) && !bucket.holds(&bucket));
        assert!(!of("gs://b").unwrap().holds(&lake) && !of("s3://c").unwrap().holds(&lake));
    }
}
