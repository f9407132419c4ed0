//! The table of contents: customers, then the consent ledger, then readings,
//! then the curated tables.
//!
//! ```text
//! CustomerStage ──consent()──▶ ReadingStage ──settle()──▶ CurateStage ──finish()──▶ Lake
//!                   brief ──▶ Reader ─tallies┘   plan ──▶ Curator ─parts┘
//! ```
//! A stage is one; readers, and the curators that they become, are as many as
//! there are instances. What passes between them travels as bytes.

mod curator;
mod journal;
mod lake;
mod plan;
mod reader;
mod spill;

pub use curator::{Counted, Curator, Done, Ready};
pub use journal::Journal;
pub use lake::{CurateStage, Lake, Output};
pub use plan::{Brief, Job, Plan};
pub use reader::Reader;
pub use spill::{Slice, accelerometer_rows};

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use reader::accelerometer_trusted;

use crate::consent::{self, Admission};
use crate::ingest::{Archive, ArchiveError, InputFile};
use crate::options::{Key, Options};
use crate::parquet::ROW_GROUP_ROWS;
use crate::report::{Findings, KeyReport, TableReport};
use crate::schema::Table;
use crate::zones::{Customer, CustomerLanding, Tallies};

/// Takes the customers.
pub struct CustomerStage {
    options: Options,
    key: Key,
    journal: Journal,
    landing: CustomerLanding,
}

impl CustomerStage {
    /// Starts a run.
    pub fn new(options: Options, key: Key) -> CustomerStage {
        CustomerStage { options, key, journal: Journal::default(), landing: CustomerLanding::default() }
    }

    /// What it writes down.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The tables so far.
    pub fn tables(&self, open: Option<&InputFile>) -> BTreeMap<Table, TableReport> {
        self.journal.landing.tables(open)
    }

    /// Takes the next bytes of a file of customers.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.landing);
    }

    /// Ends a file of so many bytes.
    pub fn close(&mut self, file: InputFile, name: String, bytes: u64) {
        let kind = file.kind();
        self.journal.decoded(name, bytes, kind, file.finish(&mut self.landing));
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
        let findings =
            Findings { consent_unreadable: self.landing.consent_unreadable, ..Findings::default() };
        let customer_rows = self.landing.rows.len() as u64;
        let barred = self.journal.landing.barred.clone();
        let admission = consent::admit(self.landing.rows, barred, &self.options);
        let mut tallies = Tallies::new(&admission.ledger);
        tallies.met = admission.met.clone();
        ReadingStage {
            brief: Brief::new(admission.ledger.clone(), &self.options, &self.key),
            options: self.options,
            key: KeyReport::new(&self.key),
            journal: self.journal,
            customer_rows,
            admission,
            tallies,
            findings,
        }
    }
}

/// Waits for the readers.
pub struct ReadingStage {
    brief: Brief,
    options: Options,
    key: KeyReport,
    journal: Journal,
    /// Of customer_landing.
    customer_rows: u64,
    admission: Admission,
    tallies: Tallies,
    findings: Findings,
}

impl ReadingStage {
    /// What it writes down; the files that readers have read come here.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// What readers need to know.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// Takes in what a reader counted.
    pub fn absorb(&mut self, tallies: Tallies) {
        self.tallies.absorb(tallies);
    }

    /// The tables so far.
    pub fn tables(&self) -> BTreeMap<Table, TableReport> {
        let mut tables = self.journal.landing.tables([]);
        let rows_out = self.admission.customers.rows().len() as u64;
        let filtered = self.admission.filtered.clone();
        tables.insert(Table::CustomerTrusted, TableReport::filtered(self.customer_rows, rows_out, filtered));
        let trusted = accelerometer_trusted(&tables, &self.tallies);
        tables.insert(Table::AccelerometerTrusted, trusted);
        tables
    }

    /// Every reading was seen: settles who is curated, and plans the rest.
    pub fn settle(self) -> CurateStage {
        self.settle_in_jobs_of(ROW_GROUP_ROWS as u64)
    }

    /// As [`ReadingStage::settle`], with jobs of at most so many rows, where no
    /// group is larger; they show in the files as row groups.
    pub fn settle_in_jobs_of(self, rows: u64) -> CurateStage {
        CurateStage::new(Plan::new(&self.brief, &self.tallies, rows), self)
    }
}
