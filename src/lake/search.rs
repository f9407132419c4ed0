//! Searches the files of a lake for people who were erased from it: every value of a text column, wherever
//! a Parquet file holds one, compared whole; emails and pseudonyms also as text in every file; serial numbers also in
//! names that people gave.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aho_corasick::{AhoCorasick, BuildError};
use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::Page;
use parquet::data_type::ByteArray;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;

use super::columns::{Column, pages};
use super::reference;
use crate::error::{Error, ErrorKind};
use crate::ingest::hides_text;
use crate::spelling::{composed, folded, trimmed};

/// Values that are read at a time.
const BATCH_ROWS: usize = 1 << 14;
/// Shorter ones that are no address are in every text: they are compared whole, and as words of names that people gave.
const LEAST_TEXT: usize = 6;

/// Who is searched for.
pub struct Wanted {
    /// Trimmed and [`composed`].
    emails: BTreeSet<String>,
    /// Trimmed.
    serials: BTreeSet<String>,
    subjects: BTreeSet<String>,
    /// What the people are called.
    names: BTreeSet<String>,
    /// Emails that stay, as they are written.
    kept: BTreeSet<String>,
    /// Emails and pseudonyms as they are written.
    written: Texts,
    /// Those with letters beyond ASCII, [`composed`]: bytes know neither the case of these nor their marks.
    beyond_ascii: Option<Texts>,
}

/// Texts that are looked for in bytes.
struct Texts {
    automaton: AhoCorasick,
    /// By text: the kept emails that hold it, each with where in it.
    within: Vec<Vec<(usize, String)>>,
}

impl Texts {
    fn new(texts: BTreeSet<String>, kept: impl Iterator<Item = String>) -> Result<Texts, Error> {
        let texts: Vec<String> = texts.into_iter().collect();
        let too_many =
            |_: BuildError| ErrorKind::BadArgument { expected: "list that can be searched for at once" };
        let automaton =
            AhoCorasick::builder().ascii_case_insensitive(true).build(&texts).map_err(too_many)?;
        let mut within = vec![Vec::new(); texts.len()];
        for email in kept {
            for found in automaton.find_overlapping_iter(&email) {
                within[found.pattern().as_usize()].push((found.start(), email.clone()));
            }
        }
        Ok(Texts { automaton, within })
    }

    /// How often bytes hold one of them, but for emails that are kept and hold it.
    fn count(&self, bytes: &[u8]) -> u64 {
        let explained = |text: usize, start: usize| {
            self.within[text].iter().any(|(at, email)| {
                let from = start.checked_sub(*at);
                let there = from.and_then(|from| bytes.get(from..from + email.len()));
                there.is_some_and(|there| there == email.as_bytes())
            })
        };
        let found = self.automaton.find_overlapping_iter(bytes);
        found.filter(|found| !explained(found.pattern().as_usize(), found.start())).count() as u64
    }
}

/// What was searched, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files, with their names.
    pub files: usize,
    /// Values of columns.
    pub values: u64,
    /// Values of dictionaries, whether a row has them or not.
    pub dictionary_values: u64,
    /// Pages, with what they say of their values.
    pub pages: u64,
    /// Bounds that the footer gives for columns.
    pub statistics: u64,
    /// Bounds that the indexes give for pages.
    pub index_values: u64,
    /// Entries of the footer.
    pub footer_values: u64,
    /// How often somebody was found, by file and by where in it.
    pub matches: BTreeMap<(String, &'static str), u64>,
    /// Files whose text cannot be searched: they are packed, for example.
    pub unsearchable: BTreeSet<String>,
}

impl Searched {
    /// Takes in what was searched elsewhere.
    pub fn merge(&mut self, other: Searched) {
        self.files += other.files;
        self.values += other.values;
        self.dictionary_values += other.dictionary_values;
        self.pages += other.pages;
        self.statistics += other.statistics;
        self.index_values += other.index_values;
        self.footer_values += other.footer_values;
        for (place, count) in other.matches {
            *self.matches.entry(place).or_default() += count;
        }
        self.unsearchable.extend(other.unsearchable);
    }

    fn found(&mut self, path: &str, part: &'static str, count: u64) {
        if count > 0 {
            *self.matches.entry((path.to_owned(), part)).or_default() += count;
        }
    }
}

impl Wanted {
    /// Emails, serial numbers and pseudonyms; and the emails that are kept, of which some may hold one that is not,
    /// or be one but for case and blanks.
    ///
    /// # Errors
    /// `BadArgument` if there are too many to be searched for.
    pub fn new<'a>(
        emails: &BTreeSet<String>,
        serials: &BTreeSet<String>,
        subjects: BTreeSet<String>,
        kept: impl Iterator<Item = &'a str>,
    ) -> Result<Wanted, Error> {
        let is_long = |text: &&String| text.contains('@') || text.len() >= LEAST_TEXT;
        let spellings = emails.iter().flat_map(|email| [trimmed(email).to_owned(), folded(email)]);
        let mut texts: BTreeSet<String> = spellings.filter(|email| is_long(&email)).collect();
        // As JSON has them.
        let escaped = |text: &String| crate::audit::quoted(text).trim_matches('"').to_owned();
        texts.extend(texts.iter().map(escaped).collect::<Vec<_>>());
        texts.extend(subjects.iter().filter(is_long).cloned());
        let beyond: BTreeSet<String> =
            texts.iter().filter(|text| !text.is_ascii()).map(|text| composed(text)).collect();
        let kept: BTreeSet<String> = kept.map(str::to_owned).collect();
        let beyond_ascii =
            (!beyond.is_empty()).then(|| Texts::new(beyond, kept.iter().map(|email| composed(email))));
        Ok(Wanted {
            emails: emails.iter().map(|email| composed(trimmed(email))).collect(),
            serials: serials.iter().map(|serial| trimmed(serial).to_owned()).collect(),
            subjects,
            names: BTreeSet::new(),
            written: Texts::new(texts, kept.iter().cloned())?,
            beyond_ascii: beyond_ascii.transpose()?,
            kept,
        })
    }

    /// Knows what the people are called, too: see [`Wanted::is_named_in`].
    pub fn with_names(self, names: BTreeSet<String>) -> Wanted {
        Wanted { names, ..self }
    }

    /// Whether a value is one of them as a whole.
    fn is(&self, value: &[u8]) -> bool {
        let Ok(value) = str::from_utf8(value) else { return false };
        self.subjects.contains(value)
            || self.serials.contains(trimmed(value))
            || self.emails.contains(&composed(trimmed(value))) && !self.kept.contains(value)
    }

    /// How often bytes hold one of them as text, but for emails that are kept and hold it.
    fn texts(&self, bytes: &[u8]) -> u64 {
        let beyond = self.beyond_ascii.as_ref().map_or(0, |texts| {
            // Line by line: a second copy of all of a large file might not fit into memory.
            let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_ascii());
            lines.map(|line| texts.count(composed(&String::from_utf8_lossy(line)).as_bytes())).sum::<u64>()
        });
        self.written.count(bytes).max(beyond)
    }

    /// Whether a text of a report holds one of them.
    pub fn is_in(&self, text: &str) -> bool {
        let long = self.serials.iter().filter(|serial| serial.len() >= LEAST_TEXT);
        self.is(text.as_bytes())
            || self.texts(text.as_bytes()) > 0
            || long.into_iter().any(|serial| text.contains(serial.as_str()))
    }

    /// Whether a name that somebody gave to a file or a folder holds one of them; a short serial number as a word.
    pub fn is_in_name(&self, name: &str) -> bool {
        self.is_in(name) || reference::is_named(name, self.serials.iter().map(String::as_str))
    }

    /// Whether a text that somebody wrote names one of them, also by a short serial number, or as they are called.
    pub fn is_named_in(&self, text: &str) -> bool {
        let names = self.emails.iter().chain(&self.serials).chain(&self.names).map(String::as_str);
        self.is_in(text) || reference::is_named(text, names)
    }

    /// Searches a file that is no Parquet, and its name.
    pub fn search_text(&self, path: &str, bytes: &[u8]) -> Searched {
        let mut searched = self.search_path(path);
        searched.found(path, "text", self.texts(bytes));
        searched
    }

    /// Counts a file, and searches its path.
    fn search_path(&self, path: &str) -> Searched {
        let mut searched = Searched { files: 1, ..Searched::default() };
        searched.found(path, "name", self.texts(path.as_bytes()));
        searched
    }

    /// Searches a file that is not the lake's, and its name.
    ///
    /// # Errors
    /// As [`Wanted::search_parquet`].
    pub fn search_other(&self, path: &str, bytes: &Bytes) -> Result<Searched, Error> {
        let mut searched = self.search_folder(path);
        if bytes.starts_with(b"PAR1") {
            searched.merge(self.search_parquet(path, bytes)?);
        } else {
            searched.merge(self.search_text(path, bytes));
            searched.unsearchable.extend(hides_text(bytes).then(|| path.to_owned()));
        }
        Ok(searched)
    }

    /// Searches the name of a folder that is not the lake's.
    pub fn search_folder(&self, path: &str) -> Searched {
        let mut searched = Searched::default();
        searched.found(path, "name", u64::from(self.is_in_name(path)));
        searched
    }

    /// Searches a Parquet file, and its name.
    ///
    /// # Errors
    /// `NotALake` if it cannot be read: what it holds is not known then.
    pub fn search_parquet(&self, path: &str, bytes: &Bytes) -> Result<Searched, Error> {
        let unreadable = |cause: &dyn std::fmt::Display| {
            let problem = format!("{path} cannot be searched: {cause}");
            Error::from(ErrorKind::NotALake { problem })
        };
        let mut searched = self.search_path(path);
        // Its pages are searched unpacked.
        searched.found(path, "text", self.written.count(bytes));
        let mut reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Optional);
        reader.try_parse(bytes).map_err(|error| unreadable(&error))?;
        let metadata = reader.finish().map_err(|error| unreadable(&error))?;
        self.footer(path, &metadata, &mut searched);
        self.indexes(path, &metadata, &mut searched);
        let values = self.columns(path, bytes, &metadata, &mut searched);
        values.map_err(|error| unreadable(&error))?;
        Ok(searched)
    }

    fn footer(&self, path: &str, metadata: &ParquetMetaData, searched: &mut Searched) {
        let about = metadata.file_metadata();
        let entries = about.key_value_metadata().into_iter().flatten();
        let entries = entries.flat_map(|entry| [Some(entry.key.as_str()), entry.value.as_deref()]);
        let columns = about.schema_descr().columns().iter().map(|column| Some(column.name()));
        for value in entries.chain([about.created_by()]).chain(columns).flatten() {
            searched.footer_values += 1;
            searched.found(path, "footer", u64::from(self.is(value.as_bytes())));
        }
        for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
            if let Some(statistics) = column.statistics() {
                let bounds = self.bounds(path, "statistic", statistics, searched);
                searched.statistics += bounds;
            }
            // A filter answers for values that nobody can list.
            searched.found(path, "filter", u64::from(column.bloom_filter_offset().is_some()));
        }
    }

    fn bounds(&self, path: &str, part: &'static str, of: &Statistics, searched: &mut Searched) -> u64 {
        let bounds = [of.min_bytes_opt(), of.max_bytes_opt()];
        let found = bounds.iter().flatten().filter(|bound| self.is(bound)).count();
        searched.found(path, part, found as u64);
        bounds.iter().flatten().count() as u64
    }

    fn indexes(&self, path: &str, metadata: &ParquetMetaData, searched: &mut Searched) {
        for index in metadata.column_index().into_iter().flatten().flatten() {
            if let ColumnIndexMetaData::BYTE_ARRAY(index) = index {
                for bound in index.min_values_iter().chain(index.max_values_iter()).flatten() {
                    searched.index_values += 1;
                    searched.found(path, "index", u64::from(self.is(bound)));
                }
            }
        }
    }

    fn columns(
        &self,
        path: &str,
        bytes: &Bytes,
        metadata: &ParquetMetaData,
        searched: &mut Searched,
    ) -> parquet::errors::Result<()> {
        let file = Arc::new(bytes.clone());
        for group in metadata.row_groups() {
            for (column, about) in group.columns().iter().enumerate() {
                let is_text = about.column_type() == Type::BYTE_ARRAY;
                let mut pages = pages(&file, group, column)?;
                while let Some(page) = pages.get_next_page()? {
                    self.page(path, &page, is_text, searched);
                }
                if is_text {
                    let mut reader = Column::texts(&file, group, column)?;
                    let (mut levels, mut values) = (Vec::new(), Vec::<ByteArray>::new());
                    loop {
                        levels.clear();
                        values.clear();
                        let (read, ..) =
                            reader.read_records(BATCH_ROWS, Some(&mut levels), None, &mut values)?;
                        if read == 0 {
                            break;
                        }
                        searched.values += values.len() as u64;
                        // Most have the value of the row before.
                        let runs = values.chunk_by(|one, other| one.data() == other.data());
                        let found = runs.filter(|run| self.is(run[0].data())).map(<[_]>::len).sum::<usize>();
                        searched.found(path, "value", found as u64);
                    }
                }
            }
        }
        Ok(())
    }

    fn page(&self, path: &str, page: &Page, is_text: bool, searched: &mut Searched) {
        searched.pages += 1;
        if let Some(statistics) = page.statistics() {
            self.bounds(path, "page", statistics, searched);
        }
        if let (Page::DictionaryPage { buf, .. }, true) = (page, is_text) {
            let mut rest = buf.as_ref();
            while let Some((length, after)) = rest.split_first_chunk::<4>() {
                let length = u32::from_le_bytes(*length) as usize;
                let Some((value, after)) = after.split_at_checked(length) else { break };
                searched.dictionary_values += 1;
                searched.found(path, "dictionary", u64::from(self.is(value)));
                rest = after;
            }
            debug_assert!(matches!(page.encoding(), Encoding::PLAIN | Encoding::PLAIN_DICTIONARY));
        }
        // As text in what the page holds when it is unpacked, whatever its encoding.
        searched.found(path, "page", self.texts(page.buffer()));
    }
}
