//! The shape of the first public export: many files that each list all customers again, and no line
//! ends, one object right after another.

use std::fmt::Write;

use super::{Random, Sample, SampleFile, scaled, start};

/// People of scale 1.
const PEOPLE: u64 = 957;
/// Customer records of scale 1.
const RECORDS: u64 = 758_715;
/// Files of customers of scale 1.
const FILES: u64 = 764;
/// Between two records of a person.
const ROUND_MS: u64 = 200;
/// Apart from the numbers that make the person.
const SHARES: u64 = 1 << 63;

/// The files of an export as the first public one was, made one at a time.
///
/// Scale 1 has 758,715 customer records of 957 people in 764 files, and as many readings as the
/// plain [`Sample`] of these people has; other scales have proportionally many of each. The records
/// of a person differ in the date of the last update alone, so the readings that are admitted are
/// those of the plain shape. No file has a line end.
pub struct OriginalSample {
    sample: Sample,
    records: u64,
    files: u64,
    next: u64,
}

impl OriginalSample {
    /// A sample of a scale above zero, at most 1000; anything else counts as the nearest of these.
    pub fn new(scale: f64) -> OriginalSample {
        OriginalSample {
            sample: Sample { customers: scaled(PEOPLE, scale), ..Sample::new(scale, false) },
            records: scaled(RECORDS, scale),
            files: scaled(FILES, scale),
            next: 0,
        }
    }

    fn customer_file(&self, file: u64) -> SampleFile {
        let mut text = String::new();
        for nth in start(self.records, self.files, file)..start(self.records, self.files, file + 1) {
            let mut person = self.sample.person(nth % self.sample.customers);
            let registered = person.updated;
            person.updated += nth / self.sample.customers * ROUND_MS;
            person.write(&mut text);
            // Behind the consent to research stand those that the plain shape lacks.
            text.truncate(text.len() - "}\n".len());
            let mut random = Random(person.at ^ SHARES);
            for field in ["shareWithPublicAsOfDate", "shareWithFriendsAsOfDate"] {
                if random.below(100) < 55 {
                    let _ = write!(text, ",\"{field}\":{registered}");
                }
            }
            text.push('}');
        }
        SampleFile { name: format!("customer/landing/customer-{file:03}.json"), bytes: text.into_bytes() }
    }
}

impl Iterator for OriginalSample {
    type Item = SampleFile;

    fn next(&mut self) -> Option<SampleFile> {
        let at = self.next;
        self.next += 1;
        let Some(reading) = at.checked_sub(self.files) else {
            return Some(self.customer_file(at));
        };
        let accelerometer = self.sample.accelerometer_files();
        match reading.checked_sub(accelerometer) {
            None => Some(joined(self.sample.accelerometer_file(reading))),
            Some(step) if step < self.sample.step_files() => Some(joined(self.sample.step_file(step))),
            Some(_) => None,
        }
    }
}

/// A file without its line ends; none of its values has one.
fn joined(mut file: SampleFile) -> SampleFile {
    file.bytes.retain(|&byte| byte != b'\n');
    file
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::ingest::{Decoder, FieldFault, Record, Sink};
    use crate::schema::{Landing, customer};

    type Row = Vec<Option<String>>;

    struct Rows(Landing, Vec<Row>);

    impl Sink for Rows {
        fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
            let columns = 0..self.0.columns().len();
            let row = columns
                .map(|at| Ok(record.text(at)?.map(Cow::into_owned)))
                .collect::<Result<Row, FieldFault>>()?;
            self.1.push(row);
            Ok(())
        }
    }

    /// The landing table of a kind, in the order of the files.
    fn table(kind: Landing, files: &[SampleFile]) -> Vec<Row> {
        let mut rows = Rows(kind, Vec::new());
        for file in files.iter().filter(|file| file.name.starts_with(kind.table().folder())) {
            let mut decoder = Decoder::new(&file.name, kind.columns());
            decoder.push(&file.bytes, &mut rows);
            let decoded = decoder.finish(&mut rows);
            assert!(decoded.rejects.is_empty() && decoded.unknown_fields.is_empty(), "{}", file.name);
        }
        rows.1
    }

    #[test]
    fn it_is_decoded_to_the_tables_of_the_plain_shape() {
        let original = OriginalSample::new(0.01);
        let people = original.sample.customers as usize;
        let plain = Sample { customers: original.sample.customers, ..Sample::new(0.01, false) };
        let (original, plain): (Vec<_>, Vec<_>) = (original.collect(), plain.collect());
        for kind in [Landing::Accelerometer, Landing::StepTrainer] {
            assert!(table(kind, &original) == table(kind, &plain), "{kind:?}");
        }
        let (records, once) = (table(Landing::Customer, &original), table(Landing::Customer, &plain));
        assert_eq!((people, records.len(), once.len()), (10, 7587, 10));
        // What the plain shape has of a customer, up to the consent to research.
        let shared = customer::SHAREWITHRESEARCHASOFDATE + 1;
        for (nth, (record, once)) in records.iter().zip(once.iter().cycle()).enumerate() {
            let mut expected = once[..shared].to_vec();
            let updated = once[customer::LASTUPDATEDATE].as_ref().unwrap().parse::<u64>().unwrap();
            expected[customer::LASTUPDATEDATE] =
                Some((updated + (nth / people) as u64 * ROUND_MS).to_string());
            assert_eq!(record[..shared], expected, "record {nth}");
            assert_eq!(record[shared..], records[nth % people][shared..], "record {nth}");
        }
    }

    #[test]
    fn it_has_the_size_of_the_original_and_is_the_same_every_time() {
        let of = |scale| {
            let sample = OriginalSample::new(scale);
            (sample.sample.customers, sample.records, sample.files)
        };
        assert_eq!(of(1.0), (957, 758_715, 764));
        assert_eq!(of(f64::MIN_POSITIVE), (1, 1, 1));
        let files: Vec<SampleFile> = OriginalSample::new(0.01).collect();
        assert_eq!(files, OriginalSample::new(0.01).collect::<Vec<_>>());
        assert_eq!(files.len(), 8 + 1 + 1);
        assert!(files.iter().all(|file| !file.bytes.contains(&b'\n')));
        // A record of the original has 316 bytes.
        let bytes: usize = files[..8].iter().map(|file| file.bytes.len()).sum();
        assert!((250..350).contains(&(bytes / 7587)), "{}", bytes / 7587);
    }
}
