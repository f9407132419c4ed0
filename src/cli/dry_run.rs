//! `stedi-lakehouse run --dry-run`: what a run would do. It reads the customers, no readings, and writes nothing.

use std::fmt::Write as _;

use stedi_lakehouse::export::{self, REPORT, TableFormat};
use stedi_lakehouse::lake::{is_in_table, is_landing};
use stedi_lakehouse::schema::{Landing, Table};

use super::args::RunArgs;
use super::inputs::Source;
use super::refusal::refusal_of_missing;
use super::run::{Given, Held, Prepared, started};
use super::{Failure, Progress, feed, output, terminal};

pub fn dry_run(args: &RunArgs, origins: &str) -> Result<(), Failure> {
    if args.verbose {
        terminal::say(origins);
    }
    let Prepared { held, options, found, unused } = Prepared::new(args, Given::default())?;
    let Held { folder, key, from, .. } = held;
    let (mut stage, sources, unused) = started(args, found, unused, options, key, from.as_ref())?;
    feed::feed_customers(&mut stage, &sources, &Progress::hidden())?;
    let mut stage = stage.consent();
    let incomplete = stage.log().incomplete();
    let mut customers = stage.tables();
    customers.retain(|table, _| [Table::CustomerLanding, Table::CustomerTrusted].contains(table));

    let is_delta = args.format == TableFormat::Delta;
    // Files that are named by what is in them are known only when everything was read.
    let mut paths = args.export.table_paths(args.format, args.compression, args.test_share.is_some());
    paths.extend(export::documents(args.export));
    paths.push(REPORT.to_owned());
    let mut removed = folder.removed_by(&paths)?;
    // Which of them are written again is known only when everything was read.
    removed.retain(|path| !(args.with_landing && is_landing(path)));
    removed.retain(|path| !(is_delta && is_in_table(path) && !is_landing(path)));

    let mut text = "dry run: nothing is written\n".to_owned();
    text.push_str(&inputs(&sources));
    text.push_str(&output::counts(&customers));
    let out = terminal::path(&args.out);
    let _ = match folder.has_lake() {
        true => writeln!(text, "would replace the lake in {out}, and write:"),
        false => writeln!(text, "would write to {out}:"),
    };
    paths.iter().for_each(|path| text.push_str(&format!("  {path}\n")));
    if is_delta {
        let what = match (&from, folder.has_lake()) {
            (Some(from), _) if from.is_replaced && from.has_logs() => {
                "  and a log of each table; files of earlier versions stay unless a row leaves the lake\n"
            }
            (_, true) => "  and a log of each table, which starts afresh: its earlier files are removed\n",
            _ => "  and a log of each table\n",
        };
        text.push_str(what);
    }
    if args.with_landing {
        text.push_str("  and the landing files, as they are\n");
    }
    if !removed.is_empty() {
        text.push_str("would remove:\n");
        removed.iter().for_each(|path| text.push_str(&format!("  {}\n", terminal::shown(path))));
    }
    terminal::say(&output::incomplete(&incomplete));
    terminal::say(&output::unread(&unused, args.verbose));
    if args.require.is_some() {
        terminal::say("--require is not checked: only a run reads the readings\n");
    }
    if !args.quiet {
        terminal::print(&text);
    }
    let none = |table| {
        let in_lake = from.is_some() && table != Table::CustomerLanding;
        !in_lake && !sources.iter().any(|source| source.table.table() == table)
    };
    let strict = (args.strict && !incomplete.is_empty()).then(|| "it would be incomplete".to_owned());
    match refusal_of_missing(args, folder.has_lake(), none).or(strict) {
        Some(why) => Err(Failure::Failed(format!("a run would fail: {why}"))),
        None => Ok(()),
    }
}

/// The files of each landing table.
fn inputs(sources: &[Source]) -> String {
    let line = |kind: Landing| {
        let bytes: Vec<u64> =
            sources.iter().filter(|source| source.table == kind).map(|source| source.bytes).collect();
        format!(
            "{:<26}{:>12} files{:>18} bytes\n",
            kind.table().name(),
            bytes.len(),
            bytes.iter().sum::<u64>()
        )
    };
    Landing::ALL.into_iter().map(line).collect()
}
