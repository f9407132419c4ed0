//! The files of a lake by its report: what a later run may replace, and nothing
//! else.

use std::collections::BTreeMap;

use super::{CARD, CONTRACT, Export, REPORT, SUMS, TableFormat, fixed, places};
use crate::audit::{Hashed, Json, ReportFile, ruleset_path};
use crate::options::Compression;
use crate::schema::Table;
use crate::splits::Split;

/// A file that a report names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LakeFile {
    /// Path below the folder of the lake, with slashes.
    pub path: String,
    /// SHA-256 in hex. None of a document that differs from run to run, by a report of
    /// version 2: nobody can say whether it is still what was written.
    pub sha256: Option<String>,
}

/// The paths of an export's files beside tables, landing files and the report.
pub fn documents(export: Export) -> Vec<String> {
    let mut paths = vec!["croissant.json".to_owned()];
    match export {
        Export::Lake => {
            paths.push("lineage.json".to_owned());
            paths.extend(fixed(Compression::default(), TableFormat::default()).map(|(path, _)| path));
        }
        Export::Research => paths.extend([CARD, SUMS].map(str::to_owned)),
    }
    paths.push(CONTRACT.to_owned());
    paths.extend(export.tables().iter().map(|table| ruleset_path(*table)));
    paths
}

/// The files of the lake that a report was written with, but for the report: none
/// of a run that failed. `None` if it is of no lake: it was saved alone, it is of
/// version 1, or it names a path that is not below the lake. A file without a
/// hash in the report is left out.
pub fn lake_files(report: &ReportFile) -> Option<Vec<LakeFile>> {
    let (json, compression) = (report.json(), report.compression());
    let format = TableFormat::of(report);
    let Json::List(outputs) = json.get("outputs") else { return None };
    let mut files = Vec::new();
    for output in outputs {
        let table = Table::from_name(output.text_of("table"))?;
        let sha256 = output.get("sha256").text()?.to_owned();
        let path = output.text_of("file");
        // Research exports of earlier versions have their table where a lake has it.
        let split =
            Split::from_name(output.text_of("split")).filter(|_| table == Table::MachineLearningCurated);
        let known = split
            .map_or_else(|| format.table_path(table, compression, &sha256), |split| split.path().to_owned());
        if path != known && !(is_of_spark(report) && is_part(table, path)) {
            return None;
        }
        files.push(LakeFile { path: path.to_owned(), sha256: Some(sha256) });
    }
    if files.is_empty() {
        return Some(files);
    }
    match json.get("files") {
        Json::Null => files.extend(before_files(report, outputs.len())),
        named => files.extend(named.items().iter().filter_map(|file| {
            let sha256 = Some(file.get("sha256").text()?.to_owned());
            Some(LakeFile { path: file.text_of("path").to_owned(), sha256 })
        })),
    }
    files.iter().all(|file| is_below(&file.path)).then_some(files)
}

/// Whether the Spark job wrote a lake. It writes a table in parts, which are ranges of the table's order in the order
/// of their names, and counts no rows by rule.
pub fn is_of_spark(report: &ReportFile) -> bool {
    report.json().get("tool").get("spark") != &Json::Null
}

/// Whether readers of a table read this file as a part of it.
fn is_part(table: Table, path: &str) -> bool {
    let name = path.strip_prefix(table.folder()).and_then(|rest| rest.strip_prefix('/'));
    name.is_some_and(|name| {
        name.ends_with(".parquet") && !name.starts_with(['.', '_']) && !name.contains('/')
    })
}

/// Version 2 named only tables. Its other files have fixed names; those that are the
/// same for every run must be what this build writes, and landing files have the
/// hashes of the inputs.
fn before_files(report: &ReportFile, tables: usize) -> Vec<LakeFile> {
    let export = if tables > 1 { Export::Lake } else { Export::Research };
    let known: BTreeMap<String, String> = fixed(report.compression(), TableFormat::Parquet).collect();
    // Those of that version had no card, no contract and no sums.
    let later = |path: &String| [CARD, CONTRACT, SUMS].contains(&path.as_str()) || path.ends_with(".dqdl");
    let documents = documents(export).into_iter().filter(|path| !later(path)).map(|path| {
        let sha256 = known.get(&path).and_then(|text| Hashed::of_text(&path, text).sha256);
        LakeFile { path, sha256 }
    });
    let landing = places(report, &[]).into_iter().filter(|_| export == Export::Lake);
    let landing = landing.filter_map(|(input, path, _)| {
        Some(LakeFile { path, sha256: Some(input.get("sha256").text()?.to_owned()) })
    });
    documents.chain(landing).collect()
}

/// Whether a path leads to a place below the folder that it is relative to.
fn is_below(path: &str) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    path != REPORT && path.split('/').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(version: u32, outputs: &str, more: &str) -> ReportFile {
        let text = format!(
            r#"{{"format": "stedi-lakehouse-report", "version": {version}, "tool": {{}}, "options": {{}},
            "inputs": [
                {{"name": "in/c.json", "sha256": "c", "status": "used", "table": "customer_landing"}},
                {{"name": "old/c.json", "sha256": null, "status": "used", "table": "customer_landing"}}],
            "tables": {{}}, "outputs": [{outputs}]{more}}}"#
        );
        ReportFile::read(&text).unwrap()
    }

    const TRUSTED: &str = r#"{"table": "customer_trusted", "sha256": "t",
        "file": "customer/trusted/part-00000.snappy.parquet"}"#;
    const CURATED: &str = r#"{"table": "customer_curated", "sha256": "u",
        "file": "customer/curated/part-00000.snappy.parquet"}"#;

    #[test]
    fn a_report_names_its_files() {
        let files = r#", "files": [{"path": "ddl/x.sql", "sha256": "d"}, {"path": "c", "sha256": null}]"#;
        let files = lake_files(&report(3, TRUSTED, files)).unwrap();
        let found: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.sha256.as_deref())).collect();
        assert_eq!(
            found,
            [("customer/trusted/part-00000.snappy.parquet", Some("t")), ("ddl/x.sql", Some("d"))],
            "a file without a hash cannot be known again"
        );
    }

    #[test]
    fn tables_of_delta_lake_are_named_by_what_is_in_them() {
        let output = |file: &str| {
            report(
                3,
                &TRUSTED.replace("part-00000.snappy", file),
                r#", "files": [], "table_format": "delta""#,
            )
        };
        assert_eq!(lake_files(&output("part-00000-t.snappy")).unwrap().len(), 1);
        for other in ["part-00000-u.snappy", "part-00000.snappy", "part-00000-t.gz"] {
            assert_eq!(lake_files(&output(other)), None, "{other}");
        }
    }

    #[test]
    fn of_version_2_names_are_fixed_and_landing_files_have_the_hashes_of_inputs() {
        let files = lake_files(&report(2, &format!("{TRUSTED}, {CURATED}"), "")).unwrap();
        let hash = |path: &str| {
            files.iter().find(|file| file.path == path).map(|file| file.sha256.as_deref().unwrap_or("none"))
        };
        assert_eq!(hash("customer/landing/c.json"), Some("c"));
        assert_eq!(hash("customer/landing/2-c.json"), None);
        assert_eq!(hash("ddl/README.md").map(str::len), Some(64), "it is the same for every run");
        assert_eq!((hash("lineage.json"), hash("README.md")), (Some("none"), None));
    }

    #[test]
    fn only_a_lake_of_spark_has_tables_in_parts() {
        let part = |name: &str| {
            format!(
                r#"{{"table": "customer_trusted", "file": "customer/trusted/{name}", "sha256": "{name}"}}"#
            )
        };
        let files = |spark: bool, outputs: &str| {
            let text = report(3, outputs, r#", "files": []"#).json().pretty();
            let tool = if spark { r#""tool": {"spark": "4.0.0"}"# } else { r#""tool": {}"# };
            let report = ReportFile::read(&text.replace(r#""tool": {}"#, tool)).unwrap();
            lake_files(&report).map(|files| files.into_iter().map(|file| file.path).collect::<Vec<_>>())
        };
        let two = format!("{}, {}", part("part-00000-a.snappy.parquet"), part("part-00001-a.snappy.parquet"));
        assert_eq!(files(false, &two), None);
        let paths =
            ["part-00000-a", "part-00001-a"].map(|name| format!("customer/trusted/{name}.snappy.parquet"));
        assert_eq!(files(true, &two).unwrap(), paths);
        for name in
            ["../curated/part.parquet", "_part.parquet", ".part.parquet", "part.csv", "a/part.parquet"]
        {
            assert_eq!(files(true, &part(name)), None, "{name}");
        }
    }

    #[test]
    fn splits_are_files_of_a_research_export() {
        let output = |split: &str, file: &str| {
            format!(
                r#"{{"table": "machine_learning_curated", "split": "{split}", "file": "{file}", "sha256": "m"}}"#
            )
        };
        let outputs = Split::ALL.map(|split| output(split.name(), split.path())).join(", ");
        let files = lake_files(&report(3, &outputs, r#", "files": []"#)).unwrap();
        assert!(files.iter().map(|file| file.path.as_str()).eq(Split::ALL.map(Split::path)));
        let elsewhere = output("test", Split::Train.path());
        assert_eq!(lake_files(&report(3, &elsewhere, r#", "files": []"#)), None);
        let before = output("", "step_trainer/curated/part-00000.snappy.parquet");
        assert_eq!(
            lake_files(&report(3, &before, r#", "files": []"#)).unwrap().len(),
            1,
            "of an earlier version"
        );
    }

    #[test]
    fn a_report_that_was_saved_alone_and_one_that_leads_elsewhere_are_of_no_lake() {
        assert_eq!(lake_files(&report(3, "", r#", "files": []"#)), Some(Vec::new()), "of a run that failed");
        let alone = r#"{"table": "customer_trusted", "file": "customer_trusted.parquet", "sha256": "t"}"#;
        assert_eq!(lake_files(&report(3, alone, r#", "files": []"#)), None);
        for path in ["../x", "/x", "a//b", "a/./b", "a/..", "", "a\\b", "report.json"] {
            let file = format!(r#", "files": [{{"path": "{}", "sha256": "x"}}]"#, path.replace('\\', "\\\\"));
            assert_eq!(lake_files(&report(3, TRUSTED, &file)), None, "{path}");
        }
    }
}
