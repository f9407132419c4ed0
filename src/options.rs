//! Every choice of a run. The command line, the page and the report share this
//! one type, so an option cannot exist in one of them only.

use serde::{Deserialize, Serialize};

/// From when on a person's readings may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentTime {
    /// Consent admits all of a person's readings.
    #[default]
    Ever,
    /// No reading taken before its owner's consent date; the date itself is in.
    AsOf,
}

/// Which of a person's customer records decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentRecords {
    /// One consenting record is enough, as in the original.
    #[default]
    Any,
    /// Only the records with the newest lastupdatedate of each email, and all of them.
    Latest,
}

/// What to do with a serial number that stands under more than one email.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharedSerials {
    /// Keep its step readings, count and warn, as in the original.
    #[default]
    Keep,
    /// Leave its step readings out.
    Drop,
}

/// How machine_learning_curated pairs readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Join {
    /// Same owner and same time.
    #[default]
    Owner,
    /// Same time only, which mixes people: the original course's join.
    Time,
}

/// What `subject` of machine_learning_curated holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// A keyed hash of the person.
    #[default]
    Pseudonym,
    /// The serial number, as in the original.
    Serial,
}

/// How Parquet pages are compressed. It changes no row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// What every reader knows; quick.
    #[default]
    Snappy,
    /// Smaller, slower to write.
    Gzip,
    /// Smaller, and quicker than gzip. Only the command line has it: its code would
    /// not fit the page.
    Zstd,
}

impl Compression {
    /// What Spark puts into the name of such a file.
    pub fn extension(self) -> &'static str {
        match self {
            Compression::Snappy => "snappy",
            Compression::Gzip => "gz",
            Compression::Zstd => "zstd",
        }
    }
}

/// All options of a run; `Default` is the house's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// `ever` | `as-of`
    pub consent: ConsentTime,
    /// `any` | `latest`
    pub records: ConsentRecords,
    /// `keep` | `drop`
    pub shared_serials: SharedSerials,
    /// `owner` | `time`
    pub join: Join,
    /// `pseudonym` | `serial`
    pub identity: Identity,
    /// `snappy` | `gzip` | `zstd`
    pub compression: Compression,
    /// Emails and serial numbers to leave out, compared without case and blanks
    /// at their ends, serial numbers without blanks alone. Personal data: a report
    /// says only how many there are. See [`crate::withdrawals::read`].
    pub withdrawals: Vec<String>,
}

impl Options {
    /// Whether whatever these options admit was admitted under the others, so that
    /// a finished run can go on from what it holds. Other withdrawals need the
    /// files: what was not admitted counts under another rule then.
    pub fn narrows(&self, other: &Options) -> bool {
        self.withdrawals == other.withdrawals
            && (self.consent == other.consent || other.consent == ConsentTime::Ever)
            && (self.records == other.records || other.records == ConsentRecords::Any)
    }
}

/// Whether the caller made the key up or was given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyOrigin {
    /// Handed over, so that runs are linked on purpose.
    Given,
    /// Made for this run.
    Random,
}

/// The key of the pseudonyms. It has no `Debug` and is never serialised.
pub struct Key {
    pub(crate) bytes: Vec<u8>,
    pub(crate) origin: KeyOrigin,
}

impl Key {
    /// A key of any length but zero.
    ///
    /// # Errors
    /// `EmptyKey` for no bytes.
    pub fn new(bytes: Vec<u8>, origin: KeyOrigin) -> Result<Key, crate::Error> {
        if bytes.is_empty() {
            return Err(crate::ErrorKind::EmptyKey.into());
        }
        Ok(Key { bytes, origin })
    }

    /// A key from a key file: its bytes without the line end.
    ///
    /// # Errors
    /// `EmptyKey` for nothing but line ends.
    pub fn from_file(bytes: &[u8]) -> Result<Key, crate::Error> {
        let end = bytes.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |last| last + 1);
        Key::new(bytes[..end].to_vec(), KeyOrigin::Given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_first_of_each() {
        let options: Options = serde_json::from_str("{}").unwrap();
        assert_eq!(options, Options::default());
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(
            json,
            r#"{"consent":"ever","records":"any","shared_serials":"keep","join":"owner","identity":"pseudonym","compression":"snappy","withdrawals":[]}"#
        );
    }

    #[test]
    fn an_unknown_option_is_an_error() {
        assert!(serde_json::from_str::<Options>(r#"{"consnet":"ever"}"#).is_err());
    }

    #[test]
    fn a_key_file_loses_only_its_line_end() {
        let key = Key::from_file(b" secret\r\n").map(|key| key.bytes).ok();
        assert_eq!(key.as_deref(), Some(&b" secret"[..]));
        assert!(Key::from_file(b"\n").is_err());
    }
}
