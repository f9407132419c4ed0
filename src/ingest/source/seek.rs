//! Where a seek leads.

use std::io::{self, SeekFrom};

/// The position that a seek leads to, from this one and in what has this length, if that is known.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] if that would be before the start, or is not known.
pub fn seek_position(to: SeekFrom, position: u64, length: Option<u64>) -> io::Result<u64> {
    let moved = match to {
        SeekFrom::Start(at) => Some(at),
        SeekFrom::Current(by) => position.checked_add_signed(by),
        SeekFrom::End(by) => length.and_then(|length| length.checked_add_signed(by)),
    };
    moved.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seek_goes_past_the_end_but_not_before_the_start() {
        let seek = |to, length| seek_position(to, 5, length).map_err(|error| error.kind());
        let wrong = Err(io::ErrorKind::InvalidInput);
        assert_eq!(seek(SeekFrom::Start(20), Some(9)), Ok(20));
        assert_eq!(seek(SeekFrom::Current(-5), None), Ok(0));
        assert_eq!(seek(SeekFrom::Current(-6), None), wrong);
        assert_eq!(seek(SeekFrom::End(-9), Some(9)), Ok(0));
        assert_eq!(seek(SeekFrom::End(2), Some(9)), Ok(11));
        assert_eq!(seek(SeekFrom::End(-10), Some(9)), wrong);
        assert_eq!(seek(SeekFrom::End(0), None), wrong);
    }
}
