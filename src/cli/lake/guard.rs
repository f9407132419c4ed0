//! Sees that no output of a run is one of its inputs, before anything is written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::ReportFile;
use stedi_lakehouse::export::{self, REPORT};
use stedi_lakehouse::schema::Table;

use super::identity::{Identity, resolved};
use super::intent::TEMP;
use crate::cli::args::RunArgs;
use crate::cli::location::Location;
use crate::cli::{Failure, special};

/// Looks at a run that reads these files, beside the configuration, the list and the key that its arguments name, and
/// gives all that it reads.
///
/// # Errors
/// If an output is an input, an input lies where only the lake's own files may, or the second report would be written
/// where tables and unfinished work of the lake lie, into another lake, or over a file that is no report.
pub fn guard(args: &RunArgs, files: &[(String, Location)]) -> Result<HashSet<Identity>, Failure> {
    let lists = args.withdrawals.iter().chain(&args.key_file).chain(&args.config);
    check_place(args, files, lists.clone())?;
    let read = files.iter().map(|(_, file)| file.path()).chain(lists.map(PathBuf::as_path));
    let inputs: HashSet<Identity> = read.map(Identity::of).collect();
    let tables =
        args.export.table_paths(args.format, args.compression, args.test_share.is_some()).into_iter();
    let own: Vec<PathBuf> =
        tables.chain(export::documents(args.export)).map(|path| args.out.join(path)).collect();
    let lake_report = args.out.join(REPORT);
    refuse_inputs(own.iter().chain([&lake_report]).map(|path| (path, true)), &inputs)?;
    let own: HashSet<Identity> = own.iter().map(|path| Identity::of(path)).collect();
    let usage = |what: String| Err(Failure::Usage(what));
    // Where a key is saved no file is, so it is none of these: see `key::choose`.
    let Some(path) = args.report.as_ref().filter(|path| special::stream(path).is_none()) else {
        return Ok(inputs);
    };
    refuse_inputs([(path, true)], &inputs)?;
    let why = if own.contains(&Identity::of(path)) || is_lake_part(&args.out, path) {
        "is a place of the lake's own files"
    } else if path.is_dir() {
        "is a folder; name a file in it"
    } else if path.ancestors().skip(1).find(|above| above.exists()).is_some_and(|above| !above.is_dir()) {
        "lies below a file"
    } else if Identity::of(path) == Identity::of(&lake_report) {
        return Ok(inputs);
    } else {
        match what_is_there(path) {
            There::Free => return Ok(inputs),
            There::OfLake => "is the report of another lake: it is not overwritten",
            There::Other => "is a file that is not a report of this program: it is not overwritten",
        }
    };
    usage(format!("--report {} {why}", path.display()))
}

/// Sees that no input lies in a folder of which a lake's next run would say that it is in the way: a landing file may
/// lie in a landing folder, and else only the lake's own files in the folders of tables.
fn check_place<'a>(
    args: &RunArgs,
    files: &[(String, Location)],
    lists: impl Iterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    if !args.out.is_dir() {
        return Ok(());
    }
    let out = resolved(&args.out);
    let folder = |table: Table| out.join(table.folder());
    let (all, written) = (Table::ALL.map(folder), Table::WRITTEN.map(folder));
    let below = |path: &Path, folders: &[PathBuf]| {
        let path = resolved(path);
        folders.iter().any(|folder| path.starts_with(folder))
    };
    let mut inputs = files.iter().map(|(_, file)| file.path()).filter(|path| below(path, &written));
    let mut lists = lists.map(PathBuf::as_path).filter(|path| below(path, &all));
    match inputs.next().or_else(|| lists.next()) {
        Some(path) => Err(misplaced(path)),
        None => Ok(()),
    }
}

/// The refusal of an input that lies among the tables of the lake.
pub fn misplaced(path: &Path) -> Failure {
    Failure::Usage(format!(
        "nothing is written: {} is an input, and lies in a folder of the lake where only its own files may be; move it \
         elsewhere",
        path.display()
    ))
}

/// Sees that no file that a run writes, or else removes, is one of its inputs.
pub fn refuse_inputs<P: AsRef<Path>>(
    changed: impl IntoIterator<Item = (P, bool)>,
    inputs: &HashSet<Identity>,
) -> Result<(), Failure> {
    let mut changed = changed.into_iter();
    let Some((path, is_written)) = changed.find(|(path, _)| inputs.contains(&Identity::of(path.as_ref())))
    else {
        return Ok(());
    };
    let (what, help) = match is_written {
        true => ("replace", "choose another place"),
        false => ("remove", "keep it by --with-landing, or choose another --out"),
    };
    Err(Failure::Usage(format!(
        "nothing is written: this run would {what} {}, which is one of its inputs; {help}",
        path.as_ref().display()
    )))
}

/// Whether a path lies in a folder of the lake in which only its own files may be.
fn is_lake_part(out: &Path, path: &Path) -> bool {
    let (out, path) = (resolved(out), resolved(path));
    let folders = Table::ALL.iter().map(|table| table.folder()).chain([TEMP]);
    folders.map(|folder| out.join(folder)).any(|folder| path.starts_with(folder))
}

/// What lies where a second report is to be written.
enum There {
    /// Nothing, an empty file, an earlier report that stands alone, or what is no file and is written into.
    Free,
    /// The report of a lake.
    OfLake,
    Other,
}

fn what_is_there(path: &Path) -> There {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => {}
        _ => return There::Free,
    }
    let Some(report) = std::fs::read_to_string(path).ok().and_then(|text| ReportFile::read(&text).ok())
    else {
        return There::Other;
    };
    let beside = |other: &str| path.with_file_name(other).exists();
    let files = export::lake_files(&report).unwrap_or_default();
    match files.iter().any(|file| beside(&file.path))
        || Table::WRITTEN.iter().any(|table| beside(table.folder()))
    {
        true => There::OfLake,
        false => There::Free,
    }
}
