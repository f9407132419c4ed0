//! Standard output and error. Either may be closed or full: that is remembered
//! and makes the exit code 1, but keeps nothing else from being written.
//!
//! Names of files may hold what steers a terminal, so nothing that does gets
//! through.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

use stedi_lakehouse::audit::steers;

use super::names;

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Output,
    Error,
}

/// The first write that failed.
static FAULT: OnceLock<String> = OnceLock::new();

thread_local! {
    /// What would have been said on this thread, while nobody is told.
    static UNSAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does something, and gives what it would have said on this thread, which is kept from both streams.
pub fn unsaid<T>(work: impl FnOnce() -> T) -> (T, String) {
    let before = UNSAID.replace(Some(String::new()));
    let done = work();
    (done, UNSAID.replace(before).unwrap_or_default())
}

/// Writes what was asked for to standard output.
pub fn print(text: &str) {
    attempt(Stream::Output, text);
}

/// Writes what a person should know to standard error.
pub fn say(text: &str) {
    attempt(Stream::Error, text);
}

/// What kept something from being written to either.
pub fn fault() -> Option<&'static str> {
    FAULT.get().map(String::as_str)
}

fn attempt(stream: Stream, text: &str) {
    let kept = UNSAID.with_borrow_mut(|unsaid| {
        unsaid.as_mut().map(|unsaid| unsaid.push_str(&escaped(text, |char| char == '\n'))).is_some()
    });
    if kept {
        return;
    }
    if let Err(error) = write(stream, escaped(text, |char| char == '\n').as_bytes()) {
        failed(stream, &error);
    }
}

/// Remembers that a write failed.
pub fn failed(stream: Stream, error: &io::Error) {
    let name = match stream {
        Stream::Output => "standard output",
        Stream::Error => "standard error",
    };
    FAULT.get_or_init(|| format!("cannot write to {name}: {error}"));
}

/// Writes bytes as they are.
#[cfg(unix)]
pub fn write(stream: Stream, bytes: &[u8]) -> io::Result<()> {
    file(stream)?.write_all(bytes)
}

/// Writes bytes as they are.
#[cfg(not(unix))]
pub fn write(stream: Stream, bytes: &[u8]) -> io::Result<()> {
    match stream {
        Stream::Output => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
        Stream::Error => io::stderr().write_all(bytes),
    }
}

/// The stream as a file: the standard library's own handles hold text back, and
/// take no offence at one that cannot be written to.
#[cfg(unix)]
pub fn file(stream: Stream) -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    let owned = match stream {
        Stream::Output => io::stdout().as_fd().try_clone_to_owned(),
        Stream::Error => io::stderr().as_fd().try_clone_to_owned(),
    };
    owned.map(Into::into)
}

/// A text of others, on one line.
pub fn shown(text: &str) -> String {
    escaped(text, |_| false)
}

/// A path, on one line.
pub fn path(path: &Path) -> String {
    shown(&names::name_of(path))
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            _ if !steers(char) || keep(char) => safe.push(char),
            '\n' => safe.push_str("\\n"),
            '\0'..='\u{ff}' => safe.push_str(&format!("\\x{:02x}", char as u32)),
            _ => safe.extend(char.escape_unicode()),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_all_else_is_not() {
        for (text, safe) in [
            ("Zoë 步 \u{1f45f} a b", "Zoë 步 \u{1f45f} a b"),
            ("\u{1b}[31mred\u{1b}[0m", "\\x1b[31mred\\x1b[0m"),
            ("a\nb\r\tc\u{7f}", "a\\nb\\x0d\\x09c\\x7f"),
            ("\u{9b}2J", "\\x9b2J"),
            ("gpj\u{202e}nosj", "gpj\\u{202e}nosj"),
        ] {
            assert_eq!(shown(text), safe);
        }
        assert_eq!(escaped("a\nb\u{1b}", |char| char == '\n'), "a\nb\\x1b");
    }
}
