//! Who may be used, and from when. Deny by default: a customer record consents
//! when its sharewithresearchasofdate is a positive number.
//!
//! [`admit`] makes the ledger from the customers; the ledger, as bytes, goes to
//! every instance and decides on each reading while it is decoded. What it admits is
//! [`Trusted`], which nothing outside of this module can make.

mod admit;
mod customers;
mod latest;
mod ledger;
mod outcome;
mod readings;
mod rules;
mod trusted;

pub use admit::{ConsentResult, RejectEffects, admit, bar, narrow};
pub use customers::{TrustedCustomer, customers_from_bytes};
pub use latest::Standing;
pub use ledger::{ConsentLedger, Owner, Withdrawals};
pub use outcome::{Outcome, Outcomes};
pub use readings::Readings;
pub use rules::{EARLIEST_DATE, Filtered, Rule};
pub use trusted::{Admitted, Trusted};
