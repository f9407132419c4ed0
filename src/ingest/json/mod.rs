//! One JSON record: `strings` finds the end of one, `tokens` reads them, `grammar`
//! makes an object of them, `typed` opens values that stand in an object with their
//! type, `values` makes a column's value of a field's, `dates` a time of a date.

mod dates;
pub(in crate::ingest) mod grammar;
pub(in crate::ingest) mod strings;
pub(crate) mod tokens;
pub(in crate::ingest) mod typed;
pub(in crate::ingest) mod values;

pub use tokens::MAX_DEPTH;
pub use values::{FieldFault, Record};
