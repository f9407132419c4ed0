//! `stedi-lakehouse run`

use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use stedi_lakehouse::options::{Key, KeyOrigin, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake};
use stedi_lakehouse::report::{Input, InputStatus};
use stedi_lakehouse::withdrawals::Entry;

use super::args::RunArgs;
use super::curate::{Curated, curate};
use super::files::Found;
use super::{Failure, audit, files, inputs, output, withdrawals};

pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let withdrawn = withdrawals::read(args.withdrawals.as_deref())?;
    let options = options(args, &withdrawn);
    output::check(&args.out, args.export, args.with_landing)?;
    let key = key(args)?;
    let (found, unused) = files::find(&args.paths)?;
    // Hidden files are hashed too; their names are their paths.
    let hidden = unused.iter().map(|input| (input.name.clone(), PathBuf::from(&input.name)));
    let files: Vec<_> =
        found.iter().map(|file| (file.name.clone(), file.path.clone())).chain(hidden).collect();
    let Curated { lake, bodies } = lake(found, unused, options, key)?;
    let problems = problems(&lake);
    eprint!("{}", output::remarks(&lake.report));
    eprint!("{}", withdrawals::unmet(&withdrawn, &lake.unmet, stderr().is_terminal()));
    let written = !args.strict || problems.is_empty();
    if written {
        output::write_tables(&args.out, args.export, args.compression, &lake, &bodies)?;
    }
    audit::write(args, &lake.report, &files, written)?;
    if !written {
        return Err(Failure::Failed(format!(
            "{}, and --strict was asked for: no table is written",
            problems.join(", ")
        )));
    }
    print!("{}", output::summary(&lake.report));
    Ok(())
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
                eprintln!("not used: {}: {message}", input.name);
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

/// What `--strict` does not let pass.
fn problems(lake: &Lake) -> Vec<String> {
    let refused = |status: &InputStatus| matches!(status, InputStatus::Refused { .. });
    let files = lake.report.inputs.iter().filter(|input| refused(&input.status)).count();
    let bad = lake.report.rejects_total + files as u64;
    let problems = [
        (!lake.report.complete).then(|| "the run is incomplete".to_owned()),
        (bad > 0).then(|| format!("{bad} records or files are bad")),
        (!lake.unmet.is_empty()).then(|| format!("{} of the withdrawals match nothing", lake.unmet.len())),
    ];
    problems.into_iter().flatten().collect()
}

fn options(args: &RunArgs, withdrawn: &[Entry]) -> Options {
    Options {
        consent: args.consent,
        records: args.records,
        shared_serials: args.shared_serials,
        join: args.join,
        identity: args.identity,
        compression: args.compression,
        withdrawals: withdrawn.iter().map(|entry| entry.text.clone()).collect(),
    }
}

fn key(args: &RunArgs) -> Result<Key, Failure> {
    if let Some(path) = &args.key_file {
        let bytes = fs::read(path)
            .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
        return Key::from_file(&bytes)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())));
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| Failure::Failed(format!("no random key: {error}")))?;
    // As hex, so that the saved key is a text file that --key-file reads.
    let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(path) = &args.save_key {
        output::write(path, format!("{hex}\n").as_bytes())?;
    }
    Ok(Key::new(hex.into_bytes(), KeyOrigin::Random)?)
}
