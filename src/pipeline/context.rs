//! What instances need to know before the readings.

use serde::{Deserialize, Serialize};

use crate::consent::ConsentLedger;
use crate::options::{Compression, Identity, Join, Key, Options};
use crate::wire::Message;
use crate::zones::{Pairing, Subjects};

/// What a reader needs to know of people and options.
#[derive(Clone, Serialize, Deserialize)]
pub struct WorkerContext {
    /// Who may be used.
    pub ledger: ConsentLedger,
    subjects: Subjects,
    join: Join,
    identity: Identity,
    /// Of the row groups.
    pub(super) compression: Compression,
}

impl Message for WorkerContext {
    const NAME: &'static str = "context";
}

impl WorkerContext {
    pub(super) fn new(ledger: ConsentLedger, options: &Options, key: &Key) -> WorkerContext {
        let subjects = Subjects::new(&ledger, options.identity, key);
        WorkerContext {
            ledger,
            subjects,
            join: options.join,
            identity: options.identity,
            compression: options.compression,
        }
    }

    /// How readings are paired.
    pub fn pairing(&self) -> Pairing<'_> {
        let WorkerContext { ledger, subjects, join, identity, .. } = self;
        Pairing { ledger, subjects, join: *join, identity: *identity }
    }
}
