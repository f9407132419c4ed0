//! What is said of a finished run to those who were not there. Everything is
//! made from the [`Report`](crate::report::Report) alone, when the run is over
//! and nobody waits: [`complete`] adds hashes to it, [`lineage`] and
//! [`croissant`] tell it in the words of OpenLineage and Croissant, and
//! [`compare`] holds it against an earlier one.

mod compare;
mod complete;
mod croissant;
mod lineage;

pub use compare::{
    Cause, Changed, Difference, InputChanges, InputFile, Note, TableChange, compare, difference,
};
pub use complete::{Completion, Hashed, HashedOutput, Hasher, complete};
pub use croissant::{Publication, croissant};
pub use lineage::{Event, lineage};
