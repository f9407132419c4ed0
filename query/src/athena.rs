//! What Athena's people write and DataFusion has under another name.
//!
//! Functions are put into its terms before a statement is planned. What Athena gives is by Trino's
//! documentation of functions.

use std::ops::ControlFlow;

use datafusion::common::DataFusionError;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart, Value,
    visit_expressions_mut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::fault::Fault;

/// Units of `date_diff`, in milliseconds.
const UNITS: [(&str, i64); 6] = [
    ("millisecond", 1),
    ("second", 1000),
    ("minute", 60_000),
    ("hour", 3_600_000),
    ("day", 86_400_000),
    ("week", 604_800_000),
];

/// What stands for parts of a time in Athena's `date_format`, which are MySQL's, where `to_char` has another.
const FORMATS: [(char, &str); 11] = [
    ('M', "%B"),
    ('W', "%A"),
    ('i', "%M"),
    ('s', "%S"),
    ('h', "%I"),
    ('c', "%-m"),
    ('e', "%-d"),
    ('k', "%-H"),
    ('l', "%-I"),
    ('f', "%6f"),
    ('v', "%V"),
];

/// Puts the functions of a statement into DataFusion's terms.
///
/// # Errors
/// A function that has no such terms.
pub fn translate(statement: &mut Statement) -> Result<(), Fault> {
    let statement = match statement {
        Statement::Explain(explain) => return translate(&mut explain.statement),
        Statement::Statement(statement) => statement,
        _ => return Ok(()),
    };
    let translated = visit_expressions_mut(&mut **statement, |expr| {
        let Expr::Function(function) = &*expr else { return ControlFlow::Continue(()) };
        match in_other_terms(function) {
            Ok(Some(other)) => {
                *expr = other;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(fault) => ControlFlow::Break(fault),
        }
    });
    match translated {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(fault) => Err(fault),
    }
}

fn in_other_terms(function: &Function) -> Result<Option<Expr>, Fault> {
    let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return Ok(None) };
    let Some(arguments) = arguments(function) else { return Ok(None) };
    let text = match (name.value.to_lowercase().as_str(), arguments.as_slice()) {
        ("count_if", [condition]) => format!("count(*) FILTER (WHERE {condition})"),
        ("arbitrary", [value]) => format!("any_value({value})"),
        ("if", [condition, value]) => format!("CASE WHEN {condition} THEN {value} END"),
        ("if", [condition, value, other]) => format!("CASE WHEN {condition} THEN {value} ELSE {other} END"),
        ("from_unixtime", [seconds]) => time(&format!("CAST(({seconds}) * 1000 AS BIGINT)")),
        ("date_diff", [unit, from, to]) => {
            let length = length_of(unit)?;
            let [from, to] = [from, to].map(|at| format!("CAST({} AS BIGINT)", time(&at.to_string())));
            format!("(({to} - {from}) / {length})")
        }
        ("date_format", [at, format]) if text_of(format).is_some() => {
            let format = text_of(format).unwrap_or_default();
            format!("to_char({at}, '{}')", chrono_format(format)?.replace('\'', "''"))
        }
        ("approx_percentile", [value, share]) => {
            format!("approx_percentile_cont({share}) WITHIN GROUP (ORDER BY {value})")
        }
        _ => return Ok(None),
    };
    let mut other = parsed(&text)?;
    if let Expr::Function(other) = &mut other {
        other.over.clone_from(&function.over);
        if let Some(filter) = &function.filter {
            other.filter = Some(Box::new(match &other.filter {
                Some(own) => parsed(&format!("({own}) AND ({filter})"))?,
                None => (**filter).clone(),
            }));
        }
    }
    Ok(Some(other))
}

/// The arguments of a plain call.
fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let of = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
        _ => None,
    };
    list.args.iter().map(of).collect()
}

fn parsed(text: &str) -> Result<Expr, Fault> {
    let parsed =
        Parser::new(&GenericDialect {}).try_with_sql(text).and_then(|mut parser| parser.parse_expr());
    parsed.map_err(|error| DataFusionError::from(error).into())
}

fn time(value: &str) -> String {
    format!("arrow_cast({value}, 'Timestamp(Millisecond, None)')")
}

fn text_of(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

fn length_of(unit: &Expr) -> Result<i64, Fault> {
    let name = text_of(unit).map(str::to_lowercase);
    let found = UNITS.iter().find(|(unit, _)| Some(*unit) == name.as_deref());
    found.map(|(_, length)| *length).ok_or_else(|| {
        let names = UNITS.map(|(unit, _)| format!("'{unit}'"));
        Fault::refused(format!("date_diff counts in {} here.", names.join(", ")))
    })
}

fn chrono_format(format: &str) -> Result<String, Fault> {
    let (mut out, mut rest) = (String::new(), format.chars());
    while let Some(letter) = rest.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let Some(part) = rest.next() else { break };
        match FORMATS.iter().find(|(own, _)| *own == part) {
            Some((_, other)) => out.push_str(other),
            None if "aYymdHjpTbrS%".contains(part) => out.extend(['%', part]),
            None => return Err(Fault::refused(format!("date_format knows no %{part} here."))),
        }
    }
    Ok(out)
}

/// The query whose columns are to be summarised, if a statement asks for that: `SUMMARIZE table`, or a query.
pub fn summarized(sql: &str) -> Option<String> {
    const WORD: &str = "summarize";
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let (word, rest) = sql.split_at_checked(WORD.len())?;
    if !word.eq_ignore_ascii_case(WORD) || !rest.starts_with(|c: char| c.is_whitespace() || c == '(') {
        return None;
    }
    let rest = rest.trim_start();
    let first = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let is_query = rest.starts_with('(')
        || ["select", "with", "values"].iter().any(|&word| first.eq_ignore_ascii_case(word));
    Some(if is_query { rest.to_owned() } else { format!("SELECT * FROM {rest}") })
}

/// The statement that gives all rows of a query.
///
/// # Errors
/// What is wrong with the query.
pub fn all_of(query: &str) -> Result<Statement, Fault> {
    one(&format!("SELECT * FROM ({query}\n) AS summarized"))
}

/// The statement that summarises the columns of a query, each by its name and type and whether it has a mean: a
/// row a column.
///
/// # Errors
/// What is wrong with the query.
pub fn summary<'a>(
    query: &str,
    columns: impl Iterator<Item = (&'a str, String, bool)>,
) -> Result<Statement, Fault> {
    let rows: Vec<String> = columns
        .enumerate()
        .map(|(at, (name, ty, is_number))| {
            let column = format!("\"{}\"", name.replace('"', "\"\""));
            let [name, ty] = [name, &ty].map(|text| text.replace('\'', "''"));
            let [mean, deviation] = match is_number {
                true => [format!("avg({column})"), format!("stddev({column})")],
                false => ["NULL"; 2].map(|null| format!("CAST({null} AS DOUBLE)")),
            };
            format!(
                "SELECT {at} AS at, '{name}' AS column_name, '{ty}' AS column_type, count({column}) AS rows, \
                 count(*) - count({column}) AS nulls, count(DISTINCT {column}) AS \"distinct\", \
                 CAST(min({column}) AS VARCHAR) AS \"min\", CAST(max({column}) AS VARCHAR) AS \"max\", \
                 {mean} AS mean, {deviation} AS deviation FROM summarized"
            )
        })
        .collect();
    one(&format!(
        "WITH summarized AS ({query}\n) SELECT column_name, column_type, rows, nulls, \"distinct\", \"min\", \"max\", \
         mean, deviation FROM ({}) ORDER BY at",
        rows.join("\nUNION ALL ")
    ))
}

fn one(sql: &str) -> Result<Statement, Fault> {
    let mut statements = DFParser::parse_sql(sql)?;
    let statement = statements.pop_front().filter(|_| statements.is_empty());
    let mut statement =
        statement.ok_or_else(|| Fault::refused("One statement at a time: select the one to run."))?;
    translate(&mut statement)?;
    Ok(statement)
}
