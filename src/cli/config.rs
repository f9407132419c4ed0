//! Reads a configuration: a TOML file that sets options of a run by their long names.
//!
//! It is made to be shared, so it may name the files of a key and of withdrawals, but not hold them; and nothing here
//! repeats a value that may be one.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::{Arg, ArgAction, ValueHint};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::store::Address;
use super::{Failure, terminal};

/// An option that a configuration sets.
pub struct Setting {
    /// The option, as clap knows it.
    pub id: String,
    /// The option's long name.
    pub name: String,
    /// Line of the file, from 1.
    pub line: usize,
    /// As a word of the command line.
    pub word: OsString,
}

/// Options whose files hold what must not stand in a configuration, and what that is.
const SECRET: [(&str, &str); 2] = [("key-file", "the key"), ("withdrawals", "the withdrawals")];

/// How alike two names are that are held for one another, as clap has it.
const ALIKE: f64 = 0.7;

/// Reads the settings of a file, for the options of `run`.
pub fn read(path: &Path, run: &clap::Command) -> Result<Vec<Setting>, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", terminal::path(path))))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let line = |at: usize| 1 + text[..at.min(text.len())].matches('\n').count();
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        wrong(path, line(at), &format!("this is not TOML: {}", error.message()))
    })?;
    let mut settings = Vec::new();
    for (name, value) in table.get_ref() {
        let line = line(name.span().start);
        let word = setting(name.get_ref(), value, path, run).map_err(|what| wrong(path, line, &what))?;
        settings.extend(word.map(|(id, word)| Setting { id, name: name.get_ref().to_string(), line, word }));
    }
    settings.sort_by_key(|setting| setting.line);
    Ok(settings)
}

/// Which of the names may have been meant by one that is none of them, to be added to what is said of it.
pub fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let alike = known.map(|known| (strsim::jaro(name, known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = alike.filter(|(alike, _)| *alike > ALIKE).map(|(_, known)| format!("; did you mean {known}?"));
    hint.unwrap_or_default()
}

/// What is wrong with a line of a configuration.
pub fn wrong(path: &Path, line: usize, what: &str) -> Failure {
    Failure::Usage(format!("{}, line {line}: {}", terminal::path(path), terminal::shown(what)))
}

/// The option and the word that a line stands for; no word for a switch that is off.
fn setting(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    path: &Path,
    run: &clap::Command,
) -> Result<Option<(String, OsString)>, String> {
    if name == "key" {
        return Err(
            "a key must not stand in a configuration; save it in a file, and name that with key-file"
                .to_owned(),
        );
    }
    let known = |option: &&Arg| option.get_long().is_some_and(|long| !["config", "help"].contains(&long));
    let options: Vec<&Arg> = run.get_arguments().filter(known).collect();
    let Some(option) = options.iter().find(|option| option.get_long() == Some(name)) else {
        let names = options.iter().filter_map(|option| option.get_long());
        return Err(format!("there is no option {name}{}", meant(name, names)));
    };
    let id = option.get_id().to_string();
    let secret = SECRET.iter().find(|(secret, _)| *secret == name).map(|(_, what)| *what);
    let word = |value: &dyn AsRef<std::ffi::OsStr>| {
        let mut word = OsString::from(format!("--{name}="));
        word.push(value);
        Ok(Some((id.clone(), word)))
    };
    match value.get_ref() {
        // Off is what it is without.
        DeValue::Boolean(on) if is_switch(option) => Ok(on.then(|| (id.clone(), format!("--{name}").into()))),
        DeValue::String(text) if text.is_empty() => Err(format!("{name} must not be empty")),
        DeValue::String(text) if is_path(option) => {
            // `-` is a standard stream, and in no folder; nor is what lies in an object store.
            let is_apart = *text == "-" || Address::of(Path::new(&**text)).is_some();
            let folder = path.parent().filter(|_| !is_apart).unwrap_or(Path::new(""));
            let file = folder.join(&**text);
            match secret {
                Some(what) if !file.exists() => Err(format!(
                    "{name} must name a file that is there; {what} must not stand in a configuration"
                )),
                _ => word(&file),
            }
        }
        DeValue::String(text) if !is_switch(option) || is_choice(option) => word(&&**text),
        DeValue::Float(number) if is_number(option) => word(&number.as_str()),
        DeValue::Integer(number) if is_number(option) => word(&number.as_str()),
        _ => Err(match secret {
            Some(what) => format!("{name} must name a file; {what} must not stand in a configuration"),
            None if is_switch(option) => format!("{name} must be true or false"),
            None if is_number(option) => format!("{name} must be a number"),
            None => format!("{name} must be a text in quotes"),
        }),
    }
}

pub fn is_path(option: &Arg) -> bool {
    matches!(option.get_value_hint(), ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath)
}

/// A switch that has names for on and off.
pub fn is_choice(option: &Arg) -> bool {
    option.get_default_values().iter().any(|value| value == "off")
}

pub fn is_number(option: &Arg) -> bool {
    option.is_allow_negative_numbers_set()
}

pub fn is_switch(option: &Arg) -> bool {
    option.is_require_equals_set() || matches!(option.get_action(), ArgAction::SetTrue)
}
