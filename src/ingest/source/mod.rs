//! Files as they come, and what is in them.

pub(super) mod archive;
pub(super) mod archive_error;
pub(super) mod bucket;
pub(super) mod detect;
pub(super) mod duplicates;
mod encoding;
mod foreign;
pub(super) mod input_file;
pub(super) mod marker;
pub(super) mod packed_entry;
pub(super) mod peek;
pub(super) mod reads;
pub(super) mod seek;
mod tar;
mod unpack;
mod window;
mod zip_directory;
mod zstd;
