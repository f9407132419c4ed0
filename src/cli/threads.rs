//! The same work on every core.

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// Runs the work on as many threads as there are cores, but no more than there
/// are things to do, and gives what each came to.
pub fn each<T: Send>(things: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    let threads = rayon::current_num_threads().min(things).max(1);
    with_each(vec![(); threads], |()| work())
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
