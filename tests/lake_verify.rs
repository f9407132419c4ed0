//! `verify`: what differs in a lake is named, and a person is found in it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use lake::{Place, call, done, program, refused, report, said, sha256, text, tree};
use serde_json::Value;
use stedi_lakehouse::lake::{TableFile, customers};
use stedi_lakehouse::options::Compression;
use stedi_lakehouse::parquet::{MAGIC, assemble, encode};
use stedi_lakehouse::rows::Customer;
use stedi_lakehouse::schema::Table;

const TRUSTED: &str = "customer/trusted/part-00000.snappy.parquet";

fn verify(lake: &Path, more: &[&str]) -> Output {
    let before = tree(lake);
    let output = call(&[&["verify", text(lake)], more].concat());
    assert!(tree(lake) == before, "it changes nothing");
    output
}

/// What differs, as code and place.
fn differences(lake: &Path) -> Vec<(String, String)> {
    let output = verify(lake, &["--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = found["differences"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found: Vec<_> = found.map(|one| (text(&one["code"]), text(&one["place"]))).collect();
    assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())));
    found
}

fn differs(lake: &Path, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|&(code, place)| (code.to_owned(), place.to_owned())).collect();
    assert_eq!(differences(lake), expected);
}

fn edit(lake: &Path, change: impl FnOnce(&mut Value)) {
    let mut report = report(lake);
    change(&mut report);
    fs::write(lake.join("report.json"), report.to_string()).unwrap();
}

/// Writes customer_trusted anew, with its hash in the report, so that only what it holds is wrong.
fn trusted(lake: &Path, metadata: &[(&str, &str)], change: impl FnOnce(&mut Vec<Customer>)) {
    let path = lake.join(TRUSTED);
    let open = || File::open(&path).unwrap();
    let file = TableFile::open(Table::CustomerTrusted, &open()).unwrap();
    let mut rows = Vec::new();
    file.read(open(), 0, |batch| {
        rows.extend(customers(batch)?);
        Ok(())
    })
    .unwrap();
    change(&mut rows);
    let entries = file.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let mut entries: Vec<(&str, String)> =
        entries.iter().map(|entry| (entry.key.as_str(), entry.value.clone().unwrap())).collect();
    for (key, value) in metadata {
        entries.retain(|(known, _)| known != key);
        entries.push((key, (*value).to_owned()));
    }
    let rows: &[Customer] = &rows;
    let part = encode(Table::CustomerTrusted, Compression::Snappy, &rows).unwrap();
    let end = assemble(Table::CustomerTrusted, Compression::Snappy, std::iter::once(&part.about), &entries)
        .unwrap();
    replace(lake, 0, TRUSTED, &[MAGIC.as_slice(), &part.body, &end].concat());
}

fn replace(lake: &Path, output: usize, path: &str, bytes: &[u8]) {
    fs::write(lake.join(path), bytes).unwrap();
    edit(lake, |report| report["outputs"][output]["sha256"] = sha256(bytes).into());
}

fn fresh() -> Place {
    let place = Place::new();
    done(&place.run(&[]));
    place
}

#[test]
fn of_a_lake_as_it_was_written_nothing_differs() {
    for more in [
        &[][..],
        &["--export", "research"],
        &["--with-landing", "--compression", "zstd"],
        &["--identity", "serial"],
    ] {
        let place = Place::new();
        done(&place.run(more));
        let output = verify(&place.lake(), &[]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.starts_with("Nothing differs.\nChecked: ") && !said.contains("Not checked"), "{said}");
        let tables = if more.contains(&"research") { "1 tables" } else { "5 tables" };
        assert!(said.contains(tables), "{said}");
    }
}

#[test]
fn files_that_are_missing_changed_or_strange_are_named() {
    let place = fresh();
    let lake = place.lake();
    fs::remove_file(lake.join("ddl/README.md")).unwrap();
    fs::write(lake.join(TRUSTED), "no table").unwrap();
    fs::write(lake.join("customer/trusted/more.parquet"), "x").unwrap();
    fs::write(lake.join("customer/trusted/_hidden"), "x").unwrap();
    fs::write(lake.join("notes.txt"), "x").unwrap();
    fs::create_dir_all(lake.join("customer/landing")).unwrap();
    fs::copy(place.path("export/c.json"), lake.join("customer/landing/mine.json")).unwrap();
    fs::write(lake.join("customer/landing/other.json"), "x").unwrap();
    fs::create_dir(lake.join("_stedi_tmp")).unwrap();
    differs(
        &lake,
        &[
            ("changed", TRUSTED),
            ("missing", "ddl/README.md"),
            ("stray", "customer/landing/other.json"),
            ("stray", "customer/trusted/more.parquet"),
            ("unfinished", "_stedi_tmp"),
        ],
    );
    let said = String::from_utf8(verify(&lake, &[]).stdout).unwrap();
    assert!(said.contains("changed: customer/trusted/part-00000.snappy.parquet: its SHA-256"), "{said}");
    assert!(said.contains("5 differences.") && said.contains("Not checked: 3 files"), "{said}");
}

#[test]
fn rows_that_are_not_as_they_should_be_are_named() {
    let name = "customer_trusted";
    let expect = |metadata: &[(&str, &str)], change: fn(&mut Vec<Customer>), expected: &[(&str, &str)]| {
        let place = fresh();
        trusted(&place.lake(), metadata, change);
        differs(&place.lake(), expected);
    };
    expect(&[], |_| {}, &[]);
    expect(&[], |rows| rows.reverse(), &[("order", name)]);
    let unconsented = |rows: &mut Vec<Customer>| {
        rows[0].refuse();
    };
    expect(&[], unconsented, &[("consent", name)]);
    let gone = |rows: &mut Vec<Customer>| {
        rows.pop();
    };
    expect(
        &[],
        gone,
        &[("consent", "accelerometer_trusted"), ("consent", "customer_curated"), ("rows", name)],
    );
    expect(&[("more", "value")], |_| {}, &[("metadata", name)]);
    expect(&[("stedi_lakehouse.table", "customer_curated")], |_| {}, &[("metadata", name)]);
    expect(&[("stedi_lakehouse.options", r#"{"consent":"as-of"}"#)], |_| {}, &[("metadata", name)]);
    // A table of other columns, and what is no Parquet.
    let place = fresh();
    let curated = fs::read(place.lake().join("step_trainer/curated/part-00000.snappy.parquet")).unwrap();
    replace(&place.lake(), 0, TRUSTED, &curated);
    differs(&place.lake(), &[("unreadable", TRUSTED)]);
    replace(&place.lake(), 0, TRUSTED, b"PAR1 and no more");
    differs(&place.lake(), &[("unreadable", TRUSTED)]);
}

#[test]
fn a_ledger_that_does_not_add_up_is_named() {
    let place = fresh();
    edit(&place.lake(), |report| report["tables"]["customer_trusted"]["filtered"]["no_consent"] = 3.into());
    differs(&place.lake(), &[("ledger", "customer_trusted")]);
    let place = fresh();
    edit(&place.lake(), |report| report["tables"]["accelerometer_landing"]["rows_in"] = 7.into());
    edit(&place.lake(), |report| report["tables"]["accelerometer_landing"]["rows_out"] = 7.into());
    differs(&place.lake(), &[("ledger", "accelerometer_trusted")]);
    let place = fresh();
    edit(&place.lake(), |report| report["privacy"]["subjects"] = 3.into());
    differs(&place.lake(), &[("rows", "machine_learning_curated")]);
}

#[test]
fn what_is_no_lake_is_refused() {
    let place = Place::new();
    refused(&call(&["verify", text(&place.path("nowhere"))]), 2, &["is no folder"]);
    refused(&verify(&place.path("export"), &[]), 2, &["holds no lake"]);
    fs::write(place.path("export/report.json"), "{}").unwrap();
    refused(&verify(&place.path("export"), &[]), 1, &["report.json", "no report of stedi-lakehouse"]);
}

fn rows(output: &Output) -> Vec<Option<u64>> {
    assert_eq!(output.status.code(), Some(0));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names = ["customer_trusted", "customer_curated", "accelerometer_trusted", "step_trainer_trusted"];
    names.iter().chain(&["machine_learning_curated"]).map(|name| found["rows"][name].as_u64()).collect()
}

#[test]
fn a_person_is_found_by_email_or_serial_number() {
    let place = fresh();
    let (lake, key) = (place.lake(), place.path("key"));
    let all = [Some(1), Some(1), Some(3), Some(3), Some(3)];
    let written =
        ["<p0@example.com>", "Ann Lee <P0@example.com>", "mailto:p0@example.com", "\"p0@example.com\""];
    let plain = ["p0@example.com", " P0@EXAMPLE.com\u{a0}", "serial-0", "serial-0 "];
    for entry in plain.into_iter().chain(written) {
        let found = verify(&lake, &["--json", "--person", entry, "--key-file", text(&key)]);
        assert_eq!(rows(&found), all, "{entry}");
        let found = verify(&lake, &["--json", "--person", entry]);
        assert_eq!(rows(&found), [&all[..4], &[None]].concat(), "{entry}: without the key");
    }
    let none = verify(&lake, &["--json", "--person", "p7@example.com", "--key-file", text(&key)]);
    assert_eq!(rows(&none), [Some(0); 5]);
    fs::write(place.path("person"), "p1@example.com\n").unwrap();
    let said = verify(&lake, &["--person-file", text(&place.path("person"))]);
    let said = String::from_utf8(said.stdout).unwrap() + &String::from_utf8(said.stderr).unwrap();
    assert!(said.starts_with("In this lake.\n") && said.contains("with --key-file"), "{said}");
    assert!(!said.contains("p1@"), "{said}");
    let mut child = program(&["verify", text(&lake), "--person-file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"nobody@example.com").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"Not in this lake"), "{}", String::from_utf8_lossy(&output.stdout));
    fs::write(place.path("other"), "other key").unwrap();
    let other = verify(&lake, &["--person", "x", "--key-file", text(&place.path("other"))]);
    refused(&other, 2, &["not the key of this lake"]);
    for none_or_two in [" ", "p0@example.com, p1@example.com", "p0@example.com p1@example.com"] {
        refused(&verify(&lake, &["--person", none_or_two]), 2, &["name one email"]);
    }
}

#[test]
fn a_key_is_held_against_the_check_value_in_the_report() {
    let place = Place::new();
    done(&place.run(&[]));
    let lake = place.lake();
    fs::write(place.path("other"), "other key").unwrap();
    let with_key = |name: &str, more: &[&str]| {
        let key = place.path(name);
        verify(&lake, &[&["--key-file", text(&key)], more].concat())
    };
    let own = with_key("key", &[]);
    done(&own);
    assert!(said(&own).contains("The key is the lake's."), "{}", said(&own));
    let other = with_key("other", &[]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stdout).contains("not the key of this lake"));
    let found: Value = serde_json::from_slice(&with_key("other", &["--json"]).stdout).unwrap();
    assert_eq!(found["differences"][0]["code"], "other_key");
    refused(&with_key("none", &[]), 2, &["none"]);
    edit(&lake, |report| {
        report["options"].as_object_mut().unwrap().remove("key_check");
    });
    let unknown = with_key("key", &[]);
    assert!(said(&unknown).contains("has no check value"), "{}", said(&unknown));
    done(&place.run(&["--identity", "serial"]));
    let none = with_key("other", &[]);
    done(&none);
    assert!(said(&none).contains("has no pseudonyms"), "{}", said(&none));
}

#[test]
fn devices_of_several_people_are_told_of() {
    let place = Place::new();
    let shared =
        "{\"email\":\"p9@example.com\",\"serialNumber\":\"serial-0\",\"shareWithResearchAsOfDate\":1}\n";
    fs::write(place.path("export/more.json"), shared).unwrap();
    done(&place.run(&["--identity", "serial"]));
    let found = verify(&place.lake(), &["--json", "--person", "p0@example.com"]);
    assert_eq!(rows(&found), [1, 1, 3, 3, 3].map(Some));
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found["step_rows_of_shared_devices"], 3);
    assert_eq!(found["other_rows_may_hold_theirs"], false);
    // Without an accelerometer reading they are in customer_trusted only.
    let found = verify(&place.lake(), &["--json", "--person", "p9@example.com"]);
    assert_eq!(rows(&found), [1, 0, 0, 3, 3].map(Some));
}

#[test]
fn joined_on_time_alone_rows_of_others_may_hold_the_readings_of_a_person() {
    let place = Place::new();
    done(&place.run(&["--join", "time", "--identity", "serial"]));
    let may = |person: &str| {
        let found = verify(&place.lake(), &["--json", "--person", person]);
        serde_json::from_slice::<Value>(&found.stdout).unwrap()["other_rows_may_hold_theirs"].clone()
    };
    assert_eq!(may("p0@example.com"), true);
    assert_eq!(may("nobody@example.com"), false, "who has no readings is in no pair");
    let told = verify(&place.lake(), &["--person", "p0@example.com"]);
    assert!(String::from_utf8_lossy(&told.stdout).contains("rows of other subjects"));
}
