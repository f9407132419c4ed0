//! The first stage of a run.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use super::context::WorkerContext;
use super::customer_reader::CustomerReader;
use super::reading_stage::ReadingStage;
use super::run_log::RunLog;
use super::run_state::RunState;
use crate::consent;
use crate::error::Error;
use crate::lake::{self, Earlier};
use crate::options::{Key, Options};
use crate::report::{KeyReport, TableReport, WarningInputs};
use crate::schema::Table;
use crate::zones::{Counters, CustomerLanding};

/// Takes the customers.
pub struct CustomerStage {
    options: Options,
    key: Key,
    log: RunLog,
    reader: CustomerReader,
    landing: CustomerLanding,
    earlier: Option<Earlier>,
    withdrawn_before: usize,
}

impl CustomerStage {
    /// Starts a run.
    ///
    /// # Errors
    /// For options that do not go together: see [`Options::check`].
    pub fn new(options: Options, key: Key) -> Result<CustomerStage, Error> {
        options.check()?;
        Ok(CustomerStage {
            options,
            key,
            log: RunLog::default(),
            reader: CustomerReader::default(),
            landing: CustomerLanding::default(),
            earlier: None,
            withdrawn_before: 0,
        })
    }

    /// Makes it a run that erases people from a lake which left out so many withdrawals before.
    pub fn erase_after(&mut self, withdrawals: usize) {
        self.withdrawn_before = withdrawals;
    }

    /// Takes rows of the customer_trusted of a lake that people are erased from.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn lake_rows(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        self.reader.landing.rows.extend(lake::customers(batch)?);
        Ok(())
    }

    /// Makes it a run that goes on from a lake, whose readings readers take too: see
    /// [`crate::pipeline::Reader::lake_rows`].
    pub fn go_on_from(&mut self, earlier: Earlier) {
        self.earlier = Some(earlier);
    }

    /// What was chosen.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What the run has read.
    pub fn log(&mut self) -> &mut RunLog {
        &mut self.log
    }

    /// What reads files of customers for this stage here: the others' rows come by [`CustomerStage::merge`].
    pub fn reader(&mut self) -> &mut CustomerReader {
        &mut self.reader
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        self.log.landing.tables([])
    }

    /// Takes in what a reader has read.
    pub fn merge(&mut self, landing: CustomerLanding) {
        self.landing.merge(landing);
    }

    /// Makes the consent ledger.
    pub fn consent(mut self) -> ReadingStage {
        self.landing.merge(self.reader.take(&self.options));
        let warning_inputs = WarningInputs {
            consent_unreadable: self.landing.consent_unreadable,
            consent_conflict: self.landing.consent_conflict,
            consent_field: self.landing.consent_field,
            ..WarningInputs::default()
        };
        let customer_rows = self.landing.rows.len() as u64;
        let barred = self.log.landing.barred.clone();
        let consent = consent::admit(self.landing.rows, barred, &self.options);
        let mut counters = Counters::new(&consent.ledger);
        counters.matched_withdrawals = consent.matched_withdrawals.clone();
        ReadingStage::new(RunState {
            context: WorkerContext::new(consent.ledger.clone(), &self.options, &self.key),
            options: self.options,
            key: KeyReport::new(&self.key),
            log: self.log,
            customer_rows,
            consent,
            counters,
            warning_inputs,
            earlier: self.earlier,
            withdrawn_before: self.withdrawn_before,
        })
    }
}
