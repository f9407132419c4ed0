//! Makes what the page's scripts know of the core: `www/shared/core.d.ts`, the types
//! that cross the boundary, and `www/shared/core.js`, names, words and limits that are
//! said here once. `STEDI_BLESS=1 cargo test --lib bindings` writes both.

use std::fmt::Write as _;
use std::{env, fs};

use serde_json::{Value, json};
use ts_rs::{Config, TS};

use crate::audit::Event;
use crate::audit::difference::{
    Builder, Cause, Changed, ChangedInput, Difference, InputChanges, Note, TableChange,
};
use crate::consent::{Outcome, Rule};
use crate::crossings::crossings;
use crate::export::Export;
use crate::ingest::{HEAD_BYTES, KEPT, KEPT_PER_FILE, MAX_DEPTH, MAX_RECORD, Reason, Skip, TEXT_BYTES, Zone};
use crate::lake::views::documents::{
    LakeChanges, LakeDifference, LakeErased, LakeErasure, LakeHistory, LakeRows, LakeVerification,
    LakeVersion,
};
use crate::lake::views::{LakeFileView, LakePart, PersonView};
use crate::limits::{
    CONSOLE_BYTES, GATHERED_BYTES, JOB_BYTES, LIST_BYTES, PARTNER_BYTES, PROGRESS_MS, READINGS_BYTES,
};
use crate::options::{
    Compression, ConsentRecords, ConsentTime, Duplicates, Emails, Identity, Join, KeyOrigin, OnePerInstant,
    Options, SharedSerials, Times,
};
use crate::parquet::ROW_GROUP_ROWS;
use crate::report::{
    EarlierFile, FromReport, Input, InputStatus, KeyReport, MeasureQuality, NewlyAdmitted, OptionsReport,
    People, Place, Privacy, QualityReport, Report, SubjectQuality, Subjects, TableQuality, TableReport,
    TimeRanges, Tool, Warning,
};
use crate::schema::{Landing, Table};
use crate::tally::Name;
use crate::views::{
    ColumnView, DetectedFile, DetectionView, EntryView, JobResultView, JobView, ListedWithdrawal, OutputView,
    PeekView, RejectView, RowView, SampleFile, SqlColumn, SqlDone, SqlKind, SqlPlace, TableView, TreeView,
    UnknownField,
};

const MADE: &str = "made by src/bindings.rs; STEDI_BLESS=1 cargo test --lib bindings writes it";

fn declare<T: TS + 'static>(text: &mut String, config: &Config) {
    let docs = T::docs().unwrap_or_default();
    let _ = writeln!(text, "\n{docs}export {}", T::decl(config));
}

/// Names what crosses the boundary and has no declaration of its own, as lists.
fn alias(text: &mut String, config: &Config) {
    macro_rules! alias {
        ($($name:ident: $ty:ty,)+) => {
            $(
                let (name, ty) = (stringify!($name), <$ty as TS>::name(config));
                if name != ty {
                    let _ = writeln!(text, "export type {name} = {ty};");
                }
            )+
        };
    }
    crossings!(alias);
}

fn types() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = format!("/** What the core gives and takes: {MADE}. */\n");
    macro_rules! declare {
        ($($ty:ty),+ $(,)?) => { $(declare::<$ty>(&mut text, &config);)+ };
    }
    declare!(
        Landing,
        Table,
        ConsentTime,
        ConsentRecords,
        Emails,
        SharedSerials,
        Duplicates,
        Join,
        Identity,
        Times,
        OnePerInstant,
        Compression,
        Options,
        KeyOrigin,
        DetectionView,
        DetectedFile,
        EntryView<'static>,
        JobView,
        JobResultView<'static>,
        OutputView<'static>,
        SampleFile<'static>,
        ListedWithdrawal,
        UnknownField<'static>,
        ColumnView,
        TableView,
        RowView<'static>,
        PeekView<'static>,
        RejectView<'static>,
        Place<'static>,
        Rule,
        Outcome,
        Reason,
        TableReport,
        TimeRanges,
        Warning,
        Input,
        InputStatus,
        FromReport,
        NewlyAdmitted,
        EarlierFile,
        People,
        Privacy,
        QualityReport,
        TableQuality,
        MeasureQuality,
        Subjects,
        SubjectQuality,
        Tool,
        KeyReport,
        OptionsReport,
        Report,
        Event,
        Export,
        TreeView,
        Difference,
        Builder,
        Changed,
        InputChanges,
        ChangedInput,
        TableChange,
        Cause,
        Note,
        LakeFileView<'static>,
        LakePart<'static>,
        PersonView,
        LakeVerification,
        LakeDifference,
        LakeRows,
        LakeHistory,
        LakeVersion,
        LakeChanges,
        LakeErasure,
        LakeErased,
        SqlDone,
        SqlColumn,
        SqlKind,
        SqlPlace,
    );
    text.push_str("\nexport type SavedTable = Exclude<TableName, Landing>;\n");
    alias(&mut text, &config);
    let words = "Readonly<Record<string, string>>";
    let limits = limits();
    let _ = write!(
        text,
        "\nexport const OPTIONS: readonly {{ name: string; help: string; values: readonly {{ name: string; \
         help: string }}[] }}[];\nexport const TABLES: readonly {{ name: TableName; saved: boolean }}[];\n\
         export const RULES: {words};\nexport const OUTCOMES: {words};\nexport const REASONS: {words};\n\
         export const UNREAD: {words};\nexport const LIMITS: Readonly<Record<{}, number>>;\n",
        limits
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| format!("'{name}'"))
            .collect::<Vec<_>>()
            .join(" | ")
    );
    text
}

fn words<N: Name>() -> Value {
    N::ALL
        .iter()
        .map(|name| (name.name().to_owned(), json!(name.words())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn unread() -> Value {
    let skipped = Skip::ALL.map(|skip| (skip.reason(), skip.words()));
    let left_out = [Zone::Trusted, Zone::Curated].map(|zone| (zone.name(), zone.words()));
    skipped
        .into_iter()
        .chain(left_out)
        .map(|(name, words)| (name.to_owned(), json!(words)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Names of fields without quotes, as scripts write them.
fn unquoted(json: &str) -> String {
    let line = |line: &str| {
        let (blanks, rest) = line.split_at(line.len() - line.trim_start().len());
        match rest.strip_prefix('"').and_then(|rest| rest.split_once("\": ")) {
            Some((name, value)) if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
                format!("{blanks}{name}: {value}")
            }
            _ => line.to_owned(),
        }
    };
    json.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn limits() -> Value {
    json!({
        "record_bytes": MAX_RECORD,
        "record_depth": MAX_DEPTH,
        "reject_text_bytes": TEXT_BYTES,
        "rejects_kept": KEPT,
        "rejects_kept_per_file": KEPT_PER_FILE,
        "head_bytes": HEAD_BYTES,
        "row_group_rows": ROW_GROUP_ROWS,
        "readings_bytes": READINGS_BYTES,
        "job_bytes": JOB_BYTES,
        "gathered_bytes": GATHERED_BYTES,
        "partner_bytes": PARTNER_BYTES,
        "console_bytes": CONSOLE_BYTES,
        "list_bytes": LIST_BYTES,
        "progress_ms": PROGRESS_MS,
    })
}

fn constants() -> String {
    let value = |(name, help): &(&str, &str)| json!({ "name": name, "help": help });
    let options: Vec<Value> = Options::all()
        .iter()
        .map(|option| {
            let values: Vec<_> = option.values.iter().map(value).collect();
            json!({ "name": option.name, "help": option.help, "values": values })
        })
        .collect();
    let table = |table: Table| json!({ "name": table.name(), "saved": !table.is_landing() });
    let mut text = format!("/** Names, words and limits of the core: {MADE}. */\n");
    for (name, help, value) in [
        ("OPTIONS", "The choices of a run; the default is the first value.", json!(options)),
        (
            "TABLES",
            "In the order in which they are made; landing rows are never saved.",
            json!(Table::ALL.map(table)),
        ),
        ("RULES", "Why a valid row is not in a table.", words::<Rule>()),
        ("OUTCOMES", "What the consent rules made of a customer record.", words::<Outcome>()),
        ("REASONS", "Why a record is not a row.", words::<Reason>()),
        ("UNREAD", "Why an input is skipped or left out.", unread()),
        ("LIMITS", "How much the core takes and keeps, and what the page allows itself.", limits()),
    ] {
        let _ = writeln!(text, "\n/** {help} */\nexport const {name} = {};", unquoted(&format!("{value:#}")));
    }
    text
}

/// Fails when the file is not what it should be, or writes it.
fn check(path: &str, text: &str) {
    if env::var_os("STEDI_BLESS").is_some() {
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(found == text, "{path} is stale: {MADE}");
}

#[test]
fn the_page_has_the_types_of_the_core() {
    check("www/shared/core.d.ts", &types());
}

#[test]
fn the_page_has_the_names_words_and_limits_of_the_core() {
    assert_eq!((MAX_RECORD, MAX_DEPTH), (64 << 20, 128), "as the words of the reasons say");
    assert!(Reason::TooLong.words().contains("64 MiB") && Reason::TooDeep.words().contains("128"));
    check("www/shared/core.js", &constants());
}
