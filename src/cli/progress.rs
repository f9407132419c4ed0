//! How far a run is, for whoever watches it, and whether it is still wanted.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::phases::Phases;

/// The state of one run, shared by the run and those who watch it.
#[derive(Clone)]
pub struct Progress {
    bar: ProgressBar,
    stopped: Arc<AtomicBool>,
    /// If they are measured.
    phases: Arc<Mutex<Option<Phases>>>,
}

/// Where a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it does; empty before the files are known.
    pub name: String,
    /// Bytes of input that are read.
    pub done: u64,
    /// Bytes of input in all; 0 before they are known.
    pub total: u64,
}

impl Progress {
    /// Shown to nobody.
    pub fn hidden() -> Progress {
        Progress::of(ProgressBar::hidden())
    }

    /// Shown on standard error, if that is a terminal.
    pub fn shown() -> Progress {
        let bar = ProgressBar::no_length();
        // A template of constants: it parses.
        if let Ok(style) =
            ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {wide_msg}")
        {
            bar.set_style(style);
        }
        Progress::of(bar)
    }

    fn of(bar: ProgressBar) -> Progress {
        Progress { bar, stopped: Arc::default(), phases: Arc::default() }
    }

    /// Measures the phases of the run from now on.
    pub fn measure(&self) {
        if let Ok(mut phases) = self.phases.lock() {
            *phases = Some(Phases::default());
        }
        self.phase("inputs");
    }

    /// A phase begins, and the one before has ended.
    pub fn phase(&self, name: &'static str) {
        self.of_phases(|phases| phases.begin(name));
    }

    /// What was measured of the phases, of which the last has ended; nothing if they are not measured.
    pub fn phases(&self) -> String {
        self.of_phases(|phases| {
            phases.end();
            phases.lines()
        })
    }

    fn of_phases<T: Default>(&self, work: impl FnOnce(&mut Phases) -> T) -> T {
        let Ok(mut phases) = self.phases.lock() else { return T::default() };
        phases.as_mut().map(work).unwrap_or_default()
    }

    /// Where the run is now.
    pub fn stage(&self) -> Stage {
        Stage {
            name: self.bar.message(),
            done: self.bar.position(),
            total: self.bar.length().unwrap_or_default(),
        }
    }

    /// Ends the run soon; one that writes already is ended no more.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Asked between two parts of the work.
    ///
    /// # Errors
    /// If the run was stopped.
    pub fn go_on(&self) -> Result<(), Failure> {
        match self.stopped.load(Ordering::Relaxed) {
            true => Err(Failure::Failed("the run was stopped; nothing is written".to_owned())),
            false => Ok(()),
        }
    }
}

impl Deref for Progress {
    type Target = ProgressBar;

    fn deref(&self) -> &ProgressBar {
        &self.bar
    }
}
