//! What is said when something was written: where it is, and what can be done with it.

use std::path::Path;

use stedi_lakehouse::export::{self, Export, REPORT, TableFormat};
use stedi_lakehouse::schema::Table;

use super::args::RunArgs;
use super::store::Address;
use super::{names, terminal};

/// What is said of a lake or a research export.
pub fn after_run(args: &RunArgs) -> String {
    let out = terminal::path(&args.out);
    let tables = match (args.export, args.format) {
        // Read by its log, not by its files.
        (Export::Lake, TableFormat::Delta) => vec![Table::MachineLearningCurated.folder().to_owned()],
        (Export::Lake, TableFormat::Parquet) => {
            vec![export::table_path(Table::MachineLearningCurated, args.compression)]
        }
        (Export::Research, format) => {
            args.export.table_paths(format, args.compression, args.test_share.is_some())
        }
    };
    let tables: Vec<String> = tables.iter().map(|path| terminal::path(&args.out.join(path))).collect();
    let (what, next) = match args.export {
        Export::Lake if Address::of(&args.out).is_some() => {
            ("lake", format!("check it by `stedi-lakehouse verify {}`", word(&args.out)))
        }
        Export::Lake => (
            "lake",
            format!(
                "compare it with an earlier one by `stedi-lakehouse diff OLD {}`, or put the folder on S3 as it is: {} \
                 says how",
                word(&args.out),
                terminal::path(&args.out.join("ddl/README.md"))
            ),
        ),
        Export::Research => ("research export", "hand on the folder as a whole".to_owned()),
    };
    format!(
        "The {what} is in {out}: {REPORT} says what was done, and machine_learning_curated is {}\nNext: {next}.\n",
        tables.join(" and ")
    )
}

/// What is said of a made-up export.
pub fn after_sample(folder: &Path) -> String {
    format!("Next: stedi-lakehouse run {} --out lake\n", word(folder))
}

/// A path as a word of a shell.
fn word(path: &Path) -> String {
    let name = names::name_of(path);
    terminal::shown(&shlex::try_quote(&name).unwrap_or_else(|_| name.as_str().into()))
}
