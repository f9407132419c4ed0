//! `stedi-lakehouse erase`: takes people out of a lake without the files that it was made of.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use bytes::Bytes;
use stedi_lakehouse::audit::{Completion, Hashed, Json, ReportFile};
use stedi_lakehouse::export::{self, Export, Logs, TableFormat};
use stedi_lakehouse::lake::erase::{ERASURE, KeyFate};
use stedi_lakehouse::lake::{
    Erasing, ErasingRun, Searched, TableFile, Wanted, has_all_tables, is_landing, key_fate,
};
use stedi_lakehouse::options::{Identity, Key};
use stedi_lakehouse::pipeline::{CustomerStage, Reader, ReadingStage};
use stedi_lakehouse::schema::Table;
use stedi_lakehouse::{Error, ErrorKind};

use super::past::past_of;
use super::read_lake::ReadLake;
use super::readings::{self, Readings};
use super::verify::{below, folders_below};
use super::{FileSource, Identity as Place, LakeFolder, NewFile, OutLake as _};
use crate::cli::args::EraseArgs;
use crate::cli::audit::{event, hash_of, statistics_of, tables_of};
use crate::cli::curate::curate;
use crate::cli::{Failure, key, terminal, threads, withdrawals};

/// How many files a refusal names.
const NAMED: usize = 10;

/// Erases the people of the list.
pub fn erase(args: &EraseArgs) -> Result<(), Failure> {
    let mut folder = LakeFolder::open(&args.lake)?;
    let lake = ReadLake::locked(&args.lake, None)?;
    let sizes = lake.whole()?;
    if !has_all_tables(&lake.contents) {
        return Err(Failure::Usage(format!(
            "{} lacks tables, so it is not known whose rows are whose. A research export names no one: erase people \
             from the lake that it was made of, and export it again",
            terminal::path(&args.lake)
        )));
    }
    let list = withdrawals::read(Some(&args.withdrawals))?;
    if list.is_empty() {
        return Err(Failure::Usage(format!("{} has no entry", terminal::path(&args.withdrawals))));
    }
    let landing_files = landing(args, &lake)?;
    let keys = Keys::choose(args, &lake)?;
    let past = past_of(&lake);
    let mut erasing = Erasing::new(lake.contents.clone(), list.clone(), keys.key.clone(), keys.fate)?;
    let reference = args.reference.as_deref().unwrap_or_default();
    erasing.refer_to(reference).map_err(refused)?;
    let (options, key, before) = erasing.run();
    let (compression, format) = (options.compression, lake.contents.format());

    let mut stage = CustomerStage::new(options, key)?;
    stage.erase_after(before);
    read(&lake, Table::CustomerTrusted, |batch| {
        erasing.customers(batch)?;
        stage.lake_rows(batch)
    })?;
    if erasing.wants_pairs() {
        read(&lake, Table::MachineLearningCurated, |batch| erasing.pairs(batch))?;
    }
    let mut stage = stage.consent();
    let ledger = stage.context().ledger.clone();
    let readers = readers(&lake, &readings::of_lake(&lake, &sizes)?, &mut stage)?;
    let unmatched = stage.unmatched();
    if erasing.changes_nothing(unmatched.len()) {
        terminal::say(&withdrawals::unmatched(&list, &unmatched, stderr().is_terminal()));
        terminal::print(
            "Nothing is changed: no entry of the list is in this lake, so everyone keeps their pseudonym.\n",
        );
        return Ok(());
    }
    let curated = curate(stage.plan_curation(), readers)?;
    let wanted = erasing.wanted(&ledger)?;

    let tables = tables_of(&curated, Export::Lake, compression, format);
    let searched = threads::map(tables.len(), |at| {
        let (_, NewFile { path, source, .. }, _) = &tables[at];
        let bytes = match source {
            FileSource::Bytes(parts) => Bytes::from(parts.concat()),
            FileSource::Copy(_) => Bytes::new(),
        };
        wanted.search_parquet(path, &bytes)
    });
    let mut all = Searched::default();
    for searched in searched {
        all.merge(searched?);
    }
    let event = event()?;
    let outputs: Vec<(Table, Hashed)> = tables
        .iter()
        .map(|(table, file, bytes)| {
            (*table, Hashed { name: file.path.clone(), bytes: *bytes, sha256: Some(file.sha256.clone()) })
        })
        .collect();
    // They start afresh: whoever is erased is in the files of earlier versions.
    let logs = match format {
        TableFormat::Delta => Some(Logs { statistics: statistics_of(&curated, &tables)?, earlier: None }),
        TableFormat::Parquet => None,
    };
    let (report, croissant) = (curated.lake.report.to_json()?, lake.path.join("croissant.json"));
    let croissant = fs::read_to_string(croissant).unwrap_or_default();
    let run = ErasingRun {
        report: &report,
        unmatched: curated.lake.unmatched.len(),
        completion: Completion { commit: crate::cli::audit::commit(), ..Completion::default() },
        outputs: &outputs,
        logs: logs.as_ref(),
        searched: &all,
        landing_files,
        key_is_known: args.key_file.is_some() || args.save_key.is_some(),
        event: &event,
        croissant: &croissant,
    };
    let (documents, mut all) = erasing.documents(run, &ledger, &wanted, &past).map_err(refused)?;
    search_others(&lake, &wanted, &mut all)?;
    refuse_matches(&all, &outputs)?;

    let mut new: Vec<NewFile<'_>> = tables.into_iter().map(|(_, file, _)| file).collect();
    new.extend(documents.iter().map(|(path, text)| {
        let source = FileSource::Bytes(vec![text.as_bytes()]);
        NewFile { path: path.clone(), sha256: hash_of(&[text.as_bytes()]), source }
    }));
    let inputs: HashSet<Place> =
        [&args.withdrawals].into_iter().chain(&args.key_file).map(|path| Place::of(path)).collect();
    keys.unsaved.as_ref().map_or(Ok(()), key::Unsaved::save)?;
    folder.replace(Export::Lake, &new, &HashSet::new(), &inputs)?;
    terminal::say(&withdrawals::unmatched(&list, &curated.lake.unmatched, stderr().is_terminal()));
    terminal::print(&told(
        args,
        &lake.contents.report,
        &documents,
        list.len(),
        list.len() - curated.lake.unmatched.len(),
    ));
    Ok(())
}

/// A reference that names somebody is wrong use, also where only the lake says whom it names.
fn refused(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::BadReference { .. } => Failure::Usage(format!("nothing is erased: {error}")),
        _ => error.into(),
    }
}

/// Landing files hold everyone. Gives how many will be removed.
fn landing(args: &EraseArgs, lake: &ReadLake<'_>) -> Result<usize, Failure> {
    let (ours, others): (Vec<String>, Vec<String>) = below(&lake.path)?
        .into_iter()
        .filter(|path| is_landing(path))
        .partition(|path| lake.contents.files.iter().any(|file| file.path == *path));
    let refuse = |files: &[String], help: &str| {
        let mut named: Vec<_> = files.iter().take(NAMED).map(|path| terminal::shown(path)).collect();
        if files.len() > NAMED {
            named.push(format!("and {} more", files.len() - NAMED));
        }
        Err(Failure::Usage(format!(
            "nothing is erased: landing files in the lake hold raw data of everyone: {}; {help}",
            named.join(", ")
        )))
    };
    if !others.is_empty() {
        return refuse(&others, "they are not the lake's own: move them away");
    }
    if !ours.is_empty() && !args.delete_landing {
        return refuse(&ours, "--delete-landing removes them, or move them away");
    }
    Ok(ours.len())
}

/// The key of the pseudonyms.
struct Keys<'a> {
    key: Key,
    fate: KeyFate,
    unsaved: Option<key::Unsaved<'a>>,
}

impl Keys<'_> {
    fn choose<'a>(args: &'a EraseArgs, lake: &ReadLake<'_>) -> Result<Keys<'a>, Failure> {
        let (key, unsaved) =
            key::choose_for(args.key_file.as_deref(), args.save_key.as_deref(), &args.lake, None)?;
        let fate = key_fate(&lake.contents, &key, args.new_key).ok_or_else(|| {
            Failure::Usage(format!(
                "nothing is erased: the pseudonyms of this lake were made with a key (check value {}). Give that key \
                 by --key-file; or --new-key makes all pseudonyms anew, and then nothing that was made of this lake \
                 before can be linked to it, nor can other runs under its key",
                terminal::shown(lake.contents.report.option("key_check"))
            ))
        })?;
        if fate == KeyFate::New {
            terminal::say(&key::warning_of_short(Identity::Pseudonym, &key).unwrap_or_default());
        }
        Ok(Keys { key, fate, unsaved })
    }
}

/// Reads a table of the lake.
fn read(
    lake: &ReadLake<'_>,
    wanted: Table,
    mut take: impl FnMut(&RecordBatch) -> Result<(), Error>,
) -> Result<(), Failure> {
    for (table, path) in lake.contents.tables().into_iter().filter(|(table, _)| *table == wanted) {
        let file = TableFile::open(table, &lake.table(&path)?)?;
        for group in 0..file.row_groups() {
            file.read(lake.table(&path)?, group, &mut take)?;
        }
    }
    Ok(())
}

/// Reads the lake's readings past the new ledger, by as many threads as there are cores.
fn readers(
    lake: &ReadLake<'_>,
    tables: &[Readings],
    stage: &mut ReadingStage,
) -> Result<Vec<Reader>, Failure> {
    let (parts, next, context) = (readings::parts(tables), AtomicUsize::new(0), stage.context().clone());
    let readers: Result<Vec<Reader>, Failure> = threads::each(parts.len(), || {
        let mut reader = Reader::new(context.clone());
        while let Some(&part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            readings::read(lake, tables, &mut reader, part)?;
        }
        Ok(reader)
    })
    .into_iter()
    .collect();
    let readers = readers?;
    readers.iter().for_each(|reader| stage.merge(reader.counters().clone()));
    Ok(readers)
}

/// Files in the folder that are not the lake's, and folders without a file, stay there: they are searched too.
fn search_others(lake: &ReadLake<'_>, wanted: &Wanted, all: &mut Searched) -> Result<(), Failure> {
    let own: BTreeSet<&str> =
        lake.contents.files.iter().map(|file| file.path.as_str()).chain([export::REPORT]).collect();
    let files = below(&lake.path)?;
    for folder in folders_below(&lake.path)? {
        // Paths of files are searched with their folders.
        let is_above = |file: &String| file.strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'));
        if !files.iter().any(is_above) {
            all.merge(wanted.search_folder(&folder));
        }
    }
    for path in files.into_iter().filter(|path| !own.contains(path.as_str())) {
        let at = lake.path.join(&path);
        let bytes = Bytes::from(fs::read(&at).map_err(|error| Failure::io("read", &at, &error))?);
        all.merge(wanted.search_other(&path, &bytes)?);
    }
    Ok(())
}

/// Refuses if somebody would still be found, or may be, in the new tables or beside them.
fn refuse_matches(all: &Searched, outputs: &[(Table, Hashed)]) -> Result<(), Failure> {
    // A path may be what names somebody, so it is said on a terminal only.
    let shown = stderr().is_terminal();
    let (mut tables, mut places) = (BTreeSet::new(), Vec::new());
    for (path, part) in all.matches.keys() {
        match outputs.iter().find(|(_, file)| file.name == *path) {
            Some((table, _)) => {
                tables.insert(table.name());
            }
            None if *part == "name" && !shown => places.push("the name of a file or folder".to_owned()),
            None => places.push(format!("{} ({part})", terminal::shown(path))),
        }
    }
    let still = "nothing is erased: somebody on the list would still be found in";
    if !tables.is_empty() {
        let tables: Vec<_> = tables.into_iter().collect();
        return Err(Failure::Failed(format!(
            "{still} {}, as part of a value in the row of somebody who stays; withdraw that person too, or keep the \
             lake as it is",
            tables.join(", ")
        )));
    }
    if !places.is_empty() {
        places.truncate(NAMED);
        return Err(Failure::Failed(format!(
            "{still} {}; move files and folders that are not the lake's own out of its folder, and try again",
            places.join(", ")
        )));
    }
    if !all.unsearchable.is_empty() {
        let files: Vec<_> = all.unsearchable.iter().take(NAMED).map(|path| terminal::shown(path)).collect();
        return Err(Failure::Failed(format!(
            "nothing is erased: files that are not the lake's own cannot be searched, since they are packed or no \
             text in UTF-8: {}; move them away, and try again",
            files.join(", ")
        )));
    }
    Ok(())
}

fn told(
    args: &EraseArgs,
    old: &ReportFile,
    documents: &[(String, String)],
    asked: usize,
    matched: usize,
) -> String {
    let new = documents.last().and_then(|(_, text)| Json::parse(text).ok()).unwrap_or(Json::Null);
    let mut text = format!("{:<26}{:>12}{:>12}{:>12}\n", "table", "rows before", "rows after", "removed");
    for table in Table::WRITTEN {
        let [was, is] =
            [old.json(), &new].map(|report| report.get("tables").get(table.name()).count_of("rows_out"));
        text += &format!("{:<26}{was:>12}{is:>12}{:>12}\n", table.name(), was.saturating_sub(is));
    }
    text += &format!(
        "{matched} of the {asked} entries were found in the lake and are erased from it; no file of the lake holds \
         them. {} says what was done and what it does not reach: copies, backups, object versions, what was \
         made of the tables, and the exports.\n",
        terminal::path(&args.lake.join(ERASURE))
    );
    text
}
