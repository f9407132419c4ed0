//! Turns STEDI JSON exports into consent-filtered, identity-safe, curated
//! Parquet. It does no IO and reads no clock and no randomness: bytes come in,
//! bytes and reports go out.
//!
//! Reading order is data order: [`ingest`] → [`consent`] → [`zones`] →
//! [`joins`] → [`parquet`]; [`pipeline`] is the table of contents. [`audit`] says
//! of a finished run what others need to know, [`export`] lays its files out, and
//! [`lake`] reads a lake that was written before.
//!
//! Two hosts do the IO: `cli` for the program and for other languages, `wasm` for the page. The core
//! names neither.

// The command line speaks of the core as any other crate would.
#[cfg(not(target_arch = "wasm32"))]
extern crate self as stedi_lakehouse;

pub mod audit;
#[cfg(test)]
mod bindings;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod consent;
#[cfg(any(test, target_arch = "wasm32"))]
mod crossings;
mod error;
pub mod export;
pub mod ingest;
pub mod joins;
pub mod lake;
pub mod limits;
pub mod names;
pub mod options;
pub mod parquet;
pub mod pipeline;
pub mod report;
pub mod rows;
pub mod sample;
pub mod schema;
pub mod spelling;
pub mod splits;
pub mod tally;
pub mod views;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod wire;
pub mod withdrawals;
pub mod zones;

pub use error::{Error, ErrorKind};
