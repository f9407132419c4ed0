//! `erase` beside files that cannot be searched, of people who are part of others, and through a link.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::io::Write as _;
use std::process::Output;

use flate2::Compression;
use flate2::write::GzEncoder;
use lake::{Place, assert_whole, call, done, refused, report, said, text, tree};

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

#[cfg(target_os = "linux")]
#[test]
fn names_in_another_case_or_taken_apart_short_serial_numbers_and_empty_folders_are_found() {
    let place = place();
    // As macOS writes a name, in another case, and by the device alone.
    for (from, to) in [
        ("c.json", "JU\u{308}RGEN@example.com.json"),
        ("a.json", "of J\u{dc}RGEN@example.com/a.json"),
        ("s.json", "device S7.json"),
    ] {
        let text = fs::read_to_string(place.path("export").join(from)).unwrap();
        let text = text.replace("\"email\":\"p1@", "\"customerName\":\"Jo Doe\",\"email\":\"p1@");
        let text = text.replace(PERSON, "j\u{fc}rgen@example.com").replace("serial-1", "s7");
        let to = place.path("in").join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    done(&place.run_from(&["in"], &[]));
    fs::write(place.path("list"), "J\u{fc}rgen <j\u{fc}rgen@example.com>\n").unwrap();

    let (lake, list, key) = (place.lake(), place.path("list"), place.path("key"));
    let erase = ["erase", text(&lake), "--withdrawals", text(&list), "--key-file", text(&key)];
    let named = call(&[&erase[..], &["--reference", "asked by jo doe"]].concat());
    refused(&named, 2, &["nothing is erased", "names a person or device"]);
    for name in ["J\u{dc}RGEN@example.com", "of ju\u{308}rgen@example.com/more", "of s7"] {
        fs::create_dir_all(lake.join(name)).unwrap();
        let output = call(&erase);
        refused(&output, 1, &["nothing is erased", "the name of a file or folder", "move files and folders"]);
        assert!(!said(&output).contains("rgen@"), "{}", said(&output));
        fs::remove_dir_all(lake.join(name.split('/').next().unwrap())).unwrap();
    }
    fs::write(lake.join("s7.txt"), "").unwrap();
    refused(&call(&erase), 1, &["the name of a file or folder"]);
    fs::remove_file(lake.join("s7.txt")).unwrap();
    fs::create_dir(lake.join("empty s77")).unwrap();

    done(&call(&erase));
    let report = report(&lake);
    let names = report["inputs"].as_array().unwrap().iter().map(|input| input["name"].as_str().unwrap());
    assert!(
        names.clone().count() == 3 && names.clone().all(|name| name.starts_with("erased name ")),
        "{report}"
    );
    assert_whole(&lake, "names replaced");
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
