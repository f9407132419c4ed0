//! machine_learning_curated: pairs of a step reading and an accelerometer
//! reading, named by subject.

use serde::{Deserialize, Serialize};

use super::released_times::ReleasedTimes;
use super::trusted::CuratedOwners;
use crate::consent::{ConsentLedger, Filtered, Owner, Rule, Trusted};
use crate::error::{Error, ErrorKind};
use crate::joins;
use crate::names::Names;
use crate::options::{Identity, Join, Key, KeyedHash, OnePerInstant};
use crate::report::Spread;
use crate::rows::{MachineLearning, Reading, StepReading};
use crate::schema::Table;

/// Most pairs of one job. They and what is made of them have to fit into the 4 GB
/// of a browser's instance; a constant, so that a run is refused on every machine
/// or on none.
pub const MOST_PAIRS: u64 = 1 << 25;

/// What stands in `subject`, in the order of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Sorted.
    names: Names,
    /// By rank: position in the ledger's emails, or serials.
    order: Vec<u32>,
    /// By that position.
    rank: Vec<u32>,
}

impl Subjects {
    /// Names everyone who may become a subject.
    pub fn new(ledger: &ConsentLedger, identity: Identity, key: &Key) -> Subjects {
        let (names, order) = match identity {
            Identity::Pseudonym => {
                let hash = key.keyed_hash();
                let mut named: Vec<([u8; 32], u32)> =
                    ledger.emails().iter().map(|email| hex_of(&hash, email)).zip(0..).collect();
                named.sort_unstable();
                // Hex is ASCII.
                let names = named.iter().map(|(hex, _)| str::from_utf8(hex).unwrap_or_default()).collect();
                (names, named.into_iter().map(|(_, at)| at).collect())
            }
            // They are sorted.
            Identity::Serial => {
                (ledger.serials().clone(), (0..ledger.serials().len() as u32).collect::<Vec<_>>())
            }
        };
        let mut rank = vec![0; order.len()];
        order.iter().zip(0..).for_each(|(&at, place)| rank[at as usize] = place);
        Subjects { names, order, rank }
    }

    /// Sorted, by rank.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Positions in the ledger, by rank.
    pub fn order(&self) -> &[u32] {
        &self.order
    }
}

/// What is made of some groups of readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Making {
    /// Pairs, and the counts of accelerometer readings that are in one. Groups are ranks of subjects; where a
    /// subject is a serial number they are all.
    Whole,
    /// Pairs alone. Groups are serial numbers, which are the subjects: readings of one person are in pairs of
    /// several of them, and are counted by another job.
    Pairs,
    /// The counts alone. Groups are emails.
    Matches,
}

/// What the join gives.
pub struct Paired {
    /// Sorted.
    pub rows: Vec<MachineLearning>,
    /// accelerometer_trusted rows in at least one pair.
    pub rows_matched: u64,
    /// People whose accelerometer readings these are.
    pub owners: u64,
    /// Why the others are in none.
    pub filtered: Filtered,
    /// Pairs that were made.
    pub pairs: u64,
    /// Of them those that are left out: see [`OnePerInstant`].
    pub left_out: u64,
    /// Pairs of two different people, those that are left out among them: only under `join = time`.
    pub mixed: u64,
}

/// How readings are paired.
#[derive(Clone, Copy)]
pub struct Pairing<'a> {
    /// Who owns what.
    pub ledger: &'a ConsentLedger,
    /// What they are called.
    pub subjects: &'a Subjects,
    /// Whether the person counts.
    pub join: Join,
    /// What a subject is.
    pub identity: Identity,
    /// What becomes of their times.
    pub released: &'a ReleasedTimes,
    /// Whether a subject has several rows of one time.
    pub one_per_instant: OnePerInstant,
}

impl Pairing<'_> {
    /// Whether each of a subject's readings, of both sensors, is in no other subject's pair.
    pub fn by_subject(&self) -> bool {
        self.join == Join::Owner && self.identity == Identity::Pseudonym
    }
}

impl Paired {
    /// How the rows spread over subjects and times.
    pub fn spread(&self) -> Spread {
        Spread::of(self.owners, self.rows.iter().map(|row| (row.subject, row.time)))
    }
}

/// Joins accelerometer_trusted and step_trainer_trusted, both sorted: all of
/// them, or what [`Pairing::needs`] says of some groups. `curated` says whose
/// step readings are not there.
///
/// # Errors
/// `TooManyRows` for more than `u32::MAX` rows on a side, `TooManyPairs` for more
/// than `most` pairs: they are counted before they are made.
pub fn curate(
    pairing: Pairing<'_>,
    curated: &CuratedOwners,
    making: Making,
    accelerometer: &Trusted<Vec<Reading>>,
    steps: &Trusted<Vec<StepReading>>,
    most: u64,
) -> Result<Paired, Error> {
    let ledger = pairing.ledger;
    let (accelerometer, steps) = (accelerometer.rows().as_slice(), steps.rows().as_slice());
    let mut matched = vec![false; accelerometer.len()];
    let mut mixed = 0;
    let mut rows = Vec::with_capacity(if making == Making::Matches { 0 } else { accelerometer.len() });
    let mut pair = |reading: usize, step: &StepReading| {
        matched[reading] = true;
        if making == Making::Matches {
            return;
        }
        let row = &accelerometer[reading];
        let subject = match pairing.identity {
            Identity::Pseudonym => row.email,
            Identity::Serial => step.serial,
        };
        rows.push(MachineLearning {
            subject: pairing.subjects.rank[subject as usize],
            time: step.time,
            distance: step.distance,
            xyz: row.xyz,
        });
    };
    match pairing.join {
        Join::Owner => {
            let people = accelerometer.chunk_by(|a, b| a.email == b.email).map(|rows| rows[0].email);
            let mut people: Vec<u32> = people.collect();
            if pairing.by_subject() {
                people.sort_unstable_by_key(|&email| pairing.subjects.rank[email as usize]);
            }
            let owners = people.iter().flat_map(|&email| ledger.owners_of(email));
            by_owner(ledger, owners, accelerometer, steps, most, |reading, step| {
                pair(reading, &steps[step])
            })?;
        }
        Join::Time => by_time(accelerometer, steps, most, |reading, step| {
            let (row, step) = (&accelerometer[reading], &steps[step]);
            match owner_of(ledger, row.email, step.serial) {
                Some(owner) if ledger.is_as_of() && row.time < owner.since => return,
                Some(_) => {}
                None => mixed += u64::from(making != Making::Matches),
            }
            pair(reading, step);
        })?,
    }
    pairing.released.replace(&mut rows);
    // Where pairs are made by subject they mostly are in order already.
    if !rows.is_sorted_by(|a, b| a.order(b).is_le()) {
        let subjects = pairing.subjects.names.len();
        joins::sort_grouped(&mut rows, subjects, |row| row.subject, MachineLearning::order);
    }
    let pairs = rows.len() as u64;
    if pairing.one_per_instant == OnePerInstant::On {
        rows.dedup_by_key(|row| (row.subject, row.time));
    }
    let left_out = pairs - rows.len() as u64;
    let filtered = Filtered::default();
    let mut paired = Paired { rows, rows_matched: 0, owners: 0, filtered, pairs, left_out, mixed };
    if making == Making::Pairs {
        return Ok(paired);
    }
    let mut matched = matched.into_iter();
    for readings in accelerometer.chunk_by(|a, b| a.email == b.email) {
        let owners = ledger.owners_of(readings[0].email);
        let before = paired.rows_matched;
        for (row, matched) in readings.iter().zip(&mut matched) {
            match matched {
                true => paired.rows_matched += 1,
                false => paired.filtered.add(unmatched(ledger, curated, owners, row), 1),
            }
        }
        paired.owners += u64::from(paired.rows_matched > before);
    }
    Ok(paired)
}

/// Refuses pairs beyond `most`, of which some are made. Those of two sides are
/// counted only if there could be too many.
fn refuse_too_many(
    most: u64,
    made: u64,
    sides: (usize, usize),
    count: impl FnOnce() -> u64,
) -> Result<(), Error> {
    let could_be = (sides.0 as u64).saturating_mul(sides.1 as u64);
    if made.saturating_add(could_be) <= most {
        return Ok(());
    }
    match made.saturating_add(count()) {
        pairs if pairs > most => Err(ErrorKind::TooManyPairs { pairs, most }.into()),
        _ => Ok(()),
    }
}

/// Same owner, same time. An owner is distinct, so a pair comes once.
fn by_owner<'a>(
    ledger: &ConsentLedger,
    owners: impl Iterator<Item = &'a Owner>,
    accelerometer: &[Reading],
    steps: &[StepReading],
    most: u64,
    mut pair: impl FnMut(usize, usize),
) -> Result<(), Error> {
    let mut made = 0;
    for owner in owners {
        let mut left = joins::equal_range(accelerometer, |row| row.email, &owner.email);
        let mut right = joins::equal_range(steps, |row| row.serial, &owner.serial);
        if ledger.is_as_of() {
            left.start += accelerometer[left.clone()].partition_point(|row| row.time < owner.since);
            right.start += steps[right.clone()].partition_point(|row| row.time < owner.since);
        }
        let (readings, steps) = (&accelerometer[left.clone()], &steps[right.clone()]);
        refuse_too_many(most, made, (readings.len(), steps.len()), || {
            joins::count_pairs(readings, steps, |row| row.time, |row| row.time)
        })?;
        joins::merge_join(
            readings,
            steps,
            |row| row.time,
            |row| row.time,
            |l, r| {
                made += 1;
                pair(left.start + l, right.start + r);
            },
        );
    }
    Ok(())
}

/// Same time, whoever it is.
fn by_time(
    accelerometer: &[Reading],
    steps: &[StepReading],
    most: u64,
    mut pair: impl FnMut(usize, usize),
) -> Result<(), Error> {
    let left = by_times(accelerometer.iter().map(|row| row.time))
        .ok_or(ErrorKind::TooManyRows { table: Table::AccelerometerTrusted })?;
    let right = by_times(steps.iter().map(|row| row.time))
        .ok_or(ErrorKind::TooManyRows { table: Table::StepTrainerTrusted })?;
    let time = |&(time, _): &(i64, u32)| time;
    refuse_too_many(most, 0, (left.len(), right.len()), || joins::count_pairs(&left, &right, time, time))?;
    joins::merge_join(&left, &right, time, time, |l, r| pair(left[l].1 as usize, right[r].1 as usize));
    Ok(())
}

/// Positions in the order of their times, with these: numbers that stand together are sorted sooner than those that
/// are looked up.
fn by_times(times: impl ExactSizeIterator<Item = i64>) -> Option<Vec<(i64, u32)>> {
    let rows = u32::try_from(times.len()).ok()?;
    let mut positions: Vec<(i64, u32)> = times.zip(0..rows).collect();
    positions.sort_unstable();
    Some(positions)
}

fn owner_of(ledger: &ConsentLedger, email: u32, serial: u32) -> Option<&Owner> {
    let owners = ledger.owners_of(email);
    let at = owners.binary_search_by_key(&serial, |owner| owner.serial);
    at.ok().map(|at| &owners[at])
}

/// Why a reading is in no pair: the first rule that leaves it none of its owners.
fn unmatched(ledger: &ConsentLedger, curated: &CuratedOwners, owners: &[Owner], row: &Reading) -> Rule {
    let mut open = owners.iter().filter(|owner| !ledger.is_as_of() || owner.since <= row.time).peekable();
    if open.peek().is_none() {
        Rule::BeforeConsent
    } else if open.all(|owner| curated.drops(owner.serial)) {
        Rule::SharedSerial
    } else {
        Rule::NoPartner
    }
}

/// HMAC-SHA-256 of an email under the key, cut to 128 bits, in hex.
pub fn pseudonym(key: &Key, email: &str) -> String {
    hex_of(&key.keyed_hash(), email).map(char::from).into_iter().collect()
}

fn hex_of(hash: &KeyedHash, email: &str) -> [u8; 32] {
    let mut hex = [0; 32];
    // Two digits a byte: it fits.
    hex::encode_to_slice(&hash.of([email.as_bytes()])[..16], &mut hex).unwrap_or_default();
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::KeyOrigin;

    /// RFC 4231, test case 2, cut to 128 bits.
    #[test]
    fn pseudonyms_are_hmac_sha_256() {
        let key = Key::new(b"Jefe".to_vec(), KeyOrigin::Given).unwrap();
        assert_eq!(pseudonym(&key, "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
    }
}
