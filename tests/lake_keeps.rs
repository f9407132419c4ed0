//! What a run does not touch: its inputs, and whatever is not the lake's own.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::path::Path;

use lake::{Place, assert_whole, copy_tree, done, export, named, refused, report, said, sha256, text, tree};

const TRUSTED: &str = "customer/trusted/part-00000.snappy.parquet";

/// Runs, and nothing below the place may change.
fn refused_untouched(place: &Place, inputs: &[&str], more: &[&str], code: i32, names: &[&str]) {
    let before = tree(&place.path(""));
    refused(&place.run_from(inputs, more), code, names);
    assert!(tree(&place.path("")) == before, "{inputs:?} {more:?}: nothing is written");
}

// Inputs.

#[test]
fn landing_files_that_are_inputs_stay_where_they_are() {
    let place = Place::new();
    let lake = place.lake();
    for (table, name) in [("customer", "c.json"), ("accelerometer", "a.json"), ("step_trainer", "s.json")] {
        fs::create_dir_all(lake.join(table).join("landing/deep")).unwrap();
        fs::rename(place.path("export").join(name), lake.join(table).join("landing/deep").join(name))
            .unwrap();
    }
    let raw = tree(&lake);
    let inputs = ["lake/customer/landing", "lake/accelerometer/landing", "lake/step_trainer/landing"];
    for more in [&["--with-landing"][..], &[], &["--with-landing"]] {
        done(&place.run_from(&inputs, more));
        assert!(raw.iter().all(|(path, content)| tree(&lake).get(path) == Some(content)), "{more:?}");
        assert_eq!(tree(&lake).len(), raw.len() + 1 + named(&lake).len(), "{more:?}: nothing was copied");
        assert!(!named(&lake).keys().any(|path| path.contains("/landing/")), "they are their owner's");
    }
    // The whole lake as input: its own files are not read.
    done(&place.run_from(&["lake"], &[]));
    assert_eq!(report(&lake)["inputs"].as_array().unwrap().len(), 3);
    // Somebody else's landing files are not to be removed or mixed with others.
    export(&place.path("export"), 2);
    refused_untouched(&place, &["export"], &["--with-landing"], 1, &["in the way", "landing/deep/c.json"]);
}

#[test]
fn landing_files_of_an_earlier_run_are_inputs_too_and_are_not_removed_under_it() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    let first = named(&place.lake());
    let inputs = ["lake/customer/landing", "lake/accelerometer/landing", "lake/step_trainer/landing"];
    done(&place.run_from(&inputs, &["--with-landing"]));
    assert_whole(&place.lake(), "landing files in their place");
    assert!(first.keys().eq(named(&place.lake()).keys()));
    refused_untouched(&place, &inputs, &[], 2, &["would remove", "/landing/", "--with-landing"]);
    // Beside the files that they are copies of, they stay as well, and are not copied again.
    for input in ["export", "lake/customer/landing"] {
        done(&place.run_from(&[input, "export", "lake/step_trainer/landing"], &["--with-landing"]));
        assert_whole(&place.lake(), "landing files beside their originals");
        assert!(first.keys().eq(named(&place.lake()).keys()), "{input}");
    }
}

#[test]
fn no_output_replaces_an_input() {
    let place = Place::new();
    let customers = place.path("export/c.json");
    let linked = place.path("linked.json");
    fs::hard_link(&customers, &linked).unwrap();
    std::os::unix::fs::symlink(&customers, place.path("symlink.json")).unwrap();
    fs::write(place.path("list.txt"), "p0@example.com\n").unwrap();
    let list = place.path("list.txt");
    for file in ["export/c.json", "export/../export/c.json", "linked.json", "symlink.json", "list.txt", "key"]
    {
        let path = place.path(file);
        let call = ["--withdrawals", text(&list), "--report", text(&path)];
        refused_untouched(&place, &["export"], &call, 2, &["would replace", file]);
    }
    // By --save-key, which was written before anything was read.
    let before = tree(&place.path(""));
    let [input, lake] = [place.path("export"), place.lake()];
    let save =
        |path: &Path| lake::call(&["run", text(&input), "--out", text(&lake), "--save-key", text(path)]);
    refused(&save(&linked), 2, &["never overwrites", "linked.json"]);
    assert!(tree(&place.path("")) == before);
    // By the lake itself.
    for path in [TRUSTED, "ddl/README.md", "report.json"] {
        fs::create_dir_all(lake.join(path).parent().unwrap()).unwrap();
        fs::hard_link(&customers, lake.join(path)).unwrap();
        refused(&place.run(&[]), if path == "report.json" { 1 } else { 2 }, &[path]);
        assert_eq!(fs::read(lake.join(path)).unwrap(), fs::read(&customers).unwrap());
        fs::remove_dir_all(&lake).unwrap();
    }
}

#[test]
fn outputs_do_not_replace_each_other() {
    let place = Place::new();
    let report = place.lake().join("report.json");
    for other in ["lineage.json", TRUSTED, "customer/landing/x.json", "_stedi_tmp/x.json"] {
        let path = place.lake().join(other);
        refused_untouched(
            &place,
            &["export"],
            &["--report", text(&path)],
            2,
            &["place of the lake's own files"],
        );
    }
    done(&place.run(&["--report", text(&report)]));
    assert_whole(&place.lake(), "the lake's own report may be named");
    let (input, lake, same) = (place.path("export"), place.lake(), place.path("same"));
    let call =
        ["run", text(&input), "--out", text(&lake), "--save-key", text(&same), "--report", text(&same)];
    refused(&lake::call(&call), 2, &["--report would overwrite it"]);
}

#[test]
fn the_output_folder_is_not_input() {
    let place = Place::new();
    fs::rename(place.path("export"), place.path("in")).unwrap();
    for out in ["in/lake", "in/deep/lake"] {
        for _ in 0..2 {
            let call = [
                "run",
                text(&place.path("in")),
                "--out",
                text(&place.path(out)),
                "--with-landing",
                "--strict",
            ]
            .map(str::to_owned);
            let ran = lake::call(&call.each_ref().map(String::as_str));
            done(&ran);
            let inputs = report(&place.path(out))["inputs"].as_array().unwrap().len();
            assert_eq!(inputs, 3, "{out}: {}", said(&ran));
            assert_whole(&place.path(out), out);
        }
        fs::remove_dir_all(place.path(out)).unwrap();
    }
}

// What is not the lake's.

#[test]
fn files_that_the_lake_does_not_name_are_in_the_way_and_stay() {
    let place = Place::new();
    done(&place.run(&[]));
    for stray in [
        "customer/trusted/part-00000.snappy.parquet.part",
        "customer/trusted/run-1.parquet",
        "step_trainer/curated/deep/x",
        "customer/landing/old.json",
    ] {
        let path = place.lake().join(stray);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        refused_untouched(&place, &["export"], &[], 1, &["in the way", stray]);
        fs::remove_file(&path).unwrap();
    }
    // Elsewhere, and where readers of tables pass it over, a file is not in the way.
    for other in ["notes.txt", "customer/trusted/_SUCCESS", "customer/landing/.DS_Store", "ddl/mine.sql"] {
        let path = place.lake().join(other);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, other).unwrap();
    }
    done(&place.run(&["--compression", "gzip"]));
    for other in ["notes.txt", "customer/trusted/_SUCCESS", "customer/landing/.DS_Store", "ddl/mine.sql"] {
        assert_eq!(fs::read_to_string(place.lake().join(other)).unwrap(), other);
    }
}

#[test]
fn a_file_of_the_lake_that_was_changed_is_named_and_stays() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    for path in [TRUSTED, "ddl/customer_trusted.sql", "customer/landing/c.json", "croissant.json"] {
        let at = place.lake().join(path);
        let content = fs::read(&at).unwrap();
        fs::write(&at, "mine").unwrap();
        refused_untouched(&place, &["export"], &[], 1, &["not what the lake's report says", path]);
        fs::write(&at, content).unwrap();
    }
    fs::remove_file(place.lake().join("spark/README.md")).unwrap();
    done(&place.run(&[]));
    assert_whole(&place.lake(), "a file that is gone is made anew");
}

#[test]
fn landing_files_of_an_earlier_run_go_with_it() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    assert!(place.lake().join("customer/landing/c.json").exists());
    fs::write(place.path("list.txt"), "p1@example.com\n").unwrap();
    done(&place.run(&["--withdrawals", text(&place.path("list.txt"))]));
    assert_whole(&place.lake(), "without landing files");
    assert!(!place.lake().join("customer/landing").exists(), "nor their folder");
    let leads_to = |content: &Vec<u8>| String::from_utf8_lossy(content).contains("p1@example.com");
    assert!(!tree(&place.lake()).values().any(leads_to));
}

#[test]
fn what_is_somebody_elses_is_never_overwritten() {
    let place = Place::new();
    for (path, content) in [
        ("report.json", "{\"mine\": 1}"),
        ("report.json", "not even JSON"),
        ("ddl/README.md", "mine"),
        ("croissant.json", "{}"),
        (TRUSTED, "PAR1"),
    ] {
        let at = place.lake().join(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, content).unwrap();
        refused_untouched(&place, &["export"], &[], 1, &["in the way", path]);
        fs::remove_dir_all(place.lake()).unwrap();
    }
    fs::write(place.path("notes.md"), "mine").unwrap();
    let notes = place.path("notes.md");
    refused_untouched(&place, &["export"], &["--report", text(&notes)], 2, &["not a report of this program"]);
    fs::write(place.lake(), "a file").unwrap();
    refused_untouched(&place, &["export"], &[], 2, &["is no folder"]);
    fs::remove_file(place.lake()).unwrap();
    // A folder that leads elsewhere.
    fs::create_dir_all(place.path("elsewhere")).unwrap();
    fs::create_dir(place.lake()).unwrap();
    std::os::unix::fs::symlink(place.path("elsewhere"), place.lake().join("customer")).unwrap();
    refused_untouched(&place, &["export"], &[], 1, &["no plain folder"]);
}

#[test]
fn a_research_export_does_not_go_where_names_are() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    refused_untouched(&place, &["export"], &["--export", "research"], 2, &["lead to people"]);
    fs::remove_dir_all(place.lake()).unwrap();
    for name in ["customer/landing/x.csv", "accelerometer/trusted/_old/x", "customer/curated/x.parquet"] {
        let at = place.lake().join(name);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, "p1@example.com").unwrap();
        refused_untouched(&place, &["export"], &["--export", "research"], 2, &["lead to people", name]);
        fs::remove_dir_all(place.lake()).unwrap();
    }
    done(&place.run(&["--export", "research"]));
    done(&place.run(&["--export", "research"]));
    assert_whole(&place.lake(), "a research export replaces one");
    done(&place.run(&[]));
    assert_whole(&place.lake(), "and a lake replaces it");
}

/// Makes a lake what the program wrote before reports named all files.
fn as_version_2(lake: &Path) {
    let mut old = report(lake);
    old["version"] = 2.into();
    old.as_object_mut().unwrap().remove("files");
    fs::write(lake.join("report.json"), old.to_string()).unwrap();
    // Lakes promised nothing then.
    fs::remove_file(lake.join("contract.yaml")).unwrap();
    fs::remove_dir_all(lake.join("dqdl")).unwrap();
}

#[test]
fn a_lake_of_an_older_report_is_replaced_if_its_hashes_hold() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    as_version_2(&place.lake());
    // Its documents of the run have no hashes; whoever wants them replaced moves them away.
    let unknown = ["lineage.json", "croissant.json"];
    let names = [unknown.as_slice(), &["has no hash", "move it away"]].concat();
    refused_untouched(&place, &["export"], &[], 1, &names);
    unknown.iter().for_each(|name| fs::remove_file(place.lake().join(name)).unwrap());
    copy_tree(&place.lake(), &place.path("kept"));
    done(&place.run(&["--compression", "gzip"]));
    assert_whole(&place.lake(), "its landing files and tables are gone");

    for path in [TRUSTED, "customer/landing/c.json", "ddl/customer_trusted.sql", "sql/README.md"] {
        fs::remove_dir_all(place.lake()).unwrap();
        copy_tree(&place.path("kept"), &place.lake());
        fs::write(place.lake().join(path), "mine").unwrap();
        refused_untouched(&place, &["export"], &[], 1, &["not what the lake's report says", path]);
    }
    // Version 1 knew no hashes.
    let mut old = report(&place.path("kept"));
    old["version"] = 1.into();
    old.as_object_mut().unwrap().remove("outputs");
    old.as_object_mut().unwrap().remove("files");
    fs::remove_dir_all(place.lake()).unwrap();
    copy_tree(&place.path("kept"), &place.lake());
    fs::write(place.lake().join("report.json"), old.to_string()).unwrap();
    refused_untouched(&place, &["export"], &[], 1, &["report.json", "hashes"]);
}

#[test]
fn the_report_names_all_files_with_their_hashes() {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    assert_whole(&place.lake(), "a lake with landing files");
    let named = named(&place.lake());
    assert_eq!(named["customer/landing/c.json"], sha256(&fs::read(place.path("export/c.json")).unwrap()));
    let sizes: u64 = report(&place.lake())["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["bytes"].as_u64().unwrap())
        .sum();
    let listed = tree(&place.lake())
        .into_iter()
        .filter(|(path, _)| path != "report.json" && !path.ends_with(".parquet"));
    assert_eq!(sizes, listed.map(|(_, content)| content.len() as u64).sum::<u64>());
}

// A kind of input that is missing.

#[test]
fn a_run_without_a_kind_of_input_does_not_replace_a_lake() {
    let place = Place::new();
    done(&place.run(&[]));
    for (file, what) in [
        ("c.json", "no customers"),
        ("a.json", "no accelerometer readings"),
        ("s.json", "no step trainer readings"),
    ] {
        let inputs: Vec<String> = ["c.json", "a.json", "s.json"]
            .iter()
            .filter(|name| **name != file)
            .map(|name| format!("export/{name}"))
            .collect();
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        refused_untouched(&place, &inputs, &[], 1, &[what, "--allow-missing"]);
        refused_untouched(&place, &inputs, &["--strict"], 1, &[what]);
        // Its report goes to another place, not over the lake's.
        let (own, other) = (place.lake().join("report.json"), place.path("other.json"));
        refused_untouched(&place, &inputs, &["--report", text(&own)], 1, &[what, "not written"]);
        refused(&place.run_from(&inputs, &["--report", text(&other)]), 1, &[what]);
        assert_whole(&place.lake(), what);
        assert!(fs::read_to_string(&other).unwrap().contains("\"outputs\": []"));
        fs::remove_file(other).unwrap();

        let lake = place.path("lake");
        fs::rename(&lake, place.path("kept")).unwrap();
        refused_untouched(&place, &inputs, &["--strict"], 1, &[what]);
        let first = place.run_from(&inputs, &[]);
        done(&first);
        assert!(said(&first).contains("warning: no_"), "{}", said(&first));
        done(&place.run_from(&inputs, &["--strict", "--allow-missing"]));
        fs::remove_dir_all(&lake).unwrap();
        fs::rename(place.path("kept"), &lake).unwrap();
    }
    // A file whose records are all bad is as good as none.
    fs::write(
        place.path("export/c.json"),
        "{\"email\":\"\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n",
    )
    .unwrap();
    refused_untouched(&place, &["export"], &[], 1, &["no customers"]);
    done(&place.run(&["--allow-missing"]));
    assert_whole(&place.lake(), "if that is allowed");
}
