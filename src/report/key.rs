//! What a report says of the key of the pseudonyms: never the key.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::options::{Key, KeyOrigin};

/// What is hashed under the key: no email address, so it is nobody's pseudonym.
const CHECKED: &[u8] = b"stedi-lakehouse key check";

/// Where a key comes from, and its check value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeyReport {
    #[serde(rename = "key")]
    origin: KeyOrigin,
    #[serde(rename = "key_check")]
    #[cfg_attr(test, ts(type = "string"))]
    check: KeyCheck,
}

impl KeyReport {
    /// Of a key.
    pub fn new(key: &Key) -> KeyReport {
        let hash = key.keyed_hash().of([CHECKED]);
        KeyReport { origin: key.origin, check: KeyCheck([hash[0], hash[1], hash[2], hash[3]]) }
    }

    /// Equal for two runs with one key, which then give one person one pseudonym.
    pub fn check(self) -> KeyCheck {
        self.check
    }
}

/// The first 32 bits of HMAC-SHA-256 of a constant under the key, as 8 hex
/// digits: enough to tell keys apart, too few to find one by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCheck([u8; 4]);

impl fmt::Display for KeyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for KeyCheck {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `printf 'stedi-lakehouse key check' | openssl dgst -sha256 -hmac Jefe`.
    #[test]
    fn the_check_value_is_hmac_sha_256_of_a_constant() {
        let key = |text: &str, origin| Key::new(text.as_bytes().to_vec(), origin).unwrap();
        let report = KeyReport::new(&key("Jefe", KeyOrigin::Given));
        assert_eq!(serde_json::to_string(&report).unwrap(), r#"{"key":"given","key_check":"5b3c5926"}"#);
        assert_eq!(report.check(), KeyReport::new(&key("Jefe", KeyOrigin::Random)).check());
        assert_ne!(report.check(), KeyReport::new(&key("jefe", KeyOrigin::Given)).check());
    }
}
