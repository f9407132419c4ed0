//! Runs an export through the pipeline in many ways, and reads Parquet back.

use arrow::util::display::array_value_to_string;
use hmac::{Hmac, KeyInit, Mac};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use stedi_lakehouse::consent::ConsentLedger;
use stedi_lakehouse::ingest::InputFile;
use stedi_lakehouse::options::{Key, KeyOrigin, Options};
use stedi_lakehouse::pipeline::{CustomerStage, Lake, Stage};
use stedi_lakehouse::schema::Landing;
use stedi_lakehouse::zones::Readings;

pub const KEY: &str = "the key of the tests";

/// How the work is shared out.
pub struct Shared {
    pub chunk: usize,
    pub files: usize,
    pub instances: usize,
    /// Lines are turned by so many.
    pub turn: usize,
}

impl Shared {
    /// The lines in some order, in several files.
    fn files(&self, lines: &[String]) -> Vec<Vec<u8>> {
        let mut lines = lines.to_vec();
        let by = self.turn % lines.len().max(1);
        lines.rotate_left(by);
        if self.turn % 2 == 1 {
            lines.reverse();
        }
        let size = lines.len().div_ceil(self.files).max(1);
        lines.chunks(size).map(|lines| lines.concat().into_bytes()).collect()
    }
}

/// From the lines of the three kinds of file.
pub fn lake(lines: &[Vec<String>; 3], options: &Options, shared: &Shared) -> Lake {
    let key = Key::new(KEY.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
    let mut stage = CustomerStage::new(options.clone(), key);
    let [customers, readings, steps] = lines;
    for bytes in shared.files(customers) {
        let mut file = InputFile::new("customers", Landing::Customer);
        bytes.chunks(shared.chunk.min(bytes.len())).for_each(|chunk| stage.push(&mut file, chunk));
        stage.close(file, "customers".to_owned(), bytes.len() as u64);
    }
    let mut stage = stage.consent();
    let ledger = ConsentLedger::from_bytes(&stage.ledger().to_bytes().unwrap()).unwrap();
    let mut others: Vec<Readings> = (1..shared.instances).map(|_| Readings::new(&ledger)).collect();
    for (kind, lines) in [(Landing::Accelerometer, readings), (Landing::StepTrainer, steps)] {
        for (at, bytes) in shared.files(lines).into_iter().enumerate() {
            let chunks = bytes.chunks(shared.chunk.min(bytes.len()));
            let mut file = InputFile::new("readings", kind);
            if at % shared.instances == 0 {
                chunks.for_each(|chunk| stage.push(&mut file, chunk));
                stage.close(file, "readings".to_owned(), bytes.len() as u64);
            } else {
                let mut sink = others[at % shared.instances - 1].sink(&ledger, kind);
                chunks.for_each(|chunk| file.push(chunk, &mut sink));
                let decoded = file.finish(&mut sink);
                stage.journal().decoded("readings".to_owned(), bytes.len() as u64, kind, decoded);
            }
        }
    }
    for readings in others {
        let bytes = readings.to_bytes().unwrap();
        let readings = Readings::from_bytes(&bytes, stage.ledger()).unwrap();
        stage.absorb(readings);
    }
    stage.curate().unwrap()
}

/// Rows in their order, each value as text, null as "".
pub fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            rows.push(
                batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap()).collect(),
            );
        }
    }
    rows
}

pub fn pseudonym(email: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(email.as_bytes());
    mac.finalize().into_bytes()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
