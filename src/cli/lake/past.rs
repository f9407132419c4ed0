//! What stays of the versions of a lake on the disk.

use std::fs;

use stedi_lakehouse::lake::Past;

use super::read_lake::ReadLake;

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
        format!(
            "warning: erased_before: {people} entries of a list were erased from this lake, which does not keep who \
             they were. If the new files hold them, they are in the new lake again: give the same list by \
             --withdrawals to keep them out.\n"
        )
    })
}
