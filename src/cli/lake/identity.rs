//! Which names are the same file.

use std::fs::Metadata;
use std::path::{Component, Path, PathBuf};

use crate::cli::store::Address;

/// A file or folder, whatever name leads to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// Device and inode of one that is there.
    Inode(u64, u64),
    /// The resolved path of one that is not, or of a system without inodes.
    Path(PathBuf),
    /// The address of an object.
    Address(String),
}

impl Identity {
    /// Of what a path leads to.
    pub fn of(path: &Path) -> Identity {
        if let Some(address) = Address::of(path) {
            return Identity::Address(address.to_string());
        }
        let inode = path.metadata().ok().and_then(|metadata| Identity::of_file(&metadata));
        inode.unwrap_or_else(|| Identity::Path(resolved(path)))
    }

    /// Whether both are known to lie on different file systems, between which nothing can be moved.
    pub fn is_apart(&self, other: &Identity) -> bool {
        matches!((self, other), (Identity::Inode(one, _), Identity::Inode(other, _)) if one != other)
    }

    /// Of an open file; none on a system without inodes.
    #[cfg(unix)]
    pub fn of_file(metadata: &Metadata) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Identity::Inode(metadata.dev(), metadata.ino()))
    }

    /// Of an open file; none on a system without inodes.
    #[cfg(not(unix))]
    pub fn of_file(_: &Metadata) -> Option<Identity> {
        None
    }
}

/// The path without links and dots, as far as it exists.
pub fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(above), Some(Component::Normal(name))) if above != Path::new("") => resolved(above).join(name),
        (Some(_), Some(Component::Normal(name))) => resolved(Path::new(".")).join(name),
        (Some(above), Some(Component::ParentDir)) => {
            resolved(above).parent().map(Path::to_owned).unwrap_or_default()
        }
        _ => path.to_owned(),
    }
}
