//! Where a run writes its lake: a folder, or a prefix of an object store.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::InPlace;
use stedi_lakehouse::export::{Export, REPORT, TableFormat};

use super::identity::Identity;
use super::{LakeFolder, NewFile};
use crate::cli::location::Location;
use crate::cli::store::{Address, LakePrefix};
use crate::cli::{Failure, terminal};

/// The output of a run.
pub enum OutLake {
    Folder(LakeFolder),
    Prefix(Box<LakePrefix>),
}

impl OutLake {
    /// See [`LakeFolder::open`].
    pub fn open(path: &Path) -> Result<OutLake, Failure> {
        match Address::of(path) {
            Some(address) => LakePrefix::open(&address).map(Box::new).map(OutLake::Prefix),
            None => LakeFolder::open(path).map(OutLake::Folder),
        }
    }

    /// As [`OutLake::open`], for a run that writes nothing: see [`LakeFolder::read_only`].
    pub fn read_only(path: &Path) -> Result<OutLake, Failure> {
        match Address::of(path) {
            Some(_) => OutLake::open(path),
            None => LakeFolder::read_only(path).map(OutLake::Folder),
        }
    }

    /// The folder, or the address.
    pub fn path(&self) -> &Path {
        match self {
            OutLake::Folder(folder) => folder.path(),
            OutLake::Prefix(prefix) => prefix.path(),
        }
    }

    /// Whether a lake is there.
    pub fn has_lake(&self) -> bool {
        match self {
            OutLake::Folder(folder) => folder.has_lake(),
            OutLake::Prefix(prefix) => prefix.has_lake(),
        }
    }

    /// The text of the report that was there when this was opened, or is there now.
    pub fn report(&self) -> Option<String> {
        match self {
            OutLake::Folder(folder) => {
                let path = folder.path().join(REPORT);
                path.is_file().then(|| fs::read_to_string(&path).ok()).flatten()
            }
            OutLake::Prefix(prefix) => prefix.report(),
        }
    }

    /// What is said before a lake is written there.
    pub fn caution(&self, format: TableFormat) -> String {
        let OutLake::Prefix(prefix) = self else { return String::new() };
        let how = match format {
            TableFormat::Parquet => "one object after the other, the report last",
            TableFormat::Delta => "one table after the other, each at once by its log, the report last",
        };
        let place = terminal::path(prefix.path());
        format!(
            "Writing to {place}: {how}. This is not all or nothing: until it has ended, readers may find old and new \
             together. Let nothing else write there.\n"
        )
    }

    /// See [`LakeFolder::survey`].
    pub fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        match self {
            OutLake::Folder(folder) => folder.survey(export, inputs),
            OutLake::Prefix(prefix) => prefix.survey(export, inputs),
        }
    }

    /// See [`LakeFolder::own_files`].
    pub fn own_files(&self) -> HashSet<Identity> {
        match self {
            OutLake::Folder(folder) => folder.own_files(),
            OutLake::Prefix(prefix) => prefix.own_files(),
        }
    }

    /// See [`LakeFolder::pass_over`].
    pub fn pass_over(&mut self, files: impl Iterator<Item = PathBuf>) {
        match self {
            OutLake::Folder(folder) => folder.pass_over(files),
            OutLake::Prefix(prefix) => prefix.pass_over(files),
        }
    }

    /// See [`LakeFolder::in_place`]. No landing files come along to a store.
    pub fn in_place(&self, inputs: &[(String, Location)]) -> Vec<InPlace> {
        match self {
            OutLake::Folder(folder) => folder.in_place(inputs),
            OutLake::Prefix(_) => Vec::new(),
        }
    }

    /// See [`LakeFolder::check_landing`].
    pub fn check_landing(&self, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        match self {
            OutLake::Folder(folder) => folder.check_landing(inputs),
            OutLake::Prefix(prefix) => prefix.check_landing(inputs),
        }
    }

    /// See [`LakeFolder::removed_by`].
    pub fn removed_by(&self, files: &[String]) -> Result<Vec<&str>, Failure> {
        match self {
            OutLake::Folder(folder) => folder.removed_by(files),
            OutLake::Prefix(prefix) => prefix.removed_by(files),
        }
    }

    /// See [`LakeFolder::replace`].
    pub fn replace(
        &mut self,
        export: Export,
        files: &[NewFile<'_>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure> {
        match self {
            OutLake::Folder(folder) => folder.replace(export, files, kept, inputs),
            OutLake::Prefix(prefix) => prefix.replace(export, files, kept, inputs),
        }
    }
}
