//! Where a run writes its lake, and what it asks of a folder and of a prefix of an object store alike.

use std::collections::HashSet;
use std::path::PathBuf;

use stedi_lakehouse::audit::InPlace;
use stedi_lakehouse::export::{Export, REPORT, TableFormat};
use stedi_lakehouse::lake::is_landing;

use super::guard::refuse_inputs;
use super::identity::Identity;
use super::survey::OldLake;
use crate::cli::Failure;
use crate::cli::location::Location;

/// A file of the new lake.
pub struct NewFile<'a> {
    /// Path below the lake, with slashes.
    pub path: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Its bytes.
    pub source: FileSource<'a>,
}

/// Where the bytes of a new file come from.
pub enum FileSource<'a> {
    /// Memory, in pieces.
    Bytes(Vec<&'a [u8]>),
    /// A file or an object, which must have the hash.
    Copy(&'a Location),
}

/// The output of a run.
pub trait OutLake {
    /// The lake that was there when this was opened.
    fn old(&self) -> &OldLake;

    /// The path of a file of the lake, or its address.
    fn at(&self, path: &str) -> PathBuf;

    /// The text of the report that was there when this was opened, or is there now.
    fn report(&self) -> Option<String>;

    /// Holds the old lake against its report, and looks for what is in the way of an export.
    ///
    /// # Errors
    /// If a file was changed since, or if one that is no part of the lake lies where a table or a landing file is read
    /// from. Also if another run has written a lake there since this was opened.
    fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure>;

    /// Sees that new files can be written to these paths of the lake.
    ///
    /// # Errors
    /// If one would replace what is not the lake's.
    fn check_free(&self, paths: &[String]) -> Result<(), Failure>;

    /// Replaces the lake by these files, of which the last is the report. Files of the old lake that are not among
    /// them are removed, but for those that are `kept`.
    fn replace(
        &mut self,
        export: Export,
        files: &[NewFile<'_>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure>;

    /// Those of the inputs, given by name and path, that lie in a landing folder of the lake.
    fn in_place(&self, _: &[(String, Location)]) -> Vec<InPlace> {
        Vec::new()
    }

    /// What is said before a lake is written there.
    fn caution(&self, _: TableFormat) -> String {
        String::new()
    }

    /// Whether a lake is there.
    fn has_lake(&self) -> bool {
        self.old().is_there()
    }

    /// The lake's own files, so that they are not read as input; its landing files may be.
    fn own_files(&self) -> HashSet<Identity> {
        let named = self.old().named.iter().map(|file| file.path.as_str()).filter(|path| !is_landing(path));
        named.chain([REPORT]).map(|path| Identity::of(&self.at(path))).collect()
    }

    /// Sees, before the inputs are read, that none of them would go with the old lake if landing files stay out of
    /// the new one.
    fn check_landing(&self, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        let landing = self.old().files.keys().filter(|path| is_landing(path));
        refuse_inputs(landing.map(|path| (self.at(path), false)), inputs)
    }

    /// The files of the old lake that a lake of these files would not have.
    ///
    /// # Errors
    /// If one of the new files would replace what is not the lake's.
    fn removed_by(&self, files: &[String]) -> Result<Vec<&str>, Failure> {
        self.check_free(files)?;
        let old = self.old().files.keys().filter(|path| !files.contains(path));
        Ok(old.map(String::as_str).collect())
    }

    /// Sees that [`OutLake::replace`] can do what it is asked for, and gives the paths of the old lake that are removed
    /// and the files that are written: one that stays the same is not.
    fn changes<'a>(
        &mut self,
        export: Export,
        files: &'a [NewFile<'a>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(Vec<String>, Vec<&'a NewFile<'a>>), Failure> {
        self.survey(export, inputs)?;
        let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
        self.check_free(&paths)?;
        let (old, new) = (&self.old().files, paths.iter().collect::<HashSet<_>>());
        let removed: Vec<String> =
            old.keys().filter(|path| !new.contains(path) && !kept.contains(*path)).cloned().collect();
        let written: Vec<_> = files.iter().filter(|file| old.get(&file.path) != Some(&file.sha256)).collect();
        let paths =
            removed.iter().map(|path| (path, false)).chain(written.iter().map(|file| (&file.path, true)));
        refuse_inputs(paths.map(|(path, is_written)| (self.at(path), is_written)), inputs)?;
        Ok((removed, written))
    }
}
