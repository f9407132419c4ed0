//! Erasing people from a lake: what stands around the run that leaves them out. The host reads the lake, runs, and
//! writes; who is erased, what is searched for, and what the documents say is decided here, for every host.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;

use super::contents::Contents;
use super::erase::{
    ERASURE, Erasure, KeyFate, commitment, evidence, options_of, report_after, without_names,
};
use super::history::Made;
use super::past::Past;
use super::reference;
use super::rows::{customers, pairs};
use super::search::{Searched, Wanted};
use crate::audit::{Completion, Event, Hashed, Json, Publication, ReportFile};
use crate::consent::ConsentLedger;
use crate::error::{Error, ErrorKind};
use crate::export::{self, Export, Logs};
use crate::options::{Identity, Key, Options};
use crate::schema::Table;
use crate::schema::customer::CUSTOMERNAME;
use crate::withdrawals::Entry;
use crate::zones::pseudonym;

/// People who are to be erased from a lake.
pub struct Erasing {
    lake: Contents,
    list: Vec<Entry>,
    options: Options,
    before: usize,
    key: Key,
    fate: KeyFate,
    /// Who is in the lake: emails, and serial numbers with the emails that have them.
    emails: BTreeSet<String>,
    serials: BTreeMap<String, BTreeSet<String>>,
    /// Emails, each with what its person is called.
    names: BTreeSet<(String, String)>,
    /// Pseudonyms that nobody will have any more.
    old_subjects: BTreeSet<String>,
    /// Of the request.
    reference: Option<String>,
}

/// What the run of an erasure has made.
pub struct ErasingRun<'a> {
    /// The text of its report.
    pub report: &'a str,
    /// How many entries of the list match nothing.
    pub unmatched: usize,
    /// What made it, as far as the host knows.
    pub completion: Completion,
    /// Its tables, by their paths in the lake.
    pub outputs: &'a [(Table, Hashed)],
    /// What their logs are made of, if the lake has logs: they start afresh.
    pub logs: Option<&'a Logs>,
    /// What was searched of them.
    pub searched: &'a Searched,
    /// Landing files that are removed from the lake.
    pub landing_files: usize,
    /// Whether somebody will have the key: nobody has one that was made for this and not saved.
    pub key_is_known: bool,
    /// When.
    pub event: &'a Event,
    /// The text of the lake's croissant.json, which has what its publisher said; empty if there is none.
    pub croissant: &'a str,
}

/// Whether a lake has all tables; else it is not known whose rows are whose.
pub fn has_all_tables(lake: &Contents) -> bool {
    let tables = lake.tables();
    Export::Lake.tables().iter().all(|table| tables.iter().any(|(known, _)| known == table))
}

/// What becomes of the key of a lake's pseudonyms if people are erased under this one. None if it is another and that
/// is not wanted.
pub fn key_fate(lake: &Contents, key: &Key, new_key: bool) -> Option<KeyFate> {
    match (lake.report.option("identity"), lake.check_key(key)) {
        ("serial", _) => Some(KeyFate::None),
        (_, Ok(())) => Some(KeyFate::Kept),
        _ => new_key.then_some(KeyFate::New),
    }
}

impl Erasing {
    /// Of the people on a list, from a lake that [`has_all_tables`], under a key of this [`key_fate`].
    ///
    /// # Errors
    /// `NotALake` if the lake was made under options that are not known.
    pub fn new(lake: Contents, list: Vec<Entry>, key: Key, fate: KeyFate) -> Result<Erasing, Error> {
        let entries = list.iter().map(|entry| entry.text.clone()).collect();
        let (options, before) = options_of(&lake.report, entries)?;
        Ok(Erasing {
            lake,
            list,
            options,
            before,
            key,
            fate,
            emails: BTreeSet::new(),
            serials: BTreeMap::new(),
            names: BTreeSet::new(),
            old_subjects: BTreeSet::new(),
            reference: None,
        })
    }

    /// Keeps a reference of the request in the evidence: a date, or the number of a case; none of an empty text.
    ///
    /// # Errors
    /// `BadReference` if it is longer than 200 characters or no line, holds an email, or names somebody on the list.
    /// What the people on the list are called is known later: see [`Erasing::documents`].
    pub fn refer_to(&mut self, text: &str) -> Result<(), Error> {
        self.reference = reference::read(text)?;
        let listed = self.list.iter().map(|entry| entry.text.as_str());
        match reference::is_named(text, listed) {
            true => Err(reference::names_somebody()),
            false => Ok(()),
        }
    }

    /// Options and key of the run, and how many withdrawals the lake had before: see
    /// [`crate::pipeline::CustomerStage::erase_after`].
    pub fn run(&self) -> (Options, Key, usize) {
        (self.options.clone(), self.key.clone(), self.before)
    }

    /// Takes rows of customer_trusted, which the run takes too.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn customers(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        for customer in customers(batch)? {
            self.emails.insert(customer.email().to_owned());
            let emails = self.serials.entry(customer.serial().to_owned()).or_default();
            emails.insert(customer.email().to_owned());
            if let Some(name) = customer.text(CUSTOMERNAME) {
                self.names.insert((customer.email().to_owned(), name.to_owned()));
            }
        }
        Ok(())
    }

    /// Whether all that it would do is to give everyone another pseudonym, since of the entries of the list this many
    /// match nothing: then the lake is to stay as it is.
    pub fn changes_nothing(&self, unmatched: usize) -> bool {
        self.fate == KeyFate::New && unmatched == self.list.len()
    }

    /// Whether [`Erasing::pairs`] has to take machine_learning_curated: nobody keeps a pseudonym.
    pub fn wants_pairs(&self) -> bool {
        self.fate == KeyFate::New
    }

    /// Takes rows of machine_learning_curated.
    ///
    /// # Errors
    /// `NotALake` if they are none.
    pub fn pairs(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut last = "";
        for row in pairs(batch)? {
            if std::mem::replace(&mut last, row.subject) != row.subject {
                self.old_subjects.insert(row.subject.to_owned());
            }
        }
        Ok(())
    }

    /// Whom no file may hold any more, when all rows have come and the run has made its ledger.
    ///
    /// # Errors
    /// As [`Wanted::new`].
    pub fn wanted(&self, ledger: &ConsentLedger) -> Result<Wanted, Error> {
        let kept: BTreeSet<&str> = ledger.emails().iter().collect();
        let mut emails: BTreeSet<String> =
            self.emails.iter().filter(|email| !kept.contains(email.as_str())).cloned().collect();
        emails.extend(self.list.iter().map(|entry| entry.text.clone()).filter(|text| text.contains('@')));
        let kept: BTreeSet<&str> = ledger.serials().iter().collect();
        let serials: BTreeSet<String> =
            self.serials.keys().filter(|serial| !kept.contains(serial.as_str())).cloned().collect();
        let mut subjects = self.old_subjects.clone();
        if self.options.identity == Identity::Pseudonym {
            subjects.extend(emails.iter().map(|email| pseudonym(&self.key, email)));
        }
        let names = self.names.iter().filter(|(email, _)| emails.contains(email));
        let names = names.map(|(_, name)| name.clone()).collect();
        Ok(Wanted::new(&emails, &serials, subjects, ledger.emails().iter())?.with_names(names))
    }

    /// The documents of the new lake by their paths, the report last; and what was searched, them included.
    ///
    /// # Errors
    /// `BadReference` if the reference of the request names somebody who is erased. `Document`, a defect of this
    /// program: also if a file of the new lake was not searched.
    pub fn documents(
        &self,
        run: ErasingRun<'_>,
        ledger: &ConsentLedger,
        wanted: &Wanted,
        past: &Past,
    ) -> Result<(Vec<(String, String)>, Searched), Error> {
        if self.reference.as_deref().is_some_and(|text| wanted.is_named_in(text)) {
            return Err(reference::names_somebody());
        }
        let mut of_run = ReportFile::read(run.report)?;
        of_run.complete(run.completion)?;
        let is_erased = |text: &str, is_name: bool| match is_name {
            true => wanted.is_in_name(text),
            false => wanted.is_in(text),
        };
        let (report, names_replaced) = report_after(&self.lake.report, &of_run, run.outputs, is_erased)?;
        let texts: Vec<String> = self.list.iter().map(|entry| entry.text.clone()).collect();
        let kept: BTreeSet<&str> = ledger.emails().iter().collect();
        let kept_serials: BTreeSet<&str> = ledger.serials().iter().collect();
        let shared = self.serials.iter().filter(|(serial, emails)| {
            kept_serials.contains(serial.as_str())
                && emails.iter().any(|email| !kept.contains(email.as_str()))
        });
        let logs = run.logs.map_or(0, |logs| logs.statistics.len());
        let erasure = Erasure {
            time: run.event.time.clone(),
            reference: self.reference.clone(),
            asked: self.list.len(),
            matched: self.list.len() - run.unmatched,
            commitment: run.key_is_known.then(|| commitment(&self.key, &texts)),
            key: self.fate,
            landing_files: run.landing_files,
            shared_serials: shared.count(),
            names_replaced,
            // The tables and their logs, the documents of each lake, the report, the history and this.
            files: run.outputs.len() + logs + export::documents(Export::Lake).len() + 3,
            searched: run.searched.clone(),
        };
        let earlier = past.erasures.as_ref();
        let earlier = earlier.map(|earlier| without_names(earlier, |text| wanted.is_named_in(text)));
        let evidence = evidence(earlier.as_ref(), &past.report, &report, &erasure)?;
        let history = past.with(Made::Erased, &report, &run.event.time)?;
        let more = vec![(ERASURE.to_owned(), evidence.pretty()), history];
        let publication = publication(run.croissant, wanted);
        let tree = export::lay_out(Export::Lake, run.logs, report, None, run.event, &publication, more)?;
        let mut searched = run.searched.clone();
        for (path, text) in &tree.documents {
            searched.merge(wanted.search_text(path, text.as_bytes()));
        }
        if searched.files != erasure.files {
            let expected = "erasure.json that counts the files that were searched";
            return Err(ErrorKind::Document { expected, cause: None }.into());
        }
        Ok((tree.documents, searched))
    }
}

/// What the publisher said of the lake's table, without what names somebody who is erased.
fn publication(croissant: &str, wanted: &Wanted) -> Publication {
    // A publisher may write anything into it, and a lake may have none. Neither may keep people from being erased.
    let json = Json::parse(croissant).unwrap_or(Json::Null);
    let said = |value: &Json| match value {
        Json::Text(text)
            if text != "not specified" && !text.starts_with("urn:uuid:") && !wanted.is_in(text) =>
        {
            Some(text.clone())
        }
        _ => None,
    };
    Publication {
        license: said(json.get("license")),
        creator: said(json.get("creator").get("name")),
        url: said(json.get("url")),
        ..Publication::default()
    }
}
