//! What the page's worker relies on. Each browser_*.rs runs all of it in one kind of place.

mod files;

use std::io::Write;

use js_sys::{Float64Array, JSON, Reflect, Uint8Array};
use serde_json::{Value, json};
use stedi_lakehouse::wasm::{
    Archive, Audit, Hasher, LakeTable, LandingView, ReadAt, Reader, Run, Sample, compare, detect_file,
    head_bytes, left_out, list_entries, pseudonyms, schema, skip_reason, subject_quality, version,
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
    // By time a job searches all step readings.
    for (options, searched) in [("{}", None), (r#"{"join":"time"}"#, Some("step_trainer"))] {
        run_by_two_readers(options, searched);
    }
}

fn run_by_two_readers(options: &str, searched: Option<&str>) {
    let options = JSON::parse(options).unwrap().unchecked_into();
    let mut run = Run::new(options, b"a key".to_vec(), js("given")).unwrap();
    run.refuse("x.png".into(), 10.0, "not_json", "no JSON", None).unwrap();
    run.duplicate("b.json".into(), 10.0, "a.json".into()).unwrap();
    let (mut one, mut other) = (Reader::new(), Reader::new());
    let (first, second) = CUSTOMERS.split_once('\n').unwrap();
    feed(&mut run, &mut one, "customer_landing", first);
    feed(&mut run, &mut other, "customer_landing", second);
    assert_eq!(to_rust(one.counts())["customer_landing"]["rows_out"], 1);
    assert_eq!(to_rust(run.counts())["customer_landing"]["rows_out"], 2);
    for reader in [&mut one, &mut other] {
        run.customers(&reader.customers(no_options()).unwrap()).unwrap();
    }
    run.consent().unwrap();
    let context = run.context().unwrap();
    one.admit(&context).unwrap();
    other.admit(&context).unwrap();
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
    run.merge(&one.counters().unwrap()).unwrap();
    run.merge(&other.counters().unwrap()).unwrap();

    let plan = run.plan_curation().unwrap();
    let jobs = to_rust(run.jobs());
    let (mut one, other) = (one.row_group_builder(&plan).unwrap(), other.row_group_builder(&plan).unwrap());
    let mut bodies = Vec::new();
    let mut done = Vec::new();
    for (job, planned) in jobs.as_array().unwrap().iter().enumerate() {
        if let Some(rows) = run.job_customers(job).unwrap() {
            let answer = one.customers(job, &rows).unwrap();
            bodies.push(Uint8Array::new(&get(&answer, "body")).to_vec());
            done.push(Uint8Array::new(&get(&answer, "done")));
            continue;
        }
        let spilled = other.slices(job).unwrap();
        let mut share = Uint8Array::new(&get(&spilled, "head")).to_vec();
        for slice in Float64Array::new(&get(&spilled, "slices")).to_vec().chunks(3) {
            share.extend_from_slice(&written[slice[1] as usize..slice[2] as usize]);
        }
        let shares = vec![Uint8Array::from(share.as_slice()), Uint8Array::from(other.share(job).as_slice())];
        one.gather(job, shares).unwrap();
        let sensor = other.all_partners(job);
        assert_eq!(sensor.as_deref(), searched.filter(|_| planned["table"] == "machine_learning_curated"));
        let found = other.partner_slices(job);
        assert_eq!(found.is_empty(), sensor.is_none());
        let before = one.gathered_bytes();
        for slice in found.chunks(3) {
            let rows = &written[slice[1] as usize..slice[2] as usize];
            one.take_partners(&[job as u32], rows).unwrap();
        }
        assert_eq!(one.gathered_bytes() > before, sensor.is_some());
        let answer = one.work(job).unwrap();
        bodies.push(Uint8Array::new(&get(&answer, "body")).to_vec());
        done.push(Uint8Array::new(&get(&answer, "done")));
    }
    run.finish(done).unwrap();
    assert_eq!(code(one.work(0)), "out_of_turn");
    assert_eq!(code(one.take_partners(&[0], &[])), "out_of_turn");

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
    assert_eq!(report["inputs"].as_array().unwrap().len(), 6);
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
    let landing = LandingView::new(None).unwrap();
    let readings = |bytes: &[u8], start: f64, end: f64, complete: bool| {
        to_rust(landing.peek(js("accelerometer_landing"), false, bytes, start, end, complete))
    };
    let seen = readings(ACCELERATIONS.as_bytes(), 0.0, 1e9, true);
    assert_eq!(seen["rows"][1], json!({"offset": 62, "cells": ["b@test.com", "20", "1", "0.5", "-1"]}));
    assert_eq!((&seen["rejects"][0]["offset"], &seen["rejects"][0]["field"]), (&json!(124), &json!("x")));
    let end = readings(&ACCELERATIONS.as_bytes()[61..], 62.0, 63.0, false);
    assert_eq!((end["rows"].as_array().unwrap().len(), &end["rejects"]), (1, &json!([])));
}

#[wasm_bindgen_test]
fn a_subject_is_profiled_by_columns_with_nan_for_what_is_missing() {
    let distances = [200.0, f64::NAN, -1.0];
    let measured = [distances, [0.5, 0.5, 0.5], [0.0, 1.0, 2.0], [999.0, 0.0, f64::NAN]].concat();
    let table = || js("machine_learning_curated");
    let quality = to_rust(subject_quality(table(), &[-3000, 0, 0], &measured));
    assert_eq!(
        quality,
        json!({
            "rows": 3, "span": 3, "rate": 0.333333, "gaps": 0, "repeated": 1, "out_of_range": 2, "constant": ["x"]
        })
    );
    let axes = [0.0, 1.0, 0.0, 2.0, 0.0, 3.0];
    let sensor = to_rust(subject_quality(js("accelerometer_trusted"), &[0, 20], &axes));
    assert_eq!((&sensor["rows"], &sensor["rate"]), (&json!(2), &json!(50)));
    assert_eq!(code(subject_quality(js("customer_trusted"), &[], &[])), "bad_argument");
}

#[wasm_bindgen_test]
fn people_are_called_as_the_research_table_calls_them() {
    // RFC 4231, test case 2, cut to 128 bits.
    let names = pseudonyms(vec!["what do ya want for nothing?".to_owned()], b"Jefe".to_vec());
    assert_eq!(names.unwrap(), ["5bdcc146bf60754e6a042426089575c7"]);
    assert_eq!(code(pseudonyms(Vec::new(), Vec::new())), "empty_key");
}

#[wasm_bindgen_test]
fn a_finished_run_is_told_and_compared() {
    let hashing = |mut hasher: Hasher, text: &str| {
        text.as_bytes().chunks(7).for_each(|chunk| hasher.push(chunk));
        hasher
    };
    let hash = hashing(Hasher::new(), CUSTOMERS).finish();
    let mut run = new_run();
    let reader = admitted(&mut run, CUSTOMERS);
    finish(&mut run, reader);
    let (old, reads) = (run.report().unwrap(), run.reads().unwrap());

    // Nobody has readings: it is a head and a tail.
    let tail = get(&run.output("machine_learning_curated").unwrap(), "tail");
    let tail = Uint8Array::new(&tail).to_vec();
    let footer = LakeTable::footer_bytes(&tail[tail.len() - 8..]).unwrap() as usize;
    let table = |name| LakeTable::new(name, tail[tail.len() - footer..].to_vec(), 4.0 + tail.len() as f64);
    assert_eq!(code(table("none")), "bad_argument");
    let table = table("machine_learning_curated").unwrap();

    let audit = || {
        let mut audit = Audit::new(&old, &reads, "c".into(), hash.clone()).unwrap();
        let name = "customer_landing.json";
        let mut input = |text: &str| {
            let hasher = hashing(audit.hasher(name), text);
            audit.input(name.into(), CUSTOMERS.len() as f64, Some(hasher))
        };
        assert!(!input(&CUSTOMERS.to_uppercase()), "another content of the same size");
        assert!(input(CUSTOMERS));
        audit.output(&table, "m.parquet".into(), 4.0, hash.clone());
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
fn an_error_has_a_code() {
    let options = |text| JSON::parse(text).unwrap().unchecked_into();
    assert_eq!(code(Run::new(options(r#"{"consent":"perhaps"}"#), vec![1], js("given"))), "bad_options");
    let times = options(r#"{"times":"shifted","identity":"serial"}"#);
    assert_eq!(code(Run::new(times, vec![1], js("given"))), "times_of_one");
    assert_eq!(code(new_run().customers(b"no customers")), "exchange");
    assert_eq!(code(new_run().plan_curation()), "out_of_turn");
    assert_eq!(code(new_run().finish(Vec::new())), "out_of_turn");
    assert_eq!(code(Reader::new().admit(b"no context")), "exchange");
    assert_eq!(code(Reader::new().counters()), "out_of_turn");
    let mut run = new_run();
    let mut reader = admitted(&mut run, CUSTOMERS);
    assert_eq!(code(reader.customers(no_options())), "out_of_turn");
    let late = Reader::new().customers(no_options()).unwrap();
    assert_eq!(code(run.customers(&late)), "out_of_turn");
    assert_eq!(code(reader.open("a.json", js("no_table"), 0.0, 0.0, false)), "bad_table");
    assert_eq!(code(run.merge(b"no counts")), "exchange");
    feed(&mut run, &mut reader, "accelerometer_landing", ACCELERATIONS);
    run.merge(&reader.counters().unwrap()).unwrap();
    run.plan_curation().unwrap();
    assert_eq!(code(run.finish(Vec::new())), "exchange", "a job is missing");
}

#[wasm_bindgen_test]
fn the_sample_runs() {
    let mut run = new_run();
    let mut reader = None;
    let mut sample = Sample::new(0.01, true);
    while let Some(file) = sample.next_file().unwrap() {
        let bytes = Uint8Array::new(&get(&file, "bytes")).to_vec();
        let Some(table) = detected(&bytes)["table"].as_str().map(str::to_owned) else {
            continue;
        };
        let text = str::from_utf8(&bytes).unwrap();
        match &mut reader {
            None => reader = Some(admitted(&mut run, text)),
            // A duplicate, and one that a host leaves out for its folder.
            Some(_) if table == "customer_landing" => {}
            Some(reader) => feed(&mut run, reader, &table, text),
        }
    }
    finish(&mut run, reader.unwrap());
    assert!(to_rust(run.counts())["machine_learning_curated"]["rows_out"].as_u64() > Some(0));
}

/// What a file is of which every byte is at hand.
fn detected(bytes: &[u8]) -> Value {
    let empty = Closure::<dyn Fn(f64, f64) -> Uint8Array>::new(|_, _| Uint8Array::new_with_length(0));
    let read_at: ReadAt = empty.into_js_value().unchecked_into();
    let found = detect_file(bytes.to_vec(), bytes.len() as f64, read_at).unwrap();
    to_rust(Ok(get(&found, "found")))
}

fn new_run() -> Run {
    Run::new(no_options(), b"a key".to_vec(), js("given")).unwrap()
}

fn no_options<T: JsCast>() -> T {
    JSON::parse("{}").unwrap().unchecked_into()
}

/// A text as a value of a type that is one of some texts.
fn js<T: JsCast>(text: &str) -> T {
    JsValue::from(text).unchecked_into()
}

/// A reader of readings, for a run of these customers.
fn admitted(run: &mut Run, customers: &str) -> Reader {
    let mut reader = Reader::new();
    feed(run, &mut reader, "customer_landing", customers);
    admit(run, &mut reader);
    reader
}

/// When all customers are read.
fn admit(run: &mut Run, reader: &mut Reader) {
    run.customers(&reader.customers(no_options()).unwrap()).unwrap();
    run.consent().unwrap();
    reader.admit(&run.context().unwrap()).unwrap();
}

fn feed(run: &mut Run, reader: &mut Reader, table: &str, text: &str) {
    let name = format!("{table}.json");
    let file = reader.open(&name, js(table), 0.0, 0.0, false).unwrap();
    for chunk in text.as_bytes().chunks(text.len().div_ceil(50)) {
        reader.push(file, chunk).unwrap();
    }
    let told = reader.close(file).unwrap();
    run.decoded(name, text.len() as f64, js(table), vec![Uint8Array::from(told.as_slice())]).unwrap();
}

/// What a run of one reader does after reading.
fn finish(run: &mut Run, reader: Reader) {
    run.merge(&reader.counters().unwrap()).unwrap();
    let mut builder = reader.row_group_builder(&run.plan_curation().unwrap()).unwrap();
    let jobs = 0..to_rust(run.jobs()).as_array().unwrap().len();
    let (customers, readings): (Vec<usize>, Vec<usize>) =
        jobs.partition(|&job| run.job_customers(job).unwrap().is_some());
    let counted = readings.iter().map(|&job| {
        builder.gather(job, Vec::new()).unwrap();
        Uint8Array::from(builder.count(job).unwrap().as_slice())
    });
    let counts = to_rust(run.counted(counted.collect()));
    let mut done: Vec<_> = readings.iter().map(|&job| builder.work(job).unwrap()).collect();
    for job in customers {
        let rows = run.job_customers(job).unwrap().unwrap();
        done.push(builder.customers(job, &rows).unwrap());
    }
    run.finish(done.iter().map(|done| Uint8Array::new(&get(done, "done"))).collect()).unwrap();
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

fn to_rust<T: Into<JsValue>>(value: Result<T, JsValue>) -> Value {
    let value: JsValue = value.unwrap().into();
    let text = JSON::stringify(&value).unwrap();
    serde_json::from_str(&String::from(text)).unwrap()
}

fn code<T>(result: Result<T, JsValue>) -> String {
    let error = result.err().unwrap();
    assert!(error.has_type::<js_sys::Error>());
    Reflect::get(&error, &"code".into()).unwrap().as_string().unwrap()
}
