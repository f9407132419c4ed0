//! Puts the lake of a run together: its tables, what is said of it, and the landing files that come along.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use stedi_lakehouse::audit::{Completion, Event, Hashed, Hasher, Landing, Publication, ReportFile};
use stedi_lakehouse::export::{self, Export, LandingFile, REPORT, Tree};
use stedi_lakehouse::ingest::{ReadAgain, Reads};
use stedi_lakehouse::schema::Table;

use super::args::RunArgs;
use super::curate::Curated;
use super::lake::{FileSource, Identity, LakeFolder, NewFile};
use super::{Failure, lake, output, terminal, threads};

/// A run that has ended.
pub struct Finished<'a> {
    pub args: &'a RunArgs,
    pub curated: &'a Curated,
    /// Every file that it was given, by name and path.
    pub files: &'a [(String, PathBuf)],
}

impl Finished<'_> {
    /// Replaces the lake by the new one, and gives its report.
    pub fn write(&self, folder: &mut LakeFolder, inputs: &HashSet<Identity>) -> Result<String, Failure> {
        let args = self.args;
        let report = ReportFile::read(&self.curated.lake.report.to_json()?)?;
        let tables = self.tables();
        let outputs = tables.iter().map(|(table, file, bytes)| {
            (*table, Hashed { name: file.path.clone(), bytes: *bytes, sha256: Some(file.sha256.clone()) })
        });
        let in_place = if args.with_landing { folder.in_place(self.files) } else { Vec::new() };
        let landing = if args.with_landing { Landing::Along(in_place.clone()) } else { Landing::Left };
        let completion = Completion { outputs: outputs.collect(), landing, ..self.completion() };
        let publication = Publication {
            license: args.license.clone(),
            creator: args.creator.clone(),
            url: args.url.clone(),
            ..Publication::default()
        };
        let Tree { documents, landing } =
            export::tree(args.export, &report, completion, &event()?, &publication)?;
        let paths: HashMap<_, _> = self.files.iter().map(|(name, path)| (name, path)).collect();
        let mut new: Vec<NewFile<'_>> = tables.into_iter().map(|(_, file, _)| file).collect();
        for LandingFile { name, path, sha256 } in landing {
            let (Some(from), Some(sha256)) = (paths.get(&name), sha256) else {
                return Err(Failure::Failed(format!(
                    "nothing is written: {} has changed or cannot be read again, so it cannot come along",
                    terminal::shown(&name)
                )));
            };
            new.push(NewFile { path, sha256, source: FileSource::Copy(from) });
        }
        new.extend(documents.iter().map(|(path, text)| {
            let source = FileSource::Bytes(vec![text.as_bytes()]);
            NewFile { path: path.clone(), sha256: hash_of(&[text.as_bytes()]), source }
        }));
        let kept = in_place.into_iter().map(|place| place.path).collect();
        folder.replace(args.export, &new, &kept, inputs)?;
        Ok(documents.into_iter().next_back().map(|(_, text)| text).unwrap_or_default())
    }

    /// The report of a run that gives no lake.
    ///
    /// # Errors
    /// What keeps it from being made.
    pub fn report_alone(&self) -> Result<String, Failure> {
        let mut report = ReportFile::read(&self.curated.lake.report.to_json()?)?;
        report.complete(self.completion())?;
        if self.args.export == Export::Research {
            report = report.for_research();
        }
        Ok(report.json().pretty())
    }

    /// Whether the second place of the report is that of the lake's own report.
    pub fn is_report_of_lake(&self) -> bool {
        let own = Identity::of(&self.args.out.join(REPORT));
        self.args.report.as_ref().is_some_and(|path| Identity::of(path) == own)
    }

    /// Without tables. Names the inputs that have changed since they were read.
    fn completion(&self) -> Completion {
        let hashed = hashed(self.files, &self.curated.lake.reads);
        let (files, changed): (Vec<Hashed>, Vec<bool>) = hashed.into_iter().unzip();
        let changed = files.iter().zip(changed).filter(|(_, changed)| *changed);
        let changed: BTreeSet<String> = changed.map(|(file, _)| file.name.clone()).collect();
        terminal::say(&output::changed(&changed));
        Completion {
            // Set by `make cli`: a build for tests would be made anew at each commit.
            commit: option_env!("STEDI_COMMIT").filter(|commit| !commit.is_empty()).map(str::to_owned),
            files,
            changed,
            ..Completion::default()
        }
    }

    /// The tables of the export, with their sizes.
    fn tables(&self) -> Vec<(Table, NewFile<'_>, u64)> {
        let Curated { lake, bodies } = self.curated;
        let tables = self.args.export.tables();
        let outputs: Vec<_> = lake.outputs.iter().filter(|output| tables.contains(&output.table)).collect();
        threads::map(outputs.len(), |at| {
            let output = outputs[at];
            let bodies = bodies[output.jobs.clone()].iter().map(Vec::as_slice);
            let parts: Vec<&[u8]> =
                [output.head.as_slice()].into_iter().chain(bodies).chain([output.tail.as_slice()]).collect();
            let bytes = parts.iter().map(|part| part.len() as u64).sum();
            let path = export::table_path(output.table, self.args.compression);
            let sha256 = hash_of(&parts);
            (output.table, NewFile { path, sha256, source: FileSource::Bytes(parts) }, bytes)
        })
    }
}

fn hash_of(parts: &[&[u8]]) -> String {
    let mut hasher = Hasher::default();
    parts.iter().for_each(|part| hasher.push(part));
    hasher.finish()
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
    let mut bytes = 0;
    let sha256 = lake::read(path, |chunk| {
        again.push(chunk);
        bytes += chunk.len() as u64;
        Ok(())
    })?;
    Ok((bytes, sha256))
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
