//! Names of files as text. A name that is not UTF-8 stays apart from every other:
//! its odd bytes are written `\xNN`, and so is a backslash that would look like
//! the start of one.

use std::path::Path;

/// The name of a file as the report has it.
#[cfg(unix)]
pub fn name_of(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    text_of(path.as_os_str().as_bytes())
}

/// The name of a file as the report has it.
#[cfg(not(unix))]
pub fn name_of(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(unix)]
fn text_of(bytes: &[u8]) -> String {
    let mut name = String::new();
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        let mut from = 0;
        for (at, _) in valid.match_indices("\\x") {
            let hex = valid.as_bytes().get(at + 2..at + 4);
            if hex.is_some_and(|hex| hex.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))) {
                name.push_str(&valid[from..at]);
                name.push_str("\\x5c");
                from = at + 1;
            }
        }
        name.push_str(&valid[from..]);
        chunk.invalid().iter().for_each(|byte| name.push_str(&format!("\\x{byte:02x}")));
    }
    name
}

#[cfg(all(test, unix))]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_that_are_no_utf_8_stay_apart() {
        let names: [(&[u8], &str); 7] = [
            (b"a/Zo\xc3\xab.json", "a/Zo\u{eb}.json"),
            (b"a/\xff.json", "a/\\xff.json"),
            (b"a/\xfe.json", "a/\\xfe.json"),
            (b"a/\\xff.json", "a/\\x5cxff.json"),
            (b"a/\\x5cxff.json", "a/\\x5cx5cxff.json"),
            (b"a\\b\\xyz", "a\\b\\xyz"),
            (b"\xe2\x82", "\\xe2\\x82"),
        ];
        for (bytes, name) in names {
            assert_eq!(text_of(bytes), name);
        }
        // Every name of up to four of the bytes that matter.
        let mut all: Vec<Vec<u8>> = vec![Vec::new()];
        let mut last = all.clone();
        for _ in 0..4 {
            last = last
                .iter()
                .flat_map(|name| b"\\xf5c\xff\xc3".map(|byte| [name, &[byte][..]].concat()))
                .collect();
            all.extend(last.clone());
        }
        let texts: HashSet<String> = all.iter().map(|name| text_of(name)).collect();
        assert_eq!(texts.len(), all.len());
    }
}
