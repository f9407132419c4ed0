//! The SQL console's engine: runs SQL over the tables of a lake.
//!
//! [`landing`] takes landing rows as columns from the core's own decoder;
//! [`statement`] says what a statement may do and what it reads, [`athena`] puts Athena's words
//! into the engine's; [`lake`] holds
//! tables and runs statements; [`answer`] is what comes of one. [`fault`] says
//! what is wrong, and where. Unlike the core, it may read the clock and draw
//! random numbers: `now()` and `random()` do.

pub mod answer;
mod athena;
pub mod fault;
pub mod lake;
pub mod landing;
pub mod statement;
#[cfg(target_arch = "wasm32")]
mod wasm;
