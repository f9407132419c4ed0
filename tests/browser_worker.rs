//! The boundary in a dedicated worker of a real browser, where the page uses it.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod boundary;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
