//! Detects files and the entries of zips, and leaves out what is there twice.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use stedi_lakehouse::ingest::{
    Archive, ArchiveError, ContentDigest, Detection, Digest, Duplicates, InputFile, Refusal, Sketch,
    detect_file, is_plain, ranges, skip,
};
use stedi_lakehouse::report::{Input, leave_out};
use stedi_lakehouse::schema::Landing;

use super::files::Found;
use super::location::{Location, Opened};
use super::{Failure, terminal, threads};

/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// A file, or an entry of a zip, whose table is known.
pub struct Source {
    pub place: Place,
    pub name: String,
    pub bytes: u64,
    pub table: Landing,
    /// Of a file of several tables; whether it also has what is of none.
    pub share: Option<bool>,
    /// Not compressed, so it can be read in ranges.
    plain: bool,
}

/// Where the bytes of an input are.
#[derive(Clone)]
pub struct Place {
    location: Location,
    pub entry: Option<usize>,
}

/// Something that may be used, unless another holds the same.
struct Seen<T> {
    it: T,
    name: String,
    /// Its path below the folder that was named.
    below: String,
    bytes: u64,
    sketch: Sketch,
}

/// What files are, before it is known which of them are used.
#[derive(Default)]
struct Detected {
    sources: Vec<Seen<DetectedFile>>,
    zips: Vec<Seen<Place>>,
    /// With their paths below the folder that was named.
    refused: Vec<(Input, String)>,
    unused: Vec<Input>,
}

/// What the files hold, and what of them cannot be used. One that is refused is no
/// duplicate: each is told why.
pub fn detected(found: Vec<Found>, all_zones: bool) -> (Vec<Source>, Vec<Input>) {
    let mut files = Detected::default();
    let are_remote = found.iter().any(|file| file.location.is_remote());
    let heads = threads::map_waiting(are_remote, found.len(), |at| Head::of(&found[at]));
    for (file, head) in found.into_iter().zip(heads) {
        files.file(file, head);
    }
    // A zip that is there twice is one duplicate, not one for each entry.
    let zips = once(std::mem::take(&mut files.zips), |place| place, &mut files.unused);
    zips.into_iter().for_each(|zip| files.entries(zip));
    let Detected { mut sources, mut refused, mut unused, .. } = files;
    if !all_zones {
        let leave = |seen: Seen<_>, zone| unused.push(Input::left_out(seen.name, seen.bytes, zone));
        let refused = refused.iter_mut().map(|(input, below)| (below.clone(), input));
        leave_out(&mut sources, |seen| &seen.below, leave, refused);
    }
    unused.extend(refused.into_iter().map(|(input, _)| input));
    let sources = once(sources, |source| &source.place, &mut unused);
    (sources.into_iter().flat_map(shares).collect(), unused)
}

/// A file and the table of its records; none if they are of several.
struct DetectedFile {
    place: Place,
    table: Option<Landing>,
    plain: bool,
}

/// A file as sources, one for each of its tables. What is of no table belongs to the
/// first, customers, whose rejects may have taken consent back.
fn shares(
    Seen { it: DetectedFile { place, table, plain }, name, bytes, .. }: Seen<DetectedFile>,
) -> Vec<Source> {
    let source = |table, share: Option<bool>| Source {
        place: place.clone(),
        name: name.clone(),
        bytes,
        table,
        share,
        plain: plain && share.is_none(),
    };
    match table {
        Some(table) => vec![source(table, None)],
        None => Landing::ALL.map(|table| source(table, Some(table == Landing::Customer))).into(),
    }
}

/// What the first bytes of a file tell.
struct Head {
    detection: Detection,
    sketch: Sketch,
    is_plain: bool,
}

impl Head {
    fn of(file: &Found) -> io::Result<Head> {
        let (detection, head) = file.location.open().and_then(detect_file)?;
        Ok(Head { detection, sketch: Sketch::of_file(&head, file.bytes), is_plain: is_plain(&head) })
    }
}

impl Detected {
    fn file(&mut self, Found { location, name, below, bytes }: Found, head: io::Result<Head>) {
        match head {
            Ok(Head { detection: Detection::Refused(refusal), .. }) => {
                self.refused.push((Input::refusal(name, bytes, refusal), below));
            }
            Ok(Head { detection, sketch, is_plain }) => {
                let place = Place { location, entry: None };
                let table = match detection {
                    Detection::Table(table) => Some(table),
                    Detection::Several => None,
                    // A whole file never asks for more.
                    _ => return self.zips.push(Seen { it: place, name, below, bytes, sketch }),
                };
                let it = DetectedFile { place, table, plain: is_plain };
                self.sources.push(Seen { it, name, below, bytes, sketch });
            }
            Err(error) => {
                self.refused.push((Input::refused(name, bytes, "unreadable", &error.to_string()), below));
            }
        }
    }

    fn entries(&mut self, zip: Seen<Place>) {
        let Seen { it: Place { location, .. }, name: zip, below: zip_below, bytes, .. } = zip;
        let opened = location.open().map_err(|error| ("unreadable", error.to_string()));
        let archive =
            opened.and_then(|file| Archive::new(file).map_err(|error| (error.reason(), error.to_string())));
        let mut archive = match archive {
            Ok(archive) => archive,
            Err((reason, message)) => {
                self.refused.push((Input::refused(zip, bytes, reason, &message), zip_below));
                return;
            }
        };
        if archive.entries().is_empty() {
            self.refused.push((Input::refusal(zip.clone(), bytes, Refusal::EmptyArchive), zip_below.clone()));
        }
        for at in 0..archive.entries().len() {
            let entry = &archive.entries()[at];
            let (name, bytes) = (format!("{zip}/{}", entry.name), entry.bytes);
            if let Some(skip) = skip(&entry.name, bytes) {
                self.unused.push(Input::skipped(name, bytes, skip));
                continue;
            }
            let below = format!("{zip_below}/{}", entry.name);
            match archive.detect(at) {
                Ok(found @ (Detection::Table(_) | Detection::Several)) => {
                    let place = Place { location: location.clone(), entry: Some(at) };
                    let table = if let Detection::Table(table) = found { Some(table) } else { None };
                    let it = DetectedFile { place, table, plain: false };
                    let sketch = archive.entries()[at].sketch();
                    self.sources.extend(sketch.map(|sketch| Seen { it, name, below, bytes, sketch }));
                }
                Ok(Detection::Refused(refusal)) => {
                    self.refused.push((Input::refusal(name, bytes, refusal), below));
                }
                // `Archive::detect` settles these itself.
                Ok(Detection::Archive | Detection::More(_)) => {}
                Err(error) => {
                    let input = Input::refused(name, bytes, error.reason(), &error.to_string());
                    self.refused.push((input, below));
                }
            }
        }
    }
}

/// Leaves out what holds the same as another.
fn once<T: Sync>(
    seen: Vec<Seen<T>>,
    place: impl Fn(&T) -> &Place + Sync,
    unused: &mut Vec<Input>,
) -> Vec<Seen<T>> {
    let mut duplicates = Duplicates::default();
    seen.iter().for_each(|seen| duplicates.add(seen.name.as_str(), seen.sketch));
    let candidates = duplicates.candidates();
    let next = AtomicUsize::new(0);
    let are_remote = candidates.iter().any(|&at| place(&seen[at].it).location.is_remote());
    let digests = threads::each_waiting(are_remote, candidates.len(), || {
        let (mut archives, mut done) = (Archives::default(), Vec::new());
        while let Some(&at) = candidates.get(next.fetch_add(1, Ordering::Relaxed)) {
            // What cannot be read is no duplicate; reading it will say why.
            done.extend(place(&seen[at].it).digest(&mut archives).map(|digest| (at, digest)));
        }
        done
    });
    for (at, digest) in digests.into_iter().flatten() {
        duplicates.read(at, digest);
    }
    let mut kept = Vec::new();
    for (seen, original) in seen.into_iter().zip(duplicates.originals()) {
        match original {
            Some(original) => unused.push(Input::duplicate(seen.name, seen.bytes, original.to_owned())),
            None => kept.push(seen),
        }
    }
    kept
}

/// The zip that a thread has open. Entries are taken in order, so it opens each
/// zip once, and its directory is not read again for each entry.
#[derive(Default)]
pub struct Archives(Option<(PathBuf, Archive<Opened>)>);

impl Archives {
    fn open(&mut self, location: &Location) -> Result<&mut Archive<Opened>, Failure> {
        let path = location.path();
        let open = self.0.take().filter(|(open, _)| open == path);
        let open = match open {
            Some(open) => open,
            None => {
                let file = location.open().map_err(|error| Failure::io("read", path, &error))?;
                let archive = Archive::new(file);
                let failure = |error| Failure::Failed(format!("{}: {error}", terminal::path(path)));
                (path.to_owned(), archive.map_err(failure)?)
            }
        };
        Ok(&mut self.0.insert(open).1)
    }
}

impl Place {
    fn digest(&self, archives: &mut Archives) -> Result<Digest, Failure> {
        if let Some(entry) = self.entry {
            let digest = archives.open(&self.location)?.digest(entry);
            return digest.map_err(|error| Failure::Failed(error.to_string()));
        }
        let mut digest = ContentDigest::default();
        self.read(0, u64::MAX, |chunk| {
            digest.push(chunk);
            false
        })?;
        Ok(digest.finish())
    }

    /// Reads the file from a byte on until `take` has enough, which is soon behind `end`.
    pub fn read(&self, start: u64, end: u64, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), Failure> {
        let failure = |error| Failure::io("read", self.location.path(), &error);
        let mut reader = self.location.open_at(start, end).map_err(failure)?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = reader.read(&mut chunk).map_err(failure)?;
            if length == 0 || take(&chunk[..length]) {
                return Ok(());
            }
        }
    }
}

impl Source {
    /// A file to decode it into.
    pub fn file(&self) -> InputFile {
        match self.share {
            Some(rejects) => InputFile::share(self.name.as_str(), self.table, rejects),
            None => InputFile::new(self.name.as_str(), self.table),
        }
    }

    /// Takes something out of its zip.
    pub fn archive(
        &self,
        archives: &mut Archives,
        take: impl FnOnce(&mut Archive<Opened>) -> Result<(), ArchiveError>,
    ) -> Result<(), Failure> {
        let taken = take(archives.open(&self.place.location)?);
        taken.map_err(|error| Failure::Failed(format!("{}: {error}", terminal::shown(&self.name))))
    }

    /// The file, or the zip that holds it.
    pub fn location(&self) -> &Location {
        &self.place.location
    }

    /// Its path, or its address.
    pub fn path(&self) -> &Path {
        self.place.location.path()
    }

    /// The parts that threads take: ranges, or all of it.
    pub fn parts(&self, whole: bool) -> Vec<(u64, u64)> {
        match self.plain && !whole {
            true => ranges(self.bytes).collect(),
            false => vec![(0, u64::MAX)],
        }
    }
}
