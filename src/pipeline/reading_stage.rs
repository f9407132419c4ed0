//! The second stage of a run.

use std::collections::BTreeMap;

use super::context::WorkerContext;
use super::curate_stage::CurateStage;
use super::plan::CurationPlan;
use super::run_log::RunLog;
use super::run_state::RunState;
use crate::error::Error;
use crate::options::{Key, Options};
use crate::parquet::ROW_GROUP_ROWS;
use crate::report::TableReport;
use crate::schema::Table;
use crate::zones::Counters;

/// Waits for the readers.
pub struct ReadingStage(RunState);

impl ReadingStage {
    pub(super) fn new(state: RunState) -> ReadingStage {
        ReadingStage(state)
    }

    /// Starts again under other options, whose readings all are among those that the
    /// row group builders of a finished run hold: see
    /// [`crate::pipeline::RowGroupBuilder::narrowed`]. `None` if they may not be.
    ///
    /// # Errors
    /// For options that do not go together: see [`Options::check`].
    pub fn narrowed(
        finished: &CurateStage,
        options: Options,
        key: &Key,
    ) -> Result<Option<ReadingStage>, Error> {
        options.check()?;
        Ok(finished.state().narrowed(options, key).map(ReadingStage))
    }

    /// What the run has read; the files that readers have read come here.
    pub fn log(&mut self) -> &mut RunLog {
        &mut self.0.log
    }

    /// What readers need to know.
    pub fn context(&self) -> &WorkerContext {
        &self.0.context
    }

    /// Takes in what a reader counted.
    pub fn merge(&mut self, counters: Counters) {
        self.0.counters.merge(counters);
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.0.tables()
    }

    /// The entries of the list of withdrawals that nothing has matched so far, by position in the options.
    pub fn unmatched(&self) -> Vec<usize> {
        self.0.context.ledger.unmatched(&self.0.counters.matched_withdrawals)
    }

    /// Every reading was seen: decides who is curated, and plans the rest.
    pub fn plan_curation(self) -> CurateStage {
        self.plan_curation_in_jobs_of(ROW_GROUP_ROWS as u64)
    }

    /// As [`ReadingStage::plan_curation`], with jobs of at most so many rows, where no
    /// group is larger; they show in the files as row groups.
    pub fn plan_curation_in_jobs_of(mut self, rows: u64) -> CurateStage {
        let rejects = self.0.bar();
        CurateStage::new(CurationPlan::new(&self.0.context, &self.0.counters, rejects, rows), self.0)
    }
}
