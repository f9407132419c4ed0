/** Words of what leads to results, of the run, and of what can be saved of it. */
export const RUN = {
  nouns: {
    row: { one: 'row', other: 'rows' },
    file: { one: 'file', other: 'files' },
    moreInput: { one: 'more input', other: 'more inputs' },
    table: { one: 'table', other: 'tables' },
    option: { one: 'option', other: 'options' },
    input: { one: 'input', other: 'inputs' },
    record: { one: 'record', other: 'records' },
    person: { one: 'person', other: 'people' },
    customerRecord: { one: 'customer record', other: 'customer records' },
    time: { one: 'time', other: 'times' },
    occurrence: { one: 'time', other: 'times' },
    duplicate: { one: 'duplicate', other: 'duplicates' },
    withdrawal: { one: 'withdrawal', other: 'withdrawals' },
    field: { one: 'field', other: 'fields' },
    attempt: { one: 'attempt', other: 'attempts' },
    way: { one: 'way', other: 'ways' },
    column: { one: 'column', other: 'columns' },
    point: { one: 'point', other: 'points' },
    subject: { one: 'subject', other: 'subjects' },
    byte: { one: 'byte', other: 'bytes' },
    difference: { one: 'difference', other: 'differences' },
    entry: { one: 'entry', other: 'entries' },
  },
  input: {
    timesOfOne:
      'Moved times need “Owner and time” and “Pseudonym”: all times of one person move together. Choose both, or ' +
      'times as measured.',
    noKey: 'Choose the key file first, or use a random key.',
    /** @param {string} file */
    keyTooLarge: (file) => `${file} is too large for a key file.`,
    /** @param {string} file */
    keyEmpty: (file) => `${file} is empty. Choose another key file.`,
    /** @param {string} file @param {string} bytes */
    keyShort: (file, bytes) =>
      `The key in ${file} has only ${bytes}. A key this short can be guessed, and then the pseudonyms ` +
      'lead back to people.',
    /** @param {string} file @param {string} why */
    keyFailed: (file, why) => `The key file ${file}: ${why}`,
    /** @param {string} file */
    keyFileEmpty: (file) => `The key file ${file} is empty.`,
    /** @param {string} file */
    reading: (file) => `${file} is still being read. The run begins when that is done.`,
    /** @param {string} file */
    listTooLarge: (file) => `${file} is too large for a list of withdrawals. Choose another file, or remove it.`,
    notUtf8: 'is not UTF-8. Save it as UTF-8 and choose it again',
    unreadable: 'cannot be read. Choose it again',
    /** @param {string} file @param {string} entries */
    listEntries: (file, entries) => `${file}: ${entries}.`,
    /** @param {string} file */
    listEmpty: (file) =>
      `${file} has no entries, so it leaves nobody out. Does its first line name the column of email addresses or ` +
      'serial numbers?',
    /** @param {string} file @param {string} why */
    listProblem: (file, why) => `${file} ${why}, or remove it.`,
  },
  settings: {
    /** @param {string} settings */
    withWithdrawals: (settings) => `${settings} · with withdrawals`,
    copied: 'Copied. Replace “export” by the path of your files, and “lake” by the folder to write.',
    notCopied: 'The browser did not let this page copy it: select the command and copy it.',
    /** @param {string} config */
    useConfig: (config) => `Use it with --config ${config}. Paths in it are relative to its folder.`,
    addKey: 'For the same pseudonyms, save this run’s key and add --key-file FILE.',
    /** @param {string} file */
    addTyped: (file) => `Add the typed withdrawals to ${file}.`,
    /** @param {string} file */
    saveTyped: (file) => `Save the typed withdrawals as ${file}.`,
    withdrawals: 'Withdrawals',
    withdrawalsFile: 'File of withdrawals',
    allZones: 'Trusted and curated folders',
    allZonesRead: 'Trusted and curated folders: read too',
    /** @param {string} asked */
    unknownOne: (asked) => `The address asks for ${asked}. This page does not know it, so it is left out.`,
    /** @param {string} asked */
    unknownMany: (asked) => `The address asks for ${asked}. This page does not know them, so they are left out.`,
    and: ' and ',
    defaults: 'defaults',
  },
  run: {
    /** @param {string} done @param {string} files */
    ofFiles: (done, files) => `${done} of ${files}`,
    /** @param {string} files */
    andFiles: (files) => `and ${files} more`,
    /** @param {string} done @param {string} all */
    ofBytes: (done, all) => `${done} of ${all}`,
    /** @param {string} time */
    left: (time) => `about ${time} left`,
    /** @param {string} records @param {string} inputs @param {string} took */
    summary: (records, inputs, took) => `${records} records from ${inputs}${took}.`,
    incomplete: 'This run is incomplete.',
    /** @param {string} records */
    rejected: (records) => `${records} rejected`,
    /** @param {string} inputs */
    refused: (inputs) => `${inputs} refused`,
    /** @param {string} inputs */
    leftOut: (inputs) => `${inputs} left out`,
    /** @param {string} withdrawals */
    madeWith: (withdrawals) =>
      `It was made with a list of ${withdrawals}. The list itself is not saved, so the options do not show it.`,
    nearestField: 'The ignored field most like it: ',
    /** @param {string} from @param {string} to */
    range: (from, to) => `${from} to ${to}`,
    /** @param {string} range */
    phoneTimes: (range) => `Accelerometer: ${range}`,
    /** @param {string} range */
    stepTimes: (range) => `Step trainer: ${range}`,
    /** @param {string} line */
    lineOfFile: (line) => ` (line ${line} of the file)`,
    /** @param {string} count */
    andMore: (count) => `and ${count} more`,
    /** @param {string} file */
    sameBytes: (file) => `The same bytes as ${file}, which is used once.`,
    inLake: 'Its readings are in the lake already.',
    /** @param {string} count @param {string} why */
    rejectedWhy: (count, why) => `${count} rejected${why}`,
    /** @param {string} times */
    dates: (times) => `${times} written as dates`,
    /** @param {string} fields */
    twice: (fields) => `${fields} twice in a record, the last one counts`,
    notClosed: 'its array does not end, so it may have been cut',
    noFiles:
      'There was no file in what you dropped, or this browser gives no dropped files to a page. Use ' +
      '“Choose files” or “Choose a folder”.',
    underWay: 'A run is under way. Cancel it first, or wait for its end.',
    nothingUsed: 'No input could be used. Each is named below, with the reason.',
    /** @param {string} summary @param {string} withdrawals */
    opened: (summary, withdrawals) => `A lake of an earlier visit, as it was saved. ${summary} ${withdrawals}`,
    /** @param {string} file @param {string} message */
    failed: (file, message) => `${file}: ${message} Nothing of this run was saved.`,
    cancelled: 'Cancelled. Nothing was saved.',
    /** @param {string} names */
    changed: (names) => `Changed: ${names}.`,
  },
  stale: {
    running: 'This run still uses the settings from its start.',
    following: 'Applying your new settings. Saving is disabled until this is done.',
    files: 'The results do not use your new settings. Saving is disabled until you run again or undo the changes.',
    savedLake:
      'This lake was saved with other settings, and it cannot be run again without its files. Saving ' +
      'is disabled. Drop the files again, or undo the changes.',
  },
  verdict: {
    nobody: 'Nobody is in the research table',
    /** @param {string} people */
    people: (people) => `${people} in the research table`,
    /** @param {string} within @param {string} out how many people are not in it */
    andOut: (within, out) => `${within}, ${out} left out`,
    /** @param {string} people */
    incomplete: (people) => `Incomplete: ${people}`,
    research: 'Research table',
    consent: 'Consent',
    /** @param {string} part @param {string} whole */
    of: (part, whole) => `${part} of ${whole}`,
    out: 'Left out by rules',
    nothing: 'nothing',
    withdrawals: 'Withdrawals',
    /** @param {string} matched @param {string} given */
    matched: (matched, given) => `${matched} of ${given} matched`,
    rejected: 'Rejected',
    inputs: 'Inputs',
    settings: 'Settings',
  },
  pipeline: {
    rejected: ' rejected',
    /** @param {string} rows */
    of: (rows) => `of ${rows}`,
    /** @param {string} rules */
    byRules: (rules) => `left out, by ${rules} rules`,
    show: 'Show them',
    /** @param {string} what @param {string} place */
    leads: (what, place) => `${what}. ${place}`,
    places: {
      rows: 'Shows the rows',
      inputs: 'Shows the inputs',
      rejects: 'Shows the rejected records',
      'table-rejects': 'Shows the rejected records',
      sql: 'Shows the rule as SQL',
    },
    phoneIn: 'phone readings in',
    rowsIn: 'rows in',
    phoneMatched: 'phone readings with a matching step reading',
    stepsIn: 'step readings in',
    rowsOut: 'rows out',
    pairsLeftOut: 'pairs left out: another pair of the same person and time is kept',
    mixedPairs: 'pairs of two different people',
    duplicates: 'of them exact duplicates',
    row: 'row',
    rows: 'rows',
  },
  rejects: {
    theRun: 'the run',
    save: 'Save rejected records',
    /** @param {string} of */
    of: (of) => `Rejected records of ${of}`,
    file: 'File',
    line: 'Line',
    byte: 'Byte',
    field: 'Field',
    reason: 'Reason',
    text: 'Text ',
    /** @param {string} listed @param {string} all */
    first: (listed, all) => `${listed} of ${all}.`,
    /** @param {string} first @param {string} bytes */
    holds: (first, bytes) => `The file holds raw text: ${first}of each the first ${bytes} bytes.`,
    /** @param {string} records */
    firstRecords: (records) => `${records} of the records, `,
    /** @param {string} bytes */
    covers: (bytes) => `covers ${bytes}`,
  },
  save: {
    changed: 'The settings were changed meanwhile.',
    research: 'For research',
    researchNote:
      'machine_learning_curated, its report, a data card, a Croissant description and a data contract. It holds ' +
      'no names and no email addresses, and is not anonymous.',
    lake: 'The whole lake',
    lakeNote:
      'All five tables in the folders of S3, with the DDL for Athena, the rules as SQL, the Spark job, ' +
      'report, lineage and Croissant. Its trusted tables and customer_curated identify people.',
    /** @param {string} why */
    notWritten: (why) => `Not written: ${why}`,
    /** @param {string} bytes */
    packing: (bytes) => `Packing ${bytes}.`,
    /** @param {string} done @param {string} all */
    packed: (done, all) => `Packing: ${done} of ${all}.`,
    /** @param {string} done @param {string} files */
    writing: (done, files) => `Writing: ${done} of ${files}.`,
    /** @param {string} files @param {string} folder */
    written: (files, folder) => `${files} written to ${folder}/.`,
    stopped: 'Stopped: the settings were changed.',
    /** @param {string} name */
    saveFile: (name) => `Save ${name}.parquet`,
    reportNote: 'Options, counts by rule and reason, and the SHA-256 of every input and output.',
    lineageNote: 'The run as an OpenLineage event: which column comes from which.',
    croissantNote: 'Describes machine_learning_curated for machine learning tools.',
    /** @param {string} name */
    saveDocument: (name) => `Save ${name}.json`,
    /** @param {string} bytes */
    hashing: (bytes) => `Hashing inputs: ${bytes}. The report is offered when this is done.`,
    /** @param {string} why */
    noHashes: (why) => `The inputs could not be hashed, so there is no report: ${why}`,
    /** @param {string} inputs */
    moreInputs: (inputs) => ` and ${inputs}`,
    /** @param {string} names @param {string} more @param {string} these */
    changedInputs: (names, more, these) =>
      `Changed after reading: ${names}${more}. The tables hold what was read. The report has no ` +
      `SHA-256 of ${these}. Run again to use the new content.`,
    thisInput: 'this input',
    theseInputs: 'these inputs',
    /** @param {string} folder @param {string} names @param {string} more */
    notEmpty: (folder, names, more) =>
      `the folder ${folder} is not empty: it holds ${names}${more}. Choose an empty folder, or make one.`,
    andMore: ' and more',
    /** @param {string} file @param {string} folder @param {string} why */
    unfinished: (file, folder, why) =>
      `${file} could not be finished, so what is in the folder ${folder} is not complete: ${why}`,
    changedMeanwhile: 'the settings were changed meanwhile.',
  },
  files: {
    table: 'Table',
    rows: 'Rows',
    size: 'Size',
    save: 'Save',
    rowsShort: 'rows',
    raw: 'RAW',
    rawMark: 'raw',
  },
  lakes: {
    isFile: 'it is a file, not a lake',
    otherSize: 'its tables do not have the size that they were saved with',
    unfinished: 'it was not written to its end',
    noIndex: 'its index cannot be read',
    badIndex: 'its index is damaged',
    /** @param {string} table */
    missing: (table) => `${table} is missing`,
    /** @param {string} date */
    named: (date) => `the lake of ${date}`,
    /** @param {string} name */
    removeNamed: (name) => `Remove ${name}`,
    remove: 'Remove',
    /** @param {string} name */
    removed: (name) => `Removed: ${name}.`,
    damaged: 'Damaged',
    /** @param {string} name @param {string} why */
    damage: (name, why) => ` ${name}: ${why}. It cannot be opened.`,
    /** @param {string} name */
    openNamed: (name) => `Open ${name}`,
    open: 'Open',
    /** @param {string} rows @param {string} bytes */
    holds: (rows, bytes) => `${rows} of machine_learning_curated, ${bytes} in all.`,
    /** @param {string} why */
    failed: (why) => `That did not work: ${why}`,
    saved:
      'Saved in this browser: it is listed at the top of the page, until you remove it or the browser ' +
      'clears this page’s storage.',
  },
  workers: {
    notStarted: 'A worker could not be started.',
    ended:
      'A worker of this page ended in the middle of its work: the browser or the system stopped it, ' +
      'most often for want of memory. Run again, or give fewer files at once.',
  },
  selfTest: {
    trying: 'Trying …',
    /** @param {string} why */
    failed: (why) => `The self-test could not be run: ${why}`,
    noAddress: 'enter an address and a port, such as 127.0.0.1:9.',
    /** @param {string} attempts @param {string} all */
    leaks: (attempts, all) =>
      `${attempts} of ${all} not refused: do not use this page with personal data in this browser.`,
    byPolicy: 'by the policy',
    byScript: 'by the page’s first script',
    byBrowser: 'by a rule for every page',
    byAbsence: 'because the browser does not have the means there',
    noneThrough: 'none got through',
    allRefused: 'all refused',
    /** @param {string} count */
    unsaid: (count) => ` ${count} failed and the browser gives no reason: listen on the address to be sure.`,
    /** @param {string} ways */
    untried: (ways) => ` Not tried: ${ways} to go to another address, which this browser cannot refuse.`,
  },
};
