//! `README.md` of a research export: a data card for people, whose head is what Hugging Face's
//! `datasets` reads, so that `load_dataset` finds the table among the files beside it
//! (<https://huggingface.co/docs/hub/datasets-cards>).

use super::croissant::{ABOUT, about_times, consent, described, meaning};
use super::json::{Json, fill, quoted};
use super::quality::{QUALITY_NOTE, quality_head, quality_rows};
use super::{Event, Publication, ReportFile};
use crate::error::Error;
use crate::schema::{ColumnType, Table};

/// The card of a completed report; `path` is where the table lies, seen from the card.
///
/// # Errors
/// As [`super::croissant`].
pub fn data_card(
    report: &ReportFile,
    event: &Event,
    publication: &Publication,
    path: &str,
) -> Result<String, Error> {
    let found = described(report, event)?;
    let json = report.json();
    let privacy = json.get("privacy");
    let [identity, times, join] = ["identity", "times", "join"].map(|name| report.option(name));
    let columns = Table::MachineLearningCurated.columns();
    let features: Vec<String> = columns
        .iter()
        .map(|column| format!("  - name: {}\n    dtype: {}\n", column.name, dtype(column.ty)))
        .collect();
    let rows: Vec<String> = columns
        .iter()
        .map(|column| {
            format!("| {} | {} | {} |\n", column.name, dtype(column.ty), meaning(column, identity, times))
        })
        .collect();
    let tool = json.get("tool");
    let commit = tool.get("commit").text().map_or_else(String::new, |commit| format!(", commit {commit}"));
    let withdrawn = json.get("options").count_of("withdrawals");
    Ok(fill(
        CARD,
        &[
            ("license", &license(publication)),
            ("size", size_category(found.rows)),
            ("path", path),
            ("features", &features.concat()),
            ("bytes", &found.bytes.to_string()),
            ("rows", &found.rows.to_string()),
            ("about", ABOUT),
            ("subjects", &privacy.count_of("subjects").to_string()),
            ("day", found.day),
            ("version", tool.text_of("version")),
            ("commit", &commit),
            ("columns", &rows.concat()),
            ("instants", instants(join)),
            ("consent", &consent(report)),
            ("withdrawn", &withdrawn.to_string()),
            ("counts", &counts(json)),
            ("quality", &quality(json.get("quality"))),
            ("times", about_times(times).1),
            ("meaning", privacy.text_of("meaning")),
            ("incomplete", if json.get("incomplete").items().is_empty() { "" } else { INCOMPLETE }),
            ("cite", &found.cite(publication)),
        ],
    ))
}

const CARD: &str = "---
pretty_name: STEDI machine_learning_curated
$license
size_categories:
- $size
tags:
- accelerometer
- gait
configs:
- config_name: default
  data_files:
  - split: train
    path: $path
dataset_info:
  features:
$features  splits:
  - name: train
    num_bytes: $bytes
    num_examples: $rows
---
# machine_learning_curated
$about $rows rows of $subjects subjects, made on $day by stedi-lakehouse $version$commit.
$incomplete
## Load it
```python
datasets.load_dataset(\"FOLDER\")               # Hugging Face, from this folder
pandas.read_parquet(\"FOLDER/$path\")
polars.read_parquet(\"FOLDER/$path\")
duckdb.read_parquet(\"FOLDER/$path\")
```
Split by subject, never by row: neighbouring rows are nearly the same, \
and two rows of one person in training and test tell a model the person.

## Columns
| column | type | meaning |
|---|---|---|
$columns
What the sensors measured is as it was exported, and an export names no units. Rows are sorted by subject, then by time.

## What a row is
$instants

$times

## Who is in it
$consent $withdrawn entries of lists of withdrawals were left out of everything.

| table | records in | rows out | left out, by rule |
|---|---|---|---|
$counts
## How good the readings are
$quality
## What it cannot say
- There are no labels of steps in it: nothing says when a step was taken.
- How somebody walks tells who they are. $meaning

## Cite
```bibtex
$cite
```
`report.json` says how the table was made and what was read, `croissant.json` describes it for programs.
";

const INCOMPLETE: &str = "
**The run was incomplete**: people may have taken consent back in records that nobody could read. `report.json` says why.
";

/// Why rows of one subject share a time.
fn instants(join: &str) -> &'static str {
    match join {
        "owner" => {
            "A step trainer reading and an accelerometer reading of the same person at the same millisecond. Where one \
             sensor has several readings at that time, each is paired with each of the other's: times repeat, and so \
             do readings."
        }
        _ => {
            "A step trainer reading and an accelerometer reading at the same millisecond, **also of two different \
             people**, as the original course joins them: the subject is the step trainer's owner. Times repeat."
        }
    }
}

fn dtype(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "string",
        ColumnType::Bigint => "int64",
        ColumnType::Int => "int32",
        ColumnType::Double => "float64",
    }
}

/// The names of sizes that the Hub has.
fn size_category(rows: u64) -> &'static str {
    match rows {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        _ => "100M<n<1B",
    }
}

/// The Hub knows licences by names of its own, which are those of SPDX in lower case; others have a name and
/// perhaps an address.
fn license(publication: &Publication) -> String {
    let Some(license) = &publication.license else {
        return "license: other\nlicense_name: not-specified".to_owned();
    };
    match license.contains("://") {
        true => format!("license: other\nlicense_name: see-link\nlicense_link: {}", quoted(license)),
        false => format!("license: {}", quoted(&license.to_lowercase())),
    }
}

/// The verdict, and the figures behind it.
fn quality(quality: &Json) -> String {
    let line = |cells: &[&str]| format!("| {} |\n", cells.join(" | "));
    let head = quality_head();
    let mut text = format!("{}\n\n{}", quality.text_of("verdict"), line(&head));
    text.push_str(&line(&vec!["---"; head.len()]));
    for row in quality_rows(quality) {
        text.push_str(&line(&row.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    text + "\n" + QUALITY_NOTE + "\n"
}

/// A row for each table that has counts.
fn counts(report: &Json) -> String {
    let row = |table: &Table| {
        let counts = report.get("tables").get(table.name());
        let filtered = counts.get("filtered").fields().iter();
        let filtered: Vec<String> = filtered
            .filter(|(_, count)| count.count() > 0)
            .map(|(rule, count)| format!("{rule} {}", count.count()))
            .collect();
        format!(
            "| {} | {} | {} | {} |\n",
            table.name(),
            counts.count_of("rows_in"),
            counts.count_of("rows_out"),
            filtered.join(", ")
        )
    };
    Table::ALL.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{Join, Options, Times};

    fn card(options: Options, publication: &Publication) -> String {
        let event = Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05Z".to_owned(),
        };
        data_card(&completed(options), &event, publication, "data/x.parquet").unwrap()
    }

    #[test]
    fn every_place_is_filled_and_the_head_names_the_file() {
        let text = card(Options::default(), &Publication::default());
        assert!(!text.contains('$'), "{text}");
        let (head, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        assert!(head.contains("\n    path: data/x.parquet\n") && head.contains("license: other"), "{head}");
        assert!(
            body.starts_with("# machine_learning_curated\n") && body.contains("on 2026-01-02 by"),
            "{body}"
        );
        for column in Table::MachineLearningCurated.columns() {
            assert!(head.contains(&format!("- name: {}\n", column.name)));
        }
    }

    #[test]
    fn it_says_what_the_options_did_and_what_the_publisher_says() {
        let options = Options { join: Join::Time, ..Options::default() };
        let publication = Publication { license: Some("CC-BY-4.0".to_owned()), ..Publication::default() };
        let text = card(options, &publication);
        assert!(text.contains("license: \"cc-by-4.0\"") && text.contains("also of two different people"));
        let shifted = card(Options { times: Times::Shifted, ..Options::default() }, &Publication::default());
        assert!(shifted.contains("Times are moved"));
        let link = Publication { license: Some("https://x.example/l".to_owned()), ..Publication::default() };
        assert!(card(Options::default(), &link).contains("license_link: \"https://x.example/l\""));
    }
}
