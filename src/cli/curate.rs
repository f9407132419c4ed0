//! Makes the tables, a job at a time on every core.

use stedi_lakehouse::pipeline::{CurateStage, Lake, Reader, RowGroupBuilder};

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
    // Any builder can do any job; there is one of each reader, and always a reader.
    let (one, others) = (&builders[0], &builders[1..]);
    let work = |job| stage.encode_customers(job).unwrap_or_else(|| one.work_with(others, job));
    for result in threads::map(jobs, work) {
        let (body, answer) = result?;
        bodies.push(body);
        done.push(answer);
    }
    Ok(Curated { lake: stage.finish(done)?, bodies })
}
