//! What a run knows once the customers are read.

use std::collections::BTreeMap;

use super::context::WorkerContext;
use super::run_log::RunLog;
use crate::consent::{self, ConsentResult, RejectEffects};
use crate::lake::Earlier;
use crate::options::{ConsentTime, Key, Options};
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
    /// The lake that the run goes on from.
    pub(super) earlier: Option<Earlier>,
    /// Entries of the lists by which people were left out before, where the run erases people from a lake.
    pub(super) withdrawn_before: usize,
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

    /// Bars the people of rejected records that came to light among the readings. Gives what
    /// these records change.
    pub(super) fn bar(&mut self) -> RejectEffects {
        let rejects = consent::bar(&mut self.consent, self.log.landing.barred.clone(), &self.options);
        rejects.barred.iter().for_each(|&email| self.counters.bar(email));
        rejects
    }

    /// What would be known under other options, if these narrow the run's own.
    pub(super) fn narrowed(&self, options: Options, key: &Key) -> Option<RunState> {
        // Records whose dates count under the one and not under the other decide on `latest`.
        let dates = self.options.consent == ConsentTime::Ever && options.consent != ConsentTime::Ever;
        if !options.narrows(&self.options) || dates && self.consent.early_dates > 0 {
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
            earlier: self.earlier.clone(),
            withdrawn_before: self.withdrawn_before,
        })
    }
}
