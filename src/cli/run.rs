//! `stedi-lakehouse run`

use std::collections::HashSet;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use stedi_lakehouse::export::{Export, REPORT, TableFormat};
use stedi_lakehouse::options::{Key, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake};
use stedi_lakehouse::report::{Input, InputStatus};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::withdrawals::Entry;

use super::args::RunArgs;
use super::audit::{Finished, split};
use super::curate::{Curated, curate};
use super::files::{Finds, Found};
use super::inputs::Source;
use super::lake::{FromLake, Identity, LakeFolder, NO_CUSTOMERS, guard, warning_of};
use super::special::Spooled;
use super::{Failure, feed, files, inputs, key, next_steps, output, special, terminal, withdrawals};

/// What a run knows before it reads a record.
pub struct Prepared<'a> {
    pub folder: LakeFolder,
    pub key: Key,
    unsaved: Option<key::Unsaved<'a>>,
    pub from: Option<FromLake<'a>>,
    withdrawn: Vec<Entry>,
    pub options: Options,
    pub found: Vec<Found>,
    pub unused: Vec<Input>,
    /// Every file that can be hashed, by name and path.
    files: Vec<(String, PathBuf)>,
    guarded: HashSet<Identity>,
    _spooled: Vec<Spooled>,
}

impl Prepared<'_> {
    /// Finds the inputs, and sees that nothing is in the way of what will be written.
    pub fn new(args: &RunArgs) -> Result<Prepared<'_>, Failure> {
        if args.with_landing && args.export == Export::Research {
            return Err(Failure::Usage(
                "a research export has no landing files: --with-landing is for the lake".to_owned(),
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
        let mut folder =
            if args.dry_run { LakeFolder::look(&args.out)? } else { LakeFolder::open(&args.out)? };
        let (key, unsaved) = key::choose(args)?;
        let withdrawn = withdrawals::read(args.withdrawals.as_deref())?;
        let options = args.options(&withdrawn);
        let from = FromLake::open(args, &folder, &options, &key)?;
        folder.pass_over(from.iter().flat_map(FromLake::own_files));
        let Finds { found, unused, skipped, spooled } = files::find(&args.paths, &folder)?;
        // Those that are skipped are hashed too.
        let mut files: Vec<_> =
            found.iter().map(|file| (file.name.clone(), file.path.clone())).chain(skipped).collect();
        let of_lake = from.iter().flat_map(FromLake::files);
        // A lake that is replaced is read before anything is written.
        let apart = from.iter().filter(|from| !from.is_replaced).flat_map(FromLake::files);
        let guarded = guard(args, &[&files[..], &apart.collect::<Vec<_>>()].concat())?;
        files.extend(of_lake);
        folder.survey(args.export, &guarded)?;
        if !args.with_landing {
            folder.check_landing(&guarded)?;
        }
        Ok(Prepared {
            folder,
            key,
            unsaved,
            from,
            withdrawn,
            options,
            found,
            unused,
            files,
            guarded,
            _spooled: spooled,
        })
    }
}

/// Runs the pipeline. `origins` says where options were set.
pub fn run(args: &RunArgs, origins: &str) -> Result<(), Failure> {
    if args.verbose {
        terminal::say(origins);
    }
    let Prepared {
        mut folder,
        key,
        unsaved,
        from,
        withdrawn,
        options,
        found,
        unused,
        files,
        guarded,
        _spooled,
    } = Prepared::new(args)?;
    let past = from.as_ref().map(FromLake::past);
    let of_key = key::warnings(args, &key, past.as_ref().map(|past| &past.report));
    let curated = lake(args, found, unused, options, key.clone(), from.as_ref())?;
    terminal::say(&output::remarks(&curated.lake.report, args.verbose));
    if stderr().is_terminal() {
        terminal::say(&output::for_a_terminal(&curated.lake));
    }
    terminal::say(&of_key);
    terminal::say(&withdrawals::unmet(&withdrawn, &curated.lake.unmatched, stderr().is_terminal()));
    let warning = past.as_ref().filter(|_| args.withdrawals.is_none()).and_then(warning_of);
    terminal::say(&warning.unwrap_or_default());
    let split = args.test_share.map(|share| split(&curated, share, &key)).transpose()?;
    let (past, from, split) = (past.as_ref(), from.as_ref(), split.as_ref());
    let finished = Finished { args, curated: &curated, files: &files, past, from, split };
    if let Some(why) = refusal(args, &curated.lake, &folder) {
        let stays = folder.has_lake() && finished.is_report_of_lake();
        if stays {
            let what = "which is the report of the lake that stays";
            terminal::say(&format!("not written: {}, {what}\n", terminal::path(&args.out.join(REPORT))));
        }
        let place = args.report.as_deref().filter(|_| !stays);
        if args.json || place.is_some() {
            give(args, place, &finished.report_alone()?)?;
        }
        return Err(Failure::Failed(why));
    }
    unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)?;
    let report = finished.write(&mut folder, &guarded)?;
    // The last of what is written: the lake is whole if it fails.
    let given = give(args, args.report.as_deref().filter(|_| !finished.is_report_of_lake()), &report);
    if args.quiet {
        return given;
    }
    let splits = split.as_ref().map_or_else(String::new, |split| output::splits(&split.splits));
    let summary = output::counts(&curated.lake.report.tables) + &splits;
    match args.report.as_deref().and_then(special::stream) {
        // Whoever reads the report from there reads nothing else.
        Some(terminal::Stream::Output) => terminal::say(&summary),
        _ if args.json => terminal::say(&summary),
        _ => terminal::print(&summary),
    }
    key::advise(args);
    terminal::say(&next_steps::after_run(args));
    given
}

/// Writes the report to the place and the stream that were asked for.
fn give(args: &RunArgs, place: Option<&Path>, report: &str) -> Result<(), Failure> {
    if args.json {
        // As it is: JSON has its own escapes.
        if let Err(error) = terminal::write(terminal::Stream::Output, format!("{report}\n").as_bytes()) {
            terminal::failed(terminal::Stream::Output, &error);
        }
    }
    let printed = |path: &Path| args.json && special::stream(path) == Some(terminal::Stream::Output);
    place.filter(|path| !printed(path)).map_or(Ok(()), |path| output::write(path, report.as_bytes()))
}

/// Why a run that has ended gives no lake.
fn refusal(args: &RunArgs, lake: &Lake, folder: &LakeFolder) -> Option<String> {
    let problems = problems(lake);
    if args.strict && !problems.is_empty() {
        return Some(format!("{}, and --strict was asked for: no table is written", problems.join(", ")));
    }
    let rows = |table| lake.report.tables.get(&table).map_or(0, |counts| counts.rows_out);
    let of_lake = |table| lake.report.tables.get(&table).and_then(|counts| counts.rows_in_lake);
    let none = |table| match table {
        Table::AccelerometerLanding => rows(table) + of_lake(Table::AccelerometerTrusted).unwrap_or(0) == 0,
        Table::StepTrainerLanding => rows(table) + of_lake(Table::StepTrainerTrusted).unwrap_or(0) == 0,
        _ => rows(table) == 0,
    };
    refusal_of_missing(args, folder, none).or_else(|| refusal_of_quality(args, lake, folder))
}

/// The limits that were asked for and are not kept.
fn refusal_of_quality(args: &RunArgs, lake: &Lake, folder: &LakeFolder) -> Option<String> {
    let failed = args.require.as_ref()?.failed_by(&lake.report.quality);
    let kept = match folder.has_lake() {
        true => format!("the lake in {} is not replaced", args.out.display()),
        false => "no table is written".to_owned(),
    };
    (!failed.is_empty()).then(|| format!("--require is not met: {}; {kept}", failed.join("; ")))
}

/// Why a run gives no lake if some kinds of landing records are missing.
pub fn refusal_of_missing(
    args: &RunArgs,
    folder: &LakeFolder,
    none: impl Fn(Table) -> bool,
) -> Option<String> {
    let kinds = [
        (Table::CustomerLanding, "no customers"),
        (Table::AccelerometerLanding, "no accelerometer readings"),
        (Table::StepTrainerLanding, "no step trainer readings"),
    ];
    let missing: Vec<&str> =
        kinds.into_iter().filter(|(table, _)| none(*table)).map(|(_, what)| what).collect();
    if missing.is_empty() || args.allow_missing || !(args.strict || folder.has_lake()) {
        return None;
    }
    let why = match folder.has_lake() {
        true => format!("the lake in {} is not replaced", args.out.display()),
        false => "--strict was asked for: no table is written".to_owned(),
    };
    Some(format!("the inputs hold {}; {why}. --allow-missing allows it", missing.join(", ")))
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
    let (mut sources, refused) = inputs::recognised(found, args.all_zones);
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

fn lake(
    args: &RunArgs,
    found: Vec<Found>,
    unused: Vec<Input>,
    options: Options,
    key: Key,
    from: Option<&FromLake<'_>>,
) -> Result<Curated, Failure> {
    let (mut stage, sources, _) = started(args, found, unused, options, key, from)?;
    let bytes = sources.iter().map(|source| source.bytes).sum();
    let progress = if args.quiet { ProgressBar::hidden() } else { ProgressBar::new(bytes) };
    // A template of constants: it parses.
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {wide_msg}")
    {
        progress.set_style(style);
    }
    feed::feed_customers(&mut stage, &sources, &progress)?;
    if from.is_some() && stage.tables().values().all(|counts| counts.rows_in == 0) {
        return Err(Failure::Failed(NO_CUSTOMERS.to_owned()));
    }
    let mut stage = stage.consent();
    let readers = feed::read_readings(&mut stage, &sources, from, &progress)?;
    progress.set_message("sorting, joining, encoding");
    let curated = curate(stage.plan_curation(), readers)?;
    progress.finish_and_clear();
    Ok(curated)
}

/// What `--strict` does not let pass.
fn problems(lake: &Lake) -> Vec<String> {
    let refused = |status: &InputStatus| matches!(status, InputStatus::Refused { .. });
    let files = lake.report.inputs.iter().filter(|input| refused(&input.status)).count();
    let bad = lake.report.rejects_total + files as u64;
    let problems = [
        (!lake.report.complete).then(|| "the run is incomplete".to_owned()),
        (bad > 0).then(|| format!("{bad} records or files are bad")),
        (!lake.unmatched.is_empty())
            .then(|| format!("{} of the withdrawals match nothing", lake.unmatched.len())),
        lake.report
            .warnings
            .iter()
            .any(|warning| warning.code == "withdrawals_empty")
            .then(|| "the list of withdrawals has no entry".to_owned()),
    ];
    problems.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, Command};
    use clap::Parser;
    use serde_json::Value;
    use std::fs;
    use std::io::Write;

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
            let folder = LakeFolder::open(&args.out)?;
            let Finds { found, unused, .. } = files::find(&args.paths, &folder)?;
            let files: Vec<_> = found.iter().map(|file| (file.name.clone(), file.path.clone())).collect();
            let (key, _) = key::choose(&args)?;
            let curated = lake(&args, found, unused, args.options(&[]), key, None)?;
            change();
            Finished { args: &args, curated: &curated, files: &files, past: None, from: None, split: None }
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
