//! Values that stand in an object with their type, as DynamoDB, MongoDB and Glue write
//! them.

use super::grammar::{self, Value};

/// Members of the struct that Glue makes of a column whose type it found ambiguous.
const CHOICES: [&str; 12] = [
    "string", "int", "long", "double", "float", "short", "byte", "bigint", "decimal", "boolean", "bool",
    "null",
];

/// The value in the object at the start of `input`, which the grammar has accepted, if
/// it is one of these:
/// - DynamoDB: `{"S": "…"}`, `{"N": "…"}`, `{"NULL": true}`;
/// - MongoDB extended JSON: `{"$numberLong": "…"}` and its kin, `{"$date": …}`;
/// - a choice of Glue, of whose members at most one is not null.
pub(in crate::ingest) fn open(input: &[u8]) -> Option<Value<'_>> {
    let (mut members, mut nested) = (Vec::new(), None);
    grammar::object(input, |key, value, span| {
        if value == Value::Nested {
            nested = Some(span.start);
        }
        // A choice has each member once.
        if members.len() <= CHOICES.len() {
            members.push((key, value));
        }
    })
    .ok()?;
    if let [(key, value)] = members.as_mut_slice() {
        match (key.as_ref(), std::mem::take(value)) {
            ("S", value @ Value::Text(_)) => return Some(value),
            ("N", Value::Text(text)) if grammar::is_number(&text) => return Some(Value::Text(text)),
            ("NULL", Value::Bool) => return Some(Value::Null),
            ("$numberLong" | "$numberInt" | "$numberDouble" | "$numberDecimal", Value::Text(text)) => {
                return Some(Value::Text(text));
            }
            ("$date", value @ (Value::Text(_) | Value::Number(_))) => return Some(value),
            ("$date", Value::Nested) => {
                return open(&input[nested?..]).filter(|value| matches!(value, Value::Text(_)));
            }
            (_, other) => *value = other,
        }
    }
    choice(members)
}

fn choice<'a>(members: Vec<(std::borrow::Cow<'a, str>, Value<'a>)>) -> Option<Value<'a>> {
    let names: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    let once = names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
    if names.is_empty() || !once || !names.iter().all(|name| CHOICES.contains(name)) {
        return None;
    }
    let mut there = members.into_iter().map(|(_, value)| value).filter(|value| *value != Value::Null);
    match (there.next(), there.next()) {
        (None, _) => Some(Value::Null),
        (Some(value), None) if value != Value::Nested => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_their_types_are_opened() {
        let text = |text: &'static str| Some(Value::Text(text.into()));
        for (input, value) in [
            (r#"{"S":"a"}"#, text("a")),
            (r#"{"N":"1.0"}"#, text("1.0")),
            (r#"{"N":"one"}"#, None),
            (r#"{"N":1}"#, None),
            (r#"{"s":"a"}"#, None),
            (r#"{"NULL":true}"#, Some(Value::Null)),
            (r#"{"S":"a","N":"1"}"#, None),
            (r#"{"$numberLong":"12"}"#, text("12")),
            (r#"{"$numberDouble":"1.5"}"#, text("1.5")),
            (r#"{"$date":"2023-11-14T22:13:20Z"}"#, text("2023-11-14T22:13:20Z")),
            (r#"{"$date":{"$numberLong":"12"}}"#, text("12")),
            (r#"{"$date":12}"#, Some(Value::Number("12"))),
            (r#"{"$date":{}}"#, None),
            (r#"{"double":null,"int":1}"#, Some(Value::Number("1"))),
            (r#"{"string":"a"}"#, text("a")),
            (r#"{"double":null,"int":null}"#, Some(Value::Null)),
            (r#"{"double":0.5,"int":1}"#, None),
            (r#"{"double":0.5,"double":null}"#, None),
            (r#"{"double":0.5,"other":null}"#, None),
            (r#"{"string":{"S":"a"}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(open(input.as_bytes()), value, "{input}");
        }
    }
}
