//! Erasing: the tables are those of a run with the withdrawals, and whoever is planted anywhere in a file is found.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]
#![allow(dead_code, reason = "the modules are shared")]

#[path = "oracle/export.rs"]
mod export;
#[path = "oracle/run.rs"]
mod run;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use bytes::Bytes;
use export::{export, options};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use proptest::prelude::*;
use run::Shared;
use stedi_lakehouse::lake::erase::options_of;
use stedi_lakehouse::lake::{Searched, Wanted};
use stedi_lakehouse::options::{Duplicates, Options};
use stedi_lakehouse::schema::Table;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn the_tables_are_those_of_a_run_with_the_withdrawals(
        export in export(),
        options in options(),
        list in prop::sample::subsequence(
            vec!["b@x.org", " A@X.org", "S2", "s2", "s1\u{a0}", "nothing", "C@x.ORG", "unknown", "s3"], 1..5),
        instances in 1..4usize,
        job_rows in prop_oneof![Just(4), Just(u64::MAX)],
    ) {
        let list: Vec<String> = list.into_iter().map(str::to_owned).collect();
        let shared = Shared { instances, job_rows, ..Shared::NOT };
        let lake = run::lake(&export.lines(), &options, &Shared::NOT);
        let (of_lake, before) = options_of(&lake.completed(), list.clone()).unwrap();
        prop_assert_eq!(before, options.withdrawals.len());
        let erased = run::erased(&lake, &of_lake, before, &shared);
        let all = [options.withdrawals.clone(), list].concat();
        let options = Options { withdrawals: all, ..options };
        let whole = run::lake(&export.lines(), &options, &shared);
        for ((table, bytes), (_, expected)) in erased.outputs.iter().zip(&whole.outputs) {
            prop_assert_eq!(run::rows(bytes), run::rows(expected), "{}", table.name());
            // Row groups are cut by the rows before duplicates are dropped, and a lake has none.
            prop_assert!(options.duplicates == Duplicates::Drop || bytes == expected, "{}", table.name());
        }
        prop_assert_eq!(&erased.report.privacy, &whole.report.privacy);
        prop_assert_eq!(&erased.report.quality, &whole.report.quality);
        // Whoever is erased had been admitted.
        let [of_lake, of_erasure, of_whole] = [&lake, &erased, &whole].map(|lake| lake.report.people);
        prop_assert_eq!(of_erasure.admitted, of_whole.admitted);
        prop_assert_eq!(of_lake.left_out + of_erasure.left_out, of_whole.left_out);
        // Nobody who was erased is found, and everybody who stays is.
        let people = |lake: &run::Lake| -> BTreeSet<String> {
            let (_, bytes) = lake.outputs.iter().find(|(table, _)| *table == Table::CustomerTrusted).unwrap();
            run::rows(bytes).into_iter().map(|row| row[1].clone()).collect()
        };
        let [was, is] = [people(&lake), people(&erased)];
        let gone: BTreeSet<String> = was.difference(&is).cloned().collect();
        let subjects = gone.iter().map(|email| run::pseudonym(email)).collect();
        let wanted = Wanted::new(&gone, &BTreeSet::new(), subjects, is.iter().map(String::as_str)).unwrap();
        let mut searched = Searched::default();
        for (table, bytes) in &erased.outputs {
            searched.merge(wanted.search_parquet(table.name(), &Bytes::copy_from_slice(bytes)).unwrap());
        }
        prop_assert!(searched.matches.is_empty(), "{searched:?}");
        for (table, bytes) in &lake.outputs {
            searched.merge(wanted.search_parquet(table.name(), &Bytes::copy_from_slice(bytes)).unwrap());
        }
        prop_assert_eq!(searched.matches.is_empty(), gone.is_empty());
    }
}

const PERSON: &str = "jane@example.com";

fn wanted() -> Wanted {
    let emails = BTreeSet::from([" Jane@Example.com".to_owned(), "q\"uote@example.com".to_owned()]);
    let serials = BTreeSet::from(["serial-7".to_owned()]);
    let subjects = BTreeSet::from(["00112233445566778899aabbccddeeff".to_owned()]);
    let kept = ["mary.jane@example.com".to_owned(), "jane@example.com.au".to_owned()];
    Wanted::new(&emails, &serials, subjects, kept.iter().map(String::as_str)).unwrap()
}

fn parquet(properties: WriterPropertiesBuilder, values: &[&str]) -> Bytes {
    let texts: ArrayRef = Arc::new(StringArray::from(values.to_vec()));
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values(0..values.len() as i64));
    let batch = RecordBatch::try_from_iter([("text", texts), ("time", times)]).unwrap();
    let properties = properties.set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap().into()
}

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_statistics_enabled(EnabledStatistics::None).set_dictionary_enabled(false)
}

fn parts(file: &Bytes) -> BTreeSet<&'static str> {
    wanted().search_parquet("file", file).unwrap().matches.into_keys().map(|(_, part)| part).collect()
}

#[test]
fn who_is_planted_in_a_parquet_file_is_found_wherever_it_is() {
    let others = ["anna@example.com", "mary.jane@example.com", "jane@example.com.au", "serial-77", "zoe"];
    let with = |person: &'static str| [&others[..], &[person]].concat();
    assert!(parts(&parquet(plain(), &others)).is_empty(), "kept emails may hold one that is erased");
    assert!(parts(&parquet(plain(), &with(PERSON))).contains("value"));
    for person in ["JANE@example.com\u{a0}", " serial-7", "00112233445566778899aabbccddeeff"] {
        assert!(parts(&parquet(plain(), &with(person))).contains("value"), "{person}");
    }
    let dictionary = plain().set_dictionary_enabled(true);
    assert!(parts(&parquet(dictionary, &with(PERSON))).contains("dictionary"));
    let first = |level| {
        let mut values = with("serial-7");
        values[5] = "zz";
        values[0] = "serial-7";
        values.sort_unstable();
        // As the least or the greatest of its page.
        values.retain(|value| *value >= "serial-7");
        parts(&parquet(plain().set_statistics_enabled(level), &values))
    };
    assert!(first(EnabledStatistics::Chunk).contains("statistic"));
    assert!(first(EnabledStatistics::Page).contains("index"));
    let headers =
        plain().set_statistics_enabled(EnabledStatistics::Page).set_write_page_header_statistics(true);
    assert!(parts(&parquet(headers, &["serial-7"])).contains("page"));
    let entry = |key: &str, value: &str| {
        plain().set_key_value_metadata(Some(vec![KeyValue::new(key.to_owned(), value.to_owned())]))
    };
    assert!(parts(&parquet(entry("of", PERSON), &others)).contains("footer"));
    assert!(parts(&parquet(entry("serial-7", "x"), &others)).contains("footer"));
    assert!(parts(&parquet(plain().set_created_by(PERSON.to_owned()), &others)).contains("footer"));
    assert!(parts(&parquet(plain().set_bloom_filter_enabled(true), &others)).contains("filter"));
    // Between its parts, where no reader looks.
    let file = parquet(plain(), &others);
    let (start, end) = file.split_at(4);
    let hidden = [start, PERSON.as_bytes(), end].concat();
    assert!(wanted().search_text("file", &hidden).matches.contains_key(&("file".to_owned(), "text")));
    assert!(wanted().search_parquet("file", &Bytes::from_static(b"PAR1 PAR1")).is_err());
}

#[test]
fn a_dictionary_holds_whom_no_row_has_any_more() {
    // The value of the only row is put in the place of another of the same length, in the data only.
    let file = parquet(plain().set_dictionary_enabled(true), &["serial-7", "serial-8"]);
    let found = wanted().search_parquet("file", &file).unwrap();
    assert_eq!(found.matches[&("file".to_owned(), "dictionary")], 1);
    assert_eq!((found.values, found.dictionary_values), (2, 2));
}

#[test]
fn who_is_planted_in_a_text_or_a_name_is_found() {
    let parts = |path: &str, text: &str| -> Vec<&'static str> {
        wanted().search_text(path, text.as_bytes()).matches.into_keys().map(|(_, part)| part).collect()
    };
    assert_eq!(parts("report.json", r#"{"name": "in/JANE@example.com.json"}"#), ["text"]);
    assert_eq!(parts("jane@example.com.json", "{}"), ["name"]);
    assert_eq!(parts("x", "mailto:jane@example.com"), ["text"]);
    assert_eq!(parts("x", r#"{"name": "q\"uote@example.com"}"#), ["text"], "as JSON escapes it");
    assert_eq!(parts("x", "00112233445566778899AABBCCDDEEFF"), ["text"]);
    assert!(parts("x", "mary.jane@example.com, jane@example.com.au, serial-7").is_empty());
    assert_eq!(parts("x", "mary.jane@example.com, jane@example.com"), ["text"]);
}

#[test]
fn letters_beyond_ascii_are_found_in_any_case_and_taken_apart() {
    let emails = BTreeSet::from(["j\u{fc}rgen@example.com".to_owned()]);
    let serials = BTreeSet::from(["7a".to_owned()]);
    let kept = ["maj\u{fc}rgen@example.com"];
    let wanted = Wanted::new(&emails, &serials, BTreeSet::new(), kept.into_iter()).unwrap();
    for name in ["J\u{dc}RGEN@example.com", "ju\u{308}rgen@example.com", "JU\u{308}RGEN@EXAMPLE.com"] {
        let text = format!("{{\n\"name\": \"in/{name}.json\"}}\n");
        assert!(
            wanted.search_text("x", text.as_bytes()).matches.contains_key(&("x".to_owned(), "text")),
            "{name}"
        );
        let path = format!("in/{name}.json");
        assert!(wanted.search_text(&path, b"").matches.contains_key(&(path.clone(), "name")), "{name}");
        assert!(wanted.is_in(&path) && !wanted.is_in(&path.replace("in/", "in/ma")), "{name}");
        assert!(wanted.search_parquet("x", &parquet(plain(), &[name])).unwrap().matches.len() > 1, "{name}");
    }
    // A short serial number is a word of a name, and nothing of another text.
    assert!(wanted.is_in_name("in/device 7A.json") && !wanted.is_in_name("in/17a.json"));
    assert!(!wanted.is_in("at 7a.json") && wanted.search_text("x", b"7a").matches.is_empty());
    assert_eq!(wanted.search_folder("of 7a").matches.len(), 1);
}
