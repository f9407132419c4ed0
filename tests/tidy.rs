//! The house's invariants, as far as text can show them.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "tidy/modules.rs"]
mod modules;
#[path = "tidy/notebooks.rs"]
mod notebooks;

use std::fs;
use std::path::{Path, PathBuf};

use modules::Modules;

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// What the build of the core for the browser gives.
fn built(path: &str) -> bool {
    path.starts_with("www/pkg")
}

/// The program text: without comments, and without the tests at the end.
fn code(text: &str) -> String {
    let tests = text.find("#[cfg(test)]").or_else(|| text.find("#[cfg(all(test"));
    let lines = text[..tests.unwrap_or(text.len())].lines();
    lines.filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn core() -> impl Iterator<Item = (String, String)> {
    let shell =
        |path: &str| path == "src/main.rs" || path.starts_with("src/wasm") || path.starts_with("src/cli/");
    files("src", ".rs").into_iter().filter(move |(path, _)| !shell(path) && !path.ends_with("/tests.rs"))
}

/// Whether a text has a word; a type's name must stand alone, or it is another's.
fn has(text: &str, word: &str) -> bool {
    let is_type = word.starts_with(char::is_uppercase);
    text.match_indices(word).any(|(at, _)| !(is_type && text[..at].ends_with(char::is_alphanumeric)))
}

/// Fails with every place where a core file has one of the words.
fn nowhere(allowed: &[&str], words: &[&str]) {
    let mut found = Vec::new();
    assert!(has("a(Instant::now)", "Instant") && !has("OnePerInstant", "Instant"));
    for (path, text) in core().filter(|(path, _)| !allowed.contains(&path.as_str())) {
        let text = code(&text);
        found.extend(words.iter().filter(|word| has(&text, word)).map(|word| format!("{path}: {word}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_wasm_rs_knows_the_browser() {
    nowhere(&[], &["wasm_bindgen", "js_sys", "web_sys", "JsValue"]);
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let everywhere = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(!everywhere.contains("wasm-bindgen") && !everywhere.contains("js-sys"));
}

#[test]
fn the_core_does_no_io_and_reads_no_clock_and_no_randomness() {
    nowhere(
        &[],
        &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::time",
            "Instant",
            "SystemTime",
            "println!",
            "getrandom",
            "rand::",
            // A host.
            "crate::cli",
        ],
    );
}

#[test]
fn only_schema_names_columns() {
    let columns = [
        "customername",
        "birthday",
        "serialnumber",
        "registrationdate",
        "lastupdatedate",
        "sharewithresearchasofdate",
        "sensorreadingtime",
        "distancefromobject",
        "\"email\"",
        "\"phone\"",
        "\"user\"",
        "\"timestamp\"",
    ];
    nowhere(&["src/schema.rs"], &columns);
}

/// Calls that encode or decode by serde: how many there are, and those that pass over what goes wrong there.
fn coded(text: &str) -> (usize, Vec<&str>) {
    let (mut all, mut passed_over) = (0, Vec::new());
    for crate_name in ["serde_json::", "serde_wasm_bindgen::", "postcard::"] {
        for (at, _) in text.match_indices(crate_name) {
            let call = &text[at + crate_name.len()..];
            let codes = call.starts_with("to_") || call.starts_with("from_");
            let Some(open) = call.find('(').filter(|_| codes) else { continue };
            all += 1;
            let mut depth = 0;
            let end = call[open..].find(|char: char| {
                depth += i32::from(char == '(') - i32::from(char == ')');
                depth == 0
            });
            let behind = call[open + end.unwrap() + 1..].trim_start();
            if [".unwrap_or", ".ok()"].iter().any(|way| behind.starts_with(way)) {
                passed_over.push(call.lines().next().unwrap());
            }
        }
    }
    (all, passed_over)
}

#[test]
fn a_document_that_cannot_be_coded_is_not_passed_over() {
    for bad in [
        "serde_json::to_value(options).unwrap_or_default()",
        "serde_json::from_str::<Value>(&text(1)).ok()",
        "postcard::from_bytes(\n(a, b).0\n)\n.unwrap_or_else(|_| none)",
    ] {
        assert_eq!(coded(bad).1.len(), 1, "{bad}");
    }
    let good = "serde_json::to_vec(self)?; a.unwrap_or_default(); serde_json::Map::new().ok()";
    assert_eq!(coded(good), (1, vec![]));

    let allowed = [
        // A report of another version may name a compression that this one does not know.
        ("src/audit/report_file.rs", "from_value(self.option(\"compression\")"),
    ];
    let (mut all, mut found) = (0, Vec::new());
    for (path, text) in files("src", ".rs").into_iter().filter(|(path, _)| !path.ends_with("/tests.rs")) {
        let text = code(&text);
        let (here, mut passed_over) = coded(&text);
        passed_over
            .retain(|call| !allowed.iter().any(|(file, known)| path == *file && call.starts_with(known)));
        found.extend(passed_over.into_iter().map(|call| format!("{path}: {call}")));
        all += here;
    }
    assert!(all > 10, "it sees calls");
    assert!(found.is_empty(), "a fault there makes a document that looks right: {found:#?}");
}

#[test]
fn joins_know_no_table() {
    let text = code(&fs::read_to_string("src/joins.rs").unwrap());
    for word in ["Table", "Customer", "Reading", "email", "serial", "schema"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn no_two_modules_import_each_other() {
    let files = |texts: &[(&str, &str)]| -> Modules {
        Modules::new(texts.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())))
    };
    // What is only handed on by a parent is its child's.
    let room = ("a/mod.rs", "pub mod b;\nmod c;\npub use c::{C, deep::{D}};");
    let good = files(&[room, ("a/b.rs", "use super::{C};"), ("a/c.rs", "use crate::e::E;"), ("e.rs", "")]);
    assert!(good.in_circles().is_empty());
    let bad = files(&[room, ("a/b.rs", "use super::C;"), ("a/c.rs", "fn c() { crate::a::b::f() }")]);
    assert_eq!(bad.in_circles(), ["a::b", "a::c"]);
    let bad = files(&[("a/mod.rs", "mod b;\nuse b::B;"), ("a/b.rs", "use super::{self, x};")]);
    assert_eq!(bad.in_circles(), ["a", "a::b"]);

    let sources = modules_of_sources();
    assert!(
        sources.imports().values().map(|imported| imported.len()).sum::<usize>() > 200,
        "it sees imports"
    );
    let circles = sources.in_circles();
    assert!(circles.is_empty(), "{circles:#?}");
}

fn modules_of_sources() -> Modules {
    let sources = files("src", ".rs").into_iter().filter(|(path, _)| !path.ends_with("/tests.rs"));
    Modules::new(sources.map(|(path, text)| (path.trim_start_matches("src/").to_owned(), code(&text))))
}

#[test]
fn the_page_names_no_other_host() {
    let mut found = Vec::new();
    for ending in [".js", ".html", ".css"] {
        for (path, text) in files("www", ending).into_iter().filter(|(path, _)| !built(path)) {
            for scheme in ["http://", "https://", "ws://", "wss://"] {
                let words = text
                    .match_indices(scheme)
                    .filter(|&(at, _)| !text[at + scheme.len()..].starts_with("www.w3.org/"));
                found.extend(words.map(|(at, _)| format!("{path}: byte {at}")));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_worker_instantiates_wasm() {
    for (path, text) in files("www", ".js") {
        if !built(&path) {
            assert!(!text.contains("WebAssembly.instantiate"), "{path}");
            let worker = ["www/worker/core-worker.js", "www/worker/sql-worker.js"].contains(&path.as_str());
            assert!(!text.contains("initSync(") || worker, "{path}");
        }
    }
}

#[test]
fn files_stay_short() {
    let mut long = Vec::new();
    for (folder, ending) in [
        ("src", ".rs"),
        ("python", ".rs"),
        ("python", ".py"),
        ("query", ".rs"),
        ("tests", ".rs"),
        ("www", ".js"),
        ("www", ".css"),
        ("tests", ".mjs"),
        ("tests", ".py"),
        ("spark", ".py"),
    ] {
        for (path, text) in files(folder, ending).into_iter().filter(|(path, _)| !built(path)) {
            let lines = text.lines().count();
            if lines > 400 {
                long.push(format!("{path}: {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "a second room may be wanted: {long:#?}");
}

#[test]
fn lines_stay_narrow() {
    // The formatters leave comments and strings as they are, and know no HTML. Rust under tests/ holds records.
    let places: [(&str, &[&str]); 7] = [
        ("www", &[".js", ".mjs", ".css", ".html"]),
        ("tests", &[".mjs"]),
        ("bench", &[".js", ".mjs"]),
        ("scripts", &[".mjs", ".rs"]),
        ("src", &[".rs"]),
        ("query", &[".rs"]),
        ("python", &[".rs"]),
    ];
    let mut wide = Vec::new();
    for (folder, endings) in places {
        let texts = endings.iter().flat_map(|ending| files(folder, ending));
        for (path, text) in texts.filter(|(path, _)| !built(path)) {
            // The bytes of the icon cannot be broken.
            let is_wide = |line: &str| line.chars().count() > 120 && !line.contains("data:image/png");
            let lines = text.lines().enumerate().filter(|(_, line)| is_wide(line));
            wide.extend(lines.map(|(at, _)| format!("{path}:{}", at + 1)));
        }
    }
    assert!(wide.is_empty(), "over 120 columns: {wide:#?}");
}

#[test]
fn workflows_run_only_actions_of_known_bytes() {
    // A tag can be moved; a commit's hash cannot.
    for (path, text) in files(".github/workflows", ".yml") {
        for (_, action) in text.lines().filter_map(|line| line.split_once("uses: ")) {
            let hash = action.split(['@', ' ']).nth(1).unwrap_or_default();
            assert!(
                hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{path}: {action}"
            );
        }
    }
}

#[test]
fn notebooks_are_kept_without_outputs() {
    let wrong = r#"{"cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["a"]},
        {"cell_type": "code", "id": "a", "metadata": {}, "source": ["a"], "execution_count": 1, "outputs": []},
        {"cell_type": "raw", "id": "b"}
    ], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"#;
    assert_eq!(
        notebooks::problems(wrong),
        ["a: it has no id of its own", "a: it has outputs", "b: it is neither code nor markdown"]
    );
    let kept = files("examples", ".ipynb");
    assert!(!kept.is_empty());
    for (path, text) in kept {
        assert_eq!(notebooks::problems(&text), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn every_target_that_the_readme_names_is_there() {
    let readme = fs::read_to_string("README.md").unwrap();
    let makefile = fs::read_to_string("Makefile").unwrap();
    for target in ["serve", "test", "test-long", "test-spark", "test-notebook", "test-s3", "dist", "dist-sql"]
    {
        assert!(readme.contains(&format!("make {target}")), "README.md does not name make {target}");
        assert!(makefile.contains(&format!("\n{target}:")), "Makefile has no {target}");
    }
    assert!(Path::new("LICENSE").exists() && Path::new("CHANGELOG.md").exists());
}

#[test]
fn what_architecture_says_is_where_it_says() {
    let text = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let (_, table) = text.split_once("\n## Where is").unwrap();
    let rows =
        table.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let mut checked = 0;
    for row in rows {
        let words: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        let (paths, names): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.contains('/'));
        let mut there = String::new();
        for path in paths {
            assert!(Path::new(path).exists(), "{path} is not there: {row}");
            let under = if path.ends_with('/') { files(path, "") } else { Vec::new() };
            under.into_iter().for_each(|(path, text)| there.push_str(&format!("{path}\n{text}")));
            there.push_str(&fs::read_to_string(path).unwrap_or_default());
        }
        for name in names.iter().flat_map(|name| name.split(['(', ')', ':'])) {
            assert!(there.contains(name), "{name} is nowhere that is named: {row}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked} names");
}
