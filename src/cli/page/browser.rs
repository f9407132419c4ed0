//! Opens the page.

use super::super::{Failure, terminal};

/// Opens an address or a file in the browser of this machine.
pub fn open(place: &str) -> Result<(), Failure> {
    let failed = |error| Failure::Failed(format!("no browser opens {}: {error}", terminal::shown(place)));
    webbrowser::open(place).map_err(failed)
}
