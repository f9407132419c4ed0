//! One JSON record: `strings` finds the end of one, `tokens` reads them, `grammar`
//! makes an object of them, `values` makes a column's value of a field's.

pub(in crate::ingest) mod grammar;
pub(in crate::ingest) mod strings;
pub(crate) mod tokens;
pub(in crate::ingest) mod values;

pub use tokens::MAX_DEPTH;
pub use values::{FieldFault, Record};
