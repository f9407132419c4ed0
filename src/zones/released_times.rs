//! The times of machine_learning_curated as they are released. What they were before stands in the
//! trusted tables alone: nothing here is undone, and a lake's research table is always made of those.

use serde::{Deserialize, Serialize};

use crate::names::Names;
use crate::options::{Key, KeyedHash, Times};
use crate::rows::MachineLearning;

/// In milliseconds.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
/// A person's times are moved by at least one week, and at most by this number: ten years.
const MOST_WEEKS: u64 = 520;
/// What an email is hashed behind: no email begins with it, so this hash is nobody's pseudonym.
const OF_TIME: &[u8] = b"time\0";

/// What becomes of the times of machine_learning_curated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReleasedTimes {
    /// Nothing.
    #[default]
    Exact,
    /// They are earlier by a number of milliseconds, by the rank of the subject.
    Shifted(Vec<i64>),
    /// They count from the subject's first row.
    Relative,
}

impl ReleasedTimes {
    /// For subjects that are pseudonyms, by rank their positions in the emails.
    pub fn new(times: Times, subjects: &[u32], emails: &Names, key: &Key) -> ReleasedTimes {
        match times {
            Times::Exact => ReleasedTimes::Exact,
            Times::Relative => ReleasedTimes::Relative,
            Times::Shifted => {
                let hash = key.keyed_hash();
                let offset = |&email: &u32| offset_by(&hash, &emails[email as usize]);
                ReleasedTimes::Shifted(subjects.iter().map(offset).collect())
            }
        }
    }

    /// Puts the times that are released in the place of those that were measured. All rows of a
    /// subject have to be there, one after another; other than by exact times it may change their order.
    ///
    /// Times wrap around as `bigint` does, so that intervals stay, and no time is what it was, even
    /// at the ends of its range.
    pub(super) fn replace(&self, rows: &mut [MachineLearning]) {
        match self {
            ReleasedTimes::Exact => {}
            ReleasedTimes::Shifted(offsets) => {
                for row in rows {
                    row.time = row.time.wrapping_sub(offsets[row.subject as usize]);
                }
            }
            ReleasedTimes::Relative => {
                for rows in rows.chunk_by_mut(|a, b| a.subject == b.subject) {
                    let first = rows.iter().map(|row| row.time).min().unwrap_or_default();
                    rows.iter_mut().for_each(|row| row.time = row.time.wrapping_sub(first));
                }
            }
        }
    }
}

/// By how many milliseconds the times of a person are earlier under `times = shifted`: whole weeks, so
/// that weekday and hour in UTC stay. Their number is 1 + the first 8 bytes, as a big-endian number, of
/// HMAC-SHA-256 under the key over `time`, a zero byte and the email, modulo 520. As the dates of a
/// patient in MIMIC-IV are moved together: <https://mimic.mit.edu/docs/iv/>.
pub fn time_offset(key: &Key, email: &str) -> i64 {
    offset_by(&key.keyed_hash(), email)
}

fn offset_by(hash: &KeyedHash, email: &str) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = hash.of([OF_TIME, email.as_bytes()]);
    let weeks = 1 + u64::from_be_bytes([a, b, c, d, e, f, g, h]) % MOST_WEEKS;
    weeks as i64 * WEEK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::KeyOrigin;

    fn times(released: &ReleasedTimes, rows: &[(u32, i64)]) -> Vec<i64> {
        let row = |&(subject, time)| MachineLearning { subject, time, distance: None, xyz: [0.0; 3] };
        let mut rows: Vec<_> = rows.iter().map(row).collect();
        released.replace(&mut rows);
        rows.iter().map(|row| row.time).collect()
    }

    #[test]
    fn times_of_a_subject_move_together() {
        let rows = [(0, 5), (0, 3), (1, 4), (1, 4)];
        assert_eq!(times(&ReleasedTimes::Exact, &rows), [5, 3, 4, 4]);
        assert_eq!(times(&ReleasedTimes::Relative, &rows), [2, 0, 0, 0]);
        assert_eq!(times(&ReleasedTimes::Shifted(vec![WEEK, 10]), &rows), [5 - WEEK, 3 - WEEK, -6, -6]);
    }

    #[test]
    fn times_at_the_ends_of_their_range_wrap_around() {
        let rows = [(0, i64::MIN), (0, i64::MAX)];
        assert_eq!(times(&ReleasedTimes::Relative, &rows), [0, -1]);
        assert_eq!(times(&ReleasedTimes::Shifted(vec![1]), &rows), [i64::MAX, i64::MAX - 1]);
    }

    /// By `hmac.new(b"Jefe", b"time\0a@test.com", "sha256")` of Python.
    #[test]
    fn the_offset_is_hmac_sha_256_of_the_email() {
        let key = |text: &[u8]| Key::new(text.to_vec(), KeyOrigin::Given).unwrap();
        assert_eq!(time_offset(&key(b"Jefe"), "a@test.com"), 418 * WEEK);
        assert_ne!(time_offset(&key(b"Jefe"), "b@test.com"), time_offset(&key(b"Jefe"), "a@test.com"));
    }
}
