//! What lies in the output folder before anything is written to it: the old lake,
//! and what is not this program's to touch.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use stedi_lakehouse::audit::ReportFile;
use stedi_lakehouse::export::{self, Export, LakeFile, REPORT};
use stedi_lakehouse::lake::{is_hidden, is_in_table};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::SPLITS;
use walkdir::WalkDir;

use super::file_hash::hash;
use super::identity::Identity;
use crate::cli::{Failure, threads};

/// How many files a refusal names.
const NAMED: usize = 10;

/// Why a file that the report names is in the way: nothing says what was in it.
pub const NO_HASH: &str =
    "of which the older report of this lake has no hash, so nobody knows whether it was changed";
/// The same: it was changed.
pub const OTHER_HASH: &str = "which is not what the lake's report says";

/// The lake that a run replaces.
#[derive(Default)]
pub struct OldLake {
    /// Whether a report is there.
    has_report: bool,
    /// The files that it names, which may be there or not.
    pub named: Vec<LakeFile>,
    /// Its files that are there and are what the report says, by path, with their hashes. The report is one.
    pub files: BTreeMap<String, String>,
    seen: HashMap<PathBuf, (Stamp, String)>,
}

/// What changes with a file's content.
type Stamp = (u64, Option<SystemTime>, Identity);

impl OldLake {
    /// Reads the report of the lake in a folder, if there is one.
    pub fn read(lake: &Path) -> Result<OldLake, Failure> {
        let path = lake.join(REPORT);
        if path.symlink_metadata().is_err() {
            return Ok(OldLake::default());
        }
        // What is no file may never end.
        let text = if path.is_file() { fs::read_to_string(&path).ok() } else { None };
        OldLake::of(text.as_deref(), &path)
    }

    /// The lake of the report that lies there; none if it is no text.
    pub fn of(text: Option<&str>, path: &Path) -> Result<OldLake, Failure> {
        let report = text.and_then(|text| ReportFile::read(text).ok());
        let refuse = |what| in_the_way(&[format!("{}, {what}", path.display())]);
        let report =
            report.ok_or_else(|| refuse("which is not a report of this program, or of a later version"))?;
        let named = export::lake_files(&report)
            .ok_or_else(|| refuse("which does not say by their hashes which files of a lake belong to it"))?;
        Ok(OldLake { has_report: true, named, ..OldLake::default() })
    }

    /// Whether a lake is there, and not only the report of a run that failed.
    pub fn is_there(&self) -> bool {
        !self.named.is_empty()
    }

    /// Whether the file of this path is the lake's, unchanged.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Holds its files in a folder against its report, and looks for what is in the way of an export. Names all of it,
    /// and changes nothing.
    pub fn survey(&mut self, lake: &Path, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        self.hold_against_report(lake)?;
        let mut found = Vec::new();
        let splits = (export == Export::Research).then_some(SPLITS);
        for folder in Table::ALL.map(Table::folder).into_iter().chain(splits) {
            found.extend(below(lake, folder)?);
        }
        self.check_strays("folder", &found, export, inputs)
    }

    /// Sees that of the files where tables are read from, given by path and place, none is in the way of an export.
    /// Inputs may lie there, and what readers of tables pass over: Spark, Hive, Athena and pyarrow do where a name
    /// begins with a dot or an underscore, but for the log of a table.
    pub fn check_strays(
        &self,
        place: &str,
        found: &[(String, PathBuf)],
        export: Export,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure> {
        let (mut people, mut strays) = (Vec::new(), Vec::new());
        for (path, at) in found {
            let is_of_export = export.tables().iter().any(|table| is_in(path, table.folder()));
            if export == Export::Research && is_in_table(path) && !is_of_export {
                people.push(at.display().to_string());
            } else if !self.has(path) && !is_hidden(path) && !inputs.contains(&Identity::of(at)) {
                strays.push(at.display().to_string());
            }
        }
        if !people.is_empty() {
            return Err(Failure::Usage(format!(
                "a research export needs a {place} without tables that lead to people; there is {}",
                list(&people)
            )));
        }
        if strays.is_empty() { Ok(()) } else { Err(in_the_way(&strays)) }
    }

    fn hold_against_report(&mut self, lake: &Path) -> Result<(), Failure> {
        let mut named = self.named.clone();
        if self.has_report {
            named.push(LakeFile { path: REPORT.to_owned(), sha256: None });
        }
        let hashes = threads::map(named.len(), |at| self.hash(&lake.join(&named[at].path)));
        let (mut files, mut changed) = (BTreeMap::new(), Vec::new());
        for (LakeFile { path, sha256 }, found) in named.into_iter().zip(hashes) {
            let at = lake.join(&path);
            match found.map_err(|error| Failure::io("read", &at, &error))? {
                None => {}
                Some(_) if sha256.is_none() && path != REPORT => {
                    changed.push(format!("{}, {NO_HASH}", at.display()));
                }
                Some((_, hash)) if sha256.as_ref().is_some_and(|sha256| *sha256 != hash) => {
                    changed.push(format!("{}, {OTHER_HASH}", at.display()));
                }
                Some((stamp, hash)) => {
                    self.seen.insert(at, (stamp, hash.clone()));
                    files.insert(path, hash);
                }
            }
        }
        self.files = files;
        if changed.is_empty() { Ok(()) } else { Err(in_the_way(&changed)) }
    }

    /// The hash of a file; it is read only once if it stays as it is.
    fn hash(&self, path: &Path) -> io::Result<Option<(Stamp, String)>> {
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if !metadata.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let stamp = (metadata.len(), metadata.modified().ok(), Identity::of(path));
        match self.seen.get(path) {
            Some((seen, hash)) if *seen == stamp => Ok(Some((stamp, hash.clone()))),
            _ => Ok(Some((stamp, hash(path)?))),
        }
    }

    /// Sees that new files can be written to these paths of the lake.
    ///
    /// # Errors
    /// If one would replace a file that is not the lake's, or if its folder is a link or a file.
    pub fn check_free(&self, lake: &Path, paths: &[String]) -> Result<(), Failure> {
        let (mut taken, home) = (Vec::new(), Identity::of(lake));
        for path in paths {
            let at = lake.join(path);
            if !self.has(path) && at.symlink_metadata().is_ok() {
                taken.push(at.display().to_string());
            }
            for above in at.ancestors().skip(1).take_while(|above| *above != lake) {
                let Ok(metadata) = above.symlink_metadata() else { continue };
                if !metadata.is_dir() {
                    taken.push(format!("{}, which is no plain folder", above.display()));
                } else if Identity::of(above).is_apart(&home) {
                    taken.push(format!("{}, which is on another file system", above.display()));
                }
            }
        }
        taken.sort();
        taken.dedup();
        if taken.is_empty() { Ok(()) } else { Err(in_the_way(&taken)) }
    }
}

/// Whether a path below a lake is in one of its folders.
pub fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The files in a folder of the lake: their paths below it, and where they are.
fn below(lake: &Path, name: &str) -> Result<Vec<(String, PathBuf)>, Failure> {
    let folder = lake.join(name);
    if folder.symlink_metadata().is_err() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(&folder).to_owned();
            Failure::io("read", &path, &error.into())
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let inner = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
        let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let path = format!("{name}/{}", parts.join("/"));
        files.push((path.clone(), lake.join(path)));
    }
    Ok(files)
}

/// The refusal of what this program must not touch.
pub fn in_the_way(what: &[String]) -> Failure {
    Failure::Failed(format!(
        "nothing is written, for this is in the way: {}; move it away, or choose another --out",
        list(what)
    ))
}

/// The first of many, as a text.
fn list(what: &[String]) -> String {
    let mut text = what.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    if what.len() > NAMED {
        text += &format!("; and {} more", what.len() - NAMED);
    }
    text
}
