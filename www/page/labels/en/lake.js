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
    cancel: 'Cancel',
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
    /** @param {string} who */
    isIn: (who) => `“${who}” is in this lake.`,
    /** @param {string} who @param {string} tables */
    isNotIn: (who, tables) => `“${who}” is not in this lake: no row of its ${tables} is of this person or device.`,
    /** @param {string} who @param {string} tables */
    isNotInSearched: (who, tables) =>
      `“${who}” was not found: no row of the ${tables} that could be searched is of this person or device.`,
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
      `People or devices were erased from this lake before (${entries} of a list). The lake does not keep who they ` +
      'were: if the new files hold them, they come back. To keep them out, enter the same list under Withdrawals ' +
      'first.',
    noList: 'The list under Withdrawals is empty. Enter there who is to be erased, or choose a file.',
    otherList:
      'The withdrawals, the key or the reference were changed, so the new lake that was made here is not of them. ' +
      'Erase again, or undo the change to have it back.',
    /** @param {string} entries */
    erasedAll: (entries) => `Erased: all whom the list names (${entries}). No file of the new lake holds them.`,
    /** @param {string} matched @param {string} asked */
    erasedSome: (matched, asked) =>
      `Erased in part: ${matched} of ${asked} entries. No file of the new lake holds those that were found.`,
    /** @param {string} entries */
    erasedNone: (entries) => `Nothing was erased: nothing in this lake matches the list (${entries}).`,
    unmatched: 'These match nothing in this lake, so nothing was erased for them. Check how they are written:',
    rowsErased: 'Rows before and after the erasure',
    notReached:
      'The old lake stays where it is until you replace it. An erasure does not reach copies, backups, older ' +
      'versions of objects, what was made of the tables, and the exports. The new lake has erasure.json, ' +
      'which says what was done. Keep the list: give it to later runs, too.',
    saveErased: 'Save the new lake as one zip',
    saveErasedEvidence: 'Save the evidence of this erasure',
    saveOldEvidence: 'Save the evidence of the old lake',
    newKeyOnly:
      'Save the new key as well, and keep it secret. The old key does not fit the new lake, and the new one is lost ' +
      'when you close this page or change the list: without it nobody keeps a pseudonym when people are erased or ' +
      'files added.',
    saveNewKey: 'Save the new key',
    before: 'Rows before',
    after: 'Rows after',
    removed: 'Removed',
    /** @param {string} file */
    saved: (file) => `Saved as ${file}.`,
    gathering: 'Reading what was chosen …',
  },
};
