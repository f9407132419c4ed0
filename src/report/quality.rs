//! How good the readings of the tables are, as a report says it: how many subjects are so, and medians of three
//! digits, not the profile of one subject; where there is only one, these are of it.

use std::array;
use std::collections::BTreeMap;

use serde::Serialize;

use super::privacy::median;
use super::profile::{AXES, DISTANCE, Measure, PAIR, Profile, Quality, Range};
use super::scale::{DISTINCT, FEW, GAPS, RATES, ROWS, SPANS, Scale, Subjects};
use crate::rows::NULL_DOUBLE;
use crate::schema::Table;

impl Quality {
    /// What a report says of it.
    pub(super) fn report(mut self, table: Table) -> TableQuality {
        self.rates.sort_unstable();
        self.spans.sort_unstable();
        // A table without rows has none.
        self.measures.resize(measures(table).count(), Measure::default());
        let measures = measures(table).zip(&self.measures).map(|(name, measure)| {
            let Measure { distinct, out_of_range, missing } = *measure;
            (name, MeasureQuality { by_distinct: DISTINCT.named(&distinct), out_of_range, missing })
        });
        TableQuality {
            measures: measures.collect(),
            subjects: self.rates.len() as u64,
            rows: self.rows,
            by_rows: ROWS.named(&self.by_rows),
            by_rate: RATES.named(&counted(&RATES, &self.rates)),
            median_rate: rounded(median(&self.rates) / 1e6, 3),
            by_span: SPANS.named(&counted(&SPANS, &self.spans)),
            median_span: rounded(median(&self.spans) / 1e3, 3),
            by_gaps: GAPS.named(&self.by_gaps),
            with_gaps: self.by_gaps[1..].iter().sum(),
            repeated: self.repeated,
            with_repeated: self.with_repeated,
            constant: self.constant,
            coarse: self.coarse,
        }
    }
}

fn counted<const N: usize>(scale: &Scale<N>, values: &[u64]) -> [u64; N] {
    let mut counts = [0; N];
    values.iter().for_each(|&value| counts[scale.position(value)] += 1);
    counts
}

/// The columns that were measured.
fn measures(table: Table) -> impl Iterator<Item = &'static str> {
    table.columns().iter().filter(|column| !column.key).map(|column| column.name)
}

/// To a number of significant digits.
pub(super) fn rounded(value: f64, digits: usize) -> f64 {
    // What is written as a number can be read as one.
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

/// How good the readings of a table are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TableQuality {
    /// Users of accelerometer_trusted, devices of step_trainer_trusted, subjects of machine_learning_curated.
    pub subjects: u64,
    /// Their rows together.
    pub rows: u64,
    /// Subjects by their rows.
    pub by_rows: Subjects,
    /// Subjects by their rate, in hertz: distinct instants by time, without gaps. 0 of a single instant.
    pub by_rate: Subjects,
    /// Median of the rates of all subjects, in hertz, to three digits.
    pub median_rate: f64,
    /// Subjects by the time from their first row to their last, in seconds.
    pub by_span: Subjects,
    /// Median of it, in seconds, to three digits.
    pub median_span: f64,
    /// Subjects by their gaps: intervals between two instants that are longer than a second and than five of the
    /// subject's mean intervals.
    pub by_gaps: Subjects,
    /// Subjects that have any.
    pub with_gaps: u64,
    /// Rows at an instant that an earlier row of their subject has.
    pub repeated: u64,
    /// Subjects that have any.
    pub with_repeated: u64,
    /// Subjects of several rows in which a measure has one value.
    pub constant: u64,
    /// Subjects none of whose axes has more than four distinct values.
    pub coarse: u64,
    /// By column.
    pub measures: BTreeMap<&'static str, MeasureQuality>,
}

/// A measure of all subjects.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MeasureQuality {
    /// Subjects by how many distinct values it has.
    pub by_distinct: Subjects,
    /// Values that no sensor of this kind measures, in any unit: see `docs/results.md`.
    pub out_of_range: u64,
    /// Rows without a value.
    pub missing: u64,
}

impl MeasureQuality {
    /// The most distinct values that a subject has; none if they are more than [`FEW`].
    pub(super) fn most_distinct(&self) -> Option<usize> {
        DISTINCT.last(&self.by_distinct).filter(|most| *most <= FEW)
    }
}

impl TableQuality {
    /// Values that no sensor measures.
    pub fn out_of_range(&self) -> u64 {
        self.measures.values().map(|measure| measure.out_of_range).sum()
    }
}

/// What a report says of the readings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QualityReport {
    /// What it means for machine_learning_curated, in plain words.
    pub verdict: String,
    /// Whether steps can be seen in it: ten readings a second in the median subject, and more than four values on an
    /// axis of most subjects.
    pub steps_visible: bool,
    /// How many distinct values an axis of it has at most, if these are not more than four in any subject.
    pub few_values: Option<usize>,
    /// The median rate of accelerometer_trusted, where steps could be seen at it and not at that of
    /// machine_learning_curated: few readings have one of the other sensor at the same millisecond.
    pub rate_before_join: Option<f64>,
    /// accelerometer_trusted, step_trainer_trusted and machine_learning_curated.
    pub tables: BTreeMap<Table, TableQuality>,
}

impl QualityReport {
    /// That of machine_learning_curated.
    pub fn released(&self) -> TableQuality {
        self.tables.get(&Table::MachineLearningCurated).cloned().unwrap_or_default()
    }
}

/// One user, device or subject of a table of readings, for people who look at it; no report holds it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SubjectQuality {
    /// How many.
    pub rows: u64,
    /// From the first row to the last, in seconds.
    pub span: f64,
    /// In hertz, as in [`TableQuality::rate`].
    pub rate: f64,
    /// As in [`TableQuality::gaps`].
    pub gaps: u64,
    /// Rows at an instant that an earlier row has.
    pub repeated: u64,
    /// Values that no sensor measures.
    pub out_of_range: u64,
    /// Measures of one value, by column.
    pub constant: Vec<&'static str>,
}

impl SubjectQuality {
    /// Of all its rows in a table of readings, in their order: their times, then each measured column whole, NaN where
    /// it has no value. None of a table that holds no readings.
    pub fn of(table: Table, times: &[i64], measured: &[f64]) -> Option<SubjectQuality> {
        match table {
            Table::AccelerometerTrusted => Some(SubjectQuality::by_columns(table, times, measured, &AXES)),
            Table::StepTrainerTrusted => {
                Some(SubjectQuality::by_columns(table, times, measured, &[DISTANCE]))
            }
            Table::MachineLearningCurated => Some(SubjectQuality::by_columns(table, times, measured, &PAIR)),
            _ => None,
        }
    }

    fn by_columns<const N: usize>(
        table: Table,
        times: &[i64],
        measured: &[f64],
        ranges: &[Range; N],
    ) -> SubjectQuality {
        let value = |at: usize| measured.get(at).copied().filter(|value| !value.is_nan());
        let row = |(row, &time): (usize, &i64)| {
            let values: [f64; N] =
                array::from_fn(|column| value(column * times.len() + row).unwrap_or(NULL_DOUBLE));
            (time, values)
        };
        let rows: Vec<_> = times.iter().enumerate().map(row).collect();
        let Profile { rows, repeated, span, gaps, rate, values } =
            Profile::of(&rows, ranges, &|row: &(i64, [f64; N])| *row);
        let named = measures(table).zip(&values);
        let constant = named.filter(|(_, values)| rows > 1 && values.distinct == 1).map(|(name, _)| name);
        SubjectQuality {
            rows,
            span: span as f64 / 1e3,
            rate: rate as f64 / 1e6,
            gaps,
            repeated,
            out_of_range: values.iter().map(|values| values.out_of_range).sum(),
            constant: constant.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_is_profiled_by_the_columns_of_its_table() {
        let times = [0, 20, 40, 2040];
        let (distances, still) = ([1.0, 4001.0, -1.0, f64::NAN], [0.5; 4]);
        let of = |table, measured: &[f64]| SubjectQuality::of(table, &times, measured).unwrap();
        let steps = of(Table::StepTrainerTrusted, &distances);
        assert_eq!((steps.rows, steps.out_of_range, steps.constant.len()), (4, 2, 0));
        let axes = of(Table::AccelerometerTrusted, &[still, [0.0, 1.0, 2.0, 999.0], still].concat());
        assert_eq!((axes.out_of_range, &axes.constant[..]), (1, &["x", "z"][..]));
        // Two intervals of 20 ms, and a mean of 680 ms, which no interval is five of.
        assert_eq!((axes.span, axes.gaps, axes.repeated), (2.04, 0, 0));
        let pairs = of(Table::MachineLearningCurated, &[distances, still, still, still].concat());
        assert_eq!((pairs.out_of_range, &pairs.constant[..]), (2, &["x", "y", "z"][..]));
        assert_eq!(SubjectQuality::of(Table::CustomerTrusted, &times, &[]), None);
    }
}
