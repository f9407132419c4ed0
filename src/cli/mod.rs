//! The command line, and the same runs for those who call them as a library. It does the IO that the core
//! does not: files, the terminal, randomness.

// They panic when nobody reads: `terminal` is used instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod audit;
mod call;
mod config;
mod curate;
mod defect;
mod diff;
mod dry_run;
mod ended;
mod failure;
mod feed;
mod files;
mod inputs;
mod key;
mod keywords;
mod lake;
pub mod landing;
mod library;
mod location;
mod manual;
mod names;
mod next_steps;
mod output;
mod page;
mod phases;
mod progress;
mod refusal;
mod run;
mod sample;
mod special;
// Elsewhere no line depends on the feature.
#[cfg(feature = "object-store")]
mod store;
#[cfg(not(feature = "object-store"))]
#[path = "no_store.rs"]
mod store;
mod table_bytes;
mod terminal;
mod threads;
mod withdrawals;

use std::env;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use args::Command;
use call::{Call, Unreadable};
pub use defect::panic_in_run;
pub use failure::Failure;
pub use keywords::{Keyword, Takes, Value, keywords};
pub use library::{Fault, Request, Run, run};
pub use progress::{Progress, Stage};
pub use table_bytes::TableBytes;

/// Does what this process was called for.
pub fn main() -> ExitCode {
    ExitCode::from(called(env::args_os().collect()))
}

/// Does what the words of a call ask for, of which the first names the program, and gives the exit code: 0 done,
/// 1 failed, 2 a wrong call.
pub fn called(words: Vec<OsString>) -> u8 {
    let result = match call::read(&words) {
        Ok(call) => done(call),
        Err(Unreadable::Clap(error)) => return explained(&error),
        Err(Unreadable::Failure(failure)) => Err(failure),
    };
    let code = match result {
        Ok(code) => code,
        Err(failure) => {
            terminal::say(&format!("stedi-lakehouse: {failure}\n"));
            match failure {
                Failure::Usage(_) => 2,
                Failure::Failed(_) => 1,
            }
        }
    };
    if code == 0 { unless_unsaid() } else { code }
}

/// Does what was asked for, and gives the exit code.
fn done(call: Call) -> Result<u8, Failure> {
    match call.args.command {
        Command::Run(args) if args.dry_run => dry_run::dry_run(&args, &call.origins)?,
        Command::Run(args) => ended::run(&args, &call.origins)?,
        Command::Diff(args) => return diff::diff(&args),
        Command::Erase(args) => lake::erase(&args)?,
        Command::History(args) => lake::history(&args)?,
        Command::Report(args) => lake::report(&args)?,
        Command::Verify(args) => return lake::verify(&args),
        Command::Sample(args) => sample::sample(&args)?,
        Command::Page(args) => page::page(&args)?,
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::man(&args)?,
    }
    Ok(0)
}

/// The exit code of a call that is done: 1 when something could not be said.
fn unless_unsaid() -> u8 {
    let Some(fault) = terminal::fault() else {
        return 0;
    };
    terminal::say(&format!("stedi-lakehouse: {fault}\n"));
    1
}

/// Writes what clap says of a call: help, which was asked for, or what is wrong.
fn explained(error: &clap::Error) -> u8 {
    if error.use_stderr() {
        terminal::say(&error.to_string());
        return 2;
    }
    let printed = error.print().and_then(|()| std::io::stdout().flush());
    if let Err(error) = printed {
        terminal::failed(terminal::Stream::Output, &error);
    }
    unless_unsaid()
}
