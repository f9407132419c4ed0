//! What belongs to a lake, by its report.

use crate::audit::ReportFile;
use crate::error::{Error, ErrorKind};
use crate::export::delta::LOG;
use crate::export::{self, LakeFile, TableFormat};
use crate::options::Key;
use crate::report::KeyReport;
use crate::schema::Table;

/// A report that says which files belong to its lake.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The report.
    pub report: ReportFile,
    /// All files that belong to the lake, but for the report.
    pub files: Vec<LakeFile>,
}

impl Contents {
    /// Reads the text of a report.
    ///
    /// # Errors
    /// `NotAReport`; `NotALake` if it does not say which files belong to a lake.
    pub fn read(text: &str) -> Result<Contents, Error> {
        let report = ReportFile::read(text)?;
        match export::lake_files(&report) {
            Some(files) => Ok(Contents { report, files }),
            None => {
                let problem = "its report does not say by their hashes which files belong to it".to_owned();
                Err(ErrorKind::NotALake { problem }.into())
            }
        }
    }

    /// The tables that belong to it, with the paths of their files below the lake.
    pub fn tables(&self) -> Vec<(Table, String)> {
        let outputs = self.report.json().get("outputs").items().iter();
        outputs
            .filter_map(|output| {
                Some((Table::from_name(output.text_of("table"))?, output.text_of("file").to_owned()))
            })
            .collect()
    }

    /// Files of earlier versions of its tables, with their paths below the lake: those that a log may still name.
    pub fn earlier_tables(&self) -> Vec<(Table, String)> {
        let current = self.tables();
        let is_current = |path: &str| current.iter().any(|(_, known)| known == path);
        let of = |path: &str| {
            Table::WRITTEN.into_iter().find(|table| {
                let within = path.strip_prefix(table.folder()).and_then(|rest| rest.strip_prefix('/'));
                within.is_some_and(|name| !name.contains('/'))
            })
        };
        let files = self.files.iter().map(|file| file.path.as_str()).filter(|path| !is_current(path));
        files.filter_map(|path| Some((of(path)?, path.to_owned()))).collect()
    }

    /// The logs of its tables, with their paths below the lake.
    pub fn logs(&self) -> Vec<String> {
        let paths = self.files.iter().map(|file| &file.path);
        paths.filter(|path| path.contains(&format!("/{LOG}/"))).cloned().collect()
    }

    /// How its tables lie.
    pub fn format(&self) -> TableFormat {
        TableFormat::of(&self.report)
    }

    /// Sees that a key is that of the lake's pseudonyms.
    ///
    /// # Errors
    /// `OtherKey` if it is another.
    pub fn check_key(&self, key: &Key) -> Result<(), Error> {
        let (is, was) = (KeyReport::new(key).check().to_string(), self.report.option("key_check"));
        match is == was {
            true => Ok(()),
            false => Err(ErrorKind::OtherKey { is, was: was.to_owned() }.into()),
        }
    }
}

/// Whether a path below a lake is in a landing folder.
pub fn is_landing(path: &str) -> bool {
    let within = |table: Table| path.strip_prefix(table.folder()).is_some_and(|rest| rest.starts_with('/'));
    Table::ALL.into_iter().any(|table| table.is_landing() && within(table))
}

/// Whether a path below a lake is where readers of its tables look.
pub fn is_in_table(path: &str) -> bool {
    Table::ALL.iter().any(|table| path.starts_with(&format!("{}/", table.folder())))
}

/// Whether readers of tables pass a path over: a part of it begins with a dot or an underscore. The log of a table is
/// what readers of Delta Lake look at first.
pub fn is_hidden(path: &str) -> bool {
    match path.split_once(&format!("/{LOG}/")) {
        Some((_, within)) => within.split('/').any(|part| part.starts_with('.')),
        None => path.split('/').any(|part| part.starts_with(['.', '_'])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_of_a_table_is_not_hidden() {
        for (path, hidden) in [
            ("customer/trusted/_SUCCESS", true),
            ("customer/trusted/.crc", true),
            ("customer/trusted/part.parquet", false),
            ("customer/trusted/_delta_log/00000000000000000001.json", false),
            ("customer/trusted/_delta_log/_last_checkpoint", false),
            ("customer/trusted/_delta_log/.00000000000000000001.json.crc", true),
        ] {
            assert_eq!(is_hidden(path), hidden, "{path}");
        }
    }
}
