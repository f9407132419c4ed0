//! What a landing file holds, found where its bytes are.

use serde::{Deserialize, Serialize};
use stedi_lakehouse::audit::Hasher;
use stedi_lakehouse::ingest::{
    ArchiveError, ContentDigest, Decoded, Detection, Digest, Entry, FastRow, FieldFault, Record, Refusal,
    Sink, Skip, detect_file, skip,
};
use stedi_lakehouse::schema::customer::SHAREWITHRESEARCHASOFDATE;
use stedi_lakehouse::schema::{ColumnType, Landing};
use stedi_lakehouse::wire::Message;

use super::rows::FileInMemory;

/// A landing file and what it holds. It travels as bytes, and has emails and serial numbers of rejected
/// records, but no row.
#[derive(Serialize, Deserialize)]
pub struct Scanned {
    /// Below the folder of the inputs: its name in the report.
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: Option<String>,
    pub(super) found: Found,
}

impl Message for Scanned {
    const NAME: &'static str = "account of a landing file";
}

/// What a file is, or an entry of an archive.
#[derive(Serialize, Deserialize)]
pub(super) enum Found {
    Skipped(Skip),
    Refused { reason: String, message: String },
    Records(Records),
    Archive { digest: Digest, entries: Entries },
}

/// The files of an archive; or why it cannot be opened, by a short name and for people.
pub(super) type Entries = Result<Vec<FoundEntry>, (String, String)>;

/// An entry of an archive.
#[derive(Serialize, Deserialize)]
pub(super) struct FoundEntry {
    /// The archive's path, a slash, and the path in it.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) found: Found,
}

/// Records of one table, or of several.
#[derive(Serialize, Deserialize)]
pub(super) struct Records {
    /// Of the unpacked bytes; none if they cannot be read.
    pub(super) digest: Option<Digest>,
    pub(super) parts: Vec<Part>,
}

/// What a file holds of one table.
#[derive(Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) table: Landing,
    pub(super) decoded: Decoded,
    pub(super) consent: ConsentFields,
}

/// What records say of their consent dates, in counts.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct ConsentFields {
    pub(super) unreadable: u64,
    pub(super) conflict: u64,
    pub(super) is_there: bool,
}

impl ConsentFields {
    pub(super) fn merge(&mut self, other: ConsentFields) {
        self.unreadable += other.unreadable;
        self.conflict += other.conflict;
        self.is_there |= other.is_there;
    }
}

/// Scans a whole file. `path` is its path below the folder of the inputs, with slashes.
pub fn scan(data: &[u8], path: &str) -> Scanned {
    let mut hasher = Hasher::default();
    hasher.push(data);
    let (bytes, sha256) = (data.len() as u64, Some(hasher.finish()));
    Scanned { path: path.to_owned(), bytes, sha256, found: file(data, path) }
}

/// A file of so many bytes that is not read, by its name; none if it has to be read.
pub fn skipped(path: &str, bytes: u64, sha256: Option<String>) -> Option<Scanned> {
    let found = Found::Skipped(skip(path, bytes)?);
    Some(Scanned { path: path.to_owned(), bytes, sha256, found })
}

fn file(data: &[u8], path: &str) -> Found {
    let detection = match detect_file(data) {
        Ok((detection, _)) => detection,
        Err(error) => return Found::refused("unreadable", error.to_string()),
    };
    let mut content = ContentDigest::default();
    content.push(data);
    let (digest, mut file) = (content.finish(), FileInMemory::new(data));
    match detection {
        Detection::Archive => Found::Archive { digest, entries: entries(&mut file, path) },
        found => records(&mut file, found, Some(digest), path, None),
    }
}

fn entries(file: &mut FileInMemory<'_>, path: &str) -> Entries {
    let refused = |error: ArchiveError| (error.reason().to_owned(), error.to_string());
    let listed: Vec<Entry> = file.archive().map_err(refused)?.entries().to_vec();
    let mut found = Vec::with_capacity(listed.len());
    for (at, Entry { name: inside, bytes, .. }) in listed.into_iter().enumerate() {
        let name = format!("{path}/{inside}");
        let archive = file.archive().map_err(refused)?;
        let entry = match skip(&inside, bytes) {
            Some(skip) => Found::Skipped(skip),
            None => match archive.detect(at) {
                Ok(detection) => {
                    let digest = archive.digest(at).ok();
                    records(file, detection, digest, &name, Some(at))
                }
                Err(error) => Found::refused(error.reason(), error.to_string()),
            },
        };
        found.push(FoundEntry { name, bytes, found: entry });
    }
    Ok(found)
}

fn records(
    file: &mut FileInMemory<'_>,
    detection: Detection,
    digest: Option<Digest>,
    name: &str,
    entry: Option<usize>,
) -> Found {
    let kinds = match detection {
        Detection::Table(kind) => vec![kind],
        Detection::Several => Landing::ALL.to_vec(),
        Detection::Refused(refusal) => return Found::refusal(refusal),
        // All of it was there, so nothing asks for more, and an archive in an archive is refused.
        Detection::More(_) | Detection::Archive => return Found::refusal(Refusal::NotJson),
    };
    let (share, mut parts) = (kinds.len() > 1, Vec::new());
    for kind in kinds {
        let mut check = RowCheck::new(kind);
        match file.read(name, entry, kind, share, &mut check) {
            Ok(decoded) => parts.push(Part::new(kind, decoded, check.consent)),
            Err(error) => return Found::refused(error.reason(), error.to_string()),
        }
    }
    Found::Records(Records { digest, parts })
}

impl Found {
    pub(super) fn refusal(refusal: Refusal) -> Found {
        Found::refused(refusal.reason(), refusal.message().to_owned())
    }

    fn refused(reason: &str, message: String) -> Found {
        Found::Refused { reason: reason.to_owned(), message }
    }
}

impl Part {
    /// Without what no report says: the text of rejects, and what shows whether a file has changed.
    pub(super) fn new(table: Landing, mut decoded: Decoded, consent: ConsentFields) -> Part {
        decoded.read.clear();
        decoded.rejects.iter_mut().for_each(|reject| reject.text.clear());
        Part { table, decoded, consent }
    }
}

/// Sees which records are rows, and keeps none.
pub(super) struct RowCheck {
    kind: Landing,
    pub(super) consent: ConsentFields,
}

impl RowCheck {
    pub(super) fn new(kind: Landing) -> RowCheck {
        RowCheck { kind, consent: ConsentFields::default() }
    }
}

impl Sink for RowCheck {
    const FAST: bool = true;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        for (at, column) in self.kind.columns().iter().enumerate() {
            let _ = match column.ty {
                ColumnType::String => record.text(at)?.is_some(),
                ColumnType::Bigint => record.bigint(at)?.is_some(),
                ColumnType::Int => record.int(at)?.is_some(),
                ColumnType::Double => !record.double(at)?.is_nan(),
            };
        }
        if self.kind == Landing::Customer {
            self.consent.unreadable += u64::from(record.is_unreadable(SHAREWITHRESEARCHASOFDATE));
            self.consent.conflict += u64::from(record.is_conflicting(SHAREWITHRESEARCHASOFDATE));
            self.consent.is_there |= record.has(SHAREWITHRESEARCHASOFDATE);
        }
        Ok(())
    }

    fn fast(&mut self, row: &FastRow<'_>) {
        self.consent.is_there |= self.kind == Landing::Customer && row.has(SHAREWITHRESEARCHASOFDATE);
    }
}
