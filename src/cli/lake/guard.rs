//! Sees that no output of a run is one of its inputs, before anything is written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::ReportFile;
use stedi_lakehouse::export::{self, REPORT};
use stedi_lakehouse::schema::Table;

use super::TEMP;
use super::identity::{Identity, resolved};
use crate::cli::args::RunArgs;
use crate::cli::{Failure, special};

/// Looks at a run that reads these files, beside the configuration, the list and the key that its arguments name, and gives
/// all that it reads.
///
/// # Errors
/// If an output is an input, or the second report would be written where tables and unfinished work of the lake lie,
/// or over a file that is no report.
pub fn guard(args: &RunArgs, files: &[(String, PathBuf)]) -> Result<HashSet<Identity>, Failure> {
    let read = files.iter().map(|(_, path)| path).chain(&args.withdrawals);
    let read = read.chain(&args.key_file).chain(&args.config);
    let inputs: HashSet<Identity> = read.map(|path| Identity::of(path)).collect();
    let check = |path: &Path| match inputs.contains(&Identity::of(path)) {
        true => Err(refused(path, true)),
        false => Ok(()),
    };
    let tables = args.export.tables().iter().map(|table| export::table_path(*table, args.compression));
    let own: Vec<PathBuf> =
        tables.chain(export::documents(args.export)).map(|path| args.out.join(path)).collect();
    let lake_report = args.out.join(REPORT);
    own.iter().chain([&lake_report]).try_for_each(|path| check(path))?;
    let own: HashSet<Identity> = own.iter().map(|path| Identity::of(path)).collect();
    let usage = |what: String| Err(Failure::Usage(what));
    // Where a key is saved no file is, so it is none of these: see `key::choose`.
    if let Some(path) = &args.report {
        check(path)?;
        if own.contains(&Identity::of(path)) || is_lake_part(&args.out, path) {
            return usage(format!("--report {} is a place of the lake's own files", path.display()));
        }
    }
    match args.report.as_ref().filter(|path| !may_be_replaced(path)) {
        Some(path) => usage(format!(
            "--report {} is a file that is not a report of this program: it is not overwritten",
            path.display()
        )),
        None => Ok(inputs),
    }
}

/// The refusal to replace or remove an input.
pub fn refused(path: &Path, replaced: bool) -> Failure {
    let (what, help) = match replaced {
        true => ("replace", "choose another place"),
        false => ("remove", "keep it by --with-landing, or choose another --out"),
    };
    Failure::Usage(format!(
        "nothing is written: this run would {what} {}, which is one of its inputs; {help}",
        path.display()
    ))
}

/// Whether a path lies in a folder of the lake in which only its own files may be.
fn is_lake_part(out: &Path, path: &Path) -> bool {
    let (out, path) = (resolved(out), resolved(path));
    let folders = Table::ALL.iter().map(|table| table.folder()).chain([TEMP]);
    folders.map(|folder| out.join(folder)).any(|folder| path.starts_with(folder))
}

/// Whether there is no file, an empty one, an earlier report, or one that is no file or a standard stream, which is
/// written into.
fn may_be_replaced(path: &Path) -> bool {
    match path.metadata() {
        _ if special::stream(path).is_some() => true,
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => {
            std::fs::read_to_string(path).is_ok_and(|text| ReportFile::read(&text).is_ok())
        }
        _ => true,
    }
}
