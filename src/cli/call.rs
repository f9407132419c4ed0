//! Reads a call: its words, the environment and the configuration, in this order of precedence.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{BoolishValueParser, PathBufValueParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, CommandFactory, FromArgMatches};

use super::args::Args;
use super::config::{self, Setting};
use super::{Failure, store, terminal};

/// What was asked for.
pub struct Call {
    pub args: Args,
    /// Of a run: a line for each option that has not its default, which says where it was set.
    pub origins: String,
}

/// Why a call cannot be read.
pub enum Unreadable {
    /// What clap says of it, help included.
    Clap(clap::Error),
    Failure(Failure),
}

impl From<clap::Error> for Unreadable {
    fn from(error: clap::Error) -> Unreadable {
        Unreadable::Clap(error)
    }
}

impl From<Failure> for Unreadable {
    fn from(failure: Failure) -> Unreadable {
        Unreadable::Failure(failure)
    }
}

/// The program's commands and options. Each option of a run has its environment variable, and each of its switches
/// can be set to `false` too, so that a flag can undo what the environment or a configuration says.
pub fn command() -> clap::Command {
    let command = Args::command().mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        command.mut_args(|arg| match arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
            true => {
                let is_taken = store::takes_addresses(&name, arg.get_id().as_str());
                let check = move |path| path_or_address(path, is_taken);
                arg.value_parser(PathBufValueParser::new().try_map(check))
            }
            false => arg,
        })
    });
    command.mut_subcommand("run", |run| {
        run.mut_args(|arg| {
            let Some(variable) = variable(&arg) else { return arg };
            let arg = arg.env(variable).hide_env(true);
            match (arg.get_action(), arg.get_short()) {
                (ArgAction::SetTrue, None) => arg
                    .action(ArgAction::Set)
                    .num_args(0..=1)
                    .require_equals(true)
                    .default_value("false")
                    .default_missing_value("true")
                    .value_parser(BoolishValueParser::new())
                    .value_name("true|false")
                    .hide_default_value(true)
                    .hide_possible_values(true),
                (ArgAction::SetTrue, _) => arg.value_parser(BoolishValueParser::new()),
                _ => arg,
            }
        })
    })
}

/// Refuses addresses that nothing here reads or writes: a path would be made of them that nobody meant.
fn path_or_address(path: PathBuf, is_taken: bool) -> Result<PathBuf, String> {
    let text = path.to_string_lossy().into_owned();
    let is_scheme = |text: &&str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    match text.split_once("://").map(|(scheme, _)| scheme).filter(is_scheme) {
        None => Ok(path),
        Some("file") => Err("a path is wanted: leave out file://".to_owned()),
        Some(scheme) => store::check_address(path, scheme, is_taken),
    }
}

fn variable(option: &Arg) -> Option<String> {
    let name = option.get_long().filter(|name| !["help", "version"].contains(name))?;
    Some(format!("STEDI_{}", name.to_uppercase().replace('-', "_")))
}

/// Options of a run of which only one can be given, as clap knows them.
const EXCLUSIVE: [[&str; 2]; 3] = [["key_file", "save_key"], ["quiet", "verbose"], ["dry_run", "json"]];

/// Reads the words of a call, of which the first names the program.
pub fn read(words: &[OsString]) -> Result<Call, Unreadable> {
    read_as(&command(), words)
}

/// As [`read`], for a run that another program asks for: what the environment says was not meant for it.
pub fn read_alone(words: &[OsString]) -> Result<Call, Unreadable> {
    read_as(&command().mut_subcommand("run", alone), words)
}

fn alone(run: clap::Command) -> clap::Command {
    run.mut_args(|arg| arg.env(None::<&str>))
}

fn read_as(command: &clap::Command, words: &[OsString]) -> Result<Call, Unreadable> {
    let settings = settings(command, words)?;
    let (program, rest) = words.split_at(words.len().min(2));
    let set = settings.iter().map(|setting| setting.word.clone());
    let words = program.iter().cloned().chain(set).chain(rest.iter().cloned());
    let matches = command.clone().try_get_matches_from(words)?;
    let mut origins = String::new();
    if let Some(run) = matches.subcommand_matches("run") {
        if let Some(pair) = EXCLUSIVE.iter().find(|pair| pair.iter().all(|id| is_on(run, id))) {
            let [one, other] = pair.map(|id| id.replace('_', "-"));
            return Err(Failure::Usage(format!("--{one} and --{other} exclude each other")).into());
        }
        origins = self::origins(run, &settings);
    }
    Ok(Call { args: Args::from_arg_matches(&matches)?, origins })
}

/// What the configuration sets that neither a flag nor the environment sets otherwise, or excludes.
fn settings(command: &clap::Command, words: &[OsString]) -> Result<Vec<Setting>, Unreadable> {
    // Whatever is missing may stand in the configuration.
    let lenient = command.clone().mut_subcommand("run", |run| run.mut_args(|arg| arg.required(false)));
    let Ok(matches) = lenient.clone().try_get_matches_from(words) else {
        // The second reading says what is wrong.
        return Ok(Vec::new());
    };
    let (Some(given), Some(run)) = (matches.subcommand_matches("run"), lenient.find_subcommand("run")) else {
        return Ok(Vec::new());
    };
    let Some(path) = given.get_one::<PathBuf>("config") else { return Ok(Vec::new()) };
    let mut settings = config::read(path, run)?;
    settings.iter().try_for_each(|setting| check(setting, path, run))?;
    settings.retain(|setting| {
        let excluded = partner(&setting.id).is_some_and(|partner| is_on(given, partner));
        !excluded && !is_given(given, &setting.id)
    });
    for (at, setting) in settings.iter().enumerate() {
        let partner = settings[..at].iter().find(|other| partner(&setting.id) == Some(other.id.as_str()));
        if let Some(other) = partner {
            let what = format!("{} and {} exclude each other", setting.name, other.name);
            return Err(config::wrong(path, setting.line, &what).into());
        }
    }
    Ok(settings)
}

/// The option that cannot be given together with this one.
fn partner(id: &str) -> Option<&'static str> {
    EXCLUSIVE.iter().find_map(|[one, other]| match id {
        _ if id == *one => Some(*other),
        _ if id == *other => Some(*one),
        _ => None,
    })
}

/// Sees that a setting's value is one of its option.
fn check(setting: &Setting, path: &Path, run: &clap::Command) -> Result<(), Failure> {
    // Without the environment, whose faults are not the configuration's.
    match alone(run.clone()).try_get_matches_from(["run".into(), setting.word.clone()]) {
        Ok(_) => Ok(()),
        Err(error) => {
            let said = error.to_string();
            let said = said.lines().next().unwrap_or_default();
            Err(config::wrong(path, setting.line, said.strip_prefix("error: ").unwrap_or(said)))
        }
    }
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    !matches!(matches.value_source(id), None | Some(ValueSource::DefaultValue))
}

/// Whether an option is given, and not as a switch that is off.
fn is_on(matches: &ArgMatches, id: &str) -> bool {
    match matches.try_get_one::<bool>(id) {
        Ok(on) => on == Some(&true),
        Err(_) => is_given(matches, id),
    }
}

fn origins(run: &ArgMatches, settings: &[Setting]) -> String {
    let line = |option: &Arg| {
        let (name, id) = (option.get_long()?, option.get_id().as_str());
        let values: Vec<_> = run.get_raw(id)?.map(|value| value.to_string_lossy()).collect();
        let origin = match settings.iter().find(|setting| setting.id == id) {
            Some(setting) => format!("configuration, line {}", setting.line),
            None if run.value_source(id)? == ValueSource::EnvVariable => variable(option)?,
            None if run.value_source(id)? == ValueSource::CommandLine => "command line".to_owned(),
            None => return None,
        };
        Some(format!("option {name}: {} ({origin})\n", terminal::shown(&values.join(" "))))
    };
    let command = command();
    let options = command.find_subcommand("run").into_iter().flat_map(clap::Command::get_arguments);
    options.filter_map(line).collect()
}
