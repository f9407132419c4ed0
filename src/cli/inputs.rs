//! Detects files and the entries of zips, and leaves out what is there twice.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use stedi_lakehouse::ingest::{
    Archive, ArchiveError, ContentDigest, Detection, Digest, Duplicates, Refusal, Sketch, detect_file,
    is_hidden, is_plain, ranges,
};
use stedi_lakehouse::report::Input;
use stedi_lakehouse::schema::Landing;

use super::files::Found;
use super::{Failure, terminal, threads};

/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// A file, or an entry of a zip, whose table is known.
pub struct Source {
    pub place: Place,
    pub name: String,
    pub bytes: u64,
    pub table: Landing,
    /// Not compressed, so it can be read in ranges.
    plain: bool,
}

/// Where the bytes of an input are.
pub struct Place {
    path: PathBuf,
    pub entry: Option<usize>,
}

/// Something that may be used, unless another holds the same.
struct Seen<T> {
    it: T,
    name: String,
    bytes: u64,
    sketch: Sketch,
}

/// What the files hold, and what of them cannot be used. One that is refused is no
/// duplicate: each is told why.
pub fn recognised(found: Vec<Found>) -> (Vec<Source>, Vec<Input>) {
    let (mut sources, mut zips, mut unused) = (Vec::new(), Vec::new(), Vec::new());
    for Found { path, name, bytes } in found {
        match File::open(&path).and_then(detect_file) {
            Ok((Detection::Refused(refusal), _)) => unused.push(Input::refusal(name, bytes, refusal)),
            Ok((detection, head)) => {
                let sketch = Sketch::of_file(&head, bytes);
                let place = Place { path, entry: None };
                if let Detection::Table(table) = detection {
                    let it = Source { place, name: name.clone(), bytes, table, plain: is_plain(&head) };
                    sources.push(Seen { it, name, bytes, sketch });
                } else {
                    // A whole file never asks for more.
                    zips.push(Seen { it: place, name, bytes, sketch });
                }
            }
            Err(error) => unused.push(Input::refused(name, bytes, "unreadable", &error.to_string())),
        }
    }
    // A zip that is there twice is one duplicate, not one for each entry.
    for zip in once(zips, |place| place, &mut unused) {
        entries(zip, &mut sources, &mut unused);
    }
    let sources = once(sources, |source| &source.place, &mut unused);
    (sources.into_iter().map(|seen| seen.it).collect(), unused)
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
    let digests = threads::each(candidates.len(), || {
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

fn entries(zip: Seen<Place>, sources: &mut Vec<Seen<Source>>, unused: &mut Vec<Input>) {
    let Seen { it: Place { path, .. }, name: zip, bytes, .. } = zip;
    let opened = File::open(&path).map_err(|error| ("unreadable", error.to_string()));
    let archive =
        opened.and_then(|file| Archive::new(file).map_err(|error| (error.reason(), error.to_string())));
    let mut archive = match archive {
        Ok(archive) => archive,
        Err((reason, message)) => {
            unused.push(Input::refused(zip, bytes, reason, &message));
            return;
        }
    };
    if archive.entries().is_empty() {
        unused.push(Input::refusal(zip.clone(), bytes, Refusal::EmptyArchive));
    }
    for at in 0..archive.entries().len() {
        let entry = &archive.entries()[at];
        let (name, bytes) = (format!("{zip}/{}", entry.name), entry.bytes);
        if is_hidden(&entry.name) {
            unused.push(Input::refusal(name, bytes, Refusal::Hidden));
            continue;
        }
        match archive.detect(at) {
            Ok(Detection::Table(table)) => {
                let place = Place { path: path.clone(), entry: Some(at) };
                let it = Source { place, name: name.clone(), bytes, table, plain: false };
                let sketch = archive.entries()[at].sketch();
                sources.extend(sketch.map(|sketch| Seen { it, name, bytes, sketch }));
            }
            Ok(Detection::Refused(refusal)) => unused.push(Input::refusal(name, bytes, refusal)),
            // `Archive::detect` settles these itself.
            Ok(Detection::Archive | Detection::More(_)) => {}
            Err(error) => unused.push(Input::refused(name, bytes, error.reason(), &error.to_string())),
        }
    }
}

/// The zip that a thread has open. Entries are taken in order, so it opens each
/// zip once, and its directory is not read again for each entry.
#[derive(Default)]
pub struct Archives(Option<(PathBuf, Archive<File>)>);

impl Archives {
    fn open(&mut self, path: &Path) -> Result<&mut Archive<File>, Failure> {
        let open = self.0.take().filter(|(open, _)| open == path);
        let open = match open {
            Some(open) => open,
            None => {
                let file = File::open(path).map_err(|error| Failure::io("read", path, &error))?;
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
            let digest = archives.open(&self.path)?.digest(entry);
            return digest.map_err(|error| Failure::Failed(error.to_string()));
        }
        let mut digest = ContentDigest::default();
        self.read(0, |chunk| {
            digest.push(chunk);
            false
        })?;
        Ok(digest.finish())
    }

    /// Reads the file from a byte on until `take` has enough.
    pub fn read(&self, start: u64, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), Failure> {
        let failure = |error| Failure::io("read", &self.path, &error);
        let mut reader = File::open(&self.path).map_err(failure)?;
        reader.seek(SeekFrom::Start(start)).map_err(failure)?;
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
    /// Takes something out of its zip.
    pub fn archive(
        &self,
        archives: &mut Archives,
        take: impl FnOnce(&mut Archive<File>) -> Result<(), ArchiveError>,
    ) -> Result<(), Failure> {
        let taken = take(archives.open(&self.place.path)?);
        taken.map_err(|error| Failure::Failed(format!("{}: {error}", terminal::shown(&self.name))))
    }

    /// The parts that threads take: ranges, or all of it.
    pub fn parts(&self, whole: bool) -> Vec<(u64, u64)> {
        match self.plain && !whole {
            true => ranges(self.bytes).collect(),
            false => vec![(0, u64::MAX)],
        }
    }
}
