//! Consent that may have been taken back in a record that is no row, or in a file that
//! nobody could read; by the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod people;

use std::fs;

use people::{BEN, CUSTOMERS, EVERYBODY, Export, READINGS, gzip, zip};

/// A later export in which Ann takes her consent back, in a record that is no row.
fn taken_back() -> Vec<(&'static str, Vec<u8>)> {
    let record =
        r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#;
    let with = |from: &str, to: &str| {
        assert!(record.contains(from));
        record.replacen(from, to, 1).into_bytes()
    };
    let more = |bytes: &[u8]| [&record.as_bytes()[..record.len() - 1], b",\"more\":", bytes, b"}\n"].concat();
    let first = r#"{"email":"cat@x.org","serialNumber":"s3","lastUpdateDate":7}"#;
    vec![
        ("a phone of a wrong type", more(b"0,\"phone\":true")),
        ("a date that is none", with("7", "\"soon\"")),
        ("no serial number", with("\"s1\"", "null")),
        ("other case and blanks", with("ann@x.org\",", "\\u00a0ANN@x.ORG\\u200b\",\"phone\":[],")),
        ("another name of the field", with("{\"email\"", "{\"profile\":{\"E_Mail\":\"ann@x.org\"},\"mail\"")),
        ("cut behind the email", record.as_bytes()[..40].to_vec()),
        ("cut behind its quote", record.as_bytes()[..20].to_vec()),
        ("cut, other records follow", [&record.as_bytes()[..40], b"\n", first.as_bytes()].concat()),
        ("bad JSON before it", [b"{\"customerName\":\"O\"Brien\",", &record.as_bytes()[1..]].concat()),
        ("too deep", more(&[vec![b'['; 200], vec![b']'; 200]].concat())),
        ("not UTF-8", more(b"\"\xff\"")),
        (
            "too long",
            [b"{\"x\":\"", vec![b'x'; 65 << 20].as_slice(), b"\",", &record.as_bytes()[1..]].concat(),
        ),
    ]
}

#[test]
fn consent_that_is_taken_back_in_a_record_that_is_no_row_counts_under_latest() {
    for (name, later) in taken_back() {
        // A file is told by its first record.
        let first = b"{\"email\":\"dan@x.org\",\"serialNumber\":\"s4\",\"lastUpdateDate\":1}\n";
        let later = [first, later.as_slice()].concat();
        let mut packed = vec![("later.json", later.clone())];
        if later.len() < 1 << 20 {
            packed.extend([("later.json.gz", gzip(&later)), ("later.zip", zip("later.json", &later))]);
        }
        for (file, bytes) in packed {
            let name = format!("{name}, {file}");
            let export = Export::new().with(file, bytes);
            let any = export.run(&[]);
            assert_eq!((any.rows(), any.incomplete()), (EVERYBODY, vec![]), "{name}");
            let (records, message) = any.warning("rejected_customers").unwrap();
            assert!(records == 1 && message.contains("people 1 are in"), "{name}: {message}");
            let latest = export.run(&["--records", "latest"]);
            assert_eq!((latest.rows(), latest.incomplete()), (BEN, vec![]), "{name}");
            let (records, message) = latest.warning("rejected_customers").unwrap();
            assert!(records == 1 && message.contains("people 0 are in"), "{name}: {message}");
            for ran in [any, latest] {
                assert!(ran.output.status.success());
                let said = ran.report.to_string() + &ran.stderr();
                assert!(!said.to_lowercase().contains("ann@"), "{name}: {said}");
            }
        }
    }
}

#[test]
fn a_record_without_a_date_that_does_not_consent_counts_under_latest() {
    let export = Export::new().with("later.json", r#"{"email":"ann@x.org","serialNumber":"s1"}"#);
    let any = export.run(&[]);
    assert_eq!(any.rows(), EVERYBODY);
    let (records, message) = any.warning("undated_refusals").unwrap();
    assert!(records == 1 && message.contains("people 1 are in"), "{message}");
    let latest = export.run(&["--records", "latest"]);
    assert_eq!((latest.rows(), latest.incomplete()), (BEN, vec![]));
    assert!(latest.warning("undated_refusals").unwrap().1.contains("people 0 are in"));
    // One that does is the oldest.
    let export = Export::new()
        .with("later.json", r#"{"email":"ann@x.org","serialNumber":"s1","shareWithResearchAsOfDate":8}"#);
    let latest = export.run(&["--records", "latest"]);
    assert_eq!((latest.rows(), latest.warning("undated_refusals")), (EVERYBODY, None));
}

#[test]
fn a_run_is_incomplete_when_nobody_knows_whose_a_lost_record_is() {
    let one = r#"{"email":"dan@x.org","serialNumber":"s4","lastUpdateDate":1}"#;
    let lines: Vec<u8> = (0..2000)
        .flat_map(|n| format!("{}\n", one.replace("dan", &format!("dan{n}"))).into_bytes())
        .collect();
    let packed = gzip(&lines);
    let mut broken = zip("later.json", &lines);
    let middle = broken.len() / 2;
    broken[middle..middle + 64].fill(0xff);
    let cases = [
        ("later.json", format!("{one}\n{{\"email\":\"ann@x.o").into_bytes(), "customers_unreadable"),
        ("later.json", format!("{one}\n{{\"serialNumber\":\"s1\"}}\n").into_bytes(), "customers_unreadable"),
        ("later.json", format!("{one}\nrubbish\n").into_bytes(), "customers_unreadable"),
        ("later.json.gz", packed[..packed.len() / 2].to_vec(), "customers_unreadable"),
        ("later.zip", broken, "customers_unreadable"),
        ("later.json", format!("[{one},").into_bytes(), "customers_cut"),
        ("later.json", format!("[{one},{},", one.replace("1}", "\"x\"}")).into_bytes(), "customers_cut"),
        ("later.json.gz", b"\x1f\x8b\x08 damaged from its start".to_vec(), "files_damaged"),
    ];
    for (file, bytes, code) in cases {
        let export = Export::new().with(file, &bytes);
        for records in ["any", "latest"] {
            let ran = export.run(&["--records", records]);
            // What is damaged may be many rejects.
            let told = ran.incomplete();
            assert!(matches!(told[..], [(found, 1..)] if found == code), "{file}: {told:?}");
            assert!(ran.output.status.success());
            assert!(ran.stderr().starts_with(&format!("INCOMPLETE: {code} (")), "{}", ran.stderr());
            assert_eq!(ran.rows(), EVERYBODY);
        }
        fs::remove_dir_all(export.path("lake")).unwrap();
        let strict = export.run(&["--strict"]);
        assert_eq!(strict.output.status.code(), Some(1));
        assert!(strict.stderr().contains("the run is incomplete"), "{}", strict.stderr());
        assert!(!export.path("lake").exists());
    }
    // Readings that are lost say nothing of consent.
    let ran = Export::new().with("more.json", format!("{READINGS}{{\"user\":\"ann")).run(&[]);
    assert!(ran.incomplete().is_empty() && ran.report["rejects_total"] == 1);
}

/// A newer record of Ann may be in each of them.
#[test]
fn a_run_is_incomplete_when_a_file_was_refused_unread() {
    let later =
        r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#;
    let utf16: Vec<u8> = later.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let flagged = |bits: u8| {
        let mut bytes = zip("later.json", later.as_bytes());
        let record = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        bytes[6] |= bits;
        bytes[record + 8] |= bits;
        bytes
    };
    let of_method = |method: u8| {
        let mut bytes = zip("later.json", later.as_bytes());
        let record = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        (bytes[8], bytes[record + 10]) = (method, method);
        bytes
    };
    let packed = gzip(later.as_bytes());
    let cases = [
        ("gzip in gzip", "later.gz", gzip(&packed), "files_unread"),
        ("zip in gzip", "later.gz", gzip(&zip("later.json", later.as_bytes())), "files_unread"),
        ("zip in zip", "later.zip", zip("in.zip", &zip("later.json", later.as_bytes())), "files_unread"),
        ("a password", "later.zip", flagged(1), "files_unread"),
        ("a method", "later.zip", of_method(14), "files_unread"),
        ("UTF-16", "later.json", [b"\xff\xfe", utf16.as_slice()].concat(), "files_unread"),
        ("a short start of a gzip", "later.gz", packed[..20].to_vec(), "files_damaged"),
        ("half a gzip", "later.gz", packed[..packed.len() / 2].to_vec(), "files_damaged"),
    ];
    for (name, file, bytes, code) in cases {
        let export = Export::new().with(file, bytes);
        let ran = export.run(&["--records", "latest"]);
        assert_eq!((ran.incomplete(), ran.rows()), (vec![(code, 1)], EVERYBODY), "{name}: {}", ran.stderr());
        fs::remove_dir_all(export.path("lake")).unwrap();
        assert_eq!(export.run(&["--strict"]).output.status.code(), Some(1), "{name}");
    }
    // What is plainly something else.
    let earlier = Export::new();
    assert!(earlier.run(&[]).output.status.success());
    let export =
        Export::new().with("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").with("b.md", "# About ann@x.org\n");
    let export = export.with("c.json", "{\"fields\":[\"email\"]}").with("d.csv", "email\nann@x.org\n");
    for document in ["report.json", "lineage.json", "croissant.json", "sql/README.md", "customer/trusted"] {
        let mut path = earlier.path("lake").join(document);
        if path.is_dir() {
            path = path.join("part-00000.snappy.parquet");
        }
        fs::copy(&path, export.path("in").join(document.replace('/', "-"))).unwrap();
    }
    let ran = export.run(&["--records", "latest"]);
    let refused =
        ran.report["inputs"].as_array().unwrap().iter().filter(|input| input["status"] == "refused");
    assert_eq!((ran.incomplete(), refused.count()), (vec![], 9), "{}", ran.stderr());
}

#[test]
fn records_that_fit_no_table_and_name_an_email_count_as_rejected_customers() {
    for later in [
        r#"{"email":"ANN@x.org","shareWithResearchAsOfDate":0}"#,
        r#"[{"id":1,"person":{"E-Mail":"ann@x.org"}}]"#,
        r#"{"email":"ann@x.org","shareWithRes"#,
    ] {
        for (file, bytes) in [
            ("later.json", later.as_bytes().to_vec()),
            ("later.json.gz", gzip(later.as_bytes())),
            ("later.zip", zip("later.json", later.as_bytes())),
        ] {
            let export = Export::new().with(file, bytes);
            let any = export.run(&[]);
            assert_eq!(
                (any.rows(), any.incomplete()),
                (EVERYBODY, vec![("customers_rejected", 1)]),
                "{later}"
            );
            let latest = export.run(&["--records", "latest"]);
            assert_eq!(
                (latest.rows(), latest.incomplete()),
                (BEN, vec![("customers_rejected", 1)]),
                "{later}"
            );
            assert_eq!(latest.warning("rejected_customers").unwrap().0, 1);
        }
    }
}

#[test]
fn emails_that_differ_by_case_or_blanks_are_counted() {
    let ran = Export::new().run(&[]);
    assert_eq!((ran.warning("emails_differ"), ran.warning("customer_emails_differ")), (None, None));
    // A newer record of Ann in another spelling, and readings in three; what fits nobody is not counted.
    let newer =
        r#"{"email":"Ann@x.org","serialNumber":"s1","lastUpdateDate":9,"shareWithResearchAsOfDate":0}"#;
    let readings = ["ANN@x.org", " ann@x.org", "ann@x.org\u{200b}", "cat@x.org", "CAT@x.org"]
        .map(|user| format!("{{\"user\":\"{user}\",\"timestamp\":9}}\n"))
        .concat();
    let ran =
        Export::new().with("newer.json", newer).with("more.json", readings).run(&["--records", "latest"]);
    assert_eq!(ran.rows(), EVERYBODY);
    assert_eq!(ran.warning("emails_differ").unwrap().0, 3);
    assert_eq!(ran.warning("customer_emails_differ").unwrap().0, 2);
    // The customer's may be the odd one.
    let ran = Export::new().with("customers.json", CUSTOMERS.replace("ann", "Ann")).run(&[]);
    assert_eq!((ran.rows()[1], ran.warning("emails_differ").unwrap().0), (1, 1));
    assert_eq!(ran.warning("customer_emails_differ"), None);
}
