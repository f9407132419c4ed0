//! Tables in the format of Delta Lake: what their logs say, when a version is added, when the logs start afresh, and
//! what is ours to replace. `tests/readers/test_delta.py` has them read by others.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use lake::{Place, assert_whole, call, copy_tree, done, export, program, refused, report, said, text, tree};
use serde_json::{Value, json};
use stedi_lakehouse::schema::{ColumnType, Table};

const DELTA: [&str; 2] = ["--format", "delta"];

/// A lake of two people, and in `next` the same customers with a reading of each sensor more.
fn place() -> Place {
    let place = Place::new();
    done(&place.run(&DELTA));
    fs::create_dir(place.path("next")).unwrap();
    fs::copy(place.path("export/c.json"), place.path("next/c.json")).unwrap();
    let time = 1_700_000_009_000_u64;
    let reading =
        format!("{{\"user\":\"p0@example.com\",\"timestamp\":{time},\"x\":7.5,\"y\":null,\"z\":0.5}}\n");
    let step =
        format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"serial-0\",\"distanceFromObject\":-3}}\n");
    fs::write(place.path("next/a2.json"), reading).unwrap();
    fs::write(place.path("next/s2.json"), step).unwrap();
    place
}

fn go_on_with(place: &Place, inputs: &str, more: &[&str]) -> Output {
    let [inputs, lake, key] = [inputs, "lake", "key"].map(|name| place.path(name));
    let call = ["run", text(&inputs), "--from", text(&lake), "--out", text(&lake), "--key-file", text(&key)];
    program(&[&call[..], more].concat()).output().unwrap()
}

fn go_on(place: &Place, more: &[&str]) -> Output {
    go_on_with(place, "next", &[&DELTA[..], more].concat())
}

fn log_path(table: Table, version: u64) -> String {
    format!("{}/_delta_log/{version:020}.json", table.folder())
}

/// The entries of a log, one a line.
fn entries(lake: &Path, table: Table, version: u64) -> Vec<Value> {
    let log = fs::read_to_string(lake.join(log_path(table, version))).unwrap();
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Of each table its version by the report, how many logs it has, and how many Parquet files.
fn versions(lake: &Path) -> BTreeMap<Table, (u64, usize, usize)> {
    let report = report(lake);
    assert_eq!(report["table_format"], "delta");
    let files = tree(lake);
    let outputs = report["outputs"].as_array().unwrap().iter().map(|output| {
        let table = Table::from_name(output["table"].as_str().unwrap()).unwrap();
        let within = |path: &&String| path.starts_with(&format!("{}/", table.folder()));
        let (logs, data): (Vec<_>, Vec<_>) =
            files.keys().filter(within).partition(|path| path.contains("/_delta_log/"));
        (table, (output["version"].as_u64().unwrap(), logs.len(), data.len()))
    });
    outputs.collect()
}

fn is_afresh(lake: &Path) -> bool {
    versions(lake).values().all(|version| *version == (0, 1, 1))
}

fn verified(lake: &Path) {
    let output = call(&["verify", text(lake)]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// What differs, as code and place.
fn differences(lake: &Path) -> Vec<(String, String)> {
    let output = call(&["verify", text(lake), "--json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = found["differences"].as_array().unwrap().iter();
    found.map(|one| (text(&one["code"]), text(&one["place"]))).collect()
}

fn holds(lake: &Path, person: &str) -> bool {
    tree(lake).values().any(|content| content.windows(person.len()).any(|part| part == person.as_bytes()))
}

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
    let leave: [(&str, &dyn Fn(&Place) -> Output); 7] = [
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
        done(&leave(&place));
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
fn another_format_replaces_exactly_what_is_ours() {
    let place = place();
    let lake = place.lake();
    let plain = |lake: &Path| {
        let files = tree(lake);
        let tables = files.keys().filter(|path| path.ends_with(".parquet") || path.contains("_delta_log"));
        tables.cloned().collect::<Vec<_>>()
    };
    fs::write(lake.join("customer/trusted/_SUCCESS"), "mine").unwrap();
    fs::write(lake.join("customer/trusted/_delta_log/.0.crc"), "mine").unwrap();
    done(&go_on(&place, &[]));
    done(&go_on_with(&place, "next", &[]));
    let files = plain(&lake);
    assert_eq!(files.len(), 6, "{files:?}");
    assert!(files.iter().all(|path| path.ends_with("part-00000.snappy.parquet") || path.ends_with(".0.crc")));
    done(&place.run(&["--compression", "gzip"]));
    done(&go_on(&place, &[]));
    assert!(is_afresh_but_for(&lake, 1));
    assert_eq!(fs::read(lake.join("customer/trusted/_SUCCESS")).unwrap(), b"mine");
    fs::remove_file(lake.join("customer/trusted/_SUCCESS")).unwrap();
    fs::remove_file(lake.join("customer/trusted/_delta_log/.0.crc")).unwrap();
    assert_whole(&lake, "and back");
    verified(&lake);
}

/// So many files more are in the log of customer_trusted.
fn is_afresh_but_for(lake: &Path, more: usize) -> bool {
    let mut versions = versions(lake);
    let trusted = versions.remove(&Table::CustomerTrusted).unwrap();
    trusted.0 == 0 && trusted.1 == 1 + more && versions.values().all(|version| *version == (0, 1, 1))
}

#[test]
fn a_log_that_others_have_written_to_is_in_the_way() {
    for strange in
        ["00000000000000000001.json", "_last_checkpoint", "00000000000000000000.checkpoint.parquet"]
    {
        for parquet in [false, true] {
            let place = place();
            let lake = place.lake();
            if parquet {
                done(&place.run(&[]));
                fs::create_dir(lake.join("step_trainer/curated/_delta_log")).unwrap();
            }
            let path = format!("step_trainer/curated/_delta_log/{strange}");
            fs::write(lake.join(&path), "{}\n").unwrap();
            let before = tree(&lake);
            for output in [go_on(&place, &[]), place.run(&DELTA), place.run(&[])] {
                refused(&output, 1, &["in the way", &path, "move it away, or choose another --out"]);
            }
            assert!(tree(&lake) == before);
            assert!(differences(&lake).contains(&("stray".to_owned(), path)));
        }
    }
}

/// Changes a file of the lake, and its hash in the report, so that only what it says is wrong.
fn forge(lake: &Path, path: &str, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(lake.join(path)).unwrap();
    let forged = change(text.clone());
    assert_ne!(forged, text);
    fs::write(lake.join(path), &forged).unwrap();
    let mut report = report(lake);
    let mut files = report["files"].as_array_mut().unwrap().iter_mut();
    let file = files.find(|file| file["path"] == path).unwrap();
    file["sha256"] = lake::sha256(forged.as_bytes()).into();
    fs::write(lake.join("report.json"), report.to_string()).unwrap();
}

#[test]
fn verify_holds_the_logs_against_the_report_and_the_files() {
    let place = place();
    done(&go_on(&place, &[]));
    let table = Table::StepTrainerTrusted;
    let (first, second) = (log_path(table, 0), log_path(table, 1));
    let forgeries: [(&str, &str, &str); 8] = [
        (&first, r#"numRecords\":6"#, r#"numRecords\":5"#),
        (&first, "\"minReaderVersion\":1", "\"minReaderVersion\":3"),
        (&first, "\"id\":\"", "\"id\":\"0"),
        (&second, "\"size\":", "\"size\":1"),
        (&second, "\"path\":\"part", "\"path\":\"../part"),
        (&second, "{\"remove\"", "{\"txn\""),
        (&second, r#"\"maxValues"#, r#"\"maxvalues"#),
        (&second, "}}\n", "}}\n{\"commitInfo\":{}}\n"),
    ];
    for (path, from, to) in forgeries {
        let copy = place.path("copy");
        copy_tree(&place.lake(), &copy);
        forge(&copy, path, |text| text.replacen(from, to, 1));
        assert_eq!(differences(&copy), [("log".to_owned(), path.to_owned())], "{from}");
        fs::remove_dir_all(&copy).unwrap();
    }
    // One version too many by the report, and one too few.
    for version in [2, 0] {
        let copy = place.path("copy");
        copy_tree(&place.lake(), &copy);
        let mut report = report(&copy);
        report["outputs"][3]["version"] = version.into();
        fs::write(copy.join("report.json"), report.to_string()).unwrap();
        let found = differences(&copy);
        assert!(!found.is_empty() && found.iter().all(|(code, _)| code == "log"), "{version}: {found:?}");
        fs::remove_dir_all(&copy).unwrap();
    }
    // An earlier version's file that is gone, or changed.
    let current = report(&place.lake())["outputs"][3]["file"].clone();
    let old = tree(&place.lake()).into_keys().find(|path| {
        path.starts_with(table.folder()) && path.ends_with(".parquet") && *path != current.as_str().unwrap()
    });
    let old = old.unwrap();
    fs::write(place.lake().join(&old), "PAR1").unwrap();
    let found = differences(&place.lake());
    assert!(
        found.contains(&("changed".to_owned(), old)) && found.contains(&("log".to_owned(), first)),
        "{found:?}"
    );
    refused(&go_on(&place, &[]), 1, &["its SHA-256 is not"]);
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

#[test]
fn what_does_not_go_with_it_is_refused_and_a_dry_run_says_what_would_be() {
    let place = Place::new();
    refused(
        &place.run(&["--format", "delta", "--export", "research"]),
        2,
        &["plain Parquet", "--format delta"],
    );
    assert!(!place.lake().exists());
    let dry_run = |more: &[&str]| {
        let output = place.run(&[&DELTA[..], &["--dry-run"], more].concat());
        done(&output);
        String::from_utf8(output.stdout).unwrap()
    };
    let told = dry_run(&[]);
    assert!(
        told.contains("customer/trusted/part-00000-….snappy.parquet")
            && told.contains("and a log of each table\n")
    );
    let output = place.run(&DELTA);
    done(&output);
    let said = said(&output) + &String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("step_trainer/curated") && !said.contains("part-00000."), "{said}");
    assert!(dry_run(&[]).contains("which starts afresh"));
    let lake = place.lake();
    assert!(dry_run(&["--from", text(&lake)]).contains("stay unless a row leaves"));
    // A lake beside it starts a log of its own.
    export(&place.path("more"), 2);
    let (more, other, key) = (place.path("more"), place.path("other"), place.path("key"));
    let call = ["run", text(&more), "--from", text(&lake), "--out", text(&other), "--key-file", text(&key)];
    done(&program(&[&call[..], &DELTA].concat()).output().unwrap());
    assert!(is_afresh(&other));
    verified(&other);
}
