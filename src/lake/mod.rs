//! A lake that was written before: read again, held against its report, searched for a person.
//!
//! Nothing here trusts a file: what comes from a lake is admitted anew by [`crate::consent`].

mod checks;
mod columns;
mod contents;
mod earlier;
pub mod erase;
mod erasing;
mod evidence_erased;
mod evidence_html;
pub mod evidence_page;
mod evidence_words;
pub mod history;
mod kept_rows;
mod logs;
mod past;
mod person;
mod piece;
mod reference;
mod rows;
mod search;
mod split_table;
mod table_file;
mod verification;
pub mod views;

pub use checks::{Check, Difference, TableCheck};
pub use contents::{Contents, is_hidden, is_in_table, is_landing};
pub use earlier::Earlier;
pub use erasing::{Erasing, ErasingRun, has_all_tables, key_fate};
pub use kept_rows::keeps_rows;
pub use past::Past;
pub use person::{Found, PersonSearch, one_entry};
pub use piece::Piece;
pub use rows::{LakePair, LakeReading, LakeStep, customers, pairs, readings, steps};
pub use search::{Searched, Wanted};
pub use split_table::{SplitTable, TableSplitter};
pub use table_file::{TableFile, footer_bytes};
pub use verification::{Place, Verification, Verified, check_file};
