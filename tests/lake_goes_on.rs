//! `run --from LAKE` on a disk: what is read, what is left out, what is refused, and what the report says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use lake::{Place, assert_whole, call, done, refused, report, said, text, tree};
use serde_json::{Value, json};

const TABLES: [&str; 5] = [
    "customer/trusted",
    "accelerometer/trusted",
    "customer/curated",
    "step_trainer/trusted",
    "step_trainer/curated",
];

/// Readings of two people at a time of day, and their steps.
fn day(folder: &Path, day: usize) {
    fs::create_dir_all(folder).unwrap();
    for person in 0..2 {
        let time = 100 + 10 * day + person;
        fs::write(
            folder.join(format!("a{day}-{person}.json")),
            format!("{{\"user\":\"p{person}@example.com\",\"timestamp\":{time},\"x\":1.5,\"y\":-1.0,\"z\":null}}\n"),
        )
        .unwrap();
        fs::write(
            folder.join(format!("s{day}-{person}.json")),
            format!(
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"serial-{person}\",\"distanceFromObject\":7}}\n"
            ),
        )
        .unwrap();
    }
}

/// A lake of `export`, and beside it `next`: the same customers, and readings of another day.
fn place() -> Place {
    let place = Place::new();
    done(&place.run(&[]));
    day(&place.path("next"), 1);
    fs::copy(place.path("export/c.json"), place.path("next/c.json")).unwrap();
    place
}

fn tables(lake: &Path) -> Vec<Vec<u8>> {
    let file = |table: &&str| fs::read(lake.join(table).join("part-00000.snappy.parquet")).unwrap();
    TABLES.iter().map(file).collect()
}

fn go_on(place: &Place, inputs: &[&str], out: &str, more: &[&str]) -> std::process::Output {
    let [lake, key, out] = ["lake", "key", out].map(|name| place.path(name));
    let inputs: Vec<_> = inputs.iter().map(|input| place.path(input)).collect();
    let inputs: Vec<&str> = inputs.iter().map(|path| text(path)).collect();
    let options = ["--from", text(&lake), "--out", text(&out), "--key-file", text(&key)];
    call(&[&["run"], &inputs[..], &options, more].concat())
}

fn whole(place: &Place) -> Vec<Vec<u8>> {
    done(&place.run_from(&["export", "next"], &[]));
    tables(&place.lake())
}

#[test]
fn the_tables_are_those_of_one_run_and_the_report_says_where_they_come_from() {
    let place = place();
    let before = lake::sha256(&fs::read(place.lake().join("report.json")).unwrap());
    let old = tree(&place.lake());
    done(&go_on(&place, &["next"], "other", &["--quiet"]));
    assert!(tree(&place.lake()) == old, "where it reads it does not write");
    let other = place.path("other");
    assert_whole(&other, "beside the old one");
    let went_on = report(&other);
    let from = &went_on["from"];
    assert_eq!(from["report_sha256"], before.as_str());
    assert_eq!(from["newly_admitted"], json!({"people": 0, "devices": 0, "earlier_dates": 0}));
    let names = |files: &Value| -> Vec<String> {
        let files = files.as_array().unwrap().iter();
        files.map(|file| file["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&from["files"]), ["a.json", "s.json"]);
    assert!(from["files"].as_array().unwrap().iter().all(|file| file["sha256"].is_string()));
    let of_lake: Vec<&Value> =
        went_on["inputs"].as_array().unwrap().iter().filter(|input| input["status"] == "lake").collect();
    assert_eq!(of_lake.len(), 2);
    assert!(of_lake.iter().all(|input| input["records"] == 6 && input["sha256"].is_string()));
    let counts = &went_on["tables"]["accelerometer_trusted"];
    assert_eq!(
        (&counts["rows_in"], &counts["rows_in_lake"], &counts["rows_out"]),
        (&json!(8), &json!(6), &json!(8))
    );
    assert_eq!(call(&["verify", text(&other)]).status.code(), Some(0));

    done(&go_on(&place, &["next"], "lake", &[]));
    assert_whole(&place.lake(), "in its place");
    assert_eq!(call(&["verify", text(&place.lake())]).status.code(), Some(0));
    let in_place = tables(&place.lake());
    assert!(in_place == tables(&other));
    assert!(in_place == whole(&place));
}

#[test]
fn files_that_are_in_the_lake_are_left_out_whatever_their_names_and_however_often_it_went_on() {
    let place = place();
    fs::create_dir(place.path("again")).unwrap();
    for (from, to) in
        [("export/c.json", "c.json"), ("export/a.json", "renamed.json"), ("export/s.json", "s.json")]
    {
        fs::copy(place.path(from), place.path("again").join(to)).unwrap();
    }
    let output = go_on(&place, &["next", "again"], "lake", &[]);
    done(&output);
    assert!(
        said(&output).contains("renamed.json first: left out: its readings are in the lake"),
        "{}",
        said(&output)
    );
    assert_eq!(report(&place.lake())["from"]["left_out"], 2);
    let once = tables(&place.lake());
    // Both days are known now; as a zip they are not, until they were read as one.
    done(&go_on(&place, &["next", "again"], "lake", &[]));
    assert_eq!(report(&place.lake())["from"]["left_out"], 6);
    assert_eq!(report(&place.lake())["from"]["files"].as_array().unwrap().len(), 6);
    assert!(tables(&place.lake()) == once);
    day(&place.path("third"), 2);
    let mut zip = zip::ZipWriter::new(fs::File::create(place.path("third.zip")).unwrap());
    for (name, content) in tree(&place.path("third")).into_iter().chain(tree(&place.path("again"))) {
        if name != "renamed.json" && name != "s.json" {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&content).unwrap();
        }
    }
    zip.finish().unwrap();
    for left_out in [0, 4] {
        done(&go_on(&place, &["third.zip"], "lake", &[]));
        assert_eq!(report(&place.lake())["from"]["left_out"], left_out, "customers in it are read each time");
        assert_eq!(report(&place.lake())["tables"]["accelerometer_trusted"]["rows_out"], 10);
    }
}

#[test]
fn who_is_newly_admitted_is_counted_and_the_files_are_named() {
    let place = Place::new();
    fs::write(place.path("list"), "p1@example.com").unwrap();
    done(&place.run(&["--withdrawals", text(&place.path("list"))]));
    let output = go_on(&place, &["export/c.json"], "lake", &[]);
    done(&output);
    assert!(said(&output).contains("warning: newly_admitted (1)"), "{}", said(&output));
    let from = report(&place.lake())["from"].clone();
    assert_eq!(from["newly_admitted"], json!({"people": 1, "devices": 0, "earlier_dates": 0}));
    assert!(from["files"].as_array().unwrap().iter().all(|file| file["may_hold_more"] == true));
    // It stays true of these files, and a research export has no names of them.
    done(&go_on(&place, &["export/c.json"], "research", &["--export", "research"]));
    let from = report(&place.path("research"))["from"].clone();
    assert_eq!(from["newly_admitted"]["people"], 0);
    assert_eq!(from["files"][0]["may_hold_more"], true);
    assert_eq!(
        (&from["files"][0]["name"], &from["files"][0]["sha256"]),
        (&json!("earlier file 1"), &Value::Null)
    );
    let research = fs::read_to_string(place.path("research/report.json")).unwrap();
    assert!(!research.contains("a.json"), "{research}");
}

#[test]
fn what_cannot_go_on_is_refused_and_nothing_is_written() {
    let place = place();
    let refused_untouched = |inputs: &[&str], out: &str, more: &[&str], code: i32, names: &[&str]| {
        let before = tree(&place.path(""));
        refused(&go_on(&place, inputs, out, more), code, names);
        assert!(tree(&place.path("")) == before, "{names:?}: nothing is written");
    };
    let next = &["next"][..];
    refused_untouched(&["next/a1-0.json"], "lake", &[], 1, &["hold no customers"]);
    refused_untouched(next, "lake", &["--with-landing"], 2, &["--with-landing cannot"]);
    fs::write(place.path("other-key"), "other").unwrap();
    let lake = place.lake();
    let [next_path, other] = [place.path("next"), place.path("other-key")];
    let with_key = |more: &[&str]| {
        call(&[&["run", text(&next_path), "--from", text(&lake), "--out", text(&lake)], more].concat())
    };
    for more in [&[][..], &["--key-file", text(&other)]] {
        refused(&with_key(more), 2, &["made with another key (check value", "--new-key"]);
    }
    done(&with_key(&["--identity", "serial", "--dry-run"]));
    done(&with_key(&["--key-file", text(&other), "--new-key"]));
    done(&with_key(&["--new-key"]));

    let place = self::place();
    fs::write(place.lake().join("ddl/README.md"), "changed").unwrap();
    refused(&go_on(&place, next, "other", &[]), 1, &["ddl/README.md", "its SHA-256 is not"]);
    let place = self::place();
    fs::create_dir(place.lake().join("_stedi_tmp")).unwrap();
    refused(&go_on(&place, next, "other", &[]), 2, &["a run was stopped"]);
    let place = Place::new();
    done(&place.run(&["--export", "research"]));
    refused(&go_on(&place, &["export"], "other", &[]), 2, &["a research export names no one"]);
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    refused(&go_on(&place, &["export"], "lake", &[]), 2, &["it holds landing files"]);
    done(&go_on(&place, &["export"], "other", &[]));
    // The old lake as an input beside new files is passed over.
    done(&go_on(&place, &["export", "lake"], "third", &[]));
    assert!(tables(&place.path("third")) == tables(&place.lake()));
}
