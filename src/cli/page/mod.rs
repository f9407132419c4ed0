//! `stedi-lakehouse page`: the page that is in the program, if it was built with it.

#[cfg(feature = "page")]
mod browser;
#[cfg(feature = "page")]
mod content;
#[cfg(feature = "page")]
mod file;
#[cfg(feature = "page")]
mod serve;

use super::Failure;
use super::args::PageArgs;

/// Without the page there is nothing to save or to serve.
#[cfg(not(feature = "page"))]
pub fn page(_: &PageArgs) -> Result<(), Failure> {
    Err(Failure::Failed(
        "this program was built without the page. Released programs have it; from source, `make cli-page` builds one \
         that has, and `make serve` serves the page without"
            .to_owned(),
    ))
}

/// Saves the page, serves it, opens it.
#[cfg(feature = "page")]
pub fn page(args: &PageArgs) -> Result<(), Failure> {
    if let Some(path) = &args.out {
        file::save(path, args.force)?;
        if args.open && args.serve.is_none() {
            return browser::open(&path.to_string_lossy());
        }
    }
    match (args.serve, args.open) {
        (Some(port), open) => serve::serve(port, open),
        (None, true) => serve::serve(serve::PORT, true),
        (None, false) => Ok(()),
    }
}
