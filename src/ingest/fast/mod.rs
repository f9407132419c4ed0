//! Records that need no general decoder: `path` tries a `template` of an earlier
//! record, then the table's fields in `any_order`, and gives a `row`. `swar` reads
//! the numbers, `literal` compares what stands between the values.

mod any_order;
mod literal;
pub(in crate::ingest) mod path;
mod row;
mod swar;
mod template;

pub use row::FastRow;
