//! Feeds inputs to a stage.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use stedi_lakehouse::ingest::{Archive, ArchiveError, Decoded, InputFile};
use stedi_lakehouse::pipeline::{CustomerReader, CustomerStage, Reader, ReadingStage};
use stedi_lakehouse::schema::Landing;

use super::inputs::{Archives, Source};
use super::lake::FromLake;
use super::location::Opened;
use super::{Failure, Progress, threads};

/// What takes in the records of files.
trait Taker: Send {
    fn push(&mut self, file: &mut InputFile, chunk: &[u8]);
    fn finish(&mut self, file: InputFile) -> Decoded;
    fn entry(
        &mut self,
        archive: &mut Archive<Opened>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError>;
}

macro_rules! taker {
    ($($reader:ty),*) => {$(
        impl Taker for $reader {
            fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
                self.push(file, chunk);
            }

            fn finish(&mut self, file: InputFile) -> Decoded {
                self.finish(file)
            }

            fn entry(
                &mut self,
                archive: &mut Archive<Opened>,
                entry: usize,
                file: &mut InputFile,
            ) -> Result<(), ArchiveError> {
                self.entry(archive, entry, file)
            }
        }
    )*};
}

taker!(CustomerReader, Reader);

/// Feeds the customers, in ranges, by as many threads as there are cores.
pub fn feed_customers(
    stage: &mut CustomerStage,
    sources: &[Source],
    progress: &Progress,
) -> Result<(), Failure> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.table == Landing::Customer).collect();
    progress.set_message("customers");
    let (readers, decoded) = read(&sources, CustomerReader::default, Others::none(), progress)?;
    for landing in threads::with_each(readers, |mut reader| reader.take(stage.options())) {
        stage.merge(landing);
    }
    for (source, decoded) in sources.iter().zip(decoded) {
        stage.log().decoded(source.name.clone(), source.bytes, source.table, decoded);
    }
    Ok(())
}

/// Reads the readings, in ranges, and those of a lake that the run goes on from, by as many threads as
/// there are cores, and gives their readers.
pub fn read_readings(
    stage: &mut ReadingStage,
    sources: &[Source],
    from: Option<&FromLake<'_>>,
    progress: &Progress,
) -> Result<Vec<Reader>, Failure> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.table != Landing::Customer).collect();
    progress.set_message("readings");
    let parts = from.map_or_else(Vec::new, FromLake::parts);
    let others = Others {
        count: parts.len(),
        read: &|reader, at| from.map_or(Ok(()), |from| from.read(reader, parts[at])),
    };
    let context = stage.context().clone();
    let (readers, decoded) = read(&sources, || Reader::new(context.clone()), others, progress)?;
    for (source, decoded) in sources.iter().zip(decoded) {
        stage.log().decoded(source.name.clone(), source.bytes, source.table, decoded);
    }
    readers.iter().for_each(|reader| stage.merge(reader.counters().clone()));
    Ok(readers)
}

/// What is read beside files, in `count` parts.
struct Others<'a, R> {
    count: usize,
    read: &'a (dyn Fn(&mut R, usize) -> Result<(), Failure> + Sync),
}

impl<R> Others<'_, R> {
    fn none() -> Self {
        Others { count: 0, read: &|_, _| Ok(()) }
    }
}

/// The readers, and what each file held.
fn read<R: Taker>(
    sources: &[&Source],
    new: impl Fn() -> R + Sync,
    others: Others<'_, R>,
    progress: &Progress,
) -> Result<(Vec<R>, Vec<Decoded>), Failure> {
    let mut whole = vec![false; sources.len()];
    let before = progress.position();
    loop {
        let (readers, files) = read_once(sources, &whole, &new, &others, progress)?;
        if let Some(decoded) = files.iter().cloned().collect() {
            return Ok((readers, decoded));
        }
        // All that was read is dropped, and files whose ranges do not tile them are read in one piece.
        whole.iter_mut().zip(files).for_each(|(whole, decoded)| *whole |= decoded.is_none());
        progress.set_position(before);
    }
}

/// The readers, and what each file held; `None` for one whose ranges do not tile it.
type ReadAll<R> = (Vec<R>, Vec<Option<Decoded>>);

fn read_once<R: Taker>(
    sources: &[&Source],
    whole: &[bool],
    new: &(impl Fn() -> R + Sync),
    others: &Others<'_, R>,
    progress: &Progress,
) -> Result<ReadAll<R>, Failure> {
    let parts: Vec<(usize, u64, u64)> = (0..sources.len())
        .flat_map(|at| sources[at].parts(whole[at]).into_iter().map(move |(start, end)| (at, start, end)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = new();
        let (mut archives, mut done) = (Archives::default(), Vec::new());
        loop {
            progress.go_on()?;
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(source, start, end)) = parts.get(at) else {
                let other = at - parts.len();
                if other >= others.count {
                    return Ok((reader, done));
                }
                (others.read)(&mut reader, other)?;
                continue;
            };
            done.push((at, read_part(&mut reader, &mut archives, sources[source], start, end)?));
            progress.inc(end.min(sources[source].bytes) - start);
        }
    };
    let are_remote = sources.iter().any(|source| source.location().is_remote());
    let results: Vec<Result<_, Failure>> =
        threads::each_waiting(are_remote, parts.len() + others.count, work);
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

fn read_part(
    reader: &mut impl Taker,
    archives: &mut Archives,
    source: &Source,
    start: u64,
    end: u64,
) -> Result<Decoded, Failure> {
    if let Some(entry) = source.place.entry {
        let mut file = source.file();
        source.archive(archives, |archive| reader.entry(archive, entry, &mut file))?;
        return Ok(reader.finish(file));
    }
    let mut file = match (start, end) {
        (0, u64::MAX) => source.file(),
        _ => InputFile::range(source.name.as_str(), source.table, start, end),
    };
    source.place.read(start.saturating_sub(1), end, |chunk| {
        reader.push(&mut file, chunk);
        file.is_done()
    })?;
    Ok(reader.finish(file))
}
