//! The table of contents: customers, then the consent ledger, then readings,
//! then the curated tables.
//!
//! ```text
//! CustomerStage ──consent()──▶ ReadingStage ──plan_curation()──▶ CurateStage ──finish()──▶ Lake
//! CustomerReader ──rows┘ context ──▶ Reader ──counters┘   plan ──▶ RowGroupBuilder ──results┘
//! ```
//! A stage is one; readers, and the row group builders that those of readings become, are as
//! many as there are instances. What passes between them travels as bytes.

mod context;
mod curate_stage;
mod customer_reader;
mod customer_stage;
mod job_readings;
mod lake;
mod plan;
mod reader;
mod reading_stage;
mod row_group_builder;
mod run_log;
mod run_state;
mod spill;

pub use context::WorkerContext;
pub use curate_stage::CurateStage;
pub use customer_reader::CustomerReader;
pub use customer_stage::CustomerStage;
pub use job_readings::JobReadings;
pub use lake::{Lake, Output};
pub use plan::{CurationPlan, Job};
pub use reader::Reader;
pub use reading_stage::ReadingStage;
pub use row_group_builder::{JobCounts, JobResult, JobRows, RowGroupBuilder};
pub use run_log::RunLog;
pub use spill::{Slice, accelerometer_rows};
