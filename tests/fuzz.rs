//! Fuzzing, for STEDI_FUZZ_SECONDS each: the decoder against `serde_json`,
//! framings, encodings and packings against the plain records, the fast paths
//! against the general decoder, ranges against one reading, and the pipeline
//! against who agreed.
//! A failure names the seed that gives it again as STEDI_FUZZ_SEED.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

#[path = "fuzz/framings.rs"]
mod framings;
#[path = "fuzz/json.rs"]
mod json;
#[path = "fuzz/make.rs"]
mod make;
#[path = "fuzz/naive.rs"]
mod naive;
#[path = "fuzz/pipeline.rs"]
mod pipeline;
#[path = "fuzz/rows.rs"]
mod rows;
#[path = "oracle/run.rs"]
#[allow(dead_code, reason = "shared with the oracle's tests")]
mod run;
#[path = "fuzz/spellings.rs"]
mod spellings;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant, SystemTime};

use make::Chance;
use naive::Unsure;
use rows::{decode, decode_ranges};
use stedi_lakehouse::schema::Landing;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// Whether the oracle could judge a case; without it a case shows only that
/// nothing panics and that chunks, or paths, agree.
type Judged = bool;

/// Runs cases until the time is up.
fn fuzz(name: &str, case: impl Fn(&mut Chance) -> Judged) {
    let limit = Duration::from_secs(number("STEDI_FUZZ_SECONDS").unwrap_or(5));
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64;
    let first = number("STEDI_FUZZ_SEED").unwrap_or_else(now);
    println!("{name}: seed {first}");
    let start = Instant::now();
    let (mut cases, mut judged) = (0, 0);
    while cases == 0 || start.elapsed() < limit {
        let seed = first.wrapping_add(cases);
        match catch_unwind(AssertUnwindSafe(|| case(&mut Chance::new(seed)))) {
            Ok(was) => judged += u64::from(was),
            Err(panic) => {
                println!("{name}: case {cases}; STEDI_FUZZ_SEED={seed} gives it again");
                resume_unwind(panic);
            }
        }
        cases += 1;
    }
    println!("{name}: {cases} cases, {judged} judged by the oracle");
    assert!(cases < 100 || judged > cases / 10, "{name}: the oracle judges too few");
}

#[test]
fn decoding_is_that_of_serde_json() {
    fuzz("decoding", |chance| {
        let kind = chance.pick(&Landing::ALL);
        let input = make::input(chance, kind, 12);
        let shown = || String::from_utf8_lossy(&input);
        let read = decode::<false>(kind, &input, usize::MAX);
        for chunk in [1, 2 + chance.below(60), usize::MAX] {
            let other = decode::<true>(kind, &input, chunk);
            assert_eq!(other.rows, read.rows, "{kind:?} by {chunk}: {}", shown());
            assert_eq!(
                format!("{:?}", other.decoded),
                format!("{:?}", read.decoded),
                "by {chunk}: {}",
                shown()
            );
        }
        let Ok(expected) = naive::read(kind, &input) else { return false };
        assert_eq!(read.rows.len(), expected.rows.len(), "{kind:?} {:?}: {}", read.decoded.rejects, shown());
        for (row, expected) in read.rows.iter().zip(&expected.rows) {
            let same = row.iter().zip(expected).all(|(cell, expected)| expected.is(cell));
            assert!(same, "{row:?} is not {expected:?}: {}", shown());
        }
        assert_eq!(read.decoded.records, expected.rows.len() as u64);
        assert_eq!(
            read.decoded.rejected.total(),
            expected.rejected,
            "{:?}: {}",
            read.decoded.rejects,
            shown()
        );
        assert_eq!(read.decoded.duplicate_keys, expected.duplicate_keys, "{}", shown());
        true
    });
}

#[test]
fn framings_spellings_encodings_and_packings_change_no_row() {
    fuzz("framings", framings::change_nothing);
}

#[test]
fn fast_paths_read_what_the_general_decoder_reads() {
    fuzz("fast paths", |chance| {
        let kind = chance.pick(&Landing::ALL);
        let mut input = make::export(chance, kind, 150);
        if chance.one_in(4) {
            input = [input, make::input(chance, kind, 40), make::export(chance, kind, 40)].concat();
        }
        let general = decode::<false>(kind, &input, usize::MAX);
        assert_eq!(general.fast, 0);
        let mut fast = 0;
        for chunk in [1 + chance.below(50), 1000, usize::MAX] {
            let read = decode::<true>(kind, &input, chunk);
            let differs = read.rows.iter().zip(&general.rows).find(|(one, other)| one != other);
            let same = read.rows.len() == general.rows.len() && differs.is_none();
            assert!(same, "{kind:?} by {chunk}: {differs:?}: {}", String::from_utf8_lossy(&input));
            assert_eq!(format!("{:?}", read.decoded), format!("{:?}", general.decoded), "by {chunk}");
            fast = read.fast;
        }
        if chance.one_in(16) {
            pipeline::unknown_fields_change_no_table(chance);
        }
        fast > 0
    });
}

#[test]
fn ranges_that_tile_give_what_one_reading_gives() {
    fuzz("ranges", |chance| {
        let kind = chance.pick(&Landing::ALL);
        let (input, borders) = make::ranges(chance, kind);
        let whole = decode::<false>(kind, &input, usize::MAX);
        let Some(ranged) = decode_ranges(kind, &input, &borders, 1 + chance.below(60)) else { return false };
        let shown = || format!("{kind:?} at {borders:?}: {}", String::from_utf8_lossy(&input));
        assert_eq!(ranged.rows, whole.rows, "{}", shown());
        assert_eq!(format!("{:?}", ranged.decoded), format!("{:?}", whole.decoded), "{}", shown());
        true
    });
}

#[test]
fn the_pipeline_balances_and_gives_nobody_away() {
    fuzz("pipeline", |chance| match pipeline::leaks_nobody(chance) {
        Ok(()) => true,
        Err(Unsure) => false,
    });
}
