//! Walking that has steps, and when they were: what a step detector can be shown to work on. The
//! readings of the original are three values an axis and have none.
//!
//! Numbers are whole until they are written, so that every machine writes the same.

use std::fmt::Write;

use super::{Person, Random, SampleFile};

/// People of scale 1.
const PEOPLE: u64 = 30;
/// Readings of a person, of each sensor: ten minutes.
const READINGS: u64 = 30_000;
/// Between two readings: 50 of them a second.
const TICK_MS: u64 = 20;
const SECOND: u64 = 1000 / TICK_MS;
/// A whole turn of a phase.
const TURN: u64 = 1 << 16;

/// The files of an export in which people walk, made one at a time.
///
/// Scale 1 has 30 people with 30,000 readings of each sensor, 50 a second; other scales have
/// proportionally many people, at least four. Two of three consent. One of four never takes a step,
/// but is bumped now and then, as the others are where they stand. The accelerometer is in
/// thousandths of g with gravity in it, in one of four positions of the phone; the distance, in
/// centimetres, follows the legs. `labels/steps.ndjson` has when who has taken a step: the peak of
/// its impact.
pub struct WalkingSample {
    people: u64,
    seed: u64,
    next: u64,
}

impl WalkingSample {
    /// A sample of a scale above zero, at most 1000; other seeds are other walks of the same people.
    pub fn new(scale: f64, seed: u64) -> WalkingSample {
        let people = (PEOPLE as f64 * scale.min(1000.0)).round() as u64;
        WalkingSample { people: people.max(4), seed, next: 0 }
    }

    fn walk(&self, at: u64) -> Walk {
        Walk::new(Random(Random(self.seed).below(u64::MAX) ^ at), has_steps(at))
    }

    fn customer_file(&self) -> SampleFile {
        let mut text = String::new();
        (0..self.people).for_each(|at| person(at).write(&mut text));
        SampleFile { name: "customer/landing/customer-000.json".to_owned(), bytes: text.into_bytes() }
    }

    /// One of the files of readings: `record(out, person, time, tick)`.
    fn readings_file(
        &self,
        kind: &str,
        at: u64,
        record: impl Fn(&mut String, &Person, u64, &Tick),
    ) -> SampleFile {
        let (person, mut text) = (person(at), String::with_capacity(READINGS as usize * 120));
        for (nth, tick) in (0..).zip(self.walk(at).take(READINGS as usize)) {
            record(&mut text, &person, time(&person, nth), &tick);
        }
        SampleFile { name: format!("{kind}/landing/{kind}-{at:03}.json"), bytes: text.into_bytes() }
    }

    fn accelerometer_file(&self, at: u64) -> SampleFile {
        self.readings_file("accelerometer", at, |out, person, time, tick| {
            let [x, y, z] = held(at, tick).map(thousandths);
            let email = &person.email;
            let _ =
                writeln!(out, "{{\"user\":\"{email}\",\"timestamp\":{time},\"x\":{x},\"y\":{y},\"z\":{z}}}");
        })
    }

    fn step_file(&self, at: u64) -> SampleFile {
        self.readings_file("step_trainer", at, |out, person, time, tick| {
            let (serial, distance) = (&person.serial, tick.distance);
            let _ = writeln!(
                out,
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":{distance}}}"
            );
        })
    }

    fn labels_file(&self) -> SampleFile {
        let mut text = String::new();
        for at in 0..self.people {
            let person = person(at);
            for (nth, tick) in (0..).zip(self.walk(at).take(READINGS as usize)) {
                if tick.step {
                    let (email, serial, time) = (&person.email, &person.serial, time(&person, nth));
                    let _ = writeln!(
                        text,
                        "{{\"person\":\"{email}\",\"device\":\"{serial}\",\"stepTime\":{time}}}"
                    );
                }
            }
        }
        SampleFile { name: "labels/steps.ndjson".to_owned(), bytes: text.into_bytes() }
    }
}

impl Iterator for WalkingSample {
    type Item = SampleFile;

    fn next(&mut self) -> Option<SampleFile> {
        let at = self.next;
        self.next += 1;
        match at {
            0 => Some(self.customer_file()),
            at if at <= self.people => Some(self.accelerometer_file(at - 1)),
            at if at <= 2 * self.people => Some(self.step_file(at - 1 - self.people)),
            at if at == 2 * self.people + 1 => Some(self.labels_file()),
            _ => None,
        }
    }
}

fn person(at: u64) -> Person {
    let person = Person::new(at);
    Person { consents: (at % 3 != 2).then_some(super::START), ..person }
}

fn has_steps(at: u64) -> bool {
    at % 4 != 3
}

fn time(person: &Person, nth: u64) -> u64 {
    super::START + person.offset % TICK_MS + nth * TICK_MS
}

/// A moment of a walk, in thousandths of g and centimetres.
struct Tick {
    up: i64,
    forward: i64,
    aside: i64,
    distance: i64,
    /// Whether a step is taken.
    step: bool,
}

/// The axes, by how the phone is held.
fn held(at: u64, &Tick { up, forward, aside, .. }: &Tick) -> [i64; 3] {
    match at / 2 % 4 {
        0 => [aside, up, forward],
        1 => [forward, aside, -up],
        2 => [-up, forward, aside],
        _ => [aside, -forward, up],
    }
}

/// The moments of one person, without end.
struct Walk {
    random: Random,
    has_steps: bool,
    walks: bool,
    /// Ticks until it walks or stands.
    left: u64,
    /// Strength of its steps.
    strength: i64,
    /// Steps in a thousand seconds: of this walk, and now.
    usual_cadence: u64,
    cadence: u64,
    /// Of a stride, which is two steps.
    phase: u64,
    /// Ticks and strength of a bump.
    bump: (u64, i64),
}

impl Walk {
    fn new(random: Random, has_steps: bool) -> Walk {
        Walk {
            random,
            has_steps,
            walks: true,
            left: 0,
            strength: 0,
            usual_cadence: 0,
            cadence: 0,
            phase: 0,
            bump: (0, 0),
        }
    }

    fn between(&mut self, least: u64, end: u64) -> u64 {
        least + self.random.below(end - least)
    }

    fn noise(&mut self, most: i64) -> i64 {
        self.random.below(2 * most as u64 + 1) as i64 - most
    }

    fn turn(&mut self) {
        self.walks = !self.walks && self.has_steps;
        self.left = match self.walks {
            true => self.between(30 * SECOND, 60 * SECOND),
            false => self.between(8 * SECOND, 20 * SECOND),
        };
        self.strength = self.between(260, 440) as i64;
        self.usual_cadence = self.between(1600, 2100);
        self.cadence = self.usual_cadence;
        self.phase = 0;
    }

    fn walking(&mut self) -> Tick {
        let before = self.phase;
        self.phase += self.cadence * TURN / (2 * 1000 * SECOND);
        let steps = |phase: u64| (2 * phase + 3 * TURN / 4) / TURN;
        let step = steps(self.phase) > steps(before);
        if step {
            // No two steps are alike.
            self.cadence = self.usual_cadence * self.between(960, 1040) / 1000;
        }
        let (stride, of_step, strength) = (self.phase, 2 * self.phase, self.strength);
        Tick {
            up: 1000
                + strength * sine(of_step) / 1000
                + strength * sine(2 * of_step + TURN / 8) / 5000
                + self.noise(30),
            forward: strength * sine(of_step + TURN / 4) / 3000 + self.noise(25),
            aside: strength * sine(stride) / 4000 + self.noise(25),
            distance: 200 + 60 * sine(stride) / 1000 + self.noise(2),
            step,
        }
    }

    fn standing(&mut self) -> Tick {
        if self.bump.0 == 0 && self.random.below(15 * SECOND) == 0 {
            self.bump = (8, self.between(300, 600) as i64);
        }
        self.bump.0 = self.bump.0.saturating_sub(1);
        let bump = self.bump.1 * sine(self.bump.0 * TURN / 16) / 1000;
        Tick {
            up: 1000 + bump + self.noise(12),
            forward: bump / 2 + self.noise(12),
            aside: self.noise(12),
            distance: 200 + self.noise(2),
            step: false,
        }
    }
}

impl Iterator for Walk {
    type Item = Tick;

    fn next(&mut self) -> Option<Tick> {
        if self.left == 0 {
            self.turn();
        }
        self.left -= 1;
        Some(if self.walks { self.walking() } else { self.standing() })
    }
}

/// A quarter of a sine, in thousandths.
const QUARTER: [i64; 17] =
    [0, 98, 195, 290, 383, 471, 556, 634, 707, 773, 831, 882, 924, 957, 981, 995, 1000];

/// The sine of a phase, in thousandths.
fn sine(phase: u64) -> i64 {
    let (quarter, within) = (phase % TURN / (TURN / 4), phase % (TURN / 4));
    let along = if quarter % 2 == 0 { within } else { TURN / 4 - within };
    let (at, rest) = ((along / (TURN / 64)) as usize, (along % (TURN / 64)) as i64);
    let next = QUARTER[(at + 1).min(16)];
    let value = QUARTER[at] + (next - QUARTER[at]) * rest / (TURN as i64 / 64);
    if quarter < 2 { value } else { -value }
}

/// Thousandths as a decimal number.
fn thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", value.abs() / 1000, value.abs() % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Peaks of how strong the pull is, without regard to how the phone is held, of which at least
    /// four follow each other as steps do.
    fn detect(walk: &[[i64; 3]]) -> Vec<usize> {
        let pull: Vec<f64> = walk
            .iter()
            .map(|axes| axes.iter().map(|&axis| (axis * axis) as f64).sum::<f64>().sqrt())
            .collect();
        let smooth: Vec<f64> = pull.windows(5).map(|five| five.iter().sum::<f64>() / 5.0).collect();
        let mut peaks: Vec<usize> = Vec::new();
        for at in 8..smooth.len() - 8 {
            let around = &smooth[at - 8..=at + 8];
            if smooth[at] > 1120.0 && around.iter().all(|&other| other <= smooth[at]) {
                peaks.push(at + 2);
            }
        }
        let mut found = Vec::new();
        for run in peaks.chunk_by(|one, next| (17..45).contains(&(next - one))) {
            if run.len() >= 4 {
                found.extend(run);
            }
        }
        found
    }

    #[test]
    fn steps_can_be_found_and_who_takes_none_has_none() {
        for seed in 0..3 {
            let sample = WalkingSample::new(0.3, seed);
            for at in 0..sample.people {
                let ticks: Vec<Tick> = sample.walk(at).take(READINGS as usize).collect();
                let found = detect(&ticks.iter().map(|tick| held(at, tick)).collect::<Vec<_>>());
                let steps: Vec<usize> = (0..ticks.len()).filter(|&nth| ticks[nth].step).collect();
                if !has_steps(at) {
                    assert_eq!((steps.len(), found.len()), (0, 0), "person {at}");
                    continue;
                }
                assert!((500..1100).contains(&steps.len()), "{}", steps.len());
                let is_near = |step: &usize| found.iter().any(|at| at.abs_diff(*step) <= 4);
                let hits = steps.iter().filter(|step| is_near(step)).count();
                assert!(
                    hits * 100 >= steps.len() * 95,
                    "{hits} of {} steps of {at}, seed {seed}",
                    steps.len()
                );
                assert!(found.len() * 100 <= steps.len() * 105, "{} for {}", found.len(), steps.len());
            }
        }
    }

    #[test]
    fn other_seeds_are_other_walks_and_the_same_seed_is_the_same() {
        let of = |seed| WalkingSample::new(0.1, seed).collect::<Vec<_>>();
        let (one, other) = (of(0), of(1));
        assert_eq!(one, of(0));
        assert_eq!(one.len(), 4 + 4 + 2);
        assert_eq!(one[0], other[0], "the people are the same");
        assert!(one.iter().zip(&other).skip(1).all(|(one, other)| one != other));
    }

    #[test]
    fn what_is_written_is_the_same_on_every_machine() {
        let files = WalkingSample::new(0.1, 7);
        let sums =
            files.map(|file| file.bytes.iter().fold(0u32, |sum, &byte| sum.rotate_left(5) ^ u32::from(byte)));
        assert_eq!(sums.collect::<Vec<_>>(), SUMS);
    }

    /// Change them when the sample changes, and say so in the changelog.
    const SUMS: [u32; 10] = [
        3_469_693_667,
        318_002_118,
        3_543_260_208,
        59_255_113,
        1_128_049_102,
        3_661_715_419,
        1_292_173_663,
        3_322_206_352,
        2_541_937_331,
        1_271_210_211,
    ];

    #[test]
    fn a_sine_is_one() {
        for (turns, expected) in
            [(0, 0), (TURN / 4, 1000), (TURN / 2, 0), (3 * TURN / 4, -1000), (TURN / 8, 707)]
        {
            assert_eq!(sine(turns), expected);
        }
        assert_eq!((thousandths(-12), thousandths(1034)), ("-0.012".to_owned(), "1.034".to_owned()));
    }
}
