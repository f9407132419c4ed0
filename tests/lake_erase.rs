//! `erase` on a disk: what stays, what is refused, and what the evidence says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod lake;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use arrow::array::AsArray;
use lake::{Place, assert_whole, call, done, named, refused, report, said, sha256, text, tree};
use serde_json::{Value, json};
use stedi_lakehouse::lake::TableFile;
use stedi_lakehouse::schema::{Table, machine_learning};

const CURATED: &str = "step_trainer/curated/part-00000.snappy.parquet";
const PERSON: &str = "p1@example.com";

fn place(more: &[&str]) -> Place {
    let place = Place::new();
    fs::write(place.path("list"), "P1@Example.com\nnobody@example.com\n").unwrap();
    done(&place.run(more));
    place
}

fn erase(place: &Place, more: &[&str]) -> Output {
    let (lake, list) = (place.lake(), place.path("list"));
    call(&[&["erase", text(&lake), "--withdrawals", text(&list)], more].concat())
}

fn erase_by_key(place: &Place, more: &[&str]) -> Output {
    let key = place.path("key");
    erase(place, &[&["--key-file", text(&key)], more].concat())
}

fn evidence(lake: &Path) -> Value {
    serde_json::from_slice(&fs::read(lake.join("erasure.json")).unwrap()).unwrap()
}

/// Everyone's pseudonym.
fn subjects(lake: &Path) -> BTreeSet<String> {
    let open = || File::open(lake.join(CURATED)).unwrap();
    let file = TableFile::open(Table::MachineLearningCurated, &open()).unwrap();
    let mut subjects = BTreeSet::new();
    for group in 0..file.row_groups() {
        file.read(open(), group, |batch| {
            let column = batch.column(machine_learning::SUBJECT).as_string::<i32>();
            subjects.extend(column.iter().flatten().map(str::to_owned));
            Ok(())
        })
        .unwrap();
    }
    subjects
}

/// Whether any byte of a file, or its name, has the person.
fn is_anywhere(lake: &Path) -> bool {
    let has =
        |bytes: &[u8]| bytes.windows(PERSON.len()).any(|part| part.eq_ignore_ascii_case(PERSON.as_bytes()));
    tree(lake).iter().any(|(path, content)| has(path.as_bytes()) || has(content))
}

#[test]
fn a_lake_is_that_of_a_run_with_the_list_and_says_so() {
    for more in [&[][..], &["--identity", "serial"], &["--consent", "as-of", "--records", "latest"]] {
        let place = place(more);
        let lake = place.lake();
        let before = report(&lake);
        assert!(is_anywhere(&lake));
        let output = erase_by_key(&place, &[]);
        done(&output);
        assert!(said(&output).contains("nothing matches line 2"), "{}", said(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains("1 of the 2 entries") && !printed.contains("p1@"), "{printed}");
        assert_whole(&lake, "after erasing");
        assert!(!is_anywhere(&lake));
        assert_eq!(call(&["verify", text(&lake)]).status.code(), Some(0));
        let after = report(&lake);
        assert_eq!(after["options"]["withdrawals"], 2);
        assert_eq!(after["inputs"], before["inputs"]);
        assert_eq!(before["people"], json!({"admitted": 2, "left_out": 0}));
        assert_eq!(after["people"], json!({"admitted": 1, "left_out": 1}));
        let trusted = &after["tables"]["accelerometer_trusted"];
        // As of their consent one reading of each was left out before, under its own rule.
        let as_of = more.contains(&"as-of");
        let filtered =
            if as_of { json!({"withdrawn": 2, "before_consent": 2}) } else { json!({"withdrawn": 3}) };
        assert_eq!((&trusted["rows_in"], &trusted["filtered"]), (&json!(6), &filtered));

        let found = evidence(&lake);
        let [only] = found["erasures"].as_array().unwrap().as_slice() else { panic!("one erasure") };
        assert_eq!(
            (&only["asked"], &only["matched"], &only["matches_left"]),
            (&json!(2), &json!(1), &json!(0))
        );
        let table = &only["tables"]["machine_learning_curated"];
        let rows = ["rows_before", "rows_after", "removed"].map(|name| table[name].as_u64().unwrap());
        assert_eq!(rows, if as_of { [4, 2, 2] } else { [6, 3, 3] });
        let hash = |report: &Value| report["outputs"][4]["sha256"].clone();
        assert_eq!((&table["sha256_before"], &table["sha256_after"]), (&hash(&before), &hash(&after)));
        assert_eq!(only["searched"]["files"].as_u64(), Some(tree(&lake).len() as u64));
        // An email and a serial number in each table of customers, and a name in each reading and pair.
        assert_eq!(only["searched"]["values"], if as_of { 10 } else { 13 });
        assert!(only["not_reached"].as_array().unwrap().len() > 3);
        assert_eq!(only["commitment"].as_str().map(str::len), Some(64));

        // The tables are those of a run over all files with the list.
        let erased: Vec<_> = tree(&lake).into_iter().filter(|(path, _)| path.ends_with(".parquet")).collect();
        let list = place.path("list");
        done(&place.run(&[more, &["--withdrawals", text(&list)]].concat()));
        let whole: Vec<_> = tree(&lake).into_iter().filter(|(path, _)| path.ends_with(".parquet")).collect();
        assert!(erased == whole, "{more:?}");
        assert_eq!(report(&lake)["people"], after["people"]);
    }
}

#[test]
fn who_was_erased_once_stays_in_the_evidence_and_out_of_the_history() {
    let place = place(&[]);
    done(&erase_by_key(&place, &[]));
    fs::write(place.path("list"), "serial-0").unwrap();
    done(&erase_by_key(&place, &[]));
    let found = evidence(&place.lake());
    assert_eq!(found["erasures"].as_array().unwrap().len(), 2);
    assert_ne!(found["erasures"][0]["commitment"], found["erasures"][1]["commitment"]);
    assert_eq!(report(&place.lake())["options"]["withdrawals"], 3);
    let history: Value =
        serde_json::from_slice(&fs::read(place.lake().join("history.json")).unwrap()).unwrap();
    let made: Vec<_> =
        history["versions"].as_array().unwrap().iter().map(|version| &version["made"]).collect();
    assert_eq!(made, ["run", "erased", "erased"]);
    assert_eq!(history["versions"][1]["rows"]["customer_trusted"], 1);
    assert!(!history.to_string().contains("c.json") && !history.to_string().contains("example.com"));
    assert!(history["versions"].as_array().unwrap().iter().all(|version| version["time"].is_string()));
    // Going on keeps both.
    let key = place.path("key");
    let (lake, export) = (place.lake(), place.path("export"));
    let go_on = ["run", text(&export), "--from", text(&lake), "--out", text(&lake), "--key-file", text(&key)];
    // Both people are gone, and their readings are known: without a new one it is no lake.
    refused(&call(&go_on), 1, &["--allow-missing"]);
    let output = call(&[&go_on[..], &["--allow-missing"]].concat());
    done(&output);
    assert!(said(&output).contains("warning: erased_before: 2 entries"), "{}", said(&output));
    assert_eq!(evidence(&lake), found);
    let history = fs::read_to_string(lake.join("history.json")).unwrap();
    assert!(history.contains("gone_on"), "{history}");
    assert_whole(&lake, "gone on");
}

#[test]
fn a_run_that_does_not_go_on_says_that_erased_people_come_again() {
    let place = place(&[]);
    done(&erase_by_key(&place, &[]));
    let (evidence, list) = (place.lake().join("erasure.json"), place.path("list"));
    let dry = place.run(&["--dry-run"]);
    let listed = place.run(&["--dry-run", "--withdrawals", text(&list)]);
    assert!(evidence.exists());
    let run = place.run(&[]);
    assert!(!evidence.exists());
    for output in [&dry, &listed, &run] {
        done(output);
        for part in [
            "warning: erased_before: 1 entries of a list were erased from the lake in ",
            "erasure.json and history.json of the old one are removed",
        ] {
            assert!(said(output).contains(part), "{part}: {}", said(output));
        }
    }
    let same_list = "give the same list by --withdrawals";
    assert_eq!([&dry, &listed, &run].map(|output| said(output).contains(same_list)), [true, false, true]);
    assert!(!said(&place.run(&[])).contains("erased_before"), "nobody was erased from the new lake");
}

#[test]
fn names_of_inputs_that_name_the_person_are_replaced() {
    let place = Place::new();
    for (from, to) in
        [("c.json", "of P1@example.com/c.json"), ("a.json", "p1@example.com.json"), ("s.json", "s.json")]
    {
        let to = place.path("in").join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(place.path("export").join(from), to).unwrap();
    }
    fs::write(
        place.path("in/of P1@example.com/bad.json"),
        "{\"email\":\"p0@example.com\",\"serialNumber\":}\n",
    )
    .unwrap();
    fs::write(place.path("list"), PERSON).unwrap();
    done(&place.run_from(&["in"], &["--creator", PERSON, "--license", "MIT"]));
    done(&erase_by_key(&place, &[]));
    assert!(!is_anywhere(&place.lake()));
    let found = report(&place.lake());
    let names: Vec<_> =
        found["inputs"].as_array().unwrap().iter().map(|input| input["name"].as_str().unwrap()).collect();
    assert!(names.iter().filter(|name| name.starts_with("erased name ")).count() >= 2, "{names:?}");
    assert!(found["inputs"].as_array().unwrap().iter().all(|input| input["sha256"].is_string()));
    assert_eq!(
        evidence(&place.lake())["erasures"][0]["names_replaced"].as_u64().map(|names| names >= 3),
        Some(true)
    );
    let croissant = fs::read_to_string(place.lake().join("croissant.json")).unwrap();
    assert!(croissant.contains("\"MIT\""), "{croissant}");
    assert_whole(&place.lake(), "names replaced");
}

#[test]
fn without_the_key_it_is_refused_or_everyone_gets_another_pseudonym() {
    let place = place(&[]);
    let before = tree(&place.lake());
    let subjects_before = subjects(&place.lake());
    fs::write(place.path("other"), "other").unwrap();
    let (other, saved) = (place.path("other"), place.path("saved"));
    for more in [&[][..], &["--key-file", text(&other)]] {
        refused(&erase(&place, more), 2, &["nothing is erased", "check value", "--key-file", "--new-key"]);
    }
    assert!(tree(&place.lake()) == before);
    done(&erase(&place, &["--new-key", "--save-key", text(&saved)]));
    let found = evidence(&place.lake());
    assert_eq!(found["erasures"][0]["key"], "new");
    assert!(found["erasures"][0]["commitment"].is_string());
    let after = subjects(&place.lake());
    assert!(!after.is_empty() && after.is_disjoint(&subjects_before), "{after:?}");
    // What that breaks is said.
    let help = call(&["erase", "--help"]);
    assert!(String::from_utf8_lossy(&help.stdout).contains("linked to it then"));
    // The saved key is the lake's now.
    fs::write(place.path("list"), "p0@example.com").unwrap();
    done(&erase(&place, &["--key-file", text(&saved)]));
    // Nobody has the key of this one, so nobody could check a commitment.
    let place = self::place(&[]);
    done(&erase(&place, &["--new-key"]));
    assert_eq!(evidence(&place.lake())["erasures"][0]["commitment"], Value::Null);
}

#[test]
fn a_list_that_matches_nobody_gives_nobody_another_pseudonym() {
    let place = place(&[]);
    let (before, saved) = (tree(&place.lake()), place.path("saved"));
    fs::write(place.path("list"), "nobody@example.com\n").unwrap();
    fs::write(place.path("short"), "a key").unwrap();
    for key in [["--save-key", text(&saved)], ["--key-file", text(&place.path("short"))]] {
        let output = erase(&place, &[&["--new-key"][..], &key].concat());
        done(&output);
        assert!(output.stdout.starts_with(b"Nothing is changed"), "{output:?}");
        assert!(said(&output).contains("nothing matches line 1"), "{}", said(&output));
        assert_eq!(said(&output).contains("warning: short_key"), key[0] == "--key-file");
        assert!(tree(&place.lake()) == before && !saved.exists());
    }
}

#[test]
fn landing_files_are_refused_by_name_or_removed_if_they_are_the_lakes() {
    let place = place(&["--with-landing"]);
    let before = tree(&place.lake());
    refused(&erase_by_key(&place, &[]), 2, &["customer/landing/c.json", "--delete-landing"]);
    assert!(tree(&place.lake()) == before);
    done(&erase_by_key(&place, &["--delete-landing"]));
    assert!(!tree(&place.lake()).keys().any(|path| path.contains("/landing/")));
    assert_eq!(evidence(&place.lake())["erasures"][0]["landing_files_removed"], 3);
    assert!(!is_anywhere(&place.lake()));
    fs::create_dir_all(place.lake().join("customer/landing")).unwrap();
    fs::copy(place.path("export/c.json"), place.lake().join("customer/landing/mine.json")).unwrap();
    refused(&erase_by_key(&place, &["--delete-landing"]), 2, &["mine.json", "move them away"]);
}

#[test]
fn a_file_that_is_not_the_lakes_and_holds_the_person_is_named_and_nothing_is_written() {
    for (name, content) in [
        ("notes.txt", "Call p1@example.com".to_owned().into_bytes()),
        ("copy.parquet", Vec::new()),
        ("of p1@example.com.txt", b"x".to_vec()),
    ] {
        let place = place(&[]);
        let content = match name {
            "copy.parquet" => {
                fs::read(place.lake().join("accelerometer/trusted/part-00000.snappy.parquet")).unwrap()
            }
            _ => content,
        };
        fs::write(place.lake().join(name), content).unwrap();
        let before = tree(&place.lake());
        let part = if name.contains('@') { "the name of a file" } else { name };
        let output = erase_by_key(&place, &[]);
        refused(&output, 1, &["nothing is erased", part]);
        assert!(!said(&output).contains("p1@"), "{}", said(&output));
        assert!(tree(&place.lake()) == before, "{name}");
        fs::remove_file(place.lake().join(name)).unwrap();
        done(&erase_by_key(&place, &[]));
    }
}

#[test]
fn what_cannot_be_erased_from_is_refused() {
    let place = place(&["--export", "research"]);
    refused(&erase_by_key(&place, &[]), 2, &["research export names no one"]);
    let place = self::place(&[]);
    fs::write(place.path("list"), "\n").unwrap();
    refused(&erase_by_key(&place, &[]), 2, &["has no entry"]);
    let place = self::place(&[]);
    fs::write(place.lake().join(CURATED), "changed").unwrap();
    refused(&erase_by_key(&place, &[]), 1, &["its SHA-256 is not", "verify"]);
    let place = Place::new();
    fs::write(place.path("list"), PERSON).unwrap();
    refused(&erase_by_key(&place, &[]), 2, &["holds no lake"]);
}

#[test]
fn a_device_of_somebody_who_stays_is_exempt_and_counted() {
    let place = Place::new();
    let shared =
        "{\"email\":\"p0@example.com\",\"serialNumber\":\"serial-1\",\"shareWithResearchAsOfDate\":1}\n";
    fs::write(place.path("export/more.json"), shared).unwrap();
    fs::write(place.path("list"), PERSON).unwrap();
    done(&place.run(&[]));
    done(&erase_by_key(&place, &[]));
    let found = evidence(&place.lake());
    assert_eq!(found["erasures"][0]["shared_serial_numbers"], 1);
    assert_eq!(found["erasures"][0]["tables"]["step_trainer_trusted"]["removed"], 0);
    let warnings = report(&place.lake())["warnings"].clone();
    assert!(
        warnings.as_array().unwrap().iter().any(|warning| warning["code"] == "withdrawn_steps"),
        "{warnings}"
    );
    assert!(named(&place.lake()).contains_key("erasure.json"));
    assert_eq!(
        sha256(&fs::read(place.lake().join("erasure.json")).unwrap()),
        named(&place.lake())["erasure.json"]
    );
}

#[test]
fn the_reference_of_the_request_is_kept_and_names_nobody_who_is_erased() {
    let place = place(&[]);
    let (lake, before) = (place.lake(), tree(&place.lake()));
    let long = "x".repeat(201);
    for (reference, code, why) in [
        ("of ann@example.com", 2, "an @"),
        ("one\ntwo", 2, "control characters"),
        (long.as_str(), 2, "200 characters"),
        ("of ann(at)example.com", 2, "an @"),
        // The list has the email of this device, and the lake says whose it is.
        ("case 7, serial-1", 2, "nothing is erased: the reference of the request names a person or device"),
    ] {
        let output = erase_by_key(&place, &["--reference", reference]);
        refused(&output, code, &[why]);
        assert!(!said(&output).contains(reference));
        assert!(tree(&lake) == before, "{why}");
    }
    done(&erase_by_key(&place, &["--reference", " 2026-03-04, about serial-0\n"]));
    assert_eq!(evidence(&lake)["erasures"][0]["reference"], "2026-03-04, about serial-0", "who stays");
    let page = call(&["report", text(&lake), "--html", "-"]);
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("Reference of the request: <code>2026-03-04, about serial-0</code>"), "{page}");

    fs::write(place.path("list"), "serial-0").unwrap();
    refused(&erase_by_key(&place, &["--reference", "SERIAL-0"]), 2, &["names a person or device"]);
    done(&erase_by_key(&place, &[]));
    let found = evidence(&lake);
    assert_eq!(found["erasures"][0]["reference"], "erased name");
    assert_eq!(found["erasures"][1].get("reference"), None);
    assert!(!found.to_string().contains("serial-0"));
}
