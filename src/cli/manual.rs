//! `stedi-lakehouse completions` and `stedi-lakehouse man`

use std::io;

use clap_mangen::Man;

use super::args::{CompletionsArgs, ManArgs};
use super::terminal::{self, Stream};
use super::{Failure, call};

const PROGRAM: &str = "stedi-lakehouse";

/// Prints what a shell completes calls by.
pub fn completions(args: &CompletionsArgs) {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut call::command(), PROGRAM, &mut script);
    // clap_complete gives two names to one state if the program's has a hyphen (clap issue 6421).
    let script = String::from_utf8_lossy(&script).replace("stedi__subcmd__lakehouse", "stedi__lakehouse");
    print(script.as_bytes());
}

/// Prints a manual page.
pub fn man(args: &ManArgs) -> Result<(), Failure> {
    let mut program = call::command();
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => {
            let command = program.find_subcommand(name);
            let unknown = || Failure::Usage(format!("there is no command {}", terminal::shown(name)));
            let command = command.ok_or_else(unknown)?.clone();
            command.name(format!("{PROGRAM}-{name}"))
        }
    };
    let mut text = Vec::new();
    rendered(page, &mut text)
        .map_err(|error| Failure::Failed(format!("cannot make the manual page: {error}")))?;
    print(&text);
    Ok(())
}

fn rendered(page: clap::Command, text: &mut Vec<u8>) -> io::Result<()> {
    Man::new(page).render(text)
}

fn print(bytes: &[u8]) {
    if let Err(error) = terminal::write(Stream::Output, bytes) {
        terminal::failed(Stream::Output, &error);
    }
}
