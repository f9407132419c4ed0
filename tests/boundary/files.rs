//! Files as they come: archives, detection, several tables in one.

use super::*;

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
    let view = LandingView::new(None).unwrap();
    let seen = to_rust(view.peek_entry(&mut archive, 0, js("customer_landing"), false, 1000));
    assert_eq!(seen["rows"][1]["cells"][1], "b@test.com");
    for (index, table) in LANDING.into_iter().enumerate() {
        assert_eq!(to_rust(archive.detect(index)), json!({"status": "table", "table": table}));
    }

    // Pulled by the core, or pushed by the page.
    for push in [false, true] {
        let packed = |archive: &mut Archive, index| {
            let packed = archive.packed(index).unwrap();
            let bytes = zip[packed.start() as usize..packed.end() as usize].to_vec();
            (packed, bytes)
        };
        let (mut run, mut reader) = (new_run(), Reader::new());
        for (index, table) in LANDING.into_iter().enumerate() {
            let told = if push {
                let (entry, bytes) = packed(&mut archive, index);
                let number = reader.open_entry(entry, table, js(table), false).unwrap();
                reader.push(number, &bytes).unwrap();
                reader.close(number).unwrap()
            } else {
                reader.entry(&mut archive, index, table, js(table), false).unwrap()
            };
            run.decoded(table.into(), 1.0, js(table), vec![Uint8Array::from(told.as_slice())]).unwrap();
            if index == 0 {
                admit(&mut run, &mut reader);
            }
        }
        finish(&mut run, reader);
        assert_eq!(to_rust(run.counts())["machine_learning_curated"]["rows_out"], 1);
    }
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
    let error: js_sys::Error = failed.err().unwrap().unchecked_into();
    assert_eq!(
        (code::<()>(Err(error.clone().into())).as_str(), String::from(error.message())),
        ("unreadable", "it is gone".into())
    );
    assert_eq!(skip_reason("a/.b/c.json", 3.0).as_deref(), Some("hidden"));
    assert_eq!(skip_reason("a/b.json", 3.0), None);
    let left = |paths: &[&str]| left_out(paths.iter().map(|&path| path.to_owned()).collect());
    assert_eq!(left(&["trusted/a.json", "b.json"]), None, "there are no landing files");
    assert_eq!(left(&["landing/a.json", "b.json"]), Some(vec![]));
    let paths = ["trusted/a.json", "a/landing/b.json", "c.json", "a/landing/curated/d.json"];
    assert_eq!(left(&paths), Some(vec![0, 3]));
    let mut run = new_run();
    run.skip("export/.a.json".into(), 3.0, ".a.json").unwrap();
    run.leave_out("in/trusted/c.json".into(), 3.0, "trusted/c.json").unwrap();
    run.empty_archive("b.zip".into(), 3.0).unwrap();
    let mut reader = Reader::new();
    admit(&mut run, &mut reader);
    finish(&mut run, reader);
    let report: Value = serde_json::from_str(&run.report().unwrap()).unwrap();
    let said = report["inputs"].as_array().unwrap().iter();
    let said: Vec<_> = said.map(|input| (&input["status"], &input["reason"])).collect();
    assert_eq!(
        said,
        [
            (&json!("refused"), &json!("empty")),
            (&json!("skipped"), &json!("hidden")),
            (&json!("left_out"), &json!("trusted")),
        ]
    );
}

#[wasm_bindgen_test]
fn a_file_of_several_tables_is_read_once_for_each() {
    let all = format!("{CUSTOMERS}{{\"id\":1}}\n{ACCELERATIONS}");
    assert_eq!(detected(all.as_bytes()), json!({"status": "several"}));
    let (mut run, mut reader) = (new_run(), Reader::new());
    for table in &LANDING {
        let file = reader.open("all.json", js(table), 0.0, 0.0, true).unwrap();
        reader.push(file, all.as_bytes()).unwrap();
        let told = reader.close(file).unwrap();
        let parts = vec![Uint8Array::from(told.as_slice())];
        run.decoded("all.json".into(), all.len() as f64, js(table), parts).unwrap();
        if *table == "customer_landing" {
            admit(&mut run, &mut reader);
        }
    }
    finish(&mut run, reader);
    let report: Value = serde_json::from_str(&run.report().unwrap()).unwrap();
    let inputs = report["inputs"].as_array().unwrap().iter();
    let counts: Vec<_> =
        inputs.map(|input| json!([input["table"], input["records"], input["rejected"]])).collect();
    // Nothing is said of steps, of which there are none.
    assert_eq!(counts, [json!(["customer_landing", 2, 1]), json!(["accelerometer_landing", 2, 1])]);
    let view = LandingView::new(Some(run.outcomes().unwrap())).unwrap();
    let customers = to_rust(view.peek(js("customer_landing"), true, all.as_bytes(), 0.0, 1e9, true));
    let outcomes: Vec<_> = customers["rows"].as_array().unwrap().iter().map(|row| &row["outcome"]).collect();
    assert_eq!(outcomes, ["consents", "no_date"]);
    let seen = to_rust(view.peek(js("accelerometer_landing"), true, all.as_bytes(), 0.0, 1e9, true));
    assert!(seen["rows"][0].get("outcome").is_none());
    assert_eq!((seen["rows"].as_array().unwrap().len(), seen["rejects"].as_array().unwrap().len()), (2, 1));
}

#[wasm_bindgen_test]
fn a_file_is_detected_by_its_content() {
    assert!(head_bytes() > 0 && !version().is_empty());
    assert_eq!(list_entries("name,email\nAnn,a@test.com\n,\nBen,b@test.com\n"), 2);
    assert_eq!(detected(STEPS.as_bytes()), json!({"status": "table", "table": "step_trainer_landing"}));
    assert_eq!(detected(&zip_of(&[("a", STEPS)])), json!({"status": "archive"}));
    assert_eq!(detected(b"\x89PNG\r\n\x1a\n")["status"], "refused");
}
