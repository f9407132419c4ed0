//! The readings of a job, while they are gathered from all who hold some.

use std::ops::Range;

use crate::consent::{ConsentLedger, Readings};
use crate::error::Error;
use crate::joins::KeySet;
use crate::rows::{Reading, Sensor, StepReading};

/// What a job is done with: its own readings, which its groups cut, and of the readings of a sensor that they do
/// not cut those that were taken at the time of one of its own. All that are offered may be far more than memory
/// holds; each that stays is in a pair, but for what the rules of dates leave out.
pub struct JobReadings {
    pub(super) job: usize,
    readings: Readings,
    partners: Option<Partners>,
}

/// Which readings are taken beside a job's own.
struct Partners {
    sensor: Sensor,
    times: KeySet,
}

impl JobReadings {
    /// With the job's own readings, sorted, and the sensor whose readings it takes by their times.
    pub(super) fn new(job: usize, own: Readings, partners: Option<Sensor>) -> JobReadings {
        let partners = partners.map(|sensor| {
            let times = match sensor {
                Sensor::Accelerometer => own.steps.rows().iter().map(|row| row.time).collect(),
                Sensor::StepTrainer => own.accelerometer.rows().iter().map(|row| row.time).collect(),
            };
            Partners { sensor, times: KeySet::new(times) }
        });
        JobReadings { job, readings: own, partners }
    }

    /// Bytes of the readings that it has.
    pub fn size(&self) -> usize {
        self.readings.size()
    }

    /// How many readings it has of the accelerometer, and of the step trainer.
    pub fn counts(&self) -> (usize, usize) {
        (self.readings.accelerometer.rows().len(), self.readings.steps.rows().len())
    }

    /// Takes what it needs of rows as bytes that may be paired with its own: those that
    /// [`crate::pipeline::RowGroupBuilder::partners`] gives or `partner_slices` names, all or some of them at a
    /// time.
    ///
    /// # Errors
    /// `Exchange` for anything else.
    pub fn take(&mut self, rows: &[u8], ledger: &ConsentLedger) -> Result<(), Error> {
        match &self.partners {
            Some(Partners { sensor, times }) => self.readings.receive_at(times, *sensor, rows, ledger),
            None => Ok(()),
        }
    }

    /// The same of readings that are held here, by where they are.
    pub(super) fn take_held(&mut self, held: &Readings, places: Vec<Range<usize>>) {
        let Some(Partners { sensor, times }) = &self.partners else { return };
        let Readings { accelerometer, steps } = &mut self.readings;
        for rows in places {
            match sensor {
                Sensor::Accelerometer => {
                    accelerometer.take_wanted(&held.accelerometer, rows, |row| times.has(row.time));
                }
                Sensor::StepTrainer => steps.take_wanted(&held.steps, rows, |row| times.has(row.time)),
            }
        }
    }

    /// All of them, sorted.
    pub(super) fn into_sorted(self) -> Readings {
        let JobReadings { mut readings, partners, .. } = self;
        match partners.map(|partners| partners.sensor) {
            Some(Sensor::Accelerometer) => readings.accelerometer.sort_by(Reading::order),
            Some(Sensor::StepTrainer) => readings.steps.sort_by(StepReading::order),
            None => {}
        }
        readings
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ingest::InputFile;
    use crate::options::{Key, KeyOrigin, Options};
    use crate::pipeline::CustomerStage;
    use crate::schema::Landing;

    /// Of one person with one device.
    fn ledger() -> Arc<ConsentLedger> {
        let customer = br#"{"email":"a","serialNumber":"s","shareWithResearchAsOfDate":1}"#;
        let key = Key::new(b"k".to_vec(), KeyOrigin::Given).unwrap();
        let mut stage = CustomerStage::new(Options::default(), key).unwrap();
        let mut file = InputFile::new("c.json", Landing::Customer);
        stage.reader().push(&mut file, customer);
        stage.reader().finish(file);
        Arc::clone(&stage.consent().context().ledger)
    }

    fn reading(email: u32, time: i64) -> Vec<u8> {
        Reading { email, time, xyz: [0.0; 3] }.to_bytes().to_vec()
    }

    fn step(serial: u32, time: i64) -> Vec<u8> {
        StepReading { serial, time, distance: None }.to_bytes().to_vec()
    }

    #[test]
    fn readings_are_taken_at_the_times_of_the_other_sensor_and_checked() {
        let ledger = ledger();
        let own = |readings, rows: Vec<u8>| {
            Readings::from_bytes([&Readings::head(readings)[..], &rows].concat(), &ledger).unwrap()
        };
        let mut gathered = JobReadings::new(0, own(1, reading(0, 5)), Some(Sensor::StepTrainer));
        gathered.take(&[step(0, 5), step(0, 6), step(0, 5)].concat(), &ledger).unwrap();
        assert_eq!(gathered.counts(), (1, 2));
        assert_eq!(gathered.size(), size_of::<Reading>() + 2 * size_of::<StepReading>());
        let mut steps = JobReadings::new(0, own(0, step(0, 5)), Some(Sensor::Accelerometer));
        steps.take(&[reading(0, 4), reading(0, 5)].concat(), &ledger).unwrap();
        assert_eq!(steps.counts(), (1, 1));

        // Of nobody in the ledger, at any time, or no whole row.
        for wrong in [step(1, 5), step(1, 6), step(0, 5)[1..].to_vec()] {
            assert_eq!(gathered.take(&wrong, &ledger).unwrap_err().code(), "exchange");
        }
        for wrong in [reading(1, 5), reading(1, 4), reading(0, 5)[1..].to_vec()] {
            assert_eq!(steps.take(&wrong, &ledger).unwrap_err().code(), "exchange");
        }
        let mut whole = JobReadings::new(0, own(1, reading(0, 5)), None);
        whole.take(&step(0, 5), &ledger).unwrap();
        assert_eq!(whole.counts(), (1, 0), "a job that cuts both sensors takes nothing else");
    }
}
