//! A lake is replaced whole or not at all, wherever the program is stopped.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use lake::{Place, assert_whole, call, copy_tree, done, export, program, refused, report, said, text, tree};

/// A lake of two people with their landing files, and an export of three people that is to replace it.
fn old_lake() -> Place {
    let place = Place::new();
    done(&place.run(&["--with-landing"]));
    fs::rename(place.lake(), place.path("old")).unwrap();
    export(&place.path("export"), 3);
    place
}

/// Replaces a copy of the old lake, and stops where the test says.
fn replace(place: &Place, stop: &str) -> Output {
    let _ = fs::remove_dir_all(place.lake());
    copy_tree(&place.path("old"), &place.lake());
    let (input, lake, key) = (place.path("export"), place.lake(), place.path("key"));
    // Another compression, so that tables are removed as well as written; landing files are copied.
    let call = ["run", text(&input), "--out", text(&lake), "--key-file", text(&key), "--with-landing"];
    program(&call).args(["--compression", "gzip"]).env("STEDI_STOP", stop).output().unwrap()
}

/// The next command on the folder. Its input cannot be used, so that it changes nothing else.
fn next_command(place: &Place, stop: &str) -> Output {
    let nothing = place.path("nothing.json");
    fs::write(&nothing, "").unwrap();
    let call = ["run", text(&nothing), "--out", text(&place.lake())].map(str::to_owned);
    program(&call.each_ref().map(String::as_str)).env("STEDI_STOP", stop).output().unwrap()
}

fn customers(lake: &Path) -> u64 {
    report(lake)["tables"]["customer_trusted"]["rows_out"].as_u64().unwrap()
}

fn is_committed(lake: &Path) -> bool {
    lake.join("_stedi_tmp/intent.json").exists()
}

/// The first step of which the intent is on the disk before it, and a lake that was stopped there.
fn first_committed(place: &Place) -> usize {
    let is_before = |step: &usize| {
        let killed = replace(place, &format!("kill:{step}"));
        !killed.status.success() && !is_committed(&place.lake())
    };
    let step = (1..400).collect::<Vec<usize>>().partition_point(is_before) + 1;
    assert_eq!(replace(place, &format!("kill:{step}")).status.code(), None);
    assert!(is_committed(&place.lake()), "step {step}");
    step
}

/// What is seen of the lake by those who pass over what begins with an underscore.
fn seen(lake: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    tree(lake).into_iter().filter(|(path, _)| !path.starts_with("_stedi_tmp/")).collect()
}

#[test]
fn a_run_that_is_killed_leaves_the_old_lake_or_the_next_command_makes_the_new_one() {
    let place = old_lake();
    let old = tree(&place.path("old"));
    let (mut before, mut after) = (0, 0);
    for step in 1.. {
        let killed = replace(&place, &format!("kill:{step}"));
        let when = format!("killed before step {step}");
        if killed.status.success() {
            assert_whole(&place.lake(), &when);
            break;
        }
        assert_eq!(killed.status.code(), None, "{when}: {}", said(&killed));
        let committed = is_committed(&place.lake());
        if !committed && customers(&place.lake()) == 2 {
            assert!(seen(&place.lake()) == old, "{when}: the old lake is as it was");
        }
        let next = next_command(&place, "");
        assert_eq!(next.status.code(), Some(1), "{when}: {}", said(&next));
        assert_whole(&place.lake(), &when);
        if committed {
            assert!(said(&next).contains("its lake is now complete"), "{when}: {}", said(&next));
            assert_eq!(customers(&place.lake()), 3, "{when}");
            after += 1;
        } else if customers(&place.lake()) == 2 {
            assert!(tree(&place.lake()) == old, "{when}: the old lake, whole");
            before += 1;
        }
    }
    assert!(before > 50 && after > 20, "{before} steps before the commit, {after} after it");
}

#[test]
fn the_rest_is_done_even_if_it_is_stopped_again_and_again() {
    let place = old_lake();
    first_committed(&place);
    // Each next command is stopped a step later than the one before.
    let mut stops = 0;
    while is_committed(&place.lake()) {
        stops += 1;
        next_command(&place, &format!("kill:{stops}"));
        assert!(stops < 100, "it goes on");
    }
    assert!(stops > 3, "{stops}");
    next_command(&place, "");
    assert_whole(&place.lake(), "at last");
    assert_eq!(customers(&place.lake()), 3);
}

#[test]
fn a_write_that_fails_leaves_the_old_lake_or_says_that_the_next_run_goes_on() {
    let place = old_lake();
    let old = tree(&place.path("old"));
    for step in 1.. {
        let failed = replace(&place, &format!("fail:{step}"));
        let when = format!("step {step} failed");
        if failed.status.success() {
            break;
        }
        refused(&failed, 1, &["a test stopped this step"]);
        if said(&failed).contains("the next run into this folder") {
            next_command(&place, "");
            assert_eq!(customers(&place.lake()), 3, "{when}");
            assert_whole(&place.lake(), &when);
        } else {
            assert!(tree(&place.lake()) == old, "{when}: the old lake, and nothing beside it");
        }
    }
}

/// The commit fails after its last step but one: the intent is there, and is taken back.
#[test]
fn a_commit_that_is_taken_back_can_be_stopped_too() {
    let place = old_lake();
    let old = tree(&place.path("old"));
    let step = first_committed(&place);
    for killed in step + 1..step + 6 {
        replace(&place, &format!("fail:{step},kill:{killed}"));
        let (committed, when) = (is_committed(&place.lake()), format!("killed before step {killed}"));
        assert_eq!(committed, killed == step + 1, "{when}: the intent goes first");
        next_command(&place, "");
        assert_whole(&place.lake(), &when);
        assert_eq!(tree(&place.lake()) == old, !committed, "{when}");
    }
}

#[test]
fn a_first_lake_that_fails_leaves_no_folder() {
    let place = Place::new();
    let (input, lake) = (place.path("export"), place.lake());
    let call = ["run", text(&input), "--out", text(&lake)];
    refused(&program(&call).env("STEDI_STOP", "fail:9").output().unwrap(), 1, &[]);
    assert!(!lake.exists());
    assert_eq!(program(&call).env("STEDI_STOP", "kill:9").status().unwrap().code(), None);
    let next = place.run(&[]);
    done(&next);
    assert!(said(&next).contains("what it had written is removed"), "{}", said(&next));
    assert_whole(&lake, "after a run that was killed");
}

#[test]
fn what_changed_since_a_run_was_killed_is_not_overwritten() {
    let place = old_lake();
    first_committed(&place);
    let mine = place.lake().join("customer/trusted/part-00000.gz.parquet");
    assert!(!mine.exists(), "the first step after the commit was not done");
    fs::write(&mine, "mine").unwrap();
    let before = tree(&place.lake());
    refused(&next_command(&place, ""), 1, &["customer/trusted/part-00000.gz.parquet has changed since"]);
    assert!(tree(&place.lake()) == before);
    fs::remove_file(&mine).unwrap();
    next_command(&place, "");
    assert_whole(&place.lake(), "when it is gone");
}

#[test]
fn an_intent_that_leads_out_of_the_lake_is_refused() {
    let place = old_lake();
    copy_tree(&place.path("old"), &place.lake());
    let victim = place.path("victim");
    fs::write(&victim, "mine").unwrap();
    fs::create_dir(place.lake().join("_stedi_tmp")).unwrap();
    let hash = lake::sha256(b"mine");
    let intent = format!(
        r#"{{"format":"stedi-lakehouse-intent-1","changes":[{{"path":"../victim","old":"{hash}","new":null}}]}}"#
    );
    fs::write(place.lake().join("_stedi_tmp/intent.json"), intent).unwrap();
    refused(&next_command(&place, ""), 1, &["intent.json is not one of this program"]);
    assert!(victim.exists());
}

#[test]
fn two_runs_into_one_folder_are_kept_apart() {
    let place = Place::new();
    done(&place.run(&[]));
    let before = tree(&place.lake());
    let held = File::open(place.lake()).unwrap();
    held.lock().unwrap();
    refused(&place.run(&[]), 1, &["another run is writing to"]);
    assert!(tree(&place.lake()) == before);
    // Not by its end: a program that another test is starting may still have the file.
    held.unlock().unwrap();
    done(&place.run(&[]));

    // Many at once: each gives a whole lake or is refused.
    let lake = place.path("new");
    let runs: Vec<_> = (0..6)
        .map(|_| {
            let call = ["run", text(&place.path("export")), "--out", text(&lake)].map(str::to_owned);
            let mut command = program(&call.each_ref().map(String::as_str));
            command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    let outputs: Vec<_> = runs.into_iter().map(|run| run.wait_with_output().unwrap()).collect();
    assert!(outputs.iter().any(|output| output.status.success()));
    for output in outputs.iter().filter(|output| !output.status.success()) {
        refused(output, 1, &["another run "]);
    }
    assert_whole(&lake, "after many at once");
}

#[test]
fn a_single_file_is_written_beside_its_place_and_nobodys_part_is_touched() {
    let place = Place::new();
    let (report, part) = (place.path("r.json"), place.path("r.json.part"));
    fs::write(&part, "mine").unwrap();
    done(&place.run(&["--report", text(&report)]));
    assert_eq!(fs::read(&part).unwrap(), b"mine");
    let names = fs::read_dir(place.path("")).unwrap().count();
    assert_eq!(names, 5, "export, key, lake, r.json and r.json.part");
    // In a folder that is none, nothing can be written, and nothing is left.
    let inside = part.join("r.json");
    refused(&place.run(&["--report", text(&inside)]), 2, &["r.json.part"]);
    assert_eq!(fs::read_dir(place.path("")).unwrap().count(), names);
    assert_eq!(call(&["--version"]).status.code(), Some(0));
}
