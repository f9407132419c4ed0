//! `stedi-lakehouse verify --person`: whether somebody is in a lake.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use stedi_lakehouse::lake::{Found, PersonSearch, TableFile, one_entry};
use stedi_lakehouse::options::Key;

use super::read_lake::ReadLake;
use crate::cli::args::VerifyArgs;
use crate::cli::{Failure, terminal};

/// Looks for the person, and gives the exit code: 0, whatever the answer is.
pub fn look_for(args: &VerifyArgs, lake: &ReadLake<'_>) -> Result<u8, Failure> {
    let entry = match (&args.person, &args.person_file) {
        (Some(entry), _) => entry.clone(),
        (_, Some(path)) => read(path)?,
        _ => String::new(),
    };
    let entry =
        one_entry(&entry).ok_or_else(|| Failure::Usage("name one email or one serial number".to_owned()))?;
    let key = args.key_file.as_deref().map(|path| key(path, lake)).transpose()?;
    let mut search = PersonSearch::new(&lake.contents, entry, key)?;
    for parts in search.tables().to_vec().chunk_by(|one, next| one.0 == next.0) {
        for (table, path) in parts {
            let file = TableFile::open(*table, &lake.table(path)?)?;
            for group in 0..file.row_groups() {
                file.read(lake.table(path)?, group, |batch| search.rows(*table, batch))?;
            }
        }
        search.ended(parts[0].0);
    }
    let found = search.found();
    terminal::print(&if args.json { json(&found) } else { told(&found) });
    Ok(0)
}

fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match path.as_os_str() == "-" {
        true => io::stdin().read_to_string(&mut text).map(|_| ()),
        false => fs::read_to_string(path).map(|read| text = read),
    };
    read.map_err(|error| Failure::Usage(format!("cannot read {}: {error}", terminal::path(path))))?;
    Ok(text)
}

/// The key of the lake's pseudonyms, from its file.
fn key(path: &Path, lake: &ReadLake<'_>) -> Result<Key, Failure> {
    let usage = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("{}: {}", terminal::path(path), terminal::shown(&error.to_string())))
    };
    let key =
        Key::from_file(&fs::read(path).map_err(|error| usage(&error))?).map_err(|error| usage(&error))?;
    lake.contents.check_key(&key).map_err(|error| usage(&error))?;
    Ok(key)
}

const NO_KEY: &str = "not known: its pseudonyms can be searched with --key-file";

fn told(found: &Found) -> String {
    let mut text = match found.is_anywhere() {
        true => "In this lake.\n".to_owned(),
        false => {
            "Not in this lake: no row that was searched is of this person or device. Landing files are not \
                  searched.\n"
                .to_owned()
        }
    };
    for (table, rows) in &found.rows {
        let rows = rows.map_or(NO_KEY.to_owned(), |rows| format!("{rows} rows"));
        text += &format!("{:<26}{rows}\n", table.name());
    }
    if found.shared_steps > 0 {
        text += &format!(
            "{} of the step readings are of devices that other people in this lake have too.\n",
            found.shared_steps
        );
    }
    if found.mixed_pairs {
        text += "This lake was made with join = time, which pairs readings of different people: rows of other subjects \
                 in machine_learning_curated may hold readings of theirs, and are not counted here.\n";
    }
    text
}

fn json(found: &Found) -> String {
    let rows = found.rows.iter().map(|(table, rows)| {
        let rows = rows.as_ref().map_or("null".to_owned(), u64::to_string);
        format!("    \"{}\": {rows}", table.name())
    });
    format!(
        "{{\n  \"format\": \"stedi-lakehouse-person\",\n  \"version\": 1,\n  \"rows\": {{\n{}\n  }},\n  \
         \"step_rows_of_shared_devices\": {},\n  \"other_rows_may_hold_theirs\": {}\n}}\n",
        rows.collect::<Vec<_>>().join(",\n"),
        found.shared_steps,
        found.mixed_pairs
    )
}
