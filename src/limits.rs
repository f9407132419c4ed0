//! What the page allows itself: memory, and how often it says how far it is. They are
//! said here once; its scripts have them as `LIMITS`, made by `bindings`.

use crate::rows::{Reading, StepReading};

/// Bytes of readings that all workers of a run hold together; what is more goes to the
/// browser's own storage.
pub const READINGS_BYTES: u64 = 512 << 20;

/// Bytes of readings that one job may need: they, its rows and its pages have to fit
/// into the 4 GB of one instance.
pub const JOB_BYTES: u64 = 800 << 20;

/// Bytes of readings that are read at a time when a job looks among many for those that may be paired with its own:
/// whole rows of either sensor.
pub const PARTNER_BYTES: u64 = (Reading::BYTES * StepReading::BYTES) as u64 * (1 << 14);

/// Bytes of readings that a worker gathers for several jobs, so that all of these look through the same bytes at once.
pub const GATHERED_BYTES: u64 = 64 << 20;

/// Bytes that the rows of the SQL console's tables may take, and a statement as many
/// again: an instance has 4 GB.
pub const CONSOLE_BYTES: u64 = 1536 << 20;

/// Bytes of a list of withdrawals, which a million people need; anything larger is a mistake.
pub const LIST_BYTES: u64 = 64 << 20;

/// Milliseconds between two messages in which a worker says how much it has read.
pub const PROGRESS_MS: u64 = 100;
