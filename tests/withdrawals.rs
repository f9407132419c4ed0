//! Lists of withdrawals as people keep them; by the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod people;

use std::fs;
use std::path::Path;
use std::process::Command;

use people::{BEN, CUSTOMERS, EVERYBODY, Export, READINGS, STEPS};

#[test]
fn a_list_without_an_entry_is_said_and_fails_a_strict_run() {
    for list in ["", "\n \n", "email\n", "Name;E-Mail;Serial-Number\n;;\n", "\u{feff}"] {
        let export = Export::new();
        let ran = export.withdrawing(list, &[]);
        assert_eq!((ran.rows(), ran.warning("withdrawals_empty").unwrap().0), (EVERYBODY, 1), "{list:?}");
        assert!(ran.stderr().contains("warning: withdrawals_empty"), "{}", ran.stderr());
        let strict = export.withdrawing(list, &["--strict"]);
        assert_eq!(strict.output.status.code(), Some(1));
        assert!(strict.stderr().contains("the list of withdrawals has no entry"), "{}", strict.stderr());
    }
    assert_eq!(Export::new().withdrawing("ann@x.org\n", &[]).warning("withdrawals_empty"), None);
    let two = "email,email2\nzoe@x.org,ann@x.org\n";
    assert_eq!(Export::new().withdrawing(two, &[]).rows(), BEN);
}

#[test]
fn step_readings_of_a_device_that_a_withdrawn_person_had_too_are_counted() {
    let shared = CUSTOMERS.replace("s2", "s1");
    let export = Export::new().with("customers.json", &shared);
    let kept = export.withdrawing("ann@x.org", &[]);
    assert_eq!((kept.rows()[3], kept.warning("withdrawn_steps").unwrap().0), (1, 1));
    let dropped = export.withdrawing("ann@x.org", &["--shared-serials", "drop"]);
    assert_eq!((dropped.rows()[3], dropped.warning("withdrawn_steps")), (0, None));
    assert_eq!(Export::new().withdrawing("ann@x.org", &[]).warning("withdrawn_steps"), None);
}

#[test]
fn an_entry_is_found_however_the_list_is_kept() {
    let utf16: Vec<u8> =
        "\u{feff}E-Mail;Name\r\nANN@x.org;Ann\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let lists: [&[u8]; 15] = [
        b"ANN@X.org",
        "\u{a0}ann@x.org\u{200b}\r\n".as_bytes(),
        b"\n s1 \n",
        b"email\nann@x.org\n",
        b"name,E_Mail,since\n\"Lee, Ann\",\"ann@x.org\",2020\n",
        b"name;Serial-Number\nAnn;s1\n",
        b"serialNumber\temail\n\tann@x.org\n",
        b"ann@x.org\rann@x.org\r",
        b"nobody,ann@x.org",
        &utf16,
        b"Ann Lee <ann@x.org>\n",
        b"\"Lee, Ann\" <Ann@x.org>\n",
        b"mailto:ann@x.org",
        b"'ann@x.org' ann@x.org",
        b"email,since\n\"Zoe <zoe@x.org>; <ann@x.org>\",2020\n",
    ];
    for list in lists {
        let ran = Export::new().withdrawing(list, &[]);
        assert_eq!(ran.rows(), BEN, "{}", String::from_utf8_lossy(list));
        assert!(ran.output.status.success());
    }
    let ran = Export::new().withdrawing(lists[4], &["--strict"]);
    assert!(ran.output.status.success(), "{}", ran.stderr());
    assert_eq!(ran.report["options"]["withdrawals"], 1);
}

#[test]
fn an_email_and_a_serial_number_are_compared_trimmed_on_both_sides() {
    let spelt = |text: &str| text.replace("ann@x.org", "Ann@X.org\u{a0}").replace("s1", " s1 ");
    let export = || {
        let export = Export::new().with("customers.json", spelt(CUSTOMERS));
        export.with("readings.json", spelt(READINGS)).with("steps.json", spelt(STEPS))
    };
    assert_eq!(export().run(&[]).rows(), EVERYBODY);
    for list in ["ann@x.org", "s1"] {
        let ran = export().withdrawing(list, &["--strict"]);
        assert_eq!(ran.rows(), BEN, "{list}: {}", ran.stderr());
        assert!(ran.output.status.success());
    }
}

#[test]
fn entries_that_match_nothing_are_named_by_their_lines_and_fail_a_strict_run() {
    // Which of two people is meant is not clear.
    let list = "email\nann@x.org\nZoe <zoe@x.org>\n\nben@x.org Yan <yan@x.org>\n";
    let ran = Export::new().withdrawing(list, &[]);
    assert_eq!((ran.rows(), ran.warning("withdrawals_unmet").unwrap().0), (BEN, 2));
    assert!(ran.stderr().contains("withdrawals: nothing matches line 3, 5\n"), "{}", ran.stderr());
    let export = Export::new();
    let strict = export.withdrawing(list, &["--strict"]);
    assert_eq!(strict.output.status.code(), Some(1));
    assert!(strict.stderr().contains("2 of the withdrawals match nothing"), "{}", strict.stderr());
    assert!(!export.path("lake").exists());
    for ran in [ran, strict] {
        let said = ran.report.to_string() + &ran.stderr();
        assert!(!["zoe", "yan", "ben@", "ann@"].iter().any(|name| said.contains(name)), "{said}");
    }
    let unreadable = call_with_list(&Export::new().path("none"));
    assert_eq!(unreadable, Some(2));
}

#[test]
fn a_list_that_is_no_text_is_refused() {
    let export = Export::new();
    let list = export.path("list");
    fs::write(&list, b"ann@x.org\nj\xf6rg@x.org\n").unwrap();
    assert_eq!(call_with_list(&list), Some(2));
}

fn call_with_list(list: &Path) -> Option<i32> {
    let export = Export::new();
    let output = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"))
        .arg("run")
        .arg(export.path("in"))
        .args(["--out".as_ref(), export.path("lake").as_path(), "--withdrawals".as_ref(), list])
        .output()
        .unwrap();
    output.status.code()
}
