//! The key of the pseudonyms: where it is saved, and what is said of it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const EXPORT: [(&str, &str); 3] = [
    ("c.json", "{\"email\":\"p@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n"),
    ("a.json", "{\"user\":\"p@example.com\",\"timestamp\":5,\"x\":1.0,\"y\":-1.0,\"z\":0.5}\n"),
    ("s.json", "{\"sensorReadingTime\":5,\"serialNumber\":\"s\",\"distanceFromObject\":200}\n"),
];

fn export() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    EXPORT.iter().for_each(|(name, text)| fs::write(folder.path().join("in").join(name), text).unwrap());
    folder
}

/// A run into a lake of this name.
fn run(folder: &Path, lake: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.current_dir(folder).args(["run", "in", "--out", lake]).args(more).output().unwrap()
}

fn done(output: Output) -> String {
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn failed(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

/// Of a lake: its pairs, and the check value of its key.
fn made(folder: &Path, lake: &str) -> (Vec<u8>, String) {
    let lake = folder.join(lake);
    let report: Value = serde_json::from_slice(&fs::read(lake.join("report.json")).unwrap()).unwrap();
    let pairs = fs::read(lake.join("step_trainer/curated/part-00000.snappy.parquet")).unwrap();
    (pairs, report["options"]["key_check"].as_str().unwrap().to_owned())
}

#[test]
fn save_key_never_overwrites_and_refuses_before_anything_is_read() {
    let folder = export();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("mine"), "mine").unwrap();
    // Nothing is read: else it would be the inputs that are missing.
    fs::remove_dir_all(at("in")).unwrap();
    let mut names = vec!["mine"];
    if cfg!(unix) {
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", at("link")).unwrap();
        names.push("link");
    }
    for name in names {
        let said = failed(&run(folder.path(), "lake", &["--save-key", name, "--withdrawals", "none"]), 2);
        assert!(said.contains(name) && said.contains("never overwrites"), "{said}");
    }
    // Nor does anything overwrite the key: it lies beside no table, and is no report.
    fs::create_dir(at("folder")).unwrap();
    for (more, why) in [
        (["--save-key=folder/../lake/report.json"].as_slice(), "whoever gets them"),
        (&["--save-key=new", "--report=folder/../new"], "--report would overwrite it"),
    ] {
        let said = failed(&run(folder.path(), "lake", more), 2);
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(fs::read(at("mine")).unwrap(), b"mine");
    assert!(!at("nowhere").exists() && !at("lake").exists());
}

#[cfg(unix)]
#[test]
fn a_saved_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = export();
    let program = env!("CARGO_BIN_EXE_stedi-lakehouse");
    let call = format!("umask 0; exec '{program}' run in --out lake --save-key keys/key");
    done(Command::new("sh").args(["-c", &call]).current_dir(folder.path()).output().unwrap());
    let key = folder.path().join("keys/key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(key).unwrap();
    assert!(text.len() == 65 && text.trim_end().bytes().all(|byte| byte.is_ascii_hexdigit()), "{text}");
}

#[test]
fn a_key_is_saved_before_a_table_and_only_for_one() {
    let folder = export();
    let at = |name: &str| folder.path().join(name);
    // A key that cannot be saved: no table either.
    failed(&run(folder.path(), "lake", &["--save-key", "in/c.json/key"]), 1);
    assert!(!at("lake").exists());
    // A run that writes no table.
    fs::write(at("in/bad.json"), "rubbish").unwrap();
    failed(&run(folder.path(), "lake", &["--save-key", "key", "--strict"]), 1);
    EXPORT.iter().for_each(|(name, _)| fs::remove_file(at("in").join(name)).unwrap());
    failed(&run(folder.path(), "lake", &["--save-key", "key"]), 1);
    assert!(!at("key").exists() && !at("lake").exists());
}

#[test]
fn the_check_value_tells_whether_pseudonyms_are_linked() {
    let folder = export();
    let saved = done(run(folder.path(), "one", &["--save-key", "key"]));
    let given = done(run(folder.path(), "two", &["--key-file", "key"]));
    let random = done(run(folder.path(), "three", &[]));
    let [one, two, three] = ["one", "two", "three"].map(|lake| made(folder.path(), lake));
    assert!(one.1.len() == 8 && one.1.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", one.1);
    assert!(one == two, "one key, one pseudonym, one check value");
    assert!(one.0 != three.0 && one.1 != three.1);

    // A random key is offered to be saved; one that is saved, or was, is not.
    assert!(random.contains("--save-key FILE") && random.contains("Erasing"), "{random}");
    assert!(saved.contains("saved in key") && !saved.contains("--save-key FILE"), "{saved}");
    assert!(!given.contains("note:"), "{given}");
    let key = fs::read_to_string(folder.path().join("key")).unwrap();
    let report = fs::read_to_string(folder.path().join("one/report.json")).unwrap();
    assert!(![saved, given, random, report].iter().any(|said| said.contains(key.trim_end())));

    let diff = |old: &str, new: &str| {
        let reports = [old, new].map(|lake| folder.path().join(lake).join("report.json"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
        String::from_utf8(command.arg("diff").args(reports).output().unwrap().stdout).unwrap()
    };
    assert!(diff("one", "two").contains("pseudonyms: linked"));
    let other = diff("one", "three");
    assert!(other.contains("note: A run had a random key") && !other.contains("linked"), "{other}");
}

#[test]
fn a_run_into_a_lake_made_under_another_key_warns() {
    let folder = export();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("key", "one");
    write("other", "two");
    let warns = |more: &[&str]| done(run(folder.path(), "lake", more)).contains("warning: other_key");
    let (key, other) = (["--key-file", "key"], ["--key-file", "other"]);
    assert!(!warns(&key), "no lake is there");
    assert!(!warns(&key), "the same key");
    assert!(warns(&other));
    assert!(warns(&[]), "a random key");
    assert!(!warns(&["--identity", "serial"]), "no pseudonyms");
    assert!(!warns(&other), "there were none");

    // A lake of an earlier version, whose report has no check value.
    let report: PathBuf = folder.path().join("lake/report.json");
    let mut old: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    old["options"].as_object_mut().unwrap().remove("key_check");
    fs::write(&report, old.to_string()).unwrap();
    assert!(warns(&[]), "no random key is that of a lake");
}

#[test]
fn a_key_that_can_be_guessed_is_warned_of() {
    let folder = export();
    let warns = |key: &str, more: &[&str]| {
        fs::write(folder.path().join("key"), key).unwrap();
        let said = done(run(folder.path(), "lake", &[&["--key-file", "key"][..], more].concat()));
        said.contains("warning: short_key")
    };
    assert!(warns("fifteen letters\n", &[]));
    assert!(!warns("sixteen letters!\n", &[]));
    assert!(!warns("short", &["--identity", "serial"]), "no pseudonyms");
}
