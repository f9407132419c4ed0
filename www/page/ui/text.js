/** All words of the page about tables, rules and options. The names are those of the core, the SQL and the report. */

const NEVER_SAVED = 'Not saved: its rows are read and counted.';

/**
 * Of each table the rule that makes it, and what a privacy officer wants to know about its file.
 * @type {Record<import('../../shared/core-types.js').TableName, { rule: string, note?: string }>}
 */
export const TABLE_TEXT = {
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
      'One row for each pair of a step reading and a phone reading of the same owner at the same time: the ' +
      'table for research.',
    note: 'Holds no names and no email addresses: subject, sensorreadingtime, distancefromobject, x, y, z.',
  },
};

/** @type {Record<'landing' | 'trusted' | 'curated', string>} */
export const ZONES = {
  landing: 'Read and counted, not saved.',
  trusted: 'Rows with consent.',
  curated: 'Combined sensor data.',
};

/**
 * What lets a row pass into a table, in few words.
 * @type {Partial<Record<import('../../shared/core-types.js').TableName, string>>}
 */
export const PASSES = {
  customer_trusted: 'consents to research',
  accelerometer_trusted: 'user is a trusted customer',
  step_trainer_trusted: 'device of a curated customer',
  customer_curated: 'has phone readings',
  machine_learning_curated: 'same owner, same time',
};
/** The same where readings are joined on time only. */
export const PASSES_BY_TIME = 'same time, any owner';

/** @type {Record<import('../../shared/protocol.js').Phase, string>} */
export const PHASES = {
  sample: 'Creating sample data',
  scanning: 'Checking the files',
  customers: 'Reading customers',
  readings: 'Reading sensors',
  curating: 'Joining, sorting and writing Parquet',
};

/** @type {Record<string, string>} */
export const INPUT_STATUS = { used: 'used', refused: 'refused', duplicate: 'duplicate' };

/**
 * The options as the page's form shows them: the default first, each choice with what it does.
 * @type {{ name: string, label: string, choices: { value: string, label: string, hint: string }[] }[]}
 */
export const CHOICES = [
  {
    name: 'consent',
    label: 'Consent time',
    choices: [
      {
        value: 'ever',
        label: 'Ever consented',
        hint: 'All readings of people who consented are used, earlier ones too.',
      },
      {
        value: 'as-of',
        label: 'From the consent date on',
        hint: 'No reading from before its owner’s consent date is used.',
      },
    ],
  },
  {
    name: 'records',
    label: 'Several records of one person',
    choices: [
      { value: 'any', label: 'Any record may consent', hint: 'One consenting record of an email address is enough.' },
      {
        value: 'latest',
        label: 'The latest record decides',
        hint: 'Only the newest record of an email address counts. Withdrawn consent stays withdrawn.',
      },
    ],
  },
  {
    name: 'shared-serials',
    label: 'Devices shared by several people',
    choices: [
      {
        value: 'keep',
        label: 'Keep, with a warning',
        hint: 'Step readings of a serial number with several email addresses are kept, with a warning.',
      },
      { value: 'drop', label: 'Leave out', hint: 'Step readings that cannot be assigned to one person are left out.' },
    ],
  },
  {
    name: 'join',
    label: 'Sensors are joined by',
    choices: [
      { value: 'owner', label: 'Owner and time', hint: 'Pairs two readings of the same person at the same time.' },
      {
        value: 'time',
        label: 'Time only',
        hint: 'As in the original course: pairs readings of different people. Only to reproduce its counts.',
      },
    ],
  },
  {
    name: 'identity',
    label: 'People in the research table',
    choices: [
      {
        value: 'pseudonym',
        label: 'Pseudonym',
        hint: 'A keyed hash replaces each person. Anyone who has the key and the email addresses can link it back.',
      },
      {
        value: 'serial',
        label: 'Serial number',
        hint: 'As in the original: the table holds the device’s serial number, which identifies its owner.',
      },
    ],
  },
  {
    name: 'key',
    label: 'Key of the pseudonyms',
    choices: [
      {
        value: 'random',
        label: 'Random, for these files',
        hint:
          'Every run of the same files uses one key; new files get a new one. Runs of different files cannot ' +
          'be linked, unless you save the key and give it to the next run.',
      },
      {
        value: 'file',
        label: 'From a key file',
        hint: 'The same key gives the same person the same pseudonym, so runs are linked on purpose.',
      },
    ],
  },
  {
    name: 'compression',
    label: 'Compression of the Parquet files',
    choices: [
      { value: 'snappy', label: 'Snappy', hint: 'Fast, and supported by every Parquet reader.' },
      { value: 'gzip', label: 'Gzip', hint: 'Smaller files, slower to write. The command line also has zstd.' },
    ],
  },
];

/** What each directive of the page's policy means. @type {Record<string, string>} */
export const DIRECTIVES = {
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

/** @type {Record<import('../../shared/protocol.js').RefusedBy, string>} */
export const REFUSED_BY = {
  policy: 'policy:',
  script: 'first script',
  browser: 'browser, for every page',
  absent: 'does not exist there',
  untried: 'not tried: this browser cannot refuse it',
  unsaid: 'failed, and the browser gives no reason',
  nobody: 'NOT REFUSED',
};
