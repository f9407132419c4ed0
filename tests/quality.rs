//! How good the readings are: what a run says of it, to whom, and the limits that it can be asked to keep.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;

use lake::{Place, call, done, program, refused, report, said, text, tree};
use serde_json::json;

/// An export of people who are measured so often, each by a hundred readings of one moment after the other.
fn measured(place: &Place, people: usize, interval: i64, x: impl Fn(i64) -> f64) {
    let (mut customers, mut readings, mut steps) = (String::new(), String::new(), String::new());
    for person in 0..people {
        let (email, serial) = (format!("q{person}@example.com"), format!("serial-{person}"));
        customers += &format!(
            "{{\"email\":\"{email}\",\"serialNumber\":\"{serial}\",\"shareWithResearchAsOfDate\":1600000000000}}\n"
        );
        for at in 0..100 {
            let (time, x) = (1_700_000_000_000 + at * interval, x(at));
            readings += &format!(
                "{{\"user\":\"{email}\",\"timestamp\":{time},\"x\":{x:?},\"y\":{:?},\"z\":{x:?}}}\n",
                -x
            );
            steps += &format!(
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":{}}}\n",
                200 + at % 9
            );
        }
    }
    for (name, content) in [("c.json", customers), ("a.json", readings), ("s.json", steps)] {
        fs::write(place.path("export").join(name), content).unwrap();
    }
}

#[test]
fn a_limit_that_is_not_kept_fails_the_run_before_anything_is_written() {
    let place = Place::new();
    measured(&place, 3, 3066, |at| (at % 3 - 1) as f64);
    let refused_untouched = |limits: &str, names: &[&str]| {
        let before = tree(&place.path(""));
        refused(&place.run(&["--require", limits]), 1, names);
        assert!(tree(&place.path("")) == before, "{limits}: nothing is written");
    };
    refused_untouched("rate>=20", &["rate>=20: found 0.326 Hz in the median subject", "no table is written"]);
    done(&place.run(&["--require", "rate>=0.3, subjects=3,rows>=300,repeated=0,gaps=0,constant=0"]));
    measured(&place, 2, 20, |at| at as f64);
    refused_untouched(
        "rate>=20,subjects>=30,coarse>0",
        &["subjects>=30: found 2 subjects; coarse>0: found 0", "the lake in ", "is not replaced"],
    );
    let lake = tree(&place.lake());
    let other = place.path("other.json");
    refused(&place.run(&["--require=rate>=51", "--report", text(&other)]), 1, &["found 50 Hz"]);
    assert!(tree(&place.lake()) == lake);
    let told: serde_json::Value = serde_json::from_slice(&fs::read(other).unwrap()).unwrap();
    assert_eq!((&told["outputs"], &told["quality"]["steps_visible"]), (&json!([]), &json!(true)));
    done(&place.run(&["--require", "rate>=20"]));
    assert!(tree(&place.lake()) != lake);
}

#[test]
fn limits_that_nobody_can_read_are_usage_errors_and_a_dry_run_says_that_it_checks_none() {
    let place = Place::new();
    refused(&place.run(&["--require", "rate>=20,subject>=30"]), 2, &["limit 2", "no \"subject\" to limit"]);
    let run = |variable: &str| {
        let mut run = program(&["run", "export", "--out", "lake"]);
        run.current_dir(place.path("")).env("STEDI_REQUIRE", variable).output().unwrap()
    };
    refused(&run("rate>=fast"), 2, &["--require", "\"fast\" is no number"]);
    refused(&run("subjects>=3"), 1, &["subjects>=3: found 2 subjects"]);
    fs::write(place.path("c.toml"), "require = 'rows>6'\n").unwrap();
    let config = ["--config", text(&place.path("c.toml"))].map(str::to_owned);
    refused(&place.run(&config.each_ref().map(String::as_str)), 1, &["rows>6: found 6 rows"]);
    assert!(!place.lake().exists());
    let dry = place.run(&["--dry-run", "--require", "subjects>=30"]);
    done(&dry);
    assert!(said(&dry).contains("--require is not checked"), "{}", said(&dry));
}

#[test]
fn report_card_and_evidence_say_the_same_and_no_value_as_it_was_measured() {
    let place = Place::new();
    measured(&place, 1, 4567, |at| 0.987_654_321 * if at % 2 == 0 { 1.0 } else { -1.0 });
    done(&place.run(&[]));
    let verdict =
        "0.22 Hz, at most two distinct values an axis, no labels: steps cannot be learned from this.";
    let told = report(&place.lake());
    assert_eq!(told["quality"]["verdict"], verdict);
    let released = &told["quality"]["tables"]["machine_learning_curated"];
    assert_eq!((&released["by_rate"], &released["by_span"]), (&json!({"<1": 1}), &json!({"60-600": 1})));
    assert_eq!((&released["median_rate"], &released["median_span"]), (&json!(0.219), &json!(452.0)));
    assert_eq!(released["measures"]["x"], json!({"by_distinct": {"2": 1}, "out_of_range": 0, "missing": 0}));
    done(&call(&["report", text(&place.lake()), "--html", text(&place.path("evidence.html"))]));
    let evidence = fs::read_to_string(place.path("evidence.html")).unwrap();
    let research = place.path("research");
    let (from, export) = (place.path("export"), ["--export", "research"]);
    done(&call(&[&["run", text(&from), "--out", text(&research)], &export[..]].concat()));
    assert_eq!(report(&research)["quality"], told["quality"]);
    let card = fs::read_to_string(research.join("README.md")).unwrap();
    for page in [&evidence, &card] {
        assert!(page.contains(verdict), "{page}");
    }
    assert!(card.contains("| Median rate, Hz | 0.22 | 0.22 | 0.22 |"), "{card}");
    // One rounding for people, as in the verdict.
    for page in [&evidence, &card] {
        assert!(!page.contains("0.219"), "{page}");
    }
    assert!(evidence.contains("<th scope=\"row\">Subjects by rate, Hz</th><td>&lt;1: 1</td>"), "{evidence}");
    // 99 intervals are 452133 ms: no more of it than three digits.
    for text in [told.to_string(), evidence, card] {
        for value in ["452133", "452.1", "0.2189", "0.9876", ":4567", " 4567", "1700000"] {
            assert!(!text.contains(value), "{value}: {text}");
        }
    }
}

#[test]
fn an_erased_lake_has_the_quality_of_who_is_left() {
    let place = Place::new();
    measured(&place, 3, 20, |at| at as f64);
    done(&place.run(&[]));
    fs::write(place.path("list"), "q1@example.com\n").unwrap();
    let (list, key) = (place.path("list"), place.path("key"));
    done(&call(&["erase", text(&place.lake()), "--withdrawals", text(&list), "--key-file", text(&key)]));
    let erased = report(&place.lake())["quality"].clone();
    assert_eq!(erased["tables"]["machine_learning_curated"]["subjects"], 2);
    done(&call(&["verify", text(&place.lake())]));
    fs::remove_dir_all(place.lake()).unwrap();
    done(&place.run(&["--withdrawals", text(&list)]));
    assert_eq!(report(&place.lake())["quality"], erased);
}
