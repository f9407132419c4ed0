//! Every choice of a run, once: its name, its values, which is the default, and what
//! each does. The command line's help and the report come from here; `tests/options.rs`
//! holds the page, the schema of the report, the SQL, Spark and the README to it.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::{Error, ErrorKind};

/// An option that is one of a few values.
pub trait Choice: Copy + Default + Eq + 'static {
    /// As in the report; on the command line with `-` for `_`.
    const NAME: &'static str;
    /// One line, for people.
    const HELP: &'static str;
    /// All values, as `a|b`, the default first.
    const VALUES: &'static str;
    /// The default's name.
    const DEFAULT: &'static str;
    /// All values, the default first.
    const ALL: &'static [Self];
    /// As in the report, on the command line and on the page.
    fn name(self) -> &'static str;
    /// What it does, in few words.
    fn help(self) -> &'static str;
}

/// Declares an option: its name and help, then each value with its name and help, the
/// default first.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $Enum:ident: $name:literal, $help:literal {
            $(#[$first_doc:meta])* $First:ident = $first:literal, $first_help:literal;
            $($(#[$doc:meta])* $Variant:ident = $value:literal, $value_help:literal;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum $Enum {
            $(#[$first_doc])* #[default] #[serde(rename = $first)] $First,
            $($(#[$doc])* #[serde(rename = $value)] $Variant,)+
        }

        impl Choice for $Enum {
            const NAME: &'static str = $name;
            const HELP: &'static str = $help;
            const VALUES: &'static str = concat!($first, $("|", $value),+);
            const DEFAULT: &'static str = $first;
            const ALL: &'static [Self] = &[$Enum::$First, $($Enum::$Variant),+];
            fn name(self) -> &'static str {
                match self { $Enum::$First => $first, $($Enum::$Variant => $value,)+ }
            }
            fn help(self) -> &'static str {
                match self { $Enum::$First => $first_help, $($Enum::$Variant => $value_help,)+ }
            }
        }
    };
}

choice! {
    /// From when on a person's readings may be used.
    pub enum ConsentTime: "consent", "From when on a person's readings may be used: ever, or as of the consent date" {
        /// Consent admits all of a person's readings.
        Ever = "ever", "all readings of a person who has consented";
        /// No reading taken before its owner's consent date; the date itself is in.
        AsOf = "as-of", "no reading taken before its owner's consent date";
        /// The original course's extra task: accelerometer readings alone are held to the date.
        AsOfPhone = "as-of-phone",
            "as as-of, but for the phone's readings alone; only to reproduce the course's counts";
    }
}

choice! {
    /// Which of a person's customer records decide.
    pub enum ConsentRecords: "records",
        "Which customer records count: any consenting one, or only each email's latest" {
        /// One consenting record is enough, as in the original.
        Any = "any", "one consenting record of an email is enough";
        /// Only the records with the newest lastupdatedate of each email, and all of them.
        Latest = "latest", "only an email's newest records, all of which must consent";
    }
}

choice! {
    /// How emails are compared.
    pub enum Emails: "emails", "Whether emails that differ by case and blanks alone are one person's" {
        /// As they are written.
        Exact = "exact", "compared as they are";
        /// Without blanks at their ends and in lower case, which is also how they are written.
        Folded = "folded", "compared and written without blanks at their ends, in lower case";
    }
}

choice! {
    /// What to do with rows that are there twice.
    pub enum Duplicates: "duplicates",
        "Rows of trusted tables that are equal in every column, as overlapping exports have them" {
        /// Keep, count and warn, as in the original.
        Keep = "keep", "kept, with a warning";
        /// Leave out all but the first.
        Drop = "drop", "left out, but for the first";
    }
}

choice! {
    /// What to do with a serial number that several emails share.
    pub enum SharedSerials: "shared_serials", "Step readings of a serial number that several emails share" {
        /// Keep its step readings, count and warn, as in the original.
        Keep = "keep", "kept, with a warning";
        /// Leave its step readings out.
        Drop = "drop", "left out";
    }
}

choice! {
    /// How machine_learning_curated pairs readings.
    pub enum Join: "join", "Pair readings by owner and time, or, as the original course, by time only (mixes people)" {
        /// Same owner and same time.
        Owner = "owner", "readings of one person at one time";
        /// Same time only, which mixes people: the original course's join.
        Time = "time", "readings of one time, which mixes people";
    }
}

choice! {
    /// What `subject` of machine_learning_curated holds.
    pub enum Identity: "identity", "What names a subject: a keyed pseudonym, or the serial number" {
        /// A keyed hash of the person.
        Pseudonym = "pseudonym", "a keyed hash of the email";
        /// The serial number, as in the original.
        Serial = "serial", "the serial number, which leads back to a person";
    }
}

choice! {
    /// What the times of machine_learning_curated are. Other tables have them as they are.
    pub enum Times: "times", "Times in machine_learning_curated: as measured, moved, or from each subject's first row" {
        /// As they were measured.
        Exact = "exact", "as they were measured";
        /// All of a subject's times earlier by some weeks: see [`crate::zones::time_offset`].
        Shifted = "shifted", "earlier by a number of weeks for each subject, 1 to 520, that follows from the key";
        /// Milliseconds since the subject's first row.
        Relative = "relative", "milliseconds since the subject's first row";
    }
}

choice! {
    /// Whether a subject may have several rows of one time in machine_learning_curated.
    pub enum OnePerInstant: "one_per_instant", "Keep one row for each subject and time in machine_learning_curated" {
        /// As many as readings of that time can be paired, as in the original.
        Off = "off", "each reading of a time is paired with each of the other sensor's";
        /// The first, in the order of the table.
        On = "on", "only the first pair of a subject and a time, in the order of the table";
    }
}

choice! {
    /// How Parquet pages are compressed. It changes no row.
    pub enum Compression: "compression", "How the Parquet files are compressed" {
        /// What every reader knows; quick.
        Snappy = "snappy", "known to every reader, and quick";
        /// Smaller, slower to write.
        Gzip = "gzip", "smaller, and slower to write";
        /// Smaller, and quicker than gzip. Only the command line has it: its code would
        /// not fit the page.
        Zstd = "zstd", "smaller, and quicker than gzip; on the command line only";
    }
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

/// What a list of all options says of one.
#[derive(Clone, Debug, Serialize)]
pub struct OptionFacts {
    /// As in the report.
    pub name: &'static str,
    /// One line, for people.
    pub help: &'static str,
    /// Names and help of its values, the default first.
    pub values: Vec<(&'static str, &'static str)>,
    /// Whether it decides on rows, so that SQL and Spark have it too.
    pub of_rows: bool,
}

fn facts<C: Choice>(of_rows: bool) -> OptionFacts {
    let values = C::ALL.iter().map(|value| (value.name(), value.help())).collect();
    OptionFacts { name: C::NAME, help: C::HELP, values, of_rows }
}

/// All options of a run; `Default` is the house's choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Options {
    /// From when on a person's readings may be used.
    pub consent: ConsentTime,
    /// Which of a person's records decide.
    pub records: ConsentRecords,
    /// How emails are compared.
    pub emails: Emails,
    /// What to do with serial numbers of several people.
    pub shared_serials: SharedSerials,
    /// What to do with equal rows.
    pub duplicates: Duplicates,
    /// How readings are paired.
    pub join: Join,
    /// What a subject is.
    pub identity: Identity,
    /// What the times of machine_learning_curated are.
    pub times: Times,
    /// Whether a subject has one row for each time at most.
    pub one_per_instant: OnePerInstant,
    /// How files are compressed.
    pub compression: Compression,
    /// Emails and serial numbers to leave out, compared without case and blanks
    /// at their ends, serial numbers without blanks alone. Personal data: a report
    /// says only how many there are. See [`crate::withdrawals::read`].
    pub withdrawals: Vec<String>,
}

impl Options {
    /// Every option that is a choice, in the order of the report.
    pub fn all() -> Vec<OptionFacts> {
        vec![
            facts::<ConsentTime>(true),
            facts::<ConsentRecords>(true),
            facts::<Emails>(true),
            facts::<SharedSerials>(true),
            facts::<Duplicates>(true),
            facts::<Join>(true),
            facts::<Identity>(true),
            facts::<Times>(true),
            facts::<OnePerInstant>(true),
            facts::<Compression>(false),
        ]
    }

    /// The options that decide on rows, the list of withdrawals among them, by their names in the report.
    pub fn of_rows() -> impl Iterator<Item = &'static str> {
        let choices = Options::all().into_iter().filter(|option| option.of_rows);
        choices.map(|option| option.name).chain(["withdrawals"])
    }

    /// Refuses options that do not go together.
    ///
    /// # Errors
    /// `TimesOfOne` if times of one subject are to be moved together where a subject's rows are
    /// not one person's alone.
    pub fn check(&self) -> Result<(), Error> {
        let of_one = self.join == Join::Owner && self.identity == Identity::Pseudonym;
        if self.times != Times::Exact && !of_one {
            return Err(ErrorKind::TimesOfOne { times: self.times.name() }.into());
        }
        Ok(())
    }

    /// Whether whatever these options admit was admitted under the others, so that
    /// a finished run can go on from what it holds: readings, so that whatever becomes of
    /// their pairs may differ. Other withdrawals need the
    /// files: what was not admitted counts under another rule then. So do customer
    /// records that were dropped as duplicates, if fewer records count.
    pub fn narrows(&self, other: &Options) -> bool {
        let consent = match other.consent {
            ConsentTime::Ever => true,
            ConsentTime::AsOfPhone => self.consent != ConsentTime::Ever,
            ConsentTime::AsOf => self.consent == ConsentTime::AsOf,
        };
        let all_copies = other.duplicates == Duplicates::Keep;
        self.withdrawals == other.withdrawals
            && self.emails == other.emails
            && consent
            && (self.records == other.records || other.records == ConsentRecords::Any && all_copies)
            && (self.duplicates == other.duplicates || all_copies)
    }
}

/// Whether the caller made the key up or was given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum KeyOrigin {
    /// Handed over, so that runs are linked on purpose.
    Given,
    /// Made for this run.
    Random,
}

/// The key of the pseudonyms. It has no `Debug` and is never serialised.
#[derive(Clone)]
pub struct Key {
    pub(crate) bytes: Vec<u8>,
    pub(crate) origin: KeyOrigin,
}

impl Key {
    /// A key of any length but zero.
    ///
    /// # Errors
    /// `EmptyKey` for no bytes.
    pub fn new(bytes: Vec<u8>, origin: KeyOrigin) -> Result<Key, Error> {
        if bytes.is_empty() {
            return Err(ErrorKind::EmptyKey.into());
        }
        Ok(Key { bytes, origin })
    }

    /// A key from a key file: its bytes without the line end.
    ///
    /// # Errors
    /// `EmptyKey` for nothing but line ends.
    pub fn from_file(bytes: &[u8]) -> Result<Key, Error> {
        let end = bytes.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |last| last + 1);
        Key::new(bytes[..end].to_vec(), KeyOrigin::Given)
    }

    /// Whether it can be found by trying, as a word or a few digits can. The page has the same bound.
    pub fn is_short(&self) -> bool {
        self.bytes.len() < 16
    }

    /// What hashes texts under the key.
    pub(crate) fn keyed_hash(&self) -> KeyedHash {
        // A key of any length is good: HMAC pads short ones and hashes long ones.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.bytes) else {
            unreachable!("HMAC takes keys of any length");
        };
        KeyedHash(mac)
    }
}

/// HMAC-SHA-256 under a key.
pub(crate) struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    /// Of these texts one after another.
    pub(crate) fn of<'a>(&self, texts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
        let mut mac = self.0.clone();
        texts.into_iter().for_each(|text| mac.update(text));
        mac.finalize().into_bytes().into()
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
            concat!(
                r#"{"consent":"ever","records":"any","emails":"exact","shared_serials":"keep","#,
                r#""duplicates":"keep","join":"owner","identity":"pseudonym","times":"exact","#,
                r#""one_per_instant":"off","compression":"snappy","withdrawals":[]}"#
            )
        );
    }

    #[test]
    fn every_field_is_in_the_list_of_options() {
        let json = serde_json::to_value(Options::default()).unwrap();
        let mut listed: Vec<_> = Options::all().iter().map(|option| option.name).collect();
        for option in Options::all() {
            assert_eq!(json[option.name], option.values[0].0, "the default is the first");
        }
        listed.push("withdrawals");
        listed.sort_unstable();
        assert_eq!(listed, json.as_object().unwrap().keys().collect::<Vec<_>>());
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
