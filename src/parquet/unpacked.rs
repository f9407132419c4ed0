//! Pages that are read again. In a browser the Parquet library has no zstd: it hands such pages on as they are stored,
//! and they are unpacked here.

use std::io::Read as _;

use bytes::Bytes;
use parquet::basic::Compression as Codec;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use ruzstd::decoding::StreamingDecoder;

/// The pages of a column chunk, which `open` reads by what is known of it.
///
/// # Errors
/// What `open` says.
pub(crate) fn unpacked(
    column: &ColumnChunkMetaData,
    open: impl FnOnce(&ColumnChunkMetaData) -> Result<Box<dyn PageReader>>,
) -> Result<Box<dyn PageReader>> {
    match column.compression() {
        Codec::ZSTD(_) if cfg!(target_arch = "wasm32") => unpacked_here(column, open),
        _ => open(column),
    }
}

fn unpacked_here(
    column: &ColumnChunkMetaData,
    open: impl FnOnce(&ColumnChunkMetaData) -> Result<Box<dyn PageReader>>,
) -> Result<Box<dyn PageReader>> {
    let stored = column.clone().into_builder().set_compression(Codec::UNCOMPRESSED).build()?;
    Ok(Box::new(Unpacked(open(&stored)?)))
}

struct Unpacked(Box<dyn PageReader>);

impl PageReader for Unpacked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let mut page = self.0.get_next_page()?;
        match &mut page {
            Some(Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. }) => *buf = unpack(buf)?,
            // Its levels are not packed with its values; this program writes none.
            Some(Page::DataPageV2 { .. }) => {
                return Err(ParquetError::NYI("a page of the second kind, packed with zstd".to_owned()));
            }
            None => {}
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }
}

impl Iterator for Unpacked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

fn unpack(page: &[u8]) -> Result<Bytes> {
    // A page without a value may have no byte.
    if page.is_empty() {
        return Ok(Bytes::new());
    }
    let mut bytes = Vec::new();
    let mut decoder = StreamingDecoder::new(page).map_err(|error| ParquetError::External(error.into()))?;
    decoder.read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::sync::Arc;

    use parquet::file::metadata::ParquetMetaDataReader;
    use parquet::file::serialized_reader::SerializedPageReader;

    use super::*;
    use crate::names::Names;
    use crate::options::Compression;
    use crate::parquet::{MAGIC, assemble, encode};
    use crate::rows::MachineLearning;
    use crate::schema::Table;

    #[test]
    fn pages_of_zstd_are_those_of_the_library() {
        let table = Table::MachineLearningCurated;
        let subjects: Names = ["a"].into_iter().collect();
        // With a dictionary, without one, and with rows that have no value.
        let row = |at: i64| MachineLearning {
            subject: 0,
            time: at,
            distance: (at % 3 > 0).then_some(at as i32),
            xyz: [1.0, at as f64, crate::rows::NULL_DOUBLE],
        };
        let rows: Vec<MachineLearning> = (0..30_000).map(row).collect();
        let part = encode(table, Compression::Zstd, &(&rows[..], &subjects)).unwrap();
        let end = assemble(table, Compression::Zstd, std::iter::once(&part.about), &[]).unwrap();
        let file: Bytes = MAGIC.iter().chain(&part.body).chain(&end).copied().collect();
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).unwrap();
        let mut pages = 0;
        for column in metadata.row_group(0).columns() {
            let open = |column: &ColumnChunkMetaData| -> Result<Box<dyn PageReader>> {
                Ok(Box::new(SerializedPageReader::new(Arc::new(file.clone()), column, rows.len(), None)?))
            };
            let (mut of_library, mut of_ours) = (open(column).unwrap(), unpacked_here(column, open).unwrap());
            while let Some(page) = of_library.get_next_page().unwrap() {
                let ours = of_ours.get_next_page().unwrap().unwrap();
                assert!(page.buffer() == ours.buffer() && page.page_type() == ours.page_type());
                pages += 1;
            }
            assert!(of_ours.next().is_none());
        }
        assert!(pages > 6, "{pages} pages");
    }
}
