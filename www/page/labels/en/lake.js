/** Words of a lake that was chosen: what it is, what is checked of it, who is in it, its versions. */
export const LAKE = {
  lake: {
    /** @param {string} name */
    title: (name) => `Lake: ${name}`,
    /** @param {string} version @param {string} people */
    about: (version, people) => `Made by STEDI Lakehouse ${version}, of ${people}.`,
    /** @param {string} version @param {string} time @param {string} made */
    version: (version, time, made) => `Version ${version}, ${time}: ${made}`,
    latest: 'Latest version',
    noTime: 'time not known',
    /** @type {Record<string, string>} */
    made: {
      run: 'made from exports',
      gone_on: 'continued from the version before',
      erased: 'people erased',
    },
    settings: 'Settings',
    identity: 'Key',
    /** @param {string} check */
    key: (check) => `its pseudonyms were made with the key of check value ${check}`,
    research: 'research export',
    whole: 'whole lake',
    kind: 'What it is',
    table: 'Table',
    rows: 'Rows',
    /** @param {string} bytes */
    reading: (bytes) => `${bytes} read …`,
    cancelled: 'Cancelled.',
    /** @param {string} why */
    failed: (why) => `That did not work: ${why}`,
    nothing: 'Nothing differs. The lake is what its report says.',
    /** @param {string} differences */
    differ: (differences) => `${differences}. The lake is not what its report says.`,
    /** @param {string} files @param {string} bytes @param {string} tables @param {string} rows */
    checked: (files, bytes, tables, rows) =>
      `Checked: ${files} (${bytes}) by SHA-256; ${tables} with ${rows}: columns, number and order of rows, ` +
      'metadata and consent; the ledger; and whether there are files that do not belong to the lake.',
    /** @param {string} files */
    others: (files) => `Not checked: ${files} not of this lake, which no reader of its tables reads.`,
    /** @type {Record<string, string>} */
    differences: {
      changed: 'Changed',
      consent: 'Consent',
      ledger: 'Ledger',
      log: 'Log of versions',
      metadata: 'Metadata',
      missing: 'Missing',
      order: 'Order',
      rows: 'Rows',
      split: 'Training and test data',
      stray: 'Not of this lake',
      unfinished: 'Unfinished',
      unhashed: 'No hash',
      unreadable: 'Unreadable',
    },
    noEntry: 'Type one email address or one serial number.',
    isIn: 'In this lake.',
    /** @param {string} tables */
    isNotIn: (tables) => `Not in this lake: no row of its ${tables} is of this person or device.`,
    /** @param {string} tables */
    isNotInSearched: (tables) =>
      `Not found: no row of the ${tables} that could be searched is of this person or device.`,
    /** @param {string} table */
    notSearched: (table) =>
      `${table} was not searched: it holds pseudonyms, and only the key file of the lake says whose they are.`,
    noneSearched: 'Nothing was searched: the tables of this lake can be searched only with its key file.',
    onlyAddresses:
      'A research export has no customers, who connect addresses and devices: an email address can be found in it, ' +
      'as it was written there, and a serial number cannot.',
    onlySerials:
      'A research export has no customers, who connect addresses and devices: a serial number can be found in it, ' +
      'and an email address cannot.',
    rawNotSearched: 'Landing files and other raw files beside the tables were not searched.',
    /** @param {string} setting */
    mixed: (setting) =>
      `This lake was made with “${setting}”, which pairs readings of different people: rows of other subjects in ` +
      'machine_learning_curated may hold readings of this person, and are not counted here.',
    notKnown: 'not known without the key',
    /** @param {string} rows */
    shared: (rows) => `${rows} of step readings are of devices that other people in this lake have too.`,
    otherKey: 'This is not the key of this lake. Choose another file.',
    /** @param {string} file */
    isKey: (file) => `${file} is the key of this lake.`,
    noKey: 'Choose the key file of the lake first, or other pseudonyms for everyone.',
    checking: 'Checking the lake, its key and the files …',
    notLinked: 'Pseudonyms are not linked to those of the version before.',
    /** @param {string} entries */
    erased: (entries) =>
      `${entries} of a list of withdrawals were erased from this lake, which does not know whose they were. Whoever ` +
      'of them the new files hold is in the new lake again: give the list under Withdrawals.',
    noList: 'The list under Withdrawals is empty: it says who is to be erased.',
    /** @param {string} matched @param {string} asked */
    erasedOf: (matched, asked) => `Erased: ${matched} of ${asked}. No file of the new lake holds them.`,
    notReached:
      'The old lake stays where it is until you replace it. An erasure does not reach copies, backups, older ' +
      'versions of objects, what was made of the tables, and the exports. The new lake has erasure.json, ' +
      'which says what was done. Keep the list: give it to later runs, too.',
    saveErased: 'Save the new lake as one zip',
    saveNewKey: 'Save the new key',
    before: 'Rows before',
    after: 'Rows after',
    removed: 'Removed',
    /** @param {string} file */
    evidenceSaved: (file) => `Saved as ${file}.`,
    gathering: 'Reading what was chosen …',
  },
};
