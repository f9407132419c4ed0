/** Texts of index.html, where `data-words` names them: see build/fill-labels.mjs. */
export const STATIC = {
  framed:
    'This page does not run inside another page, because that page could mislead you about what you see and ' +
    'click.',
  framedOpen: 'Open it in its own tab',
  noScript: 'This page is a program: it needs JavaScript to run.',
  packageLong: 'Download research package',
  packageShort: 'Research package',
  runAgain: 'Run again',
  navResult: 'Result',
  navStart: 'Start',
  navExplore: 'Explore',
  navSql: 'SQL',
  navCompare: 'Compare',
  navEvidence: 'Evidence',
  navPrivacy: 'Privacy',
  promise:
    'Turns STEDI sensor exports into a research table of people who consented, in this tab: your ' +
    'files <strong>stay on your device</strong>, which <a>your browser enforces and you can test</a>.',
  drop: 'Drop your exports here',
  dropOther: 'Other exports',
  dropWhat:
    'Customers, accelerometer and step trainer, all at once: files, folders, <code>.gz</code> or ' +
    '<code>.zip</code>. The file type is detected from its content.',
  dropLake:
    'A lake that you saved can be dropped too: to check it, to look for a person in it, to erase people from it, or ' +
    'to continue from it.',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose a folder',
  noExport: 'No export at hand?',
  sample: 'Run on sample data',
  sampleSteps: 'Sample with steps',
  defects: 'include faulty records and files',
  savedLakes: 'Saved in this browser',
  savedLakesHint:
    'This storage belongs to the origin: every page from the same address (scheme, host name and port) can read it.',
  settings: 'Settings',
  effect: 'Effect of this change',
  defaults: 'Defaults',
  keyFile: 'Key file',
  allZones: 'Read trusted and curated folders too',
  allZonesHint:
    'If there are files in a folder named landing, those in folders named trusted or curated are ' +
    'left out: earlier jobs made them from the same records.',
  addressHint: 'The page’s address holds these choices, so it can be shared: never the withdrawals, a key or any data.',
  copyCommand: 'Copy as command',
  saveConfig: 'Save as config',
  withdrawals: 'Withdrawals',
  withdrawalsHint: 'People or devices to remove from everything: email addresses or serial numbers, one per line.',
  withdrawalsFile: 'Withdrawals from a file',
  remove: 'Remove',
  withdrawalsFileHint:
    'One per line, or a CSV with a column named email or serialNumber. The file and the list above both count.',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  incomplete: 'This run is incomplete: people in these tables may have withdrawn their consent',
  warnings: 'Warnings about these results',
  cancel: 'Cancel',
  without: 'Run without this file',
  eachFile: 'Each file',
  downloads: 'Downloads',
  allInOne: 'As one package',
  whatToDownload: 'What to download',
  landing: 'include the landing files',
  raw: 'RAW',
  landingHint:
    'Your files as they are, including people who did not consent. Files that came in a zip are not included.',
  delta: 'as Delta Lake tables',
  deltaHint:
    'Each table folder also gets a log, _delta_log, that engines such as Spark, DuckDB and Polars read. It starts ' +
    'with one version; the command line adds versions.',
  testShare: 'Share of people for testing',
  testShareHint:
    'Empty: all data in one file for training. With a share such as 0.2, a second file has that share of the people, ' +
    'for testing. The key decides who: the same key always decides the same.',
  saveZip: 'Save as one zip',
  saveFolder: 'Write into a folder',
  saveLake: 'Save in this browser',
  saveLakeHint:
    'Saving in this browser is for your next visit: the five tables stay in its storage on this ' +
    'device, including people’s names, until you remove them. That storage belongs to the origin: ' +
    'every page from the same address (scheme, host name and port) can read it. Landing files are ' +
    'never saved there.',
  keyHint:
    'This run used a random key. To erase people from these results later, or to add data to them, ' +
    'you need it. It is gone when you close the page or drop new files. Keep it secret: together ' +
    'with the email addresses it links pseudonyms to people.',
  saveKey: 'Save this run’s key',
  labelsHint:
    'People walk in this sample, and when each of their steps was is known: labels to measure a step detector by. ' +
    'They are no input of the run.',
  saveLabels: 'Save the labels',
  file: 'File',
  rows: 'Rows',
  size: 'Size',
  saveColumn: 'Save',
  identifies: 'Identifies people',
  identifiesMore: 'Four more tables: customers and readings by name',
  pipeline: 'The pipeline',
  kept: 'kept',
  leftOut: 'left out by a rule',
  rejected: 'rejected: not a valid record',
  decides: 'decides which rows are kept',
  bandWidth: 'Band width shows the number of rows.',
  showRows: 'Show rows',
  columns: 'Columns',
  sql: 'SQL',
  rejects: 'Rejected records',
  explore: 'Explore',
  rowsTab: 'Rows',
  dates: 'times as dates, in UTC',
  goToRow: 'Go to row',
  go: 'Go',
  onlyWhere: 'Only where',
  sortBy: 'Sort by',
  largestFirst: 'largest first',
  apply: 'Apply',
  conditionHint:
    'Text: rows that contain it. Numbers and times: <code>>= 5</code>, <code>< 2022-06-18</code>, or the value.',
  rawShown: 'RAW: shown, not saved',
  rawHint: 'Read again from your file, around the place you choose.',
  rawConsent:
    'The first column is none of the table: it says what the consent rules of this run made of each record. A person ' +
    'can have several records.',
  earlier: 'Earlier',
  later: 'Later',
  charts: 'Charts',
  inputs: 'Inputs',
  name: 'Name',
  status: 'Status',
  content: 'Content',
  rejectsHint: 'The text is',
  rawWord: 'raw',
  rejectsHintMore:
    ': as it is in your file. It is shown here, and saved only if you ask for it. The report holds ' +
    'only the place and the reason.',
  unknown: 'Unknown fields',
  unknownHint:
    'No table has them, so they were ignored. Their names are shown only on this page; the report ' +
    'holds only their number.',
  console: 'SQL console',
  consoleAbsent:
    'This edition of the page has no SQL engine, which keeps it small. To ask all eight tables in SQL, get the file ' +
    '<code>stedi-lakehouse-sql.html</code> where you got this one: it is in the same release, it is the same page ' +
    'with an engine, and it opens with a double click, too. If you build the page yourself, ' +
    '<code>make dist-sql</code> makes it.',
  compare: 'Compare with an earlier report',
  compareHint:
    'What changed since then, and why: rows of each table, options, inputs. For example after a ' +
    'withdrawal. The file stays on your device, like all others. To compare with the original course, take its ' +
    'counts: they stand at the presets, in the settings.',
  chooseReport: 'Choose a report.json',
  evidence: 'Evidence',
  evidenceHint:
    'The record of this run for your files: print it, or save it as PDF from the print dialog. It ' +
    'holds counts, names of files, rules and hashes, and no value of any record. “Save evidence” writes one HTML ' +
    'file to print and keep, without names of inputs.',
  saveEvidence: 'Save evidence',
  printRecord: 'Print this record',
  privacy: 'Privacy',
  staysHere:
    '<b>Stays on your device.</b> Your files are read in this tab by code that came with the page; ' +
    'raw landing rows are read and counted, not saved.',
  enforced:
    '<b>Enforced by your browser.</b> A policy inside the page refuses every upload, fetch and ' +
    'socket; and it works with the network unplugged.',
  pseudonymised:
    '<b>Pseudonymised.</b> The research table holds no names, but anyone who has its key and the ' +
    'email addresses can link it back to people. The trusted tables do name people.',
  checkIt: 'Check it yourself',
  checkItHint:
    'This page is one file with a Content-Security-Policy in it. Under that policy the browser ' +
    'refuses its code, in the page and in its workers, every fetch, upload, socket and form, and ' +
    'every script, style, font and image from elsewhere. The self-test makes the attempts that a ' +
    'dishonest page would make, and shows what refused each.',
  address: 'Address to try',
  selfTest: 'Run the self-test',
  selfTestHint:
    'By default, a port of your own machine where nothing listens. Better: an address and a port ' +
    'where you listen. None of your data is sent, whatever happens.',
  way: 'Way out',
  byPage: 'In this page, refused by',
  byWorker: 'In a worker, refused by',
  policy: 'The policy, word for word',
  notCovered: 'What the policy does not cover',
  notWebRtc:
    'WebRTC, frames, new windows, and connections that carry nothing, such as those opened ahead of ' +
    'use. The page’s first script closes every way to them that is known: only listed elements can ' +
    'be made, and no document or window. The script enforces this, not the policy.',
  notAddress:
    'Another address: any but this page’s own, whose part after <code>#</code> may change. Going ' +
    'there sends a request that can carry data, even if the page stays. The first script lets links ' +
    'lead only to a place in this page or to a file that the page saves. It cancels any other change ' +
    'of address if the browser has the Navigation API; without it, a script could still set ' +
    '<code>location</code>. Even with it, some browsers let a script open another program, such as a ' +
    'mail program. Nothing in this page does either.',
  notHost:
    'The host of this page. It can have the browser report what the policy refused, addresses ' +
    'included. To rule that out, open the file from the disk.',
  notOrigin:
    'Other pages of the same origin (the same scheme, host name and port). They can open this page, ' +
    'read what it shows, and read what is saved in this browser. Serve it from an origin of its own, ' +
    'or with the header <code>Cross-Origin-Opener-Policy: same-origin</code>, which protects the ' +
    'open page but not what is saved.',
  notExtensions: 'Browser extensions and the operating system, which can see whatever this tab sees.',
  notSaved:
    'What you save: customer_trusted, customer_curated, accelerometer_trusted and ' +
    'step_trainer_trusted name people or their devices, and machine_learning_curated is ' +
    'pseudonymised, not anonymous.',
  checkFile: 'Check that the file is the published one',
  checkFileHow:
    'A page cannot hold its own hash, so check the file from outside. Download it rather than use ' +
    '“Save page as”, which may rewrite it; put the published SHA256SUMS beside it; then',
  checkFileSays:
    'says <code>stedi-lakehouse.html: OK</code>. On macOS it is <code>shasum -a 256 -c ' +
    'SHA256SUMS</code>, on Windows <code>Get-FileHash stedi-lakehouse.html</code>, to be compared by ' +
    'eye. The commit and the SHA-256 of the core that is inside stand at the end of this page.',
  unplugged: 'Use it with the network unplugged',
  unpluggedHow:
    'The page is one file and needs no other. Download it, unplug the network, open it from the disk ' +
    'by a double click: it does the same, sample data included. With the network panel of the ' +
    'browser’s developer tools open, there is no request after the page itself.',
  noResults: 'There are no results yet',
  noResultsHint: 'This part shows the results of a run. <a>Drop your exports, or run the sample data</a>, first.',
  undo: 'Undo the changes',
  replace: 'Replace these results?',
  replaceHint: 'The results on the page were not saved. If you go on, they are lost.',
  replaceNo: 'Keep these results',
  replaceYes: 'Replace them',
  version: 'Version',
  commit: 'Commit',
  wasmHash: 'SHA-256 of the core (WebAssembly)',
  lakeRaw: 'The raw files beside it are run as usual; the tables of the lake are not read as raw files.',
  lakeRows: 'Rows of its tables',
  checkLake: 'Check this lake',
  checkLakeHint:
    'Holds every file against the hashes in the report, and every row against the rules. Nothing is changed.',
  personTitle: 'Is this person in it?',
  personEntry: 'Email address or serial number',
  lakeKey: 'Key file of the lake',
  lakeKeyHint:
    'Chosen once, for all that can be done here: with it pseudonyms can be searched, and people keep theirs when ' +
    'you continue or erase.',
  personFind: 'Search',
  personHint: 'What you type here stays on this page.',
  lakeHistory: 'History',
  lakeEvidenceHint:
    'One HTML file to print and keep: outcome, rows, rules, erasures, hashes and how to check them. It holds no ' +
    'value of a record and no name of an input.',
  continueLake: 'Continue from this lake',
  continueHint:
    'Adds new exports without the earlier files: the lake stands in for the readings that it was made ' +
    'of. Choose all customers, as a new export has them, and the new readings. The settings and ' +
    'withdrawals of this page hold for all of it.',
  newKey: 'Other pseudonyms for everyone, under another key: nothing made of this lake before can be linked to it',
  newFiles: 'Choose new files',
  newFolder: 'Choose a new folder',
  continueBeside: 'Continue with the files beside it',
  eraseLake: 'Erase people from it',
  eraseHint:
    'Makes a new lake without those who are listed under Withdrawals on this page, from this lake alone. Every ' +
    'value of the new one is searched for them before you get it. Landing files do not come along.',
  eraseReference: 'Reference of the request, if there is one',
  eraseReferenceHint:
    'Its date, or the number of a case. It is kept in the new lake and printed in its evidence, so no name, email ' +
    'address or serial number belongs here.',
  toWithdrawals: 'Go to Withdrawals',
  ofDropped:
    'All but the erasure is of the lake as it was dropped, with the people who were erased. To go on with the new ' +
    'lake, save it below Erase, and drop it here.',
  printLake: 'Print',
  eraseNewKey: 'Other pseudonyms for everyone, under a new key: nothing made of this lake before can be linked to it',
  eraseBegin: 'Erase',
  table: 'Table',
  parts: 'Parts of the page',
  presets: 'Presets',
  presetsHint:
    'The jobs of the original course make 43,681 research rows of its data: “As the original course”. Its extra task ' +
    'makes 34,437: choose “Phone readings from the consent date on” as well.',
  command: 'Command',
  allFiles: 'All files',
  files: 'Files',
  hashing: 'Hashing',
  identifyingFiles: 'Files that identify people',
  legend: 'Colours of the drawing',
  tablesAndCharts: 'Tables and charts',
  filterAndSort: 'Filter and sort',
  condition: 'Condition',
  conditionExample: 'text, or >= 5',
  placeInFile: 'Place in the file',
  inputList: 'List of inputs',
  attempts: 'Attempts',
  changedSettings: 'Changed settings',
  close: 'Close',
  language: 'Language',
  languageHint: 'The page is loaded again for it.',
};
