//! A run for those who call it as a library: nothing is said on a terminal, nothing asked of the environment, and
//! without a folder nothing is written.

use std::any::Any;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stedi_lakehouse::options::Key;
use stedi_lakehouse::withdrawals::{Entry, named};

use super::args::{Command, RunArgs};
use super::audit::Finished;
use super::call::{self, Unreadable};
use super::curate::Curated;
use super::ended::{Ended, Kept};
use super::keywords::{Value, keywords, word};
use super::lake::{Identity, guard, open_output, warning_of_replaced};
use super::refusal::refusal;
use super::run::Given;
use super::table_bytes::TableBytes;
use super::{Failure, Progress, key, terminal};

/// What a run is asked for.
#[derive(Default)]
pub struct Request {
    /// Files and folders of an export.
    pub paths: Vec<PathBuf>,
    /// Folder of the lake; without it nothing is written.
    pub out: Option<PathBuf>,
    /// Options by their [keywords].
    pub options: Vec<(String, Value)>,
    /// A file of withdrawals.
    pub withdrawals_file: Option<PathBuf>,
    /// Emails and serial numbers to leave out. Personal data.
    pub withdrawals: Option<Vec<String>>,
    /// Key of the pseudonyms, as a key file has it.
    pub key: Option<Vec<u8>>,
}

/// Why there is no run.
#[derive(Debug)]
pub enum Fault {
    /// An option that there is not, or a value of the wrong type.
    Keyword(String),
    /// The call is wrong, and nothing was written.
    Usage(String),
    /// The run failed.
    Failed(String),
    /// It came to its end, and gives no lake.
    Refused {
        /// Why.
        why: String,
        /// `report.json`, which says more.
        report: String,
    },
    /// A defect of this program.
    Defect(String),
}

impl Fault {
    /// What a thread that did not end gives.
    pub fn of_panic(panic: &(dyn Any + Send)) -> Fault {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.unwrap_or("a panic without words");
        Fault::Defect(format!("{text}; this is a defect of stedi-lakehouse"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Keyword(text) | Fault::Usage(text) | Fault::Failed(text) | Fault::Defect(text) => {
                f.write_str(text)
            }
            Fault::Refused { why, .. } => f.write_str(why),
        }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Fault {
        match failure {
            Failure::Usage(text) => Fault::Usage(text),
            Failure::Failed(text) => Fault::Failed(text),
        }
    }
}

impl From<stedi_lakehouse::Error> for Fault {
    fn from(error: stedi_lakehouse::Error) -> Fault {
        Failure::from(error).into()
    }
}

impl From<Unreadable> for Fault {
    fn from(unreadable: Unreadable) -> Fault {
        match unreadable {
            Unreadable::Failure(failure) => failure.into(),
            Unreadable::Clap(error) => {
                let said = error.to_string();
                let said = said.lines().take_while(|line| !line.is_empty()).map(str::trim);
                let said = said.collect::<Vec<_>>().join(" ");
                Fault::Usage(said.strip_prefix("error: ").unwrap_or(&said).to_owned())
            }
        }
    }
}

/// A run that has ended. Its tables are in memory.
pub struct Run {
    args: RunArgs,
    /// Whether its arguments name a folder that it was written to.
    is_saved: bool,
    kept: Kept,
    curated: Arc<Curated>,
    report: String,
    said: String,
}

/// Runs the pipeline, and writes the lake if a folder is named.
///
/// # Errors
/// As [`Fault`] says; the folder is then as it was before.
pub fn run(request: Request, progress: &Progress) -> Result<Run, Fault> {
    apart(|| try_run(request, progress)).and_then(|(run, said)| Ok(Run { said, ..run? }))
}

/// Does something on threads of its own, and gives what it would have said. A process that forks has no threads of
/// the pool that all would share.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<(T, String), Fault> {
    let pool = rayon::ThreadPoolBuilder::new().build();
    let pool = pool.map_err(|error| Fault::Failed(format!("no threads can be started: {error}")))?;
    Ok(pool.install(|| terminal::unsaid(work)))
}

fn try_run(request: Request, progress: &Progress) -> Result<Run, Fault> {
    let args = arguments(&request)?;
    let Request { out, withdrawals, key, .. } = request;
    if key.is_some() && (args.key_file.is_some() || args.save_key.is_some()) {
        return Err(Fault::Usage("key goes with neither key_file nor save_key".to_owned()));
    }
    let key = key.map(|bytes| Key::from_file(&bytes)).transpose();
    let key = key.map_err(|error| Fault::Usage(error.to_string()))?;
    let is_empty = withdrawals.as_ref().is_none_or(Vec::is_empty);
    let withdrawals = withdrawals.map(|list| {
        let entries = |(text, line): (&String, u64)| {
            let entry = |text: &str| Entry { text: text.to_owned(), line };
            named(text).into_iter().map(entry).collect::<Vec<_>>()
        };
        list.iter().zip(1..).flat_map(entries).collect::<Vec<_>>()
    });
    if withdrawals.as_ref().is_some_and(Vec::is_empty) && !is_empty {
        return Err(Fault::Usage("no entry of withdrawals has any text".to_owned()));
    }
    if withdrawals.is_some() && args.withdrawals.is_some() {
        return Err(Fault::Usage(
            "withdrawals are given, and the configuration names a file of others".to_owned(),
        ));
    }
    let mut ended = Ended::new(&args, Given { key, withdrawals }, progress)?;
    ended.tell(false);
    if let Some(why) = ended.refusal() {
        return Err(Fault::Refused { why, report: ended.finished().report_alone()? });
    }
    let report = match &out {
        Some(_) => ended.write()?,
        None => ended.save_key().and_then(|()| ended.finished().report_alone())?,
    };
    let (curated, kept) = ended.kept();
    let curated = Arc::new(curated);
    Ok(Run { args, is_saved: out.is_some(), kept, curated, report, said: String::new() })
}

/// The arguments that a call of the program would have.
fn arguments(request: &Request) -> Result<RunArgs, Fault> {
    let keywords = keywords();
    let mut words: Vec<OsString> = vec!["stedi-lakehouse".into(), "run".into()];
    for (name, value) in &request.options {
        words.push(word(&keywords, name, value).map_err(Fault::Keyword)?);
    }
    let path = |option: &str, path: &Path| {
        let mut word = OsString::from(option);
        word.push(path);
        word
    };
    words.extend(request.withdrawals_file.as_deref().map(|list| path("--withdrawals=", list)));
    words.push(match &request.out {
        Some(out) => path("--out=", out),
        None => path("--out=", &nowhere()?),
    });
    words.push("--".into());
    words.extend(request.paths.iter().map(OsString::from));
    match call::read_alone(&words)?.args.command {
        // As a configuration may say.
        Command::Run(args) if args.dry_run || args.report.is_some() => {
            Err(Fault::Usage("dry-run and report are of the command line alone".to_owned()))
        }
        Command::Run(args) => Ok(*args),
        _ => Err(Fault::Usage("this is no run".to_owned())),
    }
}

/// A folder that is not there, for a run that writes nothing: it has no lake, and nothing is in its way. Nobody can
/// have made one of that name.
fn nowhere() -> Result<PathBuf, Fault> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Fault::Failed(format!("no random name: {error}")))?;
    Ok(std::env::temp_dir().join(format!("stedi-lakehouse-{}", hex::encode(random))))
}

impl Run {
    /// `report.json`: of the lake that was written last, or else without files.
    pub fn report(&self) -> &str {
        &self.report
    }

    /// What the command line says of such a run on standard error.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// The folder that it was written to last.
    pub fn folder(&self) -> Option<&Path> {
        self.is_saved.then_some(self.args.out.as_path())
    }

    /// The tables of the export, in order. Landing rows are never among them.
    pub fn tables(&self) -> Vec<TableBytes> {
        let offered = self.args.export.tables();
        let outputs = self.curated.lake.outputs.iter().enumerate();
        let outputs = outputs.filter(|(_, output)| offered.contains(&output.table));
        outputs.map(|(at, _)| TableBytes::new(Arc::clone(&self.curated), at)).collect()
    }

    /// Replaces the lake in a folder by this run's, as the command line does.
    ///
    /// # Errors
    /// As [`Fault`] says; the folder is then as it was before.
    pub fn save(&mut self, folder: &Path) -> Result<(), Fault> {
        let before = std::mem::replace(&mut self.args.out, folder.to_owned());
        let saved = apart(|| self.try_save()).and_then(|(saved, said)| {
            self.said.push_str(&said);
            saved
        });
        match saved {
            Ok(report) => {
                self.is_saved = true;
                self.report = report;
                Ok(())
            }
            Err(fault) => {
                self.args.out = before;
                Err(fault)
            }
        }
    }

    fn try_save(&self) -> Result<String, Fault> {
        let Run { args, kept, curated, .. } = self;
        if args.from.as_ref().is_some_and(|from| Identity::of(from) == Identity::of(&args.out)) {
            let what = "the run went on from the lake in this folder, which may have changed since: name the folder \
                        as `out` of the run";
            return Err(Fault::Usage(what.to_owned()));
        }
        if args.save_key.as_deref().is_some_and(|key| key::is_within(key, &args.out)) {
            let what = "the key was saved in this folder, and whoever gets the tables would get their key";
            return Err(Fault::Usage(what.to_owned()));
        }
        let mut folder = open_output(args)?;
        let guarded = guard(args, &kept.files)?;
        folder.survey(args.export, &guarded)?;
        if !args.with_landing {
            folder.check_landing(&guarded)?;
        }
        if let Some(why) = refusal(args, &curated.lake, folder.has_lake()) {
            return Err(Fault::Failed(why));
        }
        let past = kept.past.as_ref();
        terminal::say(&key::warnings(args, &kept.key, folder.report(), past.map(|past| &past.report)));
        if past.is_none() {
            let has_list = args.withdrawals.is_some() || curated.lake.report.options.withdrawals > 0;
            let warning = warning_of_replaced(folder.as_ref(), &args.out, has_list);
            terminal::say(&warning.unwrap_or_default());
        }
        // Another folder than that of the lake it went on from: logs of versions start afresh there.
        let (files, split, hashes) = (&kept.files, kept.split.as_ref(), &kept.hashes);
        let finished = Finished { args, curated, files, past, from: None, split, hashes };
        Ok(finished.write(folder.as_mut(), &guarded)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use stedi_lakehouse::schema::Table;

    const EXPORT: &str = r#"
        {"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}
        {"email":"b","serialNumber":"t","shareWithResearchAsOfDate":0}
        {"user":"a","timestamp":5,"x":1.0,"y":2.0,"z":3.0}
        {"user":"b","timestamp":5,"x":1.0,"y":2.0,"z":3.0}
        {"sensorReadingTime":5,"serialNumber":"s","distanceFromObject":9}
        {"email":"c"}"#;

    fn request(folder: &Path) -> Request {
        let input = folder.join("all.json");
        fs::write(&input, EXPORT).unwrap();
        Request { paths: vec![input], key: Some(b"key\n".to_vec()), ..Request::default() }
    }

    fn option(name: &str, value: &str) -> (String, Value) {
        (name.to_owned(), Value::Text(value.into()))
    }

    #[test]
    fn a_run_in_memory_is_the_lake_that_it_is_saved_as() {
        let folder = tempfile::tempdir().unwrap();
        let progress = Progress::hidden();
        let mut run = super::run(request(folder.path()), &progress).unwrap();
        assert_eq!(run.folder(), None);
        // A file of three tables is read for each of them.
        let all = 3 * EXPORT.len() as u64;
        assert_eq!((progress.stage().done, progress.stage().total), (all, all));
        let names: Vec<_> = run.tables().iter().map(|table| (table.table().name(), table.rows())).collect();
        let rows = [1, 1, 1, 1, 1];
        assert_eq!(names, Table::WRITTEN.map(Table::name).into_iter().zip(rows).collect::<Vec<_>>());
        assert!(run.said().contains("rejected: "), "{}", run.said());
        let out = folder.path().join("lake");
        run.save(&out).unwrap();
        assert_eq!(fs::read_to_string(out.join("report.json")).unwrap(), run.report());
        for table in run.tables() {
            let path = format!("{}/part-00000.snappy.parquet", table.table().folder());
            assert!(fs::read(out.join(&path)).unwrap() == table.pieces().concat(), "{path}");
        }
        let direct = folder.path().join("direct");
        super::run(Request { out: Some(direct.clone()), ..request(folder.path()) }, &progress).unwrap();
        let table = "step_trainer/curated/part-00000.snappy.parquet";
        assert_eq!(fs::read(out.join(table)).unwrap(), fs::read(direct.join(table)).unwrap());
    }

    #[test]
    fn a_research_export_offers_its_one_table() {
        let folder = tempfile::tempdir().unwrap();
        let options = vec![option("export", "research")];
        let run = super::run(Request { options, ..request(folder.path()) }, &Progress::hidden()).unwrap();
        let names: Vec<_> = run.tables().iter().map(TableBytes::table).collect();
        assert_eq!(names, [Table::MachineLearningCurated]);
    }

    #[test]
    fn faults_say_whose_they_are_and_write_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("lake");
        let fault = |change: &dyn Fn(Request) -> Request| {
            let request = change(Request { out: Some(out.clone()), ..request(folder.path()) });
            let fault = super::run(request, &Progress::hidden()).err().unwrap();
            assert!(!out.exists());
            fault
        };
        let options = |options| move |request| Request { options: vec![options], ..request };
        let wrong = fault(&|request| options(option("consnt", "ever"))(request));
        assert!(matches!(&wrong, Fault::Keyword(text) if text.ends_with("did you mean consent?")), "{wrong}");
        let wrong = fault(&|request| options(option("consent", "sometimes"))(request));
        assert!(matches!(&wrong, Fault::Usage(text) if text.contains("sometimes")), "{wrong}");
        let wrong = fault(&|request| Request { key: Some(Vec::new()), ..request });
        assert!(matches!(&wrong, Fault::Usage(text) if text == "the pseudonym key is empty"), "{wrong}");
        let strict =
            fault(&|request| Request { options: vec![("strict".into(), Value::Switch(true))], ..request });
        assert!(
            matches!(&strict, Fault::Refused { report, .. } if report.contains("missing_key")),
            "{strict}"
        );
        let listed = fault(&|request| Request {
            options: vec![("strict".into(), Value::Switch(true))],
            withdrawals: Some(vec!["Nobody <nobody@x.org>".to_owned(), "b@x.org c@x.org".to_owned()]),
            ..request
        });
        assert!(listed.to_string().contains("3 of the withdrawals match nothing"), "{listed}");
        let stopped = Progress::hidden();
        stopped.stop();
        let stopped = super::run(Request { out: Some(out.clone()), ..request(folder.path()) }, &stopped);
        assert!(
            matches!(stopped.err(), Some(Fault::Failed(text)) if text.contains("stopped")) && !out.exists()
        );
    }

    #[test]
    fn a_panic_is_a_defect_with_its_words() {
        let panic = std::thread::spawn(|| panic!("at row {}", 7)).join().unwrap_err();
        assert!(matches!(Fault::of_panic(&*panic), Fault::Defect(text) if text.starts_with("at row 7; ")));
    }
}
