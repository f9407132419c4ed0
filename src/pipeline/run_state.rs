//! What a run knows once the customers are read.

use std::collections::BTreeMap;

use super::context::WorkerContext;
use super::run_log::RunLog;
use crate::consent::{self, ConsentResult};
use crate::options::{Key, Options};
use crate::report::{KeyReport, TableReport, WarningInputs};
use crate::schema::Table;
use crate::zones::Counters;

/// What passes from stage to stage.
pub(super) struct RunState {
    pub(super) context: WorkerContext,
    pub(super) options: Options,
    pub(super) key: KeyReport,
    pub(super) log: RunLog,
    /// Of customer_landing.
    pub(super) customer_rows: u64,
    pub(super) consent: ConsentResult,
    pub(super) counters: Counters,
    pub(super) warning_inputs: WarningInputs,
}

impl RunState {
    /// The tables so far.
    pub(super) fn tables(&self) -> BTreeMap<Table, TableReport> {
        let mut tables = self.log.landing.tables([]);
        let rows_out = self.consent.customers.rows().len() as u64;
        let filtered = self.consent.filtered.clone();
        tables.insert(Table::CustomerTrusted, TableReport::filtered(self.customer_rows, rows_out, filtered));
        let trusted = self.counters.accelerometer_trusted(&tables);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// What would be known under other options, if these narrow the run's own.
    pub(super) fn narrowed(&self, options: Options, key: &Key) -> Option<RunState> {
        if !options.narrows(&self.options) {
            return None;
        }
        let consent = consent::narrow(&self.consent, &options);
        Some(RunState {
            context: WorkerContext::new(consent.ledger.clone(), &options, key),
            options,
            key: KeyReport::new(key),
            log: self.log.clone(),
            customer_rows: self.customer_rows,
            counters: self.counters.narrowed(&self.context.ledger, &consent.ledger),
            consent,
            warning_inputs: self.warning_inputs.clone(),
        })
    }
}
