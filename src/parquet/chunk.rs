//! Column chunks of few values: a dictionary page and pages of positions in it.
//!
//! The library's writer makes the same, but hashes every row's value for it,
//! which took half of a run's time in a browser. Here names are known by number,
//! and numbers are looked up in a table made for them; pages, statistics and
//! indexes are the library's own types.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/>

use bytes::Bytes;
use parquet::basic::{BoundaryOrder, Encoding, EncodingMask, PageType};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::metadata::{
    ColumnChunkMetaData, ColumnIndexBuilder, OffsetIndexBuilder, PageEncodingStats,
};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::codec::{codec, compress};
use super::dictionary::{Dictionary, Values};
use super::rle_bitpack;
use crate::options::Compression;

/// Rows of a page, as the library has it.
const PAGE_ROWS: usize = 20_000;

/// Pages, and what they are.
pub(super) struct Chunk {
    pub(super) pages: Bytes,
    pub(super) close: ColumnCloseResult,
}

/// The positions of the least and the greatest value.
#[derive(Clone, Copy)]
struct Bounds {
    least: u32,
    greatest: u32,
}

impl Bounds {
    fn of(positions: &[u32]) -> Option<Bounds> {
        let least = positions.iter().copied().min()?;
        Some(Bounds { least, greatest: positions.iter().copied().max()? })
    }
}

/// Writes a column of `rows` rows.
///
/// # Errors
/// What the library says.
pub(super) fn encode(
    column: &Dictionary<'_>,
    rows: usize,
    describes: &ColumnDescPtr,
    compression: Compression,
) -> Result<Chunk> {
    let mut sink = TrackedWrite::new(Vec::new());
    let mut writer = SerializedPageWriter::new(&mut sink);
    let mut write = |page: Vec<u8>, make: &dyn Fn(Bytes) -> Page| {
        writer.write_page(CompressedPage::new(make(compress(compression, &page)?.into()), page.len()))
    };
    let num_values = column.values.len() as u32;
    let dictionary = write(column.values.plain(), &|buf| Page::DictionaryPage {
        buf,
        num_values,
        encoding: Encoding::PLAIN,
        is_sorted: true,
    })?;
    let mut written = vec![dictionary];
    let mut offsets = OffsetIndexBuilder::new();
    let mut bounds: Vec<(Option<Bounds>, usize)> = Vec::new();
    let mut positions = column.positions.as_slice();
    for start in (0..rows).step_by(PAGE_ROWS) {
        let rows = PAGE_ROWS.min(rows - start);
        let levels = column.levels.as_ref().map(|levels| &levels[start..start + rows]);
        let some = levels.map_or(rows, |levels| levels.iter().sum::<u32>() as usize);
        let (mine, rest) = positions.split_at(some);
        positions = rest;
        let spec = write(data(levels, rows, mine, column.values.len()), &|buf| Page::DataPage {
            buf,
            num_values: rows as u32,
            encoding: Encoding::RLE_DICTIONARY,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })?;
        offsets.append_row_count(rows as i64);
        offsets.append_offset_and_size(spec.offset as i64, spec.compressed_size as i32);
        bounds.push((Bounds::of(mine), rows - some));
        written.push(spec);
    }
    let metadata = metadata(column, rows, &written, describes, compression)?;
    let pages = Bytes::from(sink.into_inner()?);
    let close = ColumnCloseResult {
        bytes_written: pages.len() as u64,
        rows_written: rows as u64,
        metadata,
        bloom_filter: None,
        column_index: Some(index(&column.values, &bounds, describes).build()?),
        offset_index: Some(offsets.build()),
    };
    Ok(Chunk { pages, close })
}

/// What the footer says of pages, the dictionary's first.
fn metadata(
    column: &Dictionary<'_>,
    rows: usize,
    written: &[PageWriteSpec],
    describes: &ColumnDescPtr,
    compression: Compression,
) -> Result<ColumnChunkMetaData> {
    let stats = |page_type, encoding, count| PageEncodingStats { page_type, encoding, count };
    let sum = |size: fn(&PageWriteSpec) -> usize| written.iter().map(|spec| size(spec) as i64).sum();
    let offset = |at: usize| written.get(at).map(|spec| spec.offset as i64);
    let nulls = rows - column.positions.len();
    ColumnChunkMetaData::builder(describes.clone())
        .set_compression(codec(compression))
        .set_encodings_mask(EncodingMask::new_from_encodings(
            [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY].iter(),
        ))
        .set_page_encoding_stats(vec![
            stats(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
            stats(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, written.len() as i32 - 1),
        ])
        .set_num_values(rows as i64)
        .set_total_compressed_size(sum(|spec| spec.compressed_size))
        .set_total_uncompressed_size(sum(|spec| spec.uncompressed_size))
        .set_dictionary_page_offset(offset(0))
        .set_data_page_offset(offset(1).unwrap_or(0))
        .set_statistics(column.values.statistics(nulls as u64))
        .build()
}

/// A page: which rows have a value, and the positions of those.
fn data(levels: Option<&[u32]>, rows: usize, positions: &[u32], values: usize) -> Vec<u8> {
    const LENGTH: usize = 4;
    let mut page = vec![0; LENGTH];
    match levels {
        Some(levels) => rle_bitpack::encode(levels, 1, &mut page),
        None => rle_bitpack::repeat(1, rows, 1, &mut page),
    }
    let length = (page.len() - LENGTH) as u32;
    page[..LENGTH].copy_from_slice(&length.to_le_bytes());
    let width = rle_bitpack::width(values);
    page.push(width);
    rle_bitpack::encode(positions, width, &mut page);
    page
}

/// The bounds of every page, and whether they rise or fall.
fn index(
    values: &Values<'_>,
    pages: &[(Option<Bounds>, usize)],
    describes: &ColumnDescPtr,
) -> ColumnIndexBuilder {
    let mut index = ColumnIndexBuilder::new(describes.physical_type());
    for &(bounds, nulls) in pages {
        let [least, greatest] = bounds.map_or_else(Default::default, |bounds| values.bounds(bounds));
        index.append(bounds.is_none(), least, greatest, nulls as i64);
    }
    let bounds: Vec<Bounds> = pages.iter().filter_map(|&(bounds, _)| bounds).collect();
    index.set_boundary_order(if bounds.is_sorted_by(|a, b| a.least <= b.least && a.greatest <= b.greatest) {
        BoundaryOrder::ASCENDING
    } else if bounds.is_sorted_by(|a, b| a.least >= b.least && a.greatest >= b.greatest) {
        BoundaryOrder::DESCENDING
    } else {
        BoundaryOrder::UNORDERED
    });
    index
}

impl Values<'_> {
    fn plain(&self) -> Vec<u8> {
        match self {
            Values::Texts(texts) => texts
                .iter()
                .flat_map(|text| (text.len() as u32).to_le_bytes().into_iter().chain(text.bytes()))
                .collect(),
            Values::Ints(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Values::Doubles(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        }
    }

    /// As bytes of an index.
    fn bounds(&self, bounds: Bounds) -> [Vec<u8>; 2] {
        let Bounds { least, greatest } = bounds;
        match self {
            Values::Texts(texts) => [least, greatest].map(|at| texts[at as usize].into()),
            Values::Ints(values) => [least, greatest].map(|at| values[at as usize].to_le_bytes().into()),
            Values::Doubles(values) => doubles(values, bounds).map(|value| value.to_le_bytes().into()),
        }
    }

    /// Of a whole chunk: every value is some row's.
    fn statistics(&self, nulls: u64) -> Statistics {
        let (distinct, nulls) = (Some(self.len() as u64), Some(nulls));
        match self {
            Values::Texts(texts) => {
                let [min, max] =
                    [texts.first(), texts.last()].map(|text| text.map(|&text| ByteArray::from(text)));
                Statistics::byte_array(min, max, distinct, nulls, false)
            }
            Values::Ints(values) => {
                Statistics::int32(values.first().copied(), values.last().copied(), distinct, nulls, false)
            }
            Values::Doubles(values) => {
                let all = Bounds { least: 0, greatest: values.len() as u32 - 1 };
                let [min, max] = doubles(values, all).map(Some);
                Statistics::double(min, max, distinct, nulls, false)
            }
        }
    }
}

/// A zero of either sign equals one of the other: the format wants the outer one.
fn doubles(values: &[f64], Bounds { least, greatest }: Bounds) -> [f64; 2] {
    let [least, greatest] = [least, greatest].map(|at| values[at as usize]);
    [if least == 0.0 { -0.0 } else { least }, if greatest == 0.0 { 0.0 } else { greatest }]
}
