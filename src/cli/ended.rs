//! `stedi-lakehouse run`, and what is done with a run that has ended: what is said of it, and that it is written.

use std::collections::HashSet;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};

use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{Past, SplitTable};
use stedi_lakehouse::options::Key;
use stedi_lakehouse::withdrawals::Entry;

use super::args::RunArgs;
use super::audit::{Finished, Hashes, split};
use super::curate::Curated;
use super::lake::{FromLake, Identity, LakeFolder, warning_of};
use super::refusal::refusal;
use super::run::{Given, Prepared, lake};
use super::special::Spooled;
use super::{Failure, Progress, key, next_steps, output, special, terminal, withdrawals};

/// Runs the pipeline. `origins` says where options were set.
pub fn run(args: &RunArgs, origins: &str) -> Result<(), Failure> {
    if args.verbose {
        terminal::say(origins);
    }
    let progress = if args.quiet { Progress::hidden() } else { Progress::shown() };
    let mut ended = Ended::new(args, Given::default(), &progress)?;
    ended.tell(stderr().is_terminal());
    if let Some(why) = ended.refusal() {
        let finished = ended.finished();
        let stays = ended.folder.has_lake() && finished.is_report_of_lake();
        if stays {
            let what = "which is the report of the lake that stays";
            terminal::say(&format!("not written: {}, {what}\n", terminal::path(&args.out.join(REPORT))));
        }
        let place = args.report.as_deref().filter(|_| !stays);
        if args.json || place.is_some() {
            give(args, place, &finished.report_alone()?)?;
        }
        return Err(Failure::Failed(why));
    }
    let report = ended.write()?;
    let finished = ended.finished();
    // The last of what is written: the lake is whole if it fails.
    let given = give(args, args.report.as_deref().filter(|_| !finished.is_report_of_lake()), &report);
    if args.quiet {
        return given;
    }
    let splits = ended.split.as_ref().map_or_else(String::new, |split| output::splits(&split.splits));
    let summary = output::counts(&ended.curated.lake.report.tables) + &splits;
    match args.report.as_deref().and_then(special::stream) {
        // Whoever reads the report from there reads nothing else.
        Some(terminal::Stream::Output) => terminal::say(&summary),
        _ if args.json => terminal::say(&summary),
        _ => terminal::print(&summary),
    }
    key::advise(args);
    terminal::say(&next_steps::after_run(args));
    given
}

/// A run that has ended, before anything of it is written.
pub struct Ended<'a> {
    args: &'a RunArgs,
    folder: LakeFolder,
    key: Key,
    unsaved: Option<key::Unsaved<'a>>,
    /// What it went on from, which stays locked.
    from: Option<FromLake<'a>>,
    past: Option<Past>,
    of_key: String,
    withdrawn: Vec<Entry>,
    files: Vec<(String, PathBuf)>,
    guarded: HashSet<Identity>,
    spooled: Vec<Spooled>,
    curated: Curated,
    /// The table of a research export, if it is split.
    split: Option<SplitTable>,
    hashes: Hashes,
}

/// What stays of a run when its folder is given back.
pub struct Kept {
    pub key: Key,
    pub past: Option<Past>,
    pub files: Vec<(String, PathBuf)>,
    pub split: Option<SplitTable>,
    pub hashes: Hashes,
    /// What holds the bytes of pipes.
    _spooled: Vec<Spooled>,
}

impl<'a> Ended<'a> {
    /// Runs the pipeline.
    ///
    /// # Errors
    /// What keeps it from its end, or that it was stopped.
    pub fn new(args: &'a RunArgs, given: Given, progress: &Progress) -> Result<Ended<'a>, Failure> {
        let Prepared {
            folder,
            key,
            unsaved,
            from,
            withdrawn,
            options,
            found,
            unused,
            files,
            guarded,
            spooled,
        } = Prepared::new(args, given)?;
        let past = from.as_ref().map(FromLake::past);
        let of_key = key::warnings(args, &key, past.as_ref().map(|past| &past.report));
        let curated = lake(args, found, unused, options, key.clone(), from.as_ref(), progress)?;
        let split = args.test_share.map(|share| split(&curated, share, &key)).transpose()?;
        let hashes = Hashes::default();
        Ok(Ended {
            args,
            folder,
            key,
            unsaved,
            from,
            past,
            of_key,
            withdrawn,
            files,
            guarded,
            spooled,
            curated,
            split,
            hashes,
        })
    }

    /// Says what a person should know of it. Only a terminal is told values.
    pub fn tell(&self, terminal: bool) {
        terminal::say(&output::remarks(&self.curated.lake.report, self.args.verbose));
        if terminal {
            terminal::say(&output::for_a_terminal(&self.curated.lake));
        }
        terminal::say(&self.of_key);
        terminal::say(&withdrawals::unmatched(&self.withdrawn, &self.curated.lake.unmatched, terminal));
        let unlisted = self.args.withdrawals.is_none() && self.withdrawn.is_empty();
        let warning = self.past.as_ref().filter(|_| unlisted).and_then(warning_of);
        terminal::say(&warning.unwrap_or_default());
    }

    /// Why it gives no lake.
    pub fn refusal(&self) -> Option<String> {
        refusal(self.args, &self.curated.lake, &self.folder)
    }

    /// What is said of it.
    pub fn finished(&self) -> Finished<'_> {
        let Ended { args, curated, files, past, from, split, hashes, .. } = self;
        let (past, from, split) = (past.as_ref(), from.as_ref(), split.as_ref());
        Finished { args, curated, files, past, from, split, hashes }
    }

    /// Saves a random key, if that was asked for.
    pub fn save_key(&self) -> Result<(), Failure> {
        self.unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)
    }

    /// Replaces the lake by the new one, and gives its report.
    pub fn write(&mut self) -> Result<String, Failure> {
        self.save_key()?;
        let Ended { args, curated, files, past, from, split, hashes, folder, guarded, .. } = self;
        let (past, from, split) = (past.as_ref(), from.as_ref(), split.as_ref());
        Finished { args, curated, files, past, from, split, hashes }.write(folder, guarded)
    }

    /// Gives the folder back, and its tables.
    pub fn kept(self) -> (Curated, Kept) {
        let Ended { key, past, files, spooled, curated, split, hashes, .. } = self;
        (curated, Kept { key, past, files, split, hashes, _spooled: spooled })
    }
}

/// Writes the report to the place and the stream that were asked for.
fn give(args: &RunArgs, place: Option<&Path>, report: &str) -> Result<(), Failure> {
    if args.json {
        // As it is: JSON has its own escapes.
        if let Err(error) = terminal::write(terminal::Stream::Output, format!("{report}\n").as_bytes()) {
            terminal::failed(terminal::Stream::Output, &error);
        }
    }
    let printed = |path: &Path| args.json && special::stream(path) == Some(terminal::Stream::Output);
    place.filter(|path| !printed(path)).map_or(Ok(()), |path| output::write(path, report.as_bytes()))
}
