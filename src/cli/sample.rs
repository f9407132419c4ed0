//! `stedi-lakehouse sample`

use std::fs;
use std::path::{Path, PathBuf};

use stedi_lakehouse::sample::{OriginalSample, Sample, SampleFile, WalkingSample};
use stedi_lakehouse::schema::Landing;

use super::args::{SampleArgs, Shape};
use super::{Failure, next_steps, output, terminal};

/// Writes a sample where nothing is yet, all of it or nothing.
pub fn sample(args: &SampleArgs) -> Result<(), Failure> {
    let places = places(args);
    check_free(&places)?;
    let made = args.out.symlink_metadata().is_err();
    fs::create_dir_all(&args.out).map_err(|error| Failure::io("make", &args.out, &error))?;
    let written = write(args, &places);
    if written.is_err() && made {
        // Only if nothing is in it.
        let _ = fs::remove_dir(&args.out);
    }
    let (files, bytes) = written?;
    terminal::print(&format!("{files} files, {bytes} bytes in {}\n", terminal::path(&args.out)));
    terminal::say(&next_steps::after_sample(&args.out));
    Ok(())
}

/// The folders of a sample, by their names.
fn places(args: &SampleArgs) -> Vec<(&'static str, PathBuf)> {
    let folder = |kind: Landing| kind.table().folder();
    let top = |kind| folder(kind).split('/').next().unwrap_or(folder(kind));
    let labels = args.steps.then_some("labels");
    Landing::ALL.map(top).into_iter().chain(labels).map(|name| (name, args.out.join(name))).collect()
}

/// The files of a sample.
fn files_of(args: &SampleArgs) -> Box<dyn Iterator<Item = SampleFile>> {
    match args.shape {
        _ if args.steps => Box::new(WalkingSample::new(args.scale, args.seed)),
        Shape::Plain => Box::new(Sample::new(args.scale, args.defects)),
        Shape::Original => Box::new(OriginalSample::new(args.scale)),
    }
}

/// # Errors
/// If something is in one of the folders.
fn check_free(places: &[(&str, PathBuf)]) -> Result<(), Failure> {
    let is_empty = |path: &Path| fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    let taken = places.iter().filter(|(_, path)| path.symlink_metadata().is_ok() && !is_empty(path));
    let taken: Vec<String> = taken.map(|(_, path)| terminal::path(path)).collect();
    match taken.is_empty() {
        true => Ok(()),
        false => Err(Failure::Failed(format!(
            "nothing is written, for this is in the way: {}; move it away, or choose another --out",
            taken.join("; ")
        ))),
    }
}

/// Writes the sample beside its place and then moves it there; gives how many files and bytes it has.
fn write(args: &SampleArgs, places: &[(&str, PathBuf)]) -> Result<(u64, usize), Failure> {
    let made = tempfile::Builder::new().prefix(".stedi-sample-").tempdir_in(&args.out);
    let temp = made.map_err(|error| Failure::io("write to", &args.out, &error))?;
    let (mut files, mut bytes) = (0, 0);
    for file in files_of(args) {
        files += 1;
        bytes += file.bytes.len();
        output::write(&temp.path().join(&file.name), &file.bytes)?;
    }
    check_free(places)?;
    for (at, (name, place)) in places.iter().enumerate() {
        if let Err(error) = fs::rename(temp.path().join(name), place) {
            // What was moved goes with the rest.
            places[..at].iter().for_each(|(name, place)| {
                let _ = fs::rename(place, temp.path().join(name));
            });
            return Err(Failure::io("write to", place, &error));
        }
    }
    Ok((files, bytes))
}
