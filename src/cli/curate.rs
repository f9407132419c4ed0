//! Makes the tables, a job at a time on every core.

use std::sync::atomic::{AtomicUsize, Ordering};

use stedi_lakehouse::Error;
use stedi_lakehouse::pipeline::{CurateStage, Curator, Done, Lake, Reader};
use stedi_lakehouse::zones::Readings;

use super::Failure;
use super::threads;

/// A finished run, and the bodies of its jobs.
pub struct Curated {
    pub lake: Lake,
    pub bodies: Vec<Vec<u8>>,
}

/// Does every job of the plan.
pub fn curate(stage: CurateStage, readers: Vec<Reader>) -> Result<Curated, Failure> {
    let curators: Vec<Curator> =
        readers.into_iter().map(|reader| reader.curator(stage.plan().clone())).collect();
    let jobs = stage.plan().jobs().len();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        loop {
            let job = next.fetch_add(1, Ordering::Relaxed);
            match curators.first() {
                Some(curator) if job < jobs => results.push((job, do_job(curator, &curators, job))),
                _ => return results,
            }
        }
    };
    let mut bodies = vec![Vec::new(); jobs];
    let mut done = Vec::new();
    for (job, result) in threads::each(jobs, work).into_iter().flatten() {
        let (body, answer) = result?;
        bodies[job] = body;
        done.push(answer);
    }
    Ok(Curated { lake: stage.finish(done)?, bodies })
}

fn do_job(curator: &Curator, curators: &[Curator], job: usize) -> Result<(Vec<u8>, Done), Error> {
    let mut readings = Readings::default();
    curators.iter().for_each(|curator| readings.append(curator.share(job)));
    curator.work(job, readings)
}
