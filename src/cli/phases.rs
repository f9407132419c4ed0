//! How long each phase of a run takes, and for how long each thread works in it: what is serial, and what more cores
//! would gain. Shown by `--verbose`, and read by the bench.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process;
use std::time::{Duration, Instant};

/// The phases of a run so far, each ended by the next.
#[derive(Default)]
pub struct Phases {
    ended: Vec<Phase>,
    open: Option<Open>,
}

/// A phase that has ended, and the CPU time of each thread in it.
struct Phase {
    name: &'static str,
    wall: Duration,
    threads: Threads,
}

struct Open {
    name: &'static str,
    since: Instant,
    before: Threads,
}

/// CPU time by the number of the thread.
type Threads = BTreeMap<u32, Duration>;

impl Phases {
    /// Ends the phase before, and begins one.
    pub fn begin(&mut self, name: &'static str) {
        self.end();
        self.open = Some(Open { name, since: Instant::now(), before: threads() });
    }

    /// Ends the last phase.
    pub fn end(&mut self) {
        let Some(Open { name, since, before }) = self.open.take() else { return };
        let wall = since.elapsed();
        let before = |thread: &u32| before.get(thread).copied().unwrap_or_default();
        let worked = threads().into_iter().map(|(thread, now)| (thread, now.saturating_sub(before(&thread))));
        self.ended.push(Phase { name, wall, threads: worked.collect() });
    }

    /// A line for each that has ended.
    pub fn lines(&self) -> String {
        let lead = process::id();
        let mut text = String::new();
        for Phase { name, wall, threads } in &self.ended {
            let _ = write!(text, "phase {name}: {:.3} s", wall.as_secs_f64());
            if let Some(leads) = threads.get(&lead) {
                let _ = write!(text, ", CPU {:.3} s of the first thread", leads.as_secs_f64());
            }
            let others = threads.iter().filter(|(thread, worked)| **thread != lead && !worked.is_zero());
            let others: Vec<_> = others.map(|(_, worked)| format!("{:.3}", worked.as_secs_f64())).collect();
            if !others.is_empty() {
                let _ = write!(text, ", {} s of others", others.join(" + "));
            }
            text.push('\n');
        }
        text
    }
}

/// What each thread of this process has worked, as Linux says it; nothing elsewhere.
fn threads() -> Threads {
    let folder = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let worked = folder.filter_map(|entry| {
        let thread = entry.file_name().to_str()?.parse::<u32>().ok()?;
        Some((thread, worked(&fs::read_to_string(entry.path().join("schedstat")).ok()?)?))
    });
    worked.collect()
}

/// The first number of `schedstat`: nanoseconds on a processor.
fn worked(schedstat: &str) -> Option<Duration> {
    schedstat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_has_a_line_with_what_its_threads_have_worked() {
        let mut phases = Phases::default();
        phases.begin("waiting");
        phases.begin("working");
        let since = Instant::now();
        let mut sum = 0_u64;
        while since.elapsed() < Duration::from_millis(60) {
            sum = std::hint::black_box(sum.wrapping_mul(31) + 7);
        }
        phases.end();
        phases.end();
        let lines = phases.lines();
        let names: Vec<_> = lines.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(names, ["phase waiting", "phase working"], "{lines}");
        let of = |phase: &Phase| phase.threads.values().sum::<Duration>();
        // Linux counts the time of a thread that works at ticks, and machines are busy.
        if cfg!(target_os = "linux") && !threads().is_empty() {
            assert!(of(&phases.ended[1]) >= Duration::from_millis(1), "{lines}");
        }
        assert!(phases.ended[1].wall >= Duration::from_millis(60), "{lines}");
    }

    #[test]
    fn the_first_number_is_the_time_on_a_processor() {
        assert_eq!(worked("1500000000 77 3\n"), Some(Duration::from_millis(1500)));
        assert_eq!(worked(""), None);
        assert_eq!(worked("none"), None);
    }

    #[test]
    fn a_line_names_the_thread_that_leads_and_the_others() {
        let (lead, millis) = (process::id(), Duration::from_millis);
        let threads = [(lead, 12), (lead + 1, 250), (lead + 2, 0), (lead + 3, 240)];
        let threads = threads.map(|(thread, worked)| (thread, millis(worked))).into();
        let ended = vec![Phase { name: "readings", wall: millis(262), threads }];
        let phases = Phases { ended, open: None };
        assert_eq!(
            phases.lines(),
            "phase readings: 0.262 s, CPU 0.012 s of the first thread, 0.250 + 0.240 s of others\n"
        );
        let ended = vec![Phase { name: "plan", wall: millis(3), threads: Threads::new() }];
        assert_eq!(Phases { ended, open: None }.lines(), "phase plan: 0.003 s\n");
    }
}
