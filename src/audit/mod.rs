//! What is said of a finished run to those who were not there. Everything is
//! made from `report.json` alone, when the run is over and nobody waits: a
//! [`ReportFile`] is completed with hashes, [`lineage`] and [`croissant`] tell
//! it in the words of OpenLineage and Croissant, [`data_card`] in those of people, and [`compare`] holds it
//! against an earlier one.

mod compare;
mod croissant;
mod data_card;
#[cfg(test)]
pub(crate) mod difference;
mod input_changes;
mod json;
mod lineage;
mod linked;
mod quality;
mod report_file;
mod research;

pub use compare::compare;
pub use croissant::{Publication, croissant};
pub use data_card::data_card;
pub use json::{Json, quoted, steers};
pub use lineage::{Event, lineage};
pub use linked::times_undone;
pub use quality::{QUALITY_NOTE, quality_head, quality_rows};
pub use report_file::{Completion, Hashed, Hasher, InPlace, Landing, ReportFile};
