//! The list of withdrawals: read, and what of it matches nothing.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use stedi_lakehouse::withdrawals::{self, Entry};

use super::Failure;

/// How many entries are named.
const NAMED: usize = 100;

/// The entries of the list at this path; none if there is no list.
pub fn read(path: Option<&Path>) -> Result<Vec<Entry>, Failure> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let bytes =
        fs::read(path).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
    let text = withdrawals::decode(&bytes).map_err(|at| {
        let place = path.display();
        Failure::Usage(format!("{place}: byte {at} is not UTF-8: save the list as UTF-8 and try again"))
    })?;
    Ok(withdrawals::read(&text))
}

/// Names the entries at these positions, which match nothing. Only a terminal is
/// told what they are: whatever else standard error goes to is kept.
pub fn unmatched(entries: &[Entry], unmatched: &[usize], terminal: bool) -> String {
    let mut text = String::new();
    let named = unmatched.iter().filter_map(|&at| entries.get(at)).take(NAMED);
    for Entry { text: entry, line } in named.clone().filter(|_| terminal) {
        // Escaped: an entry must not move the cursor.
        let _ = writeln!(text, "withdrawals: nothing matches line {line}: {}", entry.escape_debug());
    }
    if !terminal && !unmatched.is_empty() {
        let mut lines: Vec<String> = named.map(|entry| entry.line.to_string()).collect();
        lines.dedup();
        let _ = writeln!(text, "withdrawals: nothing matches line {}", lines.join(", "));
    }
    if unmatched.len() > NAMED {
        let _ = writeln!(text, "… and {} more", unmatched.len() - NAMED);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_the_entries_and_a_log_their_lines() {
        let list = (1..=200).map(|line| Entry { text: format!("e{line}\u{1b}[2J"), line });
        let list: Vec<Entry> = list.collect();
        assert_eq!(unmatched(&list, &[], true) + &unmatched(&list, &[], false), "");
        assert_eq!(
            unmatched(&list, &[1, 4], true),
            "withdrawals: nothing matches line 2: e2\\u{1b}[2J\nwithdrawals: nothing matches line 5: e5\\u{1b}[2J\n"
        );
        assert_eq!(unmatched(&list, &[1, 4], false), "withdrawals: nothing matches line 2, 5\n");
        let all: Vec<usize> = (0..200).collect();
        for terminal in [true, false] {
            assert!(unmatched(&list, &all, terminal).ends_with("\n… and 100 more\n"));
        }
    }
}
