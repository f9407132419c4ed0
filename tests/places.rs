//! What the program does not write over, and where no input may lie.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::process::Command;

use lake::{Place, assert_whole, call, done, refused, said, text, tree};
use serde_json::Value;

const SAMPLE: [&str; 3] = ["customer", "accelerometer", "step_trainer"];

#[test]
fn a_sample_is_written_where_nothing_is() {
    let place = Place::new();
    let out = place.path("made");
    let sample = |scale: &str| call(&["sample", "--scale", scale, "--out", text(&out)]);
    fs::create_dir_all(out.join("customer")).unwrap();
    fs::write(out.join("mine.txt"), "mine").unwrap();
    done(&sample("0.001"));
    let before = tree(&out);
    assert!(SAMPLE.iter().all(|top| before.keys().any(|path| path.starts_with(&format!("{top}/landing/")))));
    assert_eq!(before.len(), 4, "no file is left over: {:?}", before.keys());
    // A smaller one would leave files of the first.
    refused(&sample("0.002"), 1, &["in the way", "made/customer", "made/accelerometer", "made/step_trainer"]);
    assert!(tree(&out) == before);
    // The landing files of a lake, and a file in the place of a folder.
    done(&place.run(&["--with-landing"]));
    let lake = tree(&place.lake());
    refused(&call(&["sample", "--out", text(&place.lake())]), 1, &["in the way", "lake/customer"]);
    assert!(tree(&place.lake()) == lake);
    fs::remove_dir_all(&out).unwrap();
    fs::create_dir(&out).unwrap();
    fs::write(out.join("step_trainer"), "mine").unwrap();
    refused(&sample("0.001"), 1, &["in the way", "made/step_trainer"]);
    assert_eq!(tree(&out).len(), 1);
}

/// The customers fit below the limit on a file's size, the readings do not.
#[test]
fn a_sample_that_cannot_be_written_whole_is_not_there() {
    let place = Place::new();
    let out = place.path("made");
    let program = env!("CARGO_BIN_EXE_stedi-lakehouse");
    let limited = |limit: &str| {
        let script = format!("ulimit -f {limit}; exec \"$0\" sample --scale 0.1 --out \"$1\"");
        Command::new("sh").args(["-c", &script, program, text(&out)]).output().unwrap()
    };
    assert!(!limited("200").status.success());
    assert!(SAMPLE.iter().all(|top| !out.join(top).exists()), "{:?}", tree(&out).keys());
    done(&limited("unlimited"));
    assert!(fs::metadata(out.join("customer/landing/customer-000.json")).unwrap().len() < 100 * 512);
}

#[test]
fn a_second_report_replaces_an_earlier_one_and_nothing_else() {
    let place = Place::new();
    done(&place.run(&[]));
    let (other, report) = (place.path("other"), place.path("report.json"));
    fs::rename(place.lake(), &other).unwrap();
    fs::write(place.path("notes.json"), "{}").unwrap();
    let before = tree(&place.path(""));
    for (path, why) in [
        ("other/report.json", "is the report of another lake"),
        ("other", "is a folder"),
        ("notes.json", "is not a report of this program"),
        ("notes.json/report.json", "lies below a file"),
    ] {
        refused(&place.run(&["--report", text(&place.path(path))]), 2, &[path, why]);
        assert!(tree(&place.path("")) == before, "{path}: nothing is written");
    }
    assert_whole(&other, "the other lake");
    for _ in 0..2 {
        done(&place.run(&["--report", text(&report)]));
        assert!(fs::read(&report).unwrap() == fs::read(place.lake().join("report.json")).unwrap());
    }
    // A report that was copied away from its lake stands alone.
    fs::copy(other.join("report.json"), &report).unwrap();
    done(&place.run(&["--report", text(&report)]));
    let output = place.run(&["--report", "-"]);
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed["tables"]["customer_trusted"]["rows_out"], 2);
    assert!(said(&output).contains("customer_trusted"), "the counts: {}", said(&output));
    assert!(!fs::exists("-").unwrap());
}

#[test]
fn no_input_may_lie_where_only_the_lakes_own_files_may_be() {
    let place = Place::new();
    done(&place.run(&[]));
    let list = "lake/customer/landing/list.txt";
    for (path, from) in [
        ("lake/customer/curated/c.json", "export/c.json"),
        ("lake/step_trainer/curated/deep/a.json", "export/a.json"),
        (list, "export/c.json"),
    ] {
        let at = place.path(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::copy(place.path(from), &at).unwrap();
        let before = tree(&place.path(""));
        let (inputs, more) = match path == list {
            true => (vec!["export"], vec!["--withdrawals", text(&at)]),
            false => (vec!["export", path], vec![]),
        };
        refused(&place.run_from(&inputs, &more), 2, &[path, "move it elsewhere"]);
        assert!(tree(&place.path("")) == before);
        fs::remove_file(&at).unwrap();
    }
    done(&place.run(&[]));
}
