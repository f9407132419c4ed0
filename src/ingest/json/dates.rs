//! Times that are written as dates, in the one form of ISO 8601 that pandas and Spark write.

use chrono::{NaiveDate, TimeDelta};

/// Epoch milliseconds of `YYYY-MM-DD[T or blank]hh:mm:ss[.fraction][Z or ±hh:mm]`, and of
/// nothing else. Without an offset it is UTC; the fraction is cut to milliseconds; there
/// is no second 60.
pub(super) fn millis(text: &str) -> Option<i64> {
    let (date, rest) = text.as_bytes().split_first_chunk::<19>()?;
    let [a, b, c, d, b'-', e, f, b'-', g, h, b'T' | b' ', i, j, b':', k, l, b':', m, n] = *date else {
        return None;
    };
    let (fraction, offset) = match rest {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            rest.split_at(digits)
        }
        rest => (&rest[..0], rest),
    };
    let thousandths: Vec<u8> = fraction.iter().copied().chain(*b"000").take(3).collect();
    let day = NaiveDate::from_ymd_opt(number(&[a, b, c, d])? as i32, number(&[e, f])?, number(&[g, h])?)?;
    let time =
        day.and_hms_milli_opt(number(&[i, j])?, number(&[k, l])?, number(&[m, n])?, number(&thousandths)?)?;
    let minutes = match *offset {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h, i, b':', m, n] => {
            let (hours, minutes) = (number(&[h, i])?, number(&[m, n])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = i64::from(hours * 60 + minutes);
            if sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    Some(time.checked_sub_signed(TimeDelta::minutes(minutes))?.and_utc().timestamp_millis())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 10 + char::from(*digit).to_digit(10)?))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    #[test]
    fn one_form_is_read_and_no_other() {
        for (text, millis) in [
            ("2023-11-14T22:13:20.100Z", Some(1_700_000_000_100)),
            ("2023-11-14 22:13:20", Some(1_700_000_000_000)),
            ("2023-11-14T22:13:20.1", Some(1_700_000_000_100)),
            ("2023-11-14T22:13:20.123999999Z", Some(1_700_000_000_123)),
            ("2023-11-15T00:13:20+02:00", Some(1_700_000_000_000)),
            ("2023-11-14T16:43:20-05:30", Some(1_700_000_000_000)),
            ("1969-12-31T23:59:59.9999Z", Some(-1)),
            ("0000-01-01T00:00:00Z", Some(-62_167_219_200_000)),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800_000)),
            ("2023-02-29T00:00:00Z", None),
            ("2023-11-14T22:13:60Z", None),
            ("2023-11-14T24:00:00Z", None),
            ("2023-11-14T22:13:20.Z", None),
            ("2023-11-14T22:13:20z", None),
            ("2023-11-14t22:13:20Z", None),
            ("2023-11-14T22:13:20 Z", None),
            ("2023-11-14T22:13:20+0200", None),
            ("2023-11-14T22:13:20+24:00", None),
            ("2023-11-14T22:13:20+02:60", None),
            ("2023-11-14T22:13:20+02", None),
            ("2023-11-14T22:13", None),
            ("2023-11-14", None),
            (" 2023-11-14T22:13:20Z", None),
            ("2023-11-14T22:13:20Z ", None),
            ("2023-11-14  22:13:20", None),
            ("+2023-11-14T22:13:20Z", None),
            ("2023-11-14T22:13:20,5Z", None),
            ("14/11/2023 22:13:20", None),
        ] {
            assert_eq!(super::millis(text), millis, "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_are_those_of_rfc_3339(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]\
                (\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        ) {
            let leap = text.as_bytes()[17..19] == *b"60";
            // Like ours, but for second 60 and offsets of a day and more.
            let read = DateTime::parse_from_rfc3339(&text).ok().filter(|_| !leap);
            prop_assert_eq!(millis(&text), read.map(|time| time.timestamp_millis()), "{}", text);
        }
    }
}
