//! Writes what is said of a run, and whatever else the lake holds beside tables.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use stedi_lakehouse::audit::{Completion, Event, Hashed, Hasher, Publication, ReportFile};
use stedi_lakehouse::export::{self, Tree};
use stedi_lakehouse::ingest::{ReadAgain, Reads};
use stedi_lakehouse::report::Report;
use stedi_lakehouse::schema::Table;

use super::args::RunArgs;
use super::{Failure, output, threads};

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// Writes the files of the lake that are no tables. `files` are the inputs by
/// name and path, `reads` is what was read of them; `written` is false when the
/// tables were not.
pub fn write(
    args: &RunArgs,
    report: &Report,
    files: &[(String, PathBuf)],
    reads: &Reads,
    written: bool,
) -> Result<(), Failure> {
    if !written && args.report.is_none() {
        return Ok(());
    }
    let report = ReportFile::read(&report.to_json())?;
    let (hashes, changed): (Vec<Hashed>, Vec<bool>) = hashed(files, reads).into_iter().unzip();
    let changed = hashes.iter().zip(changed).filter(|(_, changed)| *changed);
    let changed: BTreeSet<String> = changed.map(|(file, _)| file.name.clone()).collect();
    eprint!("{}", output::changed(&changed));
    let completion = Completion {
        // Set by `make cli`: a build for tests would be made anew at each commit.
        commit: option_env!("STEDI_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned),
        wasm_sha256: None,
        files: hashes,
        changed,
        outputs: if written { outputs(args)? } else { Vec::new() },
    };
    if !written {
        let mut report = report;
        report.complete(completion);
        return tell(args, &report.json().pretty());
    }
    let publication = Publication {
        license: args.license.clone(),
        creator: args.creator.clone(),
        url: args.url.clone(),
        ..Publication::default()
    };
    let Tree { documents, landing } =
        export::tree(args.export, &report, completion, &event()?, &publication)?;
    for (path, text) in documents {
        output::write(&args.out.join(&path), text.as_bytes())?;
        if path == "report.json" {
            tell(args, &text)?;
        }
    }
    if args.with_landing {
        let paths: HashMap<_, _> = files.iter().map(|(name, path)| (name, path)).collect();
        for (name, to) in &landing {
            if let Some(from) = paths.get(name) {
                output::copy(from, &args.out.join(to))?;
            }
        }
    }
    Ok(())
}

/// The report in the second place that was asked for.
fn tell(args: &RunArgs, report: &str) -> Result<(), Failure> {
    args.report.as_ref().map_or(Ok(()), |path| output::write(path, report.as_bytes()))
}

/// The tables that were written, and their hashes.
fn outputs(args: &RunArgs) -> Result<Vec<(Table, Hashed)>, Failure> {
    let tables = args.export.tables();
    let files: Vec<(String, PathBuf)> = tables
        .iter()
        .map(|table| export::table_path(*table, args.compression))
        .map(|path| (path.clone(), args.out.join(path)))
        .collect();
    let hashes = hashed(&files, &Reads::default()).into_iter().map(|(file, _)| file);
    let outputs: Vec<_> = tables.iter().copied().zip(hashes).collect();
    match outputs.iter().find(|(_, file)| file.sha256.is_none()) {
        Some((_, file)) => Err(Failure::Failed(format!("cannot read {} again", file.name))),
        None => Ok(outputs),
    }
}

/// The hash of every file, in their order, by as many threads as there are cores;
/// and whether it differs from what was read of it, when it has no hash.
fn hashed(files: &[(String, PathBuf)], reads: &Reads) -> Vec<(Hashed, bool)> {
    threads::map(files.len(), |at| {
        let (name, path) = &files[at];
        let mut again = reads.check(name);
        // One that can no longer be read has no hash, and the report says so.
        let (bytes, sha256) = match hash(path, &mut again) {
            Ok((bytes, sha256)) => (bytes, Some(sha256)),
            Err(_) => (0, None),
        };
        let changed = sha256.is_some() && again.changed();
        (Hashed { name: name.clone(), bytes, sha256: sha256.filter(|_| !changed) }, changed)
    })
}

fn hash(path: &Path, again: &mut ReadAgain) -> io::Result<(u64, String)> {
    let (mut file, mut hasher, mut bytes) = (File::open(path)?, Hasher::default(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return Ok((bytes, hasher.finish()));
        }
        hasher.push(&chunk[..length]);
        again.push(&chunk[..length]);
        bytes += length as u64;
    }
}

/// A random UUID (RFC 9562, version 4), and the time.
fn event() -> Result<Event, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Failure::Failed(format!("no random run id: {error}")))?;
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let run_id = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Event { run_id, time: rfc3339(now.as_secs(), now.subsec_millis()) })
}

/// Seconds since 1970 as a date and time of the Gregorian calendar, in UTC.
fn rfc3339(seconds: u64, milliseconds: u32) -> String {
    // Years of this count start in March, so that a leap day ends its year.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates() {
        assert_eq!(rfc3339(0, 0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_399, 7), "2000-02-28T23:59:59.007Z");
        assert_eq!(rfc3339(951_782_400, 0), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_735_689_599, 999), "2024-12-31T23:59:59.999Z");
    }
}
