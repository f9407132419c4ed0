//! A prefix of an object store that a lake is written to, and what is there before: the rules are those of a folder.
//! Who reads the old lake's objects again to see whether they are unchanged would wait for all of it, so each object
//! carries marks of its content; only one that has none, of a lake that was copied there, is read.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use stedi_lakehouse::export::{Export, REPORT, TableFormat};
use stedi_lakehouse::lake::{is_in_table, is_landing};
use stedi_lakehouse::splits::SPLITS;

use super::address::Address;
use super::bucket::{Bucket, Object};
use super::reader::ObjectReader;
use crate::cli::lake::guard::misplaced;
use crate::cli::lake::survey::{NO_HASH, OTHER_HASH, OldLake, in_the_way, is_in};
use crate::cli::lake::{FileSource, Identity, NewFile, OutLake, read};
use crate::cli::{Failure, terminal, threads};

/// The output of a run whose `--out` is an address.
pub struct LakePrefix {
    pub(super) address: Address,
    pub(super) bucket: Arc<Bucket>,
    pub(super) old: OldLake,
    /// As it was when the run began, and its text.
    report: Option<(Object, String)>,
    /// All that lies below the address, as the last survey found it.
    objects: BTreeMap<String, Object>,
}

/// Whose an object is.
enum Owner {
    /// The lake's: it has this SHA-256, in hex.
    Lake(String),
    /// The lake's, but for what was done to it since.
    Changed(&'static str),
    Other,
}

/// Opens a prefix, and reads the report of the lake there, if there is one.
pub fn open_prefix(address: &Address) -> Result<Box<dyn OutLake>, Failure> {
    let bucket = Bucket::connect(address)?;
    let (mut report, mut old) = (None, OldLake::default());
    if let Some(object) = bucket.object(&address.join(REPORT).key)? {
        let text = object.read().map_err(|error| Failure::io("read", object.path(), &error))?;
        let text = String::from_utf8(text.into()).ok();
        old = OldLake::of(text.as_deref(), object.path())?;
        report = text.map(|text| (object, text));
    }
    let (address, objects) = (address.clone(), BTreeMap::new());
    Ok(Box::new(LakePrefix { address, bucket, old, report, objects }))
}

impl LakePrefix {
    /// Finds which objects are the lake's.
    fn hold_against_report(&mut self) -> Result<(), Failure> {
        let named: BTreeMap<&str, Option<&str>> =
            self.old.named.iter().map(|file| (file.path.as_str(), file.sha256.as_deref())).collect();
        // What a run has left that was stopped is named by no report. It writes no landing files there.
        let left = |path: &str| (is_in_table(path) && !is_landing(path)) || is_in(path, SPLITS);
        let asked: Vec<(&String, &Object)> = self
            .objects
            .iter()
            .filter(|(path, _)| named.contains_key(path.as_str()) || *path == REPORT || left(path))
            .collect();
        let owners = threads::map_waiting(true, asked.len(), |at| {
            let (path, object) = asked[at];
            owner(path, object, named.get(path.as_str()).copied())
        });
        let (mut files, mut changed) = (BTreeMap::new(), Vec::new());
        for ((path, object), owner) in asked.into_iter().zip(owners) {
            match owner.map_err(|error| Failure::io("read", object.path(), &error))? {
                Owner::Lake(sha256) => files.extend([(path.clone(), sha256)]),
                Owner::Changed(how) => changed.push(format!("{}, {how}", object.path().display())),
                Owner::Other => {}
            }
        }
        self.old.files = files;
        if changed.is_empty() { Ok(()) } else { Err(in_the_way(&changed)) }
    }
}

impl OutLake for LakePrefix {
    fn old(&self) -> &OldLake {
        &self.old
    }

    fn at(&self, path: &str) -> PathBuf {
        self.address.join(path).path()
    }

    fn report(&self) -> Option<String> {
        self.report.as_ref().map(|(_, text)| text.clone())
    }

    fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        self.objects = self.bucket.list(&self.address)?;
        let is_same = match (&self.report, self.objects.get(REPORT)) {
            (Some((before, _)), Some(now)) => before.is_same(now),
            (before, now) => before.is_none() && now.is_none(),
        };
        if !is_same {
            return Err(Failure::Failed(format!(
                "another run has written a lake to {} since this one began; nothing is written",
                self.address
            )));
        }
        self.hold_against_report()?;
        let is_read = |path: &str| is_in_table(path) || (export == Export::Research && is_in(path, SPLITS));
        let found = self.objects.keys().filter(|path| is_read(path));
        let found: Vec<(String, PathBuf)> = found.map(|path| (path.clone(), self.at(path))).collect();
        let is_misplaced =
            |(path, at): &&(String, PathBuf)| !is_landing(path) && inputs.contains(&Identity::of(at));
        match found.iter().find(is_misplaced) {
            Some((_, at)) => Err(misplaced(at)),
            None => self.old.check_strays("place", &found, export, inputs),
        }
    }

    fn check_free(&self, paths: &[String]) -> Result<(), Failure> {
        let mut taken = BTreeSet::new();
        for path in paths.iter().filter(|path| !self.old.has(path)) {
            let Some(object) = self.objects.get(path) else { continue };
            let marks = object.marks().map_err(|error| Failure::io("read", object.path(), &error))?;
            if !marks.is_some_and(|marks| marks.are_of(path)) {
                taken.insert(object.path().display().to_string());
            }
        }
        let taken: Vec<String> = taken.into_iter().collect();
        if taken.is_empty() { Ok(()) } else { Err(in_the_way(&taken)) }
    }

    fn replace(
        &mut self,
        export: Export,
        files: &[NewFile<'_>],
        kept: &HashSet<String>,
        inputs: &HashSet<Identity>,
    ) -> Result<(), Failure> {
        if files.iter().any(|file| matches!(file.source, FileSource::Copy(_))) {
            return Err(Failure::Usage("landing files are not copied to an object store".to_owned()));
        }
        let (removed, written) = self.changes(export, files, kept, inputs)?;
        self.change(removed, &written)
    }

    fn caution(&self, format: TableFormat) -> String {
        let how = match format {
            TableFormat::Parquet => "one object after the other, the report last",
            TableFormat::Delta => "one table after the other, each at once by its log, the report last",
        };
        let place = terminal::path(&self.address.path());
        format!(
            "Writing to {place}: {how}. This is not all or nothing: until it has ended, readers may find old and new \
             together. Let nothing else write there.\n"
        )
    }
}

/// Whose an object is, of which the report, if it names it, may say the SHA-256.
fn owner(path: &str, object: &Object, named: Option<Option<&str>>) -> io::Result<Owner> {
    if let Some(marks) = object.marks()?.filter(|marks| marks.are_of(path)) {
        return Ok(Owner::Lake(marks.sha256));
    }
    let hash = || read(ObjectReader::open(object, 0, u64::MAX)?, |_| Ok(()));
    Ok(match named {
        // That it is one was seen when it was read.
        _ if path == REPORT => Owner::Lake(hash()?),
        None => Owner::Other,
        Some(None) => Owner::Changed(NO_HASH),
        Some(Some(sha256)) => match hash()? {
            hash if hash == sha256 => Owner::Lake(hash),
            _ => Owner::Changed(OTHER_HASH),
        },
    })
}
