//! Bytes to rows and rejects.
//!
//! In `source`, `detect` says what a file is, and `duplicates` which ones hold the
//! same; `unpack` and `archive` take off its compression, `input_file` hands it on,
//! `peek` shows its records, and `reads` keeps what shows whether it has changed.
//! `decoder` takes the bytes in any chunks and finds the records, `skipped` gets past
//! bad ones. `fast` reads a record that looks like an earlier one, `json` any other,
//! and converts its values. A record that is no row is a `reject`; `emails` finds
//! whose it is.

mod decoded;
mod decoder;
mod emails;
mod fast;
pub(crate) mod json;
mod place;
mod reject;
mod skipped;
mod source;

pub use decoded::{Decoded, OTHER_NAMES, Span};
pub use decoder::{Decoder, MAX_RECORD, Sink};
pub use emails::Barred;
pub use fast::FastRow;
pub use json::{FieldFault, MAX_DEPTH, Record};
pub use reject::{KEPT, KEPT_PER_FILE, Reason, Refusal, Reject, Rejected, TEXT_BYTES, is_hidden};
pub use source::archive::{Archive, ArchiveError, ArchiveFault, Entry};
pub use source::detect::{Detection, HEAD_BYTES, detect, detect_file, is_plain, ranges};
pub use source::duplicates::{ContentDigest, Digest, Duplicates, Sketch};
pub use source::input_file::InputFile;
pub use source::peek::{Peek, Shown, peek};
pub use source::reads::{ReadAgain, ReadRange, Reads};
