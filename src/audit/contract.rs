//! What the tables of an export promise, so that others can check it: as a data contract, in the Open Data
//! Contract Standard 3.1 (<https://bitol-io.github.io/open-data-contract-standard/>), and as rules of AWS Glue
//! Data Quality in its language, DQDL (<https://docs.aws.amazon.com/glue/latest/dg/dqdl.html>).
//!
//! A promise is in it only if it holds for every run under these options. No column's values are promised to be
//! unique, for a person may have several records. No value of a record is in it.

use super::croissant::{ABOUT, consent};
use super::croissant_files::{about_times, meaning};
use super::json::{document, fill, listed, quoted};
use super::promises::{Kind, Promise, promises};
use super::yaml::yaml;
use super::{Hasher, Publication, ReportFile};
use crate::consent::EARLIEST_DATE;
use crate::error::Error;
use crate::schema::{Column, ColumnType, Table, customer, machine_learning};
use crate::splits::SPLITS;

/// A table of an export, with what the report says of it.
struct Written<'a> {
    table: Table,
    rows: u64,
    /// Its files, below the folder of the export: training and test data are two.
    files: Vec<&'a str>,
}

/// The tables of a completed report.
fn written(report: &ReportFile) -> Vec<Written<'_>> {
    let outputs = report.json().get("outputs").items();
    let mut written: Vec<Written<'_>> = Vec::new();
    for output in outputs {
        let Some(table) = Table::from_name(output.text_of("table")) else { continue };
        let (rows, file) = (output.count_of("rows"), output.text_of("file"));
        match written.last_mut().filter(|last| last.table == table) {
            Some(last) => {
                last.rows += rows;
                last.files.push(file);
            }
            None => written.push(Written { table, rows, files: vec![file] }),
        }
    }
    written
}

/// Whether a table is the only one: then no promise can name another.
fn is_alone(written: &[Written<'_>]) -> bool {
    written.len() == 1
}

/// `contract.yaml`, from a completed report.
///
/// # Errors
/// `Document`, a defect of this program.
pub fn contract(report: &ReportFile, publication: &Publication) -> Result<String, Error> {
    let (json, written) = (report.json(), written(report));
    let alone = is_alone(&written);
    let mut hasher = Hasher::default();
    let outputs = json.get("outputs").items().iter();
    outputs.for_each(|output| hasher.push(output.text_of("sha256").as_bytes()));
    let version = format!("1.0.0+{}", hasher.finish().get(..12).unwrap_or_default());
    let incomplete = if json.get("incomplete").items().is_empty() { "" } else { INCOMPLETE };
    let limitations = format!("{} {UNITS}{incomplete}", json.get("privacy").text_of("meaning"));
    let said = |text: &Option<String>| quoted(text.as_deref().unwrap_or("not specified"));
    let page = publication.url.as_deref().map(|url| fill(PAGE, &[("url", &quoted(url))]));
    let tables = written.iter().map(|table| self::table(table, report, alone));
    let text = fill(
        CONTRACT,
        &[
            ("name", if alone { "machine_learning_curated" } else { "lake" }),
            ("version", &quoted(&version)),
            ("purpose", &quoted(if alone { ABOUT } else { LAKE })),
            ("usage", &quoted(&format!("{CHECK}{}", if alone { "" } else { FOLDERS }))),
            ("limitations", &quoted(&limitations)),
            ("page", page.as_deref().unwrap_or("null")),
            ("path", &quoted(&path(&written, report))),
            ("format", &quoted(if report.table_format() == "delta" { "delta" } else { "parquet" })),
            ("tables", &listed(tables)),
            ("license", &said(&publication.license)),
            ("creator", &said(&publication.creator)),
            ("tool", &quoted(json.get("tool").text_of("version"))),
        ],
    );
    Ok(yaml(&document(&text, "contract.yaml")?))
}

/// The rulesets of a completed report, one for each of its tables, by their paths.
pub fn rulesets(report: &ReportFile) -> Vec<(String, String)> {
    let written = written(report);
    let ruleset = |of: &Written<'_>| {
        let rules = rules(of, report, is_alone(&written)).join(",\n    ");
        (ruleset_path(of.table), fill(RULESET, &[("table", of.table.name()), ("rules", &rules)]))
    };
    written.iter().map(ruleset).collect()
}

/// Where a table's ruleset lies: Glue has one for each table.
pub fn ruleset_path(table: Table) -> String {
    format!("dqdl/{}.dqdl", table.name())
}

const CONTRACT: &str = r#"{
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "stedi-$name",
    "name": "STEDI $name",
    "version": $version,
    "status": "active",
    "description": {"purpose": $purpose, "usage": $usage, "limitations": $limitations},
    "authoritativeDefinitions": $page,
    "servers": [{"server": "folder", "type": "local", "path": $path, "format": $format}],
    "schema": [$tables],
    "customProperties": [
        {"property": "license", "value": $license},
        {"property": "creator", "value": $creator},
        {"property": "stedi-lakehouse", "value": $tool}
    ]
}"#;

const PAGE: &str = r#"[{"type": "canonicalUrl", "url": $url}]"#;

const LAKE: &str = "Records of people who agreed to research, and what their devices measured: five tables, each made \
                    of those before it.";
const CHECK: &str = "In this folder `datacontract test contract.yaml` checks all of it (datacontract-cli).";
/// Behind `CHECK`.
const FOLDERS: &str = " It fills a table's name into the path of the server, so tables are named by their folders; \
                       catalogues know them by businessName.";
const UNITS: &str = "An export names no units of what sensors measured.";
const INCOMPLETE: &str =
    " The run was incomplete: people may have taken consent back in records that nobody could read.";

/// Where the tables' files lie, seen from the contract. Those of several tables have one name in different folders;
/// of tables with versions their folders are said, whose logs name the files.
fn path(written: &[Written<'_>], report: &ReportFile) -> String {
    if report.table_format() == "delta" {
        return "{model}".to_owned();
    }
    let last = |file: &'_ str| file.rsplit('/').next().unwrap_or_default().to_owned();
    match written {
        [] => String::new(),
        [one] if one.files.len() > 1 => format!("{SPLITS}/*.parquet"),
        [one] => one.files[0].to_owned(),
        [first, ..] => format!("{{model}}/{}", last(first.files[0])),
    }
}

/// What the contract calls a table.
fn name(table: Table, alone: bool) -> &'static str {
    if alone { table.name() } else { table.folder() }
}

fn table(Written { table, rows, files }: &Written<'_>, report: &ReportFile, alone: bool) -> String {
    let table = *table;
    let about = match table {
        Table::MachineLearningCurated => {
            format!("{ABOUT} {} {}", consent(report), about_times(report.option("times")).1)
        }
        _ => format!("Holds {}", about(table)),
    };
    let columns =
        table.columns().iter().enumerate().map(|(at, column)| self::column(table, at, column, report));
    let types = table.columns().iter().map(|column| format!("'{} {}'", column.name, duckdb_type(column.ty)));
    let types = types.collect::<Vec<_>>().join(", ");
    let count = fill(ROW_COUNT, &[("rows", &rows.to_string())]);
    let others = files.iter().map(|file| fill(OTHERS, &[("file", file), ("types", &types)]));
    let others = others.collect::<Vec<_>>().join(" + ");
    let columns_rule = rule(COLUMNS, &format!("SELECT {others}"), None);
    let promises = promises(table, report, alone).into_iter();
    let promises = promises.map(|Promise { about, query, .. }| rule(about, &query, None));
    fill(
        TABLE,
        &[
            ("name", name(table, alone)),
            ("table", table.name()),
            ("about", &quoted(&about)),
            ("columns", &listed(columns)),
            ("quality", &listed([count, columns_rule].into_iter().chain(promises))),
        ],
    )
}

const TABLE: &str = r#"{
    "name": "$name", "businessName": "$table", "physicalType": "table", "description": $about,
    "properties": [$columns], "quality": [$quality]
}"#;
const ROW_COUNT: &str = r#"{
    "type": "library", "metric": "rowCount", "description": "The rows that the report counts", "mustBe": $rows
}"#;
/// Of the file itself: a reader casts what it reads to the contract's types, and leaves other columns out.
const COLUMNS: &str = "No other column, and no other type: whatever would name a person is not there";
const OTHERS: &str = "(SELECT count(*) FROM (DESCRIBE FROM '$file') \
                      WHERE column_name || ' ' || column_type NOT IN ($types))";

fn rule(about: &str, query: &str, severity: Option<&str>) -> String {
    let severity = severity.map_or_else(|| "null".to_owned(), quoted);
    fill(RULE, &[("about", &quoted(about)), ("query", &quoted(query)), ("severity", &severity)])
}

const RULE: &str =
    r#"{"type": "sql", "description": $about, "query": $query, "mustBe": 0, "severity": $severity}"#;

/// What stands at the head of the table's rule.
fn about(table: Table) -> &'static str {
    let head = table.sql().and_then(|sql| sql.lines().next()).unwrap_or_default();
    head.split_once(": ").map_or(head, |(_, about)| about)
}

fn column(table: Table, at: usize, column: &Column, report: &ReportFile) -> String {
    let [identity, times] = ["identity", "times"].map(|name| report.option(name));
    let found = Found::new(table, at, report);
    let positive =
        || rule(POSITIVE, "SELECT count(*) FROM ${table} t WHERE t.${column} <= 0", Some("warning"));
    let (logical, options) = match (&found, column.ty) {
        (Found { hex: true, .. }, _) => ("string", r#"{"pattern": "^[0-9a-f]{32}$"}"#.to_owned()),
        (Found { least: Some(least), .. }, _) => ("integer", format!(r#"{{"minimum": {least}}}"#)),
        (Found { required: true, .. }, ColumnType::String) => ("string", r#"{"minLength": 1}"#.to_owned()),
        (_, ColumnType::String) => ("string", "null".to_owned()),
        (_, ColumnType::Double) => ("number", "null".to_owned()),
        (_, ColumnType::Bigint | ColumnType::Int) => ("integer", "null".to_owned()),
    };
    let as_measured = table != Table::MachineLearningCurated || times == "exact";
    let is_time = as_measured && column.key && column.ty == ColumnType::Bigint;
    let about = match (table, column.ty) {
        (Table::MachineLearningCurated, _) => meaning(column, identity, times).to_owned(),
        (_, ColumnType::Bigint) => format!("{} (epoch milliseconds)", column.meaning),
        _ => column.meaning.to_owned(),
    };
    let is_named = column.identifies() || (table, at, identity) == DEVICE;
    fill(
        COLUMN,
        &[
            ("name", column.name),
            ("logical", logical),
            ("physical", column.ty.name()),
            ("about", &quoted(&about)),
            ("required", if found.required { "true" } else { "null" }),
            ("class", if is_named { "restricted" } else { "confidential" }),
            ("options", &options),
            ("quality", &if is_time { format!("[{}]", positive()) } else { "null".to_owned() }),
        ],
    )
}

/// The subject, where it is the serial number of a device.
const DEVICE: (Table, usize, &str) = (Table::MachineLearningCurated, machine_learning::SUBJECT, "serial");

const COLUMN: &str = r#"{
    "name": "$name", "logicalType": "$logical", "physicalType": "$physical", "description": $about,
    "required": $required, "classification": "$class", "logicalTypeOptions": $options, "quality": $quality
}"#;
/// A time of measurement is any number, so this is not promised: it warns.
const POSITIVE: &str = "A time that is not positive is hardly one of measurement";

/// What is promised of a column's values.
struct Found {
    /// Never null, and a text is not empty.
    required: bool,
    /// No number below.
    least: Option<i64>,
    /// 32 hex digits: a pseudonym.
    hex: bool,
}

impl Found {
    fn new(table: Table, at: usize, report: &ReportFile) -> Found {
        let column = &table.columns()[at];
        let [consent, identity, times] = ["consent", "identity", "times"].map(|name| report.option(name));
        let is_date = matches!(table, Table::CustomerTrusted | Table::CustomerCurated)
            && at == customer::SHAREWITHRESEARCHASOFDATE;
        let of_pairs = table == Table::MachineLearningCurated;
        let relative = of_pairs && at == machine_learning::SENSORREADINGTIME && times == "relative";
        let least = match (is_date, consent) {
            (true, "ever") => Some(1),
            (true, _) => Some(EARLIEST_DATE),
            _ => relative.then_some(0),
        };
        let hex = of_pairs && at == machine_learning::SUBJECT && identity == "pseudonym";
        Found { required: column.key || is_date, least, hex }
    }
}

/// DuckDB's name of a type, which is what reads the files.
fn duckdb_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::String => "VARCHAR",
        ColumnType::Bigint => "BIGINT",
        ColumnType::Int => "INTEGER",
        ColumnType::Double => "DOUBLE",
    }
}

/// The ruleset's rules, as far as DQDL has types for them.
fn rules(&Written { table, rows, .. }: &Written<'_>, report: &ReportFile, alone: bool) -> Vec<String> {
    let columns = table.columns();
    let mut rules = vec![format!("RowCount = {rows}"), format!("ColumnCount = {}", columns.len())];
    for (at, column) in columns.iter().enumerate() {
        let (name, found) = (column.name, Found::new(table, at, report));
        rules.push(format!("ColumnExists \"{name}\""));
        if found.required {
            rules.push(format!("IsComplete \"{name}\""));
        }
        match found {
            Found { hex: true, .. } => {
                rules.push(format!("ColumnValues \"{name}\" matches \"^[0-9a-f]{{32}}$\""));
            }
            Found { least: Some(least), .. } => rules.push(format!("ColumnValues \"{name}\" >= {least}")),
            Found { required: true, .. } if column.ty == ColumnType::String => {
                rules.push(format!("ColumnLength \"{name}\" > 0"));
            }
            _ => {}
        }
    }
    rules.extend(promises(table, report, alone).into_iter().filter_map(|promise| match promise.kind {
        Kind::Within(own, other, column) => {
            Some(format!("ReferentialIntegrity \"{own}\" \"{}.{column}\" = 1.0", other.name()))
        }
        Kind::Distinct(column, count) => Some(format!("DistinctValuesCount \"{column}\" = {count}")),
        Kind::Query => None,
    }));
    rules
}

const RULESET: &str = "# $table, as rules of AWS Glue Data Quality. A ruleset belongs to one table:
# aws glue create-data-quality-ruleset --name $table --ruleset file://dqdl/$table.dqdl --target-table \
DatabaseName=DATABASE,TableName=$table
# Another table that a rule names is an additional data source by that name.
Rules = [
    $rules
]
";

#[cfg(test)]
mod tests {
    use super::super::Json;
    use super::super::report_file::tests::completed;
    use super::*;
    use crate::options::{ConsentTime, Identity, Options};

    fn contract(options: Options, publication: &Publication) -> String {
        super::contract(&completed(options), publication).unwrap()
    }

    #[test]
    fn every_place_is_filled() {
        for text in [contract(Options::default(), &Publication::default())]
            .into_iter()
            .chain(rulesets(&completed(Options::default())).into_iter().map(|(_, text)| text))
        {
            let places = text.replace("${table}", "").replace("${column}", "").replace("{32}$", "");
            assert!(!places.contains('$'), "{text}");
        }
    }

    #[test]
    fn each_table_of_the_report_is_in_it_with_its_rows() {
        let text = contract(Options::default(), &Publication::default());
        for table in Table::WRITTEN {
            assert!(text.contains(&format!("  - name: \"{}\"\n", table.folder())), "{text}");
            assert!(text.contains(&format!("businessName: \"{}\"", table.name())));
            assert!(!about(table).is_empty() && !about(table).starts_with("--"), "{}", about(table));
        }
        assert_eq!(text.matches("metric: \"rowCount\"").count(), 5);
        assert_eq!(rulesets(&completed(Options::default())).len(), 5);
    }

    #[test]
    fn a_table_alone_names_no_other() {
        let report = completed(Options::default());
        let mut json = report.json().clone();
        if let Some(Json::List(outputs)) = json.get_mut("outputs") {
            outputs.drain(..4);
        }
        let alone = ReportFile::read(&json.pretty()).unwrap();
        let text = super::contract(&alone, &Publication::default()).unwrap();
        assert!(text.contains("  - name: \"machine_learning_curated\"\n"), "{text}");
        assert!(!text.contains("trusted") && !text.contains("{model}"), "{text}");
        let rulesets = rulesets(&alone);
        assert_eq!(rulesets.len(), 1);
        assert!(!rulesets[0].1.contains("trusted"), "{}", rulesets[0].1);
    }

    #[test]
    fn what_is_promised_follows_the_options() {
        let plain = contract(Options::default(), &Publication::default());
        assert!(plain.contains("pattern: \"^[0-9a-f]{32}$\"") && plain.contains("minimum: 1\n"));
        let options =
            Options { identity: Identity::Serial, consent: ConsentTime::AsOf, ..Options::default() };
        let other = contract(options, &Publication::default());
        assert!(!other.contains("pattern:") && other.contains("minimum: 100000000000\n"), "{other}");
        assert_eq!(other.matches("classification: \"restricted\"").count(), 13);
        assert_eq!(plain.matches("classification: \"restricted\"").count(), 12);
    }
}
