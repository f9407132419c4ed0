//! Landing files that are scanned one by one, as the job on Spark has it, and put together: a report says of them what
//! that of a run says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use stedi_lakehouse::cli::landing::{FileInMemory, LandingLedger, Scanned, scan, skipped};
use stedi_lakehouse::ingest::{FieldFault, Record, Sink};
use stedi_lakehouse::schema::{ColumnType, Landing};
use stedi_lakehouse::wire::Message as _;

const LANDING: [&str; 3] = ["customer_landing", "accelerometer_landing", "step_trainer_landing"];
/// What a report says of landing files, and of them alone.
const SAME: [&str; 5] = ["complete", "incomplete", "rejects", "rejects_kept", "rejects_total"];

/// The bytes of all files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|file| {
            let below = file.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (below, fs::read(file.path()).unwrap())
        })
        .collect()
}

fn ledger(files: &BTreeMap<String, Vec<u8>>, all_zones: bool, known: &[String]) -> LandingLedger {
    let scanned = |(path, bytes): (&String, &Vec<u8>)| {
        let scanned = skipped(path, bytes.len() as u64, None).unwrap_or_else(|| scan(bytes, path));
        // As it travels.
        Scanned::from_bytes(&scanned.to_bytes().unwrap()).unwrap()
    };
    LandingLedger::new(files.iter().map(scanned).collect(), all_zones, known)
}

fn report(ledger: &LandingLedger) -> Value {
    serde_json::from_str(&ledger.report().unwrap()).unwrap()
}

/// The report of the program, with names as they are below the folder; none if it can use nothing.
fn by_program(folder: &Path, more: &[&str]) -> Option<Value> {
    let out = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(folder)
        .arg("--out")
        .arg(out.path().join("lake"))
        .args(more)
        .output()
        .unwrap();
    let text = fs::read_to_string(out.path().join("lake/report.json"));
    assert_eq!(text.is_ok(), output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = text.ok()?;
    Some(serde_json::from_str(&text.replace(&format!("{}/", folder.to_str().unwrap()), "")).unwrap())
}

/// What is in both of what a report says of landing files.
fn about(report: &Value) -> BTreeMap<String, Value> {
    let mut about: BTreeMap<String, Value> =
        SAME.iter().map(|&name| (name.to_owned(), report[name].clone())).collect();
    about.extend(LANDING.iter().map(|&table| (table.to_owned(), report["tables"][table].clone())));
    for list in ["inputs", "archives"] {
        let mut items = report[list].as_array().unwrap().clone();
        // What is not read is not hashed here.
        items
            .iter_mut()
            .filter(|item| item["status"] == "skipped")
            .for_each(|item| item["sha256"] = Value::Null);
        about.insert(list.to_owned(), json!(items));
    }
    about
}

fn warnings(report: &Value) -> Vec<&Value> {
    report["warnings"].as_array().unwrap().iter().collect()
}

fn assert_same(folder: &Path, more: &[&str]) {
    let ledger = ledger(&files(folder), more.contains(&"--all-zones"), &[]);
    let Some(program) = by_program(folder, more) else {
        assert!(ledger.used().is_empty(), "{}", folder.display());
        return;
    };
    let told = report(&ledger);
    assert_eq!(about(&told), about(&program), "{}", folder.display());
    // Under these options each of them is the program's too.
    for warning in warnings(&told) {
        assert!(warnings(&program).contains(&warning), "{}: {warning}", folder.display());
    }
}

/// Counts records whose fields are those of a table, as whoever makes rows of them must.
struct Count {
    table: Landing,
    rows: u64,
}

impl Sink for Count {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        for (at, column) in self.table.columns().iter().enumerate() {
            match column.ty {
                ColumnType::String => _ = record.text(at)?,
                ColumnType::Bigint => _ = record.bigint(at)?,
                ColumnType::Int => _ = record.int(at)?,
                ColumnType::Double => _ = record.double(at)?,
            }
        }
        self.rows += 1;
        Ok(())
    }
}

#[test]
fn each_case_is_told_as_the_program_tells_it() {
    let mut cases = 0;
    for folder in fs::read_dir("tests/cases").unwrap().map(Result::unwrap) {
        if folder.path().is_dir() {
            assert_same(&folder.path(), &[]);
            cases += 1;
        }
    }
    assert!(cases > 20, "{cases} cases");
    assert_same(Path::new("tests/cases/24-whole-bucket-landing-trusted-curated"), &["--all-zones"]);
}

#[test]
fn duplicates_archives_and_damage_are_told_as_the_program_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    };
    let zip = |files: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let customers: &[u8] = b"{\"email\":\"a@x.org\",\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":1}\n\
                      {\"email\":\"b@x.org\",\"serialNumber\":\"t\",\"shareWithResearchAsOfDate\":\"soon\"}\n\
                      {\"email\":\"c@x.org\",\"serialNumber\":\"t\",\"lastUpdateDate\":\"soon\"}\n{\"phone\":NaN}\n";
    let steps: &[u8] = b"{\"sensorReadingTime\":1,\"serialNumber\":\"s\"}";
    let readings: &[u8] =
        b"[{\"user\":\"a@x.org\",\"timestamp\":1,\"x\":1.0},{\"user\":\"b@x.org\",\"timestamp\":2}";
    put("customers.json", customers);
    put("copies/customers.json.gz", &gzip(customers));
    put("readings.json", readings);
    let two = zip(&[("b/readings.json", readings), ("steps.json", steps)]);
    put("two.zip", &two);
    put("two-again.zip", &two);
    put("bad.zip", b"PK\x03\x04 no zip");
    put("empty.zip", &zip(&[]));
    put("cut.json.gz", &gzip(customers)[..12]);
    put("empty.json", b"");
    put("_started", b"");
    put(".hidden/x.json", customers);
    put("table.csv", b"email,serialNumber\na@x.org,s\n");
    let many = "{\"user\":NaN}\n".repeat(200);
    put("many.json", format!("{{\"user\":\"a@x.org\",\"timestamp\":3}}\n{many}").as_bytes());
    assert_same(folder.path(), &[]);
    let ledger = ledger(&files(folder.path()), false, &[]);
    assert_eq!(ledger.barred().map(String::as_str).collect::<Vec<_>>(), ["c@x.org"]);
    let serials = BTreeMap::from([("t".to_owned(), Some("c@x.org".to_owned()))]);
    assert_eq!(*ledger.barred_serials(), serials);
    let told = report(&ledger);
    assert_eq!(told["rejects_total"].as_u64(), Some(202));
    // As many rows come out as were counted.
    let files = files(folder.path());
    let (mut rows, mut names) = (0, Vec::new());
    for used in ledger.used() {
        let mut count = Count { table: used.table, rows: 0 };
        let mut file = FileInMemory::new(&files[&used.path]);
        file.read("", used.entry, used.table, used.share, &mut count).unwrap();
        rows += count.rows;
        names.push(used.path.as_str());
    }
    let counted: u64 = LANDING.iter().map(|&table| told["tables"][table]["rows_out"].as_u64().unwrap()).sum();
    assert_eq!((rows, counted), (6, 6), "{names:?}");
}

/// An object store may hold `a.tar` and, as another object, `a.tar/b.json`.
#[test]
fn two_of_one_name_that_hold_the_same_are_used_once() {
    let readings = |time: u8| format!("{{\"user\":\"a@x.org\",\"timestamp\":{time}}}\n").into_bytes();
    let mut builder = tar::Builder::new(Vec::new());
    for (name, time) in [("b.json", 1), ("c.json", 2)] {
        let mut header = tar::Header::new_ustar();
        header.set_size(readings(time).len() as u64);
        builder.append_data(&mut header, name, readings(time).as_slice()).unwrap();
    }
    let files = [
        ("a.tar", builder.into_inner().unwrap()),
        ("a.tar/b.json", readings(1)),
        ("a.tar/c.json", readings(3)),
    ];
    let ledger = ledger(&files.map(|(path, bytes)| (path.to_owned(), bytes)).into(), false, &[]);
    let used: Vec<_> = ledger.used().iter().map(|used| (used.path.as_str(), used.entry)).collect();
    assert_eq!(used, [("a.tar/b.json", None), ("a.tar/c.json", None), ("a.tar", Some(1))]);
    let told = report(&ledger);
    let inputs = told["inputs"].as_array().unwrap().iter();
    let duplicates: Vec<_> = inputs.filter(|input| input["status"] == "duplicate").collect();
    assert_eq!(duplicates.len(), 1);
    assert_eq!(
        (&duplicates[0]["name"], &duplicates[0]["of"]),
        (&json!("a.tar/b.json"), &json!("a.tar/b.json"))
    );
}

#[test]
fn files_of_readings_that_a_lake_has_are_left_out_and_customers_are_not() {
    let mixed = b"{\"email\":\"a\",\"serialNumber\":\"s\"}\n{\"user\":\"a\",\"timestamp\":1}\n";
    let files: BTreeMap<String, Vec<u8>> = [
        ("a.json", &b"{\"user\":\"a\",\"timestamp\":1}"[..]),
        ("b.json", b"{\"user\":\"a\",\"timestamp\":2}"),
        ("c.json", b"{\"email\":\"a\",\"serialNumber\":\"s\"}"),
        ("d.json", mixed),
    ]
    .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
    .into();
    let told = report(&ledger(&files, false, &[]));
    let of =
        |path: &str| told["inputs"].as_array().unwrap().iter().find(|input| input["name"] == path).unwrap();
    let known: Vec<String> =
        ["a.json", "c.json", "d.json"].map(|path| of(path)["sha256"].as_str().unwrap().to_owned()).into();
    let told = report(&ledger(&files, false, &known));
    let statuses: Vec<(&str, &str)> = told["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| (input["name"].as_str().unwrap(), input["status"].as_str().unwrap()))
        .collect();
    // The file of two tables may hold steps too.
    let mut wanted = vec![("a.json", "in_lake"), ("b.json", "used"), ("c.json", "used")];
    wanted.extend([("d.json", "used"), ("d.json", "in_lake"), ("d.json", "in_lake")]);
    assert_eq!(statuses, wanted);
}

#[test]
fn the_job_asks_for_the_package_of_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let job = fs::read_to_string("spark/lake_folder.py").unwrap();
    assert!(job.contains(&format!("\nVERSION = \"{version}\"\n")));
    let package = fs::read_to_string("python/Cargo.toml").unwrap();
    assert!(package.contains(&format!("\nversion = \"{version}\"\n")));
}
