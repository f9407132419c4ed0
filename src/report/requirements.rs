//! Limits that a run has to keep: `rate>=20,subjects>=30`. They are held against what the report says, so whoever
//! has the report can hold them against it again.

use super::quality::{QualityReport, TableQuality};

/// What can be limited: its name, what it is, and where the quality of machine_learning_curated has it.
type Quantity = (&'static str, &'static str, fn(&TableQuality) -> f64);

/// All of machine_learning_curated.
const QUANTITIES: [Quantity; 9] = [
    ("rate", "Hz in the median subject", |released| released.median_rate),
    ("subjects", "subjects", |released| released.subjects as f64),
    ("rows", "rows", |released| released.rows as f64),
    ("span", "seconds from the first row to the last in the median subject", |released| released.median_span),
    ("gaps", "subjects with gaps", |released| released.with_gaps as f64),
    ("repeated", "rows at an instant that an earlier row of their subject has", |released| {
        released.repeated as f64
    }),
    ("constant", "subjects with a measure that never changes", |released| released.constant as f64),
    ("coarse", "subjects with at most four distinct values an axis", |released| released.coarse as f64),
    ("out_of_range", "values out of range", |released| released.out_of_range() as f64),
];

type Comparison = fn(&f64, &f64) -> bool;

/// Longer ones first, since others begin them.
const COMPARISONS: [(&str, Comparison); 5] =
    [(">=", f64::ge), ("<=", f64::le), (">", f64::gt), ("<", f64::lt), ("=", f64::eq)];

#[derive(Clone, Debug)]
struct Limit {
    text: String,
    quantity: Quantity,
    compare: Comparison,
    value: f64,
}

/// Limits that all have to hold.
#[derive(Clone, Debug)]
pub struct Requirements(Vec<Limit>);

impl Requirements {
    /// Of limits with commas between them.
    ///
    /// # Errors
    /// What is wrong with which of them, for people.
    pub fn parse(text: &str) -> Result<Requirements, String> {
        let limits = text.split(',').zip(1..).map(|(text, number)| {
            let text = text.trim();
            limit(text).map_err(|why| format!("limit {number}, \"{text}\": {why}"))
        });
        limits.collect::<Result<_, _>>().map(Requirements)
    }

    /// Those that a run does not keep, each with what was found.
    pub fn failed_by(&self, report: &QualityReport) -> Vec<String> {
        let released = report.released();
        let failed = self.0.iter().filter_map(|limit| {
            let Limit { text, quantity: (_, words, found), compare, value } = limit;
            let found = found(&released);
            (!compare(&found, value)).then(|| format!("{text}: found {found} {words}"))
        });
        failed.collect()
    }

    /// What they are and what can be limited, for people.
    pub fn help() -> String {
        let known = QUANTITIES.map(|(name, words, _)| format!("{name} ({words})")).join(", ");
        format!(
            "Fail, and write nothing, unless machine_learning_curated keeps these limits, as in \
             rate>=20,subjects>=30. What can be limited: {known}"
        )
    }
}

fn limit(text: &str) -> Result<Limit, String> {
    let is_sign = |char: char| "<>=!".contains(char);
    let start = text.find(is_sign).unwrap_or(text.len());
    let (name, rest) = text.split_at(start);
    let (sign, value) = rest.split_at(rest.find(|char| !is_sign(char)).unwrap_or(rest.len()));
    let (name, value) = (name.trim(), value.trim());
    let known = || QUANTITIES.map(|(name, ..)| name);
    let Some(quantity) = QUANTITIES.into_iter().find(|(known, ..)| *known == name) else {
        return Err(match name {
            "" => format!("a limit begins with one of {}", known().join(", ")),
            _ => format!("there is no \"{name}\" to limit; there are {}", known().join(", ")),
        });
    };
    let Some((_, compare)) = COMPARISONS.into_iter().find(|(known, _)| *known == sign) else {
        let known = COMPARISONS.map(|(sign, _)| sign).join(" ");
        return Err(match sign {
            "" => format!("{name} needs a comparison and a number, as in {name}>=20"),
            _ => format!("there is no comparison \"{sign}\"; there are {known}"),
        });
    };
    match value.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Limit { text: text.to_owned(), quantity, compare, value }),
        _ if value.is_empty() => Err(format!("there is no number behind {name}{sign}")),
        _ => Err(format!("\"{value}\" is no number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Quality;
    use crate::rows::MachineLearning;
    use crate::schema::Table;

    fn report() -> QualityReport {
        let row =
            |at: i64| MachineLearning { subject: 0, time: at * 40, distance: None, xyz: [at as f64; 3] };
        let rows: Vec<_> = (0..26).map(row).collect();
        QualityReport::new([(Table::MachineLearningCurated, Quality::of_pairs(&rows))])
    }

    #[test]
    fn limits_that_are_not_kept_are_named_with_what_was_found() {
        let failed = |text: &str| Requirements::parse(text).unwrap().failed_by(&report());
        assert!(failed("rate>=25, rate<=25,rate=25,subjects>0,rows<27,span>=1,gaps=0,repeated<1").is_empty());
        assert_eq!(
            failed("rate >= 25.1,rows>=26,subjects>=30"),
            ["rate >= 25.1: found 25 Hz in the median subject", "subjects>=30: found 1 subjects"]
        );
        assert_eq!(failed("constant>0,coarse>0,out_of_range>0").len(), 3);
    }

    #[test]
    fn what_is_wrong_is_said_of_the_limit_that_it_is_in() {
        let wrong = |text: &str| Requirements::parse(text).unwrap_err();
        for (text, says) in [
            ("rate>=20,hz>3", "limit 2, \"hz>3\": there is no \"hz\" to limit; there are rate, subjects"),
            ("rate", "limit 1, \"rate\": rate needs a comparison"),
            ("rate=>20", "there is no comparison \"=>\"; there are >= <= > < ="),
            ("rows>=1,rate>=fast", "limit 2, \"rate>=fast\": \"fast\" is no number"),
            ("rate>=", "there is no number behind rate>="),
            ("rate>=inf", "\"inf\" is no number"),
            ("rate>=20,", "limit 2, \"\": a limit begins with one of rate"),
            (">=20", "a limit begins with one of rate"),
        ] {
            assert!(wrong(text).contains(says), "{text}: {}", wrong(text));
        }
    }
}
