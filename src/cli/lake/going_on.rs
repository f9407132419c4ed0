//! `run --from LAKE`: a lake stands in for the readings that it was made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use stedi_lakehouse::export::{REPORT, TableFormat, is_of_spark};
use stedi_lakehouse::lake::{Earlier, Past, TableFile, is_landing, keeps_rows};
use stedi_lakehouse::options::{Key, Options};
use stedi_lakehouse::pipeline::Reader;
use stedi_lakehouse::report::Input;
use stedi_lakehouse::schema::{Landing, Table};

use super::file_hash::{hash, read};
use super::identity::Identity;
use super::intent::TEMP;
use super::past::past_of;
use super::read_lake::ReadLake;
use super::readings::{self, Readings};
use super::{FileSource, NewFile};
use crate::cli::args::RunArgs;
use crate::cli::inputs::Source;
use crate::cli::location::Location;
use crate::cli::names::name_of;
use crate::cli::store::Address;
use crate::cli::{Failure, terminal, threads};

/// Why a run that has none does not go on from a lake.
pub const NO_CUSTOMERS: &str = "the inputs hold no customers. With --from all customers come anew, so that consent is \
                            decided on all of them";

/// The lake that a run goes on from.
pub struct FromLake<'a> {
    lake: ReadLake<'a>,
    /// Whether the run replaces it.
    pub is_replaced: bool,
    /// What the core knows of it.
    pub earlier: Earlier,
    readings: Vec<Readings>,
}

impl FromLake<'_> {
    /// Opens the lake that the arguments name, and reads its customers.
    ///
    /// # Errors
    /// If it is no whole lake, or the run cannot go on from it under these options and this key.
    pub fn open<'a>(
        args: &'a RunArgs,
        options: &Options,
        key: &Key,
    ) -> Result<Option<FromLake<'a>>, Failure> {
        let Some(path) = &args.from else { return Ok(None) };
        let usage = |what: &str| Err(Failure::Usage(format!("--from {}: {what}", terminal::path(path))));
        if args.with_landing {
            return usage(
                "the files that this lake was made of do not come along, so --with-landing cannot be given",
            );
        }
        let is_replaced = Identity::of(path) == Identity::of(&args.out);
        // The folder that is written to is locked already.
        let is_locked = is_replaced && Address::of(path).is_none();
        let lake = if is_locked { ReadLake::locked(path, None)? } else { ReadLake::open(path)? };
        if !is_replaced && path.join(TEMP).symlink_metadata().is_ok() {
            return usage(
                "a run was stopped while it wrote to this lake; a run into that folder finishes its work",
            );
        }
        if is_replaced && lake.contents.files.iter().any(|file| is_landing(&file.path)) {
            return usage(
                "it holds landing files, which the new lake would not have; choose another --out, so that they stay",
            );
        }
        let at = lake.path.join(REPORT);
        let sha256 = hash(&at).map_err(|error| Failure::io("read", &at, &error))?;
        let mut earlier = Earlier::new(&lake.contents.report, sha256, options)
            .map_err(|error| Failure::Usage(format!("--from {}: {error}", terminal::path(path))))?;
        if let Some(was) = earlier.other_key(options.identity, key).filter(|_| !args.new_key) {
            let was = terminal::shown(was);
            return usage(&format!(
                "its pseudonyms were made with another key (check value {was}); give that key by --key-file, or \
                 --new-key to give everyone another pseudonym"
            ));
        }
        let sizes = lake.whole()?;
        for (table, path) in lake.contents.tables() {
            if matches!(table, Table::CustomerTrusted | Table::CustomerCurated) {
                let file = TableFile::open(table, &lake.table(&path)?)?;
                for group in 0..file.row_groups() {
                    file.read(lake.table(&path)?, group, |batch| earlier.customers(table, batch))?;
                }
            }
        }
        let readings = readings::of_lake(&lake, &sizes)?;
        Ok(Some(FromLake { lake, is_replaced, earlier, readings }))
    }

    /// The lake's own files: none of them is an input by itself.
    pub fn own_files(&self) -> impl Iterator<Item = Identity> {
        let paths =
            self.lake.contents.files.iter().map(|file| file.path.as_str()).filter(|path| !is_landing(path));
        paths.chain([REPORT]).map(|path| Identity::of(&self.lake.named.join(path)))
    }

    /// The files of readings that the run takes in, by name, and where they are.
    pub fn files(&self) -> impl Iterator<Item = (String, Location)> {
        self.readings.iter().map(|Readings { path, .. }| {
            let place = Location::File(self.lake.path.join(path));
            (name_of(&self.lake.named.join(path)), place)
        })
    }

    /// The same as inputs of the run.
    pub fn inputs(&self) -> impl Iterator<Item = Input> {
        self.readings.iter().map(|Readings { path, bytes, file }| {
            Input::lake(name_of(&self.lake.named.join(path)), *bytes, file.table(), file.rows())
        })
    }

    /// Takes out the files of readings that this lake was made of, and gives them as inputs that are
    /// not read. Customers always come whole.
    pub fn leave_out(&self, sources: Vec<Source>) -> (Vec<Source>, Vec<Input>) {
        let places: BTreeMap<&Path, &Location> = sources
            .iter()
            .filter(|source| source.table != Landing::Customer)
            .map(|source| (source.path(), source.location()))
            .collect();
        let places: Vec<(&Path, &Location)> = places.into_iter().collect();
        let are_remote = places.iter().any(|(_, place)| place.is_remote());
        // What cannot be read is not known; reading it will say why.
        let known = threads::map_waiting(are_remote, places.len(), |at| {
            let sha256 = places[at].1.open_whole().and_then(|file| read(file, |_| Ok(())));
            sha256.is_ok_and(|sha256| self.earlier.has_read(&sha256))
        });
        let known: BTreeSet<PathBuf> = places
            .iter()
            .zip(known)
            .filter(|(_, known)| *known)
            .map(|((path, _), _)| (*path).to_owned())
            .collect();
        let (left, sources): (Vec<Source>, Vec<Source>) = sources
            .into_iter()
            .partition(|source| source.table != Landing::Customer && known.contains(source.path()));
        let left = left.into_iter().map(|source| Input::in_lake(source.name, source.bytes));
        (sources, left.collect())
    }

    /// Whether its tables have logs that can go on: the job on Spark writes none.
    pub fn has_logs(&self) -> bool {
        let contents = &self.lake.contents;
        contents.format() == TableFormat::Delta && !is_of_spark(&contents.report)
    }

    /// Whether these tables have every row of its own.
    pub fn keeps_rows(&self, tables: &[(Table, NewFile<'_>, u64)]) -> Result<bool, Failure> {
        let kept = threads::map(tables.len(), |at| self.keeps_rows_of(tables[at].0, &tables[at].1));
        kept.into_iter().try_fold(true, |all, kept| Ok(all && kept?))
    }

    fn keeps_rows_of(&self, table: Table, new: &NewFile<'_>) -> Result<bool, Failure> {
        let tables = self.lake.contents.tables();
        let Some((_, path)) = tables.iter().find(|(known, _)| *known == table) else { return Ok(true) };
        // Its name says what is in it.
        if *path == new.path {
            return Ok(true);
        }
        let FileSource::Bytes(parts) = &new.source else { return Ok(false) };
        let bytes = Bytes::from(parts.concat());
        let (old, new) = (TableFile::open(table, &self.lake.table(path)?)?, TableFile::open(table, &bytes)?);
        Ok(keeps_rows(&old, || self.lake.table(path), &new, || Ok(bytes.clone()))?)
    }

    /// What stays of its versions.
    pub fn past(&self) -> Past {
        past_of(&self.lake)
    }

    /// The row groups that threads take.
    pub fn parts(&self) -> Vec<(usize, usize)> {
        readings::parts(&self.readings)
    }

    /// Reads one of them.
    pub fn read(&self, reader: &mut Reader, part: (usize, usize)) -> Result<(), Failure> {
        readings::read(&self.lake, &self.readings, reader, part)
    }
}
