//! What machine_learning_curated says of people, in counts.

use serde::{Deserialize, Serialize};

use crate::options::{Identity, Join, Options, Times};

/// How the rows of machine_learning_curated spread over subjects and times.
/// Parts that share no subject can be joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    owners: u64,
    /// Rows of each subject.
    rows: Vec<u64>,
    /// The times of each part, sorted, twice where several of its subjects have
    /// them: the differences, seven bits a byte (LEB128).
    #[serde(with = "serde_bytes")]
    times: Vec<u8>,
    /// How many times of each part these are.
    parts: Vec<u64>,
}

impl Spread {
    /// Of rows, as (subject, time), sorted, of a number of people.
    pub fn of(owners: u64, rows: impl Iterator<Item = (u32, i64)>) -> Spread {
        let mut spread = Spread { owners, ..Spread::default() };
        let mut times = Vec::new();
        let mut last = None;
        for (subject, time) in rows {
            if last.is_none_or(|(before, _)| before != subject) {
                spread.rows.push(0);
            }
            if let Some(count) = spread.rows.last_mut() {
                *count += 1;
            }
            if last != Some((subject, time)) {
                times.push(time);
            }
            last = Some((subject, time));
        }
        // Stable: it makes use of the order that the times of a subject have.
        times.sort();
        let (mut before, mut count) = (0i64, 0);
        for run in times.chunk_by(|a, b| a == b) {
            for &time in run.iter().take(2) {
                // A vector takes all bytes.
                let _ = leb128::write::unsigned(&mut spread.times, time.wrapping_sub(before) as u64);
                (before, count) = (time, count + 1);
            }
        }
        spread.parts.push(count);
        spread
    }

    /// Takes in another part, of other people and other subjects.
    pub fn merge(&mut self, other: Spread) {
        self.owners += other.owners;
        self.rows.extend(other.rows);
        self.times.extend(other.times);
        self.parts.extend(other.parts);
    }

    /// Every part's times, one part after the other.
    fn times(&self) -> Vec<i64> {
        let mut all = Vec::with_capacity(self.parts.iter().sum::<u64>() as usize);
        let mut bytes = self.times.as_slice();
        for &count in &self.parts {
            let mut time = 0i64;
            for _ in 0..count {
                let later = leb128::read::unsigned(&mut bytes).unwrap_or_default();
                time = time.wrapping_add(later as i64);
                all.push(time);
            }
        }
        all
    }

    /// What it means under these options.
    pub fn privacy(mut self, options: &Options) -> Privacy {
        self.rows.sort_unstable();
        let mut times = self.times();
        // Stable: each part is sorted.
        times.sort();
        let (mut timestamps, mut timestamps_of_one_subject) = (0, 0);
        for run in times.chunk_by(|a, b| a == b) {
            timestamps += 1;
            timestamps_of_one_subject += u64::from(run.len() == 1);
        }
        let mut privacy = Privacy {
            owners: self.owners,
            subjects: self.rows.len() as u64,
            smallest_rows: self.rows.first().copied().unwrap_or_default(),
            median_rows: median(&self.rows),
            timestamps,
            timestamps_of_one_subject,
            meaning: String::new(),
        };
        privacy.meaning = privacy.meaning(options);
        privacy
    }
}

/// Of sorted counts; of an even number of them the mean of the middle two.
pub(super) fn median(sorted: &[u64]) -> f64 {
    let middle = |at: usize| sorted.get(at).copied().unwrap_or_default() as f64;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => middle(odd / 2),
        even => f64::midpoint(middle(even / 2 - 1), middle(even / 2)),
    }
}

/// What machine_learning_curated says of people.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Privacy {
    /// People whose accelerometer readings are in it.
    pub owners: u64,
    /// Distinct values of its column `subject`.
    pub subjects: u64,
    /// Rows of the subject that has the fewest.
    pub smallest_rows: u64,
    /// Median of the rows of a subject.
    pub median_rows: f64,
    /// Distinct times.
    pub timestamps: u64,
    /// Of them those at which only one subject has rows.
    pub timestamps_of_one_subject: u64,
    /// The same in plain words.
    pub meaning: String,
}

impl Privacy {
    fn meaning(&self, options: &Options) -> String {
        if self.subjects == 0 {
            return "machine_learning_curated holds nobody.".to_owned();
        }
        let Privacy {
            owners, smallest_rows, median_rows, timestamps, timestamps_of_one_subject: alone, ..
        } = *self;
        let people = if owners == 1 { "person" } else { "people" };
        let (named, leads) = match options.identity {
            Identity::Pseudonym => (
                "under pseudonyms",
                "It is pseudonymised, not anonymous: whoever has the key and the email addresses can link each \
                 subject back to a person, and movement data may give a person away by itself.",
            ),
            Identity::Serial => (
                "under the serial numbers of their devices",
                "It is not pseudonymised: a serial number leads back to a person through the customer tables.",
            ),
        };
        let mixed = match options.join {
            Join::Owner => "",
            Join::Time => " Under join = time a row may pair the readings of two people.",
        };
        let times = match options.times {
            Times::Exact => {
                ": whoever knows that a person was measured at such a time can tell which subject that person is, \
                 and so find all rows of that subject."
            }
            Times::Shifted => {
                ". These are not the times of measurement: those of each subject were moved back by a number of \
                 weeks of its own, so whoever knows when a person was measured does not find that person by it. \
                 Weekday, hour in UTC and all intervals are as they were measured, and whoever knows many of them \
                 may still find a person by them."
            }
            Times::Relative => {
                ". These are not the times of measurement: those of each subject count from its first row, so \
                 whoever knows when a person was measured does not find that person by it. All intervals are as \
                 they were measured, and whoever knows many of them may still find a person by them."
            }
        };
        let gait = match options.times {
            Times::Exact => "",
            Times::Shifted | Times::Relative => {
                " This stops linkage by timestamps, not by gait: whoever has other movement data of a person may \
                 recognise how that person walks."
            }
        };
        format!(
            "machine_learning_curated holds {owners} {people} {named}; the subject with the fewest rows has \
             {smallest_rows}, the median is {median_rows}. At {alone} of its {timestamps} times only one subject has \
             rows{times}{gait}{mixed} {leads}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_times_are_counted() {
        // Subject 0 twice at time 1; time 2 is shared by 0 and 1; 3 is of 2 alone.
        let rows = [(0, 1), (0, 1), (0, 2), (1, 2), (2, 3)];
        let privacy = Spread::of(3, rows.into_iter()).privacy(&Options::default());
        assert_eq!((privacy.owners, privacy.subjects), (3, 3));
        assert_eq!((privacy.smallest_rows, privacy.median_rows), (1, 1.0));
        assert_eq!((privacy.timestamps, privacy.timestamps_of_one_subject), (3, 2));
        assert!(privacy.meaning.contains("At 2 of its 3 times"), "{}", privacy.meaning);
    }

    #[test]
    fn parts_come_to_the_same_as_the_whole() {
        let rows = [(0, 1), (0, 2), (1, 2), (2, 2), (2, 3), (2, 3)];
        let whole = Spread::of(3, rows.into_iter());
        let mut joined = Spread::of(1, rows[..2].iter().copied());
        joined.merge(Spread::of(2, rows[2..].iter().copied()));
        let options = Options::default();
        assert_eq!(joined.privacy(&options), whole.privacy(&options));
    }

    #[test]
    fn times_that_were_moved_find_nobody_by_themselves() {
        let meaning = |times| {
            let options = Options { times, ..Options::default() };
            Spread::of(1, [(0, 0), (0, 1)].into_iter()).privacy(&options).meaning
        };
        assert!(meaning(Times::Exact).contains("rows: whoever knows"));
        for times in [Times::Shifted, Times::Relative] {
            let meaning = meaning(times);
            assert!(
                meaning.contains("not the times of measurement") && !meaning.contains("rows: "),
                "{meaning}"
            );
            assert!(meaning.contains("not by gait") && meaning.contains("pseudonymised, not anonymous"));
        }
    }

    #[test]
    fn nobody_is_nobody() {
        let privacy = Spread::default().privacy(&Options::default());
        assert_eq!((privacy.owners, privacy.median_rows), (0, 0.0));
        assert_eq!(privacy.meaning, "machine_learning_curated holds nobody.");
        assert_eq!(median(&[1, 4]), 2.5);
    }
}
