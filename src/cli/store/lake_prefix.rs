//! A prefix of an object store that a lake is written to, and what is there before: the rules are those of a folder.
//! Who reads the old lake's objects again to see whether they are unchanged would wait for all of it, so each object
//! carries marks of its content; only one that has none, of a lake that was copied there, is read.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stedi_lakehouse::export::{Export, REPORT};
use stedi_lakehouse::lake::{is_hidden, is_in_table, is_landing};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::splits::SPLITS;

use super::address::Address;
use super::bucket::{Bucket, Object};
use super::reader::ObjectReader;
use crate::cli::lake::survey::{OldLake, in_the_way, list};
use crate::cli::lake::{Identity, guard, read};
use crate::cli::{Failure, threads};

/// The output of a run whose `--out` is an address.
pub struct LakePrefix {
    pub(super) address: Address,
    pub(super) bucket: Arc<Bucket>,
    pub(super) old: OldLake,
    path: PathBuf,
    /// As it was when the run began, and its text.
    report: Option<(Object, String)>,
    /// Files of another lake that the run reads: none of them is an input by itself.
    beside: HashSet<Identity>,
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

impl LakePrefix {
    /// Reads the report of the lake there, if there is one.
    pub fn open(address: &Address) -> Result<LakePrefix, Failure> {
        let bucket = Bucket::connect(address)?;
        let (mut report, mut old) = (None, OldLake::default());
        if let Some(object) = bucket.object(&address.join(REPORT).key)? {
            let text = object.read().map_err(|error| Failure::io("read", object.path(), &error))?;
            let text = String::from_utf8(text.into()).ok();
            old = OldLake::of(text.as_deref(), object.path())?;
            report = text.map(|text| (object, text));
        }
        let (path, address) = (address.path(), address.clone());
        let (beside, objects) = (HashSet::new(), BTreeMap::new());
        Ok(LakePrefix { address, bucket, old, path, report, beside, objects })
    }

    /// Its address, in the place of a path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The address of an object of the lake, in the place of a path.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.address.join(path).path()
    }

    /// The text of the report that was there when the run began.
    pub fn report(&self) -> Option<String> {
        self.report.as_ref().map(|(_, text)| text.clone())
    }

    /// Whether a lake is there.
    pub fn has_lake(&self) -> bool {
        self.old.is_there()
    }

    /// The lake's own objects, so that they are not read as input; its landing files may be.
    pub fn own_files(&self) -> HashSet<Identity> {
        let named = self.old.named.iter().map(|file| file.path.as_str()).filter(|path| !is_landing(path));
        let own = named.chain([REPORT]).map(|path| Identity::of(&self.at(path)));
        own.chain(self.beside.iter().cloned()).collect()
    }

    /// Sees that these files of another lake are not read as input either.
    pub fn pass_over(&mut self, files: impl Iterator<Item = PathBuf>) {
        self.beside.extend(files.map(|path| Identity::of(&path)));
    }

    /// Holds what is there against its report, and looks for what is in the way of an export.
    ///
    /// # Errors
    /// As for a folder: if an object was changed since, or if one that is no part of the lake lies where a table or a
    /// landing file is read from. Also if another run has written the report since this one began.
    pub fn survey(&mut self, export: Export, inputs: &HashSet<Identity>) -> Result<(), Failure> {
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
        let (mut people, mut strays) = (Vec::new(), Vec::new());
        for path in self.objects.keys() {
            let table = Table::ALL.into_iter().find(|table| is_in(path, table.folder()));
            let of_people = table.is_some_and(|table| !export.tables().contains(&table));
            let is_read = table.is_some() || (export == Export::Research && is_in(path, SPLITS));
            let at = self.at(path);
            if is_read && !is_landing(path) && inputs.contains(&Identity::of(&at)) {
                return Err(Failure::Usage(format!(
                    "nothing is written: {} is an input, and lies in a folder of the lake where only its own files \
                     may be; move it elsewhere",
                    at.display()
                )));
            }
            if export == Export::Research && of_people {
                people.push(at.display().to_string());
            } else if is_read
                && !self.old.has(path)
                && !is_hidden(path)
                && !inputs.contains(&Identity::of(&at))
            {
                strays.push(at.display().to_string());
            }
        }
        if !people.is_empty() {
            return Err(Failure::Usage(format!(
                "a research export needs a place without tables that lead to people; there is {}",
                list(&people)
            )));
        }
        if strays.is_empty() { Ok(()) } else { Err(in_the_way(&strays)) }
    }

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

    /// Sees, before the inputs are read, that none of them would go with the old lake, whose landing files stay out of
    /// the new one.
    pub fn check_landing(&self, inputs: &HashSet<Identity>) -> Result<(), Failure> {
        let mut paths = self.old.files.keys().filter(|path| is_landing(path)).map(|path| self.at(path));
        match paths.find(|path| inputs.contains(&Identity::of(path))) {
            Some(path) => Err(guard::refused(&path, false)),
            None => Ok(()),
        }
    }

    /// The objects of the old lake that a lake of these files would not have.
    ///
    /// # Errors
    /// If one of the new files would replace what is not the lake's.
    pub fn removed_by(&self, files: &[String]) -> Result<Vec<&str>, Failure> {
        self.check_free(files)?;
        let old = self.old.files.keys().filter(|path| !files.contains(path));
        Ok(old.map(String::as_str).collect())
    }

    /// Sees that new objects can be written to these paths of the lake.
    pub(super) fn check_free(&self, paths: &[String]) -> Result<(), Failure> {
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
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
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
        Some(None) => Owner::Changed(
            "of which the older report of this lake has no hash, so nobody knows whether it was changed",
        ),
        Some(Some(sha256)) => match hash()? {
            hash if hash == sha256 => Owner::Lake(hash),
            _ => Owner::Changed("which is not what the lake's report says"),
        },
    })
}
