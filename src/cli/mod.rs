mod args;
mod audit;
mod curate;
mod diff;
mod files;
mod inputs;
mod output;
mod run;
mod threads;
mod withdrawals;

use std::fmt;
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
        Failure::Failed(format!("cannot {what} {}: {error}", path.display()))
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
    let result = match Args::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Diff(args) => diff::diff(&args),
        Command::Sample(args) => sample(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("stedi-lakehouse: {failure}");
            match failure {
                Failure::Usage(_) => ExitCode::from(2),
                Failure::Failed(_) => ExitCode::from(1),
            }
        }
    }
}

fn sample(args: &SampleArgs) -> Result<(), Failure> {
    let (mut files, mut bytes) = (0u64, 0);
    for file in Sample::new(args.scale, args.defects) {
        files += 1;
        bytes += file.bytes.len();
        output::write(&args.out.join(&file.name), &file.bytes)?;
    }
    println!("{files} files, {bytes} bytes in {}", args.out.display());
    Ok(())
}
