//! The same work on every core.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// Runs the work on as many threads as there are cores, but no more than there
/// are things to do, and gives what each came to.
pub fn each<T: Send>(things: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(things).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        // A panic of a thread goes on here.
        joined.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
