//! Bytes to rows and rejects.
//!
//! `recognise` tells what a file is, `archive` takes off its compression,
//! `framing` finds its records, `json` reads one, `fields` converts its values.

mod archive;
mod fields;
mod framing;
mod json;
mod recognise;
mod reject;

pub use archive::{Archive, ArchiveError, ArchiveFault, InputFile};
pub use fields::{FieldFault, NULL_DOUBLE, Record};
pub use framing::{Decoded, Decoder, MAX_RECORD, Sink};
pub use json::MAX_DEPTH;
pub use recognise::{HEAD_BYTES, Recognition, recognise};
pub use reject::{KEPT, KEPT_PER_FILE, Reason, Refusal, Reject, Rejected};
