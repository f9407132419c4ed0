//! Feeds inputs to a stage.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::ProgressBar;
use stedi_lakehouse::ingest::{Decoded, InputFile};
use stedi_lakehouse::pipeline::{CustomerStage, Reader, ReadingStage, WorkerContext};
use stedi_lakehouse::schema::Landing;

use super::inputs::{Archives, Source};
use super::{Failure, terminal, threads};

/// Feeds the customers, one file after the other.
pub fn feed_customers(
    stage: &mut CustomerStage,
    sources: &[Source],
    progress: &ProgressBar,
) -> Result<(), Failure> {
    let mut archives = Archives::default();
    for source in sources.iter().filter(|source| source.table == Landing::Customer) {
        progress.set_message(terminal::shown(&source.name));
        let mut file = InputFile::new(source.name.as_str(), source.table);
        match source.place.entry {
            Some(entry) => {
                source.archive(&mut archives, |archive| stage.entry(archive, entry, &mut file))?;
            }
            None => source.place.read(0, |chunk| {
                stage.push(&mut file, chunk);
                false
            })?,
        }
        stage.close(file, source.name.clone(), source.bytes);
        progress.inc(source.bytes);
    }
    Ok(())
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
        let (readers, files) = read(stage.context(), &sources, &whole, progress)?;
        let apart: Vec<bool> = files.iter().map(Option::is_none).collect();
        if apart.contains(&true) {
            // All that was read is dropped, and these files are read in one piece.
            whole.iter_mut().zip(apart).for_each(|(whole, apart)| *whole |= apart);
            progress.set_position(before);
            continue;
        }
        for (source, decoded) in sources.iter().zip(files.into_iter().flatten()) {
            stage.log().decoded(source.name.clone(), source.bytes, source.table, decoded);
        }
        readers.iter().for_each(|reader| stage.merge(reader.counters().clone()));
        return Ok(readers);
    }
}

/// The readers, and what each file held; `None` for one whose ranges do not tile it.
type ReadAll = (Vec<Reader>, Vec<Option<Decoded>>);

fn read(
    context: &WorkerContext,
    sources: &[&Source],
    whole: &[bool],
    progress: &ProgressBar,
) -> Result<ReadAll, Failure> {
    let parts: Vec<(usize, u64, u64)> = (0..sources.len())
        .flat_map(|at| sources[at].parts(whole[at]).into_iter().map(move |(start, end)| (at, start, end)))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = Reader::new(context.clone());
        let (mut archives, mut done) = (Archives::default(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(source, start, end)) = parts.get(at) else {
                return Ok((reader, done));
            };
            done.push((at, read_part(&mut reader, &mut archives, sources[source], start, end)?));
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

fn read_part(
    reader: &mut Reader,
    archives: &mut Archives,
    source: &Source,
    start: u64,
    end: u64,
) -> Result<Decoded, Failure> {
    if let Some(entry) = source.place.entry {
        let mut file = InputFile::new(source.name.as_str(), source.table);
        source.archive(archives, |archive| reader.entry(archive, entry, &mut file))?;
        return Ok(reader.finish(file));
    }
    let mut file = match (start, end) {
        (0, u64::MAX) => InputFile::new(source.name.as_str(), source.table),
        _ => InputFile::range(source.name.as_str(), source.table, start, end),
    };
    source.place.read(start.saturating_sub(1), |chunk| {
        reader.push(&mut file, chunk);
        file.is_done()
    })?;
    Ok(reader.finish(file))
}
