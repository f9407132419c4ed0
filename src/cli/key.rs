//! The key of the pseudonyms: read from a file, or made for the run and saved.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use stedi_lakehouse::audit::{ReportFile, times_undone};
use stedi_lakehouse::options::{Choice as _, Identity, Key, KeyOrigin};
use stedi_lakehouse::report::KeyReport;

use super::args::RunArgs;
use super::{Failure, terminal};

/// A random key that is to be saved.
pub struct Unsaved<'a> {
    path: &'a Path,
    text: String,
}

/// The key of a run, and what of it is to be saved.
pub fn choose(args: &RunArgs) -> Result<(Key, Option<Unsaved<'_>>), Failure> {
    choose_for(args.key_file.as_deref(), args.save_key.as_deref(), &args.out, args.report.as_deref())
}

/// The key of a run into this folder, from its file, or a random one that may be saved.
pub fn choose_for<'a>(
    key_file: Option<&Path>,
    save_key: Option<&'a Path>,
    out: &Path,
    report: Option<&Path>,
) -> Result<(Key, Option<Unsaved<'a>>), Failure> {
    if let Some(path) = key_file {
        return Ok((read(path)?, None));
    }
    if let Some(path) = save_key
        && let Some(problem) = problem(path, out, report)
    {
        return Err(unusable(path, &problem));
    }
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| Failure::Failed(format!("no random key: {error}")))?;
    // As hex, so that the saved key is a text file that --key-file reads.
    let hex = hex::encode(random);
    let unsaved = save_key.map(|path| Unsaved { path, text: format!("{hex}\n") });
    Ok((Key::new(hex.into_bytes(), KeyOrigin::Random)?, unsaved))
}

/// The key in a file.
pub fn read(path: &Path) -> Result<Key, Failure> {
    let bytes = fs::read(path).map_err(|error| unusable(path, &error))?;
    Key::from_file(&bytes).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("{}: {error}", terminal::path(path)))
}

/// Why a key cannot be saved there.
fn problem(path: &Path, out: &Path, report: Option<&Path>) -> Option<&'static str> {
    let place = resolved(path);
    // Whatever is there, a link to nowhere too.
    if path.symlink_metadata().is_ok() {
        Some(
            "it exists, and --save-key never overwrites a file. Use that key with --key-file, or choose another name",
        )
    } else if is_within(path, out) {
        Some(
            "it is in the folder of the tables, and whoever gets them would get their key. Choose another folder",
        )
    } else if report.is_some_and(|report| resolved(report) == place) {
        Some("--report would overwrite it. Choose another name")
    } else {
        None
    }
}

/// Whether a file lies in a folder, or would.
pub fn is_within(path: &Path, folder: &Path) -> bool {
    resolved(path).starts_with(resolved(folder))
}

/// A path without links, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = path.ancestors().find_map(|known| Some((known, known.canonicalize().ok()?)));
    let Some((known, real)) = known else {
        return path;
    };
    path.strip_prefix(known).map_or_else(|_| path.clone(), |rest| real.join(rest))
}

impl Unsaved<'_> {
    /// Saves the key where nothing is yet, for its owner alone. To be done before
    /// any table is written: without its key a table cannot be gone on with.
    pub fn save(&self) -> Result<(), Failure> {
        let failure = |error| Failure::io("save the key to", self.path, &error);
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))?;
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(self.path).map_err(failure)?;
        let written = file.write_all(self.text.as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // It is ours, and half a key is none.
            let _ = fs::remove_file(self.path);
            return Err(failure(error));
        }
        // Its name too; not every file system can.
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// What is said of the key before a run replaces the lake that has this report, or goes on from the one of the other.
pub fn warnings(args: &RunArgs, key: &Key, replaced: Option<String>, from: Option<&ReportFile>) -> String {
    let replaced = replaced.and_then(|text| ReportFile::read(&text).ok());
    let another = replaced.as_ref().and_then(|old| warning_of_another(args, key, old));
    let mut lakes = [(Some(&args.out), replaced.as_ref()), (args.from.as_ref(), from)].into_iter();
    let undone = lakes.find_map(|(path, old)| warning_of_times(args, key, path?, old?));
    another.into_iter().chain(undone).chain(warning_of_short(args.identity, key)).collect()
}

/// If whoever has the tables and knows an email can find the key. No report says so: that would name the tables to try.
pub fn warning_of_short(identity: Identity, key: &Key) -> Option<String> {
    (identity == Identity::Pseudonym && key.is_short()).then(|| {
        "warning: short_key: the key has fewer than 16 bytes. A key this short can be guessed, and then the pseudonyms \
         lead to people. Make a longer one, such as --save-key makes.\n"
            .to_owned()
    })
}

/// If the lake has other times under the same key.
fn warning_of_times(args: &RunArgs, key: &Key, lake: &Path, old: &ReportFile) -> Option<String> {
    let check = KeyReport::new(key).check().to_string();
    times_undone(old, [args.identity.name(), args.times.name(), &check]).then(|| {
        format!(
            "warning: times_undone: the lake in {} was made under the same key with times = {}, and this run has times \
             = {}. The two undo each other: one person has one pseudonym in both, and whoever has both finds by it the \
             times that one of them was to hide. If the other was given away, use another key.\n",
            terminal::path(lake),
            terminal::shown(old.option("times")),
            args.times.name()
        )
    })
}

/// If the lake that is replaced was made under another key.
fn warning_of_another(args: &RunArgs, key: &Key, old: &ReportFile) -> Option<String> {
    let key = KeyReport::new(key);
    if args.identity != Identity::Pseudonym || old.option("identity") != "pseudonym" {
        return None;
    }
    let (was, is) = (old.option("key_check"), key.check().to_string());
    let said = match was {
        // The key of an earlier version's lake is not known, but no random key is it.
        "" if args.key_file.is_some() => return None,
        "" => "another key".to_owned(),
        _ if was == is => return None,
        _ => format!("another key (check value {}, now {is})", terminal::shown(was)),
    };
    Some(format!(
        "warning: other_key: the lake in {} was made under {said}. One person has another pseudonym in this run: \
         what was derived from that lake cannot be linked to the new one. Use --key-file with that lake's key to keep \
         the pseudonyms.\n",
        terminal::path(&args.out)
    ))
}

/// What later work needs a random key for.
pub fn advise(args: &RunArgs) {
    if args.key_file.is_some() || args.identity != Identity::Pseudonym {
        return;
    }
    let need =
        "Erasing people from these tables, adding files to them and linking other runs to them need this key";
    terminal::say(&match &args.save_key {
        Some(path) => format!(
            "note: the random key of this run is saved in {}. {need}. Whoever has it and the email addresses can link \
             pseudonyms to people: keep it apart from the tables.\n",
            terminal::path(path)
        ),
        None => format!(
            "note: the pseudonyms are made with a random key, which is not saved. {need}. Run again with \
             --save-key FILE to have a key that you keep.\n"
        ),
    });
}
