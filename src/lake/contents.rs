//! What belongs to a lake, by its report.

use crate::audit::ReportFile;
use crate::error::{Error, ErrorKind};
use crate::export::{self, LakeFile};
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

/// Whether readers of tables pass a path over: a part of it begins with a dot or an underscore.
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(['.', '_']))
}
