//! What instances send each other, as bytes (postcard). Both ends are of one build,
//! so the encoding has no version. Readings are many, and travel as plain rows
//! instead: see [`crate::consent::Readings`].

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};

/// What one instance sends to another.
pub trait Message: Serialize + DeserializeOwned {
    /// What it is called in errors.
    const NAME: &'static str;

    /// As bytes for another instance.
    ///
    /// # Errors
    /// `Exchange` when it cannot be written.
    fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|cause| unreadable(Self::NAME, Some(cause)))
    }

    /// From [`Message::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        postcard::from_bytes(bytes).map_err(|cause| unreadable(Self::NAME, Some(cause)))
    }
}

/// The error of bytes that are not what they should be.
pub(crate) fn unreadable(expected: &'static str, cause: Option<postcard::Error>) -> Error {
    ErrorKind::Exchange { expected, cause }.into()
}
