//! Compression of pages.

use std::io::Write;

use flate2::write::GzEncoder;
use parquet::basic::{Compression as Codec, GzipLevel, ZstdLevel};
use parquet::errors::{ParquetError, Result};

use crate::options::Compression;

/// What the library calls it, with its usual level.
pub(super) fn codec(compression: Compression) -> Codec {
    match compression {
        Compression::Snappy => Codec::SNAPPY,
        Compression::Gzip => Codec::GZIP(GzipLevel::default()),
        Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
    }
}

/// A page as it is stored.
pub(super) fn compress(compression: Compression, page: &[u8]) -> Result<Vec<u8>> {
    match compression {
        Compression::Snappy => {
            snap::raw::Encoder::new().compress_vec(page).map_err(|error| ParquetError::External(error.into()))
        }
        Compression::Gzip => {
            let level = flate2::Compression::new(GzipLevel::default().compression_level());
            let mut encoder = GzEncoder::new(Vec::new(), level);
            encoder.write_all(page)?;
            Ok(encoder.finish()?)
        }
        #[cfg(not(target_arch = "wasm32"))]
        Compression::Zstd => Ok(zstd::bulk::compress(page, ZstdLevel::default().compression_level())?),
        #[cfg(target_arch = "wasm32")]
        Compression::Zstd => Err(ParquetError::NYI("zstd in a browser".to_owned())),
    }
}
