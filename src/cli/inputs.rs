//! Recognises files and feeds them to a stage.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use indicatif::ProgressBar;
use stedi_lakehouse::ingest::{Archive, HEAD_BYTES, InputFile, Recognition, recognise};
use stedi_lakehouse::pipeline::Stage;
use stedi_lakehouse::report::Input;
use stedi_lakehouse::schema::Landing;

use super::Failure;
use super::files::Found;

/// A file, or an entry of a zip, whose table is known.
pub struct Source {
    path: PathBuf,
    entry: Option<usize>,
    name: String,
    pub bytes: u64,
    pub table: Landing,
}

/// What a file holds, and what of it cannot be used.
pub fn recognised(file: Found) -> (Vec<Source>, Vec<Input>) {
    let Found { path, name, bytes } = file;
    match file_recognition(&path) {
        Ok(Recognition::Table(table)) => (vec![Source { path, entry: None, name, bytes, table }], Vec::new()),
        Ok(Recognition::Refused(refusal)) => (Vec::new(), vec![Input::refusal(name, bytes, refusal)]),
        // A whole file never asks for more.
        Ok(Recognition::Archive | Recognition::More(_)) => entries(path, name, bytes),
        Err(error) => (Vec::new(), vec![Input::refused(name, bytes, "unreadable", &error.to_string())]),
    }
}

fn file_recognition(path: &PathBuf) -> io::Result<Recognition> {
    let mut file = File::open(path)?;
    let mut head = Vec::new();
    let mut wanted = HEAD_BYTES;
    loop {
        let more = (wanted - head.len()) as u64;
        let read = file.by_ref().take(more).read_to_end(&mut head)? as u64;
        match recognise(&head, read < more) {
            Recognition::More(bytes) => wanted = bytes,
            known => return Ok(known),
        }
    }
}

fn entries(path: PathBuf, name: String, bytes: u64) -> (Vec<Source>, Vec<Input>) {
    let (mut sources, mut refused) = (Vec::new(), Vec::new());
    let opened = File::open(&path).map_err(|error| ("unreadable", error.to_string()));
    let archive =
        opened.and_then(|file| Archive::new(file).map_err(|error| (error.reason(), error.to_string())));
    let mut archive = match archive {
        Ok(archive) => archive,
        Err((reason, message)) => return (sources, vec![Input::refused(name, bytes, reason, &message)]),
    };
    if archive.entries().is_empty() {
        refused.push(Input::refused(name.clone(), bytes, "empty", "the zip holds no files"));
    }
    for (at, entry) in archive.entries().to_vec().into_iter().enumerate() {
        let name = format!("{name}/{}", entry.name);
        match archive.recognise(at) {
            Ok(Recognition::Table(table)) => {
                sources.push(Source { path: path.clone(), entry: Some(at), name, bytes: entry.bytes, table });
            }
            Ok(Recognition::Refused(refusal)) => refused.push(Input::refusal(name, entry.bytes, refusal)),
            // `Archive::recognise` settles these itself.
            Ok(Recognition::Archive | Recognition::More(_)) => {}
            Err(error) => refused.push(Input::refused(name, entry.bytes, error.reason(), &error.to_string())),
        }
    }
    (sources, refused)
}

/// Feeds the sources that the stage takes.
pub fn feed<S: Stage>(stage: &mut S, sources: &[Source], progress: &ProgressBar) -> Result<(), Failure> {
    let mut chunk = vec![0; 1 << 20];
    for source in sources.iter().filter(|source| S::KINDS.contains(&source.table)) {
        progress.set_message(source.name.clone());
        let failure = |error| Failure::io("read", &source.path, &error);
        let mut reader = File::open(&source.path).map_err(failure)?;
        let mut file = InputFile::new(source.name.as_str(), source.table);
        if let Some(entry) = source.entry {
            let taken =
                Archive::new(reader).and_then(|mut archive| stage.entry(&mut archive, entry, &mut file));
            taken.map_err(|error| Failure::Failed(format!("{}: {error}", source.name)))?;
            progress.inc(source.bytes);
        } else {
            loop {
                let length = reader.read(&mut chunk).map_err(failure)?;
                if length == 0 {
                    break;
                }
                stage.push(&mut file, &chunk[..length]);
                progress.inc(length as u64);
            }
        }
        stage.close(file, source.name.clone(), source.bytes);
    }
    Ok(())
}
