//! Deterministic sample exports, for those who have none: the shape and size of
//! the original, with made-up people. Nothing here is taken from a real export.

use std::fmt::Write;

mod original;
mod walking;
pub use original::OriginalSample;
pub use walking::WalkingSample;

/// Customers of scale 1, the original's number.
const CUSTOMERS: u64 = 999;
/// Accelerometer readings of scale 1.
const READINGS: u64 = 744_413;
/// Step trainer readings of scale 1.
const STEPS: u64 = 239_760;
/// Records of a file of readings.
const FILE_RECORDS: u64 = 100_000;
/// 2022-06-18, the day of the original's readings; epoch milliseconds.
const START: u64 = 1_655_560_000_000;
/// Between two readings of a person.
const STEP_MS: u64 = 3_933;

/// A file of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// Path in the export, e.g. `customer/landing/customer-000.json`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The files of a sample, made one at a time.
///
/// Scale 1 has 999 customers, 744,413 accelerometer and 239,760 step trainer
/// readings; other scales have proportionally many, rounded, at least one
/// customer. Without defects emails and serial numbers are unique and every
/// record is clean newline-delimited JSON. With defects there are shared serial
/// numbers and emails, withdrawn consent, odd framings, bad records, and a file of each
/// kind that is not read: skipped, refused, left out, and a duplicate.
pub struct Sample {
    customers: u64,
    readings: u64,
    steps: u64,
    defects: bool,
    next: u64,
}

impl Sample {
    /// A sample of a scale above zero, at most 1000; anything else counts as the
    /// nearest of these.
    pub fn new(scale: f64, defects: bool) -> Sample {
        let of = |whole: u64| scaled(whole, scale);
        Sample { customers: of(CUSTOMERS), readings: of(READINGS), steps: of(STEPS), defects, next: 0 }
    }

    fn accelerometer_files(&self) -> u64 {
        self.readings.div_ceil(FILE_RECORDS)
    }

    fn step_files(&self) -> u64 {
        self.steps.div_ceil(FILE_RECORDS)
    }

    /// How many files there are.
    pub fn files(&self) -> u64 {
        let odd = if self.defects { ODD_FILES } else { 0 };
        1 + self.accelerometer_files() + self.step_files() + odd
    }

    /// Defects hide the serial number of every 50th behind its neighbour's.
    fn person(&self, at: u64) -> Person {
        let mut person = Person::new(at);
        if self.defects && at % 50 == 1 {
            person.serial = Person::new(at - 1).serial;
        }
        person
    }

    fn customer_file(&self) -> SampleFile {
        let mut text = String::new();
        for at in 0..self.customers {
            let mut person = self.person(at);
            person.write(&mut text);
            if self.defects && at % 40 == 7 {
                // The same person again, later, without consent.
                person.consents = None;
                person.updated += 600_000;
                person.write(&mut text);
            }
            if self.defects && at % 100 == 3 {
                text.push_str("{\"customerName\":\"No Key\",\"email\":null,\"serialNumber\":\"x\"}\n");
            }
        }
        SampleFile { name: "customer/landing/customer-000.json".to_owned(), bytes: text.into_bytes() }
    }

    fn accelerometer_file(&self, file: u64) -> SampleFile {
        self.readings_file("accelerometer", file, self.readings, |out, person, count, of| {
            let mut random = Random(person.at << 32 | count);
            // Several readings fall on one step reading's time.
            let slot = count * share(self.steps, self.customers, person.at).max(1) / of;
            // 1 of 32 is between two step readings.
            let time = person.time(slot) + u64::from(random.below(32) == 0);
            // Those of one time differ: equal readings are what overlapping exports have.
            let values = Random(person.at << 32 | slot).below(27) + count;
            let [x, y, z] = [1, 3, 9].map(|of| AXIS[(values / of % 3) as usize]);
            let email = &person.email;
            let _ =
                writeln!(out, "{{\"user\":\"{email}\",\"timestamp\":{time},\"x\":{x},\"y\":{y},\"z\":{z}}}");
        })
    }

    fn step_file(&self, file: u64) -> SampleFile {
        self.readings_file("step_trainer", file, self.steps, |out, person, count, _| {
            let time = person.time(count);
            let distance = 200 + Random(person.at << 32 | count).below(100);
            let serial = &person.serial;
            let _ = writeln!(
                out,
                "{{\"sensorReadingTime\":{time},\"serialNumber\":\"{serial}\",\"distanceFromObject\":{distance}}}"
            );
        })
    }

    /// A file that is not read, of one of the kinds that there are.
    fn odd_file(&self, at: u64) -> Option<SampleFile> {
        let (name, bytes) = match at {
            0 => ("customer/landing/_SUCCESS", Vec::new()),
            1 => ("customer/landing/customer-000 (1).json", self.customer_file().bytes),
            2 => {
                let mut made = String::new();
                self.person(0).write(&mut made);
                ("customer/trusted/customer-000.json", made.into_bytes())
            }
            3 => ("accelerometer/landing/accelerometer-error.json", ERROR_PAGE.into()),
            _ => return None,
        };
        Some(SampleFile { name: name.to_owned(), bytes })
    }

    /// One file of readings: `record(out, person, nth of the person, of how many)`.
    fn readings_file(
        &self,
        kind: &str,
        file: u64,
        total: u64,
        record: impl Fn(&mut String, &Person, u64, u64),
    ) -> SampleFile {
        let (first, end) = (file * FILE_RECORDS, total.min((file + 1) * FILE_RECORDS));
        let mut text = String::with_capacity((end - first) as usize * 120);
        let mut person = self.person(owner(total, self.customers, first));
        for nth in first..end {
            while start(total, self.customers, person.at + 1) <= nth {
                person = self.person(person.at + 1);
            }
            let count = nth - start(total, self.customers, person.at);
            record(&mut text, &person, count, share(total, self.customers, person.at));
            if self.defects && nth % 5_000 == 1_234 {
                text.push_str(BAD_RECORDS[(nth / 5_000) as usize % BAD_RECORDS.len()]);
            }
        }
        let text = if self.defects { frame(&text, file + 1) } else { text };
        SampleFile { name: format!("{kind}/landing/{kind}-{file:03}.json"), bytes: text.into_bytes() }
    }
}

impl Iterator for Sample {
    type Item = SampleFile;

    fn next(&mut self) -> Option<SampleFile> {
        let at = self.next;
        self.next += 1;
        let accelerometer = self.accelerometer_files();
        if at == 0 {
            Some(self.customer_file())
        } else if at <= accelerometer {
            Some(self.accelerometer_file(at - 1))
        } else if at <= accelerometer + self.step_files() {
            Some(self.step_file(at - 1 - accelerometer))
        } else if self.defects {
            self.odd_file(at - 1 - accelerometer - self.step_files())
        } else {
            None
        }
    }
}

struct Person {
    at: u64,
    name: String,
    email: String,
    serial: String,
    registered: u64,
    updated: u64,
    consents: Option<u64>,
    offset: u64,
}

impl Person {
    fn new(at: u64) -> Person {
        let mut random = Random(at);
        let given = GIVEN[random.below(GIVEN.len() as u64) as usize];
        let family = FAMILY[random.below(FAMILY.len() as u64) as usize];
        let registered = START - random.below(86_400_000);
        Person {
            at,
            name: format!("{given} {family}"),
            email: format!("{given}.{family}.{at}@example.com"),
            serial: format!(
                "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                random.below(1 << 32),
                random.below(1 << 16),
                random.below(1 << 12),
                random.below(1 << 12),
                // Unique whatever the random parts are.
                at * 281_474_976 + random.below(281_474_976)
            ),
            registered,
            updated: registered,
            // 55 of 100 consent, as in the original; within 4 minutes of the
            // first reading, so that as-of has something to leave out.
            consents: (random.below(100) < 55).then(|| START + random.below(240_000)),
            offset: random.below(STEP_MS),
        }
    }

    fn time(&self, slot: u64) -> u64 {
        START + self.offset + slot * STEP_MS
    }

    fn write(&self, out: &mut String) {
        let Person { name, email, serial, registered, updated, .. } = self;
        let day = 1 + registered % 28;
        let _ = write!(
            out,
            "{{\"customerName\":\"{name}\",\"email\":\"{email}\",\"phone\":\"5550100\",\
             \"birthDay\":\"1980-01-{day:02}\",\"serialNumber\":\"{serial}\",\
             \"registrationDate\":{registered},\"lastUpdateDate\":{updated}"
        );
        if let Some(date) = self.consents {
            let _ = write!(out, ",\"shareWithResearchAsOfDate\":{date}");
        }
        out.push_str("}\n");
    }
}

/// What scale 1 has `whole` of; at least one.
fn scaled(whole: u64, scale: f64) -> u64 {
    ((whole as f64 * scale.min(1000.0)).round() as u64).max(1)
}

/// The first of `total` rows, shared out evenly, that is person `at`'s.
fn start(total: u64, people: u64, at: u64) -> u64 {
    (u128::from(total) * u128::from(at) / u128::from(people)) as u64
}

/// The person whose row `nth` is.
fn owner(total: u64, people: u64, nth: u64) -> u64 {
    let mut at = (u128::from(nth) * u128::from(people) / u128::from(total)) as u64;
    while start(total, people, at + 1) <= nth {
        at += 1;
    }
    at
}

fn share(total: u64, people: u64, at: u64) -> u64 {
    start(total, people, at + 1) - start(total, people, at)
}

/// Clean lines in one of the framings that exports come in.
fn frame(lines: &str, file: u64) -> String {
    match file % 4 {
        1 => format!("[\n{}]\n", lines.replace("}\n", "},\n")),
        2 => lines.replace('\n', "\r\n"),
        3 => format!("\u{feff}{}", lines.replace("}\n{", "},\n\n{")),
        _ => lines.to_owned(),
    }
}

const AXIS: [&str; 3] = ["-1.0", "0.0", "1.0"];

/// How many files a sample with defects has that are not read.
const ODD_FILES: u64 = 4;

/// What S3 answers in the place of an object, saved under its name.
const ERROR_PAGE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                          <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\n";

const BAD_RECORDS: [&str; 7] = [
    "{\"user\":\"nobody@example.com\",\"serialNumber\":\"none\",\"timestamp\":\n",
    "{\"user\":\"nobody@example.com\",\"serialNumber\":\"none\",\"timestamp\":\"soon\",\
     \"sensorReadingTime\":\"soon\"}\n",
    "{\"user\":\"\",\"serialNumber\":\"\",\"timestamp\":1,\"sensorReadingTime\":1}\n",
    "not a record\n",
    "{\"user\":\"nobody@example.com\",\"serialNumber\":\"none\",\"timestamp\":1.5,\"sensorReadingTime\":1.5}\n",
    "{\"user\":\"nobody@example.com\",\"serialNumber\":\"none\",\"timestamp\":NaN,\"sensorReadingTime\":NaN}\n",
    "{'user': 'nobody@example.com', 'serialNumber': 'none', 'timestamp': 1, 'sensorReadingTime': 1}\n",
];

const GIVEN: [&str; 16] = [
    "Ada", "Bela", "Chika", "Dana", "Emre", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kofi", "Lena", "Mila",
    "Noor", "Omar", "Pia",
];

const FAMILY: [&str; 16] = [
    "Alder", "Birch", "Cedar", "Dorn", "Elm", "Fir", "Ginster", "Hazel", "Iris", "Juniper", "Kiefer",
    "Linden", "Maple", "Nuss", "Oak", "Pine",
];

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine and
/// in every version, which a crate's default generator does not promise.
struct Random(u64);

impl Random {
    /// A number below `end`; the bias of the remainder does not matter here.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn it_is_the_same_every_time_and_of_the_size_it_says() {
        let files: Vec<SampleFile> = Sample::new(0.2, false).collect();
        for defects in [false, true] {
            assert_eq!(Sample::new(0.2, defects).count() as u64, Sample::new(0.2, defects).files());
        }
        assert_eq!(files, Sample::new(0.2, false).collect::<Vec<_>>());
        let lines = |kind: &str| -> usize {
            let of_kind = files.iter().filter(|file| file.name.starts_with(kind));
            of_kind.map(|file| file.bytes.iter().filter(|&&b| b == b'\n').count()).sum()
        };
        assert_eq!(
            (lines("customer"), lines("accelerometer"), lines("step_trainer")),
            (200, 148_883, 47_952)
        );
    }

    #[test]
    fn people_and_devices_are_unique() {
        let sample = Sample::new(10.0, false);
        let people: HashSet<_> = (0..sample.customers).map(|at| sample.person(at).email).collect();
        let devices: HashSet<_> = (0..sample.customers).map(|at| sample.person(at).serial).collect();
        assert_eq!((people.len(), devices.len()), (9990, 9990));
    }
}
