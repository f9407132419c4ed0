// The job in DuckDB-WASM 1.28.0, the last version that can do it offline. It has no read_json: `insertJSONFromPath`
// is its way in, and it takes arrays, so each file is made one in memory first, which is a small part of the time.
import * as duckdb from '@duckdb/duckdb-wasm';
import { ofKind, offer } from './page.js';

const NEWLINE = 10;
const COMMA = 44;

/** Columns and their types, as this version names them. */
const LANDING = {
  customer: {
    customerName: 'utf8',
    email: 'utf8',
    phone: 'utf8',
    birthDay: 'utf8',
    serialNumber: 'utf8',
    registrationDate: 'int64',
    lastUpdateDate: 'int64',
    shareWithResearchAsOfDate: 'int64',
    shareWithPublicAsOfDate: 'int64',
    shareWithFriendsAsOfDate: 'int64',
  },
  accelerometer: { user: 'utf8', timestamp: 'int64', x: 'float64', y: 'float64', z: 'float64' },
  step_trainer: { sensorReadingTime: 'int64', serialNumber: 'utf8', distanceFromObject: 'int32' },
};

const TABLES = {
  customer_trusted: 'FROM customer_landing WHERE shareWithResearchAsOfDate > 0',
  accelerometer_trusted: 'FROM accelerometer_landing WHERE "user" IN (SELECT email FROM customer_trusted)',
  customer_curated: 'FROM customer_trusted WHERE email IN (SELECT "user" FROM accelerometer_trusted)',
  step_trainer_trusted: 'FROM step_trainer_landing WHERE serialNumber IN (SELECT serialNumber FROM customer_curated)',
  // The subject is made once a person, not once a row.
  machine_learning_curated: `
    WITH owners AS (SELECT email, serialNumber, left(sha256('key' || email), 32) AS subject
      FROM (SELECT DISTINCT email, serialNumber FROM customer_curated))
    SELECT o.subject, s.sensorReadingTime, s.distanceFromObject, a.x, a.y, a.z
    FROM step_trainer_trusted s
    JOIN owners o ON o.serialNumber = s.serialNumber
    JOIN accelerometer_trusted a ON a."user" = o.email AND a.timestamp = s.sensorReadingTime`,
};

/** @type {duckdb.AsyncDuckDB} */
let db;

offer({
  async prepare() {
    const { origin } = location;
    const bundle = await duckdb.selectBundle({
      mvp: { mainModule: `${origin}/duckdb-mvp.wasm`, mainWorker: `${origin}/duckdb-browser-mvp.worker.js` },
      eh: { mainModule: `${origin}/duckdb-eh.wasm`, mainWorker: `${origin}/duckdb-browser-eh.worker.js` },
    });
    db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(/** @type {string} */ (bundle.mainWorker)));
    await db.instantiate(bundle.mainModule);
    return `DuckDB ${await db.getVersion()}, ${bundle.mainModule.includes('-eh') ? 'EH' : 'MVP'}`;
  },

  async run(files) {
    // A new database each time, so that no run has a table of the one before.
    await db.open({});
    const lake = await db.connect();
    const start = performance.now();
    for (const kind of /** @type {(keyof typeof LANDING)[]} */ (Object.keys(LANDING)))
      await land(lake, kind, ofKind(files, kind));
    /** @type {Record<string, Blob>} */
    const blobs = {};
    for (const [table, query] of Object.entries(TABLES)) {
      await lake.query(`CREATE TABLE ${table} AS ${query}`);
      await lake.query(`COPY ${table} TO '${table}.parquet' (FORMAT parquet)`);
      blobs[table] = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (await db.copyFileToBuffer(`${table}.parquet`))]);
    }
    const seconds = (performance.now() - start) / 1000;

    /** @type {import('./types.js').Counts} */
    const counts = {};
    for (const table of Object.keys(TABLES)) {
      const answer = await lake.query(`SELECT count(*) AS n FROM ${table}`);
      counts[table] = Number(answer.get(0)?.n);
      if (blobs[table].size === 0) throw new Error(`${table} is empty`);
    }
    await lake.close();
    await db.dropFiles();
    return { seconds, counts };
  },
});

/** @param {duckdb.AsyncDuckDBConnection} lake @param {keyof typeof LANDING} kind @param {File[]} files */
async function land(lake, kind, files) {
  const columnsFlat = Object.entries(LANDING[kind]).map(([name, sqlType]) => ({ name, sqlType }));
  for (const [at, file] of files.entries()) {
    await db.registerFileBuffer(file.name, await asArray(file));
    await lake.insertJSONFromPath(file.name, {
      name: `${kind}_landing`,
      schema: 'main',
      columnsFlat,
      create: at === 0,
    });
    await db.dropFile(file.name);
  }
}

/** Lines of objects as one array of them. @param {File} file */
async function asArray(file) {
  const lines = new Uint8Array(await file.arrayBuffer());
  let end = lines.length;
  while (lines[end - 1] === NEWLINE) end -= 1;
  const array = new Uint8Array(end + 2);
  array.set(lines.subarray(0, end), 1);
  for (let at = array.indexOf(NEWLINE); at > 0; at = array.indexOf(NEWLINE, at)) array[at] = COMMA;
  array[0] = '['.charCodeAt(0);
  array[end + 1] = ']'.charCodeAt(0);
  return array;
}
