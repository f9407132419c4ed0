//! `stedi-lakehouse history` and `stedi-lakehouse report`: what a lake has to say for itself.

use std::fs;
use std::path::Path;

use stedi_lakehouse::audit::Json;
use stedi_lakehouse::lake::evidence_page::{MARK, evidence_page};
use stedi_lakehouse::lake::is_in_table;

use super::identity::resolved;
use super::past::past_of;
use super::read_lake::ReadLake;
use crate::cli::args::{HistoryArgs, ReportArgs};
use crate::cli::{Failure, audit, output, special, terminal};

/// Prints the versions of a lake.
pub fn history(args: &HistoryArgs) -> Result<(), Failure> {
    let past = past_of(&ReadLake::open(&args.lake)?);
    terminal::print(&match args.json {
        true => format!("{}\n", past.history.pretty()),
        false => past.history.get("versions").items().iter().map(version).collect(),
    });
    Ok(())
}

fn version(version: &Json) -> String {
    let made = match version.text_of("made") {
        "gone_on" => "gone on from the version before",
        "erased" => "people erased",
        _ => "made from exports",
    };
    let mut text = format!(
        "version {}, {}: {made}\n",
        version.count_of("version"),
        terminal::shown(
            version.get("time").text().filter(|time| !time.is_empty()).unwrap_or("time not known")
        )
    );
    let changes = version.get("changes");
    if changes == &Json::Null {
        // Nothing is known of a version before, so all options are said.
        let known = version.get("options").fields().iter().filter(|(_, value)| value != &Json::Null);
        for (name, value) in known {
            let value = value.text().map_or_else(|| value.count().to_string(), str::to_owned);
            text += &format!("  option {}: {value}\n", name.replace('_', " "));
        }
    }
    for option in changes.get("options").items() {
        let value = |name: &str| option.get(name).text().unwrap_or("none").to_owned();
        text += &format!("  option {}: {} → {}\n", option.text_of("name"), value("old"), value("new"));
    }
    if changes.get("pseudonyms").text() == Some("not_linked") {
        text += "  pseudonyms: not linked to those of the version before\n";
    }
    let admission = version.get("admission");
    if admission != &Json::Null {
        let [admitted, left_out] = ["admitted", "left_out"].map(|name| admission.count_of(name));
        text += &format!("  people: {admitted} admitted, {left_out} left out\n");
    }
    for (table, rows) in version.get("rows").fields() {
        let change = changes.get("tables").get(table);
        let [gained, lost] = ["gained", "lost"].map(|name| change.count_of(name));
        let change = if gained + lost == 0 { String::new() } else { format!("  +{gained} −{lost}") };
        text += &format!("  {table:<26}{:>12}{change}\n", rows.count());
    }
    terminal_safe(text)
}

/// Names come from the lake's files.
fn terminal_safe(text: String) -> String {
    text.lines().map(|line| terminal::shown(line) + "\n").collect()
}

/// Writes the evidence of a lake as a page.
pub fn report(args: &ReportArgs) -> Result<(), Failure> {
    let lake = ReadLake::open(&args.lake)?;
    refuse_place(&args.lake, &args.html)?;
    let past = past_of(&lake);
    let page = evidence_page(&lake.contents.report, past.erasures.as_ref(), &audit::event()?.time);
    output::write(&args.html, page.as_bytes())?;
    if special::stream(&args.html).is_none() {
        terminal::say(&format!("The evidence is in {}.\n", terminal::path(&args.html)));
    }
    Ok(())
}

/// The page replaces an earlier page alone, and lies where no reader of tables looks.
fn refuse_place(lake: &Path, html: &Path) -> Result<(), Failure> {
    let usage = |what: &str| Err(Failure::Usage(format!("--html {} {what}", terminal::path(html))));
    if special::stream(html).is_some() {
        return Ok(());
    }
    let below =
        resolved(html).strip_prefix(resolved(lake)).ok().map(|path| path.to_string_lossy().into_owned());
    if below.is_some_and(|path| is_in_table(&path)) {
        return usage("lies in the folder of a table");
    }
    match html.metadata() {
        Ok(found) if found.is_dir() => usage("is a folder; name a file in it"),
        Ok(found) if found.is_file() && !fs::read(html).is_ok_and(|old| old.starts_with(MARK.as_bytes())) => {
            usage("is another file: it is not overwritten")
        }
        _ => Ok(()),
    }
}
