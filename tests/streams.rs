//! What is read and written that is no regular file: pipes, devices, standard
//! input, output and error, and names that are no plain text.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const CUSTOMERS: &str =
    "{\"email\":\"p@example.com\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n";
const READINGS: &str = "{\"user\":\"p@example.com\",\"timestamp\":5,\"x\":1.0,\"y\":-1.0,\"z\":0.5}\n";
const STEPS: &str = "{\"sensorReadingTime\":5,\"serialNumber\":\"s\",\"distanceFromObject\":200}\n";

/// A folder with an export in `in`, and a key.
fn export() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    for (name, text) in
        [("in/c.json", CUSTOMERS), ("in/a.json", READINGS), ("in/s.json", STEPS), ("key", "k")]
    {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.stdin(Stdio::null());
    command
}

/// A run into `lake` of the folder, of these inputs.
fn run(folder: &Path, inputs: &[&OsStr]) -> Command {
    let mut command = program();
    command.arg("run").args(inputs).arg("--out").arg(folder.join("lake"));
    command.arg("--key-file").arg(folder.join("key"));
    command
}

fn report(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("lake/report.json")).unwrap()).unwrap()
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file of a folder by its path, but what holds the time, or a hash of what does.
fn tree(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("report.json") {
                let mut report: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                report.as_object_mut().unwrap().remove("files").unwrap();
                let path = path.strip_prefix(root).unwrap().to_owned();
                files.push((path, report.to_string().into_bytes()));
            } else if !path.ends_with("lineage.json") && !path.ends_with("croissant.json") {
                files.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(path).unwrap()));
            } else {
                files.push((path.strip_prefix(root).unwrap().to_owned(), Vec::new()));
            }
        }
    }
    files.sort();
    files
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_stream_that_takes_nothing_is_exit_code_1_and_all_files_are_written() {
    let folder = export();
    let input = folder.path().join("in");
    // Something for standard error too.
    fs::write(input.join("x.png"), "no JSON").unwrap();
    let lake = folder.path().join("lake");
    done(&run(folder.path(), &[input.as_os_str()]).output().unwrap());
    let whole = tree(&lake);
    for (broken, name) in [(closed as fn() -> Stdio, "closed"), (full, "full")] {
        for stream in ["output", "error", "both"] {
            fs::remove_dir_all(&lake).unwrap();
            let mut command = run(folder.path(), &[input.as_os_str()]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            if stream != "error" {
                command.stdout(broken());
            }
            if stream != "output" {
                command.stderr(broken());
            }
            let output = command.spawn().unwrap().wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{name} {stream}: {output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("panicked"), "{said}");
            assert_eq!(said.contains("cannot write to standard output"), stream == "output", "{said}");
            assert!(tree(&lake) == whole, "{name} {stream}");
        }
        let (report, sample) = (lake.join("report.json"), folder.path().join(format!("s-{name}")));
        let calls: [&[&OsStr]; 4] = [
            &["--help".as_ref()],
            &["--version".as_ref()],
            &["diff".as_ref(), report.as_os_str(), report.as_os_str()],
            &["sample".as_ref(), "--scale=0.001".as_ref(), "--out".as_ref(), sample.as_os_str()],
        ];
        for call in calls {
            let output = program().args(call).stdout(broken()).stderr(Stdio::piped()).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{call:?}");
            assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"), "{call:?}");
        }
        assert!(!tree(&sample).is_empty());
        assert_eq!(program().arg("--wrong").stderr(broken()).status().unwrap().code(), Some(2));
    }
}

#[test]
fn a_report_goes_into_a_pipe_and_replaces_nothing() {
    let folder = export();
    let input = folder.path().join("in");
    // As /dev/stdout is.
    let link = folder.path().join("out");
    symlink("/proc/self/fd/1", &link).unwrap();
    let call = || {
        let mut command = run(folder.path(), &[input.as_os_str()]);
        command.arg("--report").arg(&link);
        command
    };
    let output = call().output().unwrap();
    done(&output);
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), report(folder.path()));
    assert!(String::from_utf8(output.stderr).unwrap().contains("machine_learning_curated"), "the summary");

    // Sent to a file: nothing of what is there is written over.
    let sent = folder.path().join("sent");
    fs::write(&sent, "before ").unwrap();
    let file = File::options().append(true).open(&sent).unwrap();
    done(&call().stdout(file).output().unwrap());
    let text = fs::read_to_string(&sent).unwrap();
    assert!(text.starts_with("before {") && text.ends_with('}'), "{text}");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

    let pipe = folder.path().join("pipe");
    fifo(&pipe);
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    done(&run(folder.path(), &[input.as_os_str()]).arg("--report").arg(&pipe).output().unwrap());
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(serde_json::from_slice::<Value>(&reader.join().unwrap()).unwrap(), report(folder.path()));
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 6, "nothing is left behind: {names:?}");

    // One that takes nothing: the lake is whole all the same.
    let whole = tree(&folder.path().join("lake"));
    fs::remove_dir_all(folder.path().join("lake")).unwrap();
    let output = call().stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(tree(&folder.path().join("lake")) == whole);
}

#[test]
fn pipes_and_sockets_in_folders_are_named_and_not_read() {
    let folder = export();
    let input = folder.path().join("in");
    fifo(&input.join("pipe"));
    symlink("pipe", input.join("link")).unwrap();
    let _socket = UnixListener::bind(input.join("socket")).unwrap();
    let output = run(folder.path(), &[input.as_os_str()]).output().unwrap();
    done(&output);
    let report = report(folder.path());
    let inputs = report["inputs"].as_array().unwrap();
    let special = inputs.iter().filter(|input| input["reason"] == "special_file");
    let names: Vec<_> =
        special.map(|input| input["name"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["link", "pipe", "socket"]);
    assert_eq!(report["tables"]["machine_learning_curated"]["rows_out"], 1);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("3 files, ") && said.contains("pipes, sockets and devices in folders are not read")
    );
}

#[test]
fn pipes_that_are_named_and_standard_input_are_read() {
    let folder = export();
    let at = |name: &str| folder.path().join(name);
    done(&run(folder.path(), &[at("in").as_os_str()]).output().unwrap());
    let tables = |(path, _): &(PathBuf, Vec<u8>)| path.extension().is_some_and(|ending| ending == "parquet");
    let expected: Vec<_> = tree(&at("lake")).into_iter().filter(tables).collect();
    fs::remove_dir_all(at("lake")).unwrap();

    // A zip is read at random, which a pipe cannot be.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("a.json", READINGS), ("s.json", STEPS)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    fifo(&at("pipe"));
    let writer = thread::spawn({
        let pipe = at("pipe");
        move || fs::write(pipe, CUSTOMERS).unwrap()
    });
    let mut child = run(folder.path(), &["-".as_ref(), at("pipe").as_os_str()])
        .arg("--with-landing")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&zip).unwrap();
    writer.join().unwrap();
    done(&child.wait_with_output().unwrap());

    let lake = tree(&at("lake"));
    let landing = |(path, _): &&(PathBuf, Vec<u8>)| path.starts_with("customer/landing");
    let landed: Vec<_> = lake.iter().filter(landing).collect();
    assert_eq!(landed, [&(PathBuf::from("customer/landing/pipe"), CUSTOMERS.as_bytes().to_vec())]);
    let written: Vec<_> = lake.into_iter().filter(tables).collect();
    assert!(written == expected);
    let report = report(folder.path());
    let names: Vec<_> = report["inputs"].as_array().unwrap().iter().map(|input| &input["name"]).collect();
    assert_eq!(names, ["-/a.json", "-/s.json", at("pipe").to_str().unwrap()]);
    assert_eq!(report["archives"][0]["sha256"], sha256(&zip), "hashed as it was read");
    assert_eq!(report["inputs"][2]["sha256"], sha256(CUSTOMERS.as_bytes()));

    for name in ["-", "/dev/null"] {
        let twice = run(folder.path(), &[name.as_ref(), name.as_ref()]).output().unwrap();
        assert_eq!(twice.status.code(), Some(2));
        assert!(String::from_utf8(twice.stderr).unwrap().contains("can be read only once"));
    }
    let nothing = run(folder.path(), &["/dev/null".as_ref(), at("in").as_os_str()]).output().unwrap();
    done(&nothing);
    assert!(
        String::from_utf8(nothing.stderr).unwrap().contains("/dev/null: refused (empty): the file is empty")
    );
}

#[test]
fn names_that_are_no_utf_8_stay_apart() {
    let folder = export();
    let input = folder.path().join("in");
    let odd = |name: &[u8]| input.join(OsStr::from_bytes(name));
    for (time, name) in [(6, &b"\xff.json"[..]), (7, b"\xfe.json"), (8, b"\\xff.json"), (9, b".hidden\xff")] {
        fs::write(odd(name), READINGS.replace("\":5", &format!("\":{time}"))).unwrap();
    }
    done(&run(folder.path(), &[input.as_os_str()]).output().unwrap());
    let report = report(folder.path());
    let found: Vec<(&str, &str)> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| (input["name"].as_str().unwrap(), input["sha256"].as_str().unwrap()))
        .collect();
    for (name, bytes) in [
        ("\\xff.json", fs::read(odd(b"\xff.json")).unwrap()),
        ("\\xfe.json", fs::read(odd(b"\xfe.json")).unwrap()),
        ("\\x5cxff.json", fs::read(odd(b"\\xff.json")).unwrap()),
        (".hidden\\xff", fs::read(odd(b".hidden\xff")).unwrap()),
    ] {
        let named = format!("{}/{name}", input.display());
        assert!(found.contains(&(&named, &sha256(&bytes))), "{name}: {found:?}");
    }
    assert_eq!(report["tables"]["accelerometer_landing"]["rows_out"], 4);
}

#[test]
fn names_do_not_steer_the_terminal() {
    let folder = export();
    let input = folder.path().join("in");
    let evil = "\u{1b}[2J\u{9b}2J\u{202e}\nwarning: all is well\r.json";
    fs::write(input.join(evil), "no JSON").unwrap();
    fs::write(input.join(format!("a{evil}")), format!("{READINGS}{{\"user\":1")).unwrap();
    let mut zip = zip::ZipWriter::new(File::create(input.join(format!("{evil}.zip"))).unwrap());
    zip.start_file(format!("b{evil}"), zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"no JSON").unwrap();
    zip.finish().unwrap();
    let safe = |output: &Output, lines: usize| {
        let said = String::from_utf8([&output.stdout[..], &output.stderr].concat()).unwrap();
        let steers = |char: char| char != '\n' && (char.is_control() || char == '\u{202e}');
        assert!(!said.contains(steers), "{said:?}");
        assert!(!said.lines().any(|line| line.starts_with("warning: all")), "{said}");
        assert_eq!(
            said.matches("\\x1b[2J\\x9b2J\\u{202e}\\nwarning: all is well\\x0d").count(),
            lines,
            "{said}"
        );
    };
    let output = run(folder.path(), &[input.as_os_str()]).output().unwrap();
    done(&output);
    // Two are not used, which is one line that names the first, and a record is rejected.
    safe(&output, 2);
    let lake = folder.path().join("lake/report.json");
    let old = folder.path().join("old.json");
    fs::copy(&lake, &old).unwrap();
    for name in [evil, &format!("a{evil}"), &format!("{evil}.zip")] {
        fs::remove_file(input.join(name)).unwrap();
    }
    done(&run(folder.path(), &[input.as_os_str()]).output().unwrap());
    safe(&program().arg("diff").args([&old, &lake]).output().unwrap(), 4);
    let json = program().arg("diff").args([&old, &lake]).arg("--json").output().unwrap();
    safe(&json, 0);
    let difference: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(difference["inputs"]["removed"].to_string().contains("all is well"));

    for call in [
        vec!["run".into(), folder.path().join(evil)],
        vec![evil.into()],
        vec!["diff".into(), evil.into(), evil.into()],
    ] {
        let output = program().args(&call).arg("--out").arg(folder.path().join("x")).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']), "{said:?}");
    }
}
