//! What the readings of one subject are like: how often and how long they were taken, with what holes, and whether
//! the values can be what a sensor measured. A subject is whom the rows of a table belong to: a user, a device, a
//! subject of machine_learning_curated. Rows are sorted, so a profile takes one pass, and a second one over the times
//! where there may be gaps; all that is added up are whole numbers, so that the order of parts changes nothing.

use serde::{Deserialize, Serialize};

use super::scale::{FEW, GAPS, ROWS};
use crate::rows::{MachineLearning, NULL_DOUBLE, Reading, StepReading};
use crate::schema::Table;

/// The least and the most that a sensor measures.
pub(super) type Range = [f64; 2];

/// An interval between two instants is a gap if it is longer than this, in milliseconds, and than
/// [`GAP_INTERVALS`] of the subject's mean intervals. Who walks takes a step in a second: 1.4 to 2.3 of
/// them (<https://doi.org/10.1038/s41746-022-00745-z>), so nothing shorter hides one.
const GAP_MS: u64 = 1000;
/// A sensor that is read once in some seconds has no gap each time.
const GAP_INTERVALS: u64 = 5;
/// 16 g in m/s², by standard gravity: the widest range of the accelerometers of phones (Bosch BMI270: ±2,
/// ±4, ±8, ±16 g). An export names no unit; what is beyond it in m/s² is beyond it in g too.
const AXIS: Range = [-16.0 * 9.806_65, 16.0 * 9.806_65];
/// Four metres in millimetres: what ultrasonic (HC-SR04) and time-of-flight (ST VL53L1X) sensors reach. An
/// export names no unit; what is beyond it in millimetres is beyond it in centimetres too.
pub(super) const DISTANCE: Range = [0.0, 4000.0];

/// The distinct values of a measure, up to one more than [`FEW`].
#[derive(Clone, Copy, Default)]
pub(super) struct Values {
    seen: [u64; FEW + 1],
    pub(super) distinct: usize,
    pub(super) out_of_range: u64,
    pub(super) missing: u64,
}

impl Values {
    fn take(&mut self, value: f64, [least, most]: Range) {
        if value.to_bits() == NULL_DOUBLE.to_bits() {
            self.missing += 1;
            return;
        }
        self.out_of_range += u64::from(value < least || value > most);
        // As numbers: -0.0 is 0.0.
        let bits = (value + 0.0).to_bits();
        if self.distinct < self.seen.len() && !self.seen[..self.distinct].contains(&bits) {
            self.seen[self.distinct] = bits;
            self.distinct += 1;
        }
    }
}

/// The profile of one subject.
pub(super) struct Profile<const N: usize> {
    pub(super) rows: u64,
    /// Rows at an instant that an earlier row has.
    pub(super) repeated: u64,
    /// Milliseconds from the first instant to the last.
    pub(super) span: u64,
    pub(super) gaps: u64,
    /// How often it was measured while it was: intervals that are no gaps by their sum, in millionths of a hertz, so
    /// that days between two recordings say nothing of the sensor. 0 of a single instant.
    pub(super) rate: u64,
    pub(super) values: [Values; N],
}

impl<const N: usize> Profile<N> {
    /// Of rows sorted by time, at least one.
    pub(super) fn of<R>(
        rows: &[R],
        ranges: &[Range; N],
        sample: &impl Fn(&R) -> (i64, [f64; N]),
    ) -> Profile<N> {
        let mut values = [Values::default(); N];
        let mut longest = 0;
        let mut repeated = 0;
        let mut before = None;
        for row in rows {
            let (time, measured) = sample(row);
            for ((values, value), range) in values.iter_mut().zip(measured).zip(ranges) {
                values.take(value, *range);
            }
            if let Some(before) = before {
                longest = longest.max(between(before, time));
                repeated += u64::from(before == time);
            }
            before = Some(time);
        }
        let times = || rows.iter().map(|row| sample(row).0);
        let span = times().next().zip(before).map_or(0, |(first, last)| between(first, last));
        let intervals = (rows.len() as u64).saturating_sub(1) - repeated;
        let (mut gaps, mut in_gaps) = (0, 0);
        // Whether an interval is a gap is known when all are.
        let most = span.saturating_mul(GAP_INTERVALS).checked_div(intervals).unwrap_or(0).max(GAP_MS);
        if longest > most {
            for (one, next) in times().zip(times().skip(1)) {
                let interval = between(one, next);
                if interval > most {
                    (gaps, in_gaps) = (gaps + 1, in_gaps + interval);
                }
            }
        }
        // No table has so many rows that this would overflow.
        let rate = (intervals - gaps).saturating_mul(1_000_000_000).checked_div(span - in_gaps);
        Profile { rows: rows.len() as u64, repeated, span, gaps, rate: rate.unwrap_or(0), values }
    }
}

/// Milliseconds between two times, the earlier one first.
fn between(one: i64, other: i64) -> u64 {
    other.wrapping_sub(one) as u64
}

/// What is known of a measure of all subjects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Measure {
    pub(super) distinct: [u64; FEW + 2],
    pub(super) out_of_range: u64,
    pub(super) missing: u64,
}

/// The profiles of the subjects of a table, added up. Parts that share no subject can be joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    pub(super) rows: u64,
    pub(super) by_rows: [u64; 5],
    pub(super) by_gaps: [u64; 4],
    /// Of each subject, as in [`Profile`].
    pub(super) rates: Vec<u64>,
    pub(super) spans: Vec<u64>,
    pub(super) repeated: u64,
    pub(super) with_repeated: u64,
    pub(super) constant: u64,
    pub(super) coarse: u64,
    pub(super) measures: Vec<Measure>,
}

impl Quality {
    /// The tables of readings.
    pub const TABLES: [Table; 3] =
        [Table::AccelerometerTrusted, Table::StepTrainerTrusted, Table::MachineLearningCurated];

    /// Of rows of accelerometer_trusted, sorted: by user.
    pub fn of_accelerometer(rows: &[Reading]) -> Quality {
        let sample = |row: &Reading| (row.time, row.xyz);
        Quality::of(rows, &AXES, 0, |row| row.email, sample)
    }

    /// Of rows of step_trainer_trusted, sorted: by device.
    pub fn of_steps(rows: &[StepReading]) -> Quality {
        let sample = |row: &StepReading| (row.time, [measured(row.distance)]);
        Quality::of(rows, &[DISTANCE], 1, |row| row.serial, sample)
    }

    /// Of rows of machine_learning_curated, sorted.
    pub fn of_pairs(rows: &[MachineLearning]) -> Quality {
        Quality::of(rows, &PAIR, 1, |row| row.subject, pair)
    }

    /// Of rows sorted by subject and time, whose measures from `first_axis` on are axes.
    fn of<R, const N: usize>(
        rows: &[R],
        ranges: &[Range; N],
        first_axis: usize,
        subject: impl Fn(&R) -> u32,
        sample: impl Fn(&R) -> (i64, [f64; N]),
    ) -> Quality {
        let mut quality = Quality { measures: vec![Measure::default(); N], ..Quality::default() };
        for rows in rows.chunk_by(|a, b| subject(a) == subject(b)) {
            quality.add(&Profile::of(rows, ranges, &sample), first_axis);
        }
        quality
    }

    fn add<const N: usize>(&mut self, profile: &Profile<N>, first_axis: usize) {
        let Profile { rows, repeated, span, gaps, rate, values } = profile;
        self.rows += rows;
        self.by_rows[ROWS.position(*rows)] += 1;
        self.by_gaps[GAPS.position(*gaps)] += 1;
        self.rates.push(*rate);
        self.spans.push(*span);
        self.repeated += repeated;
        self.with_repeated += u64::from(*repeated > 0);
        self.constant += u64::from(*rows > 1 && values.iter().any(|values| values.distinct == 1));
        let axes = &values[first_axis..];
        self.coarse += u64::from(!axes.is_empty() && axes.iter().all(|values| values.distinct <= FEW));
        for (measure, values) in self.measures.iter_mut().zip(values) {
            measure.distinct[values.distinct] += 1;
            measure.out_of_range += values.out_of_range;
            measure.missing += values.missing;
        }
    }

    /// Takes in another part, of other subjects.
    pub fn merge(&mut self, other: Quality) {
        self.rows += other.rows;
        add(&mut self.by_rows, &other.by_rows);
        add(&mut self.by_gaps, &other.by_gaps);
        self.rates.extend(other.rates);
        self.spans.extend(other.spans);
        self.repeated += other.repeated;
        self.with_repeated += other.with_repeated;
        self.constant += other.constant;
        self.coarse += other.coarse;
        self.measures.resize(self.measures.len().max(other.measures.len()), Measure::default());
        for (measure, other) in self.measures.iter_mut().zip(&other.measures) {
            add(&mut measure.distinct, &other.distinct);
            measure.out_of_range += other.out_of_range;
            measure.missing += other.missing;
        }
    }
}

fn add<const N: usize>(mine: &mut [u64; N], theirs: &[u64; N]) {
    mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
}

/// Of accelerometer_trusted.
pub(super) const AXES: [Range; 3] = [AXIS, AXIS, AXIS];
/// Of [`pair`].
pub(super) const PAIR: [Range; 4] = [DISTANCE, AXIS, AXIS, AXIS];

/// In the order of the columns.
fn pair(row: &MachineLearning) -> (i64, [f64; 4]) {
    let [x, y, z] = row.xyz;
    (row.time, [measured(row.distance), x, y, z])
}

fn measured(distance: Option<i32>) -> f64 {
    distance.map_or(NULL_DOUBLE, f64::from)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reading(email: u32, time: i64, xyz: [f64; 3]) -> Reading {
        Reading { email, time, xyz }
    }

    fn profile(times: &[i64]) -> Profile<3> {
        let rows: Vec<_> = times.iter().map(|&time| reading(0, time, [0.0, 1.0, NULL_DOUBLE])).collect();
        Profile::of(&rows, &AXES, &|row: &Reading| (row.time, row.xyz))
    }

    #[test]
    fn a_rate_is_that_of_distinct_instants_while_it_was_measured() {
        let one = profile(&[7]);
        assert_eq!((one.rows, one.span, one.rate, one.gaps), (1, 0, 0, 0));
        let slow = profile(&[0, 3000, 3000, 6000]);
        assert_eq!((slow.repeated, slow.span, slow.rate, slow.gaps), (1, 6000, 333_333, 0));
        // Two minutes at 50 Hz, on two days.
        let recording = |day: i64| (0..3000).map(move |at| day * 86_400_000 + at * 20);
        let twice = profile(&recording(0).chain(recording(1)).collect::<Vec<_>>());
        assert_eq!((twice.rate, twice.gaps), (50_000_000, 1));
        // A second is no gap yet.
        let times = (0..50).map(|at| at * 20);
        assert_eq!(profile(&times.clone().chain([1980]).collect::<Vec<_>>()).gaps, 0);
        assert_eq!(profile(&times.chain([1981]).collect::<Vec<_>>()).gaps, 1);
        assert_eq!(profile(&[i64::MIN, i64::MAX]).span, u64::MAX);
    }

    #[test]
    fn values_are_distinct_as_numbers_and_out_of_range_in_any_unit() {
        let rows = [-0.0, 0.0, NULL_DOUBLE, 157.0, -156.9, -157.0, 1.0, 2.0, 3.0, 4.0];
        let rows: Vec<_> = (0..).zip(rows).map(|(time, x)| reading(0, time, [x, 0.0, 0.0])).collect();
        let quality = Quality::of_accelerometer(&rows);
        let [x, y, _] = &quality.measures[..] else { panic!("three axes") };
        assert_eq!((x.out_of_range, x.missing, x.distinct[FEW + 1], y.distinct[1]), (2, 1, 1, 1));
        assert_eq!((quality.constant, quality.coarse), (1, 0));
        let steps = [None, Some(-1), Some(0), Some(4000), Some(4001)];
        let step = |(time, distance)| StepReading { serial: 0, time, distance };
        let quality = Quality::of_steps(&(0..).zip(steps).map(step).collect::<Vec<_>>());
        assert_eq!((quality.measures[0].out_of_range, quality.measures[0].missing), (2, 1));
    }

    /// The same by lists, from the definitions.
    fn naive(rows: &[Reading]) -> Quality {
        let mut quality = Quality { measures: vec![Measure::default(); 3], ..Quality::default() };
        let users: std::collections::BTreeSet<u32> = rows.iter().map(|row| row.email).collect();
        for user in users {
            let rows: Vec<&Reading> = rows.iter().filter(|row| row.email == user).collect();
            let instants: std::collections::BTreeSet<i64> = rows.iter().map(|row| row.time).collect();
            let instants: Vec<i64> = instants.into_iter().collect();
            let intervals: Vec<i64> = instants.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let span: i64 = intervals.iter().sum();
            let is_gap = |interval: &i64| *interval > 1000 && *interval * intervals.len() as i64 > 5 * span;
            let kept: Vec<i64> = intervals.iter().copied().filter(|interval| !is_gap(interval)).collect();
            let gaps = intervals.len() - kept.len();
            let rate = kept.len() as i64 * 1_000_000_000 / kept.iter().sum::<i64>().max(1);
            let repeated = (rows.len() - instants.len()) as u64;
            quality.rows += rows.len() as u64;
            quality.by_rows[[10, 100, 1000, 10_000].iter().filter(|&&from| rows.len() >= from).count()] += 1;
            quality.by_gaps[[1, 10, 100].iter().filter(|&&from| gaps >= from).count()] += 1;
            quality.rates.push(rate as u64);
            quality.spans.push(span as u64);
            quality.repeated += repeated;
            quality.with_repeated += u64::from(repeated > 0);
            let mut few = [0; 3];
            for (axis, distinct) in few.iter_mut().enumerate() {
                let values = rows.iter().map(|row| row.xyz[axis]).filter(|x| x.to_bits() != u64::MAX);
                let values: Vec<f64> = values.collect();
                let mut unlike: Vec<f64> = Vec::new();
                values.iter().for_each(|x| {
                    if !unlike.contains(x) {
                        unlike.push(*x)
                    }
                });
                *distinct = unlike.len().min(5);
                let measure = &mut quality.measures[axis];
                measure.distinct[*distinct] += 1;
                measure.missing += (rows.len() - values.len()) as u64;
                measure.out_of_range += values.iter().filter(|x| x.abs() > 156.9064).count() as u64;
            }
            quality.constant += u64::from(rows.len() > 1 && few.contains(&1));
            quality.coarse += u64::from(few.iter().all(|distinct| *distinct <= 4));
        }
        quality
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (-2i32..3).prop_map(f64::from),
            1 => prop::sample::select(vec![-0.0, NULL_DOUBLE, 156.9, 157.0, -1e300]),
        ]
    }

    proptest! {
        #[test]
        fn a_profile_is_what_its_definitions_say(
            steps in prop::collection::vec(
                (0..4u32, prop_oneof![0..3i64, 0..2000i64, 0..100_000i64], [value(), value(), value()]),
                0..120,
            ),
            cut in 0..5u32,
        ) {
            let mut time = 0;
            let mut rows: Vec<_> = steps
                .into_iter()
                .map(|(email, later, xyz)| {
                    time += later;
                    reading(email, time, xyz)
                })
                .collect();
            rows.sort_by(Reading::order);
            let whole = Quality::of_accelerometer(&rows);
            prop_assert_eq!(&whole, &naive(&rows));
            let (before, after) = rows.split_at(rows.partition_point(|row| row.email < cut));
            let mut joined = Quality::default();
            [before, after].map(Quality::of_accelerometer).into_iter().for_each(|part| joined.merge(part));
            prop_assert_eq!(joined, whole);
        }
    }
}
