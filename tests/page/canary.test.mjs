// Someone who did not consent, with a mark in whatever can be written down of them: under every option it is in
// nothing that the page saves, keeps or says, but for the views marked RAW and the lists of rejects and unknown fields.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { SAVED, choose, download, explore, filesUnder, launch, openPage, reached, tempFolder } from './harness.mjs';
import { makeExport } from './made.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const KEY = 'one key';
const MARK = 'kanari';
const EMAIL = `${MARK}.mail@example.org`;
const subject = (/** @type {string} */ email) => createHmac('sha256', KEY).update(email).digest('hex').slice(0, 32);
/** Numbers that are the marked person's alone. */
const NUMBERS = [
  1_611_111_111_117, 1_622_222_222_229, 1_633_333_333_331, 1_644_444_444_443, 7_711_223_344_556, 123.4567890125,
  -98.7654321, 4.040404040404, 271_828_182,
];
const [REGISTERED, UPDATED, SHARED, TIME, PHONE, X, Y, Z, DISTANCE] = NUMBERS;
const TEXTS = [MARK, subject(EMAIL), ...NUMBERS.map(String)];

/** The made export, with the marked person in it. @param {string} folder */
function marked(folder) {
  const [customers, accelerometer, steps] = makeExport(folder);
  const add = (/** @type {string} */ path, /** @type {(object | string)[]} */ ...records) => {
    appendFileSync(path, records.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));
  };
  const person = {
    customerName: `${MARK} name`,
    email: EMAIL,
    phone: String(PHONE),
    birthDay: `${MARK} day`,
    serialNumber: `${MARK}-serial`,
    registrationDate: REGISTERED,
    lastUpdateDate: UPDATED,
    shareWithPublicAsOfDate: SHARED,
    shareWithFriendsAsOfDate: SHARED,
  };
  add(
    customers,
    { ...person, [`${MARK}Field`]: `${MARK} value`, nested: { [`${MARK}Inner`]: [`${MARK} deep`] } },
    { ...person, shareWithResearchAsOfDate: 0 },
    // Consent that cannot be read is none.
    {
      ...person,
      email: `${MARK}.unreadable@example.org`,
      serialNumber: `${MARK}-other`,
      shareWithResearchAsOfDate: `${MARK} date`,
    },
    { ...person, registrationDate: `${MARK} wrong type` },
    { ...person, email: null },
    `{"email": "${EMAIL}", ${MARK} broken`,
  );
  const reading = { user: EMAIL, timestamp: TIME, x: X, y: Y, z: Z };
  add(
    accelerometer,
    reading,
    { ...reading, [`${MARK}Column`]: `${MARK} cell` },
    { ...reading, timestamp: `${MARK} time` },
    { ...reading, x: [`${MARK} list`] },
    // An unknown field of someone who consents is not theirs alone.
    { user: 'person0@example.org', timestamp: 1_655_000_000_000, x: 1, y: 2, z: 3, [`${MARK}Extra`]: `${MARK} extra` },
  );
  const step = { sensorReadingTime: TIME, serialNumber: `${MARK}-serial`, distanceFromObject: DISTANCE };
  add(
    steps,
    step,
    { ...step, [`${MARK}Step`]: MARK },
    { ...step, distanceFromObject: `${MARK} far` },
    `${MARK} no json`,
  );
  return [customers, accelerometer, steps];
}

/**
 * What of the marks stands in a file, as it is and, if it is Parquet, decoded.
 * @param {string} name
 * @param {Buffer} bytes
 */
async function found(name, bytes) {
  const texts = [bytes.toString('latin1')];
  if (bytes.subarray(0, 4).toString() === 'PAR1') {
    const file = Uint8Array.from(bytes).buffer;
    const json = (/** @type {any} */ value) =>
      JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
    const compressors = { GZIP: (/** @type {Uint8Array} */ packed) => new Uint8Array(gunzipSync(packed)) };
    texts.push(json(parquetMetadata(file)), json(await parquetReadObjects({ file, compressors })));
  }
  return TEXTS.filter((text) => texts.some((where) => where.toLowerCase().includes(text))).map(
    (text) => `${text} in ${name}`,
  );
}

/**
 * Packs one of the exports and unpacks it by a program that is not ours.
 * @param {import('node:test').TestContext} t
 * @param {Page} page
 * @param {string} which
 */
async function exported(t, page, which) {
  await page.check(`#export-${which}`);
  await page.waitForSelector('#export-zip:enabled');
  const saved = page.waitForEvent('download');
  await page.press('#export-zip', 'Enter');
  const folder = tempFolder(t);
  await (await saved).saveAs(join(folder, 'a.zip'));
  mkdirSync(join(folder, 'out'));
  execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, 'a.zip'), join(folder, 'out')]);
  return filesUnder(folder).map((path) => ({
    name: `${which}: ${path.slice(folder.length + 1)}`,
    bytes: readFileSync(path),
  }));
}

/** Everything that the browser keeps for the page. @param {Page} page */
async function kept(page) {
  const all = await page.evaluate(async () => {
    /** @type {[name: string, base64: string][]} */
    const files = [];
    const walk = async (/** @type {any} */ folder, /** @type {string} */ path) => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'directory') await walk(entry, `${path}${name}/`);
        else {
          const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
          files.push([path + name, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]);
        }
      }
    };
    await walk(await navigator.storage.getDirectory(), 'kept: ');
    const stores = {
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookies: document.cookie,
      caches: await caches.keys(),
      databases: await indexedDB.databases(),
      workers: await navigator.serviceWorker.getRegistrations().then(({ length }) => length),
    };
    return { files, stores, title: document.title, url: location.href, state: history.state };
  });
  assert.deepEqual(all.stores, { local: {}, session: {}, cookies: '', caches: [], databases: [], workers: 0 });
  return [
    { name: 'address', bytes: Buffer.from(JSON.stringify([all.url, all.title, all.state])) },
    ...all.files.map(([name, base64]) => ({ name, bytes: Buffer.from(base64, 'base64') })),
  ];
}

/** What the page says, but for what may show raw text. @param {Page} page */
async function said(page) {
  const text = await page.evaluate(() => {
    // Not of a copy: the first script lets nothing be copied that holds a script.
    const raw = '#rejects, #table-rejects, #unknown, #rows, [data-warning="withdrawals_unmet"] ul, script';
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, ({ parentElement }) =>
      parentElement?.closest(raw) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    let all = '';
    while (texts.nextNode()) all += texts.currentNode.nodeValue;
    const elements = [...document.body.querySelectorAll('*')].filter((element) => !element.closest(raw));
    return all + elements.flatMap(({ attributes }) => [...attributes].map(({ value }) => value)).join('\n');
  });
  return { name: 'what the page says', bytes: Buffer.from(text) };
}

/** @type {Record<string, string>[]} */
const OPTIONS = [
  {},
  { consent: 'as-of' },
  { consent: 'as-of-phone' },
  { records: 'latest' },
  { emails: 'folded' },
  { 'shared-serials': 'drop' },
  { duplicates: 'drop' },
  { join: 'time' },
  { identity: 'serial' },
  { times: 'shifted' },
  { times: 'relative' },
  { 'one-per-instant': 'on' },
  { compression: 'gzip' },
  { join: 'time', identity: 'serial', records: 'latest', consent: 'as-of', emails: 'folded', duplicates: 'drop' },
];
const DEFAULTS = {
  consent: 'ever',
  records: 'any',
  emails: 'exact',
  'shared-serials': 'keep',
  duplicates: 'keep',
  join: 'owner',
  identity: 'pseudonym',
  times: 'exact',
  'one-per-instant': 'off',
  compression: 'snappy',
};

for (const options of [...OPTIONS, 'withdrawn']) {
  const name =
    typeof options === 'string'
      ? options
      : Object.entries(options)
          .map((one) => one.join('='))
          .join(', ') || 'the defaults';
  test(`no mark of who did not consent is saved, kept or said: ${name}`, async (t) => {
    const folder = tempFolder(t);
    const { page, errors } = await openPage(t, browser, 'http');
    /** @type {string[]} */
    const logs = [];
    page.on('console', (message) => logs.push(message.text()));
    // Serial numbers need no key, and its field is gone then.
    await choose(page, { key: 'file', ...DEFAULTS, ...(typeof options === 'string' ? {} : options) });
    if (options === 'withdrawn')
      await page.fill('#withdrawals', `${EMAIL.toUpperCase()}\n${MARK}-serial\n${MARK} nobody`);
    if (await page.isVisible('#key-file'))
      await page.setInputFiles('#key-file', { name: 'key', mimeType: 'text/plain', buffer: Buffer.from(KEY) });
    await page.setInputFiles('#files', marked(join(folder, 'export')));
    await reached(page, 'done');

    /** @type {{ name: string, bytes: Buffer }[]} */
    const all = [];
    for (const what of [...SAVED, 'report', 'lineage', 'croissant']) all.push(await download(page, what));
    for (const which of ['research', 'lake']) all.push(...(await exported(t, page, which)));
    await page.press('#save-lake:enabled', 'Enter');
    await page.waitForSelector('#saved-lakes li');
    all.push(...(await kept(page)), await said(page), { name: 'console', bytes: Buffer.from(logs.join('\n')) });
    assert.ok(all.length > 30, `${all.length} files`);
    assert.deepEqual((await Promise.all(all.map(({ name, bytes }) => found(name, bytes)))).flat(), []);

    // Someone who consents is found where they belong, so the search sees what is there.
    const known = await parquetReadObjects({
      file: Uint8Array.from(all[0].bytes).buffer,
      compressors: { GZIP: (packed) => new Uint8Array(gunzipSync(packed)) },
    });
    assert.ok(known.some(({ email }) => email === 'person0@example.org'));
    assert.match(await page.innerText('#rejects'), new RegExp(MARK), 'rejects are shown in the page');
    assert.match(await page.innerText('#unknown'), new RegExp(MARK), 'so are unknown fields');
    await explore(page, 'rejects');
    const rejects = await download(page, 'rejects');
    assert.notDeepEqual(await found('rejects', rejects.bytes), [], 'and saved when that is asked for');
    assert.deepEqual(errors, []);
  });
}

test('the search finds a mark in Parquet, in its metadata and as a pseudonym', async (t) => {
  const folder = tempFolder(t);
  const files = makeExport(join(folder, 'export'));
  const share = { shareWithResearchAsOfDate: 1_600_000_000_000 };
  appendFileSync(
    files[0],
    `${JSON.stringify({
      customerName: 'a',
      email: EMAIL,
      serialNumber: `${MARK}-serial`,
      registrationDate: REGISTERED,
      ...share,
    })}\n`,
  );
  appendFileSync(files[1], `${JSON.stringify({ user: EMAIL, timestamp: TIME, x: X, y: Y, z: Z })}\n`);
  appendFileSync(
    files[2],
    `${JSON.stringify({ serialNumber: `${MARK}-serial`, sensorReadingTime: TIME, distanceFromObject: DISTANCE })}\n`,
  );
  writeFileSync(join(folder, 'key'), KEY);
  const { page } = await openPage(t, browser, 'http');
  await choose(page, { key: 'file' });
  await page.setInputFiles('#key-file', join(folder, 'key'));
  await page.setInputFiles('#files', files);
  await reached(page, 'done');
  const customers = await found('it', (await download(page, 'customer_trusted')).bytes);
  assert.deepEqual(
    customers,
    [MARK, REGISTERED].map((text) => `${text} in it`),
  );
  const research = await found('it', (await download(page, 'machine_learning_curated')).bytes);
  assert.deepEqual(
    research,
    [subject(EMAIL), TIME, X, Y, Z, DISTANCE].map((text) => `${text} in it`),
    'the person consents, and still no name of theirs',
  );
});
