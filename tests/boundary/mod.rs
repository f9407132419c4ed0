//! What the page's worker relies on. Each browser_*.rs runs all of it in one kind of place.

use std::io::Write;

use js_sys::{Function, JSON, Reflect, Uint8Array};
use serde_json::{Value, json};
use stedi_lakehouse::wasm::{Archive, Audit, Hasher, Run, Sample, compare, head_bytes, recognise, version};
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
const SAVED: [&str; 5] = [
    "customer_trusted",
    "accelerometer_trusted",
    "customer_curated",
    "step_trainer_trusted",
    "machine_learning_curated",
];

#[wasm_bindgen_test]
fn a_run_in_small_chunks() {
    let mut run = new_run();
    feed(&mut run, "customer_landing", CUSTOMERS);
    assert_eq!(to_rust(run.counts())["customer_landing"]["rows_out"], 2);
    run.consent().unwrap();
    feed(&mut run, "accelerometer_landing", ACCELERATIONS);
    feed(&mut run, "step_trainer_landing", STEPS);
    run.refuse("x.png".into(), 10.0, "not_json", "no JSON").unwrap();
    run.duplicate("b.json".into(), 10.0, "a.json".into()).unwrap();
    run.curate().unwrap();

    let counts = to_rust(run.counts());
    assert_eq!(counts["accelerometer_trusted"]["filtered"], json!({"no_consent": 1}));
    for table in SAVED {
        assert_eq!(counts[table]["rows_out"], 1, "{table}");
        let bytes = run.take(table).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{table}");
    }
    assert_eq!(code(run.take("customer_trusted")), "bad_table", "a table is taken once");

    let report: Value = serde_json::from_str(&run.report().unwrap()).unwrap();
    assert_eq!(report["tables"], counts);
    assert_eq!(report["inputs"].as_array().unwrap().len(), 5);
    let rejects = to_rust(run.rejects());
    assert_eq!((&rejects[0]["line"], &rejects[0]["field"]), (&json!(3), &json!("x")));
    assert!(rejects[0]["text"].as_str().unwrap().contains("far"), "the page shows the text");
    assert!(!run.report().unwrap().contains("far"), "the report does not");
}

#[wasm_bindgen_test]
fn a_finished_run_is_told_and_compared() {
    let mut hasher = Hasher::new();
    CUSTOMERS.as_bytes().chunks(7).for_each(|chunk| hasher.push(chunk));
    let hash = hasher.finish();
    let mut run = new_run();
    feed(&mut run, "customer_landing", CUSTOMERS);
    run.consent().unwrap();
    run.curate().unwrap();
    let old = run.report().unwrap();

    let audit = || {
        let mut audit = Audit::new(&old, "c".into(), hash.clone()).unwrap();
        audit.input("customer_landing.json".into(), CUSTOMERS.len() as f64, Some(hash.clone()));
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
    let read_at: Function = read_at.into_js_value().unchecked_into();
    let mut archive = Archive::new(zip.len() as f64, read_at).unwrap();
    assert_eq!(to_rust(archive.entries())[1]["name"], "export/b.json");

    let mut run = new_run();
    for (index, table) in
        ["customer_landing", "accelerometer_landing", "step_trainer_landing"].into_iter().enumerate()
    {
        assert_eq!(to_rust(archive.recognise(index)), json!({"status": "table", "table": table}));
        run.entry(&mut archive, index, format!("export.zip/{index}"), table.into()).unwrap();
        if index == 0 {
            run.consent().unwrap();
        }
    }
    run.curate().unwrap();
    assert_eq!(to_rust(run.counts())["machine_learning_curated"]["rows_out"], 1);
}

#[wasm_bindgen_test]
fn an_error_has_a_code() {
    let options = |text| JSON::parse(text).unwrap();
    assert_eq!(code(Run::new(options(r#"{"consent":"perhaps"}"#), vec![1], "given".into())), "bad_options");
    assert_eq!(code(new_run().push(b"{}")), "out_of_turn");
    assert_eq!(code(new_run().curate()), "out_of_turn");
    assert_eq!(code(new_run().open("a.json".into(), 1.0, "step_trainer_landing".into())), "out_of_turn");
    assert_eq!(code(new_run().open("a.json".into(), 1.0, "no_table".into())), "bad_table");
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
    let (mut consented, mut files) = (false, 0);
    let mut sample = Sample::new(0.01, true);
    loop {
        let file = sample.next_file().unwrap();
        if file.is_undefined() {
            break;
        }
        let get = |key: &str| Reflect::get(&file, &key.into()).unwrap();
        let bytes = Uint8Array::new(&get("bytes")).to_vec();
        let table = Reflect::get(&recognise(&bytes, true).unwrap(), &"table".into()).unwrap();
        if table.is_undefined() {
            continue;
        }
        if !consented && table != "customer_landing" {
            run.consent().unwrap();
            consented = true;
        }
        run.open(get("name").as_string().unwrap(), bytes.len() as f64, table).unwrap();
        run.push(&bytes).unwrap();
        run.close().unwrap();
        files += 1;
    }
    run.curate().unwrap();
    assert!(files >= 3);
    assert!(to_rust(run.counts())["machine_learning_curated"]["rows_out"].as_u64() > Some(0));
}

fn new_run() -> Run {
    Run::new(JSON::parse("{}").unwrap(), b"a key".to_vec(), "given".into()).unwrap()
}

fn feed(run: &mut Run, table: &str, text: &str) {
    run.open(format!("{table}.json"), text.len() as f64, table.into()).unwrap();
    for chunk in text.as_bytes().chunks(7) {
        run.push(chunk).unwrap();
    }
    run.close().unwrap();
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
