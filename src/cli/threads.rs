//! The same work on every core.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs the work on as many threads as there are cores, but no more than there
/// are things to do, and gives what each came to.
pub fn each<T: Send>(things: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(things).max(1);
    with_each(vec![(); threads], |()| work())
}

/// Runs the work on a thread for each of a few things, and gives what each came
/// to.
pub fn with_each<I: Send, T: Send>(things: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> = things.into_iter().map(|thing| scope.spawn(move || work(thing))).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        // A panic of a thread goes on here.
        joined.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Does each of so many things, whichever thread is idle taking the next, and
/// gives what they came to in their order.
pub fn map<T: Send>(things: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        taken.take_while(|&at| at < things).map(|at| (at, work(at))).collect::<Vec<_>>()
    };
    let mut done: Vec<(usize, T)> = each(things, take).into_iter().flatten().collect();
    done.sort_by_key(|&(at, _)| at);
    done.into_iter().map(|(_, result)| result).collect()
}
