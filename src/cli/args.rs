mod sample;

use std::path::PathBuf;

use clap::{ArgGroup, Parser, Subcommand, ValueHint};
use stedi_lakehouse::export::{Export, TableFormat};
use stedi_lakehouse::options::{
    Choice, Compression, ConsentRecords, ConsentTime, Duplicates, Emails, Identity, Join, OnePerInstant,
    Options, SharedSerials, Times,
};
use stedi_lakehouse::report::Requirements;
use stedi_lakehouse::splits::TestShare;
use stedi_lakehouse::withdrawals::Entry;

pub use sample::{SampleArgs, Shape};

/// Turns STEDI JSON exports into consent-filtered, identity-safe, curated Parquet.
#[derive(Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, the reports differ under `diff --exit-code`, or the lake differs under `verify`; also when standard \
output or error is full or nobody reads it
  2  usage error: the call, a configuration, a key or a list is wrong, and nothing was written";

const RUN_SOURCES: &str = "\
Every option may also stand in a configuration (--config), by its long name, and in the environment: --shared-serials \
is STEDI_SHARED_SERIALS. A flag goes before the environment, the environment before the configuration, and that before \
the default.";

#[derive(Subcommand)]
pub enum Command {
    Run(Box<RunArgs>),
    Diff(DiffArgs),
    Verify(VerifyArgs),
    Erase(EraseArgs),
    History(HistoryArgs),
    Report(ReportArgs),
    Sample(SampleArgs),
    Page(PageArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Run the pipeline over files and folders.
///
/// Files may be newline-delimited JSON, arrays or objects in a row, plain, .gz or .zip. Their
/// table is detected from their fields, never from their name.
#[derive(clap::Args)]
#[command(after_help = RUN_SOURCES)]
pub struct RunArgs {
    /// Files and folders of an export; `-` is standard input. Pipes and devices that are named are
    /// copied to a temporary file first. Programs of a release also take s3://BUCKET/PREFIX (and
    /// gs://, az://, which are untested)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Folder of the lake; made if need be. Programs of a release also take s3://BUCKET/PREFIX, where
    /// a lake is not replaced all at once
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,

    /// Go on from a lake: it stands in for the readings that it was made of, and they are admitted again.
    /// PATH then holds all customers, and the new readings. LAKE may be the lake in --out. One in an object
    /// store is copied to a temporary folder first, for verify, history and report too
    #[arg(long, value_name = "LAKE", value_hint = ValueHint::DirPath)]
    pub from: Option<PathBuf>,

    /// Go on from a lake under another key than its own: everyone gets another pseudonym
    #[arg(long)]
    pub new_key: bool,

    /// Read options from a TOML file: one `name = value` per line, by their long names. Paths in it
    /// are relative to its folder. It may name the files of a key and of withdrawals, not hold them
    #[arg(long, value_name = "FILE.toml")]
    pub config: Option<PathBuf>,

    /// What is written: the whole lake, whose trusted tables identify people, or for research
    /// machine_learning_curated, its report and its Croissant description only
    #[arg(long, default_value = "lake", value_parser = named::<Export>, value_name = "lake|research")]
    pub export: Export,

    /// How the tables of the lake lie in their folders: as Parquet, or as Delta Lake has them, with a log of their
    /// versions in each folder. Under --from a new version is added unless somebody or something left the lake
    #[arg(long, default_value = "parquet", value_parser = named::<TableFormat>, value_name = "parquet|delta")]
    pub format: TableFormat,
    /// Deal this share of the subjects of a research export to a test split, by the key: above 0 and below 1, such as
    /// 0.2. The same key deals everyone as before, however many people are added
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    #[arg(value_parser = test_share)]
    pub test_share: Option<TestShare>,

    /// Copy the landing files into the lake too, as they are: raw data of everyone; not those in a zip
    #[arg(long)]
    pub with_landing: bool,

    #[arg(long, help = Compression::HELP, value_name = Compression::VALUES)]
    #[arg(default_value = Compression::DEFAULT, value_parser = named::<Compression>)]
    pub compression: Compression,

    #[arg(long, help = ConsentTime::HELP, value_name = ConsentTime::VALUES)]
    #[arg(default_value = ConsentTime::DEFAULT, value_parser = named::<ConsentTime>)]
    pub consent: ConsentTime,

    #[arg(long, help = ConsentRecords::HELP, value_name = ConsentRecords::VALUES)]
    #[arg(default_value = ConsentRecords::DEFAULT, value_parser = named::<ConsentRecords>)]
    pub records: ConsentRecords,

    #[arg(long, help = Emails::HELP, value_name = Emails::VALUES)]
    #[arg(default_value = Emails::DEFAULT, value_parser = named::<Emails>)]
    pub emails: Emails,

    #[arg(long, help = SharedSerials::HELP, value_name = SharedSerials::VALUES)]
    #[arg(default_value = SharedSerials::DEFAULT, value_parser = named::<SharedSerials>)]
    pub shared_serials: SharedSerials,

    #[arg(long, help = Duplicates::HELP, value_name = Duplicates::VALUES)]
    #[arg(default_value = Duplicates::DEFAULT, value_parser = named::<Duplicates>)]
    pub duplicates: Duplicates,

    #[arg(long, help = Join::HELP, value_name = Join::VALUES)]
    #[arg(default_value = Join::DEFAULT, value_parser = named::<Join>)]
    pub join: Join,

    #[arg(long, help = Identity::HELP, value_name = Identity::VALUES)]
    #[arg(default_value = Identity::DEFAULT, value_parser = named::<Identity>)]
    pub identity: Identity,

    #[arg(long, help = Times::HELP, value_name = Times::VALUES)]
    #[arg(default_value = Times::DEFAULT, value_parser = named::<Times>)]
    pub times: Times,

    #[arg(long, help = OnePerInstant::HELP, value_name = OnePerInstant::VALUES)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = OnePerInstant::On.name())]
    #[arg(default_value = OnePerInstant::DEFAULT, value_parser = named::<OnePerInstant>)]
    pub one_per_instant: OnePerInstant,

    /// List of emails and serial numbers to leave out: one per line, or a CSV that has a column of them
    #[arg(long, value_name = "FILE")]
    pub withdrawals: Option<PathBuf>,

    /// Key of the pseudonyms; without it each run has a random key
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Save the random key in a new file that only you can read. Erasing people later, adding files
    /// and linking other runs need it
    #[arg(long, value_name = "FILE")]
    pub save_key: Option<PathBuf>,

    /// Write the run report, which is also in the lake, to a second place; `-` is standard output, and
    /// the summary goes to standard error then. Replaces an earlier report, no other file
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,

    /// Licence that the Croissant description names: an address or an SPDX name
    #[arg(long, value_name = "LICENCE")]
    pub license: Option<String>,

    /// Organisation that the Croissant description names as the creator
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,

    /// Address of the dataset's page, for the Croissant description
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,

    /// Read files in folders named trusted or curated too, when there are landing files
    #[arg(long)]
    pub all_zones: bool,

    /// Fail, and write nothing, when a record is rejected, a file refused, a kind of input missing, a
    /// withdrawal matches nothing, or the run is incomplete
    #[arg(long)]
    pub strict: bool,

    /// Replace a lake even if there are no customers, no accelerometer or no step trainer readings
    #[arg(long)]
    pub allow_missing: bool,

    #[arg(long, value_name = "LIMITS", value_parser = Requirements::parse, help = Requirements::help())]
    pub require: Option<Requirements>,

    /// Detect the files, count consent and list what would be written; read no readings and write
    /// nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Print the report as JSON on standard output, and the table of counts on standard error
    #[arg(long)]
    pub json: bool,

    /// Print errors and warnings only
    #[arg(short, long)]
    pub quiet: bool,

    /// Print every input, every listed reject, where each option was set, and how long each phase took
    #[arg(short, long)]
    pub verbose: bool,
}

impl RunArgs {
    /// What they say of the rows and the files.
    pub fn options(&self, withdrawn: &[Entry]) -> Options {
        Options {
            consent: self.consent,
            records: self.records,
            emails: self.emails,
            shared_serials: self.shared_serials,
            duplicates: self.duplicates,
            join: self.join,
            identity: self.identity,
            times: self.times,
            one_per_instant: self.one_per_instant,
            compression: self.compression,
            withdrawals: withdrawn.iter().map(|entry| entry.text.clone()).collect(),
        }
    }
}

/// Compare two runs: what changed in options, inputs and tables, and why.
#[derive(clap::Args)]
pub struct DiffArgs {
    /// report.json of the earlier run, or its folder
    pub old: PathBuf,

    /// report.json of the later run, or its folder
    pub new: PathBuf,

    /// Print it as JSON
    #[arg(long)]
    pub json: bool,

    /// Exit with 1 if the runs differ in options, inputs, tables or people, and with 0 if they do not
    #[arg(long)]
    pub exit_code: bool,
}

/// Check a lake against its report, or look for a person in it; change nothing.
///
/// Files, hashes, rows, their order, consent, the ledger, metadata, and files that do not belong to the lake. Exits
/// with 1 if anything differs.
#[derive(clap::Args)]
pub struct VerifyArgs {
    /// Folder of the lake or of a research export
    #[arg(value_name = "LAKE", value_hint = ValueHint::DirPath)]
    pub lake: PathBuf,

    /// Only say whether this person or device is in the lake, by rows of each table. Other users of this machine can
    /// see arguments: --person-file keeps it from them
    #[arg(long, value_name = "EMAIL|SERIAL", conflicts_with = "person_file")]
    pub person: Option<String>,

    /// As --person, from a file that holds one email or serial number; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub person_file: Option<PathBuf>,

    /// Key of the pseudonyms: whether it is the lake's. With --person, so that a person can be found in
    /// machine_learning_curated too
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

/// Erase people from a lake, without the files that it was made of.
///
/// The tables become those of a run with these withdrawals. Then every file of the lake is searched for the people;
/// if one would still be found, nothing is written. erasure.json says what was done.
#[derive(clap::Args)]
pub struct EraseArgs {
    /// Folder of the lake
    #[arg(value_name = "LAKE", value_hint = ValueHint::DirPath)]
    pub lake: PathBuf,

    /// List of emails and serial numbers to erase: one per line, or a CSV that has a column of them
    #[arg(long, value_name = "FILE")]
    pub withdrawals: PathBuf,

    /// Key of the lake's pseudonyms, or with --new-key of the new ones
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Make all pseudonyms again, by the key of --key-file or a random one, where the lake's own key is lost:
    /// nothing that was made of the lake before can be linked to it then
    #[arg(long)]
    pub new_key: bool,

    /// Save the random key of the new pseudonyms in a new file that only you can read
    #[arg(long, value_name = "FILE", conflicts_with = "key_file", requires = "new_key")]
    pub save_key: Option<PathBuf>,

    /// Remove the landing files that the lake's report lists: they hold raw data of everyone
    #[arg(long)]
    pub delete_landing: bool,

    /// Reference of the request, such as its date or the number of a case, of up to 200 characters. It is kept in
    /// erasure.json and printed in the evidence: no name, email or serial number belongs there, and one that is
    /// erased is refused
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
}

/// Print the versions of a lake: when each was made and how, people in and out, its rows, and what changed.
///
/// A run from exports alone starts a history; going on and erasing add to it.
#[derive(clap::Args)]
pub struct HistoryArgs {
    /// Folder of the lake
    #[arg(value_name = "LAKE", value_hint = ValueHint::DirPath)]
    pub lake: PathBuf,

    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

/// Write the evidence of a lake for people: one HTML file to read, print and keep.
#[derive(clap::Args)]
pub struct ReportArgs {
    /// Folder of the lake or of a research export
    #[arg(value_name = "LAKE", value_hint = ValueHint::DirPath)]
    pub lake: PathBuf,

    /// File to write; `-` is standard output. Replaces an earlier page of evidence, no other file
    #[arg(long, value_name = "FILE.html")]
    pub html: PathBuf,
}

/// Save the page, which is in this program, or serve it to this machine.
#[derive(clap::Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true).args(["out", "serve", "open"]))]
pub struct PageArgs {
    /// Save the page as this file, which works by double click
    #[arg(short, long, value_name = "FILE.html")]
    pub out: Option<PathBuf>,

    /// Replace the file if it is there
    #[arg(long, requires = "out")]
    pub force: bool,

    /// Serve the page on 127.0.0.1 until the program is ended; 0 is any free port
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8000")]
    pub serve: Option<u16>,

    /// Open the page in the browser: the saved file, or else the served page
    #[arg(long)]
    pub open: bool,
}

/// Print the completions of a shell, to be saved where it looks for them.
#[derive(clap::Args)]
pub struct CompletionsArgs {
    pub shell: clap_complete::Shell,
}

/// Print the manual page of the program or of a command, for `man -l -`.
#[derive(clap::Args)]
pub struct ManArgs {
    pub command: Option<String>,
}

/// An option's value by the name that the core gives it, so that the two cannot drift.
fn named<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn test_share(text: &str) -> Result<TestShare, String> {
    text.parse().map_err(|error: stedi_lakehouse::Error| error.to_string())
}
