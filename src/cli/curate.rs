//! Makes the tables, a job at a time on every core.

use stedi_lakehouse::Error;
use stedi_lakehouse::pipeline::{CurateStage, JobResult, Lake, Reader, RowGroupBuilder};

use super::Failure;
use super::threads;

/// A finished run, and the bodies of its jobs.
pub struct Curated {
    pub lake: Lake,
    pub bodies: Vec<Vec<u8>>,
}

/// Does every job of the plan.
pub fn curate(stage: CurateStage, readers: Vec<Reader>) -> Result<Curated, Failure> {
    let builders = threads::with_each(readers, |reader| RowGroupBuilder::new(reader, stage.plan().clone()));
    let jobs = stage.plan().jobs().len();
    let (mut bodies, mut done) = (Vec::new(), Vec::new());
    let work = |job| stage.encode_customers(job).unwrap_or_else(|| do_job(&builders, job));
    for result in threads::map(jobs, work) {
        let (body, answer) = result?;
        bodies.push(body);
        done.push(answer);
    }
    Ok(Curated { lake: stage.finish(done)?, bodies })
}

/// Any builder can do any job; there is one of each reader, and always a reader.
fn do_job(builders: &[RowGroupBuilder], job: usize) -> Result<(Vec<u8>, JobResult), Error> {
    builders[0].work(job, builders.iter().map(|builder| builder.share(job)).collect())
}
