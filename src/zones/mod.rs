//! How the rows of the three zones come about: `landing` takes decoded records,
//! `trusted` decides what depends on more than one table, `curated` pairs readings
//! (`needs` says whose).
//! `released_times` replaces the times of pairs, and `columns` turns rows into columns;
//! `record_batch_builder` does so with landing records, for hosts that give these.

mod columns;
mod counters;
mod curated;
mod landing;
mod needs;
mod record_batch_builder;
mod released_times;
mod trusted;

pub use columns::{Column, Columns};
pub use counters::Counters;
pub use curated::{MOST_PAIRS, Making, Paired, Pairing, Subjects, curate, pseudonym};
pub use landing::{CustomerLanding, ReadingCollector, ReadingSink};
pub use needs::{Needs, Wanted, sorted};
pub use record_batch_builder::RecordBatchBuilder;
pub use released_times::{ReleasedTimes, time_offset};
pub use trusted::CuratedOwners;
