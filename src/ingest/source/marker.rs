//! Files that systems leave beside data: markers, checksums, settings of a folder. They
//! are skipped, which is no problem.

use serde::{Deserialize, Serialize};

/// Why a file is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skip {
    /// It, or a folder that it is in, has a dotted name, or is the Finder's.
    Hidden,
    /// It says something of a folder or of another file.
    Marker,
}

impl Skip {
    /// Each of them.
    pub const ALL: [Skip; 2] = [Skip::Hidden, Skip::Marker];

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Skip::Hidden => "hidden files and folders are not read",
            Skip::Marker => "a marker or a checksum that a system has left beside the data",
        }
    }

    /// Short name, as in the report.
    pub fn reason(self) -> &'static str {
        match self {
            Skip::Hidden => "hidden",
            Skip::Marker => "marker",
        }
    }
}

/// Whether a file of so many bytes is skipped, by its path below the folder or archive
/// that was given.
pub fn skip(path: &str, bytes: u64) -> Option<Skip> {
    let mut parts = path.split(['/', '\\']).filter(|part| !part.is_empty());
    if parts
        .clone()
        .any(|part| part.starts_with('.') && !part.trim_matches('.').is_empty() || part == "__MACOSX")
    {
        return Some(Skip::Hidden);
    }
    // Logs of Delta Lake are of no table that a run reads.
    if parts.clone().any(|part| part == "_delta_log") {
        return Some(Skip::Marker);
    }
    let name = parts.next_back()?;
    let known = ["_SUCCESS", "Thumbs.db", "desktop.ini"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let beside = name.ends_with(".crc") || name.ends_with("_$folder$");
    // As `_started` and `_committed_…` are; an empty file of data may be one that was cut.
    let empty = bytes == 0 && name.starts_with('_');
    (known || beside || empty).then_some(Skip::Marker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_skipped_and_data_are_not() {
        for (path, bytes, expected) in [
            ("a/.DS_Store", 5, Some(Skip::Hidden)),
            (".git/config", 5, Some(Skip::Hidden)),
            ("__MACOSX/a/x.json", 5, Some(Skip::Hidden)),
            ("a/_SUCCESS", 0, Some(Skip::Marker)),
            ("a/.part-0.json.crc", 12, Some(Skip::Hidden)),
            ("a/part-0.json.crc", 12, Some(Skip::Marker)),
            ("landing_$folder$", 0, Some(Skip::Marker)),
            ("a/_delta_log/00000000000000000000.json", 900, Some(Skip::Marker)),
            ("a/_started", 0, Some(Skip::Marker)),
            ("a/_started", 1, None),
            ("a/customers.json", 0, None),
            ("../a/customers.json", 5, None),
            ("./a.json", 5, None),
            ("", 0, None),
        ] {
            assert_eq!(skip(path, bytes), expected, "{path}");
        }
    }
}
