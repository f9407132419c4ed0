//! Every place that has the options and limits of the core has all of them: a new one
//! that is forgotten somewhere fails here, by the name of that place.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use stedi_lakehouse::ingest::{MAX_DEPTH, MAX_RECORD};
use stedi_lakehouse::limits::READINGS_BYTES;
use stedi_lakehouse::options::{OptionFacts, Options};

/// The text of every file below a folder with one of these endings, with its path.
fn texts(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.ends_with("pkg") {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn values(option: &OptionFacts) -> Vec<&'static str> {
    option.values.iter().map(|(name, _)| *name).collect()
}

/// As on the command line.
fn flag(option: &OptionFacts) -> String {
    option.name.replace('_', "-")
}

/// What stands between quotes of either kind.
fn quoted(text: &str) -> Vec<&str> {
    let parts = text.split(['\'', '"']).enumerate();
    parts.filter(|(at, _)| at % 2 == 1).map(|(_, text)| text).collect()
}

#[test]
fn the_command_line_has_every_option() {
    let help = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse")).args(["run", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for option in Options::all() {
        let (flag, values) = (flag(&option), values(&option).join("|"));
        // Alone it may be a switch.
        let forms = [format!("--{flag} <{values}>"), format!("--{flag}[=<{values}>]")];
        let found = forms.iter().find_map(|form| help.split_once(form.as_str()));
        let (_, after) = found.unwrap_or_else(|| panic!("`run --help` has no {}", forms[0]));
        let entry =
            after.split("\n      --").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(entry.contains(option.help), "`run --help`, {flag}: {entry}");
        let default = format!("[default: {}]", option.values[0].0);
        assert!(entry.contains(&default), "`run --help`, {flag} has not {default}: {entry}");
    }
}

#[test]
fn the_page_has_every_option() {
    let scripts = texts("www", &[".js"]);
    let choices = scripts.iter().filter(|(_, text)| text.contains("const CHOICES ="));
    let [(path, text)] = choices.collect::<Vec<_>>()[..] else { panic!("one script of www has the CHOICES") };
    let (_, choices) = text.split_once("const CHOICES =").unwrap();
    for option in Options::all() {
        let name = format!("name: '{}'", flag(&option));
        let (_, after) = choices.split_once(&name).unwrap_or_else(|| panic!("{path}: no {name}"));
        let own = after.split("name: '").next().unwrap();
        let found: Vec<&str> =
            own.split("value: '").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
        // Its code would not fit the page.
        let wanted: Vec<&str> = values(&option).into_iter().filter(|value| *value != "zstd").collect();
        assert_eq!(found, wanted, "{path}: values of {}, the default first", option.name);
    }
}

#[test]
fn the_schema_of_the_report_has_every_option() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("docs/report.schema.json").unwrap()).unwrap();
    let options = &schema["properties"]["options"];
    for option in Options::all() {
        let place = format!("docs/report.schema.json: options.{}", option.name);
        assert_eq!(options["properties"][option.name]["enum"], serde_json::json!(values(&option)), "{place}");
        assert!(
            options["required"].as_array().unwrap().contains(&option.name.into()),
            "{place} is not required"
        );
    }
}

#[test]
fn the_rules_in_sql_have_every_option_of_rows() {
    let readme = fs::read_to_string("sql/README.md").unwrap();
    let params = readme.lines().find(|line| line.starts_with("| `params`")).unwrap();
    let rules: String = texts("sql", &[".sql"]).into_iter().map(|(_, text)| text).collect();
    for option in Options::all().into_iter().filter(|option| option.of_rows) {
        // The host folds before any rule.
        let folded_by_host = option.name == "emails";
        // A reserved word.
        let name = if option.name == "join" { "join_by" } else { option.name };
        assert!(params.contains(&format!("`{name}`")), "sql/README.md: params has no {name}");
        // Of two values a rule asks for one.
        let known =
            values(&option).into_iter().filter(|value| rules.contains(&format!("p.{name} = '{value}'")));
        let asked = if folded_by_host { 0 } else { values(&option).len() - 1 };
        assert_eq!(known.count(), asked, "sql/*.sql: values of {name}");
    }
}

#[test]
fn spark_has_every_option_of_rows() {
    let (path, text) =
        texts("spark", &[".py"]).into_iter().find(|(_, text)| text.contains("OPTIONS = {")).unwrap();
    let (_, options) = text.split_once("OPTIONS = {").unwrap();
    let (options, _) = options.split_once('}').unwrap();
    let found: Vec<Vec<&str>> = options.lines().map(quoted).filter(|line| !line.is_empty()).collect();
    let wanted = Options::all().into_iter().filter(|option| option.of_rows);
    let wanted: Vec<Vec<&str>> = wanted.map(|option| [vec![option.name], values(&option)].concat()).collect();
    assert_eq!(found, wanted, "{path}: OPTIONS, the default first");
}

#[test]
fn the_readme_has_every_option() {
    let readme = fs::read_to_string("README.md").unwrap();
    for option in Options::all() {
        let values: Vec<String> = values(&option).iter().map(|value| format!("`{value}`")).collect();
        let row = format!("| {} | {} |", option.name.replace('_', " "), values.join(", "));
        assert!(readme.contains(&row), "README.md: no row of options {row}");
    }
}

#[test]
fn the_limits_that_people_are_told_are_the_limits() {
    let schema = fs::read_to_string("docs/report.schema.json").unwrap();
    for limit in [format!("Longer than {} MiB", MAX_RECORD >> 20), format!("deeper than {MAX_DEPTH} levels")]
    {
        assert!(schema.contains(&limit), "docs/report.schema.json: no {limit}");
    }
    for path in ["README.md", "SECURITY.md", "docs/page.md"] {
        let text = fs::read_to_string(path).unwrap();
        let limit = format!("{} MB", READINGS_BYTES >> 20);
        let says = ["over", "more than"].map(|than| text.contains(&format!("{than} {limit}")));
        assert!(says.contains(&true), "{path}: readings over {limit} leave memory");
    }
    let scripts = texts("www", &[".js"]);
    let says = |limit: &str| scripts.iter().any(|(_, text)| text.contains(limit));
    for limit in [format!("{} MiB", MAX_RECORD >> 20), format!("nested deeper than {MAX_DEPTH}")] {
        assert!(says(&limit), "www: no {limit}");
    }
}
