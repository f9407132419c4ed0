//! Recognises files and feeds them to a stage.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::ProgressBar;
use stedi_lakehouse::ingest::{
    Archive, ArchiveError, Decoded, HEAD_BYTES, InputFile, Recognition, is_plain, ranges, recognise,
};
use stedi_lakehouse::pipeline::{Brief, CustomerStage, Reader, ReadingStage};
use stedi_lakehouse::report::Input;
use stedi_lakehouse::schema::Landing;

use super::files::{Found, HIDDEN, Originals, is_hidden};
use super::{Failure, terminal, threads};

/// Bytes read at a time.
const CHUNK: usize = 256 << 10;

/// A file, or an entry of a zip, whose table is known.
pub struct Source {
    path: PathBuf,
    entry: Option<usize>,
    name: String,
    pub bytes: u64,
    pub table: Landing,
    /// Not compressed, so it can be read in ranges.
    plain: bool,
}

/// What a file holds, and what of it cannot be used. One that is refused is no duplicate: each is told why.
pub fn recognised(file: Found, originals: &mut Originals) -> (Vec<Source>, Vec<Input>) {
    let recognition = file_recognition(&file.path);
    let usable = !matches!(recognition, Ok((Recognition::Refused(_), _)) | Err(_));
    if let Some(original) = usable.then(|| originals.find(&file)).flatten() {
        return (Vec::new(), vec![Input::duplicate(file.name, file.bytes, original)]);
    }
    let Found { path, name, bytes } = file;
    match recognition {
        Ok((Recognition::Table(table), plain)) => {
            (vec![Source { path, entry: None, name, bytes, table, plain }], Vec::new())
        }
        Ok((Recognition::Refused(refusal), _)) => (Vec::new(), vec![Input::refusal(name, bytes, refusal)]),
        // A whole file never asks for more.
        Ok((Recognition::Archive | Recognition::More(_), _)) => entries(path, name, bytes),
        Err(error) => (Vec::new(), vec![Input::refused(name, bytes, "unreadable", &error.to_string())]),
    }
}

fn file_recognition(path: &PathBuf) -> io::Result<(Recognition, bool)> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    let mut wanted = HEAD_BYTES;
    loop {
        let more = (wanted - head.len()) as u64;
        let read = file.by_ref().take(more).read_to_end(&mut head)? as u64;
        match recognise(&head, read < more) {
            Recognition::More(bytes) => wanted = bytes,
            known => return Ok((known, is_plain(&head))),
        }
    }
}

fn entries(path: PathBuf, name: String, bytes: u64) -> (Vec<Source>, Vec<Input>) {
    let (mut sources, mut refused) = (Vec::new(), Vec::new());
    let opened = File::open(&path).map_err(|error| ("unreadable", error.to_string()));
    let archive =
        opened.and_then(|file| Archive::new(file).map_err(|error| (error.reason(), error.to_string())));
    let mut archive = match archive {
        Ok(archive) => archive,
        Err((reason, message)) => return (sources, vec![Input::refused(name, bytes, reason, &message)]),
    };
    if archive.entries().is_empty() {
        refused.push(Input::refused(name.clone(), bytes, "empty", "the zip holds no files"));
    }
    for (at, entry) in archive.entries().to_vec().into_iter().enumerate() {
        let name = format!("{name}/{}", entry.name);
        if is_hidden(Path::new(&entry.name)) {
            refused.push(Input::refused(name, entry.bytes, "hidden", HIDDEN));
            continue;
        }
        match archive.recognise(at) {
            Ok(Recognition::Table(table)) => {
                sources.push(Source {
                    path: path.clone(),
                    entry: Some(at),
                    name,
                    bytes: entry.bytes,
                    table,
                    plain: false,
                });
            }
            Ok(Recognition::Refused(refusal)) => refused.push(Input::refusal(name, entry.bytes, refusal)),
            // `Archive::recognise` settles these itself.
            Ok(Recognition::Archive | Recognition::More(_)) => {}
            Err(error) => refused.push(Input::refused(name, entry.bytes, error.reason(), &error.to_string())),
        }
    }
    (sources, refused)
}

/// Feeds the customers, one file after the other.
pub fn feed_customers(
    stage: &mut CustomerStage,
    sources: &[Source],
    progress: &ProgressBar,
) -> Result<(), Failure> {
    for source in sources.iter().filter(|source| source.table == Landing::Customer) {
        progress.set_message(terminal::shown(&source.name));
        let mut file = InputFile::new(source.name.as_str(), source.table);
        match source.entry {
            Some(entry) => source.archive(|mut archive| stage.entry(&mut archive, entry, &mut file))?,
            None => source.read(0, |chunk| {
                stage.push(&mut file, chunk);
                false
            })?,
        }
        stage.close(file, source.name.clone(), source.bytes);
        progress.inc(source.bytes);
    }
    Ok(())
}

impl Source {
    fn archive(&self, take: impl FnOnce(Archive<File>) -> Result<(), ArchiveError>) -> Result<(), Failure> {
        let file = File::open(&self.path).map_err(|error| Failure::io("read", &self.path, &error))?;
        let taken = Archive::new(file).and_then(take);
        taken.map_err(|error| Failure::Failed(format!("{}: {error}", terminal::shown(&self.name))))
    }

    /// Reads the file from a byte on until `take` has enough.
    fn read(&self, start: u64, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), Failure> {
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

    /// The parts that threads take: ranges, or all of it.
    fn parts(&self, whole: bool) -> Vec<(u64, u64)> {
        match self.plain && !whole {
            true => ranges(self.bytes).collect(),
            false => vec![(0, u64::MAX)],
        }
    }
}

/// Reads the readings, in ranges, by as many threads as there are cores, and
/// gives their readers.
pub fn read_readings(
    stage: &mut ReadingStage,
    sources: &[Source],
    progress: &ProgressBar,
) -> Result<Vec<Reader>, Failure> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.table != Landing::Customer).collect();
    let mut whole = vec![false; sources.len()];
    progress.set_message("readings");
    let before = progress.position();
    loop {
        let (readers, files) = read(stage.brief(), &sources, &whole, progress)?;
        let apart: Vec<bool> = files.iter().map(Option::is_none).collect();
        if apart.contains(&true) {
            // All that was read is dropped, and these files are read in one piece.
            whole.iter_mut().zip(apart).for_each(|(whole, apart)| *whole |= apart);
            progress.set_position(before);
            continue;
        }
        for (source, decoded) in sources.iter().zip(files.into_iter().flatten()) {
            stage.journal().decoded(source.name.clone(), source.bytes, source.table, decoded);
        }
        readers.iter().for_each(|reader| stage.absorb(reader.tallies().clone()));
        return Ok(readers);
    }
}

/// The readers, and what each file held; `None` for one whose ranges do not tile it.
type ReadAll = (Vec<Reader>, Vec<Option<Decoded>>);

fn read(
    brief: &Brief,
    sources: &[&Source],
    whole: &[bool],
    progress: &ProgressBar,
) -> Result<ReadAll, Failure> {
    let parts: Vec<(usize, u64, u64)> = (0..sources.len())
        .flat_map(|at| sources[at].parts(whole[at]).into_iter().map(move |(start, end)| (at, start, end)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = Reader::new(brief.clone());
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(source, start, end)) = parts.get(at) else {
                return Ok((reader, done));
            };
            done.push((at, read_part(&mut reader, sources[source], start, end)?));
            progress.inc(end.min(sources[source].bytes) - start);
        }
    };
    let results: Vec<Result<_, Failure>> = threads::each(parts.len(), work);
    let (mut readers, mut decoded) = (Vec::new(), BTreeMap::new());
    for result in results {
        let (reader, done) = result?;
        readers.push(reader);
        decoded.extend(done);
    }
    let mut files: Vec<Vec<Decoded>> = vec![Vec::new(); sources.len()];
    for (at, decoded) in decoded {
        files[parts[at].0].push(decoded);
    }
    Ok((readers, files.into_iter().map(Decoded::joined).collect()))
}

fn read_part(reader: &mut Reader, source: &Source, start: u64, end: u64) -> Result<Decoded, Failure> {
    if let Some(entry) = source.entry {
        let mut file = InputFile::new(source.name.as_str(), source.table);
        source.archive(|mut archive| reader.entry(&mut archive, entry, &mut file))?;
        return Ok(reader.finish(file));
    }
    let mut file = match (start, end) {
        (0, u64::MAX) => InputFile::new(source.name.as_str(), source.table),
        _ => InputFile::range(source.name.as_str(), source.table, start, end),
    };
    source.read(start.saturating_sub(1), |chunk| {
        reader.push(&mut file, chunk);
        file.is_done()
    })?;
    Ok(reader.finish(file))
}
