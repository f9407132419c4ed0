//! What the page's worker relies on. Each browser_*.rs runs all of it in one kind of place.

use std::io::Write;

use js_sys::{Float64Array, JSON, Reflect, Uint8Array};
use serde_json::{Value, json};
use stedi_lakehouse::wasm::{
    Archive, Audit, Hasher, ReadAt, Reader, Run, Sample, compare, detect_file, head_bytes, is_hidden, peek,
    recognise, schema, version,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const CUSTOMERS: &str = r#"{"email":"a@test.com","serialNumber":"s1","shareWithResearchAsOfDate":10}
{"email":"b@test.com","serialNumber":"s2"}
"#;
const ACCELERATIONS: &str = r#"{"user":"a@test.com","timestamp":20,"x":1.0,"y":0.5,"z":-1.0}
{"user":"b@test.com","timestamp":20,"x":1.0,"y":0.5,"z":-1.0}
{"user":"a@test.com","timestamp":20,"x":"far"}
"#;
const STEPS: &str = r#"{"sensorReadingTime":20,"serialNumber":"s1","distanceFromObject":7}
{"sensorReadingTime":20,"serialNumber":"s2","distanceFromObject":7}
"#;
const LANDING: [&str; 3] = ["customer_landing", "accelerometer_landing", "step_trainer_landing"];
const SAVED: [&str; 5] = [
    "customer_trusted",
    "accelerometer_trusted",
    "customer_curated",
    "step_trainer_trusted",
    "machine_learning_curated",
];

#[wasm_bindgen_test]
fn a_run_in_small_chunks_by_two_readers_one_of_which_hands_its_readings_out() {
    let mut run = new_run();
    run.refuse("x.png".into(), 10.0, "not_json", "no JSON").unwrap();
    run.duplicate("b.json".into(), 10.0, "a.json".into()).unwrap();
    run.open("customers.json".into(), CUSTOMERS.len() as f64).unwrap();
    CUSTOMERS.as_bytes().chunks(7).for_each(|chunk| run.push(chunk).unwrap());
    run.close().unwrap();
    assert_eq!(to_rust(run.counts())["customer_landing"]["rows_out"], 2);
    run.consent().unwrap();

    let brief = run.brief().unwrap();
    let (mut one, mut other) = (Reader::new(&brief).unwrap(), Reader::new(&brief).unwrap());
    feed(&mut run, &mut one, "accelerometer_landing", ACCELERATIONS);
    feed(&mut run, &mut other, "step_trainer_landing", STEPS);
    assert!(other.size() > 0 && !other.has_spilled());
    let written = js_sys::Array::new();
    let write = Closure::<dyn Fn(Uint8Array)>::new({
        let written = written.clone();
        move |bytes: Uint8Array| {
            written.push(&bytes);
        }
    });
    other.spill(write.as_ref().unchecked_ref()).unwrap();
    assert!(other.size() == 0 && other.has_spilled());
    let written: Vec<u8> = written.iter().flat_map(|bytes| Uint8Array::new(&bytes).to_vec()).collect();
    run.absorb(&one.tallies().unwrap()).unwrap();
    run.absorb(&other.tallies().unwrap()).unwrap();

    let plan = run.settle().unwrap();
    let jobs = to_rust(run.jobs());
    let (mut one, other) = (one.curator(&plan).unwrap(), other.curator(&plan).unwrap());
    let mut bodies = Vec::new();
    let mut done = Vec::new();
    for job in 0..jobs.as_array().unwrap().len() {
        let spilled = other.slices(job).unwrap();
        let mut share = Uint8Array::new(&get(&spilled, "head")).to_vec();
        for slice in Float64Array::new(&get(&spilled, "slices")).to_vec().chunks(3) {
            share.extend_from_slice(&written[slice[1] as usize..slice[2] as usize]);
        }
        let shares = vec![Uint8Array::from(share.as_slice()), Uint8Array::from(other.share(job).as_slice())];
        let answer = one.work(job, shares).unwrap();
        bodies.push(Uint8Array::new(&get(&answer, "body")).to_vec());
        done.push(Uint8Array::new(&get(&answer, "done")));
    }
    run.finish(done).unwrap();

    let counts = to_rust(run.counts());
    assert_eq!(counts["accelerometer_trusted"]["filtered"], json!({"no_consent": 1}));
    for table in SAVED {
        assert_eq!(counts[table]["rows_out"], 1, "{table}");
        let output = run.output(table).unwrap();
        let mut file = Uint8Array::new(&get(&output, "head")).to_vec();
        for job in js_sys::Array::from(&get(&output, "jobs")) {
            file.extend_from_slice(&bodies[job.as_f64().unwrap() as usize]);
        }
        file.extend_from_slice(&Uint8Array::new(&get(&output, "tail")).to_vec());
        assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"), "{table}");
    }
    assert_eq!(code(run.output("customer_landing")), "bad_table");

    let report: Value = serde_json::from_str(&run.report().unwrap()).unwrap();
    assert_eq!(report["tables"], counts);
    assert_eq!(report["inputs"].as_array().unwrap().len(), 5);
    let rejects = to_rust(run.rejects());
    assert_eq!((&rejects[0]["line"], &rejects[0]["field"]), (&json!(3), &json!("x")));
    assert!(rejects[0]["text"].as_str().unwrap().contains("far"), "the page shows the text");
    assert!(!run.report().unwrap().contains("far"), "the report does not");
}

#[wasm_bindgen_test]
fn columns_and_landing_rows_are_shown() {
    let tables = to_rust(schema());
    assert_eq!(tables.as_array().unwrap().len(), 8);
    assert_eq!(tables[2]["columns"][0]["type"], "bigint");
    let seen = to_rust(peek("accelerometer_landing".into(), ACCELERATIONS.as_bytes(), 0.0, 1e9, true));
    assert_eq!(seen["rows"][1], json!({"offset": 62, "cells": ["b@test.com", "20", "1", "0.5", "-1"]}));
    assert_eq!((&seen["rejects"][0]["offset"], &seen["rejects"][0]["field"]), (&json!(124), &json!("x")));
    let end =
        to_rust(peek("accelerometer_landing".into(), &ACCELERATIONS.as_bytes()[61..], 62.0, 63.0, false));
    assert_eq!((end["rows"].as_array().unwrap().len(), &end["rejects"]), (1, &json!([])));
}

#[wasm_bindgen_test]
fn a_finished_run_is_told_and_compared() {
    let hashing = |mut hasher: Hasher, text: &str| {
        text.as_bytes().chunks(7).for_each(|chunk| hasher.push(chunk));
        hasher
    };
    let hash = hashing(Hasher::new(), CUSTOMERS).finish();
    let mut run = new_run();
    run.open("customer_landing.json".into(), CUSTOMERS.len() as f64).unwrap();
    run.push(CUSTOMERS.as_bytes()).unwrap();
    run.close().unwrap();
    run.consent().unwrap();
    let reader = Reader::new(&run.brief().unwrap()).unwrap();
    finish(&mut run, reader);
    let (old, reads) = (run.report().unwrap(), run.reads().unwrap());

    let audit = || {
        let mut audit = Audit::new(&old, &reads, "c".into(), hash.clone()).unwrap();
        let name = "customer_landing.json";
        let mut input = |text: &str| {
            let hasher = hashing(audit.hasher(name), text);
            audit.input(name.into(), CUSTOMERS.len() as f64, Some(hasher))
        };
        assert!(!input(&CUSTOMERS.to_uppercase()), "another content of the same size");
        assert!(input(CUSTOMERS));
        audit.output("machine_learning_curated", "m.parquet".into(), 4.0, hash.clone()).unwrap();
        assert_eq!(code(audit.output("none", "n.parquet".into(), 4.0, hash.clone())), "bad_argument");
        audit
    };
    let run_id = "01234567-89ab-4def-8123-456789abcdef";
    let files = audit().finish(run_id.into(), "2026-01-02T03:04:05Z".into()).unwrap();
    let [report, lineage, croissant]: [Value; 3] =
        [0, 1, 2].map(|at| serde_json::from_str(&files[at]).unwrap());
    assert_eq!(report["inputs"][0]["sha256"], hash.as_str());
    assert_eq!(lineage["run"]["runId"], run_id);
    assert_eq!(croissant["distribution"][0]["sha256"], hash.as_str());
    assert_eq!(code(audit().finish("1".into(), "now".into())), "bad_argument");

    let difference: Value = serde_json::from_str(&compare(&old, &files[0]).unwrap()).unwrap();
    assert_eq!(difference["tables"]["customer_landing"]["old"], 2);
    assert_eq!(code(compare("{}", &old)), "not_a_report");
}

#[wasm_bindgen_test]
fn an_archive_is_read_through_a_function() {
    let zip =
        zip_of(&[("export/a.json", CUSTOMERS), ("export/b.json", ACCELERATIONS), ("export/c.json", STEPS)]);
    let read_at = Closure::<dyn Fn(f64, f64) -> Uint8Array>::new({
        let zip = zip.clone();
        move |offset: f64, length: f64| Uint8Array::from(&zip[offset as usize..][..length as usize])
    });
    let read_at: ReadAt = read_at.into_js_value().unchecked_into();
    let mut archive = Archive::new(zip.len() as f64, read_at).unwrap();
    assert_eq!(to_rust(archive.entries())[1]["name"], "export/b.json");
    let seen = to_rust(archive.peek(0, "customer_landing".into(), 1000));
    assert_eq!(seen["rows"][1]["cells"][1], "b@test.com");
    for (index, table) in LANDING.into_iter().enumerate() {
        assert_eq!(to_rust(archive.recognise(index)), json!({"status": "table", "table": table}));
    }

    let mut run = new_run();
    run.entry(&mut archive, 0, "export.zip/a.json".into()).unwrap();
    run.consent().unwrap();
    let mut reader = Reader::new(&run.brief().unwrap()).unwrap();
    for (index, table) in LANDING.into_iter().enumerate().skip(1) {
        let told = reader.entry(&mut archive, index, table, table.into()).unwrap();
        run.decoded(table.into(), 1.0, table.into(), vec![Uint8Array::from(told.as_slice())]).unwrap();
    }
    finish(&mut run, reader);
    assert_eq!(to_rust(run.counts())["machine_learning_curated"]["rows_out"], 1);
}

#[wasm_bindgen_test]
fn an_error_has_a_code() {
    let options = |text| JSON::parse(text).unwrap();
    assert_eq!(code(Run::new(options(r#"{"consent":"perhaps"}"#), vec![1], "given".into())), "bad_options");
    assert_eq!(code(new_run().push(b"{}")), "out_of_turn");
    assert_eq!(code(new_run().settle()), "out_of_turn");
    assert_eq!(code(new_run().finish(Vec::new())), "out_of_turn");
    assert_eq!(code(Reader::new(b"no brief")), "exchange");
    let mut run = new_run();
    run.open("customers.json".into(), CUSTOMERS.len() as f64).unwrap();
    run.push(CUSTOMERS.as_bytes()).unwrap();
    run.close().unwrap();
    run.consent().unwrap();
    assert_eq!(code(run.open("late.json".into(), 1.0)), "out_of_turn");
    let mut reader = Reader::new(&run.brief().unwrap()).unwrap();
    assert_eq!(code(reader.open("a.json", "no_table".into(), 0.0, 0.0)), "bad_table");
    assert_eq!(code(run.absorb(b"no counts")), "exchange");
    feed(&mut run, &mut reader, "accelerometer_landing", ACCELERATIONS);
    run.absorb(&reader.tallies().unwrap()).unwrap();
    run.settle().unwrap();
    assert_eq!(code(run.finish(Vec::new())), "exchange", "a job is missing");
}

#[wasm_bindgen_test]
fn a_file_is_detected_from_as_much_of_it_as_that_takes() {
    let long = format!("{{\"a\":\"{}\"}}\n{STEPS}", "x".repeat(100_000));
    let read = std::rc::Rc::new(std::cell::Cell::new(0.0));
    let read_at = Closure::<dyn Fn(f64, f64) -> Uint8Array>::new({
        let (long, read) = (long.clone(), read.clone());
        move |offset: f64, length: f64| {
            read.set(read.get() + length);
            Uint8Array::from(&long.as_bytes()[offset as usize..][..length as usize])
        }
    });
    let read_at: ReadAt = read_at.into_js_value().unchecked_into();
    let detected = detect_file(long.as_bytes()[..head_bytes()].to_vec(), long.len() as f64, read_at).unwrap();
    assert_eq!(
        to_rust(Ok(get(&detected, "found"))),
        json!({"status": "table", "table": "step_trainer_landing"})
    );
    assert_eq!(Uint8Array::new(&get(&detected, "head")).to_vec(), long.as_bytes());
    assert_eq!(read.get() as usize, long.len() - head_bytes(), "what was at hand is not read again");
    let failing = Closure::<dyn Fn(f64, f64) -> Result<Uint8Array, JsValue>>::new(|_, _| {
        Err(js_sys::Error::new("it is gone").into())
    });
    let failed = detect_file(b"{\"a\":".to_vec(), 1e6, failing.into_js_value().unchecked_into());
    let error: js_sys::Error = failed.unwrap_err().unchecked_into();
    assert_eq!(
        (code::<()>(Err(error.clone().into())).as_str(), String::from(error.message())),
        ("unreadable", "it is gone".into())
    );
    assert!(is_hidden("a/.b/c.json") && !is_hidden("a/b.json"));
    let mut run = new_run();
    run.hide("export/.a.json".into(), 3.0).unwrap();
    run.empty_archive("b.zip".into(), 3.0).unwrap();
    run.consent().unwrap();
    let reader = Reader::new(&run.brief().unwrap()).unwrap();
    finish(&mut run, reader);
    let report: Value = serde_json::from_str(&run.report().unwrap()).unwrap();
    assert_eq!(
        (&report["inputs"][0]["reason"], &report["inputs"][1]["reason"]),
        (&json!("empty"), &json!("hidden"))
    );
}

#[wasm_bindgen_test]
fn a_file_is_recognised_by_its_content() {
    assert!(head_bytes() > 0 && !version().is_empty());
    assert_eq!(
        to_rust(recognise(STEPS.as_bytes(), true)),
        json!({"status": "table", "table": "step_trainer_landing"})
    );
    assert_eq!(to_rust(recognise(&zip_of(&[("a", STEPS)]), true)), json!({"status": "archive"}));
    assert_eq!(to_rust(recognise(b"\x89PNG\r\n\x1a\n", true))["status"], "refused");
}

#[wasm_bindgen_test]
fn the_sample_runs() {
    let mut run = new_run();
    let mut reader = None;
    let mut sample = Sample::new(0.01, true);
    loop {
        let file = sample.next_file().unwrap();
        if file.is_undefined() {
            break;
        }
        let bytes = Uint8Array::new(&get(&file, "bytes")).to_vec();
        let table = get(&recognise(&bytes, true).unwrap(), "table");
        let Some(table) = table.as_string() else {
            continue;
        };
        if table == "customer_landing" {
            run.open(table, bytes.len() as f64).unwrap();
            run.push(&bytes).unwrap();
            run.close().unwrap();
        } else {
            let reader = reader.get_or_insert_with(|| {
                run.consent().unwrap();
                Reader::new(&run.brief().unwrap()).unwrap()
            });
            feed(&mut run, reader, &table, str::from_utf8(&bytes).unwrap());
        }
    }
    finish(&mut run, reader.unwrap());
    assert!(to_rust(run.counts())["machine_learning_curated"]["rows_out"].as_u64() > Some(0));
}

fn new_run() -> Run {
    Run::new(JSON::parse("{}").unwrap(), b"a key".to_vec(), "given".into()).unwrap()
}

fn feed(run: &mut Run, reader: &mut Reader, table: &str, text: &str) {
    let name = format!("{table}.json");
    let file = reader.open(&name, table.into(), 0.0, 0.0).unwrap();
    for chunk in text.as_bytes().chunks(text.len().div_ceil(50)) {
        reader.push(file, chunk).unwrap();
    }
    let told = reader.close(file).unwrap();
    run.decoded(name, text.len() as f64, table.into(), vec![Uint8Array::from(told.as_slice())]).unwrap();
}

/// What a run of one reader does after reading.
fn finish(run: &mut Run, reader: Reader) {
    run.absorb(&reader.tallies().unwrap()).unwrap();
    let mut curator = reader.curator(&run.settle().unwrap()).unwrap();
    let jobs = to_rust(run.jobs()).as_array().unwrap().len();
    let counted = (0..jobs).map(|job| Uint8Array::from(curator.count(job, Vec::new()).unwrap().as_slice()));
    let counts = to_rust(run.counted(counted.collect()));
    let done = (0..jobs).map(|job| Uint8Array::new(&get(&curator.work(job, Vec::new()).unwrap(), "done")));
    run.finish(done.collect()).unwrap();
    assert_eq!(to_rust(run.counts()), counts);
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap()
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn to_rust(value: Result<JsValue, JsValue>) -> Value {
    let text = JSON::stringify(&value.unwrap()).unwrap();
    serde_json::from_str(&String::from(text)).unwrap()
}

fn code<T>(result: Result<T, JsValue>) -> String {
    let error = result.err().unwrap();
    assert!(error.has_type::<js_sys::Error>());
    Reflect::get(&error, &"code".into()).unwrap().as_string().unwrap()
}
