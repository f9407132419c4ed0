//! What the page calls the options of a run and their values in English: the evidence names them the same.

/// The name of an option and of one of its values, as the page's settings have them.
pub(super) fn setting(option: &str, value: &str) -> Option<(&'static str, &'static str)> {
    let (_, label, values) = SETTINGS.iter().find(|(name, ..)| *name == option)?;
    let (_, words) = values.iter().find(|(name, _)| *name == value)?;
    Some((label, words))
}

type Setting = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const KEEP: &str = "Keep, with a warning";
const SETTINGS: [Setting; 10] = [
    (
        "consent",
        "Consent time",
        &[
            ("ever", "Ever consented"),
            ("as-of", "All readings from the consent date on"),
            ("as-of-phone", "Phone readings from the consent date on"),
        ],
    ),
    (
        "records",
        "Several records of one person",
        &[("any", "Any record may consent"), ("latest", "The latest record decides")],
    ),
    ("emails", "Email addresses", &[("exact", "As they are written"), ("folded", "Ignore case and blanks")]),
    ("shared_serials", "Devices shared by several people", &[("keep", KEEP), ("drop", "Leave out")]),
    ("duplicates", "Equal rows", &[("keep", KEEP), ("drop", "Keep the first of each")]),
    ("join", "Sensors are joined by", &[("owner", "Owner and time"), ("time", "Time only")]),
    ("identity", "People in the research table", &[("pseudonym", "Pseudonym"), ("serial", "Serial number")]),
    (
        "times",
        "Times in the research table",
        &[
            ("exact", "As measured"),
            ("shifted", "Earlier by whole weeks"),
            ("relative", "Since the first row"),
        ],
    ),
    ("one_per_instant", "Rows for each person and time", &[("off", "All pairs"), ("on", "One")]),
    (
        "compression",
        "Compression of the Parquet files",
        &[("snappy", "Snappy"), ("gzip", "Gzip"), ("zstd", "Zstandard")],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    #[test]
    fn every_value_of_every_option_has_the_page_s_words() {
        let page = std::fs::read_to_string("www/page/labels/en/rules.js").unwrap();
        for option in Options::all() {
            for (value, _) in option.values {
                let (label, words) = setting(option.name, value).unwrap();
                assert!(page.contains(&format!("label: '{label}'")), "{label}");
                // The page does not write it.
                assert!(value == "zstd" || page.contains(&format!("label: '{words}'")), "{words}");
            }
        }
        assert_eq!(setting("emails", "neither"), None);
    }
}
