//! Which inputs of two reports are the same.

use std::collections::{BTreeMap, BTreeSet};

use super::json::{Json, listed, quoted};
use super::report_file::positions;

/// What inputs of two reports are held against each other by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Their SHA-256; a name tells which was changed and which renamed.
    Hash,
    /// Their size, of equal names: a report has no hashes.
    Size,
    /// Their SHA-256, or else their size, table and records: a report is that of
    /// a research export, whose inputs have numbers instead of names.
    Content,
}

impl By {
    /// For two reports.
    pub fn of(old: &Json, new: &Json) -> By {
        let numbered = |report: &Json| report.get("inputs_by").text() == Some("number");
        match (numbered(old) || numbered(new), hashed(old) && hashed(new)) {
            (true, _) => By::Content,
            (_, true) => By::Hash,
            _ => By::Size,
        }
    }

    fn name(self) -> &'static str {
        match self {
            By::Hash => "sha256",
            By::Size => "size",
            By::Content => "content",
        }
    }
}

/// Inputs that are the same, added, removed, changed and renamed, as JSON.
pub fn input_changes(old: &Json, new: &Json, by: By) -> String {
    let (was, is) = (known(old, by), known(new, by));
    let changes = if by == By::Content { of_contents(&was, &is) } else { of_names(&was, &is, by) };
    let Changes { same, added, removed, changed, renamed } = changes;
    format!(
        r#"{{"compared_by": "{}", "same": {same}, "added": [{}], "removed": [{}], "changed": [{}], "renamed": [{}]}}"#,
        by.name(),
        listed(added.into_iter().map(Known::told)),
        listed(removed.into_iter().map(Known::told)),
        listed(changed.into_iter().map(Known::told)),
        listed(renamed.into_iter().map(|[old, new]| format!("[{}, {}]", quoted(old.name), quoted(new.name))))
    )
}

#[derive(Default)]
struct Changes<'a> {
    same: u64,
    added: Vec<&'a Known<'a>>,
    removed: Vec<&'a Known<'a>>,
    changed: Vec<&'a Known<'a>>,
    renamed: Vec<[&'a Known<'a>; 2]>,
}

fn of_names<'a>(was: &'a [Known<'a>], is: &'a [Known<'a>], by: By) -> Changes<'a> {
    let [old, new] = [was, is].map(|inputs| positions(inputs.iter().map(|input| input.name)));
    // Inputs of the earlier run whose name is gone, by content.
    let gone = was.iter().filter(|input| !new.contains_key(input.name));
    let mut gone: Vec<Option<&Known>> = gone.map(Some).collect();
    let mut changes = Changes::default();
    for input in is {
        if let Some(&at) = old.get(input.name) {
            match was[at].content == input.content {
                true => changes.same += 1,
                false => changes.changed.push(input),
            }
            continue;
        }
        let same_content =
            |gone: &&mut Option<&Known>| gone.is_some_and(|gone| gone.content == input.content);
        let moved = gone.iter_mut().find(same_content).filter(|_| by == By::Hash);
        match moved.and_then(Option::take) {
            Some(before) => changes.renamed.push([before, input]),
            None => changes.added.push(input),
        }
    }
    changes.removed = gone.into_iter().flatten().collect();
    changes
}

/// By hash where both have one, else by what else is known of them.
fn of_contents<'a>(was: &'a [Known<'a>], is: &'a [Known<'a>]) -> Changes<'a> {
    let mut left: BTreeSet<usize> = (0..was.len()).collect();
    let mut changes = Changes { added: is.iter().collect(), ..Changes::default() };
    for by_hash in [true, false] {
        let mut before: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &at in left.iter().rev() {
            if let Some(likeness) = was[at].likeness(by_hash) {
                before.entry(likeness).or_default().push(at);
            }
        }
        changes.added.retain(|input| {
            // Two hashes that differ are two contents.
            let both = |at: &usize| input.sha256().is_some() && was[*at].sha256().is_some();
            let at = input.likeness(by_hash).and_then(|likeness| {
                let alike = before.get_mut(&likeness)?;
                let last = alike.iter().rposition(|at| both(at) == by_hash)?;
                Some(alike.remove(last))
            });
            changes.same += u64::from(at.is_some_and(|at| left.remove(&at)));
            at.is_none()
        });
    }
    changes.removed = left.into_iter().map(|at| &was[at]).collect();
    changes
}

/// An input, and what its content is known by.
struct Known<'a> {
    name: &'a str,
    content: String,
    input: &'a Json,
}

impl Known<'_> {
    fn told(&self) -> String {
        let [name, bytes, status] = ["name", "bytes", "status"].map(|name| self.input.get(name).pretty());
        format!(r#"{{"name": {name}, "bytes": {bytes}, "status": {status}}}"#)
    }

    fn sha256(&self) -> Option<&str> {
        self.input.get("sha256").text()
    }

    /// Equal for inputs that may be one; none where there is no hash to go by.
    fn likeness(&self, by_hash: bool) -> Option<String> {
        if by_hash {
            return self.sha256().map(str::to_owned);
        }
        let field = |name: &str| self.input.get(name).text().unwrap_or_default();
        Some(["bytes", "status", "table", "records", "rejected"].map(field).join(" "))
    }
}

/// What an input's content is known by: its hash, or the hash of its zip and the
/// path in it. So a zip that was packed anew changes all of its entries.
fn content(report: &Json, input: &Json) -> Option<String> {
    if let Some(hash) = input.get("sha256").text() {
        return Some(hash.to_owned());
    }
    let zip = input.get("archive").text()?;
    let mut zips = report.get("archives").items().iter();
    let hash = zips.find(|archive| archive.get("name").text() == Some(zip))?.get("sha256").text()?;
    Some(format!("{hash}{}", input.get("name").text()?.strip_prefix(zip)?))
}

/// Whether each input that was used can be told by its content.
fn hashed(report: &Json) -> bool {
    let inputs = report.get("inputs").items().iter();
    let used =
        |input: &&Json| !matches!(input.get("status").text(), Some("refused" | "skipped" | "left_out"));
    report.get("version").count() > 1 && inputs.filter(used).all(|input| content(report, input).is_some())
}

fn known(report: &Json, by: By) -> Vec<Known<'_>> {
    let inputs = report.get("inputs").items().iter();
    let known = inputs.map(|input| {
        let size = || format!("{} bytes", input.count_of("bytes"));
        let content = if by == By::Hash { content(report, input) } else { None };
        Known { name: input.text_of("name"), content: content.unwrap_or_else(size), input }
    });
    known.collect()
}
