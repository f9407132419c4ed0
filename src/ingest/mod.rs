//! Bytes to rows and rejects.
//!
//! In `source`, `detect` says what a file is, `foreign` what else it may be; `marker` and
//! `bucket` tell by names which files are none of the export, and `duplicates` which ones
//! hold the same. `unpack` and `archive` take off its compression, `encoding` makes UTF-8
//! of it, `input_file` hands it on, `peek` shows its records, and `reads` keeps what shows whether it has changed;
//! `seek` is for what is read at random.
//! `decoder` takes the bytes in any chunks and finds the records, `skipped` gets past
//! bad ones, `wrapper` past what records are wrapped in, where `nested` says
//! what else may be one. `fast` reads a record that looks like an earlier one, `json` any
//! other, `fields` by the columns that its fields name.
//! A record that is a row goes to a `sink`; one that is none is a `reject`, and `emails`
//! finds whose it is, by `named_texts`.

mod decoded;
mod decoder;
mod emails;
mod fast;
mod fields;
pub(crate) mod json;
mod named_texts;
mod nested;
mod place;
mod reject;
mod sink;
mod skipped;
mod source;
mod wrapper;

pub use decoded::{Decoded, OTHER_NAMES, Span};
pub use decoder::{Decoder, MAX_RECORD};
pub use emails::Barred;
pub use fast::FastRow;
pub use json::{FieldFault, MAX_DEPTH, Record};
pub(crate) use reject::keep_samples;
pub use reject::{KEPT, KEPT_PER_FILE, Loss, Reason, Refusal, Reject, Rejected, TEXT_BYTES};
pub use sink::Sink;
pub use source::archive::{Archive, Entry};
pub use source::archive_error::{ArchiveError, ArchiveFault};
pub use source::bucket::Zone;
pub use source::detect::{Detection, HEAD_BYTES, detect, detect_file, hides_text, is_plain, ranges};
pub use source::duplicates::{ContentDigest, Digest, Duplicates, Sketch};
pub use source::input_file::InputFile;
pub use source::marker::{Skip, skip};
pub use source::packed_entry::PackedEntry;
pub use source::peek::{DateFault, Peek, Shown, peek};
pub use source::reads::{ReadAgain, ReadRange, Reads};
pub use source::seek::seek_position;
