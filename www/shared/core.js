/** Names, words and limits of the core: made by src/bindings.rs; STEDI_BLESS=1 cargo test --lib bindings writes it. */

/** The choices of a run; the default is the first value. */
export const OPTIONS = [
  {
    help: "From when on a person's readings may be used: ever, or as of the consent date",
    name: "consent",
    values: [
      {
        help: "all readings of a person who has consented",
        name: "ever"
      },
      {
        help: "no reading taken before its owner's consent date",
        name: "as-of"
      },
      {
        help: "as as-of, but for the phone's readings alone; only to reproduce the course's counts",
        name: "as-of-phone"
      }
    ]
  },
  {
    help: "Which customer records count: any consenting one, or only each email's latest",
    name: "records",
    values: [
      {
        help: "one consenting record of an email is enough",
        name: "any"
      },
      {
        help: "only an email's newest records, all of which must consent",
        name: "latest"
      }
    ]
  },
  {
    help: "Whether emails that differ by case and blanks alone are one person's",
    name: "emails",
    values: [
      {
        help: "compared as they are",
        name: "exact"
      },
      {
        help: "compared and written without blanks at their ends, in lower case",
        name: "folded"
      }
    ]
  },
  {
    help: "Step readings of a serial number that several emails share",
    name: "shared_serials",
    values: [
      {
        help: "kept, with a warning",
        name: "keep"
      },
      {
        help: "left out",
        name: "drop"
      }
    ]
  },
  {
    help: "Rows of trusted tables that are equal in every column, as overlapping exports have them",
    name: "duplicates",
    values: [
      {
        help: "kept, with a warning",
        name: "keep"
      },
      {
        help: "left out, but for the first",
        name: "drop"
      }
    ]
  },
  {
    help: "Pair readings by owner and time, or, as the original course, by time only (mixes people)",
    name: "join",
    values: [
      {
        help: "readings of one person at one time",
        name: "owner"
      },
      {
        help: "readings of one time, which mixes people",
        name: "time"
      }
    ]
  },
  {
    help: "What names a subject: a keyed pseudonym, or the serial number",
    name: "identity",
    values: [
      {
        help: "a keyed hash of the email",
        name: "pseudonym"
      },
      {
        help: "the serial number, which leads back to a person",
        name: "serial"
      }
    ]
  },
  {
    help: "Times in machine_learning_curated: as measured, moved, or from each subject's first row",
    name: "times",
    values: [
      {
        help: "as they were measured",
        name: "exact"
      },
      {
        help: "earlier by a number of weeks for each subject, 1 to 520, that follows from the key",
        name: "shifted"
      },
      {
        help: "milliseconds since the subject's first row",
        name: "relative"
      }
    ]
  },
  {
    help: "Keep one row for each subject and time in machine_learning_curated",
    name: "one_per_instant",
    values: [
      {
        help: "each reading of a time is paired with each of the other sensor's",
        name: "off"
      },
      {
        help: "only the first pair of a subject and a time, in the order of the table",
        name: "on"
      }
    ]
  },
  {
    help: "How the Parquet files are compressed",
    name: "compression",
    values: [
      {
        help: "known to every reader, and quick",
        name: "snappy"
      },
      {
        help: "smaller, and slower to write",
        name: "gzip"
      },
      {
        help: "smaller, and quicker than gzip; on the command line only",
        name: "zstd"
      }
    ]
  }
];

/** In the order in which they are made; landing rows are never saved. */
export const TABLES = [
  {
    name: "customer_landing",
    saved: false
  },
  {
    name: "accelerometer_landing",
    saved: false
  },
  {
    name: "step_trainer_landing",
    saved: false
  },
  {
    name: "customer_trusted",
    saved: true
  },
  {
    name: "accelerometer_trusted",
    saved: true
  },
  {
    name: "customer_curated",
    saved: true
  },
  {
    name: "step_trainer_trusted",
    saved: true
  },
  {
    name: "machine_learning_curated",
    saved: true
  }
];

/** Why a valid row is not in a table. */
export const RULES = {
  before_consent: "before the consent date",
  duplicate: "equal to another row",
  no_consent: "no consent to research",
  no_partner: "no matching reading",
  shared_serial: "serial number shared by several people",
  withdrawn: "withdrawn"
};

/** What the consent rules made of a customer record. */
export const OUTCOMES = {
  barred: "out: kept out by a rejected record",
  conflict: "out: two consent dates that differ",
  consents: "in: consents",
  early: "out: consent date before March 1973",
  kept_out: "out: kept out by another record",
  no_date: "out: no consent date",
  other_record: "out: a newer record counts",
  unreadable: "out: consent date cannot be read",
  withdrawn: "out: withdrawn"
};

/** Why a record is not a row. */
export const REASONS = {
  bad_compression: "damaged gzip or zip, what follows is lost",
  bad_json: "not valid JSON",
  "bad_utf8": "not valid UTF-8",
  missing_key: "key field missing or empty",
  not_a_number: "not a number",
  not_an_integer: "not an integer",
  out_of_range: "number out of range",
  too_deep: "nested deeper than 128",
  too_long: "longer than 64 MiB",
  unterminated: "cut off before its end",
  wrong_type: "field of the wrong type"
};

/** Why an input is skipped or left out. */
export const UNREAD = {
  curated: "it is in a folder named curated, and there are landing files: an earlier job made it",
  hidden: "hidden files and folders are not read",
  marker: "a marker or a checksum that a system has left beside the data",
  trusted: "it is in a folder named trusted, and there are landing files: an earlier job made it"
};

/** How much the core takes and keeps, and what the page allows itself. */
export const LIMITS = {
  console_bytes: 1610612736,
  gathered_bytes: 67108864,
  head_bytes: 65536,
  job_bytes: 838860800,
  list_bytes: 67108864,
  partner_bytes: 10027008,
  progress_ms: 100,
  readings_bytes: 536870912,
  record_bytes: 67108864,
  record_depth: 128,
  reject_text_bytes: 256,
  rejects_kept: 1000,
  rejects_kept_per_file: 100,
  row_group_rows: 131072
};
