//! People who did not agree, and people under pseudonyms: no byte of theirs is
//! where it must not be. They carry strings that stand nowhere else.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use tempfile::TempDir;

/// In every value of whoever must not be found, in some case.
const CANARY: &str = "canary";
/// In every value of those who agreed.
const AGREED: &str = "willing";
/// Consent dates before all readings, and before some.
const EARLY: &str = "100000000050";
const LATE: &str = "100000000110";
const KEY: &str = "the secret key of this test";

fn customer(mark: &str, number: usize, consent: &str, updated: u64) -> String {
    format!(
        "{{\"customerName\":\"{mark}-name-{number}\",\"email\":\"{mark}-email-{number}@example.com\",\
         \"phone\":\"{mark}-phone-{number}\",\"birthDay\":\"{mark}-day-{number}\",\"serialNumber\":\"{mark}-serial-{number}\",\
         \"registrationDate\":1,\"lastUpdateDate\":{updated},\"shareWithResearchAsOfDate\":{consent},\
         \"{CANARY}-field\":\"{CANARY}-unknown\"}}\n"
    )
}

fn readings(mark: &str, number: usize) -> [String; 2] {
    // The later of them are after the consent of one who agreed.
    let times = 100_000_000_100u64..100_000_000_120;
    let accelerometer = times.clone().map(|time| {
        format!(
            "{{\"user\":\"{mark}-email-{number}@example.com\",\"timestamp\":{time},\"x\":1.0,\"y\":-1.0,\"z\":{number}.0,\
             \"{CANARY}-field\":\"{CANARY}-unknown\"}}\n"
        )
    });
    let steps = times.map(|time| {
        format!("{{\"sensorReadingTime\":{time},\"serialNumber\":\"{mark}-serial-{number}\",\"distanceFromObject\":{number}}}\n")
    });
    [accelerometer.collect(), steps.collect()]
}

/// Records that are no rows, each with a canary in it.
const REJECTED: [&str; 4] = [
    "{\"user\":\"canary-rejected@example.com\",\"timestamp\":\"canary-time\",\"x\":1.0,\"y\":1.0,\"z\":1.0}\n",
    "{\"user\":\"canary-rejected@example.com\",\"timestamp\":1,\"x\":\"canary-x\",\"y\":1.0,\"z\":1.0}\n",
    "{\"user\":\"canary-broken@example.com\",\"timestamp\":1,\"x\":canary}\n",
    "{\"user\":[\"canary-nested\"],\"timestamp\":1,\"x\":1.0,\"y\":1.0,\"z\":1.0}\n",
];

struct Ran {
    folder: TempDir,
    /// All that the program said.
    said: String,
}

impl Ran {
    fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }
}

/// Runs over these files.
fn run(files: &[(String, String)], withdrawals: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("export")).unwrap();
    for (name, text) in files {
        fs::write(at("export").join(name), text).unwrap();
    }
    fs::write(at("key"), KEY).unwrap();
    fs::write(at("withdrawals"), withdrawals).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(at("export"))
        .arg("--out")
        .arg(at("lake"))
        .arg("--key-file")
        .arg(at("key"))
        .arg("--withdrawals")
        .arg(at("withdrawals"))
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    Ran { folder, said }
}

/// Every file of the lake with its bytes, and of a Parquet file its texts too.
fn contents(lake: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut contents = Vec::new();
    let mut folders = vec![lake.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // Metadata, statistics and indexes stand in it as they are.
            let mut bytes = fs::read(&path).unwrap();
            if path.extension().is_some_and(|extension| extension == "parquet") {
                bytes.extend(texts(&path).into_iter().flat_map(String::into_bytes));
            }
            contents.push((path, bytes));
        }
    }
    assert!(contents.len() > 20, "{contents:?}");
    contents
}

fn texts(file: &Path) -> Vec<String> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap().build().unwrap();
    let mut texts = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for column in batch.columns().iter().filter(|column| column.data_type() == &DataType::Utf8) {
            texts.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
        }
    }
    texts
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

fn assert_nowhere(ran: &Ran, needle: &str, what: &str) {
    assert!(!holds(ran.said.as_bytes(), needle), "{what}: {}", ran.said);
    for (path, bytes) in contents(&ran.lake()) {
        assert!(!holds(&bytes, needle), "{what}: {needle} is in {}", path.display());
    }
}

fn subjects(ran: &Ran) -> Vec<String> {
    let mut files =
        fs::read_dir(ran.lake().join("step_trainer/curated")).unwrap().map(|entry| entry.unwrap().path());
    // Beside it may be a log.
    texts(&files.find(|path| path.is_file()).unwrap())
}

/// Two who agreed, and one who did not.
fn export() -> Vec<(String, String)> {
    let mut files = vec![("rejected.json".to_owned(), readings(AGREED, 1)[0].clone() + &REJECTED.concat())];
    let refusals = ["null", "0", "-5", "\"\"", "\"canary-date\"", "true"];
    let mut customers = customer(AGREED, 0, EARLY, 1) + &customer(AGREED, 1, LATE, 1);
    for (number, consent) in refusals.iter().enumerate() {
        customers += &customer(CANARY, number, consent, 1);
        let [accelerometer, steps] = readings(CANARY, number);
        files.extend([(format!("{number}-a.json"), accelerometer), (format!("{number}-s.json"), steps)]);
    }
    let [accelerometer, steps] = readings(AGREED, 0);
    files.extend([
        ("customers.json".to_owned(), customers),
        ("a.json".to_owned(), accelerometer),
        ("s.json".to_owned(), steps + &readings(AGREED, 1)[1]),
    ]);
    files
}

#[test]
fn who_did_not_agree_is_nowhere_under_any_option() {
    let choices = [
        ["--consent=as-of-phone", "--consent=as-of"],
        ["--records=any", "--records=latest"],
        ["--emails=exact", "--emails=folded"],
        ["--shared-serials=keep", "--shared-serials=drop"],
        ["--duplicates=keep", "--duplicates=drop"],
        ["--join=owner", "--join=time"],
        ["--identity=pseudonym", "--identity=serial"],
    ];
    for others in 0..1 << choices.len() {
        let mut flags: Vec<&str> =
            choices.iter().enumerate().map(|(at, choice)| choice[others >> at & 1]).collect();
        if others % 3 == 0 {
            // Each value of the third option, beside most of the others.
            flags[0] = "--consent=ever";
        }
        flags.push(["--compression=snappy", "--compression=gzip", "--compression=zstd"][others % 3]);
        flags.push(["--format=parquet", "--format=delta"][others / 3 % 2]);
        if flags.contains(&"--join=owner") && flags.contains(&"--identity=pseudonym") {
            flags.push(["--times=shifted", "--times=relative", "--times=exact"][others % 3]);
        }
        flags.push(["--one-per-instant=on", "--one-per-instant=off"][others % 5 % 2]);
        let ran = run(&export(), "", &flags);
        assert_nowhere(&ran, CANARY, &flags.join(" "));
        assert_nowhere(&ran, KEY, &flags.join(" "));
        assert!(!subjects(&ran).is_empty(), "{flags:?}: the others are in");
    }
}

#[test]
fn the_search_finds_what_is_there() {
    let ran = run(&export(), "", &["--with-landing"]);
    assert!(contents(&ran.lake()).iter().any(|(_, bytes)| holds(bytes, CANARY)), "in the landing files");
    let trusted: Vec<_> = contents(&ran.lake())
        .into_iter()
        .filter(|(path, bytes)| path.ends_with("part-00000.snappy.parquet") && holds(bytes, AGREED))
        .collect();
    assert_eq!(trusted.len(), 4, "who agreed is in every table but the research table");
}

#[test]
fn under_pseudonyms_nobody_is_in_the_research_table_nor_in_what_tells_of_the_run() {
    for more in [["--join=owner", "--format=parquet"], ["--join=time", "--format=delta"]] {
        let ran = run(&export(), "", &more);
        let subjects = subjects(&ran);
        assert!(subjects.is_sorted() && subjects.iter().all(|subject| subject.len() == 32), "{subjects:?}");
        assert!(!holds(ran.said.as_bytes(), AGREED), "{}", ran.said);
        for (path, bytes) in contents(&ran.lake()) {
            let leads_to_people = path.extension().is_some_and(|extension| extension == "parquet")
                && !path.parent().unwrap().ends_with("step_trainer/curated");
            assert!(leads_to_people || !holds(&bytes, AGREED), "{}", path.display());
        }
    }
}

/// Records dealt to files and put in an order by chance.
fn dealt(records: Vec<String>) -> impl Strategy<Value = Vec<(String, String)>> {
    let count = records.len();
    (Just(records).prop_shuffle(), prop::collection::vec(0..4usize, count)).prop_map(|(records, places)| {
        let mut files = vec![String::new(); 4];
        records.iter().zip(places).for_each(|(record, place)| files[place] += record);
        let named = files.into_iter().enumerate().map(|(at, text)| (format!("{at}.json"), text));
        named.filter(|(_, text)| !text.is_empty()).collect()
    })
}

fn lines(texts: &[String]) -> Vec<String> {
    texts.iter().flat_map(|text| text.lines().map(|line| format!("{line}\n"))).collect()
}

/// Files of customers, of readings, of steps, each kind dealt by itself.
fn any_order() -> impl Strategy<Value = Vec<(String, String)>> {
    // The first of the two records agreed, the second took it back.
    let customers = vec![
        customer(AGREED, 0, EARLY, 1),
        customer(CANARY, 0, EARLY, 1),
        customer(CANARY, 0, "null", 2),
        customer(CANARY, 1, EARLY, 3),
        customer(CANARY, 1, "0", 4),
    ];
    let [mine, theirs, others] = [readings(AGREED, 0), readings(CANARY, 0), readings(CANARY, 1)];
    let accelerometer = lines(&[mine[0].clone(), theirs[0].clone(), others[0].clone()]);
    let steps = lines(&[mine[1].clone(), theirs[1].clone(), others[1].clone()]);
    (dealt(customers), dealt(accelerometer), dealt(steps)).prop_map(|(customers, accelerometer, steps)| {
        let kinds = [("c", customers), ("a", accelerometer), ("s", steps)];
        kinds
            .into_iter()
            .flat_map(|(kind, files)| {
                // The order of names is the order of reading: kinds are mixed.
                files.into_iter().map(move |(name, text)| (format!("{}-{kind}", name), text))
            })
            .map(|(name, text)| (format!("{name}.json"), text))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_consent_that_was_taken_back_stays_back_whatever_the_order(files in any_order()) {
        let ran = run(&files, "", &["--records=latest"]);
        assert_nowhere(&ran, CANARY, "latest");
        assert_nowhere(&ran, KEY, "latest");
        prop_assert_eq!(subjects(&ran).len(), 20);
    }

    #[test]
    fn whoever_is_withdrawn_is_out_whatever_the_order(files in any_order(), by_serial in any::<[bool; 2]>()) {
        let entry = |at: usize| match by_serial[at] {
            true => format!("  canary-serial-{at} \n"),
            false => format!("CANARY-Email-{at}@Example.com\n"),
        };
        let ran = run(&files, &(entry(0) + "\n" + &entry(1)), &[]);
        assert_nowhere(&ran, CANARY, "withdrawn");
        assert_nowhere(&ran, KEY, "withdrawn");
        prop_assert_eq!(subjects(&ran).len(), 20);
    }
}
