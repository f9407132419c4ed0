//! Notebooks as they are kept: valid, narrow, and without what a run leaves in them.

use serde_json::Value;

/// What is wrong with a notebook, by the cell.
pub fn problems(text: &str) -> Vec<String> {
    let Ok(notebook) = serde_json::from_str::<Value>(text) else {
        return vec!["it is no JSON".to_owned()];
    };
    let mut found = Vec::new();
    let version = [&notebook["nbformat"], &notebook["nbformat_minor"]].map(Value::as_u64);
    if version != [Some(4), Some(5)] || !notebook["metadata"].is_object() {
        found.push("it is not of format 4.5".to_owned());
    }
    let empty = Vec::new();
    let cells = notebook["cells"].as_array().unwrap_or(&empty);
    if cells.is_empty() {
        found.push("it has no cells".to_owned());
    }
    let mut ids = std::collections::BTreeSet::new();
    for cell in cells {
        let id = cell["id"].as_str().unwrap_or_default();
        let mut say = |problem: &str| found.push(format!("{id}: {problem}"));
        if id.is_empty() || !ids.insert(id) {
            say("it has no id of its own");
        }
        let is_code = match cell["cell_type"].as_str() {
            Some("code") => true,
            Some("markdown") => false,
            _ => {
                say("it is neither code nor markdown");
                continue;
            }
        };
        if is_code && (cell["outputs"] != Value::Array(Vec::new()) || !cell["execution_count"].is_null()) {
            say("it has outputs");
        }
        let lines = cell["source"].as_array().unwrap_or(&empty);
        if lines.is_empty() || lines.iter().any(|line| !line.is_string()) {
            say("its source is no list of lines");
        }
        // Text is wrapped by whoever shows it.
        let wide = |line: &&Value| line.as_str().unwrap_or_default().trim_end().chars().count() > 120;
        if is_code && lines.iter().any(|line| wide(&line)) {
            say("it has a line of over 120 columns");
        }
    }
    found
}
