//! A lake whose tables are in parts, as the Spark job writes them: the program verifies it, goes on from it, and erases
//! people from it. The job itself is tested in `tests/spark`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use lake::{Place, call, done, report, said, sha256, text, tree};
use serde_json::{Value, json};

const TABLES: [&str; 5] = [
    "customer/trusted",
    "accelerometer/trusted",
    "customer/curated",
    "step_trainer/trusted",
    "step_trainer/curated",
];
const FILE: &str = "part-00000.snappy.parquet";
/// Subjects in the order of people.
const SERIAL: [&str; 2] = ["--identity", "serial"];

/// An export of two people, its lake `lake`, and the same in parts, `parts`: one of each person, as far as Spark's
/// report and files can be made without Spark.
fn place() -> (Place, PathBuf) {
    let place = Place::new();
    done(&place.run(&SERIAL));
    let parts = place.path("parts");
    let mut written = report(&place.lake());
    let (mut outputs, mut texts) = (Vec::new(), Vec::new());
    for person in 0..2 {
        let folder = place.path(&format!("of-{person}"));
        fs::create_dir_all(&folder).unwrap();
        for name in ["a.json", "c.json", "s.json"] {
            let all = fs::read_to_string(place.path("export").join(name)).unwrap();
            let is_own = |line: &&str| {
                line.contains(&format!("p{person}@")) || line.contains(&format!("serial-{person}"))
            };
            let own: Vec<&str> = all.lines().filter(is_own).collect();
            fs::write(folder.join(name), own.join("\n")).unwrap();
        }
        let (lake, key) = (place.path(&format!("lake-{person}")), place.path("key"));
        done(&call(
            &[&["run", text(&folder), "--out", text(&lake), "--key-file", text(&key)], &SERIAL[..]].concat(),
        ));
        texts.push(report(&lake));
    }
    for table in TABLES {
        for (person, of_person) in texts.iter().enumerate() {
            let from = place.path(&format!("lake-{person}")).join(table).join(FILE);
            let path = format!("{table}/part-0000{person}-a.snappy.parquet");
            fs::create_dir_all(parts.join(table)).unwrap();
            fs::copy(&from, parts.join(&path)).unwrap();
            let outputs_of = of_person["outputs"].as_array().unwrap();
            let mut output =
                outputs_of.iter().find(|output| output["file"] == format!("{table}/{FILE}")).unwrap().clone();
            output["file"] = json!(path);
            outputs.push(output);
        }
    }
    let tables = written["tables"].as_object_mut().unwrap();
    tables.values_mut().for_each(|counts| *counts = json!({"rows_out": counts["rows_out"]}));
    written["outputs"] = json!(outputs);
    written["files"] = json!([]);
    written["tool"]["spark"] = json!("4.0.0");
    written.as_object_mut().unwrap().remove("privacy");
    fs::write(parts.join("report.json"), written.to_string()).unwrap();
    (place, parts)
}

fn bytes(lake: &Path) -> Vec<Vec<u8>> {
    TABLES.iter().map(|table| fs::read(lake.join(table).join(FILE)).unwrap()).collect()
}

fn verified(lake: &Path) -> (Option<i32>, Value) {
    let output = call(&["verify", text(lake), "--json"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn assert_no_part_is_left(lake: &Path) {
    let left: Vec<String> = tree(lake).into_keys().filter(|path| path.contains("-a.snappy")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn parts_are_held_together_against_the_report() {
    let (_place, lake) = place();
    let (code, verified_as) = verified(&lake);
    let differences = verified_as["differences"].as_array().unwrap();
    // The files are the program's, so that their metadata are not Spark's; nothing else differs.
    assert!(differences.iter().all(|difference| difference["code"] == "metadata"), "{differences:?}");
    assert_eq!((code, differences.len()), (Some(1), 10));
    assert_eq!(verified_as["tables"]["accelerometer_trusted"], json!({"rows": 6, "row_groups": 2}));

    // The parts of a table, the other way round, are out of order; one that is not named is a stray.
    let mut report_of = report(&lake);
    report_of["outputs"].as_array_mut().unwrap()[2..4].reverse();
    fs::write(lake.join("report.json"), report_of.to_string()).unwrap();
    fs::copy(
        lake.join("customer/trusted/part-00000-a.snappy.parquet"),
        lake.join("customer/trusted/more.parquet"),
    )
    .unwrap();
    let (_, verified_as) = verified(&lake);
    let found: Vec<_> = verified_as["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|difference| difference["code"] != "metadata")
        .map(|difference| (difference["code"].as_str().unwrap(), difference["place"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("order", "accelerometer_trusted"), ("stray", "customer/trusted/more.parquet")]);
}

#[test]
fn a_person_is_looked_for_in_every_part() {
    let (_place, lake) = place();
    for person in ["P0@Example.com", "serial-1"] {
        let output = call(&["verify", text(&lake), "--person", person, "--json"]);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = json!({"customer_trusted": 1, "accelerometer_trusted": 3, "customer_curated": 1,
            "step_trainer_trusted": 3, "machine_learning_curated": 3});
        assert_eq!(found["rows"], rows, "{person}: {}", said(&output));
    }
}

#[test]
fn a_run_goes_on_from_parts_as_from_one_file() {
    let (place, parts) = place();
    let (lake, key, export) = (place.lake(), place.path("key"), place.path("export"));
    for lake in [&lake, &parts] {
        let run = ["run", text(&export), "--from", text(lake), "--out", text(lake), "--key-file", text(&key)];
        done(&call(&[&run, &SERIAL[..]].concat()));
        assert_eq!(verified(lake).0, Some(0));
    }
    assert!(bytes(&lake) == bytes(&parts));
    assert_no_part_is_left(&parts);
    let from = report(&parts)["from"].clone();
    assert_eq!((&from["left_out"], &from["newly_admitted"]["people"]), (&json!(2), &json!(0)));
    let history: Value = serde_json::from_slice(&fs::read(parts.join("history.json")).unwrap()).unwrap();
    assert_eq!(history["versions"].as_array().unwrap().len(), 2);
}

fn erase(place: &Place, lake: &Path) -> Output {
    let (list, key) = (place.path("list"), place.path("key"));
    fs::write(&list, "P1@Example.com\n").unwrap();
    call(&["erase", text(lake), "--withdrawals", text(&list), "--key-file", text(&key)])
}

#[test]
fn people_are_erased_from_parts_as_from_one_file() {
    let (place, parts) = place();
    let lake = place.lake();
    let listed: String = report(&parts)["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|output| output["table"] == "step_trainer_trusted")
        .map(|output| {
            format!("{}  {}\n", output["sha256"].as_str().unwrap(), output["file"].as_str().unwrap())
        })
        .collect();
    for lake in [&lake, &parts] {
        done(&erase(&place, lake));
        assert_eq!(verified(lake).0, Some(0), "{:?}", verified(lake).1);
    }
    assert!(bytes(&lake) == bytes(&parts));
    assert_no_part_is_left(&parts);
    let evidence: Value = serde_json::from_slice(&fs::read(parts.join("erasure.json")).unwrap()).unwrap();
    let table = &evidence["erasures"][0]["tables"]["step_trainer_trusted"];
    assert_eq!([&table["rows_before"], &table["removed"]], [&json!(6), &json!(3)]);
    assert_eq!(table["sha256_before"], sha256(listed.as_bytes()), "of what sha256sum prints of the parts");
    let counts = &report(&parts)["tables"]["accelerometer_trusted"];
    assert_eq!(
        [&counts["rows_in"], &counts["rows_in_lake"], &counts["rows_out"]],
        [&json!(6), &json!(6), &json!(3)]
    );
}
