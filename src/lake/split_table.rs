//! machine_learning_curated as training and test data: read a row group at a time, dealt by subject, written as two
//! files. Their bytes depend on the rows, the share, the key and the compression alone, so every host writes the same.

use arrow::array::RecordBatch;

use super::rows::pairs;
use super::table_file::TableFile;
use crate::audit::{Event, Hashed, Hasher, Publication, ReportFile};
use crate::error::Error;
use crate::export::{self, Export};
use crate::names::Names;
use crate::options::{Compression, Key};
use crate::parquet::{self, About, MAGIC, ROW_GROUP_ROWS};
use crate::rows::MachineLearning;
use crate::schema::Table;
use crate::splits::{Dealer, Split, Splits, TestShare};

const TABLE: Table = Table::MachineLearningCurated;

/// A table that is being split, whose rows are to come in their order.
pub struct TableSplitter {
    share: TestShare,
    dealer: Dealer,
    compression: Compression,
    /// Entries of the file's footer, which both have too.
    about: Vec<(String, String)>,
    /// The subject of the last row, and where it was dealt to.
    last: Option<(String, Split)>,
    files: [SplitFile; 2],
}

/// Both files of a table that was split.
pub struct SplitTable {
    /// What they hold, in counts.
    pub splits: Splits,
    /// Their bytes, in the order of [`Split::ALL`].
    pub files: [Vec<u8>; 2],
}

impl SplitTable {
    /// Both files, by their paths in a research export.
    pub fn hashed(&self) -> [Hashed; 2] {
        [0, 1].map(|at| {
            let mut hasher = Hasher::default();
            hasher.push(&self.files[at]);
            let (name, bytes) = (Split::ALL[at].path().to_owned(), self.files[at].len() as u64);
            Hashed { name, bytes, sha256: Some(hasher.finish()) }
        })
    }

    /// The documents of a research export of these files, the report last, from the report of one that is not split.
    ///
    /// # Errors
    /// `NotAReport` if it is of no such export.
    pub fn documents(&self, report: &ReportFile, event: &Event) -> Result<Vec<(String, String)>, Error> {
        let mut report = report.clone();
        report.set_splits(Some((self.splits, self.hashed())))?;
        let publication = Publication::default();
        Ok(export::lay_out(Export::Research, None, report, None, event, &publication, Vec::new())?.documents)
    }
}

impl TableSplitter {
    /// Of the file of a table, under the key of its pseudonyms.
    pub fn new(share: TestShare, key: &Key, compression: Compression, file: &TableFile) -> TableSplitter {
        let entries = file.metadata().file_metadata().key_value_metadata().into_iter().flatten();
        let about = entries.map(|entry| (entry.key.clone(), entry.value.clone().unwrap_or_default()));
        TableSplitter {
            share,
            dealer: Dealer::new(share, key),
            compression,
            about: about.collect(),
            last: None,
            files: [SplitFile::new(), SplitFile::new()],
        }
    }

    /// Takes the next rows.
    ///
    /// # Errors
    /// `NotALake` if they are none of the table; what the Parquet writer says.
    pub fn rows(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        for row in pairs(batch)? {
            let split = match &self.last {
                Some((subject, split)) if subject == row.subject => *split,
                _ => {
                    let split = self.dealer.split(row.subject);
                    self.files[split as usize].subject(row.subject);
                    self.last = Some((row.subject.to_owned(), split));
                    split
                }
            };
            self.files[split as usize].row(self.compression, row.time, row.distance, row.xyz)?;
        }
        Ok(())
    }

    /// All rows have come.
    ///
    /// # Errors
    /// What the Parquet writer says.
    pub fn finish(self) -> Result<SplitTable, Error> {
        let TableSplitter { share, compression, about, files, .. } = self;
        let about: Vec<(&str, String)> =
            about.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        let counts = [0, 1].map(|at| (files[at].written, files[at].subjects));
        let [train, test] = files.map(|file| file.finish(compression, &about));
        Ok(SplitTable { splits: Splits { share: Some(share), counts }, files: [train?, test?] })
    }
}

/// A file that is being written.
struct SplitFile {
    /// Subjects of the rows at hand.
    names: Names,
    /// Rows of a row group that is not full; they name their subject by its place in `names`.
    rows: Vec<MachineLearning>,
    bytes: Vec<u8>,
    groups: Vec<About>,
    written: u64,
    subjects: u64,
}

impl SplitFile {
    fn new() -> SplitFile {
        let (names, bytes) = (Names::default(), MAGIC.to_vec());
        SplitFile { names, rows: Vec::new(), bytes, groups: Vec::new(), written: 0, subjects: 0 }
    }

    fn subject(&mut self, name: &str) {
        self.names.push(name);
        self.subjects += 1;
    }

    fn row(
        &mut self,
        compression: Compression,
        time: i64,
        distance: Option<i32>,
        xyz: [f64; 3],
    ) -> Result<(), Error> {
        if self.rows.len() == ROW_GROUP_ROWS {
            self.group(compression)?;
        }
        let subject = self.names.len().saturating_sub(1) as u32;
        self.rows.push(MachineLearning { subject, time, distance, xyz });
        self.written += 1;
        Ok(())
    }

    /// Writes the rows at hand; of the names only the last can have more rows.
    fn group(&mut self, compression: Compression) -> Result<(), Error> {
        let part = parquet::encode(TABLE, compression, &(self.rows.as_slice(), &self.names))?;
        self.bytes.extend(part.body);
        self.groups.push(part.about);
        self.rows.clear();
        let last = self.names.len().checked_sub(1).map(|last| self.names[last].to_owned());
        self.names = last.iter().map(String::as_str).collect();
        Ok(())
    }

    fn finish(mut self, compression: Compression, about: &[(&str, String)]) -> Result<Vec<u8>, Error> {
        if !self.rows.is_empty() {
            self.group(compression)?;
        }
        let tail = parquet::assemble(TABLE, compression, self.groups.iter(), about)?;
        self.bytes.extend(tail);
        Ok(self.bytes)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::options::KeyOrigin;
    use crate::parquet::{assemble, encode};
    use bytes::Bytes;

    const CODEC: Compression = Compression::Snappy;

    fn open(bytes: &Bytes) -> (TableFile, Vec<(String, i64)>) {
        let file = TableFile::open(TABLE, bytes).unwrap();
        let mut rows = Vec::new();
        for group in 0..file.row_groups() {
            let take = |batch: &RecordBatch| {
                rows.extend(pairs(batch)?.map(|row| (row.subject.to_owned(), row.time)));
                Ok(())
            };
            file.read(bytes.clone(), group, take).unwrap();
        }
        (file, rows)
    }

    fn whole(subjects: u32, rows: usize) -> Bytes {
        let names: Vec<String> = (0..subjects).map(|number| format!("{number:032x}")).collect();
        let names: Names = names.iter().map(String::as_str).collect();
        let each = rows / subjects as usize;
        let row = |at: usize| MachineLearning {
            subject: (at / each) as u32,
            time: at as i64,
            distance: None,
            xyz: [0.5; 3],
        };
        let rows: Vec<MachineLearning> = (0..each * subjects as usize).map(row).collect();
        let part = encode(TABLE, CODEC, &(&rows[..], &names)).unwrap();
        let end = assemble(TABLE, CODEC, std::iter::once(&part.about), &[("k", "v".to_owned())]).unwrap();
        MAGIC.iter().chain(&part.body).chain(&end).copied().collect()
    }

    fn split(bytes: &Bytes, share: f64) -> (Splits, [Bytes; 2]) {
        let key = Key::new(b"k".to_vec(), KeyOrigin::Given).unwrap();
        let file = TableFile::open(TABLE, bytes).unwrap();
        let mut splitter = TableSplitter::new(TestShare::new(share).unwrap(), &key, CODEC, &file);
        for group in 0..file.row_groups() {
            file.read(bytes.clone(), group, |batch| splitter.rows(batch)).unwrap();
        }
        let SplitTable { splits, files } = splitter.finish().unwrap();
        (splits, files.map(Bytes::from))
    }

    #[test]
    fn both_files_together_are_the_table_and_share_no_subject() {
        for (subjects, rows) in [(40, 400), (3, 2 * ROW_GROUP_ROWS + 100), (1, 5)] {
            let table = whole(subjects, rows);
            let (_, mut all) = open(&table);
            let (splits, files) = split(&table, 0.3);
            let [train, test] = files.map(|file| open(&file));
            let names = |rows: &[(String, i64)]| {
                rows.iter().map(|row| row.0.clone()).collect::<std::collections::BTreeSet<_>>()
            };
            assert!(names(&train.1).is_disjoint(&names(&test.1)));
            let counted = [&train, &test].map(|(_, rows)| (rows.len() as u64, names(rows).len() as u64));
            assert_eq!(splits.counts, counted);
            for (file, rows) in [&train, &test] {
                assert!(rows.is_sorted(), "in the order of the table");
                assert_eq!(file.row_groups(), rows.len().div_ceil(ROW_GROUP_ROWS));
                let entries = file.metadata().file_metadata().key_value_metadata().unwrap();
                assert_eq!((entries.len(), entries[0].key.as_str()), (1, "k"), "as of the table");
            }
            let mut both = [train.1, test.1].concat();
            both.sort();
            all.sort();
            assert_eq!(both, all);
        }
    }

    #[test]
    fn a_table_without_rows_gives_two_without_rows() {
        let end = assemble(TABLE, CODEC, std::iter::empty(), &[]).unwrap();
        let table: Bytes = MAGIC.iter().chain(&end).copied().collect();
        let (splits, files) = split(&table, 0.5);
        assert_eq!(splits.counts, [(0, 0); 2]);
        files.iter().for_each(|file| assert!(open(file).1.is_empty()));
    }
}
