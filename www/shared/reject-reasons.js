/** Why a record is not a row. @type {Record<string, string>} */
export const REASONS = {
  bad_json: 'not valid JSON',
  unterminated: 'cut off before its end',
  too_long: 'longer than 64 MiB',
  too_deep: 'nested deeper than 128',
  bad_utf8: 'not valid UTF-8',
  bad_compression: 'damaged gzip or zip; the rest is lost',
  missing_key: 'key field missing or empty',
  wrong_type: 'field of the wrong type',
  not_a_number: 'not a number',
  not_an_integer: 'not an integer',
  out_of_range: 'number out of range',
};
