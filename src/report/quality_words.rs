//! What the quality of the readings means, in a sentence or some.

use std::collections::BTreeMap;

use super::profile::Quality;
use super::quality::{QualityReport, TableQuality, rounded};
use super::scale::FEW;
use crate::schema::{ColumnType, Table};

/// Readings a second from which on steps can be seen: the method of the article above works on ten.
const STEPS_HZ: f64 = 10.0;
const NUMBERS: [&str; FEW + 1] = ["no", "one", "two", "three", "four"];

impl QualityReport {
    /// Of the tables of readings.
    pub fn new(tables: impl IntoIterator<Item = (Table, Quality)>) -> QualityReport {
        let tables = tables.into_iter().map(|(table, quality)| (table, quality.report(table)));
        judged(tables.collect())
    }
}

/// The report of these tables.
fn judged(tables: BTreeMap<Table, TableQuality>) -> QualityReport {
    let mut report = QualityReport {
        verdict: String::new(),
        steps_visible: false,
        few_values: None,
        rate_before_join: None,
        tables,
    };
    let released = report.released();
    let phone = report.tables.get(&Table::AccelerometerTrusted).map(|quality| quality.median_rate);
    report.rate_before_join = phone.filter(|rate| *rate >= STEPS_HZ && released.median_rate < STEPS_HZ);
    let coarse = released.coarse;
    report.steps_visible = released.median_rate >= STEPS_HZ && 2 * coarse < released.subjects;
    if released.subjects > 0 && coarse == released.subjects {
        let columns = Table::MachineLearningCurated.columns().iter();
        let axes = columns.filter(|column| column.ty == ColumnType::Double);
        let axes = axes.filter_map(|axis| released.measures.get(axis.name));
        report.few_values = axes.filter_map(|axis| axis.most_distinct()).max();
    }
    report.verdict = words(&report, &released);
    report
}

/// Readings a second as they are said wherever words or tables for people name them: to two digits.
pub fn rate_in_words(hertz: f64) -> String {
    rounded(hertz, 2).to_string()
}

fn words(report: &QualityReport, released: &TableQuality) -> String {
    let TableQuality { subjects, with_gaps, constant, coarse, median_rate, .. } = *released;
    if subjects == 0 {
        return "machine_learning_curated holds no readings: nothing can be learned from it.".to_owned();
    }
    let hertz = |rate| format!("{} Hz", rate_in_words(rate));
    let values = match (report.few_values, coarse) {
        (Some(1), _) => "one distinct value an axis".to_owned(),
        (Some(few), _) => format!("at most {} distinct values an axis", NUMBERS[few]),
        (None, 0) => "more than four distinct values an axis".to_owned(),
        (None, _) => format!("at most four distinct values an axis in {coarse} of {subjects} subjects"),
    };
    let meaning = match report.steps_visible {
        true => "steps can be seen in this, and to learn them takes labels from elsewhere",
        false => "steps cannot be learned from this",
    };
    let mut text = format!("{}, {values}, no labels: {meaning}.", hertz(median_rate));
    if let Some(rate) = report.rate_before_join.map(hertz) {
        text.push_str(&format!(
            " The accelerometer has {rate} before it is joined: few of its readings have one of the step trainer at \
             the same millisecond."
        ));
    }
    let out_of_range = released.out_of_range();
    let flaws = [
        (with_gaps > 0).then(|| format!("{with_gaps} of {subjects} subjects have gaps")),
        (constant > 0)
            .then(|| format!("{constant} of {subjects} subjects have a measure that never changes")),
        (out_of_range > 0).then(|| format!("{out_of_range} values are out of range")),
    ];
    let flaws: Vec<String> = flaws.into_iter().flatten().collect();
    if !flaws.is_empty() {
        text.push_str(&format!(" {}.", flaws.join("; ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{MachineLearning, Reading};

    /// Rows of `subjects` subjects, each `interval` milliseconds after the one before.
    fn pairs(subjects: u32, interval: i64, x: impl Fn(i64) -> f64) -> Vec<MachineLearning> {
        let row = |subject, at| MachineLearning {
            subject,
            time: at * interval,
            distance: Some(200 + at as i32 % 7),
            xyz: [x(at), -x(at), x(at)],
        };
        (0..subjects)
            .flat_map(|subject| (0..40).map(move |at| (subject, at)))
            .map(|(s, at)| row(s, at))
            .collect()
    }

    fn report(rows: &[MachineLearning], phone_interval: i64) -> QualityReport {
        let phone = (0..40).map(|at| Reading { email: 0, time: at * phone_interval, xyz: [at as f64; 3] });
        QualityReport::new([
            (Table::AccelerometerTrusted, Quality::of_accelerometer(&phone.collect::<Vec<_>>())),
            (Table::MachineLearningCurated, Quality::of_pairs(rows)),
        ])
    }

    #[test]
    fn of_slow_and_coarse_readings_it_says_so() {
        let report = report(&pairs(3, 3066, |at| (at % 3 - 1) as f64), 3066);
        assert_eq!(
            report.verdict,
            "0.33 Hz, at most three distinct values an axis, no labels: steps cannot be learned from this."
        );
        assert_eq!((report.few_values, report.steps_visible), (Some(3), false));
        assert_eq!(report.released().median_rate, 0.326);
    }

    #[test]
    fn of_good_readings_it_says_what_is_missing() {
        let good = report(&pairs(3, 20, |at| at as f64 / 10.0), 20);
        assert_eq!(
            good.verdict,
            "50 Hz, more than four distinct values an axis, no labels: steps can be seen in this, and to learn them \
             takes labels from elsewhere."
        );
        let joined = report(&pairs(3, 2000, |at| at as f64 / 10.0), 20);
        assert!(
            joined.verdict.contains("The accelerometer has 50 Hz before it is joined"),
            "{}",
            joined.verdict
        );
        assert_eq!((joined.steps_visible, joined.rate_before_join), (false, Some(50.0)));
    }

    #[test]
    fn flaws_are_counted() {
        let mut rows = pairs(2, 20, |at| at as f64);
        rows.iter_mut().skip(60).for_each(|row| row.time += 5000);
        rows[0].distance = Some(-1);
        rows.iter_mut().take(40).for_each(|row| row.xyz[2] = 1.0);
        let verdict = report(&rows, 20).verdict;
        let flaws = " 1 of 2 subjects have gaps; 1 of 2 subjects have a measure that never changes; 1 values are out \
                     of range.";
        assert!(verdict.ends_with(flaws), "{verdict}");
    }

    #[test]
    fn of_nobody_nothing_is_learned() {
        assert!(report(&[], 20).verdict.contains("nothing can be learned"));
        let mixed = [pairs(1, 20, |at| at as f64), pairs(2, 20, |_| 1.0)].concat();
        // The second of the two is the first one's next subject.
        let mixed: Vec<_> = (0..3)
            .flat_map(|s| {
                mixed[s as usize * 40..][..40].iter().map(move |row| MachineLearning { subject: s, ..*row })
            })
            .collect();
        let report = report(&mixed, 20);
        assert!(report.verdict.contains("at most four distinct values an axis in 2 of 3 subjects"));
        assert!(!report.steps_visible, "most subjects have few values");
    }
}
