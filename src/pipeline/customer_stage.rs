//! The first stage of a run.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::context::WorkerContext;
use super::reading_stage::ReadingStage;
use super::run_log::RunLog;
use super::run_state::RunState;
use crate::consent;
use crate::ingest::{Archive, ArchiveError, InputFile};
use crate::options::{Key, Options};
use crate::report::{KeyReport, TableReport, WarningInputs};
use crate::rows::Customer;
use crate::schema::Table;
use crate::zones::{Counters, CustomerLanding};

/// Takes the customers.
pub struct CustomerStage {
    options: Options,
    key: Key,
    log: RunLog,
    landing: CustomerLanding,
}

impl CustomerStage {
    /// Starts a run.
    pub fn new(options: Options, key: Key) -> CustomerStage {
        CustomerStage { options, key, log: RunLog::default(), landing: CustomerLanding::default() }
    }

    /// What the run has read.
    pub fn log(&mut self) -> &mut RunLog {
        &mut self.log
    }

    /// The tables so far.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        self.log.landing.tables(open)
    }

    /// Takes the next bytes of a file of customers.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.landing);
    }

    /// Ends a file of so many bytes.
    pub fn close(&mut self, file: InputFile, name: String, bytes: u64) {
        let kind = file.kind();
        self.log.decoded(name, bytes, kind, file.finish(&mut self.landing));
    }

    /// Takes a whole entry of a zip.
    ///
    /// # Errors
    /// What keeps the entry from being opened; nothing of it was taken then.
    pub fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        archive.decode(entry, file, &mut self.landing)
    }

    /// Makes the consent ledger.
    pub fn consent(mut self) -> ReadingStage {
        self.landing.rows.sort_by(Customer::order);
        let warning_inputs =
            WarningInputs { consent_unreadable: self.landing.consent_unreadable, ..WarningInputs::default() };
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
        })
    }
}
