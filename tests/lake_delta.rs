//! Tables in the format of Delta Lake: what their logs say, when a version is added, and when the logs start afresh.
//! `tests/readers/delta/` has them read by others.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "lake/delta.rs"]
mod delta;
mod lake;

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use delta::{DELTA, entries, go_on, holds, is_afresh, place, verified, versions};
use lake::{Place, assert_whole, call, copy_tree, done, program, refused, report, said, text, tree};
use serde_json::{Value, json};
use stedi_lakehouse::schema::{ColumnType, Table};

#[test]
fn each_table_has_the_same_file_by_another_name_and_a_log_of_it() {
    let place = place();
    let lake = place.lake();
    assert_whole(&lake, "a first lake");
    verified(&lake);
    assert!(is_afresh(&lake));
    let delta = tree(&lake);
    fs::rename(&lake, place.path("delta")).unwrap();
    done(&place.run(&[]));
    let plain = report(&lake);
    assert_eq!(plain["table_format"], "parquet");
    assert!(plain["outputs"].as_array().unwrap().iter().all(|output| output.get("version").is_none()));
    for (at, output) in report(&place.path("delta"))["outputs"].as_array().unwrap().iter().enumerate() {
        let (file, hash) = (output["file"].as_str().unwrap(), output["sha256"].as_str().unwrap());
        assert_eq!(hash, plain["outputs"][at]["sha256"], "the same bytes");
        assert!(file.ends_with(&format!("/part-00000-{}.snappy.parquet", &hash[..32])), "{file}");
        let table = Table::from_name(output["table"].as_str().unwrap()).unwrap();
        let [protocol, about, add] = entries(&place.path("delta"), table, 0).try_into().unwrap();
        assert_eq!(protocol, json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}));
        assert_eq!(about["metaData"]["name"], table.name());
        let add = &add["add"];
        assert_eq!((&add["size"], &add["modificationTime"]), (&output["bytes"], &json!(0)));
        assert_eq!(file, format!("{}/{}", table.folder(), add["path"].as_str().unwrap()));
        let stats: Value = serde_json::from_str(add["stats"].as_str().unwrap()).unwrap();
        assert_eq!(stats["numRecords"], output["rows"]);
        let numbers = table.columns().iter().filter(|column| column.ty != ColumnType::String);
        let numbers: Vec<&str> = numbers.map(|column| column.name).collect();
        for kind in ["minValues", "maxValues", "nullCount"] {
            let named = stats[kind].as_object().unwrap().keys();
            assert!(named.clone().all(|name| numbers.contains(&name.as_str())), "{table:?}: {stats}");
        }
    }
    let accelerometer = &entries(&place.path("delta"), Table::AccelerometerTrusted, 0)[2];
    let stats: Value = serde_json::from_str(accelerometer["add"]["stats"].as_str().unwrap()).unwrap();
    let time = 1_700_000_000_000_u64;
    let wanted = |time: u64| json!({"timestamp": time, "x": 1.0, "y": -1.0, "z": 0.5});
    assert_eq!((&stats["minValues"], &stats["maxValues"]), (&wanted(time), &wanted(time + 2)));
    assert_eq!(stats["nullCount"], json!({"timestamp": 0, "x": 0, "y": 0, "z": 0}));

    // Nothing of the clock is in it.
    fs::remove_dir_all(&lake).unwrap();
    done(&place.run(&DELTA));
    let told = |path: &str| ["report.json", "lineage.json", "croissant.json"].contains(&path);
    let again = tree(&lake);
    assert!(
        delta.iter().filter(|(path, _)| !told(path)).all(|(path, content)| again.get(path) == Some(content))
    );
    let ddl = fs::read_to_string(lake.join("ddl/customer_trusted.sql")).unwrap();
    assert!(ddl.ends_with("TBLPROPERTIES ('table_type' = 'DELTA')\n") && !ddl.contains("email"), "{ddl}");
    assert!(fs::read_to_string(lake.join("ddl/customer_landing.sql")).unwrap().contains("email"));
}

#[test]
fn going_on_adds_a_version_to_the_tables_that_have_changed() {
    let place = place();
    let lake = place.lake();
    let old = tree(&lake);
    done(&go_on(&place, &[]));
    assert_whole(&lake, "gone on");
    verified(&lake);
    let changed = (1, 2, 2);
    let expected = BTreeMap::from([
        (Table::CustomerTrusted, (0, 1, 1)),
        (Table::CustomerCurated, (0, 1, 1)),
        (Table::AccelerometerTrusted, changed),
        (Table::StepTrainerTrusted, changed),
        (Table::MachineLearningCurated, changed),
    ]);
    assert_eq!(versions(&lake), expected);
    let new = tree(&lake);
    for (path, content) in
        old.iter().filter(|(path, _)| Table::WRITTEN.iter().any(|t| path.starts_with(t.folder())))
    {
        assert_eq!(new.get(path), Some(content), "{path}: the version before is still there");
    }
    let table = Table::AccelerometerTrusted;
    let [before, after] = [&old, &new].map(|files| {
        let data = files.keys().filter(|path| path.starts_with(table.folder()) && path.ends_with(".parquet"));
        data.map(|path| path.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    });
    let [remove, add] = entries(&lake, table, 1).try_into().unwrap();
    assert_eq!(
        (&remove["remove"]["path"], &remove["remove"]["deletionTimestamp"]),
        (&json!(before[0]), &json!(0))
    );
    let added = add["add"]["path"].as_str().unwrap().to_owned();
    assert!(after.contains(&added) && added != before[0]);
    let stats: Value = serde_json::from_str(add["add"]["stats"].as_str().unwrap()).unwrap();
    assert_eq!((&stats["numRecords"], &stats["nullCount"]["y"]), (&json!(7), &json!(1)));
    assert_eq!((&stats["maxValues"]["x"], &stats["minValues"]["y"]), (&json!(7.5), &json!(-1.0)));

    // Again with nothing new: no version, and nothing of the tables is written.
    done(&go_on(&place, &[]));
    assert_eq!(versions(&lake), expected);
    // Another compression is another file of the same rows; the first one comes back as a third version.
    done(&go_on(&place, &["--compression", "gzip"]));
    verified(&lake);
    assert_eq!(versions(&lake)[&Table::CustomerTrusted], (1, 2, 2));
    done(&go_on(&place, &[]));
    assert_whole(&lake, "a file that comes back");
    verified(&lake);
    assert_eq!(versions(&lake)[&Table::CustomerTrusted], (2, 3, 2));
    assert_eq!(versions(&lake)[&table], (3, 4, 3));
}

#[test]
fn if_a_person_or_a_row_has_left_the_logs_start_afresh_and_the_old_files_are_gone() {
    type Leave<'a> = &'a dyn Fn(&Place) -> Output;
    let leave: [(&str, Leave<'_>); 7] = [
        ("a withdrawal", &|place| {
            fs::write(place.path("list"), "p1@example.com\n").unwrap();
            go_on(place, &["--withdrawals", text(&place.path("list"))])
        }),
        ("consent that was taken back", &|place| {
            let customers = fs::read_to_string(place.path("next/c.json")).unwrap();
            let one = customers.lines().next().unwrap().to_owned();
            fs::write(place.path("next/c.json"), format!("{one}\n")).unwrap();
            go_on(place, &[])
        }),
        ("a field of a customer that has changed", &|place| {
            let customers = fs::read_to_string(place.path("next/c.json")).unwrap();
            let changed = customers.replacen("{\"email", "{\"phone\":\"5\",\"email", 1);
            fs::write(place.path("next/c.json"), changed).unwrap();
            go_on(place, &[])
        }),
        ("readings before the consent", &|place| go_on(place, &["--consent", "as-of"])),
        ("other pseudonyms", &|place| go_on(place, &["--identity", "serial"])),
        ("other times", &|place| go_on(place, &["--times", "relative"])),
        ("a run from exports alone", &|place| place.run(&DELTA)),
    ];
    for (why, leave) in leave {
        let place = place();
        done(&go_on(&place, &[]));
        assert_eq!(versions(&place.lake())[&Table::MachineLearningCurated], (1, 2, 2), "{why}");
        let left = leave(&place);
        done(&left);
        assert_eq!(
            said(&left).contains("start afresh"),
            why != "a run from exports alone",
            "{}",
            said(&left)
        );
        assert_whole(&place.lake(), why);
        verified(&place.lake());
        assert!(is_afresh(&place.lake()), "{why}: {:?}", versions(&place.lake()));
        assert_eq!(
            holds(&place.lake(), "p1@example.com"),
            !["a withdrawal", "consent that was taken back"].contains(&why)
        );
    }
}

#[test]
fn erasing_starts_the_logs_afresh_and_searches_them() {
    let place = place();
    let lake = place.lake();
    done(&go_on(&place, &[]));
    assert!(holds(&lake, "p1@example.com"));
    fs::write(place.path("list"), "p1@example.com\n").unwrap();
    let call =
        ["erase", text(&lake), "--withdrawals", text(&place.path("list")), "--key-file"].map(str::to_owned);
    let erase = || program(&call.each_ref().map(String::as_str)).arg(place.path("key")).output().unwrap();
    // Not by us: whoever reads it finds the person.
    let strange = lake.join("customer/trusted/_delta_log/00000000000000000007.json");
    fs::write(&strange, "{\"commitInfo\":{\"user\":\"p1@example.com\"}}\n").unwrap();
    refused(&erase(), 1, &["customer/trusted/_delta_log/00000000000000000007.json (text)"]);
    fs::remove_file(&strange).unwrap();
    let documents = tree(&lake).len();
    done(&erase());
    assert_whole(&lake, "erased");
    verified(&lake);
    assert!(is_afresh(&lake));
    assert!(!holds(&lake, "p1@example.com"));
    let evidence: Value = serde_json::from_slice(&fs::read(lake.join("erasure.json")).unwrap()).unwrap();
    let searched = evidence["erasures"][0]["searched"]["files"].as_u64().unwrap();
    assert_eq!(searched as usize, tree(&lake).len(), "of {documents} before");
    // It can go on from there.
    done(&go_on(&place, &["--withdrawals", text(&place.path("list"))]));
    verified(&lake);
}

#[test]
fn a_version_is_added_whole_or_not_at_all() {
    let place = place();
    fs::rename(place.lake(), place.path("old")).unwrap();
    let nothing = place.path("nothing.json");
    fs::write(&nothing, "").unwrap();
    let [lake, next, key] = ["lake", "next", "key"].map(|name| place.path(name));
    let go_on = ["run", text(&next), "--from", text(&lake), "--out", text(&lake), "--key-file", text(&key)];
    let go_on = [&go_on[..], &DELTA].concat();
    let (mut before, mut after) = (0, 0);
    for step in (1..).step_by(3) {
        let _ = fs::remove_dir_all(&lake);
        copy_tree(&place.path("old"), &lake);
        let killed = program(&go_on).env("STEDI_STOP", format!("kill:{step}")).output().unwrap();
        if killed.status.success() {
            break;
        }
        let committed = lake.join("_stedi_tmp/intent.json").exists();
        call(&["run", text(&nothing), "--out", text(&lake)]);
        assert_whole(&lake, &format!("killed before step {step}"));
        verified(&lake);
        let version = versions(&lake)[&Table::MachineLearningCurated].0;
        assert!(!committed || version == 1, "step {step}");
        *(if version == 1 { &mut after } else { &mut before }) += 1;
    }
    assert!(before > 10 && after > 5, "{before} before the commit, {after} after it");
}
