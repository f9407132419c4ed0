//! `erase` beside files that cannot be searched, of people who are part of others, and through a link.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::io::Write as _;
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use lake::{Place, assert_whole, call, done, refused, said, text, tree};

const PERSON: &str = "p1@example.com";

fn place() -> Place {
    let place = Place::new();
    fs::write(place.path("list"), PERSON).unwrap();
    place
}

fn erase(place: &Place, lake: &str) -> Output {
    let (lake, list, key) = (place.path(lake), place.path("list"), place.path("key"));
    call(&["erase", text(&lake), "--withdrawals", text(&list), "--key-file", text(&key)])
}

#[test]
fn a_file_that_is_not_the_lakes_and_cannot_be_searched_is_refused_by_name() {
    let place = place();
    done(&place.run(&[]));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(PERSON.as_bytes()).unwrap();
    let wide: Vec<u8> = PERSON.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xff, 0xfe], wide.as_slice()].concat();
    for (name, content) in [
        ("customers.json.gz", gzip.finish().unwrap()),
        ("raw.7z", b"7z\xbc\xaf\x27\x1c\0\x04".to_vec()),
        ("wide.txt", wide),
        ("marked.txt", marked),
    ] {
        let at = place.lake().join(name);
        fs::write(&at, content).unwrap();
        let before = tree(&place.lake());
        refused(
            &erase(&place, "lake"),
            1,
            &["nothing is erased", "cannot be searched", name, "move them away"],
        );
        assert!(tree(&place.lake()) == before, "{name}");
        fs::remove_file(at).unwrap();
    }
    fs::write(place.lake().join("notes.txt"), "Nobody's").unwrap();
    done(&erase(&place, "lake"));
}

#[test]
fn who_is_part_of_a_value_of_somebody_who_stays_is_found_in_that_table() {
    let place = place();
    let other = "{\"email\":\"p2@example.com\",\"serialNumber\":\"of p1@example.com\",\
                 \"shareWithResearchAsOfDate\":1700000000001}\n";
    fs::write(place.path("export/more.json"), other).unwrap();
    done(&place.run(&[]));
    let before = tree(&place.lake());
    let output = erase(&place, "lake");
    refused(
        &output,
        1,
        &["nothing is erased", "customer_trusted", "as part of a value", "withdraw that person too"],
    );
    assert!(!said(&output).contains("move files") && !said(&output).contains("p1@"), "{}", said(&output));
    assert!(tree(&place.lake()) == before);
    fs::write(place.path("list"), "p1@example.com\np2@example.com\n").unwrap();
    done(&erase(&place, "lake"));
    assert_whole(&place.lake(), "both are gone");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_lake_is_that_lake() {
    let place = place();
    done(&place.run(&[]));
    std::os::unix::fs::symlink(place.lake(), place.path("link")).unwrap();
    let verify = || call(&["verify", text(&place.path("link"))]);
    done(&verify());
    done(&erase(&place, "link"));
    done(&verify());
    assert!(place.path("link").symlink_metadata().unwrap().is_symlink());
    assert_whole(&place.lake(), "erased through the link");
}
