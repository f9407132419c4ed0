use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};

/// Write a made-up export, the same every time.
///
/// Scale 1 is the original's size: 999 customers, 744,413 accelerometer and 239,760 step trainer
/// readings.
#[derive(clap::Args)]
pub struct SampleArgs {
    /// Size, relative to the original's; above 0, at most 1000
    #[arg(long, default_value = "1", value_parser = scale)]
    pub scale: f64,

    /// Folder to write to
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,

    /// How the files are written, and how often the same customers are in them
    #[arg(long, value_enum, default_value = "plain")]
    pub shape: Shape,

    /// Add shared serial numbers and emails, withdrawn consent, odd framings, bad records and files
    #[arg(long, conflicts_with = "shape")]
    pub defects: bool,

    /// Instead of the original's readings, people who walk: at scale 1 thirty of them for ten minutes, 50
    /// readings a second. labels/steps.ndjson says when each step was; one person of four takes none
    #[arg(long, conflicts_with_all = ["defects", "shape"])]
    pub steps: bool,

    /// Other numbers give other walks of the same people
    #[arg(long, default_value = "0", requires = "steps")]
    pub seed: u64,
}

/// How a sample is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// One record a line, each customer once
    Plain,
    /// As the first public export: no line ends, and at scale 1 758,715 records of 957 customers in 764 files
    Original,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if scale > 0.0 && scale <= 1000.0 => Ok(scale),
        _ => Err("not a number above 0 and at most 1000".to_owned()),
    }
}
