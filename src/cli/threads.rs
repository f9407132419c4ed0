//! The same work on every core.

use rayon::ThreadPoolBuilder;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Runs the work on as many threads as there are cores, but no more than there
/// are things to do, and gives what each came to.
pub fn each<T: Send>(things: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    let threads = rayon::current_num_threads().min(things).max(1);
    with_each(vec![(); threads], |()| work())
}

/// How many threads wait for a network at a time, if there are not more cores.
const WAITING: usize = 8;

/// As [`each`], on more threads than there are cores if they wait for a network.
pub fn each_waiting<T: Send>(waits: bool, things: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    waiting(waits, || each(things, &work))
}

/// As [`map`], on more threads than there are cores if they wait for a network.
pub fn map_waiting<T: Send>(waits: bool, things: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    waiting(waits, || map(things, &work))
}

fn waiting<T: Send>(waits: bool, work: impl FnOnce() -> T + Send) -> T {
    let threads = rayon::current_num_threads().max(WAITING);
    let pool = waits.then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
    // Without it there are fewer requests at a time.
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Runs the work for each of a few things, each on a thread of its own as far as there
/// are cores, and gives what each came to.
pub fn with_each<I: Send, T: Send>(things: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    things.into_par_iter().with_max_len(1).map(&work).collect()
}

/// Does each of a number of things, whichever thread is idle taking the next, and
/// gives their results in their order.
pub fn map<T: Send>(things: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    (0..things).into_par_iter().with_max_len(1).map(&work).collect()
}
