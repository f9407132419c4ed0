//! Work that Python waits for: on a thread of its own, while other Python threads run, and the caller sees how far it
//! is and can end it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use stedi_lakehouse::cli::{Fault, Progress, Stage};

use crate::fault::{self, RunError};

const NO_REPORT: Option<String> = None;

/// How often the caller is asked.
const TICK: Duration = Duration::from_millis(100);

/// Does the work. `callback`, if there is one, is called with the name of a stage, the bytes that are read and those
/// in all: when the work begins, every tenth of a second, and when it is done.
///
/// # Errors
/// What the callback raises, or a signal's handler, which end the work; `InternalError` for a panic.
pub fn watched<T: Send>(
    py: Python<'_>,
    callback: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Progress) -> T + Send,
) -> PyResult<T> {
    let (progress, ended) = (Progress::hidden(), AtomicBool::new(false));
    let caller = thread::current();
    let report = || -> PyResult<()> {
        py.check_signals()?;
        let Some(callback) = callback else { return Ok(()) };
        let Stage { name, done, total } = progress.stage();
        callback.call1((name, done, total)).map(drop)
    };
    report()?;
    thread::scope(|scope| {
        let worker = thread::Builder::new().spawn_scoped(scope, || {
            // Also when it panics.
            let _ended = Ended { ended: &ended, caller: &caller };
            work(&progress)
        });
        let worker = worker
            .map_err(|error| RunError::new_err((format!("no thread can be started: {error}"), NO_REPORT)))?;
        let mut outcome = Ok(());
        while !ended.load(Ordering::Acquire) {
            py.detach(|| thread::park_timeout(TICK));
            if outcome.is_ok() && !ended.load(Ordering::Acquire) {
                outcome = report();
            }
            if outcome.is_err() {
                progress.stop();
            }
        }
        let done = py.detach(|| worker.join());
        outcome?;
        let done = done.map_err(|panic| fault::error(Fault::of_panic(&*panic)))?;
        report()?;
        Ok(done)
    })
}

/// Wakes the caller when it is dropped.
struct Ended<'a> {
    ended: &'a AtomicBool,
    caller: &'a thread::Thread,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        self.caller.unpark();
    }
}
