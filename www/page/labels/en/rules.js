/** Words of the tables, rules, options and states. The names are those of the core, the SQL and the report. */

const NEVER_SAVED = 'Not saved: its rows are read and counted.';

/**
 * Of each table the rule that makes it, and what a privacy officer wants to know about its file.
 * @type {Record<import('../../../shared/core.js').TableName, { rule: string, note?: string }>}
 */
const tables = {
  customer_landing: { rule: 'Every valid customer record you drop.', note: NEVER_SAVED },
  accelerometer_landing: { rule: 'Every valid reading of the phone app: user, time, x, y, z.', note: NEVER_SAVED },
  step_trainer_landing: {
    rule: 'Every valid reading of the step trainer: serial number, time, distance.',
    note: NEVER_SAVED,
  },
  customer_trusted: {
    rule: 'Customers who consent to research.',
    note: 'Holds names, email addresses and phone numbers.',
  },
  accelerometer_trusted: {
    rule: 'Phone readings whose user is the email of a customer_trusted row.',
    note: 'Holds email addresses.',
  },
  step_trainer_trusted: {
    rule: 'Step readings whose serial number is that of a customer_curated row.',
    note: 'Holds serial numbers.',
  },
  customer_curated: {
    rule: 'Trusted customers who have phone readings.',
    note: 'Holds names, email addresses and phone numbers.',
  },
  machine_learning_curated: {
    rule:
      'One row for each pair of a step reading and a phone reading at the same time, and of the same owner unless ' +
      'the settings say otherwise: the table for research.',
    note: 'Holds no names and no email addresses: subject, sensorreadingtime, distancefromobject, x, y, z.',
  },
};

/** @type {Record<'landing' | 'trusted' | 'curated', string>} */
const zones = {
  landing: 'Read and counted, not saved.',
  trusted: 'Rows with consent.',
  curated: 'Combined sensor data.',
};

/**
 * What lets a row pass into a table, in few words.
 * @type {Partial<Record<import('../../../shared/core.js').TableName, string>>}
 */
const passes = {
  customer_trusted: 'consents to research',
  accelerometer_trusted: 'user is a trusted customer',
  step_trainer_trusted: 'device of a curated customer',
  customer_curated: 'has phone readings',
  machine_learning_curated: 'same owner, same time',
};

/** How a run and its results stand, as the bar says it. */
const states = {
  idle: '',
  running: 'Running',
  done: 'Done',
  warned: 'Done with warnings',
  incomplete: 'Incomplete',
  outdated: 'Out of date',
  opened: 'Saved lake',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** @type {Record<import('../../../shared/protocol.js').Phase, string>} */
const phases = {
  sample: 'Creating sample data',
  scanning: 'Checking the files',
  customers: 'Reading customers',
  readings: 'Reading sensors',
  curating: 'Joining, sorting and writing Parquet',
};

/** @type {Record<import('../../../shared/core.js').ReportInput['status'], string>} */
const inputStatus = {
  used: 'used',
  refused: 'refused',
  skipped: 'skipped',
  left_out: 'left out',
  duplicate: 'duplicate',
  lake: 'from the lake',
  in_lake: 'in the lake',
};

/** The options of the form: a label, and of each value its label and what it does. */
const choices = {
  consent: {
    label: 'Consent time',
    values: {
      ever: { label: 'Ever consented', hint: 'All readings of people who consented are used, earlier ones too.' },
      'as-of': {
        label: 'All readings from the consent date on',
        hint:
          'No reading of either sensor from before its owner’s consent date is used. Stricter than the extra task of ' +
          'the original course.',
      },
      'as-of-phone': {
        label: 'Phone readings from the consent date on',
        hint:
          'As in the extra task of the original course: step readings are not held to the date. Only to ' +
          'reproduce its counts.',
      },
    },
  },
  records: {
    label: 'Several records of one person',
    values: {
      any: { label: 'Any record may consent', hint: 'One consenting record of an email address is enough.' },
      latest: {
        label: 'The latest record decides',
        hint: 'Only the newest record of an email address counts. Withdrawn consent stays withdrawn.',
      },
    },
  },
  emails: {
    label: 'Email addresses',
    values: {
      exact: { label: 'As they are written', hint: 'Ann@example.org and ann@example.org are two people.' },
      folded: {
        label: 'Ignore case and blanks',
        hint: 'Compared and written in lower case, without blanks at the ends.',
      },
    },
  },
  'shared-serials': {
    label: 'Devices shared by several people',
    values: {
      keep: {
        label: 'Keep, with a warning',
        hint: 'Step readings of a serial number with several email addresses are kept, with a warning.',
      },
      drop: { label: 'Leave out', hint: 'Step readings that cannot be assigned to one person are left out.' },
    },
  },
  duplicates: {
    label: 'Equal rows',
    values: {
      keep: { label: 'Keep, with a warning', hint: 'Overlapping exports have rows twice, which multiplies pairs.' },
      drop: { label: 'Keep the first of each', hint: 'Trusted rows that are equal in every column count once.' },
    },
  },
  join: {
    label: 'Sensors are joined by',
    values: {
      owner: { label: 'Owner and time', hint: 'Pairs two readings of the same person at the same time.' },
      time: {
        label: 'Time only',
        hint: 'As in the original course: pairs readings of different people. Only to reproduce its counts.',
      },
    },
  },
  identity: {
    label: 'People in the research table',
    values: {
      pseudonym: {
        label: 'Pseudonym',
        hint: 'A keyed hash replaces each person. Anyone who has the key and the email addresses can link it back.',
      },
      serial: {
        label: 'Serial number',
        hint: 'As in the original: the table holds the device’s serial number, which identifies its owner.',
      },
    },
  },
  times: {
    label: 'Times in the research table',
    values: {
      exact: { label: 'As measured', hint: 'Anyone who knows when a person was measured can find that person’s rows.' },
      shifted: {
        label: 'Earlier by whole weeks',
        hint:
          'All times of a person are 1 to 520 weeks earlier; the key decides how many. Weekday, hour (UTC) and ' +
          'intervals stay. This stops linkage by timestamps, not by gait.',
      },
      relative: {
        label: 'Since the first row',
        hint:
          'Milliseconds since the person’s first row: only intervals stay. This stops linkage by timestamps, not by ' +
          'gait.',
      },
    },
  },
  'one-per-instant': {
    label: 'Rows for each person and time',
    values: {
      off: {
        label: 'All pairs',
        hint:
          'Where a sensor has several readings of a time, each is paired with each of the other’s, as in the ' +
          'original.',
      },
      on: {
        label: 'One',
        hint: 'Only the first pair of a person and a time is kept, in the order of the table. The others are counted.',
      },
    },
  },
  key: {
    label: 'Key of the pseudonyms',
    values: {
      random: {
        label: 'Random, for these files',
        hint:
          'Every run of the same files uses one key; new files get a new one. Runs of different files ' +
          'cannot be linked, unless you save the key and give it to the next run.',
      },
      file: {
        label: 'From a key file',
        hint: 'The same key gives the same person the same pseudonym, so runs are linked on purpose.',
      },
    },
  },
  compression: {
    label: 'Compression of the Parquet files',
    values: {
      snappy: { label: 'Snappy', hint: 'Fast, and supported by every Parquet reader.' },
      gzip: { label: 'Gzip', hint: 'Smaller files, slower to write. The command line also has zstd.' },
    },
  },
};

/** Where people are named by the serial numbers of their devices. */
const serials = 'Its serial numbers identify people: each leads to the owner of a device.';

const presets = { original: 'As the original course', strictest: 'Strictest' };

/** What each directive of the page's policy means. */
const directives = {
  'default-src': 'Everything that is not named below is refused: fonts, video, prefetch and all the rest.',
  'script-src':
    'Only the scripts inside this file run; each is identified by its hash, so none can be changed. The core, which ' +
    'is WebAssembly, may be compiled. Text is never run as code.',
  'style-src': 'Only the style sheet inside this file.',
  'worker-src': 'Workers are made from this file’s own code, and the same policy holds in them.',
  'img-src': 'Only images in this file.',
  'connect-src': 'No fetch, XMLHttpRequest, WebSocket, EventSource, WebTransport, beacon or ping, to anywhere.',
  'form-action': 'No form can be sent.',
  'base-uri': 'Nothing can change where relative addresses lead.',
  'frame-src': 'No other page can be loaded into this one.',
  'object-src': 'No plug-ins.',
  'require-trusted-types-for':
    'No text becomes an element or a script: the browser refuses innerHTML and its like, where it knows this ' +
    'directive.',
  'trusted-types': 'One exception: addresses of workers, made from this file’s own code.',
};

/** @type {Record<import('../../../shared/protocol.js').RefusedBy, string>} */
const refusedBy = {
  policy: 'policy:',
  script: 'first script',
  browser: 'browser, for every page',
  absent: 'does not exist there',
  untried: 'not tried: this browser cannot refuse it',
  unsaid: 'failed, and the browser gives no reason',
  nobody: 'NOT REFUSED',
};

export const RULES = {
  tables,
  zones,
  passes,
  /** Instead, where readings are joined on time only. */
  passesByTime: 'same time, any owner',
  states,
  phases,
  inputStatus,
  choices,
  serials,
  presets,
  directives,
  refusedBy,
  /** A label in the middle of a sentence. @param {string} label */
  within: (label) => label.toLowerCase(),
};
