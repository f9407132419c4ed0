//! Whether two runs give one person one pseudonym, and what follows from it.

use super::ReportFile;

/// Whether one person has one pseudonym in both runs, if each gave pseudonyms.
pub(super) fn pseudonyms(old: &ReportFile, new: &ReportFile) -> Option<&'static str> {
    if [old, new].iter().any(|report| report.option("identity") != "pseudonym") {
        return None;
    }
    Some(match [old, new].map(|report| report.option("key_check")) {
        ["", _] | [_, ""] => "unknown",
        [old, new] if old == new => "linked",
        _ => "not_linked",
    })
}

/// Whether a run under these options, `[identity, times, key_check]`, and the run of a report give one person one
/// pseudonym and other times: who has both tables finds in the one what the other was to hide.
pub fn times_undone(old: &ReportFile, new: [&str; 3]) -> bool {
    let [identity, times, key_check] = ["identity", "times", "key_check"].map(|name| old.option(name));
    let linked =
        identity == "pseudonym" && !key_check.is_empty() && [identity, key_check] == [new[0], new[2]];
    linked && times != new[1]
}

pub(super) const RANDOM_KEY: &str = "A run had a random key of its own, so its pseudonyms are not those of the other \
     run, and machine_learning_curated differs in every row.";
pub(super) const OTHER_KEY: &str = "The two runs had different keys, so one person has two pseudonyms, and \
     machine_learning_curated differs in every row.";
pub(super) const KEY_UNKNOWN: &str = "A report has no check value of its key, so it is not known whether one person \
     has the same pseudonym in both runs.";
pub(super) const TIMES_UNDONE: &str = "The two runs had one key and released times differently, so the tables undo \
     each other: one person has one pseudonym in both, and whoever has both finds by it the times that one of \
     them was to hide. Give nobody both, or make one of them under another key.";

#[cfg(test)]
mod tests {
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{Identity, Options, Times};

    #[test]
    fn times_of_one_key_undo_each_other_if_they_differ() {
        let report = |times| completed(Options { times, ..Options::default() });
        let undone = |old: &ReportFile, new: &ReportFile| {
            times_undone(old, ["identity", "times", "key_check"].map(|name| new.option(name)))
        };
        let all = [Times::Exact, Times::Shifted, Times::Relative];
        for old in all {
            for new in all {
                assert_eq!(undone(&report(old), &report(new)), old != new);
            }
        }
        let [exact, shifted] = [Times::Exact, Times::Shifted].map(report);
        let check = exact.option("key_check");
        assert!(times_undone(&shifted, ["pseudonym", "exact", check]));
        assert!(!times_undone(&shifted, ["pseudonym", "exact", "00000000"]), "another key");
        let serial = completed(Options { identity: Identity::Serial, ..Options::default() });
        assert!(!undone(&serial, &shifted) && !undone(&shifted, &serial), "no pseudonyms");
    }
}
