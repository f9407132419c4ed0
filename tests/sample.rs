//! The made-up exports as the program writes them, in each of their shapes.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;

use lake::{Place, call, done, refused, text, tree};
use serde_json::Value;

#[test]
fn the_shape_of_the_original_is_run_as_it_is() {
    let place = Place::new();
    done(&call(&["sample", "--shape", "original", "--scale", "0.01", "--out", text(&place.path("old"))]));
    let files = tree(&place.path("old"));
    assert_eq!(files.len(), 8 + 1 + 1, "{:?}", files.keys());
    done(&place.run_from(&["old"], &["--strict"]));
    let report = fs::read(place.lake().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let rows = |table: &str| report["tables"][table]["rows_out"].as_u64().unwrap();
    assert_eq!(rows("customer_landing"), 7587);
    assert_eq!((rows("accelerometer_landing"), rows("step_trainer_landing")), (7444, 2398));
    // Each person's record is there hundreds of times, and each reading once.
    assert!(rows("customer_trusted") > 700 && rows("machine_learning_curated") > 0);
    assert!(rows("accelerometer_trusted") <= 7444 && rows("machine_learning_curated") <= 7444);
}

#[test]
fn the_sample_is_of_the_size_it_says() {
    let place = Place::new();
    done(&call(&["sample", "--scale", "1", "--out", text(&place.path("sample"))]));
    done(&place.run_from(&["sample"], &[]));
    let report = fs::read(place.lake().join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let rows = |table: &str| report["tables"][table]["rows_out"].as_u64().unwrap();
    assert_eq!(rows("customer_landing"), 999);
    assert_eq!((rows("accelerometer_landing"), rows("step_trainer_landing")), (744_413, 239_760));
    assert!(rows("machine_learning_curated") >= 350_000);
    assert_eq!(report["rejects_total"], 0);
    assert_eq!(report["warnings"].as_array().unwrap().len(), 0);
}

#[test]
fn the_plain_shape_is_the_default_and_a_shape_has_no_other_kind() {
    let place = Place::new();
    let made = |out: &str, more: &[&str]| {
        let out = place.path(out);
        call(&[&["sample", "--scale", "0.001", "--out", text(&out)][..], more].concat())
    };
    done(&made("one", &[]));
    done(&made("other", &["--shape", "plain"]));
    assert!(tree(&place.path("one")) == tree(&place.path("other")));
    for other in ["--defects", "--steps"] {
        refused(&made("none", &["--shape", "original", other]), 2, &["--shape", other]);
    }
    assert!(!place.path("none").exists());
}
