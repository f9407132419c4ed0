//! Puts the lake of a run together: its tables, what is said of it, and the landing files that come along.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::sync::OnceLock;
use std::time::SystemTime;

use bytes::Bytes;
use stedi_lakehouse::audit::{Completion, Event, Hashed, Hasher, Landing, Publication, ReportFile};
use stedi_lakehouse::export::{self, Export, LandingFile, Logs, REPORT, TableFormat, Tree};
use stedi_lakehouse::ingest::{ReadAgain, Reads};
use stedi_lakehouse::lake::{Past, SplitTable, TableFile, TableSplitter};
use stedi_lakehouse::options::{Compression, Key};
use stedi_lakehouse::parquet::FileStatistics;
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::{Split, TestShare};

use super::args::RunArgs;
use super::curate::Curated;
use super::lake::{FileSource, FromLake, Identity, NewFile, OutLake};
use super::location::Location;
use super::{Failure, lake, output, terminal, threads};

/// A run that has ended.
pub struct Finished<'a> {
    pub args: &'a RunArgs,
    pub curated: &'a Curated,
    /// Every file that it was given, by name and path.
    pub files: &'a [(String, Location)],
    /// Of the lake that it goes on from.
    pub past: Option<&'a Past>,
    /// That lake.
    pub from: Option<&'a FromLake<'a>>,
    /// The table of a research export, if it is split.
    pub split: Option<&'a SplitTable>,
    pub hashes: &'a Hashes,
}

/// The hashes of the files of a run, which are made once, and the names of those that have changed since they were
/// read.
#[derive(Default)]
pub struct Hashes(OnceLock<(Vec<Hashed>, BTreeSet<String>)>);

impl Finished<'_> {
    /// Replaces the lake by the new one, and gives its report.
    pub fn write(&self, folder: &mut dyn OutLake, inputs: &HashSet<Identity>) -> Result<String, Failure> {
        let args = self.args;
        let report = ReportFile::read(&self.curated.lake.report.to_json()?)?;
        let tables = match self.split {
            Some(split) => splits_of(split),
            None => tables_of(self.curated, args.export, args.compression, args.format),
        };
        let logs = self.logs(&tables)?;
        let outputs = tables.iter().map(|(table, file, bytes)| {
            (*table, Hashed { name: file.path.clone(), bytes: *bytes, sha256: Some(file.sha256.clone()) })
        });
        let outputs: Vec<_> = outputs.collect();
        let splits = self.split.and_then(|split| match &outputs[..] {
            [(_, train), (_, test)] => Some((split.splits, [train.clone(), test.clone()])),
            _ => None,
        });
        let in_place = if args.with_landing { folder.in_place(self.files) } else { Vec::new() };
        let landing = if args.with_landing { Landing::Along(in_place.clone()) } else { Landing::Left };
        let completion = Completion { outputs, splits, landing, ..self.completion() };
        let publication = Publication {
            license: args.license.clone(),
            creator: args.creator.clone(),
            url: args.url.clone(),
            ..Publication::default()
        };
        let event = event()?;
        let more = |report: &ReportFile| {
            let past = self.past.filter(|_| args.export == Export::Lake);
            past.map_or_else(|| Ok(Vec::new()), |past| past.gone_on(report, &event.time))
        };
        let Tree { documents, landing, kept, .. } =
            export::tree(args.export, logs.as_ref(), &report, completion, &event, &publication, more)?;
        let paths: HashMap<_, _> = self.files.iter().map(|(name, file)| (name, file)).collect();
        let mut new: Vec<NewFile<'_>> = tables.into_iter().map(|(_, file, _)| file).collect();
        for LandingFile { name, path, sha256 } in landing {
            let (Some(from), Some(sha256)) = (paths.get(&name), sha256) else {
                return Err(Failure::Failed(format!(
                    "nothing is written: {} has changed or cannot be read again, so it cannot come along",
                    terminal::shown(&name)
                )));
            };
            new.push(NewFile { path, sha256, source: FileSource::Copy(from) });
        }
        new.extend(documents.iter().map(|(path, text)| {
            let source = FileSource::Bytes(vec![text.as_bytes()]);
            NewFile { path: path.clone(), sha256: hash_of(&[text.as_bytes()]), source }
        }));
        let kept = in_place.into_iter().map(|place| place.path).chain(kept).collect();
        if !args.quiet {
            terminal::say(&folder.caution(args.format));
        }
        folder.replace(args.export, &new, &kept, inputs)?;
        Ok(documents.into_iter().next_back().map(|(_, text)| text).unwrap_or_default())
    }

    /// What the logs of these tables are made of; none if they have none. They go on where the lake in this place has
    /// logs, and no row leaves it.
    fn logs(&self, tables: &[(Table, NewFile<'_>, u64)]) -> Result<Option<Logs>, Failure> {
        if self.args.format == TableFormat::Parquet {
            return Ok(None);
        }
        let from = self.from.filter(|from| from.is_replaced && from.has_logs());
        let keeps_rows = from.map(|from| from.keeps_rows(tables)).transpose()?;
        if keeps_rows == Some(false) && !self.args.quiet {
            terminal::say(
                "Rows have left the lake, so the logs of its tables start afresh, without earlier versions.\n",
            );
        }
        let earlier = self.past.filter(|_| keeps_rows == Some(true)).map(|past| past.report.clone());
        Ok(Some(Logs { statistics: statistics_of(self.curated, tables)?, earlier }))
    }

    /// The report of a run that gives no lake.
    ///
    /// # Errors
    /// What keeps it from being made.
    pub fn report_alone(&self) -> Result<String, Failure> {
        let mut report = ReportFile::read(&self.curated.lake.report.to_json()?)?;
        report.complete(self.completion())?;
        if self.args.export == Export::Research {
            report = report.for_research();
        }
        Ok(report.json().pretty())
    }

    /// Whether the second place of the report is that of the lake's own report.
    pub fn is_report_of_lake(&self) -> bool {
        let own = Identity::of(&self.args.out.join(REPORT));
        self.args.report.as_ref().is_some_and(|path| Identity::of(path) == own)
    }

    /// Without tables. Names the inputs that have changed since they were read.
    fn completion(&self) -> Completion {
        let (files, changed) = self.hashes.0.get_or_init(|| {
            let hashed = hashed(self.files, &self.curated.lake.reads);
            let (files, changed): (Vec<Hashed>, Vec<bool>) = hashed.into_iter().unzip();
            let changed = files.iter().zip(changed).filter(|(_, changed)| *changed);
            let changed = changed.map(|(file, _)| file.name.clone()).collect();
            (files, changed)
        });
        terminal::say(&output::changed(changed));
        Completion {
            commit: commit(),
            files: files.clone(),
            changed: changed.clone(),
            ..Completion::default()
        }
    }
}

/// The tables of an export, with their sizes.
pub fn tables_of(
    curated: &Curated,
    export: Export,
    compression: Compression,
    format: TableFormat,
) -> Vec<(Table, NewFile<'_>, u64)> {
    let Curated { lake, bodies } = curated;
    let tables = export.tables();
    let outputs: Vec<_> = lake.outputs.iter().filter(|output| tables.contains(&output.table)).collect();
    threads::map(outputs.len(), |at| {
        let output = outputs[at];
        let bodies = bodies[output.jobs.clone()].iter().map(Vec::as_slice);
        let parts: Vec<&[u8]> =
            [output.head.as_slice()].into_iter().chain(bodies).chain([output.tail.as_slice()]).collect();
        let bytes = parts.iter().map(|part| part.len() as u64).sum();
        let sha256 = hash_of(&parts);
        let path = export.table_path(format, output.table, compression, &sha256);
        (output.table, NewFile { path, sha256, source: FileSource::Bytes(parts) }, bytes)
    })
}

/// What the footers of tables say of their rows.
pub fn statistics_of(
    curated: &Curated,
    tables: &[(Table, NewFile<'_>, u64)],
) -> Result<BTreeMap<Table, FileStatistics>, Failure> {
    let tail = |table: Table| curated.lake.outputs.iter().find(|output| output.table == table);
    let of = |(table, _, bytes): &(Table, NewFile<'_>, u64)| {
        let tail = tail(*table).map_or(&[][..], |output| &output.tail);
        Ok((*table, FileStatistics::of_end(*table, tail, *bytes)?))
    };
    tables.iter().map(of).collect()
}

/// Deals machine_learning_curated to training and test data.
///
/// # Errors
/// What the Parquet library says.
pub fn split(Curated { lake, bodies }: &Curated, share: TestShare, key: &Key) -> Result<SplitTable, Failure> {
    const TABLE: Table = Table::MachineLearningCurated;
    let mut bytes = Vec::new();
    for output in lake.outputs.iter().filter(|output| output.table == TABLE) {
        bytes.extend_from_slice(&output.head);
        bodies[output.jobs.clone()].iter().for_each(|body| bytes.extend_from_slice(body));
        bytes.extend_from_slice(&output.tail);
    }
    let bytes = Bytes::from(bytes);
    let file = TableFile::open(TABLE, &bytes)?;
    let mut splitter = TableSplitter::new(share, key, lake.report.options.compression, &file);
    for group in 0..file.row_groups() {
        file.read(bytes.clone(), group, |batch| splitter.rows(batch))?;
    }
    Ok(splitter.finish()?)
}

/// Its files, with their sizes.
fn splits_of(split: &SplitTable) -> Vec<(Table, NewFile<'_>, u64)> {
    let files = Split::ALL.into_iter().zip(&split.files);
    files
        .map(|(split, bytes)| {
            let parts = vec![bytes.as_slice()];
            let (path, sha256) = (split.path().to_owned(), hash_of(&parts));
            let file = NewFile { path, sha256, source: FileSource::Bytes(parts) };
            (Table::MachineLearningCurated, file, bytes.len() as u64)
        })
        .collect()
}

/// The commit of this build. Set by `make cli`: a build for tests would be made anew at each commit.
pub fn commit() -> Option<String> {
    option_env!("STEDI_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned)
}

/// SHA-256 of pieces that follow each other.
pub fn hash_of(parts: &[&[u8]]) -> String {
    let mut hasher = Hasher::default();
    parts.iter().for_each(|part| hasher.push(part));
    hasher.finish()
}

/// The hash of every file, in their order, by as many threads as there are cores;
/// and whether it differs from what was read of it, when it has no hash.
fn hashed(files: &[(String, Location)], reads: &Reads) -> Vec<(Hashed, bool)> {
    let are_remote = files.iter().any(|(_, file)| file.is_remote());
    threads::map_waiting(are_remote, files.len(), |at| {
        let (name, file) = &files[at];
        let mut again = reads.check(name);
        // One that can no longer be read has no hash, and the report says so.
        let (bytes, sha256, is_other) = match hash(file, &mut again) {
            Ok((bytes, sha256)) => (bytes, Some(sha256), false),
            // A store gives no other object in the place of the one that was found.
            Err(error) => (0, None, error.kind() == io::ErrorKind::StaleNetworkFileHandle),
        };
        let changed = is_other || (sha256.is_some() && again.changed());
        (Hashed { name: name.clone(), bytes, sha256: sha256.filter(|_| !changed) }, changed)
    })
}

fn hash(file: &Location, again: &mut ReadAgain) -> io::Result<(u64, String)> {
    let mut bytes = 0;
    let sha256 = lake::read(file.open_whole()?, |chunk| {
        again.push(chunk);
        bytes += chunk.len() as u64;
        Ok(())
    })?;
    Ok((bytes, sha256))
}

/// A random UUID, and the time.
pub fn event() -> Result<Event, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Failure::Failed(format!("no random run id: {error}")))?;
    let run_id = uuid::Builder::from_random_bytes(random).into_uuid().to_string();
    let now = chrono::DateTime::<chrono::Utc>::from(SystemTime::now());
    Ok(Event { run_id, time: now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true) })
}
