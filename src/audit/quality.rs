//! The quality of the readings as rows of a table: the same for the data card and for the page of evidence.

use super::json::Json;
use crate::report::{Quality, rate_in_words};

/// A figure of a table, from its part of the report.
type Figure = (&'static str, fn(&Json) -> String);

const FIGURES: [Figure; 12] = [
    ("Subjects", |of| count(of, "subjects")),
    ("Rows", |of| count(of, "rows")),
    ("Subjects by rows", |of| ranges(of, "by_rows")),
    ("Subjects by rate, Hz", |of| ranges(of, "by_rate")),
    ("Median rate, Hz", |of| rate(of, "median_rate")),
    ("Subjects by span, s", |of| ranges(of, "by_span")),
    ("Median span, s", |of| number(of, "median_span")),
    ("Subjects by gaps", |of| ranges(of, "by_gaps")),
    ("Rows at a time that an earlier row of the subject has", |of| {
        format!("{}, of {} subjects", of.count_of("repeated"), of.count_of("with_repeated"))
    }),
    ("Subjects with a measure that never changes", |of| count(of, "constant")),
    ("Subjects with at most four values an axis", |of| count(of, "coarse")),
    ("Values out of range, missing", |of| {
        let sum = |name| of.get("measures").fields().iter().map(|(_, measure)| measure.count_of(name)).sum();
        let [out_of_range, missing]: [u64; 2] = ["out_of_range", "missing"].map(sum);
        format!("{out_of_range}, {missing}")
    }),
];

/// What is meant, for below the table.
pub const QUALITY_NOTE: &str = "\
A subject is a user, a device or a subject of machine_learning_curated. The rate is that of distinct times, without \
gaps; a gap is longer than a second and than five of the subject's mean intervals. Out of range are accelerations \
beyond 16 g in m/s² and distances below 0 or beyond 4000: an export names no unit.";

/// What the columns of [`quality_rows`] are of.
pub fn quality_head() -> Vec<&'static str> {
    let tables = Quality::TABLES.map(crate::schema::Table::name);
    ["Figure"].into_iter().chain(tables).collect()
}

/// The figures of each table, by the quality of a report; none of a report that has none.
pub fn quality_rows(quality: &Json) -> Vec<Vec<String>> {
    if quality == &Json::Null {
        return Vec::new();
    }
    let row = |(name, figure): &Figure| {
        let of_tables = Quality::TABLES.map(|table| figure(quality.get("tables").get(table.name())));
        [(*name).to_owned()].into_iter().chain(of_tables).collect()
    };
    FIGURES.iter().map(row).collect()
}

fn count(of: &Json, name: &str) -> String {
    of.count_of(name).to_string()
}

fn number(of: &Json, name: &str) -> String {
    let number = of.text_of(name);
    number.strip_suffix(".0").unwrap_or(number).to_owned()
}

/// With as many digits as it has in the verdict.
fn rate(of: &Json, name: &str) -> String {
    of.text_of(name).parse().map(rate_in_words).unwrap_or_default()
}

/// As `<1: 3, 1-10: 4`.
fn ranges(of: &Json, name: &str) -> String {
    let ranges = of.get(name).fields().iter();
    ranges.map(|(range, subjects)| format!("{range}: {}", subjects.count())).collect::<Vec<_>>().join(", ")
}
