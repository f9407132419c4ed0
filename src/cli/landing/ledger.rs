//! What was said of all landing files, put together as a run does it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::{Value, json};
use stedi_lakehouse::ingest::{Digest, Refusal};
use stedi_lakehouse::options::Options;
use stedi_lakehouse::pipeline::RunLog;
use stedi_lakehouse::report::{self, Input, Place, TableReport, Warning, WarningInputs};
use stedi_lakehouse::schema::{Landing, Table};
use stedi_lakehouse::{Error, ErrorKind};

use super::scan::{ConsentFields, Entries, Found, FoundEntry, Part, Records, Scanned};

/// Warnings that inputs alone decide.
const OF_INPUTS: [&str; 11] = [
    "mostly_rejected",
    "no_customers",
    "no_accelerometer",
    "no_step_trainer",
    "consent_field_missing",
    "consent_unreadable",
    "consent_conflict",
    "zones_left_out",
    "duplicate_keys",
    "unknown_fields",
    "array_not_closed",
];

/// Records that a run uses: of a file, or of an entry of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Path of the file.
    pub path: String,
    /// Number of the entry.
    pub entry: Option<usize>,
    /// Where the records land.
    pub table: Landing,
    /// Whether other records of it are of other tables.
    pub share: bool,
}

/// The landing files of a run: which are used, and what a report says of all of them.
#[derive(Default)]
pub struct LandingLedger {
    log: RunLog,
    consent: ConsentFields,
    used: Vec<Used>,
    /// SHA-256 of each file.
    hashes: BTreeMap<String, Option<String>>,
    /// Archives that were opened: sizes.
    archives: BTreeMap<String, u64>,
}

/// What `report.json` says of landing files.
#[derive(Serialize)]
struct LandingReport {
    complete: bool,
    incomplete: Vec<Warning>,
    inputs: Vec<Value>,
    archives: Vec<Value>,
    /// Of the landing tables.
    tables: BTreeMap<Table, TableReport>,
    warnings: Vec<Warning>,
    rejects: Vec<Value>,
    rejects_kept: usize,
    rejects_total: u64,
}

/// Something that may be used, unless another holds the same.
struct Seen<T> {
    it: T,
    name: String,
    bytes: u64,
    digest: Option<Digest>,
}

/// Records of a file or of an entry.
struct Source {
    path: String,
    entry: Option<usize>,
    parts: Vec<Part>,
}

/// What files are, before it is known which of them are used.
#[derive(Default)]
struct Detected {
    sources: Vec<Seen<Source>>,
    archives: Vec<Seen<Entries>>,
    refused: Vec<Input>,
    unused: Vec<Input>,
}

impl LandingLedger {
    /// Of the files of a folder. `all_zones` also uses what earlier jobs made of landing files; files of readings whose
    /// SHA-256 is among the known ones are left out.
    pub fn new(mut files: Vec<Scanned>, all_zones: bool, known: &[String]) -> LandingLedger {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let known: HashSet<&str> = known.iter().map(String::as_str).collect();
        let mut ledger = LandingLedger::default();
        let mut detected = Detected::default();
        for Scanned { path, bytes, sha256, found } in files {
            ledger.hashes.insert(path.clone(), sha256);
            detected.file(path, bytes, found);
        }
        // An archive that is there twice is one duplicate, not one for each entry.
        for archive in once(std::mem::take(&mut detected.archives), &mut detected.unused) {
            if archive.it.as_ref().is_ok_and(|entries| !entries.is_empty()) {
                ledger.archives.insert(archive.name.clone(), archive.bytes);
            }
            detected.entries(archive);
        }
        let Detected { mut sources, mut refused, mut unused, .. } = detected;
        if !all_zones {
            let leave = |seen: Seen<_>, zone| unused.push(Input::left_out(seen.name, seen.bytes, zone));
            let refused = refused.iter_mut().map(|input| (input.name.clone(), input));
            report::leave_out(&mut sources, |seen| &seen.name, leave, refused);
        }
        unused.extend(refused);
        let sources = once(sources, &mut unused);
        unused.into_iter().for_each(|input| ledger.log.input(input));
        for source in sources {
            ledger.take(source, &known);
        }
        ledger
    }

    fn take(
        &mut self,
        Seen { it: Source { path, entry, parts }, name, bytes, .. }: Seen<Source>,
        known: &HashSet<&str>,
    ) {
        let sha256 = self.hashes.get(&path).and_then(Option::as_deref);
        let is_known = sha256.is_some_and(|sha256| known.contains(sha256));
        let share = parts.len() > 1;
        for Part { table, decoded, consent } in parts {
            // Customers always come whole.
            if is_known && table != Landing::Customer {
                self.log.input(Input::in_lake(name.clone(), bytes));
                continue;
            }
            self.consent.merge(consent);
            if decoded.records > 0 {
                self.used.push(Used { path: path.clone(), entry, table, share });
            }
            self.log.decoded(name.clone(), bytes, table, decoded);
        }
    }

    /// The records that are used.
    pub fn used(&self) -> &[Used] {
        &self.used
    }

    /// The emails, folded, of customer records that were rejected or cut. Personal data: never reported.
    pub fn barred(&self) -> impl Iterator<Item = &String> {
        self.log.barred().emails.iter()
    }

    /// The serial numbers, trimmed, in such records, and the email beside each, folded; none where there are several.
    /// Personal data too.
    pub fn barred_serials(&self) -> &BTreeMap<String, Option<String>> {
        &self.log.barred().serials
    }

    /// What `report.json` says of the inputs: `complete`, `incomplete`, `inputs`, `archives`, the landing tables of
    /// `tables`, `rejects` with their counts, and those `warnings` that inputs alone decide.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn report(&self) -> Result<String, Error> {
        let failed = |cause| ErrorKind::Document { expected: "report.json", cause: Some(cause) };
        let (incomplete, tables) = (self.log.incomplete(), self.log.tables());
        let inputs = self.log.inputs();
        let about = WarningInputs {
            consent_unreadable: self.consent.unreadable,
            consent_conflict: self.consent.conflict,
            consent_field: self.consent.is_there,
            missing: self.log.missing(),
            ..WarningInputs::default()
        };
        let mut warnings = report::warnings(&Options::default(), &inputs, &tables, &about);
        warnings.retain(|warning| OF_INPUTS.contains(&warning.code));
        let rejects = self.log.rejects().iter().map(|reject| serde_json::to_value(Place::from(reject)));
        let rejects = rejects.collect::<Result<Vec<Value>, _>>().map_err(failed)?;
        let report = LandingReport {
            complete: incomplete.is_empty(),
            incomplete,
            inputs: inputs.iter().map(|input| self.input(input)).collect::<Result<_, _>>().map_err(failed)?,
            archives: self.archives.iter().map(|(name, &bytes)| self.archive(name, bytes)).collect(),
            warnings,
            rejects_kept: rejects.len(),
            rejects_total: tables.values().map(|counts| counts.rejected.total()).sum(),
            tables,
            rejects,
        };
        Ok(serde_json::to_string(&report).map_err(failed)?)
    }

    /// An input with its hash, or with the archive that has one.
    fn input(&self, input: &Input) -> Result<Value, serde_json::Error> {
        let mut told = serde_json::to_value(input)?;
        told["sha256"] = json!(self.hashes.get(&input.name).and_then(Option::as_ref));
        if !self.hashes.contains_key(&input.name) {
            let holds = |archive: &&String| {
                input.name.strip_prefix(archive.as_str()).is_some_and(|rest| rest.starts_with('/'))
            };
            if let Some(archive) = self.archives.keys().find(holds) {
                told["archive"] = json!(archive);
            }
        }
        Ok(told)
    }

    fn archive(&self, name: &str, bytes: u64) -> Value {
        json!({"name": name, "bytes": bytes, "sha256": self.hashes.get(name).and_then(Option::as_ref)})
    }
}

impl Detected {
    fn file(&mut self, path: String, bytes: u64, found: Found) {
        match found {
            Found::Skipped(skip) => self.unused.push(Input::skipped(path, bytes, skip)),
            Found::Refused { reason, message } => {
                self.refused.push(Input::refused(path, bytes, &reason, &message))
            }
            Found::Records(Records { digest, parts }) => {
                let it = Source { path: path.clone(), entry: None, parts };
                self.sources.push(Seen { it, name: path, bytes, digest });
            }
            Found::Archive { digest, entries } => {
                self.archives.push(Seen { it: entries, name: path, bytes, digest: Some(digest) });
            }
        }
    }

    fn entries(&mut self, Seen { it: entries, name: path, bytes, .. }: Seen<Entries>) {
        let entries = match entries {
            Ok(entries) => entries,
            Err((reason, message)) => {
                return self.refused.push(Input::refused(path, bytes, &reason, &message));
            }
        };
        if entries.is_empty() {
            self.refused.push(Input::refusal(path.clone(), bytes, Refusal::EmptyArchive));
        }
        for (at, FoundEntry { name, bytes, found }) in entries.into_iter().enumerate() {
            match found {
                Found::Skipped(skip) => self.unused.push(Input::skipped(name, bytes, skip)),
                Found::Refused { reason, message } => {
                    self.refused.push(Input::refused(name, bytes, &reason, &message));
                }
                Found::Records(Records { digest, parts }) => {
                    let it = Source { path: path.clone(), entry: Some(at), parts };
                    self.sources.push(Seen { it, name, bytes, digest });
                }
                // An archive in an archive is refused.
                Found::Archive { .. } => {}
            }
        }
    }
}

/// Leaves out what holds the same as another, of which the first by name stays. Two may have one name: an entry of an
/// archive, and an object whose key goes on behind that of the archive.
fn once<T>(mut seen: Vec<Seen<T>>, unused: &mut Vec<Input>) -> Vec<Seen<T>> {
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    let (mut firsts, mut kept) = (HashMap::<Digest, String>::new(), Vec::new());
    for seen in seen {
        match seen.digest.map(|digest| firsts.entry(digest)) {
            Some(Entry::Occupied(first)) => {
                unused.push(Input::duplicate(seen.name, seen.bytes, first.get().clone()));
                continue;
            }
            Some(Entry::Vacant(place)) => _ = place.insert(seen.name.clone()),
            // What cannot be read is no duplicate.
            None => {}
        }
        kept.push(seen);
    }
    kept
}
