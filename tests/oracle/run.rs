//! Runs an export through the pipeline in many ways, and reads Parquet back.

use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use hmac::{Hmac, KeyInit, Mac};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use stedi_lakehouse::audit::{Completion, Hashed, ReportFile};
use stedi_lakehouse::consent::Readings;
use stedi_lakehouse::ingest::InputFile;
use stedi_lakehouse::lake::{Earlier, TableFile};
use stedi_lakehouse::options::{Key, KeyOrigin, Options};
use stedi_lakehouse::pipeline::{
    CurateStage, CurationPlan, CustomerReader, CustomerStage, JobResult, Reader, ReadingStage,
    RowGroupBuilder, WorkerContext, accelerometer_rows,
};
use stedi_lakehouse::report::Report;
use stedi_lakehouse::schema::{Landing, Table};
use stedi_lakehouse::wire::Message;
use stedi_lakehouse::zones::{Counters, CustomerLanding};

pub const KEY: &str = "the key of the tests";

/// Bytes of readings that a job is shown at a time when it searches them: whole rows of either sensor.
const WINDOW: usize = 36 * 17;

/// How the work is shared out.
#[derive(Debug)]
pub struct Shared {
    pub chunk: usize,
    pub files: usize,
    pub instances: usize,
    /// Lines are turned by so many.
    pub turn: usize,
    /// Most rows of a job.
    pub job_rows: u64,
    /// Whether readings leave memory after each file.
    pub spill: bool,
    /// Whether an instance takes the chunks of its files in turn.
    pub mixed: bool,
}

impl Shared {
    /// Nothing is.
    pub const NOT: Shared = Shared {
        chunk: usize::MAX,
        files: 1,
        instances: 1,
        turn: 0,
        job_rows: u64::MAX,
        spill: false,
        mixed: false,
    };

    /// The lines in some order, in several files.
    pub fn files<L: AsRef<[u8]> + Clone>(&self, lines: &[L]) -> Vec<Vec<u8>> {
        let mut lines = lines.to_vec();
        let by = self.turn % lines.len().max(1);
        lines.rotate_left(by);
        if self.turn % 2 == 1 {
            lines.reverse();
        }
        let size = lines.len().div_ceil(self.files).max(1);
        let joined = |lines: &[L]| lines.iter().flat_map(|line| line.as_ref()).copied().collect();
        lines.chunks(size).map(joined).collect()
    }

    fn chunks<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        bytes.chunks(self.chunk.clamp(1, bytes.len().max(1)))
    }
}

/// The lines of the three kinds of file.
pub type Lines<L> = [Vec<L>; 3];

/// A finished run.
pub struct Lake {
    pub report: Report,
    pub report_json: String,
    pub outputs: Vec<(Table, Vec<u8>)>,
    /// How many accelerometer and step readings each job of machine_learning_curated had.
    pub held: Vec<(usize, usize)>,
}

pub fn lake<L: AsRef<[u8]> + Clone>(lines: &Lines<L>, options: &Options, shared: &Shared) -> Lake {
    let (stage, instances) = readers(lines, options, shared, None);
    finished(stage, instances, shared).lake
}

/// A run that goes on from a lake.
pub fn lake_from<L: AsRef<[u8]> + Clone>(
    earlier: &Lake,
    lines: &Lines<L>,
    options: &Options,
    shared: &Shared,
) -> Lake {
    let (stage, instances) = readers(lines, options, shared, Some(earlier));
    finished(stage, instances, shared).lake
}

/// A run that erases people from a lake that left out so many withdrawals before.
pub fn erased(lake: &Lake, options: &Options, before: usize, shared: &Shared) -> Lake {
    let key = Key::new(KEY.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
    let mut stage = CustomerStage::new(options.clone(), key).unwrap();
    stage.erase_after(before);
    batches(lake, Table::CustomerTrusted, |batch| stage.lake_rows(batch).unwrap());
    let stage = stage.consent();
    let reader = || Instance { reader: Reader::new(stage.context().clone()), runs: Vec::new() };
    let mut instances: Vec<Instance> = (0..shared.instances).map(|_| reader()).collect();
    take_rows(lake, &mut instances);
    finished(stage, instances, shared).lake
}

/// Gives the readings of a lake to the instances.
fn take_rows(lake: &Lake, instances: &mut [Instance]) {
    let last = instances.len() - 1;
    for (table, at) in [(Table::AccelerometerTrusted, 0), (Table::StepTrainerTrusted, last)] {
        let reader = &mut instances[at].reader;
        batches(lake, table, |batch| reader.lake_rows(table, batch).unwrap());
    }
}

/// A table of a lake, a batch of rows at a time.
fn batches(lake: &Lake, table: Table, mut take: impl FnMut(&RecordBatch)) {
    let (_, bytes) = lake.outputs.iter().find(|(output, _)| *output == table).unwrap();
    let bytes = bytes::Bytes::copy_from_slice(bytes);
    let file = TableFile::open(table, &bytes).unwrap();
    for group in 0..file.row_groups() {
        let taken = file.read(bytes.clone(), group, |batch| {
            take(batch);
            Ok(())
        });
        taken.unwrap();
    }
}

impl Lake {
    /// Its report as it lies beside its tables.
    pub fn completed(&self) -> ReportFile {
        let mut report = ReportFile::read(&self.report_json).unwrap();
        let hashed = |table: Table, bytes: &[u8]| Hashed {
            name: stedi_lakehouse::export::table_path(table, report.compression()),
            bytes: bytes.len() as u64,
            sha256: Some("ab".to_owned()),
        };
        let outputs = self.outputs.iter().map(|(table, bytes)| (*table, hashed(*table, bytes))).collect();
        report.complete(Completion { outputs, ..Completion::default() }).unwrap();
        report
    }
}

fn readers<L: AsRef<[u8]> + Clone>(
    lines: &Lines<L>,
    options: &Options,
    shared: &Shared,
    earlier: Option<&Lake>,
) -> (ReadingStage, Vec<Instance>) {
    let key = Key::new(KEY.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
    let mut stage = CustomerStage::new(options.clone(), key).unwrap();
    let [customers, ..] = lines;
    let mut others: Vec<CustomerReader> = (1..shared.instances).map(|_| CustomerReader::default()).collect();
    for (at, bytes) in shared.files(customers).into_iter().enumerate() {
        let reader = match (at % shared.instances).checked_sub(1) {
            None => stage.reader(),
            Some(other) => &mut others[other],
        };
        let mut file = InputFile::new("customers", Landing::Customer);
        shared.chunks(&bytes).for_each(|chunk| reader.push(&mut file, chunk));
        let decoded = reader.finish(file);
        stage.log().decoded("customers".to_owned(), bytes.len() as u64, Landing::Customer, decoded);
    }
    for mut other in others {
        let landing = other.take(options).to_bytes();
        stage.merge(CustomerLanding::from_bytes(&landing).unwrap());
    }
    if let Some(lake) = earlier {
        let mut earlier = Earlier::new(&lake.completed(), "ab".repeat(32), options).unwrap();
        for table in [Table::CustomerTrusted, Table::CustomerCurated] {
            batches(lake, table, |batch| earlier.customers(table, batch).unwrap());
        }
        stage.go_on_from(earlier);
    }
    let mut stage = stage.consent();
    let context = stage.context().to_bytes().unwrap();
    let mut instances: Vec<Instance> = (0..shared.instances)
        .map(|_| Instance {
            reader: Reader::new(WorkerContext::from_bytes(&context).unwrap()),
            runs: Vec::new(),
        })
        .collect();
    if let Some(lake) = earlier {
        take_rows(lake, &mut instances);
    }
    read(lines, shared, &mut stage, &mut instances);
    (stage, instances)
}

/// A run under some options, and what it comes to when it goes on under
/// narrower ones; `None` where that needs the files.
pub fn narrowed_lake<L: AsRef<[u8]> + Clone>(
    lines: &Lines<L>,
    options: &Options,
    narrower: &Options,
    shared: &Shared,
) -> Option<Lake> {
    let (stage, instances) = readers(lines, options, shared, None);
    let Finished { stage, builders, .. } = finished(stage, instances, shared);
    let key = Key::new(KEY.as_bytes().to_vec(), KeyOrigin::Given).unwrap();
    let stage = ReadingStage::narrowed(&stage, narrower.clone(), &key).unwrap()?;
    let instances = builders.iter().map(|(builder, _)| {
        Some(Instance { reader: builder.narrowed(stage.context().clone())?, runs: Vec::new() })
    });
    let instances = instances.collect::<Option<Vec<Instance>>>()?;
    Some(finished(stage, instances, shared).lake)
}

struct Finished {
    stage: CurateStage,
    builders: Vec<(RowGroupBuilder, Vec<Vec<u8>>)>,
    lake: Lake,
}

fn finished(mut stage: ReadingStage, instances: Vec<Instance>, shared: &Shared) -> Finished {
    for Instance { reader, .. } in &instances {
        let counters = reader.counters().to_bytes().unwrap();
        stage.merge(Counters::of_ledger(&counters, &stage.context().ledger).unwrap());
    }
    let stage = stage.plan_curation_in_jobs_of(shared.job_rows);
    let plan = stage.plan().to_bytes().unwrap();
    let builders: Vec<(RowGroupBuilder, Vec<Vec<u8>>)> = instances
        .into_iter()
        .map(|instance| {
            (RowGroupBuilder::new(instance.reader, CurationPlan::from_bytes(&plan).unwrap()), instance.runs)
        })
        .collect();
    let (mut bodies, mut done, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for (job, planned) in stage.plan().jobs().iter().enumerate() {
        let (body, result, readings) = work(&stage, &builders, job);
        bodies.push(body);
        done.push(result);
        if planned.table == Table::MachineLearningCurated {
            held.push(readings);
        }
    }
    let lake = stage.finish(done).unwrap();
    let file = |output: &stedi_lakehouse::pipeline::Output| {
        let bodies = bodies[output.jobs.clone()].concat();
        (output.table, [output.head.as_slice(), &bodies, &output.tail].concat())
    };
    let outputs = lake.outputs.iter().map(file).collect();
    let lake = Lake { report_json: lake.report_json().unwrap(), report: lake.report, outputs, held };
    Finished { stage, builders, lake }
}

/// A reader, and the runs that it has handed out.
struct Instance {
    reader: Reader,
    runs: Vec<Vec<u8>>,
}

fn read<L: AsRef<[u8]> + Clone>(
    lines: &Lines<L>,
    shared: &Shared,
    stage: &mut ReadingStage,
    instances: &mut [Instance],
) {
    let [_, readings, steps] = lines;
    let mut files: Vec<(usize, Landing, Vec<u8>)> = Vec::new();
    for (kind, lines) in [(Landing::Accelerometer, readings), (Landing::StepTrainer, steps)] {
        let dealt = shared.files(lines).into_iter().enumerate();
        files.extend(dealt.map(|(at, bytes)| (at % shared.instances, kind, bytes)));
    }
    // So many files are open at once.
    for group in files.chunks(if shared.mixed { files.len().max(1) } else { 1 }) {
        let mut open: Vec<_> = group
            .iter()
            .map(|(_, kind, bytes)| (InputFile::new("readings", *kind), shared.chunks(bytes)))
            .collect();
        let mut more = true;
        while more {
            more = false;
            for ((instance, ..), (file, chunks)) in group.iter().zip(&mut open) {
                if let Some(chunk) = chunks.next() {
                    instances[*instance].reader.push(file, chunk);
                    more = true;
                }
            }
        }
        for ((instance, kind, bytes), (file, _)) in group.iter().zip(open) {
            let Instance { reader, runs } = &mut instances[*instance];
            let decoded = reader.finish(file);
            stage.log().decoded("readings".to_owned(), bytes.len() as u64, *kind, decoded);
            if shared.spill {
                let mut run = Vec::new();
                reader.spill(&mut |bytes| run.extend_from_slice(bytes));
                assert_eq!(reader.size(), 0);
                runs.push(run);
            }
        }
    }
}

/// Does a job at one of the instances, from shares that travel as bytes; gives how many readings it had, too.
fn work(
    stage: &CurateStage,
    builders: &[(RowGroupBuilder, Vec<Vec<u8>>)],
    job: usize,
) -> (Vec<u8>, JobResult, (usize, usize)) {
    let (at, _) = &builders[job % builders.len()];
    if let Some(rows) = stage.customers(job) {
        let there = at.customers(job, &rows).unwrap();
        let here = stage.encode_customers(job).unwrap().unwrap();
        assert_eq!(there.0, here.0, "the same bytes wherever a job is done");
        return (there.0, there.1, (0, 0));
    }
    let mut shares = Vec::new();
    for (builder, runs) in builders {
        let (accelerometer, steps) = builder.slices(job);
        let mut spilled = Readings::head(accelerometer_rows(&accelerometer)).to_vec();
        for slice in accelerometer.iter().chain(&steps) {
            spilled.extend_from_slice(&runs[slice.run][slice.start as usize..slice.end as usize]);
        }
        for share in [builder.share(job).to_bytes(), spilled] {
            shares.push(Readings::from_bytes(share, &at.context().ledger).unwrap());
        }
    }
    let mut gathered = at.gather(job, shares);
    at.add_partners(&mut gathered);
    for (builder, runs) in builders {
        let mut rows = Vec::new();
        if !std::ptr::eq(builder, at) {
            builder.partners(job, &mut |bytes| rows.extend_from_slice(bytes));
        }
        for slice in builder.partner_slices(job) {
            rows.extend_from_slice(&runs[slice.run][slice.start as usize..slice.end as usize]);
        }
        for rows in rows.chunks(WINDOW) {
            gathered.take(rows, &at.context().ledger).unwrap();
        }
    }
    let held = gathered.counts();
    let (body, done) = at.work(gathered).unwrap();
    (body, JobResult::from_bytes(&done.to_bytes().unwrap()).unwrap(), held)
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
    hashed(email)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// By how many milliseconds a person's times are earlier under `times = shifted`.
pub fn time_offset(email: &str) -> i64 {
    let number =
        hashed(&format!("time\0{email}"))[..8].iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    (1 + (number % 520) as i64) * 604_800_000
}

fn hashed(text: &str) -> Vec<u8> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
