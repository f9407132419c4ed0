//! What instances need to know before the readings.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::consent::ConsentLedger;
use crate::options::{Compression, Duplicates, Identity, Join, Key, OnePerInstant, Options};
use crate::wire::Message;
use crate::zones::{Pairing, ReleasedTimes, Subjects};

/// What a reader needs to know of people and options.
#[derive(Clone, Serialize, Deserialize)]
pub struct WorkerContext {
    /// Who may be used. Instances of one process share it.
    pub ledger: Arc<ConsentLedger>,
    subjects: Arc<Subjects>,
    join: Join,
    identity: Identity,
    released: Arc<ReleasedTimes>,
    one_per_instant: OnePerInstant,
    /// Whether equal rows are left out.
    pub(super) drops_duplicates: bool,
    /// Of the row groups.
    pub(super) compression: Compression,
}

impl Message for WorkerContext {
    const NAME: &'static str = "context";
}

impl WorkerContext {
    pub(super) fn new(ledger: Arc<ConsentLedger>, options: &Options, key: &Key) -> WorkerContext {
        let subjects = Arc::new(Subjects::new(&ledger, options.identity, key));
        let released = Arc::new(ReleasedTimes::new(options.times, subjects.order(), ledger.emails(), key));
        WorkerContext {
            ledger,
            subjects,
            released,
            join: options.join,
            identity: options.identity,
            one_per_instant: options.one_per_instant,
            drops_duplicates: options.duplicates == Duplicates::Drop,
            compression: options.compression,
        }
    }

    /// How readings are paired.
    pub fn pairing(&self) -> Pairing<'_> {
        let WorkerContext { ledger, subjects, released, join, identity, one_per_instant, .. } = self;
        let (join, identity, one_per_instant) = (*join, *identity, *one_per_instant);
        Pairing { ledger, subjects, join, identity, released, one_per_instant }
    }
}
