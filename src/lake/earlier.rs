//! The lake that a run goes on from: who was in it, and what it was made of.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::rows::customers;
use crate::audit::{Json, ReportFile};
use crate::consent::ConsentLedger;
use crate::error::{Error, ErrorKind};
use crate::options::{Choice, Duplicates, Emails, Identity, Key, Options};
use crate::report::{EarlierFile, FromReport, KeyReport, NewlyAdmitted};
use crate::schema::{Landing, Table};

/// A lake that stands in for the readings that it was made of.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Which readings it left out for being earlier than the consent.
    accelerometer_cut: bool,
    steps_cut: bool,
    shared_dropped: bool,
    /// Of the key of its pseudonyms, if it has any.
    key_check: Option<String>,
    report_sha256: String,
    files: Vec<EarlierFile>,
    /// SHA-256 of what it was made of: files, and zips.
    hashes: BTreeSet<String>,
    /// Emails of customer_trusted and serial numbers of customer_curated, each with its
    /// earliest consent date.
    emails: BTreeMap<String, i64>,
    serials: BTreeMap<String, i64>,
}

impl Earlier {
    /// From the report of the lake, and that report's SHA-256.
    ///
    /// # Errors
    /// `CannotGoOn` if the lake lacks a table, or was made under options under which it left out
    /// what these options need.
    pub fn new(report: &ReportFile, report_sha256: String, options: &Options) -> Result<Earlier, Error> {
        let refuse = |problem: &str| Err(ErrorKind::CannotGoOn { problem: problem.to_owned() }.into());
        let outputs = report.json().get("outputs").items();
        if Table::WRITTEN
            .iter()
            .any(|table| !outputs.iter().any(|file| file.text_of("table") == table.name()))
        {
            return refuse("it lacks tables; a research export names no one, so nobody can be admitted anew");
        }
        // By name, for these options are in some reports only.
        match (report.option(Emails::NAME), options.emails) {
            ("folded", Emails::Exact) => {
                return refuse(
                    "its emails are folded, so how they were written is not known: use emails = folded",
                );
            }
            // Whose emails differed by case or blanks was not admitted, and nothing was kept of them.
            ("exact", Emails::Folded) => {
                return refuse(
                    "its emails were compared as they are written: use emails = exact, or run over all files",
                );
            }
            _ => {}
        }
        if let ("drop", Duplicates::Keep) = (report.option(Duplicates::NAME), options.duplicates) {
            return refuse("its duplicates were dropped, so they are not known: use duplicates = drop");
        }
        let consent = report.option("consent");
        Ok(Earlier {
            accelerometer_cut: consent != "ever",
            steps_cut: consent == "as-of",
            shared_dropped: report.option("shared_serials") == "drop",
            key_check: (report.option("identity") == "pseudonym")
                .then(|| report.option("key_check").to_owned()),
            report_sha256,
            files: files(report.json()),
            hashes: hashes(report.json()),
            emails: BTreeMap::new(),
            serials: BTreeMap::new(),
        })
    }

    /// Takes in rows of its customer_trusted or customer_curated.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn customers(&mut self, table: Table, batch: &RecordBatch) -> Result<(), Error> {
        for customer in customers(batch)? {
            let since = customer.consent_date().unwrap_or(i64::MAX);
            let (names, name) = match table {
                Table::CustomerTrusted => (&mut self.emails, customer.email()),
                _ => (&mut self.serials, customer.serial()),
            };
            let known = names.entry(name.to_owned()).or_insert(since);
            *known = since.min(*known);
        }
        Ok(())
    }

    /// Whether the lake was made of a file, or of a zip, of this SHA-256.
    pub fn has_read(&self, sha256: &str) -> bool {
        self.hashes.contains(sha256)
    }

    /// The check value of the lake's key, if a run under this key would give people other pseudonyms.
    pub fn other_key(&self, identity: Identity, key: &Key) -> Option<&str> {
        let is = KeyReport::new(key).check().to_string();
        self.key_check.as_deref().filter(|was| identity == Identity::Pseudonym && *was != is)
    }

    /// What a run's report says of this lake: how many of its people and devices this lake did not
    /// admit, or not all of whose readings. `curated` gives the earliest date of each serial number that
    /// is curated now and whose readings are kept, `kept` those of which the lake has readings.
    pub fn report(
        &self,
        ledger: &ConsentLedger,
        curated: &[Option<i64>],
        kept: &BTreeSet<u32>,
        left_out: u64,
    ) -> FromReport {
        let mut newly = NewlyAdmitted::default();
        let (mut early_people, mut early_devices) = (0, 0);
        for (email, at) in ledger.emails().iter().zip(0..) {
            match self.emails.get(email) {
                None => newly.people += 1,
                Some(&was) if self.accelerometer_cut && ledger.email_since(at) < was => early_people += 1,
                Some(_) => {}
            }
        }
        for ((serial, at), since) in ledger.serials().iter().zip(0_u32..).zip(curated) {
            let &Some(since) = since else { continue };
            let since = if ledger.is_as_of() { since } else { i64::MIN };
            match self.serials.get(serial) {
                None => newly.devices += 1,
                Some(_) if self.shared_dropped && !kept.contains(&at) => newly.devices += 1,
                Some(&was) if self.steps_cut && since < was => early_devices += 1,
                Some(_) => {}
            }
        }
        newly.earlier_dates = early_people + early_devices;
        let more = |kind: Landing| match kind {
            Landing::StepTrainer => newly.people + newly.devices + early_devices > 0,
            Landing::Customer | Landing::Accelerometer => newly.people + early_people > 0,
        };
        let mut files = self.files.clone();
        files.iter_mut().for_each(|file| file.may_hold_more |= more(file.table));
        FromReport { report_sha256: self.report_sha256.clone(), left_out, newly_admitted: newly, files }
    }
}

/// The files of readings that a lake was made of, by itself and by the lakes that it went on from.
fn files(report: &Json) -> Vec<EarlierFile> {
    let kind = |name: &str| {
        let kinds = [Landing::Accelerometer, Landing::StepTrainer];
        kinds.into_iter().find(|kind| kind.table().name() == name)
    };
    let inputs = report.get("inputs").items();
    let archives = report.get("archives").items();
    let own = inputs.iter().filter_map(|input| {
        // What is the same as another input holds what that one holds.
        let original = match input.get("of").text() {
            Some(of) => inputs.iter().find(|other| other.text_of("name") == of)?,
            None => input,
        };
        let archive = archives.iter().find(|zip| Some(zip.text_of("name")) == input.get("archive").text());
        Some(EarlierFile {
            name: input.text_of("name").to_owned(),
            table: kind(original.text_of("table"))?,
            bytes: input.count_of("bytes"),
            sha256: archive.unwrap_or(input).get("sha256").text().map(str::to_owned),
            may_hold_more: false,
        })
    });
    let before = report.get("from").get("files").items().iter().filter_map(|file| {
        Some(EarlierFile {
            name: file.text_of("name").to_owned(),
            table: kind(file.text_of("table"))?,
            bytes: file.count_of("bytes"),
            sha256: file.get("sha256").text().map(str::to_owned),
            may_hold_more: file.get("may_hold_more") == &Json::Bool(true),
        })
    });
    before.chain(own).collect()
}

/// SHA-256 of every file and every zip that held readings.
fn hashes(report: &Json) -> BTreeSet<String> {
    files(report).into_iter().filter_map(|file| file.sha256).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The report of a lake with all tables, made under these options.
    fn made_under(options: &str) -> ReportFile {
        let outputs = Table::WRITTEN.map(|table| format!(r#"{{"table": "{}"}}"#, table.name())).join(",");
        let text = format!(
            r#"{{"format": "stedi-lakehouse-report", "version": 2, "tool": {{}}, "options": {options},
                "inputs": [], "tables": {{}}, "outputs": [{outputs}], "files": []}}"#
        );
        ReportFile::read(&text).unwrap()
    }

    #[test]
    fn what_a_lake_left_out_is_not_asked_of_it() {
        let of = |emails, duplicates| Options { emails, duplicates, ..Options::default() };
        let (exact, folded) = (of(Emails::Exact, Duplicates::Keep), of(Emails::Folded, Duplicates::Keep));
        let dropping = of(Emails::Exact, Duplicates::Drop);
        for (was, now, problem) in [
            ("{}", &exact, None),
            ("{}", &folded, Some("compared as they are written")),
            (r#"{"emails": "exact"}"#, &folded, Some("compared as they are written")),
            (r#"{"emails": "folded"}"#, &exact, Some("its emails are folded")),
            (r#"{"emails": "folded"}"#, &folded, None),
            (r#"{"duplicates": "drop"}"#, &exact, Some("its duplicates were dropped")),
            (r#"{"duplicates": "drop"}"#, &dropping, None),
            (r#"{"duplicates": "keep"}"#, &dropping, None),
        ] {
            let made = Earlier::new(&made_under(was), String::new(), now);
            let refused = made.err().map(|error| (error.code(), error.to_string()));
            match (problem, refused) {
                (None, refused) => assert_eq!(refused, None, "{was}"),
                (Some(problem), Some(("cannot_go_on", said))) => assert!(said.contains(problem), "{said}"),
                (Some(_), refused) => panic!("{was}: {refused:?}"),
            }
        }
    }
}
