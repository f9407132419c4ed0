// They panic when nobody reads: `terminal` is used instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod audit;
mod curate;
mod diff;
mod feed;
mod files;
mod inputs;
mod key;
mod lake;
mod names;
mod output;
mod run;
mod special;
mod terminal;
mod threads;
mod withdrawals;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use stedi_lakehouse::sample::Sample;

use args::{Args, Command, SampleArgs};

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
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return ExitCode::from(explained(&error)),
    };
    let result = match args.command {
        Command::Run(args) => run::run(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Sample(args) => sample(&args),
    };
    let code = match result {
        Ok(()) => 0,
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

fn sample(args: &SampleArgs) -> Result<(), Failure> {
    let (mut files, mut bytes) = (0u64, 0);
    for file in Sample::new(args.scale, args.defects) {
        files += 1;
        bytes += file.bytes.len();
        output::write(&args.out.join(&file.name), &file.bytes)?;
    }
    terminal::print(&format!("{files} files, {bytes} bytes in {}\n", terminal::path(&args.out)));
    Ok(())
}
