//! Reads customers wherever there is an instance to do it.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::run_log::Landed;
use crate::error::Error;
use crate::ingest::{Archive, ArchiveError, Decoded, InputFile};
use crate::options::Options;
use crate::report::TableReport;
use crate::rows::Customer;
use crate::schema::Table;
use crate::zones::CustomerLanding;

/// Reads customers, for a stage in this instance or in another.
#[derive(Default)]
pub struct CustomerReader {
    pub(super) landing: CustomerLanding,
    counted: Landed,
}

impl CustomerReader {
    /// Takes the next bytes of a file.
    pub fn push(&mut self, file: &mut InputFile, chunk: &[u8]) {
        file.push(chunk, &mut self.landing);
    }

    /// Ends a file, or a range of one.
    pub fn finish(&mut self, file: InputFile) -> Decoded {
        let kind = file.kind();
        let decoded = file.finish(&mut self.landing);
        self.counted.add(kind, &decoded);
        decoded
    }

    /// customer_landing so far, with the files that are still being read.
    pub fn tables<'a>(
        &self,
        open: impl IntoIterator<Item = &'a InputFile> + Clone,
    ) -> BTreeMap<Table, TableReport> {
        let mut tables = self.counted.tables(open);
        tables.retain(|table, _| *table == Table::CustomerLanding);
        tables
    }

    /// Takes a whole entry of a zip.
    ///
    /// # Errors
    /// What keeps the entry from being opened; nothing of it was taken then.
    pub fn entry<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        entry: usize,
        file: &mut InputFile,
    ) -> Result<(), ArchiveError> {
        archive.decode(entry, file, &mut self.landing)
    }

    /// What it has read, sorted, for [`crate::pipeline::CustomerStage::merge`]; it has nothing then.
    pub fn take(&mut self, options: &Options) -> CustomerLanding {
        let mut landing = std::mem::take(&mut self.landing);
        landing.sort(options.emails);
        landing
    }
}

/// Bytes before the rows: how many records have a consent date that cannot be read, how many have two that
/// differ, and 1 if any has the field.
const HEAD: usize = 17;

impl CustomerLanding {
    /// As bytes for another instance.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&self.consent_unreadable.to_le_bytes());
        bytes.extend_from_slice(&self.consent_conflict.to_le_bytes());
        bytes.push(u8::from(self.consent_field));
        self.rows.iter().for_each(|row| row.write(&mut bytes));
        bytes
    }

    /// From [`CustomerLanding::to_bytes`].
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<CustomerLanding, Error> {
        let (head, rows) = bytes.split_first_chunk::<HEAD>().ok_or_else(Customer::unreadable)?;
        let number = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| head[at + byte]));
        let landing = CustomerLanding {
            rows: Customer::read_all(rows)?,
            consent_unreadable: number(0),
            consent_conflict: number(8),
            consent_field: head[HEAD - 1] == 1,
        };
        match landing.rows.is_sorted_by(|a, b| a.order(b).is_le()) {
            true => Ok(landing),
            false => Err(Customer::unreadable()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Landing;

    #[test]
    fn customers_travel() {
        let text = r#"{"customerName":"B","email":"b","serialNumber":"s","shareWithResearchAsOfDate":5}
            {"email":"a","serialNumber":"t","shareWithResearchAsOfDate":"x","lastUpdateDate":7}"#;
        let mut reader = CustomerReader::default();
        let mut file = InputFile::new("c.json", Landing::Customer);
        reader.push(&mut file, text.as_bytes());
        assert_eq!(reader.finish(file).records, 2);
        let landing = reader.take(&Options::default());
        assert_eq!(landing.rows.iter().map(Customer::email).collect::<Vec<_>>(), ["a", "b"]);
        let bytes = landing.to_bytes();
        assert_eq!(CustomerLanding::from_bytes(&bytes).unwrap(), landing);
        for end in [0, HEAD - 1, HEAD + 1, bytes.len() - 1] {
            assert_eq!(CustomerLanding::from_bytes(&bytes[..end]).unwrap_err().code(), "exchange");
        }
    }
}
