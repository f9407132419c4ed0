//! Training and test data of a research export: each subject is in one of the two, which the key decides and nothing
//! else, so that more people in a later export move nobody.

use std::str::FromStr;

use crate::error::{Error, ErrorKind};
use crate::options::{Identity, Join, Key, KeyedHash, Options};

/// What a subject is hashed behind: no email begins with it, so this hash is nobody's pseudonym.
const OF_SPLIT: &[u8] = b"split\0";

/// 2^64.
const ALL_HASHES: f64 = 18_446_744_073_709_551_616.0;

/// The folder of their files in a research export.
pub const SPLITS: &str = "data";

/// A part of machine_learning_curated in a research export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Split {
    /// To learn from; all there is if no share is dealt to the other.
    Train,
    /// To test with.
    Test,
}

impl Split {
    /// Both, in the order of the report.
    pub const ALL: [Split; 2] = [Split::Train, Split::Test];

    /// As Hugging Face and Croissant call it.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Test => "test",
        }
    }

    /// Of its name.
    pub fn from_name(name: &str) -> Option<Split> {
        Split::ALL.into_iter().find(|split| split.name() == name)
    }

    /// Of the path of its file.
    pub fn of_path(path: &str) -> Option<Split> {
        Split::ALL.into_iter().find(|split| split.path() == path)
    }

    /// Where its file lies in a research export: the form of name by which Hugging Face's `datasets` finds splits
    /// (<https://huggingface.co/docs/hub/datasets-file-names-and-splits>).
    pub fn path(self) -> &'static str {
        match self {
            Split::Train => "data/train-00000-of-00001.parquet",
            Split::Test => "data/test-00000-of-00001.parquet",
        }
    }
}

/// The share of subjects that are dealt to the test split: above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestShare(f64);

impl TestShare {
    /// # Errors
    /// `BadShare` for a number that is not above 0 and below 1.
    pub fn new(share: f64) -> Result<TestShare, Error> {
        match share > 0.0 && share < 1.0 {
            true => Ok(TestShare(share)),
            false => Err(ErrorKind::BadShare.into()),
        }
    }

    /// Sees that a subject's rows are one person's alone under these options.
    ///
    /// # Errors
    /// `ShareOfOne` if they are not.
    pub fn check(self, options: &Options) -> Result<(), Error> {
        match options.join == Join::Owner && options.identity == Identity::Pseudonym {
            true => Ok(()),
            false => Err(ErrorKind::ShareOfOne.into()),
        }
    }

    /// The number.
    pub fn share(self) -> f64 {
        self.0
    }
}

impl FromStr for TestShare {
    type Err = Error;

    fn from_str(text: &str) -> Result<TestShare, Error> {
        TestShare::new(text.trim().parse().map_err(|_| ErrorKind::BadShare)?)
    }
}

/// Deals subjects to splits.
pub(crate) struct Dealer {
    hash: KeyedHash,
    /// Hashes below it are dealt to the test split.
    end: u64,
}

impl Dealer {
    pub(crate) fn new(share: TestShare, key: &Key) -> Dealer {
        // By a power of two, so exact but for what is cut off: the same on every machine.
        Dealer { hash: key.keyed_hash(), end: (share.0 * ALL_HASHES) as u64 }
    }

    /// The split of a subject, as it stands in the table: `test` if the first 8 bytes, as a big-endian number, of
    /// HMAC-SHA-256 under the key over `split`, a zero byte and the subject are below the share of 2^64. So a larger
    /// share moves nobody out of the test split.
    pub(crate) fn split(&self, subject: &str) -> Split {
        let [a, b, c, d, e, f, g, h, ..] = self.hash.of([OF_SPLIT, subject.as_bytes()]);
        match u64::from_be_bytes([a, b, c, d, e, f, g, h]) < self.end {
            true => Split::Test,
            false => Split::Train,
        }
    }
}

/// How machine_learning_curated is split: counts, for the report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Splits {
    /// None if all of it is to learn from.
    pub share: Option<TestShare>,
    /// Rows and subjects of each, in the order of [`Split::ALL`].
    pub counts: [(u64, u64); 2],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::KeyOrigin;

    fn dealer(share: f64, key: &str) -> Dealer {
        let key = Key::new(key.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
        Dealer::new(TestShare::new(share).unwrap(), &key)
    }

    /// By `hmac.new(b"Jefe", b"split\0" + subject, "sha256")` of Python: 0.3777 and 0.3412 of 2^64.
    #[test]
    fn a_subject_is_dealt_by_hmac_sha_256() {
        let subjects = ["5bdcc146bf60754e6a042426089575c7", "0123456789abcdef0123456789abcdef"];
        for (share, expected) in [
            (0.34, [Split::Train, Split::Train]),
            (0.342, [Split::Train, Split::Test]),
            (0.378, [Split::Test, Split::Test]),
        ] {
            let dealer = dealer(share, "Jefe");
            assert_eq!(subjects.map(|subject| dealer.split(subject)), expected, "{share}");
        }
    }

    #[test]
    fn shares_are_above_0_and_below_1() {
        for text in ["0", "1", "-0.1", "1.5", "NaN", "inf", "", "a half", "20%", "0,2"] {
            assert_eq!(text.parse::<TestShare>().unwrap_err().code(), "bad_share", "{text}");
        }
        assert_eq!("0.2".parse::<TestShare>().unwrap().share(), 0.2);
    }

    #[test]
    fn about_as_many_as_the_share_says_and_a_larger_share_takes_nobody_back() {
        let subjects: Vec<String> = (0..10_000).map(|number| format!("{number:032x}")).collect();
        let mut before: Vec<&String> = Vec::new();
        for share in [0.001, 0.2, 0.5, 0.999] {
            let dealer = dealer(share, "key");
            let is_test = |subject: &&String| dealer.split(subject) == Split::Test;
            let test: Vec<&String> = subjects.iter().filter(is_test).collect();
            assert!((test.len() as f64 / 10_000.0 - share).abs() < 0.02, "{share}: {}", test.len());
            assert!(before.iter().all(|subject| test.contains(subject)), "{share}");
            before = test;
        }
    }

    #[test]
    fn another_key_deals_again() {
        let subjects = (0..100).map(|number| format!("{number:032x}"));
        let (one, other) = (dealer(0.5, "one"), dealer(0.5, "other"));
        let moved = subjects.filter(|subject| one.split(subject) != other.split(subject)).count();
        assert!((20..80).contains(&moved), "{moved}");
    }
}
