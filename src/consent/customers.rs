//! Admitted customers, here and as an instance ships them to another.

use std::borrow::Borrow;

use super::latest::Standing;
use super::trusted::Trusted;
use crate::error::Error;
use crate::rows::Customer;

/// A row of customer_trusted, and what else the customers say of its person.
#[derive(Clone, Debug, PartialEq)]
pub struct TrustedCustomer {
    /// The row.
    pub row: Customer,
    /// What else is said.
    pub standing: Standing,
}

impl Borrow<Customer> for TrustedCustomer {
    fn borrow(&self) -> &Customer {
        &self.row
    }
}

/// Rows of customer_trusted or customer_curated that another instance of this program admitted and wrote with
/// [`Customer::write`].
///
/// # Errors
/// `Exchange` for anything else.
pub fn customers_from_bytes(bytes: &[u8]) -> Result<Trusted<Vec<Customer>>, Error> {
    Customer::read_all(bytes).map(Trusted::admitted)
}
