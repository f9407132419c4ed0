/** Words of the parts that show results: Explore, SQL, Compare, Evidence. */
export const RESULTS = {
  explore: {
    noColumns: 'The columns could not be read.',
    noSql: 'The SQL could not be read.',
    /** @param {string} table */
    columnsOf: (table) => `Columns of ${table}`,
    column: 'Column',
    type: 'Type',
    meaning: 'Meaning',
    milliseconds: 'epoch milliseconds',
    neverMissing: '; never missing',
    notSaved: 'Not saved.',
    place: 'Its place in the lake: ',
    charts: 'Charts',
    inputs: 'Inputs',
    rejects: 'Rejected records',
    /** @param {string} count */
    rejected: (count) => `Rejected: ${count}`,
    consent: 'consent',
    consentMeaning: 'What the consent rules of this run made of the record; no column of the table',
    /** @param {string} table */
    rawRowsOf: (table) => `Rows of ${table}, raw`,
    /** @param {string} why */
    failed: (why) => `The rows cannot be shown. ${why}`,
    /** @param {string} records @param {string} byte @param {string} bytes */
    around: (records, byte, bytes) => `${records} from byte ${byte} of ${bytes}.`,
    /** @param {string} records */
    firstRecords: (records) => `The first ${records}: a packed file can be read from its start only.`,
    /** @param {string} words */
    noStart: (words) => `${words} No record starts at the beginning of a line here.`,
    noFiles: 'Its files are not here: a saved lake has no landing files.',
    noRecords: 'No file of the run has records of this table.',
    /** @param {string} rows */
    tooManyToSort: (rows) => `Tables of up to ${rows} rows can be filtered and sorted here, larger ones in SQL.`,
    asInFile: 'as in the file',
    /** @param {string} from @param {string} to */
    window: (from, to) => `${from} to ${to}`,
    /** @param {string} rows */
    ofAll: (rows) => ` that fit, out of ${rows}`,
    /** @param {string} of */
    noRows: (of) => `No rows${of}.`,
    /** @param {string} window @param {string} rows @param {string} of */
    seen: (window, rows, of) => `Rows ${window} of ${rows}${of}.`,
    /** @param {string} table */
    rowsOf: (table) => `Rows of ${table}`,
    goToByte: 'Go to byte',
    goToRow: 'Go to row',
    any: 'no column',
    chooseColumn: 'Choose the column that the text is looked for in.',
    row: 'row',
    byte: 'byte',
  },
  charts: {
    kept: 'Records kept',
    overTime: 'Readings over time',
    perSubject: 'Rows per subject',
    oneSubject: 'One subject',
    noReadings: 'No readings were kept.',
    /** @param {string} from @param {string} to */
    timeRange: (from, to) => `From ${from} to ${to} UTC: `,
    /** @param {string} span */
    rowsIn: (span) => `rows in ${span}`,
    fromUtc: 'from (UTC)',
    noRows: 'The research table has no rows.',
    /** @param {string} subjects @param {string} least @param {string} most @param {string} median */
    spread: (subjects, least, most, median) => `${subjects}: ${least} to ${most}, median ${median}.`,
    subjectsByRows: 'subjects, most rows first',
    customerRecords: 'Customer records',
    withPhone: 'with phone readings',
    phoneReadings: 'Phone readings',
    joinedWithStep: 'joined with a step reading',
    stepReadings: 'Step readings',
    consentedWithPhone: 'consented, with phone readings',
    /** @param {string} rows */
    joined: (rows) => `Joined: ${rows}`,
    /** @param {string} subjects */
    ofSubjects: (subjects) => ` of ${subjects}`,
    /** @param {string} name */
    namedTable: (name) => `${name}, as a table`,
    asTable: 'As a table',
    subject: 'Subject',
    anotherSubject: 'Another subject, by its first letters',
    orAnother: 'or another, by its first letters',
    show: 'Show',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    earlier: 'Earlier',
    later: 'Later',
    resetZoom: 'Reset zoom',
    inNumbers: 'The chart in numbers',
    min: 'Min',
    mean: 'Mean',
    max: 'Max',
    atPointer: 'At the pointer',
    /** @param {string} listed @param {string} all */
    listed: (listed, all) => `The list has the ${listed} subjects with the most rows, of ${all}.`,
    unknownSubject: 'No subject, or several, start with these letters.',
    /** @param {string} why */
    subjectFailed: (why) => `This subject cannot be shown: ${why}`,
    pointIsRow: ' Each point is a row: several rows have one time.',
    /** @param {string} drawn */
    someDrawn: (drawn) => `; ${drawn} of them are drawn, with every peak`,
    /**
     * @param {string} subject @param {string} rows @param {string} from @param {string} to
     * @param {string} some how many of them are drawn @param {string} points what they are
     */
    subjectWords: (subject, rows, from, to, some, points) =>
      `${subject}: ${rows} from ${from} to ${to}${some}.${points}`,
    bySensor: 'Quality of this subject’s readings',
    rate: 'Rate',
    span: 'Span',
    gaps: 'Gaps',
    constant: 'Never changes',
    sensorsUnknown:
      'The sensors of this subject can be found only with the key of the pseudonyms, which this browser does not keep.',
    /** @param {string} count */
    moreSensors: (count) => `Users and devices of this subject that are not listed: ${count}.`,
    /** @param {string} count */
    milliseconds: (count) => `${count} ms`,
    /** Of the times of the research table. */
    timeAxis: { exact: 'UTC', shifted: 'UTC, weeks earlier than measured', relative: 'ms since the first row' },
    timesMoved: 'machine_learning_curated is not in this chart: its times are not those of measurement.',
    /** @param {string} name @param {string} least @param {string} most */
    fromTo: (name, least, most) => `${name} from ${least} to ${most}`,
    /** @param {string} meaning */
    unitOfExport: (meaning) => `: ${meaning}, in the unit of the export`,
    /** @param {string} why */
    failed: (why) => `The charts could not be made: ${why}`,
    subjectHead: 'subject',
    rows: 'rows',
    in: 'in',
    consented: 'consented',
  },
  console: {
    queries: 'Ready queries',
    historyOf: 'History of this session',
    history: 'History',
    run: 'Run',
    explain: 'Explain',
    cancel: 'Cancel',
    tables: 'Tables and columns',
    keys: 'Ctrl or ⌘ with Enter runs what is selected, or all of it.',
    noStatement: 'There is no statement: write one, or choose a ready query.',
    running: 'Running. The first time, the engine and the tables are loaded.',
    doneIn: 'Done in',
    /** @param {string} name @param {string} rows @param {string} raw */
    made: (name, rows, raw) => `Table ${name} is made, of ${rows}${raw}, in`,
    commaRaw: ', raw',
    /** @param {string} names */
    dropped: (names) => `Dropped ${names} in`,
    cancelled: 'Cancelled. The tables are still there.',
    tablesChanged: 'The tables of the lake have changed. The tables that you made from the earlier ones were removed.',
    open: 'Open the SQL console',
    about:
      'Query all eight tables in SQL, in this tab, with Apache DataFusion. Landing rows are read again ' +
      'from your files when a statement names them; their results are marked ',
    aboutRaw: ' and shown only when you ask for it.',
    statement: 'SQL statement',
    across: 'Across',
    up: 'Up',
    acrossLabel: 'Across ',
    upLabel: 'Up ',
    /** @param {string} up @param {string} across */
    chartName: (up, across) => `${up} by ${across}`,
    /** @param {string} rows */
    ofFirst: (rows) => ` of the first ${rows} rows`,
    /** @param {string} name */
    noNumbers: (name) => `${name}: there are no numbers to draw.`,
    chart: 'Chart of the result',
    ndjson: 'JSON, one object per line',
    reveal: 'Show the rows',
    rawHint:
      'These rows come from a landing table, which holds people who did not consent. They are shown ' +
      'and saved only when you ask for it.',
    asChart: 'Show as a chart',
    plan: 'Plan',
    saveResult: 'Save the result',
    /** @param {string} from @param {string} to @param {string} all */
    seen: (from, to, all) => `Rows ${from} to ${to} of ${all}.`,
    rawRows: 'Rows of the result, raw',
    rows: 'Rows of the result',
    asTable: 'Show as a table',
    session: 'Tables of this session',
    sessionHint: 'They exist as long as this run is on the page, and are not part of the saved lake.',
    /** @param {string} name @param {string} raw */
    saveTable: (name, raw) => `Save ${name}.parquet${raw}`,
    /** @param {string} name */
    dropTable: (name) => `Drop ${name}`,
    drop: 'Drop',
    table: 'table',
    row: 'row',
  },
  queries: {
    saved: 'Rows of each trusted and curated table',
    all: 'Rows of all eight tables',
    noConsent: 'Customers without consent',
    wrongConsent: 'Consent that should not be in customer_trusted',
    readings: 'Readings of each customer',
    orphans: 'Orphaned serial numbers: step readings of no customer',
    shared: 'Serial numbers of several customers',
    perSubject: 'Rows of each subject',
    measured: 'What the sensors measured, by subject',
    byDay: 'Research rows by day',
    own: 'A table of your own',
  },
  compare: {
    smallestRows: 'fewest rows of a subject',
    medianRows: 'median rows of a subject',
    oneSubjectTimes: 'times of one subject only',
    bySize: 'name and size',
    byContent: 'SHA-256, or size where there is none',
    /** @param {string} file */
    comparing: (file) => `Comparing with ${file} …`,
    tooLarge: 'it is too large for a report.',
    nothing: 'nothing differs.',
    /** @param {string} tables @param {string} options @param {string} inputs */
    differ: (tables, options, inputs) => `${tables}, ${options} and ${inputs} differ.`,
    options: 'Options',
    sameKey: 'Both runs had the same key, so one person has the same pseudonym in both.',
    inputs: 'Inputs',
    inAndOut: 'People with a customer record',
    admitted: 'in customer_trusted',
    leftOut: 'left out',
    people: 'People in machine_learning_curated',
    rowsChanged: 'Rows added and removed',
    table: 'Table',
    before: 'Before',
    added: 'Added',
    removed: 'Removed',
    now: 'Now',
    why: 'Why',
    otherRows: 'as many rows, but not the same',
    otherFiles: 'rows of the lake and of other files; rows that were left out cannot be compared',
    sameBytes: 'the same bytes',
    rowsIn: 'rows in',
    /** @param {string} count @param {string} rule */
    moreLeftOut: (count, rule) => `${count} more left out (${rule})`,
    /** @param {string} count @param {string} rule */
    fewerLeftOut: (count, rule) => `${count} fewer left out (${rule})`,
    /** @param {string} count @param {string} reason */
    moreRejected: (count, reason) => `${count} more rejected (${reason})`,
    /** @param {string} count @param {string} reason */
    fewerRejected: (count, reason) => `${count} fewer rejected (${reason})`,
    pairs: 'more than one pair per reading',
    /** @param {string} before @param {string} now */
    sides: (before, now) => `Before: ${before}. Now: ${now}.`,
    /** @param {string} file */
    runOf: (file) => `the run whose report is ${file}`,
    /** @param {string} lake */
    lakeOf: (lake) => `the lake ${lake}, from which the run on this page continued`,
    thisRun: 'the run on this page',
    /** @param {string} lake */
    continued: (lake) => `the run on this page, which continued from the lake ${lake}`,
    pairsLeftOut: 'one pair is kept for each person and time',
    /** @param {string} inputs @param {string} by */
    sameInputs: (inputs, by) => `${inputs} the same, by ${by}.`,
    addedInputs: 'Added',
    removedInputs: 'Removed',
    changedInputs: 'Changed',
    renamedInputs: 'Renamed',
    otherInputs: 'The inputs are no longer the same',
    noOtherCounts: 'No table has other counts.',
    /** @param {string} why */
    effectFailed: (why) => `The effect of this change cannot be shown: ${why}`,
    peopleCount: 'people',
    subjects: 'subjects',
    times: 'times',
    byHash: 'SHA-256',
    unknown: 'unknown',
    beforeShort: 'before',
    addedShort: 'added',
    removedShort: 'removed',
    nowShort: 'now',
  },
  evidence: {
    wait: 'The record is made when all inputs are hashed. If they cannot be, the downloads say why.',
    outcome: 'Outcome',
    incomplete: 'Incomplete',
    complete: 'Complete',
    /** @param {string} people @param {string} rows @param {string} date */
    result: (people, rows, date) => `: ${people} in the research table, ${rows}. Recorded on ${date}.`,
    program: 'Program',
    /** @param {string} version @param {string} commit */
    version: (version, commit) => `STEDI Lakehouse ${version}, commit ${commit}`,
    core: 'SHA-256 of the core',
    consent: 'People with customer records',
    /** @param {string} admitted @param {string} leftOut */
    inAndOut: (admitted, leftOut) => `${admitted} in customer_trusted, ${leftOut} left out`,
    rules: 'Rules',
    withdrawalsAndKey: 'Withdrawals and key',
    noneGiven: 'none given',
    /** @param {string} given @param {string} matched */
    matched: (given, matched) => `${given} given, ${matched} matched`,
    key: 'Key',
    keyFile: 'from a key file',
    randomKey: 'random, made for this run',
    keyCheck: 'Check value of the key',
    rows: 'Rows',
    people: 'People in the research table',
    peopleCount: 'People',
    subjects: 'Subjects',
    smallest: 'Fewest rows of a subject',
    median: 'Median rows of a subject',
    oneSubject: 'Times of one subject only',
    quality: 'Quality of the readings',
    rowsOf: 'Rows',
    rates: 'Subjects by rate, Hz',
    medianRate: 'Median rate',
    spans: 'Subjects by span, s',
    gaps: 'Subjects with gaps',
    repeated: 'Rows at the time of an earlier row',
    constant: 'Subjects with a measure that never changes',
    outOfRange: 'Values out of range',
    qualityNote:
      'The rate is that of distinct times, without gaps. A gap is longer than a second and than five of the ' +
      'subject’s mean intervals. Out of range are accelerations beyond 16 g in m/s² and distances below 0 or beyond ' +
      '4000.',
    /** @param {string} part @param {string} whole */
    of: (part, whole) => `${part} of ${whole}`,
    files: 'Files',
    made: 'Made',
    read: 'Read',
    content: 'Content',
    figure: 'Figure',
    check: 'How to check this',
    /** @param {string} file */
    savedAlone: (file) => `saved alone: ${file}`,
    checkHashes:
      'In the folder of the saved lake or research package, or of the unpacked zip, run the command below: the ' +
      'values are those above. In a research package, among Delta Lake tables and saved alone a table has another ' +
      'name, and the same value; a package with test data has sums of its own in SHA256SUMS.',
    checkLake:
      'Drop the saved lake onto this page and choose “Check this lake”, or use “stedi-lakehouse verify”: every file ' +
      'is held against its hash, and every row against the rules.',
    checkAgain:
      'Run the same inputs with the same settings and key, on this page or with the command-line ' +
      'program: the tables have the same bytes.',
    checkCompare: 'Compare two reports on this page, or with “stedi-lakehouse diff”: it says what changed and why.',
    table: 'Table',
    in: 'In',
    left: 'Left out or rejected',
    out: 'Out',
    unknown: 'unknown',
    none: 'none',
  },
};
