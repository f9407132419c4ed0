//! The options of a run as keyword arguments, for hosts in another language: one for each option of the command
//! line, so that a new one needs nothing here.

use std::ffi::OsString;

use clap::Arg;

use super::call;
use super::config::{is_choice, is_number, is_path, is_switch, meant};

/// Options of a run that speak of a terminal and its streams, or that a caller gives as they are.
const OTHERS: [&str; 9] =
    ["help", "version", "out", "dry-run", "json", "quiet", "verbose", "report", "withdrawals"];

/// Words that no argument can be named by in Python, among the names of options.
const RESERVED: [&str; 1] = ["from"];

/// An option of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    /// As an argument: with `_` for `-`, and one at the end of a word that is reserved.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// One line or a few, for people.
    pub help: String,
    option: String,
}

/// What an option takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// True or false, which is the default.
    Switch,
    /// One of these texts, the default first.
    Choice(Vec<String>),
    /// A number.
    Number,
    /// A path.
    Path,
    /// A text.
    Text,
}

/// A value that an option is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// True or false.
    Switch(bool),
    /// A text or a path.
    Text(OsString),
}

/// All of them, in the order of the command line's help.
pub fn keywords() -> Vec<Keyword> {
    let command = call::command();
    let options = command.find_subcommand("run").into_iter().flat_map(clap::Command::get_arguments);
    options.filter_map(keyword).collect()
}

fn keyword(option: &Arg) -> Option<Keyword> {
    let long = option.get_long().filter(|long| !OTHERS.contains(long))?;
    let reserved = if RESERVED.contains(&long) { "_" } else { "" };
    let help = option.get_long_help().or(option.get_help()).map(ToString::to_string).unwrap_or_default();
    Some(Keyword {
        name: long.replace('-', "_") + reserved,
        takes: takes(option),
        help: help.lines().map(str::trim).collect::<Vec<_>>().join(" "),
        option: long.to_owned(),
    })
}

fn takes(option: &Arg) -> Takes {
    let values = option.get_value_names().unwrap_or_default();
    match values.first().map(|names| names.split('|').map(str::to_owned).collect::<Vec<_>>()) {
        _ if is_switch(option) && !is_choice(option) => Takes::Switch,
        _ if is_path(option) => Takes::Path,
        _ if is_number(option) => Takes::Number,
        Some(values) if values.len() > 1 => Takes::Choice(values),
        _ => Takes::Text,
    }
}

/// The option as a word of the command line.
///
/// # Errors
/// If there is none of that name, or if it does not take such a value: what is wrong, for the caller.
pub fn word(keywords: &[Keyword], name: &str, value: &Value) -> Result<OsString, String> {
    let Some(keyword) = keywords.iter().find(|keyword| keyword.name == name) else {
        let hint = meant(name, keywords.iter().map(|keyword| keyword.name.as_str()));
        return Err(format!("there is no option {name}{hint}"));
    };
    let mut word = OsString::from(format!("--{}=", keyword.option));
    match (&keyword.takes, value) {
        (Takes::Switch, Value::Switch(on)) => word.push(on.to_string()),
        (Takes::Switch, Value::Text(_)) => return Err(format!("{name} takes True or False")),
        (Takes::Choice(values), Value::Switch(on)) if values.iter().any(|value| value == "on") => {
            word.push(if *on { "on" } else { "off" });
        }
        (Takes::Number, Value::Switch(_)) => return Err(format!("{name} takes a number")),
        (Takes::Path, Value::Switch(_)) => return Err(format!("{name} takes a path")),
        (_, Value::Switch(_)) => return Err(format!("{name} takes a text")),
        (_, Value::Text(text)) => word.push(text),
    }
    Ok(word)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::{env, fs};

    use super::*;
    use stedi_lakehouse::options::Options;

    const TYPES: &str = "python/stedi_lakehouse/_options_types.pyi";

    #[test]
    fn every_option_of_a_run_is_a_keyword() {
        let keywords = keywords();
        for option in Options::all() {
            let keyword = keywords.iter().find(|keyword| keyword.name == option.name);
            let values: Vec<String> = option.values.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(
                keyword.map(|keyword| &keyword.takes),
                Some(&Takes::Choice(values)),
                "{}",
                option.name
            );
        }
        let takes = |name: &str| keywords.iter().find(|known| known.name == name).map(|known| &known.takes);
        assert_eq!(takes("from_"), Some(&Takes::Path));
        assert_eq!(takes("strict"), Some(&Takes::Switch));
        assert_eq!(takes("test_share"), Some(&Takes::Number));
        assert_eq!(takes("creator"), Some(&Takes::Text));
        assert_eq!(takes("json"), None, "there is no terminal");
    }

    #[test]
    fn a_keyword_is_a_word_of_the_command_line() {
        let keywords = keywords();
        let word = |name: &str, value: Value| word(&keywords, name, &value);
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(word("shared_serials", text("drop")), Ok("--shared-serials=drop".into()));
        assert_eq!(word("from_", text("a b")), Ok("--from=a b".into()));
        assert_eq!(word("strict", Value::Switch(false)), Ok("--strict=false".into()));
        assert_eq!(word("one_per_instant", Value::Switch(true)), Ok("--one-per-instant=on".into()));
        assert_eq!(word("test_share", text("0.2")), Ok("--test-share=0.2".into()));
        let said = |name: &str, value| word(name, value).unwrap_err();
        assert_eq!(said("consnt", text("ever")), "there is no option consnt; did you mean consent?");
        assert_eq!(said("strict", text("yes")), "strict takes True or False");
        assert_eq!(said("consent", Value::Switch(true)), "consent takes a text");
    }

    fn types() -> String {
        let made = "made by src/cli/keywords.rs; STEDI_BLESS=1 cargo test --lib bindings writes it";
        let mut text =
            format!("# {made}.\nfrom os import PathLike\nfrom typing import Literal, TypedDict\n\n");
        text += "class RunOptions(TypedDict, total=False):\n";
        text += "    \"\"\"The options of a run, by the names that the command line has.\"\"\"\n";
        for Keyword { name, takes, help, .. } in keywords() {
            let takes = match takes {
                Takes::Switch => "bool".to_owned(),
                Takes::Choice(values) => {
                    let also = if values.iter().any(|value| value == "on") { " | bool" } else { "" };
                    format!("Literal[{}]{also}", quoted(&values))
                }
                Takes::Number => "float".to_owned(),
                Takes::Path => "str | PathLike[str]".to_owned(),
                Takes::Text => "str".to_owned(),
            };
            let _ = write!(text, "\n    {name}: {takes}\n    \"\"\"{}.\"\"\"\n", help.trim_end_matches('.'));
        }
        text
    }

    fn quoted(values: &[String]) -> String {
        values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn bindings_of_python_are_what_the_options_are() {
        let types = types();
        if env::var_os("STEDI_BLESS").is_some() {
            fs::write(TYPES, &types).unwrap();
        }
        let found = fs::read_to_string(TYPES).unwrap_or_default();
        assert_eq!(found, types, "{TYPES} is stale: STEDI_BLESS=1 cargo test --lib bindings");
    }
}
