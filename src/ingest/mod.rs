//! Bytes to rows and rejects.
//!
//! `recognise` tells what a file is, and `duplicates` which ones hold the same;
//! `unpack` and `archive` take off its compression, `input_file` hands it on;
//! `decoder` takes its bytes in any chunks, `framing` finds its records, `skip`
//! gets past bad ones; `shape` (by `plain`) reads a record that looks like an
//! earlier one and `json` any other, from the tokens of `scan`; `fields` converts
//! its values. `emails` finds whose the rejects are, `peek` shows records, and
//! `reads` keeps what tells whether a file has changed.

mod archive;
mod decoded;
mod decoder;
mod duplicates;
mod emails;
mod fields;
mod framing;
mod input_file;
mod json;
mod literal;
mod loose;
mod peek;
mod plain;
mod reads;
mod recognise;
mod reject;
pub(crate) mod scan;
mod shape;
mod skip;
mod unpack;
mod window;

pub use archive::{Archive, ArchiveError, ArchiveFault, Entry};
pub use decoded::{Decoded, OTHER_NAMES, Span};
pub use decoder::{Decoder, MAX_RECORD, Sink};
pub use duplicates::{ContentDigest, Digest, Duplicates, Sketch};
pub use emails::Barred;
pub use fields::{FieldFault, NULL_DOUBLE, Record};
pub use input_file::InputFile;
pub use json::MAX_DEPTH;
pub use peek::{Peek, Shown, peek};
pub use reads::{ReadAgain, ReadRange, Reads};
pub use recognise::{HEAD_BYTES, Recognition, is_plain, ranges, recognise};
pub use reject::{KEPT, KEPT_PER_FILE, Reason, Refusal, Reject, Rejected};
pub use shape::FastRow;
