//! Object stores: inputs that are objects, and a lake that is. The rest of the program knows no more of them than what
//! `no_store.rs` has too, which takes the place of this module where it was not asked for.

mod address;
mod bucket;
mod error;
mod lake_copy;
mod lake_prefix;
mod marks;
mod reader;
mod replacing;

pub use address::Address;
pub use bucket::Object;
pub use lake_copy::{LakeCopy, copy_of_lake};
pub use lake_prefix::open_prefix;
pub use reader::ObjectReader;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Failure, terminal};
use bucket::Bucket;

/// Which of the arguments of a command may be an address.
const TAKEN: [(&str, &[&str]); 5] = [
    ("run", &["paths", "out", "from"]),
    ("verify", &["lake"]),
    ("history", &["lake"]),
    ("report", &["lake"]),
    ("erase", &[]),
];

/// Whether an argument of a command may be an address.
pub fn takes_addresses(command: &str, argument: &str) -> bool {
    TAKEN.iter().any(|(name, arguments)| *name == command && arguments.contains(&argument))
}

/// Sees that what looks like an address is one that can be used.
pub fn check_address(path: PathBuf, scheme: &str, is_taken: bool) -> Result<PathBuf, String> {
    if !["s3", "gs", "az"].contains(&scheme) {
        return Err(format!(
            "{scheme}:// is neither read nor written; s3:// is, and untested gs:// and az://: for all else copy from \
             there into a folder"
        ));
    }
    if !is_taken {
        return Err(format!(
            "{scheme}:// is neither read nor written in this place: a path of this machine is wanted. A lake can be \
             copied into a folder first (for S3: aws s3 sync)"
        ));
    }
    let address = Address::of(&path);
    address.map(|_| path).ok_or_else(|| format!("no bucket is named: {scheme}://BUCKET/NAME is wanted"))
}

/// Buckets that are asked for inputs, each connected once.
#[derive(Default)]
pub struct Stores(Vec<Arc<Bucket>>);

impl Stores {
    /// The objects at an address, by what of their names is below it: the one that has this name, which is not below
    /// it, or those of the folder.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(&mut self, address: &Address) -> Result<BTreeMap<String, Object>, Failure> {
        let bucket = match self.0.iter().find(|bucket| bucket.is_of(address)) {
            Some(bucket) => Arc::clone(bucket),
            None => {
                let bucket = Bucket::connect(address)?;
                self.0.push(Arc::clone(&bucket));
                bucket
            }
        };
        if !address.is_folder
            && let Some(object) = bucket.object(&address.key)?
        {
            return Ok(BTreeMap::from([(String::new(), object)]));
        }
        let found = bucket.list(address)?;
        match found.is_empty() {
            true => Err(Failure::Usage(format!(
                "cannot read {}: there is no object of this name, and none below it",
                terminal::shown(&address.to_string())
            ))),
            false => Ok(found),
        }
    }
}
