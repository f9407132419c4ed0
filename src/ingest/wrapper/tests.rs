use crate::ingest::{Decoded, Decoder, FastRow, FieldFault, Record, Sink};
use crate::schema::{Landing, accelerometer, customer};

/// Keeps the times of readings.
#[derive(Default)]
struct Times(Vec<i64>);

impl Sink for Times {
    const FAST: bool = true;

    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        record.text(accelerometer::USER)?;
        record.double(accelerometer::X)?;
        self.0.extend(record.bigint(accelerometer::TIMESTAMP)?);
        Ok(())
    }

    fn fast(&mut self, row: &FastRow<'_>) {
        self.0.extend(row.integer(accelerometer::TIMESTAMP));
    }
}

/// Decodes in ranges of a size, by chunks of one.
fn decode(input: &str, size: usize, chunk: usize) -> (Vec<i64>, Option<Decoded>) {
    let (mut times, mut parts) = (Times::default(), Vec::new());
    for start in (0..input.len()).step_by(size) {
        let end = if start + size >= input.len() { u64::MAX } else { (start + size) as u64 };
        let mut decoder = Decoder::range("a", Landing::Accelerometer.columns(), start as u64, end);
        for chunk in input.as_bytes()[start.saturating_sub(1)..].chunks(chunk) {
            decoder.push(chunk, &mut times);
        }
        parts.push(decoder.finish(&mut times));
    }
    (times.0, Decoded::joined(parts))
}

/// The times and what else came of a file, which all chunks and ranges must agree on.
fn read(input: &str) -> (Vec<i64>, Decoded) {
    let (times, whole) = decode(input, input.len(), input.len());
    let whole = whole.unwrap();
    for size in 1..=input.len() {
        for (size, chunk) in [(input.len(), size), (size, 1 + size % 7)] {
            let (others, joined) = decode(input, size, chunk);
            let Some(joined) = joined else { continue };
            assert_eq!(others, times, "{input} by {size} and {chunk}");
            assert_eq!(format!("{joined:?}"), format!("{whole:?}"), "{input} by {size} and {chunk}");
        }
    }
    (times, whole)
}

fn readings(times: std::ops::Range<i64>, between: &str) -> String {
    let readings: Vec<String> =
        times.map(|time| format!(r#"{{"user":"a","timestamp":{time},"x":1}}"#)).collect();
    readings.join(between)
}

#[test]
fn records_of_a_wrapper_are_read_as_any() {
    let (one, other) = (readings(0..3, ","), readings(3..5, ",\n"));
    for (input, count) in [
        (format!(r#"{{"records":[{one}],"count":3}}"#), 3),
        (format!("{{\"schema\": {{\"fields\": []}}, \"data\": [\n{other}\n]\n}}\n"), 2),
        (format!(r#"{{"records":[{one}],"n":1,"more":[{other}]}}"#), 5),
        (format!("{{\"ids\":[1,{{}}],\"n\":null,\"data\":[{one} , {other}]}}"), 5),
        (
            format!(
                "{{\"records\":[{one}]}}\n{{\"records\":[\n{other}],\n\"next\":\"}}\"}}\n{}",
                readings(5..6, "")
            ),
            6,
        ),
    ] {
        let (times, decoded) = read(&input);
        assert_eq!((times.len(), decoded.rejected.total(), decoded.open_arrays), (count, 0, 0), "{input}");
    }
}

#[test]
fn a_wrapper_without_a_record_is_neither_row_nor_reject() {
    let some = readings(0..2, "\n");
    for empty in [
        r#"{"records":[],"count":0}"#,
        r#"{ "schema" : {"fields":[{"name":"user"}]} , "data" : [ ] }"#,
        r#"{"a":[],"b":[],"next":null}"#,
    ] {
        for input in [format!("{empty}\n{some}\n"), format!("{some}\n{empty}"), format!("[{empty},{some}]")] {
            let (times, decoded) = read(&input);
            assert_eq!((times.len(), decoded.rejected.total(), decoded.open_arrays), (2, 0, 0), "{input}");
        }
    }
    for (other, rejected) in [
        (r#"{"records":[],"errors":[{"user":"a"}]}"#, 1),
        (r#"{"records":[],"person":{"user":"a"}}"#, 1),
        (r#"{"records":[],"a":{"b":{"email":"c@d"}}}"#, 1),
        (r#"{"tags":[],"count":0 x}"#, 1),
        (r#"{"tags":[],"user":"a","timestamp":NaN}"#, 1),
        (r#"{"tags":[],"user":"a","timestamp":5}"#, 0),
    ] {
        let (times, decoded) = read(&format!("{other}\n{some}\n"));
        assert_eq!((times.len() as u64, decoded.rejected.total()), (3 - rejected, rejected), "{other}");
    }
}

#[test]
fn records_beside_those_of_a_wrapper_are_rejects() {
    let some = readings(0..2, ",");
    let customer = r#"{"email":"b@x.de","serialNumber":"s"}"#;
    for (input, rejected) in [
        (format!(r#"{{"records":[{some}],"deleted":{customer},"n":1}}"#), 1),
        (format!(r#"{{"deleted":{customer},"records":[{some}]}}"#), 1),
        (format!(r#"{{"records":[{some}],"more":[[{customer}]],"deleted":{{"of":[{customer}]}}}}"#), 2),
        (format!(r#"{{"records":[{some}],"customers":[{customer},{customer}]}}"#), 2),
        (format!(r#"{{"customers":[{customer}],"records":[{some}],"meta":{{"next":1}}}}"#), 1),
    ] {
        let (times, decoded) = read(&input);
        assert_eq!((times.len(), decoded.rejected.total()), (2, rejected), "{input}");
        assert_eq!(decoded.barred.named, rejected, "{input}");
        assert!(decoded.barred.emails.contains("b@x.de"), "{input}");
    }
}

#[test]
fn what_is_bad_in_a_wrapper_costs_itself_only() {
    let (one, other) = (readings(0..2, ","), readings(3..5, ","));
    for (input, rejected) in [
        (format!(r#"{{"records":[{one},{{"user":NaN}},{other}],"count":3}}"#), 1),
        (format!(r#"{{"records":[{{"user":"a","timestamp":NaN}},{one},null,{other}]}}"#), 2),
        (format!(r#"{{"records":[{one},{other}],"user":"b"}}"#), 1),
        (format!(r#"{{"records":[{one},{other}] x}}"#), 1),
        (format!(r#"{{"records":[{one},{other}],"count""#), 1),
    ] {
        let (times, decoded) = read(&input);
        assert_eq!((times.len(), decoded.rejected.total()), (4, rejected), "{input}");
    }
    // Cut within the array.
    let (times, decoded) = read(&format!(r#"{{"records":[{one},"#));
    assert_eq!((times.len(), decoded.open_arrays), (2, 1));
}

#[test]
fn an_object_that_is_a_record_itself_is_no_wrapper() {
    let nested = readings(7..9, ",");
    for input in [
        format!(r#"{{"user":"a","old":[{nested}],"timestamp":1}}"#),
        format!(r#"{{"user":"a","timestamp":1,"old":{nested}}}"#).replace("},{", ","),
        r#"{"old":[{"user":"b"}],"user":"a","timestamp":1}"#.to_owned(),
    ] {
        let (times, decoded) = read(&input);
        assert_eq!((times, decoded.rejected.total()), (vec![1], 0), "{input}");
    }
}

#[test]
fn a_record_in_one_member_is_opened_and_the_states_of_a_change_are_not() {
    let item =
        |time: &str| format!(r#"{{"user":{{"S":"a"}},"timestamp":{{"N":"{time}"}},"x":{{"NULL":true}}}}"#);
    let input = format!(
        "{{\"Item\":{}}}\n{{\"n\":1,\"value\":{},\"more\":{{}}}}\n{{\"Items\":[{{\"Item\":{}}}]}}",
        item("1"),
        readings(2..3, ""),
        item("3.0")
    );
    let (times, decoded) = read(&input);
    assert_eq!((times, decoded.rejected.total()), (vec![1, 2, 3], 0), "{:?}", decoded.rejects);
    assert_eq!(decoded.unknown_fields.keys().collect::<Vec<_>>(), ["more", "n"]);
    for change in [
        format!(r#"{{"before":null,"after":{}}}"#, item("1")),
        format!(r#"{{"data":{},"metadata":{{"operation":"delete"}}}}"#, item("1")),
        format!(r#"{{"one":{},"other":{}}}"#, item("1"), item("2")),
        r#"{"one":{"user":"a"}}"#.to_owned(),
    ] {
        let (times, decoded) = read(&change);
        assert_eq!((times.len(), decoded.rejected.total()), (0, 1), "{change}");
    }
}

#[test]
fn names_are_spelt_in_many_ways_and_times_written_as_dates() {
    let input = "{\"USER\":\"a\",\"time_stamp\":1,\"x\":1}\n{\"user\":\"a\",\"Time-Stamp\":\"2023-11-14 22:13:20\"}\n";
    let (times, decoded) = read(&input.repeat(3));
    assert_eq!(times, [1, 1_700_000_000_000].repeat(3));
    assert_eq!((decoded.dates, decoded.unknown_fields.len()), (3, 0));
    // A date is no number where there is no time.
    let (times, decoded) = read(r#"{"user":"a","timestamp":1,"x":"2023-11-14 22:13:20"}"#);
    assert_eq!((times.len(), decoded.rejected.total(), decoded.dates), (0, 1, 0));
}

/// Keeps what becomes of consent dates.
#[derive(Default)]
struct Consents(Vec<(Option<i64>, bool, bool)>);

impl Sink for Consents {
    fn record(&mut self, record: &Record<'_>) -> Result<(), FieldFault> {
        let at = customer::SHAREWITHRESEARCHASOFDATE;
        self.0.push((record.bigint(at)?, record.is_unreadable(at), record.is_conflicting(at)));
        Ok(())
    }
}

#[test]
fn two_consent_dates_that_differ_are_none() {
    for (fields, expected) in [
        (r#""shareWithResearchAsOfDate":5"#, (Some(5), false, false)),
        (r#""shareWithResearchAsOfDate":5,"share_with_research_as_of_date":"5.0""#, (Some(5), false, false)),
        (r#""shareWithResearchAsOfDate":5,"shareWithResearchAsOfDate":6"#, (None, false, true)),
        (r#""shareWithResearchAsOfDate":0,"shareWithResearchAsOfDate":6"#, (None, false, true)),
        (r#""shareWithResearchAsOfDate":6,"sharewithresearchasofdate":null"#, (None, false, true)),
        (r#""shareWithResearchAsOfDate":"1970-01-01 00:00:01""#, (Some(1000), false, false)),
        (r#""shareWithResearchAsOfDate":"1970-01-01""#, (None, true, false)),
        (r#""shareWithResearchAsOfDate":{"long":7,"string":null}"#, (Some(7), false, false)),
        (r#""shareWithResearchAsOfDate":{"other":7}"#, (None, true, false)),
    ] {
        let record = format!(r#"{{"email":"a","serialNumber":"s",{fields}}}"#);
        assert_eq!(consents(&record).0, [expected], "{fields}");
    }
}

#[test]
fn a_consent_date_beside_a_wrapped_record_has_to_agree() {
    let field = |date: &str| format!(r#""shareWithResearchAsOfDate":{date}"#);
    for (within, beside, expected) in [
        (field("5"), field("5.0"), (Some(5), false, false)),
        (field("5"), field("0"), (None, false, true)),
        (field("5"), field("null"), (None, false, true)),
        (field(r#"{"N":"5"}"#), field("6"), (None, false, true)),
        (r#""phone":"1""#.to_owned(), field("5"), (None, false, true)),
    ] {
        let item = format!(r#""Item":{{"email":"a","serialNumber":"s",{within}}}"#);
        for record in [format!("{{{item},{beside}}}"), format!("{{{beside},{item}}}")] {
            let (found, unknown) = consents(&record);
            assert_eq!((found, unknown), (vec![expected], 1), "{record}");
        }
    }
}

/// What becomes of the consent date of a customer, and how many fields are unknown.
fn consents(record: &str) -> (Vec<(Option<i64>, bool, bool)>, usize) {
    let mut consents = Consents::default();
    let mut decoder = Decoder::new("a", Landing::Customer.columns());
    decoder.push(record.as_bytes(), &mut consents);
    let decoded = decoder.finish(&mut consents);
    (consents.0, decoded.unknown_fields.len())
}
