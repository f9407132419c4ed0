//! The command line as a user meets it: files in, lake, report and exit codes out.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const TABLES: [&str; 8] = [
    "customer_landing",
    "accelerometer_landing",
    "step_trainer_landing",
    "customer_trusted",
    "accelerometer_trusted",
    "customer_curated",
    "step_trainer_trusted",
    "machine_learning_curated",
];

const WRITTEN: [&str; 5] = [
    "customer/trusted",
    "accelerometer/trusted",
    "customer/curated",
    "step_trainer/trusted",
    "step_trainer/curated",
];

fn call(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse")).args(arguments).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs the paths and gives the report, whose ledger must balance.
fn run(paths: &[&Path], out: &Path, more: &[&str]) -> Value {
    run_and_say(paths, out, more).0
}

/// As [`run`], with what stands on standard error.
fn run_and_say(paths: &[&Path], out: &Path, more: &[&str]) -> (Value, String) {
    let report = out.join("report.json");
    let mut arguments = vec!["run"];
    arguments.extend(paths.iter().map(|path| text(path)));
    arguments.extend(["--out", text(out), "--report", text(&report)]);
    arguments.extend(more);
    let output = call(&arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let report: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let sum = |counts: &Value| counts.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    for table in TABLES {
        let counts = &report["tables"][table];
        let kept = counts.get("rows_matched").unwrap_or(&counts["rows_out"]).as_u64().unwrap();
        assert_eq!(
            counts["rows_in"].as_u64().unwrap(),
            kept + sum(&counts["filtered"]) + sum(&counts["rejected"]),
            "{table}"
        );
    }
    (report, said)
}

fn rows_out(report: &Value) -> [u64; 8] {
    TABLES.map(|table| report["tables"][table]["rows_out"].as_u64().unwrap())
}

fn lake(out: &Path) -> [Vec<u8>; 5] {
    WRITTEN.map(|folder| fs::read(out.join(folder).join("part-00000.snappy.parquet")).unwrap())
}

#[test]
fn the_real_export_gives_its_known_counts() {
    let data = PathBuf::from(std::env::var("STEDI_DATA").unwrap_or("../shared/data/stedi".to_owned()));
    if !data.exists() {
        eprintln!("SKIPPED: no real export at {}; set STEDI_DATA", data.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, more, counts) in [
        ("owner", &[][..], [956, 81_273, 28_680, 482, 40_981, 482, 14_460, 40_981]),
        ("time", &["--join", "time"], [956, 81_273, 28_680, 482, 40_981, 482, 14_460, 43_681]),
        ("as-of", &["--consent", "as-of"], [956, 81_273, 28_680, 482, 32_025, 464, 11_297, 32_025]),
    ] {
        let report = run(&[&data], &folder.path().join(name), more);
        assert_eq!(rows_out(&report), counts, "{name}");
        let mixed = if name == "time" { 2_700 } else { 0 };
        assert_eq!(report["tables"]["machine_learning_curated"]["mixed_pairs"], mixed);
        assert_eq!(report["rejects_total"], 0);
        let verdict = report["quality"]["verdict"].as_str().unwrap();
        let said =
            "0.33 Hz, at most three distinct values an axis, no labels: steps cannot be learned from this.";
        assert!(verdict.starts_with(said), "{verdict}");
    }
}

#[test]
fn the_sample_of_walking_pairs_every_reading_and_its_labels_are_no_input() {
    let folder = tempfile::tempdir().unwrap();
    let sample = folder.path().join("sample");
    assert!(call(&["sample", "--steps", "--scale", "0.1", "--out", text(&sample)]).status.success());
    let report = run(&[&sample], &folder.path().join("lake"), &[]);
    assert_eq!(rows_out(&report), [4, 120_000, 120_000, 3, 90_000, 3, 90_000, 90_000]);
    let verdict = report["quality"]["verdict"].as_str().unwrap();
    assert!(
        verdict.starts_with("50 Hz, more than four distinct values an axis, no labels: steps can be seen")
    );
    let labels = fs::read_to_string(sample.join("labels/steps.ndjson")).unwrap();
    assert!((1_500..3_300).contains(&labels.lines().count()), "{}", labels.lines().count());
    let inputs = report["inputs"].as_array().unwrap();
    let refused = inputs.iter().filter(|input| input["status"] == "refused");
    assert_eq!(refused.map(|input| &input["reason"]).collect::<Vec<_>>(), ["unknown_fields"]);
    assert!(report["complete"].as_bool().unwrap());
    assert_eq!(call(&["sample", "--seed", "2", "--out", "x"]).status.code(), Some(2));
    assert_eq!(call(&["sample", "--steps", "--defects", "--out", "x"]).status.code(), Some(2));
}

#[test]
fn defects_of_the_sample_are_met_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (sample, lake) = (folder.path().join("sample"), folder.path().join("lake"));
    assert!(call(&["sample", "--scale", "0.3", "--defects", "--out", text(&sample)]).status.success());
    let (report, said) = run_and_say(&[&sample], &lake, &["--records", "latest"]);
    let inputs = report["inputs"].as_array().unwrap();
    let of_table = || inputs.iter().filter(|input| input["table"] == "accelerometer_landing");
    for reason in ["bad_json", "not_a_number", "missing_key", "not_an_integer"] {
        let by_file: u64 = of_table().filter_map(|input| input["reasons"][reason].as_u64()).sum();
        let by_table = &report["tables"]["accelerometer_landing"]["rejected"][reason];
        assert!(by_file > 0 && *by_table == by_file, "{reason}: {by_file} of {by_table}");
    }
    assert!(report["warnings"].as_array().unwrap().iter().any(|told| told["code"] == "shared_serials"));
    for (status, reason, words) in [
        ("skipped", "marker", "skipped (marker): "),
        ("refused", "xml", "refused (xml): "),
        ("left_out", "trusted", "left out (trusted): "),
        ("duplicate", "", "duplicate: the same bytes as "),
    ] {
        let is =
            |input: &&Value| input["status"] == status && input["reason"].as_str().unwrap_or("") == reason;
        assert_eq!(inputs.iter().filter(is).count(), 1, "{status}");
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(said.contains("\nrejected: "), "{said}");
}

/// A small export in which every customer consents.
fn small(people: usize, readings: usize) -> [String; 3] {
    let mut files = [String::new(), String::new(), String::new()];
    for person in 0..people {
        let (email, serial) = (format!("p{person}@example.com"), format!("serial-{person}"));
        files[0] += &format!(
            "{{\"customerName\":\"P\",\"email\":\"{email}\",\"phone\":5550100,\"serialNumber\":\"{serial}\",\"shareWithResearchAsOfDate\":1}}\n"
        );
        for time in 0..readings {
            files[1] +=
                &format!("{{\"user\":\"{email}\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":0.5}}\n");
            files[2] += &format!(
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":200}}\n"
            );
        }
    }
    files
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn good_rows_are_all_there_and_each_bad_thing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in");
    fs::create_dir(&input).unwrap();
    let [customers, accelerometer, steps] = small(3, 10);
    let write = |name: &str, bytes: &[u8]| fs::write(input.join(name), bytes).unwrap();
    write("1-trailing-commas.json", customers.replace("}\n", "},\n").as_bytes());
    write("2-no-separators.json", accelerometer.replace('\n', "").as_bytes());
    write(
        "3-pretty-array.json",
        format!("[\n{}\n]", steps.replace("}\n", "\n},\n").replace(",\"", ",\n  \"")).as_bytes(),
    );
    write("4-cut.json", &accelerometer.as_bytes()[..accelerometer.len() - 9]);
    write("5-empty.json", b"");
    write("6-picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0");
    write("7-other.json", b"{\"a\":1}");
    let report = run(&[&input], &folder.path().join("lake"), &[]);
    assert_eq!(rows_out(&report)[..3], [3, 59, 30]);
    let status: Vec<_> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| input["reason"].as_str().unwrap_or(input["status"].as_str().unwrap()))
        .collect();
    assert_eq!(status, ["used", "used", "used", "used", "empty", "not_json", "unknown_fields"]);
    let rejects = report["rejects"].as_array().unwrap();
    assert_eq!(rejects.len(), 1);
    assert!(rejects[0]["file"].as_str().unwrap().ends_with("4-cut.json"));
    assert_eq!((&rejects[0]["line"], &rejects[0]["reason"]), (&30.into(), &"unterminated".into()));
    // The cut line starts where the 30th whole one did.
    assert_eq!(rejects[0]["offset"], accelerometer.trim_end().rfind('\n').unwrap() + 1);
}

#[test]
fn packed_files_give_the_same_lake_as_plain_ones() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    fs::write(&key, "a key\n").unwrap();
    let key = ["--key-file", text(&key)];
    let [customers, accelerometer, steps] = small(4, 20);
    let plain = folder.path().join("plain");
    fs::create_dir(&plain).unwrap();
    for (name, bytes) in [("c.json", &customers), ("a.json", &accelerometer), ("s.json", &steps)] {
        fs::write(plain.join(name), bytes).unwrap();
    }
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("packed.zip")).unwrap());
    for (name, bytes) in
        [("deep/er/c.json", customers.into_bytes()), ("a.json.gz", gzip(accelerometer.as_bytes()))]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
    let (first, second) = steps.as_bytes().split_at(steps.len() / 2);
    fs::write(folder.path().join("s.json.gz"), [gzip(first), gzip(second)].concat()).unwrap();

    let expected = run(&[&plain], &folder.path().join("lake-1"), &key);
    let packed = [&*folder.path().join("packed.zip"), &*folder.path().join("s.json.gz")];
    let report = run(&packed, &folder.path().join("lake-2"), &key);
    assert_eq!(rows_out(&report), rows_out(&expected));
    assert!(lake(&folder.path().join("lake-1")) == lake(&folder.path().join("lake-2")));
}

#[test]
fn a_large_file_whose_records_span_lines_is_read_right() {
    let folder = tempfile::tempdir().unwrap();
    // The second line of each record looks like the first of another.
    let record = "{\"user\":\"zoe@example.com\",\"timestamp\":1,\"x\":1.0,\"y\":1.0,\"extra\":\n{\"a\":1}}\n";
    let input = folder.path().join("a.json");
    fs::write(&input, record.repeat(200_000)).unwrap();
    let report = run(&[&input], &folder.path().join("lake"), &[]);
    assert_eq!(rows_out(&report)[1], 200_000);
    assert_eq!(report["rejects_total"], 0);
}

#[test]
fn a_file_given_twice_is_used_once() {
    let folder = tempfile::tempdir().unwrap();
    let [customers, ..] = small(3, 0);
    for name in ["a.json", "b.json"] {
        fs::write(folder.path().join(name), &customers).unwrap();
    }
    let report = run(&[folder.path()], &folder.path().join("lake"), &[]);
    assert_eq!(rows_out(&report)[0], 3);
    let second = &report["inputs"][1];
    assert_eq!(second["status"], "duplicate");
    assert_eq!(second["of"], report["inputs"][0]["name"]);
}

#[test]
fn hidden_files_of_folders_and_archives_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let [customers, ..] = small(3, 0);
    for name in [".git/a.json", "b/.c.json", "d.json"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{customers}{}", "\n".repeat(name.len()))).unwrap();
    }
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("e.zip")).unwrap());
    zip.start_file("__MACOSX/._f.json", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(customers.as_bytes()).unwrap();
    zip.finish().unwrap();
    let report = run(&[folder.path()], &folder.path().join("lake"), &[]);
    assert_eq!(rows_out(&report)[0], 3);
    let reasons: Vec<_> =
        report["inputs"].as_array().unwrap().iter().map(|input| input["reason"].as_str()).collect();
    assert_eq!(reasons, [Some("hidden"), Some("hidden"), None, Some("hidden")]);
}

#[test]
fn a_saved_key_gives_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let [customers, accelerometer, steps] = small(5, 5);
    for (name, bytes) in [("c", &customers), ("a", &accelerometer), ("s", &steps)] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let inputs = ["c", "a", "s"].map(|name| folder.path().join(name));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let [one, two, three] = ["1", "2", "3"].map(|name| folder.path().join("lake").join(name));
    let key = folder.path().join("key");
    let report = run(&inputs, &one, &["--save-key", text(&key)]);
    assert_eq!(report["options"]["key"], "random");
    let report = run(&inputs, &two, &["--key-file", text(&key)]);
    assert_eq!(report["options"]["key"], "given");
    run(&inputs, &three, &[]);
    assert!(lake(&one) == lake(&two));
    assert!(lake(&one)[4] != lake(&three)[4]);
}

#[test]
fn exit_codes_are_0_done_1_failed_2_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("lake");
    let [customers, ..] = small(1, 0);
    let input = folder.path().join("c.json");
    fs::write(&input, format!("{customers}rubbish\n")).unwrap();
    let code = |arguments: &[&str]| call(arguments).status.code().unwrap();
    let (input, lake) = (text(&input), text(&out));
    assert_eq!(code(&["run", input, "--out", lake, "--strict"]), 1);
    assert!(!out.exists(), "--strict writes nothing");
    assert_eq!(code(&["run", input, "--out", lake]), 0);
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    assert_eq!(code(&["run", text(&empty), "--out", lake]), 1);
    assert_eq!(code(&["run", "no-such-file", "--out", lake]), 2);
    assert_eq!(code(&["run", input]), 2);
    assert_eq!(code(&["run", input, "--out", lake, "--consent", "never"]), 2);
    assert_eq!(code(&["run", input, "--out", lake, "--key-file", text(&empty)]), 2);
    assert_eq!(code(&["sample", "--scale", "0", "--out", lake]), 2);
}

#[test]
fn withdrawals_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in ["c", "a", "s"].into_iter().zip(small(4, 5)) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let list = folder.path().join("list.txt");
    fs::write(&list, " P1@EXAMPLE.com\r\n\nserial-2\nnobody@example.com\n").unwrap();
    let inputs = ["c", "a", "s"].map(|name| folder.path().join(name));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let out = folder.path().join("lake");
    let report = run(&inputs, &out, &["--withdrawals", text(&list)]);
    assert_eq!(rows_out(&report), [4, 20, 20, 2, 10, 2, 10, 10]);
    assert_eq!(report["tables"]["step_trainer_trusted"]["filtered"]["withdrawn"], 10);
    assert_eq!(report["options"]["withdrawals"], 3);
    let warning = &report["warnings"][0];
    assert_eq!((&warning["code"], &warning["count"]), (&"withdrawals_unmet".into(), &1.into()));
    let whole = fs::read_to_string(out.join("report.json")).unwrap();
    assert!(
        !whole.contains("example.com") && !whole.contains("serial-"),
        "a report holds no value of a record"
    );
}

#[test]
fn two_reports_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = folder.path().join("in");
    fs::create_dir(&inputs).unwrap();
    for (name, bytes) in ["c", "a", "s"].into_iter().zip(small(4, 5)) {
        fs::write(inputs.join(name), bytes).unwrap();
    }
    let list = folder.path().join("list.txt");
    fs::write(&list, "p1@example.com\n").unwrap();
    let [one, two] = ["1", "2"].map(|name| folder.path().join(name));
    run(&[&inputs], &one, &[]);
    fs::write(inputs.join("b"), "{\"user\":\"p0@example.com\",\"timestamp\":0}\nrubbish").unwrap();
    run(&[&inputs], &two, &["--withdrawals", text(&list)]);
    let [one, two] = [one, two].map(|out| out.join("report.json"));

    let output = call(&["diff", text(&one), text(&two), "--json"]);
    let difference: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(difference["options"][0], serde_json::json!({"name": "withdrawals", "old": 0, "new": 1}));
    assert_eq!(
        (&difference["inputs"]["same"], &difference["inputs"]["compared_by"]),
        (&3.into(), &"sha256".into())
    );
    assert!(difference["inputs"]["added"][0]["name"].as_str().unwrap().ends_with("/b"));
    let table = &difference["tables"]["accelerometer_trusted"];
    assert_eq!((&table["gained"], &table["lost"]), (&1.into(), &5.into()));
    let output = call(&["diff", text(&one), text(&two)]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("withdrawn -5") && told.contains("option withdrawals: 0 → 1"), "{told}");
    assert!(told.contains("people admitted: 4 → 3\npeople left_out: 0 → 1\n"), "{told}");
    assert!(!told.contains("example.com"));

    for wrong in [inputs.join("c"), list, folder.path().join("none")] {
        let output = call(&["diff", text(&one), text(&wrong)]);
        assert_eq!(output.status.code(), Some(2));
        assert!(!String::from_utf8_lossy(&output.stderr).contains("example.com"));
    }
}
