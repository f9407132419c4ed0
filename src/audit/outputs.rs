//! The files that a report names: tables, those of their splits, and documents.

use super::hashed::Hashed;
use super::json::{Json, document, fill, listed, quoted};
use super::report_file::{ReportFile, list, told};
use crate::error::Error;
use crate::schema::Table;
use crate::splits::{Split, Splits};

impl ReportFile {
    /// Names the tables that were written, with their rows.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn set_outputs(&mut self, files: &[(Table, Hashed)]) -> Result<(), Error> {
        let mut outputs = String::new();
        for table in Table::WRITTEN {
            let rows = self.0.get("tables").get(table.name()).count_of("rows_out").to_string();
            for (_, file) in files.iter().filter(|(output, _)| *output == table) {
                let values = [("table", &*quoted(table.name())), ("rows", &*rows)];
                outputs = listed([outputs, told(OUTPUT, file, &values)].into_iter());
            }
        }
        self.0.set("outputs", "tables", list(&outputs)?);
        Ok(())
    }

    /// Says how machine_learning_curated of a research export is split, and names the files of its splits. Without
    /// splits its one output, if it was written, is all to learn from.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn set_splits(&mut self, splits: Option<(Splits, [Hashed; 2])>) -> Result<(), Error> {
        let Some((Splits { share, counts }, files)) = splits else {
            let subjects = self.0.get("privacy").count_of("subjects");
            let outputs = self.0.get_mut("outputs").map_or(&mut [][..], Json::items_mut);
            if let [output] = outputs {
                output.set("split", "table", Split::Train.name().into());
                let rows = output.count_of("rows");
                let train = format!(r#"{{"test_share": 0, {}}}"#, counted(Split::Train, (rows, subjects)));
                self.0.set("splits", "outputs", document(&train, SPLITS)?);
            }
            return Ok(());
        };
        let table = quoted(Table::MachineLearningCurated.name());
        let outputs = Split::ALL.into_iter().zip(&files).zip(counts).map(|((split, file), (rows, _))| {
            let values =
                [("table", &*table), ("split", &*quoted(split.name())), ("rows", &*rows.to_string())];
            told(SPLIT_OUTPUT, file, &values)
        });
        let outputs = list(&listed(outputs))?;
        self.0.set("outputs", "tables", outputs);
        let counts = Split::ALL.into_iter().zip(counts).map(|(split, counts)| counted(split, counts));
        let share = share.map_or(0.0, |share| share.share());
        let splits = format!(r#"{{"test_share": {share}, {}}}"#, listed(counts));
        self.0.set("splits", "outputs", document(&splits, SPLITS)?);
        Ok(())
    }

    /// Names the files of the lake beside its tables and the report itself, by
    /// their paths. None are named in a report that is saved alone.
    ///
    /// # Errors
    /// `Document`, a defect of this program.
    pub fn set_files(&mut self, files: &[Hashed]) -> Result<(), Error> {
        let files = listed(files.iter().map(|file| told(FILE, file, &[])));
        self.0.set("files", "outputs", list(&files)?);
        Ok(())
    }
}

const FILE: &str = r#"{"path": $name, "bytes": $bytes, "sha256": $sha}"#;
const OUTPUT: &str = r#"{"table": $table, "file": $name, "rows": $rows, "bytes": $bytes, "sha256": $sha}"#;
const SPLIT_OUTPUT: &str =
    r#"{"table": $table, "split": $split, "file": $name, "rows": $rows, "bytes": $bytes, "sha256": $sha}"#;
const SPLITS: &str = "splits of report.json";

fn counted(split: Split, (rows, subjects): (u64, u64)) -> String {
    let name = split.name();
    fill(
        r#""$name": {"rows": $rows, "subjects": $subjects}"#,
        &[("name", name), ("rows", &rows.to_string()), ("subjects", &subjects.to_string())],
    )
}

#[cfg(test)]
mod tests {
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::Options;
    use crate::splits::TestShare;

    #[test]
    fn splits_stand_in_the_place_of_the_table() {
        let mut report = completed(Options::default());
        let file = |split: Split| Hashed { name: split.path().into(), bytes: 3, sha256: Some("ab".into()) };
        let splits = Splits { share: Some(TestShare::new(0.25).unwrap()), counts: [(2, 1), (0, 0)] };
        report.set_splits(Some((splits, Split::ALL.map(file)))).unwrap();
        let json = report.json();
        let outputs: Vec<_> = json
            .get("outputs")
            .items()
            .iter()
            .map(|output| (output.text_of("split"), output.text_of("file"), output.count_of("rows")))
            .collect();
        let [train, test] = Split::ALL.map(Split::path);
        assert_eq!(outputs, [("train", train, 2), ("test", test, 0)]);
        let splits = json.get("splits");
        assert_eq!(splits.get("test_share").text(), Some("0.25"));
        assert_eq!(splits.get("train").count_of("rows"), 2);
        assert_eq!(splits.get("test").get("subjects").text(), Some("0"));
    }

    #[test]
    fn without_a_share_all_is_to_learn_from() {
        let mut report = completed(Options::default());
        let only = report.json().get("outputs").items()[4].clone();
        report.0.set("outputs", "tables", Json::List(vec![only]));
        report.set_splits(None).unwrap();
        let splits = report.json().get("splits");
        assert_eq!((splits.get("test_share").text(), splits.get("test")), (Some("0"), &Json::Null));
        assert_eq!((splits.get("train").count_of("rows"), splits.get("train").count_of("subjects")), (1, 1));
        assert_eq!(report.json().get("outputs").items()[0].text_of("split"), "train");
    }
}
