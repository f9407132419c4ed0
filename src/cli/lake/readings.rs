//! The tables of readings of a lake, read by row groups.

use std::collections::BTreeMap;

use stedi_lakehouse::lake::TableFile;
use stedi_lakehouse::pipeline::Reader;
use stedi_lakehouse::schema::Table;

use super::read_lake::ReadLake;
use crate::cli::Failure;

/// A table of readings.
pub struct Readings {
    /// Path of its file below the lake.
    pub path: String,
    pub bytes: u64,
    pub file: TableFile,
}

/// Both tables of readings of a lake whose files have these sizes.
pub fn of_lake(lake: &ReadLake<'_>, sizes: &BTreeMap<String, u64>) -> Result<Vec<Readings>, Failure> {
    let tables = lake.contents.tables().into_iter();
    tables
        .filter(|(table, _)| matches!(table, Table::AccelerometerTrusted | Table::StepTrainerTrusted))
        .map(|(table, path)| {
            let file = TableFile::open(table, &lake.table(&path)?)?;
            Ok(Readings { bytes: sizes.get(&path).copied().unwrap_or_default(), path, file })
        })
        .collect()
}

/// The row groups that threads take: a table of readings, and which of its row groups.
pub fn parts(readings: &[Readings]) -> Vec<(usize, usize)> {
    let tables = readings.iter().enumerate();
    tables.flat_map(|(at, table)| (0..table.file.row_groups()).map(move |group| (at, group))).collect()
}

/// Reads one of them.
pub fn read(
    lake: &ReadLake<'_>,
    readings: &[Readings],
    reader: &mut Reader,
    (at, group): (usize, usize),
) -> Result<(), Failure> {
    let Readings { path, file, .. } = &readings[at];
    let table = file.table();
    Ok(file.read(lake.table(path)?, group, |batch| reader.lake_rows(table, batch))?)
}
