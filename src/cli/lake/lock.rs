//! Keeps two runs into one folder apart.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::identity::Identity;
use crate::cli::Failure;

/// A folder that no other run writes to. It ends with the program, however that ends.
pub struct Lock {
    _folder: File,
}

impl Lock {
    /// Locks a folder that is there. The lock is of the folder itself (`flock`), so it leaves no file.
    pub fn take(path: &Path) -> Result<Lock, Failure> {
        Lock::by(path, File::try_lock)
    }

    /// Keeps runs from writing to a folder that is read. Several programs can do so at a time.
    pub fn share(path: &Path) -> Result<Lock, Failure> {
        Lock::by(path, File::try_lock_shared)
    }

    fn by(path: &Path, lock: fn(&File) -> Result<(), TryLockError>) -> Result<Lock, Failure> {
        loop {
            let folder = File::open(path).map_err(|error| Failure::io("open", path, &error))?;
            match lock(&folder) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Failure::Failed(format!(
                        "another run is writing to {}, or the lake in it is being read; try again when that has ended",
                        path.display()
                    )));
                }
                Err(TryLockError::Error(error)) => return Err(Failure::io("lock", path, &error)),
            }
            // A run that failed may have removed the folder that it had made, between opening and locking.
            let locked = folder.metadata().map_err(|error| Failure::io("open", path, &error))?;
            if fs::metadata(path).is_ok_and(|now| Identity::of_file(&now) == Identity::of_file(&locked)) {
                return Ok(Lock { _folder: folder });
            }
        }
    }
}
