//! Files as they come, and what is in them.

pub(super) mod archive;
pub(super) mod detect;
pub(super) mod duplicates;
pub(super) mod input_file;
pub(super) mod peek;
pub(super) mod reads;
mod unpack;
mod window;
mod zip_directory;
