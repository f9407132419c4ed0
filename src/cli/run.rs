//! A run up to its tables, before anything is written: see `ended` for the rest.

use std::collections::HashSet;

use stedi_lakehouse::export::{Export, TableFormat};
use stedi_lakehouse::options::{Key, Options};
use stedi_lakehouse::pipeline::CustomerStage;
use stedi_lakehouse::report::Input;
use stedi_lakehouse::withdrawals::Entry;

use super::args::RunArgs;
use super::curate::{Curated, curate};
use super::files::{Finds, Found};
use super::inputs::Source;
use super::lake::{FromLake, Identity, NO_CUSTOMERS, OutLake, guard, open_output};
use super::location::Location;
use super::special::Spooled;
use super::store::Address;
use super::{Failure, Progress, feed, files, inputs, key, output, terminal, withdrawals};

/// What a run knows before it reads a record.
pub struct Prepared<'a> {
    pub held: Held<'a>,
    pub options: Options,
    pub found: Vec<Found>,
    pub unused: Vec<Input>,
}

/// What it holds until all of it is written.
pub struct Held<'a> {
    pub folder: Box<dyn OutLake>,
    pub key: Key,
    pub unsaved: Option<key::Unsaved<'a>>,
    /// What it goes on from, which stays locked.
    pub from: Option<FromLake<'a>>,
    pub withdrawn: Vec<Entry>,
    /// Every file that can be hashed, by name and path.
    pub files: Vec<(String, Location)>,
    pub guarded: HashSet<Identity>,
    pub spooled: Vec<Spooled>,
}

/// What a run is given in memory, in the place of files that its arguments would name.
#[derive(Default)]
pub struct Given {
    pub key: Option<Key>,
    pub withdrawals: Option<Vec<Entry>>,
}

impl Prepared<'_> {
    /// Finds the inputs, and sees that nothing is in the way of what will be written.
    pub fn new(args: &RunArgs, given: Given) -> Result<Prepared<'_>, Failure> {
        if args.with_landing && args.export == Export::Research {
            return Err(Failure::Usage(
                "a research export has no landing files: --with-landing is for the lake".to_owned(),
            ));
        }
        if args.with_landing && Address::of(&args.out).is_some() {
            return Err(Failure::Usage(
                "landing files are not copied to an object store: --with-landing is for a lake in a folder"
                    .to_owned(),
            ));
        }
        if args.format == TableFormat::Delta && args.export == Export::Research {
            return Err(Failure::Usage(
                "a research export is a data set of plain Parquet: --format delta is for the lake".to_owned(),
            ));
        }
        let options = args.options(&[]);
        let usage = |error: stedi_lakehouse::Error| Failure::Usage(error.to_string());
        options.check().map_err(usage)?;
        args.test_share.map_or(Ok(()), |share| share.check(&options)).map_err(usage)?;
        if args.test_share.is_some() && args.export == Export::Lake {
            return Err(Failure::Usage(
                "--test-share is for a research export: --export research".to_owned(),
            ));
        }
        let mut folder = open_output(args)?;
        let (key, unsaved) = given.key.map_or_else(|| key::choose(args), |key| Ok((key, None)))?;
        let listed = || withdrawals::read(args.withdrawals.as_deref());
        let withdrawn = given.withdrawals.map_or_else(listed, Ok)?;
        let options = args.options(&withdrawn);
        let from = FromLake::open(args, &options, &key)?;
        let mut own = folder.own_files();
        own.extend(from.iter().flat_map(FromLake::own_files));
        let Finds { found, unused, skipped, spooled } = files::find(&args.paths, &args.out, &own)?;
        // Those that are skipped are hashed too.
        let mut files: Vec<_> =
            found.iter().map(|file| (file.name.clone(), file.location.clone())).chain(skipped).collect();
        let of_lake = from.iter().flat_map(FromLake::files);
        // A lake that is replaced is read before anything is written.
        let apart = from.iter().filter(|from| !from.is_replaced).flat_map(FromLake::files);
        let guarded = guard(args, &[&files[..], &apart.collect::<Vec<_>>()].concat())?;
        files.extend(of_lake);
        folder.survey(args.export, &guarded)?;
        if !args.with_landing {
            folder.check_landing(&guarded)?;
        }
        let held = Held { folder, key, unsaved, from, withdrawn, files, guarded, spooled };
        Ok(Prepared { held, options, found, unused })
    }
}

/// Starts a run over what can be used of the inputs, and gives what can not.
///
/// # Errors
/// If nothing can be used.
pub fn started(
    args: &RunArgs,
    found: Vec<Found>,
    mut unused: Vec<Input>,
    options: Options,
    key: Key,
    from: Option<&FromLake<'_>>,
) -> Result<(CustomerStage, Vec<Source>, Vec<Input>), Failure> {
    let (mut sources, refused) = inputs::detected(found, args.all_zones);
    unused.extend(refused);
    if let Some(from) = from {
        let (kept, left_out) = from.leave_out(sources);
        sources = kept;
        unused.extend(left_out);
    }
    if sources.is_empty() {
        terminal::say(&output::unread(&unused, args.verbose));
        return Err(Failure::Failed("none of the inputs can be used".to_owned()));
    }
    let is_empty = args.withdrawals.is_some() && options.withdrawals.is_empty();
    let mut stage = CustomerStage::new(options, key)?;
    if let Some(from) = from {
        stage.go_on_from(from.earlier.clone());
        from.inputs().for_each(|input| stage.log().input(input));
    }
    if is_empty {
        stage.log().empty_list();
    }
    for input in &unused {
        stage.log().input(input.clone());
    }
    Ok((stage, sources, unused))
}

/// Runs the pipeline.
pub fn lake(
    args: &RunArgs,
    found: Vec<Found>,
    unused: Vec<Input>,
    options: Options,
    key: Key,
    from: Option<&FromLake<'_>>,
    progress: &Progress,
) -> Result<Curated, Failure> {
    let (mut stage, sources, _) = started(args, found, unused, options, key, from)?;
    progress.set_length(sources.iter().map(|source| source.bytes).sum());
    progress.phase("customers");
    feed::feed_customers(&mut stage, &sources, progress)?;
    if from.is_some() && stage.tables().values().all(|counts| counts.rows_in == 0) {
        return Err(Failure::Failed(NO_CUSTOMERS.to_owned()));
    }
    progress.phase("consent");
    let mut stage = stage.consent();
    progress.phase("readings");
    let readers = feed::read_readings(&mut stage, &sources, from, progress)?;
    progress.set_message("sorting, joining, encoding");
    progress.phase("plan");
    let stage = stage.plan_curation();
    progress.phase("tables");
    let curated = curate(stage, readers)?;
    progress.finish_and_clear();
    progress.go_on()?;
    Ok(curated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, Command};
    use crate::cli::audit::{Finished, Hashes};
    use clap::Parser;
    use serde_json::Value;
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// The report of a run whose inputs are changed when all is read, and before they are hashed.
    fn report(folder: &Path, change: impl FnOnce()) -> Value {
        let (input, report) = (folder.join("in"), folder.join("report.json"));
        let call = ["stedi-lakehouse", "run", input.to_str().unwrap(), "--out", "nowhere", "--report"];
        let Command::Run(args) = Args::parse_from(call.into_iter().chain(report.to_str())).command else {
            panic!("a run")
        };
        let read = || -> Result<String, Failure> {
            let Finds { found, unused, .. } = files::find(&args.paths, &args.out, &HashSet::new())?;
            let files: Vec<_> = found.iter().map(|file| (file.name.clone(), file.location.clone())).collect();
            let (key, _) = key::choose(&args)?;
            let curated = lake(&args, found, unused, args.options(&[]), key, None, &Progress::hidden())?;
            change();
            let hashes = Hashes::default();
            let (args, curated, files) = (&args, &curated, files.as_slice());
            Finished { args, curated, files, past: None, from: None, split: None, hashes: &hashes }
                .report_alone()
        };
        let report = read().map_err(|failure| failure.to_string()).unwrap();
        serde_json::from_str(&report).unwrap()
    }

    #[test]
    fn inputs_that_change_after_they_were_read_have_no_hash_and_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("in");
        fs::create_dir(&input).unwrap();
        let line =
            |time: usize| format!("{{\"user\":\"a\",\"timestamp\":{time},\"x\":1.0,\"y\":1.0,\"z\":1.0}}\n");
        let many: String = (0..200_000).map(line).collect();
        assert!(many.len() > 9 << 20, "it is read in ranges");
        let customer = "{\"email\":\"a\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n";
        let files = [
            ("a-ranges.json", many.clone().into_bytes()),
            ("b-customer.json", customer.as_bytes().to_vec()),
            ("c-gzip.json.gz", gzip(line(200_001).as_bytes())),
            ("d-grown.zip", zip("d.json", line(200_002).as_bytes())),
            ("e-zip.zip", zip("e.json", line(200_003).as_bytes())),
            ("f-same.json", line(200_004).into_bytes()),
            ("g-same.zip", zip("g.json", line(200_005).as_bytes())),
        ];
        for (name, bytes) in &files {
            fs::write(input.join(name), bytes).unwrap();
        }
        let report = report(folder.path(), || {
            for (name, bytes) in &files[..5] {
                let mut bytes = bytes.clone();
                match *name {
                    "d-grown.zip" => bytes.push(0),
                    // The last byte of a gzip or zip would not be looked at by its decoder.
                    _ => *bytes.last_mut().unwrap() ^= 1,
                }
                fs::write(input.join(name), bytes).unwrap();
            }
        });
        let hashed = |list: &str| -> Vec<(String, bool)> {
            let files = report[list].as_array().unwrap().iter();
            let files = files.filter(|file| file["archive"].is_null());
            let name = |file: &Value| file["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            files.map(|file| (name(file), file["sha256"].is_string())).collect()
        };
        let names = |names: &[(&str, bool)]| -> Vec<(String, bool)> {
            names.iter().map(|&(name, hash)| (name.to_owned(), hash)).collect()
        };
        assert_eq!(
            hashed("inputs"),
            names(&[
                ("a-ranges.json", false),
                ("b-customer.json", false),
                ("c-gzip.json.gz", false),
                ("f-same.json", true)
            ])
        );
        assert_eq!(
            hashed("archives"),
            names(&[("d-grown.zip", false), ("e-zip.zip", false), ("g-same.zip", true)])
        );
        let warnings = report["warnings"].as_array().unwrap();
        let changed = warnings.iter().find(|warning| warning["code"] == "input_changed").unwrap();
        assert_eq!(changed["count"], 5);
        assert!(!warnings.iter().any(|warning| warning["code"] == "unhashed"));
    }
}
