// They panic when nobody reads: `terminal` is used instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod audit;
mod call;
mod config;
mod curate;
mod diff;
mod dry_run;
mod feed;
mod files;
mod inputs;
mod key;
mod lake;
mod manual;
mod names;
mod next_steps;
mod output;
mod page;
mod run;
mod sample;
mod special;
mod terminal;
mod threads;
mod withdrawals;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use args::Command;
use call::{Call, Unreadable};

/// Why the program ends early.
pub enum Failure {
    /// Exit code 2: the call is wrong.
    Usage(String),
    /// Exit code 1: the run failed.
    Failed(String),
}

impl Failure {
    /// A file or folder that could not be read or written.
    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::Failed(format!("cannot {what} {}: {error}", terminal::path(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Failed(message) => f.write_str(message),
        }
    }
}

impl From<stedi_lakehouse::Error> for Failure {
    fn from(error: stedi_lakehouse::Error) -> Self {
        Failure::Failed(error.to_string())
    }
}

pub fn main() -> ExitCode {
    let result = match call::read() {
        Ok(call) => done(call),
        Err(Unreadable::Clap(error)) => return ExitCode::from(explained(&error)),
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
    ExitCode::from(if code == 0 { unless_unsaid() } else { code })
}

/// Does what was asked for, and gives the exit code.
fn done(call: Call) -> Result<u8, Failure> {
    match call.args.command {
        Command::Run(args) if args.dry_run => dry_run::dry_run(&args, &call.origins)?,
        Command::Run(args) => run::run(&args, &call.origins)?,
        Command::Diff(args) => return diff::diff(&args),
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
