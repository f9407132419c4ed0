//! Landing files for a host that reads them in many places, as the job on Spark does. Where the bytes of a file are,
//! `scan` says what it holds, and `splits` does so for a part of one that is too large for that; `ledger` puts together
//! what was said of all files, as a run does: which are used, their rejects, and what a report says of them. Then
//! `rows` takes the rows of those that are used.

mod ledger;
mod rows;
mod scan;
mod splits;

pub use ledger::{LandingLedger, Used};
pub use rows::{FileInMemory, read_split};
pub use scan::{Scanned, scan, skipped};
pub use splits::{ScannedSplit, join_splits, lines_table, scan_split};
