//! `stedi-lakehouse run`

use std::fs;

use indicatif::{ProgressBar, ProgressStyle};
use stedi_lakehouse::options::{Key, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake};
use stedi_lakehouse::report::{Input, InputStatus};

use super::args::RunArgs;
use super::curate::{Curated, curate};
use super::files::{Finds, Found};
use super::{Failure, audit, files, inputs, key, output, special, terminal};

pub fn run(args: &RunArgs) -> Result<(), Failure> {
    output::check(&args.out, args.export, args.with_landing)?;
    let (key, unsaved) = key::choose(args)?;
    let options = options(args)?;
    key::warn_of_another(args, &key);
    let Finds { found, unused, hidden, spooled: _spooled } = files::find(&args.paths)?;
    // Hidden files are hashed too.
    let files: Vec<_> =
        found.iter().map(|file| (file.name.clone(), file.path.clone())).chain(hidden).collect();
    let Curated { lake, bodies } = lake(found, unused, options, key)?;
    let problems = problems(&lake);
    terminal::say(&output::remarks(&lake.report));
    let written = !args.strict || problems == 0;
    if written {
        unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)?;
        output::write_tables(&args.out, args.export, args.compression, &lake, &bodies)?;
    }
    let report = audit::write(args, &lake.report, &files, written)?;
    // The last of what is written: the lake is whole if it fails.
    let told = match (&args.report, &report) {
        (Some(path), Some(report)) => output::write(path, report.as_bytes()),
        _ => Ok(()),
    };
    if !written {
        told?;
        return Err(Failure::Failed(format!(
            "{problems} records or files are bad, and --strict was asked for: no table is written"
        )));
    }
    let summary = output::summary(&lake.report);
    match args.report.as_deref().and_then(special::stream) {
        // Whoever reads the report from there reads nothing else.
        Some(terminal::Stream::Output) => terminal::say(&summary),
        _ => terminal::print(&summary),
    }
    key::advise(args);
    told
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
