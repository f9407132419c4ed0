//! Consent that was taken back where no record is looked for: it counts, or the run says that it is
//! incomplete. By the command line.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod people;

use people::{EVERYBODY, Export, gzip, zip};

/// Ann takes her consent back.
const LATER: &str =
    r#"{"email":"ann@x.org","serialNumber":"s1","lastUpdateDate":7,"shareWithResearchAsOfDate":0}"#;
const OTHER: &str = r#"{"email":"dan@x.org","serialNumber":"s4","lastUpdateDate":1}"#;

fn readings(count: usize) -> String {
    let readings =
        (0..count).map(|at| format!(r#"{{"user":"dan@x.org","timestamp":{at},"x":1,"y":1,"z":1}}"#));
    readings.collect::<Vec<_>>().join(",")
}

fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        builder.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A tar that begins with the name of its volume, as `tar --label` writes it.
fn labelled(tar: Vec<u8>) -> Vec<u8> {
    let mut header = [0u8; 512];
    header[..3].copy_from_slice(b"lab");
    header[156] = b'V';
    header[148..156].fill(b' ');
    let sum = header.iter().map(|&byte| u32::from(byte)).sum::<u32>();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    [header.to_vec(), tar].concat()
}

#[test]
fn consent_that_is_taken_back_somewhere_counts_or_the_run_is_incomplete() {
    let text = |text: String| text.into_bytes();
    let email = r#""email":"ann@x.org""#;
    let escaped = LATER.replace('"', "\\\"");
    let utf16: Vec<u8> =
        "email\tserialNumber\nann@x.org\ts1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        (
            "a late array",
            "r.json",
            text(format!(r#"{{"accelerometer":[{}],"customers":[{LATER}]}}"#, readings(120))),
        ),
        ("beside an array", "r.json", text(format!(r#"{{"records":[{OTHER}],"deleted":{LATER}}}"#))),
        ("before an array", "r.json", text(format!(r#"{{"deleted":{LATER},"records":[{OTHER}]}}"#))),
        (
            "deep beside it",
            "r.json",
            text(format!(r#"{{"records":[{OTHER}],"deleted":{{"of":[{LATER}]}}}}"#)),
        ),
        ("an array of arrays", "r.json", text(format!(r#"{{"records":[{OTHER}],"more":[[{LATER}]]}}"#))),
        ("text beside it", "r.json", text(format!(r#"{{"records":[{OTHER}],"more":["{escaped}"]}}"#))),
        ("by its email", "r.json", text(format!(r#"{{"records":[{OTHER}],"of":{{"ann@x.org":{LATER}}}}}"#))),
        ("beside an item", "r.json", text(format!(r#"{{"Item":{OTHER},"deleted":{{"of":[{LATER}]}}}}"#))),
        ("Parquet", "r.parquet", b"PAR1\x15\x04 ann@x.org PAR1".to_vec()),
        ("OpenPGP", "r.json.gpg", [&b"\x85\x01\x0c\x03"[..], &[7; 300]].concat()),
        ("armoured", "r.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n".to_vec()),
        ("age", "r.age", b"age-encryption.org/v1\n-> X25519 abc\n".to_vec()),
        ("zlib", "r.z", b"\x78\x9c\xab\x56\x4a".to_vec()),
        ("LZMA", "r.lzma", b"\x5d\0\0\x80\0\xff".to_vec()),
        ("OpenSSL", "r.enc", b"Salted__12345678".to_vec()),
        ("MessagePack", "r.msgpack", b"\x82\xa5email\xa9ann@x.org\xa2id\x01".to_vec()),
        ("no email", "r.json", text(LATER.replace(email, r#""customerName":"Ann""#))),
        ("another email", "r.json", text(LATER.replace("email", "customerEmail"))),
        ("a message", "r.json", text(format!(r#"{{"key":"1","value":"{escaped}"}}"#))),
        ("a text sequence", "r.json", text(format!("\x1e{LATER}\n"))),
        ("behind its key", "r.json", text(format!("ann@x.org\t{LATER}\n"))),
        ("a call", "r.json", text(format!("cb({LATER})"))),
        ("no header", "r.csv", b"Ann,ann@x.org,s1,0\n".to_vec()),
        ("UTF-16 without its mark", "r.csv", utf16),
        ("XML", "r.xml", b"<?xml version=\"1.0\"?><c><email>ann@x.org</email></c>".to_vec()),
        ("a workbook", "r.xlsx", zip("xl/workbook.xml", b"<x/>")),
        ("joined tars", "r.tar", [tar(&[("x.json", OTHER)]), tar(&[("y.json", LATER)])].concat()),
        (
            "joined and packed tars",
            "r.tgz",
            [gzip(&tar(&[("x.json", OTHER)])), gzip(&tar(&[("y.json", LATER)]))].concat(),
        ),
        ("a labelled tar", "r.tar", labelled(tar(&[("y.json", LATER)]))),
        (
            "cut behind readings",
            "r.json",
            text(format!("{}\n{{\"customerName\":\"Ann\",\"emai", readings(3).replace("},", "}\n"))),
        ),
    ];
    for (name, file, bytes) in cases {
        let export = Export::new().with(file, bytes);
        let ran = export.run(&["--records", "latest"]);
        assert!(ran.output.status.success(), "{name}: {}", ran.stderr());
        let [customers, ..] = ran.rows();
        let is_out = customers < EVERYBODY[0];
        assert!(is_out || !ran.incomplete().is_empty(), "{name}: {}", ran.stderr());
        let said = ran.report.to_string() + &ran.stderr();
        assert!(!said.contains("ann@"), "{name}: {said}");
    }
}

#[test]
fn what_stands_around_records_and_is_none_changes_nothing() {
    for more in [
        r#""schema":{"fields":[{"name":"email","type":"string"}],"primaryKey":["index"]}"#,
        r#""Count":1,"LastEvaluatedKey":{"email":{"S":"ann@x.org"}}"#,
        r#""ResponseMetadata":{"RequestId":"1","HTTPHeaders":{"date":"x","server":"Server"}}"#,
        r#""next":null,"links":["https://x.example/2"],"count":1"#,
    ] {
        for wrapper in
            [format!(r#"{{"records":[{OTHER}],{more}}}"#), format!(r#"{{{more},"records":[{OTHER}]}}"#)]
        {
            let ran = Export::new().with("r.json", &wrapper).run(&["--records", "latest"]);
            assert_eq!((ran.rows(), ran.incomplete()), (EVERYBODY, vec![]), "{wrapper}: {}", ran.stderr());
            assert_eq!(ran.report["rejects_total"], 0, "{wrapper}");
        }
    }
}
