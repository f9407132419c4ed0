//! Writes files, and tells of a run.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use stedi_lakehouse::export::{self, Export};
use stedi_lakehouse::options::Compression;
use stedi_lakehouse::pipeline::Lake;
use stedi_lakehouse::report::{InputStatus, Report};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::tally::Name;

use super::Failure;

/// How many rejects and refused inputs are told of on the terminal.
const TOLD: usize = 10;

/// Copies a file, and makes its folders.
pub fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    fs::copy(from, to).map_err(|error| Failure::io("copy to", to, &error)).map(drop)
}

/// Writes a file whole or not at all, and its folders.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_parts(path, [bytes].into_iter())
}

fn write_parts<'a>(path: &Path, mut parts: impl Iterator<Item = &'a [u8]>) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut file = fs::File::create(&part).map_err(|error| Failure::io("write", path, &error))?;
    parts.try_for_each(|bytes| file.write_all(bytes)).map_err(|error| Failure::io("write", path, &error))?;
    fs::rename(&part, path).map_err(|error| Failure::io("write", path, &error))
}

/// Refuses landing files beside a research export, and a folder in which a research export would lie beside tables that lead to people.
pub fn check(out: &Path, export: Export, with_landing: bool) -> Result<(), Failure> {
    if with_landing && export == Export::Research {
        return Err(Failure::Usage(
            "a research export has no landing files: --with-landing is for the lake".to_owned(),
        ));
    }
    let others = Table::WRITTEN.into_iter().filter(|table| !export.tables().contains(table));
    match others.flat_map(|table| table_files(out, table)).find(|path| path.exists()) {
        None => Ok(()),
        Some(path) => Err(Failure::Usage(format!(
            "{} is there already: a research export needs a folder without tables that lead to people",
            path.display()
        ))),
    }
}

/// Where a table may have been written, by any run.
fn table_files(out: &Path, table: Table) -> [PathBuf; 3] {
    [Compression::Snappy, Compression::Gzip, Compression::Zstd]
        .map(|one| out.join(export::table_path(table, one)))
}

/// Writes the tables of an export. A file of an earlier run goes: a table is all files of its folder.
pub fn write_tables(
    out: &Path,
    export: Export,
    compression: Compression,
    lake: &Lake,
    bodies: &[Vec<u8>],
) -> Result<(), Failure> {
    for output in lake.outputs.iter().filter(|output| export.tables().contains(&output.table)) {
        let path = out.join(export::table_path(output.table, compression));
        let bodies = bodies[output.jobs.clone()].iter().map(Vec::as_slice);
        let parts = std::iter::once(output.head.as_slice()).chain(bodies);
        write_parts(&path, parts.chain([output.tail.as_slice()]))?;
        for old in table_files(out, output.table).iter().filter(|old| **old != path && old.exists()) {
            fs::remove_file(old).map_err(|error| Failure::io("remove", old, &error))?;
        }
    }
    Ok(())
}

/// The ledger, for a terminal.
pub fn summary(report: &Report) -> String {
    let mut text =
        format!("{:<26}{:>12}{:>12}{:>12}{:>12}\n", "table", "rows in", "filtered", "rejected", "rows out");
    for (table, counts) in &report.tables {
        let _ = write!(
            text,
            "{:<26}{:>12}{:>12}{:>12}{:>12}",
            table.name(),
            counts.rows_in,
            counts.filtered.total(),
            counts.rejected.total(),
            counts.rows_out
        );
        let rules: Vec<String> =
            counts.filtered.by_name().iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        if !rules.is_empty() {
            let _ = write!(text, "   {}", rules.join(", "));
        }
        text.push('\n');
    }
    text
}

/// Whatever needs a person's eye.
pub fn remarks(report: &Report) -> String {
    let mut text = String::new();
    for reason in &report.incomplete {
        let _ = writeln!(text, "INCOMPLETE: {} ({}) {}", reason.code, reason.count, reason.message);
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "warning: {} ({}) {}", warning.code, warning.count, warning.message);
    }
    let unused: Vec<String> = report
        .inputs
        .iter()
        .filter_map(|input| match &input.status {
            InputStatus::Used { .. } => None,
            InputStatus::Refused { reason, message } => {
                Some(format!("not used: {}: {message} ({reason})", input.name))
            }
            InputStatus::Duplicate { of } => {
                Some(format!("not used: {}: the same bytes as {of}", input.name))
            }
        })
        .collect();
    first(&mut text, &unused, unused.len() as u64);
    let rejects: Vec<String> = report
        .rejects
        .iter()
        .map(|reject| {
            let field = reject.field.as_ref().map(|field| format!(" in {field}")).unwrap_or_default();
            let detail = reject.detail.as_ref().map(|detail| format!(", {detail}")).unwrap_or_default();
            format!(
                "rejected: {}:{}: {}{field}{detail} (byte {}, {} bytes)",
                reject.file,
                reject.line,
                reject.reason.name(),
                reject.offset,
                reject.bytes
            )
        })
        .collect();
    first(&mut text, &rejects, report.rejects_total);
    text
}

fn first(text: &mut String, lines: &[String], total: u64) {
    for line in lines.iter().take(TOLD) {
        text.push_str(line);
        text.push('\n');
    }
    let told = lines.len().min(TOLD) as u64;
    if total > told {
        let _ = writeln!(text, "… and {} more", total - told);
    }
}
