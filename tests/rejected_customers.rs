//! Records that may be of customers and are no rows of theirs: whom they name is known all the same.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod people;

use std::fs;

use people::{BEN, CUSTOMERS, EVERYBODY, Export, READINGS, STEPS, gzip, zip};

/// The files of the lake's tables.
fn tables(export: &Export) -> Vec<Vec<u8>> {
    let tables = [
        "customer/trusted",
        "customer/curated",
        "accelerometer/trusted",
        "step_trainer/trusted",
        "step_trainer/curated",
    ];
    let bytes = |table| fs::read(export.path("lake").join(table).join("part-00000.snappy.parquet")).unwrap();
    tables.map(bytes).into()
}

/// Behind the records that say what a file is there may be others.
#[test]
fn a_customer_record_among_readings_bars_its_person_however_far_behind() {
    let reading = |n: usize| {
        format!(
            "{{\"user\":\"{}@x.org\",\"timestamp\":{n},\"x\":1,\"y\":1,\"z\":1}}\n",
            ["ann", "ben"][n % 2]
        )
    };
    let step = |n: usize| {
        format!(
            "{{\"sensorReadingTime\":{n},\"serialNumber\":\"s{}\",\"distanceFromObject\":1}}\n",
            1 + n % 3
        )
    };
    let (readings, steps) =
        ((1..400).map(reading).collect::<String>(), (1..400).map(step).collect::<String>());
    let customers = CUSTOMERS.to_owned()
        + r#"{"email":"ann@x.org","serialNumber":"s3","lastUpdateDate":5,"shareWithResearchAsOfDate":300}"#;
    let customers =
        customers.replace("AsOfDate\":1}", "AsOfDate\":150000000001}").replace(":300}", ":150000000300}");
    let shift = |text: &str| {
        text.replace("timestamp\":", "timestamp\":150000000").replace("Time\":", "Time\":150000000")
    };
    let pad = |text: String| text.lines().map(|line| shift(line) + "\n").collect::<String>();
    let (readings, steps) = (pad(readings), pad(steps));
    let export = || Export::new().with("customers.json", &customers).with("steps.json", &steps);
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), "a key that is given").unwrap();
    let key = ["--key-file", key.path().to_str().unwrap()];
    // The same as a customer file has it, and rejected there too.
    let as_customer = |later: &str| {
        later.replace("\"user\":\"ben@x.org\",", "").replace("\"serialNumber\":\"s1\"", "\"serialNumber\":[]")
            + "\n"
    };
    for later in [
        r#"{"email":"ANN@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#,
        r#"{"email":"ann@x.org","lastUpdateDate":7 "shareWithResearchAsOfDate":0}"#,
        r#"{"user":"ben@x.org","timestamp":"soon","email":"ann@x.org"}"#,
    ] {
        let before = export().with("readings.json", &readings).with("later.json", as_customer(later));
        let among = export().with("readings.json", format!("{readings}{later}\n{}", reading(1)));
        let among = among.with("later.json", "");
        let before = before.with("more.json", reading(1));
        for options in [
            &["--records", "latest"][..],
            &["--records", "latest", "--consent", "as-of", "--join", "time"],
            &["--records", "latest", "--consent", "as-of", "--shared-serials", "drop"],
            &["--records", "latest", "--identity", "serial", "--duplicates", "drop"],
        ] {
            let options = [options, &key[..]].concat();
            let (known, late) = (before.run(&options), among.run(&options));
            assert_eq!(late.rows(), known.rows(), "{later} {options:?}");
            assert!(late.rows()[0] == 1 && late.rows()[4] > 0, "{:?}", late.rows());
            assert_eq!(late.incomplete(), vec![("customers_rejected", 1)], "{later}");
            let warning = late.warning("rejected_customers").unwrap();
            assert!(warning.0 == 1 && warning.1.contains("people 0 are in"), "{warning:?}");
            for table in [
                "customer_trusted",
                "accelerometer_trusted",
                "customer_curated",
                "step_trainer_trusted",
                "machine_learning_curated",
            ] {
                assert_eq!(
                    late.report["tables"][table], known.report["tables"][table],
                    "{later} {options:?}"
                );
            }
            assert!(tables(&among) == tables(&before), "{later} {options:?}");
        }
        let any = among.run(&[]);
        assert_eq!((any.rows()[0], any.incomplete()), (3, vec![("customers_rejected", 1)]));
        assert!(any.warning("rejected_customers").unwrap().1.contains("people 1 are in"));
    }
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
fn who_else_has_a_device_is_known_from_rejected_records_and_other_spellings() {
    let of_zoe =
        |serial: &str, more: &str| format!("{{\"email\":\"zoe@x.org\",\"serialNumber\":{serial}{more}}}\n");
    let rejected = of_zoe("\" s1\"", ",\"phone\":true");
    let number = |text: &str| text.replace("\"s1\"", "7");
    let exports = [
        ("a rejected record", Export::new().with("customers.json", CUSTOMERS.to_owned() + &rejected)),
        (
            "a date",
            Export::new()
                .with("customers.json", of_zoe("\"s1\"", ",\"registrationDate\":\"soon\"") + CUSTOMERS),
        ),
        ("among readings", Export::new().with("readings.json", READINGS.repeat(400) + &rejected)),
        ("blanks", Export::new().with("customers.json", CUSTOMERS.to_owned() + &of_zoe("\"s1\\u00a0\"", ""))),
        (
            "a number",
            Export::new()
                .with("customers.json", number(CUSTOMERS) + &of_zoe("7", ",\"phone\":true"))
                .with("steps.json", number(STEPS)),
        ),
    ];
    for (name, export) in exports {
        let kept = export.run(&[]);
        assert_eq!((kept.rows()[3], kept.warning("shared_serials").unwrap().0), (2, 1), "{name}");
        let dropped = export.run(&["--shared-serials", "drop", "--duplicates", "drop"]);
        assert_eq!(
            (dropped.rows()[3..].to_vec(), dropped.warning("shared_serials").unwrap().0),
            (vec![1, 1], 1),
            "{name}"
        );
        assert_eq!(
            dropped.report["tables"]["step_trainer_trusted"]["filtered"]["shared_serial"], 1,
            "{name}"
        );
    }
    // A record of the same person shares nothing.
    let again = rejected.replace("zoe@x.org", "ANN@x.org ");
    let ran =
        Export::new().with("later.json", CUSTOMERS.to_owned() + &again).run(&["--shared-serials", "drop"]);
    assert_eq!((ran.rows()[3], ran.warning("shared_serials")), (2, None));
}
