//! Records within values that are passed over: nobody reads them, so somebody has to say
//! that they are there.

use super::emails;
use super::json::grammar::{self, Value};
use super::json::tokens::Scan;
use super::json::values::position;
use crate::schema::{self, Landing};

/// Whether something in a value, which is valid JSON, may be a record: an object with two
/// fields of one table, or a text of JSON that names emails.
pub(super) fn may_hold_record(value: &[u8]) -> bool {
    match value.first() {
        Some(b'{') => {
            let mut names = Vec::new();
            let mut holds = false;
            let read = grammar::object(value, |key, inner, span| {
                holds =
                    holds || is_nested(&inner) && may_hold_record(&value[span]) || is_record_as_text(&inner);
                names.extend(position(schema::landing_columns(), &key, 0));
            });
            holds || read.is_err() || are_of_one_table(&names)
        }
        Some(b'[') => items_may_hold_record(value).unwrap_or(true),
        _ => false,
    }
}

fn items_may_hold_record(array: &[u8]) -> Option<bool> {
    let mut scan = Scan { input: array, at: 1 };
    while !scan.next_is(b']').ok()? {
        let start = scan.at;
        let item = scan.value().ok()?;
        if is_nested(&item) && may_hold_record(&array[start..scan.at]) || is_record_as_text(&item) {
            return Some(true);
        }
        if scan.next_is(b',').ok()? {
            scan.blanks();
        }
    }
    Some(false)
}

fn is_nested(value: &Value) -> bool {
    *value == Value::Nested
}

fn is_record_as_text(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains('{') && emails::named_in(text.as_bytes()))
}

/// Whether two of these columns are of one table.
fn are_of_one_table(named: &[usize]) -> bool {
    let columns = schema::landing_columns();
    Landing::ALL.iter().any(|kind| {
        let own = |column: &&schema::Column| named.iter().any(|&at| columns[at].name == column.name);
        kind.columns().iter().filter(own).count() >= 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_record_is_found_however_deep() {
        for (value, expected) in [
            (r#"{"email":"b","serialNumber":"s"}"#, true),
            (r#"{"records":[{"note":1},{"email":"b","shareWithResearchAsOfDate":0}]}"#, true),
            (r#"[[[{"user":"b","timeStamp":1}]]]"#, true),
            (r#"["{\"email\":\"b@x.de\"}"]"#, true),
            (r#"{"b@x.de":{"e_mail":"b","phone":"1"}}"#, true),
            (r#"{"email":{"S":"b@x.de"}}"#, false),
            (r#"{"fields":[{"name":"email","type":"string"}],"primaryKey":["index"]}"#, false),
            (r#"{"RequestId":"1","HTTPHeaders":{"date":"x"}}"#, false),
            (r#"[1,"a",null,[],{}]"#, false),
            (r#"{}"#, false),
        ] {
            assert_eq!(may_hold_record(value.as_bytes()), expected, "{value}");
        }
    }
}
