//! The folders of a bucket that say which step of the pipeline made a file.

/// What a file is by its folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// As it came.
    Landing,
    /// Made of landing files by an earlier job.
    Trusted,
    /// Likewise.
    Curated,
}

impl Zone {
    /// Each of them.
    pub const ALL: [Zone; 3] = [Zone::Landing, Zone::Trusted, Zone::Curated];

    /// Why such a file is left out, for people.
    pub fn words(self) -> &'static str {
        match self {
            Zone::Landing => "it is of the landing zone",
            Zone::Trusted => {
                "it is in a folder named trusted, and there are landing files: an earlier job made it"
            }
            Zone::Curated => {
                "it is in a folder named curated, and there are landing files: an earlier job made it"
            }
        }
    }

    /// Short name, as in the report.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Landing => "landing",
            Zone::Trusted => "trusted",
            Zone::Curated => "curated",
        }
    }

    /// The zone of a file, by its path below the folder or archive that was given: the
    /// deepest folder that is named so, in any case.
    pub fn of(path: &str) -> Option<Zone> {
        let (folders, _) = path.rsplit_once(['/', '\\'])?;
        folders
            .rsplit(['/', '\\'])
            .find_map(|folder| Zone::ALL.into_iter().find(|zone| folder.eq_ignore_ascii_case(zone.name())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_folder_of_that_name_decides() {
        for (path, zone) in [
            ("customer/landing/a.json", Some(Zone::Landing)),
            ("landing/customer/Trusted/a.json", Some(Zone::Trusted)),
            ("trusted/x/LANDING/y/a.json", Some(Zone::Landing)),
            ("curated/a.json", Some(Zone::Curated)),
            ("a.zip/customer\\landing\\a.json", Some(Zone::Landing)),
            ("landing", None),
            ("x/curated", None),
            ("landings/a.json", None),
        ] {
            assert_eq!(Zone::of(path), zone, "{path}");
        }
    }
}
