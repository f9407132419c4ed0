/**
 * Everything that threads say to each other. A service lists its methods: what each is asked, what it replies, and
 * what it reports meanwhile. rpc.js carries the calls. Types only; nothing here runs.
 *
 * | service | served by | called by |
 * |---|---|---|
 * | `CoreService` | worker/core-worker.js | the page |
 * | `EngineService` | worker/run/remote-engine.js | the worker that leads a run, over a channel |
 * | `SqlService` | worker/sql-worker.js | the page |
 * | `SelfTestService` | worker/self-test-worker.js | the page |
 * | `PageService` | page/workers/page-service.js | each worker that may not read files itself |
 */

/**
 * @template Request
 * @template Reply
 * @template [Progress=undefined]
 * @typedef {{ request: Request, reply: Reply, progress: Progress }} Method
 */

/**
 * @typedef {import('./core.js').Landing} Landing
 * @typedef {import('./core.js').SavedTable} SavedTable
 * @typedef {import('./core.js').TableName} TableName
 * @typedef {import('./core.js').Options & { withdrawals_file?: string, all_zones: boolean }} Options with the text of
 *   a file that lists more withdrawals, and whether folders named trusted or curated are read beside landing files
 * @typedef {import('./core.js').Options} CoreOptions with the withdrawals as texts of lists
 * @typedef {import('./core.js').Counts} Counts
 * @typedef {import('./chart-data.js').Times} Times
 * @typedef {import('./chart-data.js').Subjects} Subjects
 * @typedef {import('./chart-data.js').Series} Series
 * @typedef {import('./chart-data.js').SubjectProfiles} SubjectProfiles
 */

/**
 * Why a call failed; `file` names the input that was being read, `place` is in a statement of SQL.
 * @typedef {object} Failure
 * @property {string} code
 * @property {string} message
 * @property {string} [file]
 * @property {import('./core.js').SqlPlace} [place]
 */

/**
 * The first call of every worker. `lock` names the lock that the worker holds as long as it lives; numbers are written
 * as in `locale`.
 * @typedef {{ module: WebAssembly.Module, lock: string | undefined, locale: string }} Start
 * @typedef {{ start: Method<Start, void> }} StartService
 */

/**
 * What the core's worker does. A run holds what it has read, for the next rerun; all else leaves nothing behind.
 * @typedef {StartService & RunService & JobService & ExploreService} CoreService
 */

/**
 * Runs. `rerun` is the last run again under stricter options, from what the workers hold: undefined if that is not
 * enough, and the files have to be read again. `help` makes the worker an engine of the run that another worker leads.
 * @typedef {object} RunService
 * @property {Method<RunRequest, RunResult, RunEvent>} run
 * @property {Method<RerunRequest, RunResult | undefined, RunEvent>} rerun
 * @property {Method<{ scale: number, defects: boolean, steps?: boolean }, Input[], RunEvent>} sample a sample export,
 *   as files; with `steps` of people who walk, with labels of their steps
 * @property {Method<{ helpers: MessagePort[] }, void>} warmUp a run on made-up data, which makes the core fast
 * @property {Method<MessagePort, void>} help the port is an endpoint of the engine service
 */

/**
 * A file of the user's, under the name that the report gives it: its path inside the dropped folder.
 * @typedef {{ name: string, file: File }} Input
 * @typedef {{ name: string, bytes: number, reason: string, message: string }} Refusal
 */

/**
 * @typedef {object} RunRequest
 * @property {Input[]} inputs
 * @property {Refusal[]} refusals inputs that the page already knows it will not use
 * @property {Options} options
 * @property {Uint8Array} key
 * @property {'given' | 'random'} keyOrigin
 * @property {FromLake} [from] that it goes on from
 * @property {number} memory bytes of readings that all workers together may hold
 * @property {MessagePort[]} helpers of the other workers, each an endpoint of the engine service
 */

/**
 * A lake that stands in for the readings that it was made of. Its pseudonyms stay only under its own key, if `newKey`
 * does not say that others are wanted.
 * @typedef {{ lake: FoundLake, newKey: boolean }} FromLake
 */

/** @typedef {Pick<RunRequest, 'options' | 'key' | 'keyOrigin'>} RerunRequest */

/**
 * @typedef {object} RunResult
 * @property {string} report report.json without hashes
 * @property {Uint8Array} reads what was read of the inputs, as the core's bytes
 * @property {import('./core.js').Reject[]} rejects
 * @property {import('./core.js').UnknownField[]} unknownFields
 * @property {import('./core.js').UnmatchedEntry[]} unmatched entries of the withdrawals that match nothing
 * @property {import('./core.js').TimeRanges | null} [times] of readings that could not be paired
 * @property {string} [nearestToConsent] an unknown field, where no customer has that of consent
 * @property {Tables} files
 * @property {Blob} [outcomes] what became of customer records, as the core's bytes; none of a lake that was saved
 */

/** The five tables as Parquet. @typedef {Record<SavedTable, Blob>} Tables */

/** @typedef {'sample' | 'scanning' | 'customers' | 'readings' | 'curating'} Phase */

/**
 * What a run reports. Bytes are those of the input as it lies on the disk.
 * @typedef {{ kind: 'phase', phase: Phase }} PhaseEvent
 * @typedef {{ kind: 'scanning', done: number, total: number }} ScanningEvent inputs
 * @typedef {{ kind: 'making', files: number, bytes: number }} MakingEvent
 * @typedef {{ kind: 'sources', sources: { name: string, bytes: number, table: Landing }[] }} SourcesEvent
 * @typedef {{ kind: 'read', read: [source: number, bytes: number][], counts?: Counts }} ReadEvent bytes since the last
 * @typedef {{ kind: 'counts', counts: Counts }} CountsEvent
 * @typedef {PhaseEvent | ScanningEvent | MakingEvent | SourcesEvent | ReadEvent | CountsEvent} RunEvent
 */

/**
 * Jobs that a worker of its own does beside a run.
 * @typedef {object} JobService
 * @property {Method<AuditRequest, AuditResult, number>} audit reports the bytes that were hashed
 * @property {Method<{ old: string, now: string }, import('./core.js').Difference>} compare two texts of
 *   report.json
 * @property {Method<SplitRequest, TreeFile[]>} split
 * @property {Method<string, string>} number report.json with its inputs numbered, for researchers
 * @property {Method<{ files: TreeFile[], time: string }, Blob, number>} zip reports the bytes that were packed
 * @property {Method<Input[], Found>} findLake
 * @property {Method<{ lake: FoundLake, inputs: Input[] }, void>} checkContinue whether a run could go on from a lake
 * @property {Method<{ report: string, key: Uint8Array }, void>} checkKey whether it is that of a lake
 * @property {Method<FoundLake, import('./core.js').LakeVerification, number>} checkLake reports the bytes that were
 *   read
 * @property {Method<{ lake: FoundLake, entry: string, key?: Uint8Array }, import('./core.js').LakePerson, number>
 *   } findPerson reports the bytes that were read
 * @property {Method<EraseRequest, Erased, number>} eraseLake reports the bytes that were read
 * @property {Method<EvidenceRequest, string>} evidence of a lake for people: an HTML file
 * @property {Method<string, number>} countEntries how many entries a list of withdrawals has
 */

/**
 * A finished run, to be hashed.
 * @typedef {object} AuditRequest
 * @property {string} report report.json without hashes
 * @property {Uint8Array} reads what the run has read of the inputs
 * @property {Input[]} inputs every file that the run was given
 * @property {FoundLake} [from] the lake that it went on from
 * @property {Tables} outputs
 * @property {Record<string, string>} names by table, what its file is called when it is saved alone
 * @property {string} commit that the page was built from
 * @property {string} wasmSha256 of the core
 * @property {{ run_id: string, time: string }} event a UUID, and when the run ended as RFC 3339
 */

/**
 * `landing` is the lake with its landing files, `delta` and `deltaLanding` are both with logs as Delta Lake has them: a
 * lake that an earlier version saved has none. `changed` are the names of inputs that are not what the run has read.
 * @typedef {{ report: string, lineage: string, croissant: string }} Documents as they are saved alone
 * @typedef {import('./core.js').Export} Export
 * @typedef {object} AuditResult
 * @property {Documents} files
 * @property {Record<Export | 'landing', import('./core.js').Tree> &
 *   Partial<Record<'delta' | 'deltaLanding', import('./core.js').Tree>>} trees
 * @property {string[]} [changed]
 */

/**
 * A research export to be dealt to training and test data: the text of its report, its table, the share of people for
 * testing as it was typed, the key of its pseudonyms, and the run's event.
 * @typedef {object} SplitRequest
 * @property {string} report
 * @property {Blob} table
 * @property {string} share
 * @property {Uint8Array} key
 * @property {AuditRequest['event']} event
 */

/**
 * People to be erased from a lake: the texts of lists that name them, the reference of the request (or an empty text),
 * and a key, given or made at random. Another key than the lake's needs `newKey`; `keyIsKnown`: somebody has it.
 * @typedef {object} EraseRequest
 * @property {FoundLake} lake
 * @property {string[]} lists
 * @property {string} reference
 * @property {Uint8Array} key
 * @property {boolean} given
 * @property {boolean} newKey
 * @property {boolean} keyIsKnown
 * @property {string} commit that the page was built from
 * @property {string} wasmSha256 of the core
 * @property {{ run_id: string, time: string }} event a UUID, and when it was begun as RFC 3339
 */

/**
 * The new lake, its report last; the texts of its documents by their paths, the report last as well; what erasure.json
 * says of this erasure; and the entries of the lists that match nothing.
 * @typedef {object} Erased
 * @property {TreeFile[]} files
 * @property {[path: string, text: string][]} documents
 * @property {import('./core.js').LakeErasure} erasure
 * @property {import('./core.js').UnmatchedEntry[]} unmatched
 */

/**
 * A lake by its report and its documents, each text after its path; what a check of it has found, if there was one; and
 * the time at which its evidence is made (RFC 3339).
 * @typedef {object} EvidenceRequest
 * @property {string} report
 * @property {string[]} documents
 * @property {LakeChecked} [check]
 * @property {string} time
 */

/** What a check has found, and when (RFC 3339). @typedef {LakeVerification & { time: string }} LakeChecked */
/** @typedef {import('./core.js').LakeVerification} LakeVerification */

/**
 * A lake among chosen files, by its report: the files that belong to it, and others that lie beside them. What a zip
 * holds packed is `deflated`.
 * @typedef {{ path: string, blob: Blob, deflated: boolean }} LakeBlob
 * @typedef {object} FoundLake
 * @property {string} name of its folder or zip
 * @property {string} report
 * @property {LakeBlob[]} files
 * @property {LakeBlob[]} others
 * @property {string[]} beside names of inputs that are not the lake's, and of its landing files
 * @property {string[]} documents what says of its versions, each text after its path
 * @property {import('./core.js').LakeHistory} history
 * @property {number} erased how many entries of lists were erased from it
 */

/**
 * `raw` says that something else was chosen that a run can read.
 * @typedef {{ lake?: FoundLake, raw: boolean }} Found
 */

/** A file of an export. @typedef {{ path: string, blob: Blob }} TreeFile */

/**
 * What a worker of its own shows of the run on the page.
 * @typedef {object} ExploreService
 * @property {Method<void, import('./core.js').TableSchema[]>} schema
 * @property {Method<ShownLake | undefined, void>} lake what is shown from now on; nothing without a run
 * @property {Method<Page & { table: SavedTable, dates: boolean, order?: RowOrder }, GridRow[]>} rows
 * @property {Method<{ table: SavedTable, order: RowOrder }, number>} ordered how many rows an order leaves
 * @property {Method<{ source: LandingSource, byte: number, dates: boolean }, RawPage>} rawPage
 * @property {Method<Page, GridRow[]>} rawRows of the last raw page
 * @property {Method<SavedTable[], Times>} times of these tables, all on one axis
 * @property {Method<void, Subjects>} subjects
 * @property {Method<{ subject: string, from?: number, to?: number }, Series | undefined>} series `subject` may be the
 *   first letters of one; undefined if none or several start so
 * @property {Method<string, SubjectProfiles | undefined>} quality of all rows of such a subject
 */

/**
 * A run's tables. Of pseudonyms also their key where it is at hand: that of a lake that this browser keeps is not.
 * @typedef {import('./core.js').Identity} Identity
 * @typedef {Pick<RunResult, 'files' | 'outcomes'> & { identity: Identity, key?: Uint8Array }} ShownLake
 */

/**
 * Rows sorted by a column, and only those whose column `where` fits: text that holds `fits`, or a number or time that
 * compares so (`>= 5`).
 * @typedef {{ sort?: string, descending?: boolean, where?: string, fits?: string }} RowOrder
 */

/** Rows from `start` up to, but not with, `end`. @typedef {{ start: number, end: number }} Page */

/**
 * A row of the grid, as text; `bad` says why it is none, and its one cell is then the text of the file.
 * @typedef {import('./core.js').Outcome} Outcome
 * @typedef {{ head: string, cells: (string | null)[], bad?: string, outcome?: Outcome }} GridRow
 */

/**
 * An input of the run that is on the page; `entry` names a file of an archive, `share` says that others of its records
 * are of other tables.
 * @typedef {{ name: string, table: Landing, share: boolean, bytes: number, file: File, entry?: string }} LandingSource
 */

/**
 * A page of a plain file, or the head of a packed one: its rows, whether they have an `outcome`, where it starts and
 * how long the file is.
 * @typedef {{ rows: number, outcomes: boolean, start: number, bytes: number, part: 'page' | 'head' }} RawPage
 */

/**
 * An instance of the core that works for the run of another worker. It reads, holds what it has admitted, and makes row
 * groups.
 * @typedef {object} EngineService
 * @property {Method<number, void>} begin forgets all that was read; the bytes that readings may take
 * @property {Method<ByteRange[], ReadReply, ReadProgress>} read
 * @property {Method<ArchiveEntry[], ReadReply, ReadProgress>} entries
 * @property {Method<CoreOptions, Uint8Array<ArrayBuffer>>} customers what it has read of them
 * @property {Method<void, void>} forget what it has read of them
 * @property {Method<Uint8Array, void>} admit reads readings from now on, with the context of the run
 * @property {Method<Uint8Array, boolean>} rerun with the context of stricter options; false if it does not hold enough
 * @property {Method<void, Uint8Array<ArrayBuffer>>} counters what was counted, once everything is read
 * @property {Method<{ plan: Uint8Array, jobs: number[] }, JobRows[]>} shares what it holds of the jobs of others
 * @property {Method<JobRows[], Uint8Array[]>} count its jobs, with the rows of others, and keeps what they give
 * @property {Method<JobRows[], JobResult[]>} work its jobs, with the rows of others unless it has counted them
 * @property {Method<void, void>} free
 */

/**
 * A range of a plain file, or all of a file (`end` is 0 then); `share` says that others of its records are of other
 * tables.
 * @typedef {{ name: string, table: Landing, share: boolean, file: File, start: number, end: number }} ByteRange
 */

/**
 * An entry of the archive that `file` is, which has a number, for names may repeat.
 * @typedef {{ name: string, bytes: number, table: Landing, share: boolean, file: File, archive: number, index: number
 *   }} ArchiveEntry
 */

/**
 * @typedef {{ decoded: Uint8Array[], counts: Counts }} ReadReply what the core says of each, and the tables so far
 * @typedef {{ at: number, bytes: number }} ReadProgress bytes that were read of one of them
 */

/**
 * A job's own readings that one engine holds, as the core's bytes: in memory, or in the browser's storage of blobs.
 * `partners` are readings that may be paired with these; they may be too many for memory, and one blob may be that of
 * many jobs. Of a job of customers all rows come from the lead.
 * @typedef {Uint8Array<ArrayBuffer> | Blob} Share
 * @typedef {{ job: number, shares: Share[], partners: Blob[], customers?: Uint8Array<ArrayBuffer> }} JobRows
 * @typedef {{ job: number, body: Blob, done: Uint8Array }} JobResult
 */

/**
 * The SQL console. Calls are answered one after the other.
 * @typedef {StartService & QueryService} SqlService
 * @typedef {object} QueryService
 * @property {Method<SqlLake, void>} lake the tables from now on
 * @property {Method<string, SqlDone>} query
 * @property {Method<Page, GridRow[]>} rows of the last result
 * @property {Method<{ end: number }, (string | null)[][]>} text the first rows of the last result, as they are
 * @property {Method<SqlFormat, Blob>} file the last result
 */

/**
 * What a statement did.
 * @typedef {Extract<import('./core.js').SqlDone, { kind: 'rows' }>} SqlRows
 * @typedef {Extract<import('./core.js').SqlDone, { kind: 'created' }> & { file: Blob }} SqlCreated
 * @typedef {SqlRows | SqlCreated | Extract<import('./core.js').SqlDone, { kind: 'dropped' }>} SqlDone
 */

/** @typedef {'csv' | 'ndjson' | 'parquet'} SqlFormat */

/**
 * What the page does for its workers.
 * @typedef {object} PageService
 * @property {Method<Blob, ArrayBuffer>} readFile the bytes of a file, or of a slice of one, handed over unread
 */

/**
 * The written tables, the inputs that landing tables are read from when a statement names them, and the tables of the
 * session.
 * @typedef {{ name: string, raw: boolean, rows: number, file: Blob }} SessionTable
 * @typedef {object} SqlLake
 * @property {Tables} [files]
 * @property {LandingSource[]} sources
 * @property {TableName[]} absent landing tables that had rows, but whose files are not here
 * @property {SessionTable[]} session
 */

/**
 * @typedef {object} SelfTestService
 * @property {Method<string, void, Attempted>} attempt every way out that a worker has, against an address and a port
 */

/**
 * Who refused an attempt: the page's policy, its first script, the browser by a rule for every page, or the browser,
 * which does not have it there; `untried` would leave the page, and this browser cannot refuse it; `unsaid` failed
 * where the policy holds, and the browser does not say why (Firefox, of some ways in workers); `nobody` is a leak.
 * @typedef {'policy' | 'script' | 'browser' | 'absent' | 'untried' | 'unsaid' | 'nobody'} RefusedBy
 * @typedef {{ way: string, by: RefusedBy, detail: string }} Attempted
 */

export {};
