//! What stays of the versions of a lake: its history, and the evidence of erasures.

use super::erase::{ERASURE, read_evidence};
use super::history::{self, HISTORY, Made};
use crate::audit::{Json, ReportFile};
use crate::error::Error;

/// The versions of a lake up to now.
#[derive(Clone, Debug)]
pub struct Past {
    /// Of the last of them.
    pub report: ReportFile,
    /// All of them.
    pub history: Json,
    /// `erasure.json`, if people were erased from it.
    pub erasures: Option<Json>,
}

impl Past {
    /// Of a lake, by its report and the texts of its documents as far as it has them, which `read` gives by their
    /// paths.
    pub fn new(report: &ReportFile, read: impl Fn(&str) -> Option<String>) -> Past {
        let (known, lineage) = (read(HISTORY), read(history::LINEAGE));
        Past {
            report: report.clone(),
            history: history::of(report, known.as_deref(), lineage.as_deref()),
            erasures: read(ERASURE).and_then(|text| read_evidence(&text)),
        }
    }

    /// The history with a new version, as a document of the lake.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn with(&self, made: Made, new: &ReportFile, time: &str) -> Result<(String, String), Error> {
        let history = history::next(&self.history, made, &self.report, new, time)?;
        Ok((HISTORY.to_owned(), history.pretty()))
    }

    /// How many entries of lists were erased from it: it does not know whose they were, so that they can come again.
    pub fn erased(&self) -> u64 {
        let erasures = self.erasures.iter().flat_map(|evidence| evidence.get("erasures").items());
        erasures.map(|erasure| erasure.count_of("matched")).sum()
    }

    /// What a lake that goes on from this one has beside the documents of each lake.
    ///
    /// # Errors
    /// As [`Past::with`].
    pub fn gone_on(&self, new: &ReportFile, time: &str) -> Result<Vec<(String, String)>, Error> {
        let evidence = self.erasures.iter().map(|erasures| (ERASURE.to_owned(), erasures.pretty()));
        Ok(evidence.chain([self.with(Made::GoneOn, new, time)?]).collect())
    }
}
