//! The manners of the command line: short options, quiet and verbose, JSON, dry runs, `diff`, completions, manuals.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::path::Path;
use std::process::Output;

use lake::{Place, export, program, report, tree};
use serde_json::Value;

fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn done(output: &Output) -> (String, String) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    said(output)
}

/// Calls the program in a folder.
fn call(folder: &Path, words: &[&str]) -> Output {
    program(words).current_dir(folder).output().unwrap()
}

#[test]
fn an_address_is_no_path() {
    let place = Place::new();
    let folder = place.path("");
    let before = tree(&folder);
    let mut calls = vec![
        &["erase", "s3://bucket/lake", "--withdrawals", "list"][..],
        &["diff", "s3://bucket/lake", "lake"],
        &["run", "ftp://host/export", "-o", "lake"],
    ];
    // With object stores these are asked for: see tests/object_store.
    if cfg!(not(feature = "object-store")) {
        calls.extend([
            &["run", "export", "-o", "s3://bucket/lake"][..],
            &["run", "s3://bucket/export", "-o", "lake"],
            &["run", "export", "-o", "lake", "--from", "gs://bucket/lake"],
            &["verify", "az://container/lake"],
        ]);
        let (_, noted) = said(&call(&folder, &["run", "s3://bucket/export", "-o", "lake"]));
        assert!(noted.contains("cargo build --features object-store"), "how to get it: {noted}");
    }
    for words in calls {
        let output = call(&folder, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let (_, noted) = said(&output);
        assert!(noted.contains(":// is neither read nor written"), "{noted}");
    }
    let (_, noted) = said(&call(&folder, &["run", "export", "-o", "file:///lake"]));
    assert!(noted.contains("leave out file://"), "{noted}");
    assert!(tree(&folder) == before);
    done(&call(&folder, &["run", "export", "-o", "./s3://lake", "--key-file=key"]));
    assert!(folder.join("s3:/lake/report.json").exists(), "a folder may be named so");
}

#[test]
fn out_is_o_and_success_names_the_folder_and_what_to_do_next() {
    let place = Place::new();
    let folder = place.path("");
    let (printed, noted) = done(&call(&folder, &["run", "export", "-o", "the lake", "--key-file=key"]));
    assert!(printed.starts_with("table ") && printed.contains("machine_learning_curated"), "{printed}");
    assert!(noted.contains("The lake is in the lake: report.json"), "{noted}");
    assert!(noted.contains("stedi-lakehouse diff OLD 'the lake'") && noted.contains("Next: "), "{noted}");
    let (_, noted) = done(&call(&folder, &["run", "export", "-o", "r", "--export=research"]));
    assert!(noted.contains("The research export is in r"), "{noted}");
    let (_, noted) = done(&call(&folder, &["sample", "--scale=0.001", "-o", "made up"]));
    assert_eq!(noted, "Next: stedi-lakehouse run 'made up' --out lake\n");
    // What it says to do can be done.
    assert!(folder.join("the lake/step_trainer/curated/part-00000.snappy.parquet").exists());
    done(&call(&folder, &["run", "made up", "--out", "lake"]));
}

#[test]
fn quiet_says_what_is_wrong_alone_and_verbose_names_every_input() {
    let place = Place::new();
    assert_eq!(done(&place.run(&["-q"])), (String::new(), String::new()));
    fs::write(place.path("export/x.json"), "rubbish").unwrap();
    let (printed, noted) = done(&place.run(&["--quiet"]));
    assert!(printed.is_empty() && noted.contains("x.json") && !noted.contains("Next"), "{noted}");
    for bad in 0..30 {
        fs::write(place.path(&format!("export/bad{bad}.json")), format!("rubbish {bad}")).unwrap();
    }
    let (_, noted) = done(&place.run(&[]));
    // All of one kind are one line.
    assert!(noted.matches("refused (not_json)").count() == 1 && noted.contains("31 files, "), "{noted}");
    let (_, noted) = done(&place.run(&["-v"]));
    assert_eq!(noted.matches("refused (not_json)").count(), 31, "{noted}");
    assert!(noted.contains("c.json: 2 records of customer_landing, 0 rejected"), "{noted}");
    assert!(noted.contains("option key-file: ") && noted.contains("(command line)"), "{noted}");
    let phases = ["inputs", "customers", "consent", "readings", "plan", "tables", "writing"];
    let named = noted.lines().filter_map(|line| line.strip_prefix("phase ")?.split(':').next());
    assert_eq!(named.collect::<Vec<_>>(), phases, "{noted}");
    assert_eq!(place.run(&["-q", "-v"]).status.code(), Some(2));
}

#[test]
fn json_is_the_report_and_the_table_goes_to_standard_error() {
    let place = Place::new();
    let (printed, noted) = done(&place.run(&["--json"]));
    assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), report(&place.lake()));
    assert!(noted.starts_with("table ") && noted.contains("machine_learning_curated"), "{noted}");
    let (printed, noted) = done(&place.run(&["--json", "-q"]));
    assert!(serde_json::from_str::<Value>(&printed).is_ok() && noted.is_empty(), "{noted}");
    #[cfg(unix)]
    {
        let (printed, _) = done(&place.run(&["--json", "--report", "/dev/stdout"]));
        assert!(serde_json::from_str::<Value>(&printed).is_ok(), "once: {printed}");
    }
    // A run that gives no lake has a report too, and so has one that is asked for twice.
    fs::write(place.path("export/x.json"), "rubbish").unwrap();
    let second = place.path("second.json");
    let output = place.run(&["--json", "--strict", "--report", second.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let printed: Value = serde_json::from_str(&said(&output).0).unwrap();
    assert_eq!(printed["outputs"].as_array().map(Vec::len), Some(0));
    assert_eq!(serde_json::from_slice::<Value>(&fs::read(second).unwrap()).unwrap(), printed);
    // A usage error has none.
    let output = place.run(&["--json", "--consent", "never"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn a_dry_run_says_what_a_run_writes_and_writes_nothing() {
    let place = Place::new();
    let folder = place.path("");
    fs::write(place.path("export/no.json"), "{\"email\":\"n@example.com\",\"serialNumber\":\"n\"}\n")
        .unwrap();
    fs::write(place.path("export/x.json"), "rubbish").unwrap();
    let listed = |printed: &str| -> Vec<String> {
        let (_, list) = printed.split_once(":\n").unwrap();
        let lines = list.lines().take_while(|line| line.starts_with("  "));
        lines.map(|line| line.trim().to_owned()).collect()
    };
    let before = tree(&folder);
    let (printed, noted) = done(&place.run(&["--dry-run"]));
    assert!(tree(&folder) == before, "it wrote something");
    assert!(printed.starts_with("dry run: nothing is written\n"), "{printed}");
    assert!(noted.contains("x.json"), "{noted}");
    let line = |table: &str| {
        let line = printed.lines().rfind(|line| line.starts_with(table)).unwrap();
        line.split_whitespace().skip(1).take(4).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("customer_landing"), ["3", "0", "0", "3"]);
    assert_eq!(line("customer_trusted"), ["3", "1", "0", "2"], "two of three consent");
    assert_eq!(line("step_trainer_landing")[..2], ["1", "files"]);
    let mut promised = listed(&printed);
    let (summary, _) = done(&place.run(&[]));
    let people = format!("{:<26}{:>12} admitted{:>12} left out", "people", 2, 1);
    assert!(summary.lines().any(|line| line == people), "{summary}");
    let mut written: Vec<String> = tree(&place.lake()).into_keys().collect();
    promised.sort();
    written.sort();
    assert_eq!(promised, written);

    // Over a lake: what would go, and what keeps a run from it.
    let before = tree(&folder);
    let (printed, _) = done(&place.run(&["--dry-run", "--compression=gzip"]));
    assert!(printed.contains("would replace the lake in "), "{printed}");
    let (_, removed) = printed.split_once("would remove:\n").unwrap();
    assert_eq!(removed.lines().count(), 5, "the tables of the other compression: {removed}");
    fs::write(place.path("lake/customer/trusted/mine.parquet"), "mine").unwrap();
    let output = place.run(&["--dry-run"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).1.contains("mine.parquet"));
    fs::remove_file(place.path("lake/customer/trusted/mine.parquet")).unwrap();
    let output = place.run_from(&["export/c.json"], &["--dry-run"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).1.contains("a run would fail: the inputs hold no accelerometer readings"));
    // A stopped run's work is not touched either.
    fs::create_dir(place.path("lake/_stedi_tmp")).unwrap();
    assert_eq!(place.run(&["--dry-run"]).status.code(), Some(1));
    assert!(place.path("lake/_stedi_tmp").exists());
    fs::remove_dir(place.path("lake/_stedi_tmp")).unwrap();
    assert!(tree(&folder) == before);

    // Nobody knows whether these are customers.
    fs::write(place.path("export/cut.json.gz"), b"\x1f\x8b\x08\0").unwrap();
    assert!(done(&place.run(&["--dry-run"])).1.contains("INCOMPLETE: files_damaged (1) "));
    let output = place.run(&["--dry-run", "--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).1.contains("a run would fail: the run is incomplete"));
}

#[test]
fn a_strict_dry_run_fails_for_what_it_knows_and_says_so_first() {
    let place = Place::new();
    let list = place.path("list");
    let listed = ["--withdrawals", list.to_str().unwrap()];
    let dry = |more: &[&str]| place.run(&[&["--dry-run", "--strict"], more].concat());
    let fails = |output: &Output, why: &str| {
        let (printed, noted) = said(output);
        assert_eq!(output.status.code(), Some(1), "{noted}");
        assert!(printed.starts_with("dry run: nothing is written\na run would fail: "), "{printed}");
        for text in [printed, noted] {
            assert!(text.contains(why) && text.contains("--strict was asked for"), "{text}");
        }
    };
    done(&dry(&[]));
    fs::write(&list, "\n").unwrap();
    fails(&dry(&listed), "the list of withdrawals has no entry");
    // Readings may match it.
    fs::write(&list, "p0@example.com\nnobody@example.com\n").unwrap();
    let (_, noted) = done(&dry(&listed));
    assert!(noted.contains("1 of the withdrawals match no customer;"), "{noted}");
    assert!(noted.contains("fails under --strict"), "{noted}");
    fs::write(place.path("export/x.json"), "rubbish").unwrap();
    fails(&dry(&[]), "1 records or files are bad");
    fs::remove_file(place.path("export/x.json")).unwrap();
    let customers = fs::read_to_string(place.path("export/c.json")).unwrap() + "{\"email\":\"x\"}\n";
    fs::write(place.path("export/c.json"), customers).unwrap();
    fails(&dry(&[]), "1 records or files are bad");
    assert!(said(&place.run(&["--strict"])).1.contains("1 records or files are bad"));
    assert!(!place.lake().exists());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_place_for_a_lake() {
    let place = Place::new();
    std::os::unix::fs::symlink(place.path("nowhere"), place.lake()).unwrap();
    for more in ["--quiet", "--dry-run"] {
        let output = place.run(&[more]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).1.contains("lake is a link that leads nowhere"), "{}", said(&output).1);
    }
    assert!(!place.path("nowhere").exists());
}

#[test]
fn diff_takes_folders_and_its_exit_code_says_whether_they_differ() {
    let place = Place::new();
    let folder = place.path("");
    let key = ["--key-file", "key", "-q"];
    let run = |words: &[&str]| done(&call(&folder, &[&["run"][..], words, &key].concat()));
    run(&["export", "-o", "one"]);
    run(&["export", "-o", "same"]);
    run(&["export", "-o", "other", "--consent=as-of"]);
    export(&folder.join("more"), 3);
    run(&["more", "-o", "more people"]);
    let diff = |words: &[&str]| call(&folder, &[&["diff"][..], words].concat());
    let code = |words: &[&str]| diff(words).status.code().unwrap();
    assert_eq!(done(&diff(&["one", "other"])), done(&diff(&["one/report.json", "other/report.json"])));
    for (words, expected) in [
        (["one", "same"], 0),
        (["one", "other"], 1),
        (["one", "more people"], 1),
        (["one", "export"], 2),
        (["one", "nowhere"], 2),
    ] {
        assert_eq!(code(&[words[0], words[1], "--exit-code"]), expected, "{words:?}");
        assert_eq!(code(&[words[0], words[1], "--exit-code", "--json"]), expected, "{words:?}");
        assert_eq!(code(&words), if expected == 1 { 0 } else { expected }, "{words:?}");
    }
    assert!(said(&diff(&["one", "export"])).1.contains("export/report.json: "));
}

#[test]
fn completions_and_manuals_know_every_option() {
    let here = Path::new(".");
    let (help, _) = done(&call(here, &["run", "--help"]));
    let options: Vec<&str> = help
        .lines()
        .filter_map(|line| {
            line.trim_start().split("--").nth(1).filter(|_| line.trim_start().starts_with('-'))
        })
        .map(|option| option.split(|char: char| char != '-' && !char.is_alphanumeric()).next().unwrap())
        .collect();
    assert!(options.len() > 20 && options.contains(&"shared-serials"), "{options:?}");
    let (manual, _) = done(&call(here, &["man", "run"]));
    assert!(
        manual.contains(".TH stedi-lakehouse-run 1") && manual.contains(env!("CARGO_PKG_VERSION")),
        "{manual}"
    );
    for option in &options {
        assert!(manual.contains(&format!("\\-\\-{}", option.replace('-', "\\-"))), "{option}: {manual}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (script, _) = done(&call(here, &["completions", shell]));
        for option in &options {
            assert!(script.contains(option), "{shell}: {option}");
        }
    }
    let (manual, _) = done(&call(here, &["man"]));
    assert!(manual.contains("stedi\\-lakehouse") && manual.contains("Exit codes"), "{manual}");
    assert_eq!(call(here, &["man", "nothing"]).status.code(), Some(2));
    assert_eq!(call(here, &["completions", "nothing"]).status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn bash_takes_its_completions() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let (script, _) = done(&call(Path::new("."), &["completions", "bash"]));
    let complete = "COMP_WORDS=(stedi-lakehouse run --shared); COMP_CWORD=2\n\
                    _stedi__lakehouse stedi-lakehouse --shared run; echo \"${COMPREPLY[@]}\"\n";
    let mut bash = Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(format!("{script}\n{complete}").as_bytes()).unwrap();
    let output = bash.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "--shared-serials");
}

#[cfg(not(feature = "page"))]
#[test]
fn a_program_without_the_page_says_how_to_get_it() {
    let output = call(Path::new("."), &["page", "--out", "nowhere.html"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).1.contains("make cli-page"));
    assert!(!Path::new("nowhere.html").exists());
    assert_eq!(call(Path::new("."), &["page"]).status.code(), Some(2));
}
