//! `stedi-lakehouse run`, and what is done with a run that has ended: what is said of it, and that it is written.

use std::io::{IsTerminal, stderr};
use std::path::Path;

use stedi_lakehouse::export::REPORT;
use stedi_lakehouse::lake::{Past, SplitTable};
use stedi_lakehouse::options::Key;

use super::args::RunArgs;
use super::audit::{Finished, Hashes, split};
use super::curate::Curated;
use super::lake::{FromLake, warning_of, warning_of_replaced};
use super::location::Location;
use super::refusal::refusal;
use super::run::{Given, Held, Prepared, lake};
use super::special::Spooled;
use super::{Failure, Progress, key, next_steps, output, special, terminal, withdrawals};

/// Runs the pipeline. `origins` says where options were set.
pub fn run(args: &RunArgs, origins: &str) -> Result<(), Failure> {
    if args.verbose {
        terminal::say(origins);
    }
    let progress = if args.quiet { Progress::hidden() } else { Progress::shown() };
    if args.verbose {
        progress.measure();
    }
    let mut ended = Ended::new(args, Given::default(), &progress)?;
    ended.tell(stderr().is_terminal());
    if let Some(why) = ended.refusal() {
        let finished = ended.finished();
        let stays = ended.held.folder.has_lake() && finished.is_report_of_lake();
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
    progress.phase("writing");
    let report = ended.write()?;
    terminal::say(&progress.phases());
    let finished = ended.finished();
    // The last of what is written: the lake is whole if it fails.
    let given = give(args, args.report.as_deref().filter(|_| !finished.is_report_of_lake()), &report);
    if args.quiet {
        return given;
    }
    let splits = ended.split.as_ref().map_or_else(String::new, |split| output::splits(&split.splits));
    let counted = &ended.curated.lake.report;
    let summary = output::counts(&counted.tables) + &output::people(&counted.people) + &splits;
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
    held: Held<'a>,
    /// Of the lake that it went on from.
    past: Option<Past>,
    of_key: String,
    curated: Curated,
    /// The table of a research export, if it is split.
    split: Option<SplitTable>,
    hashes: Hashes,
}

/// What stays of a run when its folder is given back.
pub struct Kept {
    pub key: Key,
    pub past: Option<Past>,
    pub files: Vec<(String, Location)>,
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
        let Prepared { held, options, found, unused } = Prepared::new(args, given)?;
        let (key, from) = (&held.key, held.from.as_ref());
        let past = from.map(FromLake::past);
        let of_key = key::warnings(args, key, held.folder.report(), past.as_ref().map(|past| &past.report));
        let curated = lake(args, found, unused, options, key.clone(), from, progress)?;
        let split = args.test_share.map(|share| split(&curated, share, key)).transpose()?;
        Ok(Ended { args, held, past, of_key, curated, split, hashes: Hashes::default() })
    }

    /// Says what a person should know of it. Only a terminal is told values.
    pub fn tell(&self, terminal: bool) {
        terminal::say(&output::remarks(&self.curated.lake.report, self.args.verbose));
        if terminal {
            terminal::say(&output::for_a_terminal(&self.curated.lake));
        }
        terminal::say(&self.of_key);
        let withdrawn = &self.held.withdrawn;
        terminal::say(&withdrawals::unmatched(withdrawn, &self.curated.lake.unmatched, terminal));
        let has_list = self.args.withdrawals.is_some() || !withdrawn.is_empty();
        let warning = match &self.past {
            Some(past) => (!has_list).then(|| warning_of(past)).flatten(),
            None => warning_of_replaced(self.held.folder.as_ref(), &self.args.out, has_list),
        };
        terminal::say(&warning.unwrap_or_default());
    }

    /// Why it gives no lake.
    pub fn refusal(&self) -> Option<String> {
        refusal(self.args, &self.curated.lake, self.held.folder.has_lake())
    }

    /// What is said of it.
    pub fn finished(&self) -> Finished<'_> {
        let Ended { args, held: Held { files, from, .. }, past, curated, split, hashes, .. } = self;
        let (past, from, split) = (past.as_ref(), from.as_ref(), split.as_ref());
        Finished { args, curated, files, past, from, split, hashes }
    }

    /// Saves a random key, if that was asked for.
    pub fn save_key(&self) -> Result<(), Failure> {
        self.held.unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)
    }

    /// Replaces the lake by the new one, and gives its report.
    pub fn write(&mut self) -> Result<String, Failure> {
        self.save_key()?;
        let Ended { args, held, past, curated, split, hashes, .. } = self;
        let Held { folder, from, files, guarded, .. } = held;
        let (past, from, split) = (past.as_ref(), from.as_ref(), split.as_ref());
        Finished { args, curated, files, past, from, split, hashes }.write(folder.as_mut(), guarded)
    }

    /// Gives the folder back, and its tables.
    pub fn kept(self) -> (Curated, Kept) {
        let Ended { held: Held { key, files, spooled, .. }, past, curated, split, hashes, .. } = self;
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
