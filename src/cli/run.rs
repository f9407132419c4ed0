//! `stedi-lakehouse run`

use std::fs;

use indicatif::{ProgressBar, ProgressStyle};
use stedi_lakehouse::export::Export;
use stedi_lakehouse::options::{Key, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake};
use stedi_lakehouse::report::{Input, InputStatus};
use stedi_lakehouse::schema::Table;

use super::args::RunArgs;
use super::audit::Finished;
use super::curate::{Curated, curate};
use super::files::{Finds, Found};
use super::lake::{LakeFolder, guard};
use super::{Failure, files, inputs, key, output, special, terminal};

pub fn run(args: &RunArgs) -> Result<(), Failure> {
    if args.with_landing && args.export == Export::Research {
        return Err(Failure::Usage(
            "a research export has no landing files: --with-landing is for the lake".to_owned(),
        ));
    }
    let mut folder = LakeFolder::open(&args.out)?;
    let (key, unsaved) = key::choose(args)?;
    let options = options(args)?;
    let Finds { found, unused, hidden, spooled: _spooled } = files::find(&args.paths, &folder)?;
    // Hidden files are hashed too.
    let files: Vec<_> =
        found.iter().map(|file| (file.name.clone(), file.path.clone())).chain(hidden).collect();
    let guarded = guard(args, &files)?;
    folder.survey(args.export, &guarded)?;
    key::warn_of_another(args, &key);
    let curated = lake(found, unused, options, key)?;
    terminal::say(&output::remarks(&curated.lake.report));
    let finished = Finished { args, curated: &curated, files: &files };
    // The last of what is written: the lake is whole if it fails.
    let second = |report: Option<String>| match (&args.report, report) {
        (Some(path), Some(report)) => output::write(path, report.as_bytes()),
        _ => Ok(()),
    };
    if let Some(why) = refusal(args, &curated.lake, &folder) {
        second(finished.report_alone(&folder)?)?;
        return Err(Failure::Failed(why));
    }
    unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)?;
    let told = second(finished.write(&mut folder, &guarded)?);
    let summary = output::summary(&curated.lake.report);
    match args.report.as_deref().and_then(special::stream) {
        // Whoever reads the report from there reads nothing else.
        Some(terminal::Stream::Output) => terminal::say(&summary),
        _ => terminal::print(&summary),
    }
    key::advise(args);
    told
}

/// Why a run that has ended gives no lake.
fn refusal(args: &RunArgs, lake: &Lake, folder: &LakeFolder) -> Option<String> {
    let problems = problems(lake);
    if args.strict && problems > 0 {
        return Some(format!(
            "{problems} records or files are bad, and --strict was asked for: no table is written"
        ));
    }
    let missing = missing(lake);
    if missing.is_empty() || args.allow_missing || !(args.strict || folder.has_lake()) {
        return None;
    }
    let why = match folder.has_lake() {
        true => format!("the lake in {} is not replaced", args.out.display()),
        false => "--strict was asked for: no table is written".to_owned(),
    };
    Some(format!("the inputs hold {}; {why}. --allow-missing allows it", missing.join(", ")))
}

/// The kinds of records of which there are none.
fn missing(lake: &Lake) -> Vec<&'static str> {
    let kinds = [
        (Table::CustomerLanding, "no customers"),
        (Table::AccelerometerLanding, "no accelerometer readings"),
        (Table::StepTrainerLanding, "no step trainer readings"),
    ];
    let none = |table| lake.report.tables.get(&table).is_none_or(|counts| counts.rows_out == 0);
    kinds.into_iter().filter(|(table, _)| none(*table)).map(|(_, what)| what).collect()
}

fn lake(found: Vec<Found>, mut unused: Vec<Input>, options: Options, key: Key) -> Result<Curated, Failure> {
    let (mut sources, mut originals) = (Vec::new(), files::Originals::default());
    for file in found {
        let (usable, refused) = inputs::recognised(file, &mut originals);
        sources.extend(usable);
        unused.extend(refused);
    }
    let mut stage = CustomerStage::new(options, key);
    for input in &unused {
        stage.journal().input(input.clone());
    }
    if sources.is_empty() {
        for input in &unused {
            if let InputStatus::Refused { message, .. } = &input.status {
                let (name, message) = (terminal::shown(&input.name), terminal::shown(message));
                terminal::say(&format!("not used: {name}: {message}\n"));
            }
        }
        return Err(Failure::Failed("none of the inputs can be used".to_owned()));
    }
    let progress = ProgressBar::new(sources.iter().map(|source| source.bytes).sum());
    // A template of constants: it parses.
    if let Ok(style) =
        ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {wide_msg}")
    {
        progress.set_style(style);
    }
    inputs::feed_customers(&mut stage, &sources, &progress)?;
    let mut stage = stage.consent();
    let readers = inputs::read_readings(&mut stage, &sources, &progress)?;
    progress.set_message("sorting, joining, encoding");
    let curated = curate(stage.settle(), readers)?;
    progress.finish_and_clear();
    Ok(curated)
}

/// Rejected records and refused files.
fn problems(lake: &Lake) -> u64 {
    let refused = |status: &InputStatus| matches!(status, InputStatus::Refused { .. });
    let files = lake.report.inputs.iter().filter(|input| refused(&input.status)).count();
    lake.report.rejects_total + files as u64
}

fn options(args: &RunArgs) -> Result<Options, Failure> {
    let withdrawals = match &args.withdrawals {
        None => Vec::new(),
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", terminal::path(path))))?;
            Options::withdrawals_from_lines(&text)
        }
    };
    Ok(Options {
        consent: args.consent,
        records: args.records,
        shared_serials: args.shared_serials,
        join: args.join,
        identity: args.identity,
        compression: args.compression,
        withdrawals,
    })
}
