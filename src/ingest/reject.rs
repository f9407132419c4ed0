//! Bad input as data: records that are no rows, files that are no exports.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::tally::{Tally, names};

/// How much of a rejected record is kept to be shown.
pub const TEXT_BYTES: usize = 256;
/// How many rejects are kept for a file.
pub const KEPT_PER_FILE: usize = 100;
/// How many rejects are kept for a run.
pub const KEPT: usize = 1000;
/// How many rejects of a file and reason are kept before any others.
pub const SAMPLES: u64 = 5;

names! {
    /// Why a record was rejected.
    pub enum Reason {
        /// Not JSON; goes up to the next line that starts with `{`.
        BadJson = "bad_json", "not valid JSON";
        /// The file ends within the record.
        Unterminated = "unterminated", "cut off before its end";
        /// Longer than 64 MiB.
        TooLong = "too_long", "longer than 64 MiB";
        /// Nested deeper than 128 levels.
        TooDeep = "too_deep", "nested deeper than 128";
        /// A string is not UTF-8.
        BadUtf8 = "bad_utf8", "not valid UTF-8";
        /// A gzip or zip stream breaks off or is damaged: what follows is lost.
        BadCompression = "bad_compression", "damaged gzip or zip, what follows is lost";
        /// A key field is missing, null or empty.
        MissingKey = "missing_key", "key field missing or empty";
        /// A value of a type that the column cannot hold.
        WrongType = "wrong_type", "field of the wrong type";
        /// Text that is no number where a number belongs.
        NotANumber = "not_a_number", "not a number";
        /// A fraction where a whole number belongs.
        NotAnInteger = "not_an_integer", "not an integer";
        /// A number that the column cannot hold.
        OutOfRange = "out_of_range", "number out of range";
    }
}

/// A record that is not a row, with its place in the user's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reject {
    /// The input's name.
    pub file: String,
    /// Byte of the (inflated) file where the record starts.
    pub offset: u64,
    /// Line of that byte, from 1.
    pub line: u64,
    /// How many bytes were skipped.
    pub bytes: u64,
    /// The column, where one is at fault.
    pub field: Option<Cow<'static, str>>,
    /// What is wrong.
    pub reason: Reason,
    /// What was expected, and at which byte.
    pub detail: Option<String>,
    /// The first bytes of the record, to be shown and never reported.
    pub text: Vec<u8>,
}

impl Reject {
    /// What starts at a byte of a line and is no row; the decoder knows its file.
    pub(super) fn new(offset: u64, line: u64, reason: Reason, detail: Option<String>) -> Reject {
        Reject { file: String::new(), offset, line, bytes: 0, field: None, reason, detail, text: Vec::new() }
    }

    /// The same, of these bytes.
    pub(super) fn of(self, bytes: &[u8]) -> Reject {
        Reject { bytes: bytes.len() as u64, text: bytes[..bytes.len().min(TEXT_BYTES)].to_vec(), ..self }
    }
}

/// Counts of rejects by reason.
pub type Rejected = Tally<Reason>;

/// Keeps as many rejects as there is room for, in their order, in which those of a file stand
/// together. The first [`SAMPLES`] of each file and reason are kept before all others: the first
/// of each, then the second of each, and so on. The room that is left is for the first ones.
///
/// Of parts that were cut to the same room before, it keeps what it would keep of the whole, so
/// neither ranges nor the order in which files are read matter.
pub(crate) fn keep_samples(rejects: &mut Vec<Reject>, room: usize) {
    if rejects.len() <= room {
        return;
    }
    let (mut file, mut seen) = ("", Rejected::default());
    let mut ranks = Vec::with_capacity(rejects.len());
    for (at, reject) in rejects.iter().enumerate() {
        if reject.file != file {
            file = &reject.file;
            seen = Rejected::default();
        }
        ranks.push((seen.get(reject.reason).min(SAMPLES), at));
        seen.add(reject.reason, 1);
    }
    ranks.sort_unstable();
    let mut kept = vec![false; rejects.len()];
    ranks.iter().take(room).for_each(|&(_, at)| kept[at] = true);
    let mut kept = kept.into_iter();
    rejects.retain(|_| kept.next().unwrap_or_default());
}

/// What a file that is not used may have held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing that says who consents: XML is an answer in the place of data, and joined results say
    /// nothing of consent. Parquet is what earlier runs have written, or not: its name decides.
    Nothing,
    /// Customers, perhaps: it is encrypted, or packed or written in a way that is not read.
    Unread,
    /// Customers, perhaps: it is damaged, or could not be read.
    Damaged,
}

/// Declares why files are not used: the short name in the report, what is lost, and what is said
/// to the person whose file it is.
macro_rules! refusals {
    ($($(#[$doc:meta])* $Variant:ident = $reason:literal, $loss:ident, $message:literal;)+) => {
        /// Why a file is not used.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refusal { $($(#[$doc])* $Variant,)+ }

        impl Refusal {
            /// Each of them.
            pub const ALL: &[Refusal] = &[$(Refusal::$Variant,)+];

            /// Short name, as in the report.
            pub fn reason(self) -> &'static str {
                match self { $(Refusal::$Variant => $reason,)+ }
            }

            /// What such a file may have held.
            pub fn loss(self) -> Loss {
                match self { $(Refusal::$Variant => Loss::$loss,)+ }
            }

            /// For the person whose file it is.
            pub fn message(self) -> &'static str {
                match self { $(Refusal::$Variant => $message,)+ }
            }
        }
    };
}

refusals! {
    /// No bytes, or nothing but blanks.
    Empty = "empty", Nothing, "the file is empty: it holds no records";
    /// No JSON object at its start.
    NotJson = "not_json", Nothing, "the file holds no JSON records: no object {…} was found at its start";
    /// UTF-32.
    NotUtf8 = "not_utf8", Unread, "the file is UTF-32; save it as UTF-8";
    /// Its records fit no table.
    UnknownFields = "unknown_fields", Nothing,
        "its records fit no table: customers have email and serialNumber, accelerometer readings user and \
        timestamp, step trainer readings sensorReadingTime and serialNumber";
    /// Compressed more than once.
    NestedCompression = "nested_compression", Unread, "the file is compressed more than once; unpack it once";
    /// A gzip stream that does not even start.
    BadGzip = "bad_gzip", Damaged, "the gzip stream is damaged from its start";
    /// A zip without files.
    EmptyArchive = "empty", Nothing, "the archive holds no files";
    /// A pipe, a socket or a device that a folder holds. Reading one may never end,
    /// and takes what it gives from someone else.
    SpecialFile = "special_file", Nothing,
        "pipes, sockets and devices in folders are not read; name a pipe or device itself to read it";
    /// A link to a folder that it is in.
    LinkLoop = "unreadable", Damaged, "the link leads to a folder that it is in";
    /// A zstd stream that does not even start.
    BadZstd = "bad_zstd", Damaged, "the zstd stream is damaged from its start";
    /// A zstd stream that can be unpacked with a dictionary only.
    ZstdDictionary = "zstd_dictionary", Unread,
        "the file was packed by zstd with a dictionary, without which it cannot be read; unpack it first";
    /// It starts as JSON records do, and none of them can be read.
    Broken = "broken", Unread,
        "the file starts as JSON records do, but none of them can be read: it was cut within the first, or its \
        JSON is not valid";
    /// JSON that stands in strings of JSON.
    JsonInStrings = "json_in_strings", Unread,
        "its records are JSON within strings, encoded twice; decode them once, for example by jq -c fromjson";
    /// A zip behind other bytes, as in an archive that unpacks itself.
    ZipBehindBytes = "zip_behind_bytes", Unread,
        "the file is a zip behind other bytes, as an archive that unpacks itself is; unpack it first";
    /// Parquet.
    Parquet = "parquet", Nothing,
        "the file is Parquet, which is not read; give the JSON that it was made from";
    /// CSV.
    Csv = "csv", Unread, "the file is CSV; save the table as JSON, one record per line";
    /// Compressed by bzip2.
    Bzip2 = "bzip2", Unread, "the file is compressed by bzip2; unpack it, or pack it as gzip or zstd";
    /// Compressed by xz.
    Xz = "xz", Unread, "the file is compressed by xz; unpack it, or pack it as gzip or zstd";
    /// A 7z archive.
    SevenZip = "seven_zip", Unread, "the file is a 7z archive; unpack it, or pack it as zip";
    /// Compressed by Snappy.
    Snappy = "snappy", Unread, "the file is compressed by Snappy; unpack it, or pack it as gzip or zstd";
    /// A RAR archive.
    Rar = "rar", Unread, "the file is a RAR archive; unpack it, or pack it as zip";
    /// Compressed by lz4.
    Lz4 = "lz4", Unread, "the file is compressed by lz4; unpack it, or pack it as gzip or zstd";
    /// Avro.
    Avro = "avro", Unread, "the file is Avro, which is not read; give the JSON that it was made from";
    /// ORC.
    Orc = "orc", Unread, "the file is ORC, which is not read; give the JSON that it was made from";
    /// Arrow's file format, Feather.
    Arrow = "arrow", Unread, "the file is Arrow (Feather), which is not read; give the JSON that it was made from";
    /// A database of SQLite.
    Sqlite = "sqlite", Unread, "the file is an SQLite database; export its tables as JSON, one record per line";
    /// Excel or OpenDocument.
    Spreadsheet = "spreadsheet", Unread, "the file is a spreadsheet; save each table as JSON, one record per line";
    /// A pointer of Git LFS.
    GitLfs = "git_lfs", Unread, "the file is a Git LFS pointer and not the data; run git lfs pull";
    /// Encrypted, or compressed by something else.
    Packed = "packed", Unread,
        "the file is encrypted, or compressed in a way that is not read; decrypt or unpack it first";
    /// Bytes of a format that is not known, and addresses in them.
    Binary = "binary", Unread,
        "the file is in a binary format that is not read, and names people by their addresses; save it as JSON, one \
        record per line";
    /// XML with addresses in it.
    XmlData = "xml_data", Unread,
        "the file is XML that names people by their addresses; save it as JSON, one record per line";
    /// XML or HTML.
    Xml = "xml", Nothing,
        "the file is XML or HTML, such as an error page that was saved; download the data again";
    /// Values as Python prints them.
    PythonRepr = "python_repr", Unread,
        "the file holds values as Python prints them, not JSON; save it with json.dump";
    /// A table of pandas, column by column.
    PandasColumns = "pandas_columns", Unread,
        "the file is a pandas table column by column; save it with to_json(orient=\"records\", lines=True)";
    /// A table of pandas, with its columns apart from its rows.
    PandasSplit = "pandas_split", Unread,
        "the file is a pandas table with orient=\"split\"; save it with to_json(orient=\"records\", lines=True)";
    /// A table of pandas, whose rows name no column.
    PandasValues = "pandas_values", Unread,
        "the file is a pandas table with orient=\"values\", whose rows name no column; save it with \
        to_json(orient=\"records\", lines=True)";
    /// Changes of records (Debezium, DMS).
    ChangeEvents = "change_events", Unread,
        "the file holds changes of records (Debezium or DMS); export the current records instead";
    /// Readings of both sensors in one record.
    JoinedResult = "joined_result", Nothing,
        "its records join both sensors already (machine_learning_curated); give the landing files instead";
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::tally::Name;
    use proptest::prelude::*;

    fn reject(file: &str, offset: u64, reason: Reason) -> Reject {
        Reject { file: file.to_owned(), ..Reject::new(offset, 1, reason, None) }
    }

    fn kept(mut rejects: Vec<Reject>, room: usize) -> Vec<Reject> {
        rejects.sort();
        keep_samples(&mut rejects, room);
        rejects
    }

    #[test]
    fn late_reasons_and_files_have_samples_before_the_first_ones_fill_the_room() {
        let mut rejects: Vec<Reject> = (0..30).map(|at| reject("a", at, Reason::BadJson)).collect();
        rejects.extend((30..37).map(|at| reject("a", at, Reason::WrongType)));
        rejects.extend((0..9).map(|at| reject("b", at, Reason::BadJson)));
        let places = |room| -> Vec<(String, u64)> {
            kept(rejects.clone(), room).into_iter().map(|reject| (reject.file, reject.offset)).collect()
        };
        let wanted = |a: &[u64], b: &[u64]| -> Vec<(String, u64)> {
            let of = |file: &str, offsets: &[u64]| -> Vec<(String, u64)> {
                offsets.iter().map(|&offset| (file.to_owned(), offset)).collect()
            };
            [of("a", a), of("b", b)].concat()
        };
        assert_eq!(places(46).len(), 46, "there is room for all");
        assert_eq!(
            places(17),
            wanted(&[0, 1, 2, 3, 4, 5, 6, 30, 31, 32, 33, 34], &[0, 1, 2, 3, 4]),
            "five of each, then the first ones"
        );
        assert_eq!(places(5), wanted(&[0, 1, 30, 31], &[0]), "the first of each before the second of any");
        assert_eq!(places(2), wanted(&[0, 30], &[]));
    }

    #[test]
    fn a_file_has_room_for_the_samples_of_all_reasons() {
        assert!(Reason::ALL.len() * SAMPLES as usize <= KEPT_PER_FILE);
    }

    fn rejects() -> impl Strategy<Value = Vec<Reject>> {
        let one = (0..4usize, 0..200u64, prop::sample::select(Reason::ALL[..4].to_vec()))
            .prop_map(|(file, offset, reason)| reject(["a", "b", "c", "d"][file], offset, reason));
        prop::collection::vec(one, 0..120)
    }

    proptest! {
        #[test]
        fn parts_in_any_order_keep_what_the_whole_keeps(
            parts in prop::collection::vec(rejects(), 1..5),
            room in 0..80usize,
        ) {
            let whole = kept(parts.concat(), room);
            let merged = parts.into_iter().fold(Vec::new(), |before, part| {
                kept([before, kept(part, room)].concat(), room)
            });
            prop_assert_eq!(merged, whole);
        }

        #[test]
        fn none_is_kept_before_a_sample_of_another_file_and_reason(all in rejects(), room in 0..80usize) {
            let kept = kept(all.clone(), room);
            prop_assert_eq!(kept.len(), room.min(all.len()));
            let count = |of: &[Reject], like: &Reject| {
                of.iter().filter(|one| one.file == like.file && one.reason == like.reason).count() as u64
            };
            for like in &all {
                let (mine, there) = (count(&kept, like), count(&all, like));
                for other in &kept {
                    let enough = count(&kept, other).min(SAMPLES);
                    prop_assert!(mine >= there.min(SAMPLES) || mine + 1 >= enough);
                }
            }
        }
    }
}
