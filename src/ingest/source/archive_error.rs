//! Why an archive, or an entry of it, cannot be used.

use zip::result::ZipError;

use crate::ingest::reject::{Loss, Refusal};

/// What an archive, or an entry of it, cannot be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// No zip, or one whose directory is damaged.
    BadZip,
    /// No tar, or one that is damaged.
    BadTar,
    /// The entry has a password.
    Encrypted,
    /// A compression method that is not built in.
    Method,
    /// The entry's bytes are damaged.
    BadEntry,
    /// The bytes could not be read.
    Unreadable,
    /// A spreadsheet, which is a zip of XML.
    Spreadsheet,
}

impl ArchiveFault {
    /// Each of them.
    pub const ALL: [ArchiveFault; 7] = [
        ArchiveFault::BadZip,
        ArchiveFault::BadTar,
        ArchiveFault::Encrypted,
        ArchiveFault::Method,
        ArchiveFault::BadEntry,
        ArchiveFault::Unreadable,
        ArchiveFault::Spreadsheet,
    ];

    /// Short name, as in the report.
    pub fn reason(self) -> &'static str {
        match self {
            ArchiveFault::BadZip => "bad_zip",
            ArchiveFault::BadTar => "bad_tar",
            ArchiveFault::Encrypted => "encrypted",
            ArchiveFault::Method => "unsupported_compression",
            ArchiveFault::BadEntry => "bad_entry",
            ArchiveFault::Unreadable => "unreadable",
            ArchiveFault::Spreadsheet => Refusal::Spreadsheet.reason(),
        }
    }

    /// What such an archive or entry may have held.
    pub fn loss(self) -> Loss {
        match self {
            ArchiveFault::Encrypted | ArchiveFault::Method | ArchiveFault::Spreadsheet => Loss::Unread,
            ArchiveFault::BadZip
            | ArchiveFault::BadTar
            | ArchiveFault::BadEntry
            | ArchiveFault::Unreadable => Loss::Damaged,
        }
    }
}

/// An [`ArchiveFault`] and its cause.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct ArchiveError {
    fault: ArchiveFault,
    #[source]
    cause: ArchiveCause,
}

/// What the reader of an archive says.
#[derive(Debug, thiserror::Error)]
enum ArchiveCause {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Few bytes that many entries share are how a bomb gets past any ratio.
    #[error("its entries overlap, as those of a zip bomb do")]
    Overlap,
    #[error("it holds a workbook")]
    Workbook,
    #[error("its end is missing: it may have been cut, and files behind the last one are lost then")]
    Lost,
}

impl ArchiveError {
    /// What is wrong.
    pub fn fault(&self) -> ArchiveFault {
        self.fault
    }

    /// Short name, as in the report.
    pub fn reason(&self) -> &'static str {
        self.fault.reason()
    }

    pub(super) fn opening(error: ZipError) -> ArchiveError {
        ArchiveError { fault: ArchiveFault::BadZip, cause: error.into() }
    }

    pub(super) fn entry(error: ZipError) -> ArchiveError {
        let fault = match &error {
            ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
                ArchiveFault::Encrypted
            }
            ZipError::InvalidPassword => ArchiveFault::Encrypted,
            ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
                ArchiveFault::Method
            }
            _ => ArchiveFault::BadEntry,
        };
        ArchiveError { fault, cause: error.into() }
    }

    pub(super) fn overlap() -> ArchiveError {
        ArchiveError { fault: ArchiveFault::BadZip, cause: ArchiveCause::Overlap }
    }

    pub(super) fn spreadsheet() -> ArchiveError {
        ArchiveError { fault: ArchiveFault::Spreadsheet, cause: ArchiveCause::Workbook }
    }

    pub(super) fn lost() -> ArchiveError {
        ArchiveError { fault: ArchiveFault::BadTar, cause: ArchiveCause::Lost }
    }

    pub(super) fn tar(error: std::io::Error) -> ArchiveError {
        ArchiveError { fault: ArchiveFault::BadTar, cause: error.into() }
    }

    pub(super) fn reading(error: std::io::Error) -> ArchiveError {
        match error.downcast() {
            // What is packed by another method fails no sooner.
            Ok(error) => ArchiveError::entry(error),
            Err(error) => ArchiveError { fault: ArchiveFault::BadEntry, cause: error.into() },
        }
    }

    fn message(&self) -> String {
        let what = match self.fault {
            ArchiveFault::BadZip => "the zip cannot be read",
            ArchiveFault::BadTar => "the tar cannot be read",
            ArchiveFault::Encrypted => return "the zip entry has a password; unpack it first".to_owned(),
            ArchiveFault::Method => {
                return "the zip entry is compressed by a method other than deflate; pack it again"
                    .to_owned();
            }
            ArchiveFault::Spreadsheet => return Refusal::Spreadsheet.message().to_owned(),
            ArchiveFault::BadEntry => "the entry is damaged",
            ArchiveFault::Unreadable => "the file could not be read",
        };
        format!("{what} ({})", self.cause)
    }
}
