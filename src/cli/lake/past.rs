//! What stays of the versions of a lake on the disk.

use std::fs;
use std::path::Path;

use stedi_lakehouse::audit::ReportFile;
use stedi_lakehouse::lake::Past;
use stedi_lakehouse::lake::erase::ERASURE;

use super::out::OutLake;
use super::read_lake::ReadLake;
use crate::cli::terminal;

/// Of a lake whose files are what its report says.
pub fn past_of(lake: &ReadLake<'_>) -> Past {
    Past::new(&lake.contents.report, |path| {
        let is_own = lake.contents.files.iter().any(|file| file.path == path);
        is_own.then(|| fs::read_to_string(lake.path.join(path)).ok()).flatten()
    })
}

/// What is said before a run without a list goes on from a lake that people were erased from.
pub fn warning_of(past: &Past) -> Option<String> {
    let people = past.erased();
    (people > 0).then(|| {
        let come_again = come_again("the new files");
        format!("{} this lake, {come_again}\n", erased(Some(people)))
    })
}

/// What is said before a run that goes on from no lake replaces one at `out` that people were erased from.
pub fn warning_of_replaced(folder: &dyn OutLake, out: &Path, has_list: bool) -> Option<String> {
    if !folder.old().named.iter().any(|file| file.path == ERASURE) {
        return None;
    }
    let report = ReportFile::read(&folder.report()?).ok()?;
    // Of a lake in an object store it is not read.
    let past = Past::new(&report, |path| fs::read_to_string(folder.at(path)).ok());
    let erased = erased(past.erasures.is_some().then(|| past.erased()));
    let come_again = match has_list {
        true => "and whoever of them is not in --withdrawals may be in the new lake again.".to_owned(),
        false => come_again("the inputs"),
    };
    Some(format!(
        "{erased} the lake in {}, {come_again} This run goes on from no lake: erasure.json and history.json of the old \
         one are removed.\n",
        terminal::path(out)
    ))
}

fn erased(entries: Option<u64>) -> String {
    let who = entries.map_or_else(|| "people".to_owned(), |entries| format!("{entries} entries of a list"));
    format!("warning: erased_before: {who} were erased from")
}

fn come_again(inputs: &str) -> String {
    format!(
        "which does not keep who they were. If {inputs} hold them, they are in the new lake again: give the same list \
         by --withdrawals to keep them out."
    )
}
