//! Tables in the format of Delta Lake: what of a lake is ours to replace, what is refused, and what `verify` says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "lake/delta.rs"]
mod delta;
mod lake;

use std::fs;
use std::path::Path;

use delta::{DELTA, differences, go_on, go_on_with, is_afresh, log_path, place, verified, versions};
use lake::{Place, assert_whole, copy_tree, done, export, program, refused, report, said, text, tree};
use stedi_lakehouse::schema::Table;

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
