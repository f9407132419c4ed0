//! `stedi-lakehouse run`

use std::fs;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use stedi_lakehouse::options::{Key, KeyOrigin, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake};
use stedi_lakehouse::report::{Input, InputStatus};

use super::args::RunArgs;
use super::curate::{Curated, curate};
use super::files::Found;
use super::{Failure, audit, feed, files, inputs, output};

pub fn run(args: &RunArgs) -> Result<(), Failure> {
    let options = options(args)?;
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
    let written = !args.strict || problems == 0;
    if written {
        output::write_tables(&args.out, args.export, args.compression, &lake, &bodies)?;
    }
    audit::write(args, &lake.report, &files, &lake.reads, written)?;
    if !written {
        return Err(Failure::Failed(format!(
            "{problems} records or files are bad, and --strict was asked for: no table is written"
        )));
    }
    print!("{}", output::summary(&lake.report));
    Ok(())
}

fn lake(found: Vec<Found>, mut unused: Vec<Input>, options: Options, key: Key) -> Result<Curated, Failure> {
    let (sources, refused) = inputs::recognised(found);
    unused.extend(refused);
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
    feed::feed_customers(&mut stage, &sources, &progress)?;
    let mut stage = stage.consent();
    let readers = feed::read_readings(&mut stage, &sources, &progress)?;
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
                .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Args, Command};
    use clap::Parser;
    use serde_json::Value;
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
        let read = || -> Result<(), Failure> {
            let (found, unused) = files::find(&args.paths)?;
            let files: Vec<_> = found.iter().map(|file| (file.name.clone(), file.path.clone())).collect();
            let Curated { lake, .. } = lake(found, unused, options(&args)?, key(&args)?)?;
            change();
            audit::write(&args, &lake.report, &files, &lake.reads, false)
        };
        read().map_err(|failure| failure.to_string()).unwrap();
        serde_json::from_slice(&fs::read(report).unwrap()).unwrap()
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
