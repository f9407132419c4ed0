//! `README.md` of a research export: a data card for people, whose head is what Hugging Face's
//! `datasets` reads, so that `load_dataset` finds the table among the files beside it
//! (<https://huggingface.co/docs/hub/datasets-cards>).

use super::croissant::{ABOUT, consent};
use super::croissant_files::{DataFile, Described, about_times, described, meaning};
use super::json::{Json, fill, quoted};
use super::quality::{QUALITY_NOTE, quality_head, quality_rows};
use super::{Event, Publication, ReportFile};
use crate::error::Error;
use crate::schema::{ColumnType, Table};
use crate::splits::Split;

/// The card of a completed report, seen from which its outputs lie where it says.
///
/// # Errors
/// As [`super::croissant`].
pub fn data_card(report: &ReportFile, event: &Event, publication: &Publication) -> Result<String, Error> {
    let found = described(report, event)?;
    let json = report.json();
    let privacy = json.get("privacy");
    let [identity, times] = ["identity", "times"].map(|name| report.option(name));
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
            ("size", size_category(found.rows())),
            ("files", &data_files(&found)),
            ("path", found.files[0].file),
            ("features", &features.concat()),
            ("examples", &examples(&found)),
            ("rows", &found.rows().to_string()),
            ("splits", &splits(json)),
            ("about", ABOUT),
            ("subjects", &privacy.count_of("subjects").to_string()),
            ("day", found.day),
            ("version", tool.text_of("version")),
            ("commit", &commit),
            ("columns", &rows.concat()),
            ("row", row(report.option("join"))),
            ("instants", &instants(report)),
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
$files
dataset_info:
  features:
$features  splits:
$examples
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

## Splits
$splits

## Columns
| column | type | meaning |
|---|---|---|
$columns
What the sensors measured is as it was exported, and an export names no units. Rows are sorted by subject, then by time.

## What a row is
$row

$times

## Repeated instants
$instants

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
`report.json` says how the table was made and what was read, `croissant.json` describes it for programs, and \
`contract.yaml` says what can be checked of it.
";

/// The head's list of splits and their files.
fn data_files(found: &Described<'_>) -> String {
    let file = |file: &DataFile<'_>| format!("  - split: {}\n    path: {}", split_of(file).name(), file.file);
    with_rows(found).map(file).collect::<Vec<_>>().join("\n")
}

/// The head's list of splits and their sizes.
fn examples(found: &Described<'_>) -> String {
    let size = |file: &DataFile<'_>| {
        let (name, DataFile { bytes, rows, .. }) = (split_of(file).name(), file);
        format!("  - name: {name}\n    num_bytes: {bytes}\n    num_examples: {rows}")
    };
    with_rows(found).map(size).collect::<Vec<_>>().join("\n")
}

/// The splits that are loaded: `datasets` refuses them all if one of several has no row.
fn with_rows<'a>(found: &'a Described<'_>) -> impl Iterator<Item = &'a DataFile<'a>> {
    let is_empty = found.rows() == 0;
    let loaded = move |(at, file): &(usize, &DataFile<'_>)| file.rows > 0 || (is_empty && *at == 0);
    found.files.iter().enumerate().filter(loaded).map(|(_, file)| file)
}

fn split_of(file: &DataFile<'_>) -> Split {
    file.split.unwrap_or(Split::Train)
}

/// How subjects were dealt to splits.
fn splits(report: &Json) -> String {
    let splits = report.get("splits");
    let share = splits.get("test_share").text().unwrap_or("0");
    if splits.get(Split::Test.name()) == &Json::Null {
        return UNSPLIT.to_owned();
    }
    let row = |split: Split| {
        let counts = splits.get(split.name());
        format!("| {} | {} | {} |\n", split.name(), counts.count_of("rows"), counts.count_of("subjects"))
    };
    fill(DEALT, &[("counts", &Split::ALL.map(row).concat()), ("share", share)])
}

const UNSPLIT: &str = "All rows are in one split, `train`. Split by subject, never by row: two rows of one person in \
training and test tell a model the person. `--test-share` of the program does it (on the page: \"Share of people for \
testing\").";

const DEALT: &str = "| split | rows | subjects |
|---|---|---|
$counts
Subjects were dealt, not rows: two rows of one person in training and test tell a model the person. No subject is in \
both.

The key of the pseudonyms decides. A subject is in `test` if the first 8 bytes, as a big-endian number, of \
HMAC-SHA-256 under that key over `split`, a zero byte and the subject as it stands in the table are below \
$share × 2^64. So later releases under the same key and share that have more people move nobody from one split to the \
other; under another key everyone is dealt again. The share, $share, is that of chance: of few subjects more or fewer \
may be in `test`.";

const INCOMPLETE: &str = "
**The run was incomplete**: people may have taken consent back in records that nobody could read. `report.json` says \
why.
";

/// What a row pairs.
fn row(join: &str) -> &'static str {
    match join {
        "owner" => {
            "A step trainer reading and an accelerometer reading of the same person at the same millisecond."
        }
        _ => {
            "A step trainer reading and an accelerometer reading at the same millisecond, **also of two different \
             people**, as the original course joins them."
        }
    }
}

/// Whether rows of one subject share a time, and why.
fn instants(report: &ReportFile) -> String {
    let table = Table::MachineLearningCurated.name();
    let left_out = report.json().get("tables").get(table).count_of("pairs_left_out");
    let why = "Where one sensor has several readings of a time, each is paired with each of the other's.";
    match report.option("one_per_instant") {
        "on" => format!(
            "No subject has two rows of one time. {why} Of these pairs the first is kept, in the order of the table \
             (by distance, then x, y and z); {left_out} others were left out (`one per instant = on`)."
        ),
        _ => format!(
            "{why} So times repeat within a subject, and so do readings: whoever counts rows, or takes the interval to \
             the next row for that between two readings, counts wrong. `--one-per-instant` of the program (on the \
             page: \"Rows for each person and time: One\") keeps one row for each subject and time."
        ),
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
    use super::super::Hashed;
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{Join, OnePerInstant, Options, Times};
    use crate::splits::{Splits, TestShare};

    fn card(options: Options, publication: &Publication) -> String {
        let event = Event {
            run_id: "01234567-89ab-4def-8123-456789abcdef".to_owned(),
            time: "2026-01-02T03:04:05Z".to_owned(),
        };
        data_card(&completed(options), &event, publication).unwrap()
    }

    #[test]
    fn every_place_is_filled_and_the_head_names_the_file() {
        let text = card(Options::default(), &Publication::default());
        assert!(!text.contains('$'), "{text}");
        let (head, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        assert!(
            head.contains("\n    path: machine_learning_curated.parquet\n")
                && head.contains("license: other"),
            "{head}"
        );
        assert!(
            body.starts_with("# machine_learning_curated\n") && body.contains("on 2026-01-02 by"),
            "{body}"
        );
        for column in Table::MachineLearningCurated.columns() {
            assert!(head.contains(&format!("- name: {}\n", column.name)));
        }
    }

    #[test]
    fn it_says_what_a_reader_must_know() {
        let text = card(Options::default(), &Publication::default());
        for said in [
            "epoch milliseconds, UTC",
            "an export names no units",
            "`--test-share` of the program does it (on the page: \"Share of people for testing\").",
            "`--one-per-instant` of the program (on the page: \"Rows for each person and time: One\") keeps",
            "## What a row is\nA step trainer reading and an accelerometer reading of the same person",
            "## Repeated instants\nWhere one sensor has several readings",
            "## Who is in it\nOnly readings of people whose customer record holds a date of consent",
            "0 entries of lists of withdrawals were left out",
            "| machine_learning_curated |",
            "## How good the readings are\n",
            "There are no labels of steps in it",
            "How somebody walks tells who they are",
            "## Cite\n```bibtex\n@",
        ] {
            assert!(text.contains(said), "{said}\n\nin\n\n{text}");
        }
    }

    #[test]
    fn it_lists_the_splits_and_says_how_subjects_were_dealt() {
        assert!(card(Options::default(), &Publication::default()).contains("All rows are in one split"));
        let mut report = completed(Options::default());
        let file = |split: Split| Hashed { name: split.path().into(), bytes: 3, sha256: Some("ab".into()) };
        let splits = Splits { share: Some(TestShare::new(0.25).unwrap()), counts: [(2, 1), (4, 3)] };
        report.set_splits(Some((splits, Split::ALL.map(file)))).unwrap();
        let event = Event { run_id: "0".to_owned(), time: "2026-01-02T03:04:05Z".to_owned() };
        let text = data_card(&report, &event, &Publication::default()).unwrap();
        let (head, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        assert!(head.contains("  - split: test\n    path: data/test-00000-of-00001.parquet\n"), "{head}");
        assert!(head.contains("  - name: test\n    num_bytes: 3\n    num_examples: 4"), "{head}");
        assert!(body.contains("| train | 2 | 1 |\n| test | 4 | 3 |\n"), "{body}");
        report
            .set_splits(Some((Splits { counts: [(2, 1), (0, 0)], ..splits }, Split::ALL.map(file))))
            .unwrap();
        let empty = data_card(&report, &event, &Publication::default()).unwrap();
        assert!(!empty.contains("split: test") && empty.contains("| test | 0 | 0 |"), "{empty}");
        assert!(body.contains("below 0.25 × 2^64") && body.contains("6 rows of"), "{body}");
    }

    #[test]
    fn it_says_what_the_options_did_and_what_the_publisher_says() {
        let options = Options { join: Join::Time, ..Options::default() };
        let publication = Publication { license: Some("CC-BY-4.0".to_owned()), ..Publication::default() };
        let text = card(options, &publication);
        assert!(text.contains("license: \"cc-by-4.0\"") && text.contains("also of two different people"));
        let shifted = card(Options { times: Times::Shifted, ..Options::default() }, &Publication::default());
        assert!(shifted.contains("Times are moved"));
        let (off, on) = (OnePerInstant::Off, OnePerInstant::On);
        let text = |one_per_instant| {
            card(Options { one_per_instant, ..Options::default() }, &Publication::default())
        };
        assert!(text(off).contains("So times repeat within a subject"));
        assert!(text(on).contains("No subject has two rows of one time") && text(on).contains("; 0 others"));
        let link = Publication { license: Some("https://x.example/l".to_owned()), ..Publication::default() };
        assert!(card(Options::default(), &link).contains("license_link: \"https://x.example/l\""));
    }
}
