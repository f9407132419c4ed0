//! The page itself.

/// dist/stedi-lakehouse.html, byte for byte.
pub const PAGE: &[u8] = include_bytes!(env!(
    "STEDI_PAGE",
    "the feature `page` needs STEDI_PAGE: the absolute path of dist/stedi-lakehouse.html, which `make dist` builds"
));
