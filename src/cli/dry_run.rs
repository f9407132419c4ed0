//! `stedi-lakehouse run --dry-run`: what a run would do. It reads the customers, no readings, and writes nothing.

use std::fmt::Write as _;

use stedi_lakehouse::export::{self, REPORT, TableFormat};
use stedi_lakehouse::lake::{is_in_table, is_landing};
use stedi_lakehouse::schema::{Landing, Table};

use super::args::RunArgs;
use super::inputs::Source;
use super::lake::{FromLake, warning_of, warning_of_replaced};
use super::refusal::{Problems, refusal_of_missing, refusal_of_problems, refused};
use super::run::{Given, Held, Prepared, started};
use super::{Failure, Progress, feed, output, terminal};

pub fn dry_run(args: &RunArgs, origins: &str) -> Result<(), Failure> {
    if args.verbose {
        terminal::say(origins);
    }
    let Prepared { held, options, found, unused } = Prepared::new(args, Given::default())?;
    let Held { folder, key, from, withdrawn, .. } = held;
    let (mut stage, sources, unused) = started(args, found, unused, options, key, from.as_ref())?;
    feed::feed_customers(&mut stage, &sources, &Progress::hidden())?;
    let mut stage = stage.consent();
    let incomplete = stage.log().incomplete();
    let unmatched = stage.unmatched().len();
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

    let none = |table| {
        let in_lake = from.is_some() && table != Table::CustomerLanding;
        !in_lake && !sources.iter().any(|source| source.table.table() == table)
    };
    let problems = Problems {
        is_incomplete: !incomplete.is_empty(),
        bad: customers.values().map(|counts| counts.rejected.total()).sum::<u64>() + refused(&unused),
        // Readings may match them.
        unmatched: 0,
        is_list_empty: args.withdrawals.is_some() && withdrawn.is_empty(),
    };
    let why = refusal_of_problems(args, &problems)
        .or_else(|| refusal_of_missing(args, folder.has_lake(), none))
        .map(|why| format!("a run would fail: {why}"));

    let mut text = "dry run: nothing is written\n".to_owned();
    why.iter().for_each(|why| text.push_str(&format!("{why}\n")));
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
    if unmatched > 0 {
        let fails = if args.strict { ", which fails under --strict if none does" } else { "" };
        terminal::say(&format!(
            "{unmatched} of the withdrawals match no customer; whether readings match them, only a run says{fails}\n"
        ));
    }
    let has_list = args.withdrawals.is_some();
    let warning = match from.as_ref().map(FromLake::past) {
        Some(past) => (!has_list).then(|| warning_of(&past)).flatten(),
        None => warning_of_replaced(folder.as_ref(), &args.out, has_list),
    };
    terminal::say(&warning.unwrap_or_default());
    if args.require.is_some() {
        terminal::say("--require is not checked: only a run reads the readings\n");
    }
    if !args.quiet {
        terminal::print(&text);
    }
    why.map_or(Ok(()), |why| Err(Failure::Failed(why)))
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
