//! How the tables of a lake lie, as its report says it.

use std::collections::BTreeMap;

use super::json::Json;
use super::report_file::ReportFile;
use crate::schema::Table;

const FIELD: &str = "table_format";

impl ReportFile {
    /// How the tables lie, by its name; empty in a report of no lake, and in one that is older than that choice.
    pub fn table_format(&self) -> &str {
        self.0.text_of(FIELD)
    }

    /// Says how the tables lie, and which version of each the output is, if they have versions.
    pub fn set_table_format(&mut self, format: &str, versions: Option<&BTreeMap<Table, u64>>) {
        self.0.set(FIELD, "tables", format.into());
        for output in self.0.get_mut("outputs").map_or(&mut [][..], Json::items_mut) {
            let table = Table::from_name(output.text_of("table"));
            if let Some(version) = table.and_then(|table| versions?.get(&table)) {
                output.set("version", "rows", Json::Number(version.to_string()));
            }
        }
    }
}
