//! What is said of a finished run to those who were not there. Everything is
//! made from `report.json` alone, when the run is over and nobody waits: a
//! [`ReportFile`] is completed with hashes, [`lineage`] and [`croissant`] tell
//! it in the words of OpenLineage and Croissant, [`data_card`] in those of people, [`contract`] and [`rulesets`] say
//! what its tables promise, and [`compare`] holds it against an earlier one.

mod compare;
mod contract;
mod croissant;
mod croissant_files;
mod data_card;
#[cfg(test)]
pub(crate) mod difference;
mod hashed;
mod input_changes;
mod json;
mod lineage;
mod linked;
mod outputs;
mod promises;
mod quality;
mod report_file;
mod research;
mod table_changes;
mod table_format;
mod yaml;

pub use compare::compare;
pub use contract::{contract, ruleset_path, rulesets};
pub use croissant::{Publication, croissant};
pub(crate) use croissant_files::checksum;
pub use data_card::data_card;
pub use hashed::{Hashed, Hasher};
pub use json::{Json, quoted, steers};
pub use lineage::{Event, lineage};
pub use linked::times_undone;
pub use quality::{QUALITY_NOTE, quality_head, quality_rows};
pub use report_file::{Completion, InPlace, Landing, ReportFile};
