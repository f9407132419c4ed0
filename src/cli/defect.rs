//! A defect on purpose, for the tests of hosts that promise to outlive one.

use super::library::{Fault, apart};
use super::threads;

/// Panics where a run does its work, on its threads. No run calls it.
///
/// # Errors
/// If no threads can be started.
pub fn panic_in_run() -> Result<(), Fault> {
    apart(|| threads::each(2, panic_on_purpose)).map(drop)
}

#[allow(clippy::panic, reason = "that is what it is for")]
fn panic_on_purpose() {
    panic!("a panic on purpose");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_the_threads_of_a_run_reaches_who_waits_for_it() {
        let panic = std::thread::spawn(panic_in_run).join().unwrap_err();
        let fault = Fault::of_panic(&*panic);
        assert_eq!(fault.to_string(), "a panic on purpose; this is a defect of stedi-lakehouse");
    }
}
