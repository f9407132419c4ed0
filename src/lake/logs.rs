//! Holds the logs of a lake in the format of Delta Lake against its report and the files that they name.

use std::collections::BTreeMap;

use super::checks::Difference;
use super::contents::Contents;
use crate::audit::Json;
use crate::export::TableFormat;
use crate::export::delta::{DataFile, first, log_path, next};
use crate::parquet::FileStatistics;
use crate::schema::Table;

/// What was read of the logs.
#[derive(Default)]
pub(super) struct Logs {
    /// By path.
    pub texts: BTreeMap<String, String>,
    /// What the footers of all versions say, by path.
    pub files: BTreeMap<String, FileStatistics>,
}

/// What in the logs is not as the report and the files say; `sizes` are those of whole files, by path.
///
/// A log is what this program writes of such files, or it is another's: whoever reads the table by another log may see
/// rows that left it.
pub(super) fn check_logs(contents: &Contents, sizes: &BTreeMap<String, u64>, logs: &Logs) -> Vec<Difference> {
    let mut found = Vec::new();
    let is_delta = contents.format() == TableFormat::Delta;
    let mut lasts = BTreeMap::new();
    for output in contents.report.json().get("outputs").items().iter().filter(|_| is_delta) {
        let Some(table) = Table::from_name(output.text_of("table")) else { continue };
        let last = output.count_of("version");
        lasts.insert(table.folder(), (table, last));
        let mut before: Option<DataFile> = None;
        for version in 0..=last {
            let path = log_path(table, version);
            let is_named = contents.files.iter().any(|file| file.path == path);
            if !is_named {
                let message =
                    format!("the report says that the table's version is {last}, and names no such log");
                found.push(Difference::new("log", &path, message));
                break;
            }
            // One that is not what the report says differs as a file already.
            let Some(text) = logs.texts.get(&path) else { break };
            match version_of(table, version, text, before.as_ref(), |name| {
                file(contents, sizes, logs, table, name)
            }) {
                Ok(file) => before = Some(file),
                Err(message) => {
                    found.push(Difference::new("log", &path, message));
                    break;
                }
            }
            let current = before.as_ref().map(|file| format!("{}/{}", table.folder(), file.name));
            if version == last && current.as_deref() != Some(output.text_of("file")) {
                found.push(Difference::new("log", &path, "the file of its version is not the table's"));
            }
        }
    }
    let is_said = |path: &String| {
        let version = path.rsplit(['/', '.']).nth(1).and_then(|name| name.parse().ok());
        let said = version.zip(lasts.iter().find(|(folder, _)| path.starts_with(**folder)));
        said.is_some_and(|(version, (_, (table, last)))| {
            version <= *last && *path == log_path(*table, version)
        })
    };
    let others = contents.logs().into_iter().filter(|path| !is_said(path));
    found
        .extend(others.map(|path| Difference::new("log", &path, "it is of no version that the report says")));
    found
}

/// A file of a table by its name, if it belongs to the lake and is whole.
fn file(
    contents: &Contents,
    sizes: &BTreeMap<String, u64>,
    logs: &Logs,
    table: Table,
    name: &str,
) -> Option<DataFile> {
    let path = format!("{}/{name}", table.folder());
    let known = contents.files.iter().find(|file| file.path == path)?;
    Some(DataFile {
        name: name.to_owned(),
        bytes: *sizes.get(&path)?,
        sha256: known.sha256.clone()?,
        statistics: logs.files.get(&path)?.clone(),
    })
}

/// The file that a log makes the table's.
///
/// # Errors
/// What it says otherwise than the files do.
fn version_of(
    table: Table,
    version: u64,
    text: &str,
    before: Option<&DataFile>,
    file: impl Fn(&str) -> Option<DataFile>,
) -> Result<DataFile, &'static str> {
    let entries: Vec<Json> = text
        .lines()
        .map(Json::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| "it has a line that is no JSON")?;
    let added = entries.iter().map(|entry| entry.get("add")).find(|add| *add != &Json::Null);
    let added = added.ok_or("it adds no file")?;
    let file = file(added.text_of("path")).ok_or("it adds a file that is not the lake's, or not whole")?;
    let expected = match before {
        None if version == 0 => first(table, &file),
        None => return Err("no version is before it"),
        Some(before) => next(&before.name, before.bytes, &file),
    };
    if entries == expected {
        return Ok(file);
    }
    let is_added = expected.last().is_some_and(|add| entries.contains(add));
    Err(match is_added {
        true => "it says other than what the table and its file before are, or more",
        false => "size, rows or statistics of its file are not those of the file",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(name: &str, rows: u64) -> DataFile {
        let statistics = FileStatistics { rows, columns: Vec::new() };
        DataFile { name: name.to_owned(), bytes: rows, sha256: name.to_owned(), statistics }
    }

    fn text(entries: &[Json]) -> String {
        entries.iter().map(|entry| entry.line() + "\n").collect()
    }

    #[test]
    fn a_log_says_what_its_file_says_and_nothing_else() {
        let table = Table::CustomerTrusted;
        let (old, new) = (data("old", 3), data("new", 4));
        let files = |name: &str| [&old, &new].into_iter().find(|file| file.name == name).cloned();
        let one = text(&first(table, &old));
        assert_eq!(version_of(table, 0, &one, None, files), Ok(old.clone()));
        let two = text(&next("old", 3, &new));
        assert_eq!(version_of(table, 1, &two, Some(&old), files), Ok(new.clone()));
        let says = |text: &str, version, before| version_of(table, version, text, before, files).unwrap_err();
        assert!(says("{", 0, None).contains("no JSON"));
        assert!(says("{}", 0, None).contains("adds no file"));
        assert!(says(&one.replace("\"old\"", "\"../old\""), 0, None).contains("not the lake's"));
        assert!(says(&one.replace("\"size\":3", "\"size\":4"), 0, None).contains("size, rows"));
        let fewer = one.replace("numRecords\\\":3", "numRecords\\\":2");
        assert!(fewer != one && says(&fewer, 0, None).contains("size, rows"));
        assert!(
            says(&one.replace("minReaderVersion\":1", "minReaderVersion\":3"), 0, None).contains("or more")
        );
        assert!(says(&format!("{{\"commitInfo\":{{}}}}\n{one}"), 0, None).contains("or more"));
        assert!(says(&one, 1, None).contains("no version"));
        assert!(says(&two.replace("\"old\"", "\"other\""), 1, Some(&old)).contains("or more"));
        let also_text = one.replace("minValues\\\":{", "minValues\\\":{\\\"name\\\":\\\"Ann\\\"");
        assert!(also_text != one && says(&also_text, 0, None).contains("statistics"));
    }
}
