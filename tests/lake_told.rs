//! `history` and `report`: what a lake has to say for itself, without a value of a record.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::path::Path;
use std::process::Output;

use lake::{Place, call, done, refused, text, tree};
use serde_json::{Value, json};

fn printed(output: &Output) -> String {
    done(output);
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn page(lake: &Path) -> String {
    printed(&call(&["report", text(lake), "--html", "-"]))
}

#[test]
fn the_history_has_every_version_in_counts() {
    let place = Place::new();
    let (lake, key, list) = (place.lake(), place.path("key"), place.path("list"));
    fs::write(&list, "p1@example.com").unwrap();
    done(&place.run(&[]));
    let first = printed(&call(&["history", text(&lake)]));
    assert!(first.starts_with("version 1, 20") && first.contains("made from exports"), "{first}");
    assert!(
        first.contains("\n  option consent: ever\n") && first.contains("\n  option shared serials: keep\n")
    );
    assert!(first.contains("\n  option withdrawals: 0\n"), "{first}");
    assert!(first.contains("\n  people: 2 admitted, 0 left out\n"), "{first}");
    let customers = place.path("export/c.json");
    let from = ["--from", text(&lake), "--out", text(&lake), "--key-file", text(&key)];
    done(&call(&[&["run", text(&customers), "--consent", "as-of"], &from[..]].concat()));
    done(&call(&["erase", text(&lake), "--withdrawals", text(&list), "--key-file", text(&key)]));
    let found = printed(&call(&["history", text(&lake)]));
    for part in [
        "version 2, 20",
        ": gone on from the version before\n  option consent: ever → as-of\n",
        "version 3, 20",
        ": people erased\n",
        "\n  people: 1 admitted, 1 left out\n",
        "customer_trusted                     1  +0 −1\n",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    let found: Value = serde_json::from_str(&printed(&call(&["history", text(&lake), "--json"]))).unwrap();
    let versions = found["versions"].as_array().unwrap();
    assert_eq!(
        versions[2]["changes"]["inputs"],
        json!({"same": 3, "added": 0, "removed": 0, "changed": 0, "renamed": 0})
    );
    assert_eq!(versions[2]["changes"]["pseudonyms"], "linked");
    assert_eq!(versions[2]["admission"], json!({"admitted": 1, "left_out": 1}));
    let all = found.to_string();
    for name in ["c.json", "a.json", "example.com", "serial-"] {
        assert!(!all.contains(name), "{name}: {all}");
    }
    // A run from exports alone starts anew.
    done(&place.run(&[]));
    let found: Value = serde_json::from_str(&printed(&call(&["history", text(&lake), "--json"]))).unwrap();
    assert_eq!(found["versions"].as_array().unwrap().len(), 1);
}

#[test]
fn the_evidence_says_what_the_report_says_and_nothing_of_anyone() {
    let place = Place::new();
    let (lake, key, list) = (place.lake(), place.path("key"), place.path("list"));
    fs::write(&list, "p1@example.com\nnobody@example.com").unwrap();
    done(&place.run(&["--withdrawals", text(&list)]));
    let found = page(&lake);
    assert!(found.starts_with("<!doctype html>"));
    for part in [
        "Complete: all that",
        "<th scope=\"row\">customer_trusted</th><td class=\"number\">2</td><td class=\"number\">1</td>\
         <td>1 withdrawn</td>",
        "The list of withdrawals had 2 entries. Whom they name is in no table; 1 matched nothing.",
        "were not held against the report",
        "<th scope=\"row\">People with a row in customer_trusted</th><td class=\"number\">1</td>",
        "<th scope=\"row\">People with customer records, but no row in customer_trusted</th>\
         <td class=\"number\">1</td>",
        "<th scope=\"row\">Devices shared by several people</th><td>Keep, with a warning</td>",
        "was given, so that runs with this key",
        "pseudonymised, not anonymous",
        "<h2>Quality of the readings</h2>\n<p>",
        "stedi-lakehouse verify LAKE",
        "default-src &#39;none&#39;; style-src".replace("&#39;", "'").as_str(),
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    let report = lake::report(&lake);
    for output in report["outputs"].as_array().unwrap() {
        assert!(found.contains(output["sha256"].as_str().unwrap()));
    }
    for none in ["<script", "http:", "https:", "url(", "example.com", "serial-", "c.json", "Erasure"] {
        assert!(!found.contains(none), "{none}");
    }
    fs::write(&list, "p0@example.com").unwrap();
    done(&call(&["erase", text(&lake), "--withdrawals", text(&list), "--key-file", text(&key)]));
    let found = page(&lake);
    let evidence: Value = serde_json::from_slice(&fs::read(lake.join("erasure.json")).unwrap()).unwrap();
    let erasure = &evidence["erasures"][0];
    let hashes = &erasure["tables"]["customer_trusted"];
    for part in [
        "Erasure of 20",
        "The list had 1 entry: it was found and erased.",
        "0 matches.",
        "backups and snapshots",
        "<li>the lake as it was before",
        hashes["sha256_before"].as_str().unwrap(),
        erasure["commitment"].as_str().unwrap(),
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    assert!(!found.contains("example.com"));
}

#[test]
fn an_incomplete_run_is_said_first_and_names_are_escaped() {
    let place = Place::new();
    fs::write(place.path("export/<b>.json"), "{\"email\":\n").unwrap();
    let cut = "{\"serialNumber\":\"s\",\"shareWithResearchAsOfDate\":\n";
    fs::write(place.path("export/d.json"), cut.repeat(2) + "{\"email\":\"x\",\"serialNumber\":\"y\"}\n")
        .unwrap();
    done(&place.run(&[]));
    let found = page(&place.lake());
    assert!(found.contains("<p class=\"bad\">Incomplete: "), "{found}");
    assert!(!found.contains("<b>"), "{found}");
}

#[test]
fn the_evidence_replaces_no_other_file_and_lies_in_no_table() {
    let place = Place::new();
    done(&place.run(&[]));
    let lake = place.lake();
    let write = |path: &Path| call(&["report", text(&lake), "--html", text(path)]);
    let html = place.path("evidence.html");
    done(&write(&html));
    done(&write(&html));
    assert!(fs::read_to_string(&html).unwrap().contains("</html>"));
    let before = tree(&place.path(""));
    refused(&write(&place.path("export/c.json")), 2, &["is another file"]);
    refused(&write(&lake.join("report.json")), 2, &["is another file"]);
    refused(&write(&lake.join("customer/trusted/x.html")), 2, &["in the folder of a table"]);
    refused(&write(&place.path("export")), 2, &["is a folder"]);
    refused(&call(&["report", text(&place.path("export")), "--html", text(&html)]), 2, &["holds no lake"]);
    assert!(tree(&place.path("")) == before);
}
