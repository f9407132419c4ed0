import { askAside } from './bridge.js';
import { find, h } from './dom.js';
import * as format from './format.js';
import { TABLES } from './text.js';
import { writeTree } from './tree.js';

/**
 * Lakes that are kept between visits, only when that is asked for: in the browser's own storage for this
 * page, a folder for each. Landing files are never among them.
 * @typedef {import('./types.js').AuditResult} AuditResult
 * @typedef {import('./types.js').RunResult['files']} Tables
 * @typedef {{ audit: AuditResult, tables: Tables }} Lake
 * @typedef {{ audit: AuditResult, rows: number, bytes: number }} Index
 */

const FOLDER = 'lakes';
/** Written last: a lake without it was not written to its end. */
const INDEX = 'index.json';
/** Milliseconds after which nobody writes it any more. */
const GIVEN_UP = 3_600_000;

const SAVED = /** @type {import('./types.js').SavedTable[]} */ (TABLES.filter(({ saved }) => saved).map(({ name }) => name));

/** @param {(lake: Lake) => void} onOpen */
export function createKept(onOpen) {
  const section = find('#kept');
  const list = find('#kept ul');
  const words = find('#kept-status');
  // Beside the button, which is elsewhere on the page than the list.
  const said = find('#export-status');
  const keep = find('#keep', HTMLButtonElement);
  /** @type {Lake | undefined} */
  let lake;

  async function show() {
    const lakes = await all();
    section.hidden = lakes.length === 0;
    list.replaceChildren(...lakes.map(({ name, rows, bytes }) => {
      const time = new Date(Number(name));
      const when = time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
      const open = h('button', { type: 'button', 'aria-label': `Open the lake of ${when}` }, 'Open');
      const remove = h('button', { type: 'button', class: 'quiet', 'aria-label': `Remove the lake of ${when}` }, 'Remove');
      open.addEventListener('click', () => attempt(async () => onOpen(await read(name))));
      remove.addEventListener('click', () => attempt(async () => {
        await (await folder()).removeEntry(name, { recursive: true });
        await show();
        words.textContent = `The lake of ${when} is removed.`;
      }));
      return h('li', {}, h('span', {}, `${when}, ${age(time)}: ${format.counted(rows, 'row')} of machine_learning_curated, ${format.bytes(bytes)} in all.`), open, remove);
    }));
  }

  /** @param {() => Promise<void>} work */
  async function attempt(work, place = words) {
    place.textContent = '';
    try {
      await work();
    } catch (error) {
      place.textContent = `That did not work: ${error instanceof Error ? error.message : error}`;
    }
  }

  keep.addEventListener('click', () => attempt(async () => {
    if (!lake) return;
    const { audit, tables } = lake;
    keep.disabled = true;
    const name = String(Date.now());
    try {
      const place = await (await folder()).getDirectoryHandle(name, { create: true });
      /** @type {Index} */
      const index = {
        audit,
        rows: JSON.parse(audit.files.report).tables.machine_learning_curated.rows_out,
        bytes: SAVED.reduce((sum, table) => sum + tables[table].size, 0),
      };
      const files = SAVED.map((table) => ({ path: `${table}.parquet`, blob: tables[table] }));
      await writeTree(place, [...files, { path: INDEX, blob: new Blob([JSON.stringify(index)]) }]);
    } catch (error) {
      // What stopped the keeping may stop this too; the first is what is said.
      await folder().then((within) => within.removeEntry(name, { recursive: true })).catch(() => undefined);
      keep.disabled = false;
      throw error;
    }
    said.textContent = 'Kept in this browser: it is listed at the top of the page, until you remove it or the browser clears this page’s storage.';
    await show();
  }, said));

  // Refused from file:// and where the browser keeps nothing: then there is nothing to offer either.
  folder().then(show).then(() => { find('#keep-offer').hidden = false; }).catch(() => undefined);

  return {
    /** @param {Lake} next */
    offer(next) {
      lake = next;
      keep.disabled = false;
    },
    clear() {
      lake = undefined;
      keep.disabled = true;
      words.textContent = '';
    },
  };
}

async function folder() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/** The lakes that were written to their end, the newest first; what is left of others goes. */
async function all() {
  const within = await folder();
  const lakes = [];
  // The page's types do not know that it can be gone through.
  for await (const name of /** @type {AsyncIterable<string>} */ (/** @type {any} */ (within).keys())) {
    try {
      const { rows, bytes } = await indexOf(await within.getDirectoryHandle(name));
      lakes.push({ name, rows, bytes });
    } catch {
      if (Date.now() - Number(name) > GIVEN_UP) await within.removeEntry(name, { recursive: true });
    }
  }
  return lakes.sort((a, b) => Number(b.name) - Number(a.name));
}

/** @param {string} name @returns {Promise<Lake>} */
async function read(name) {
  const place = await (await folder()).getDirectoryHandle(name);
  const { audit } = await indexOf(place);
  await number(audit.trees.research);
  const tables = /** @type {Tables} */ ({});
  for (const table of SAVED) tables[table] = await (await place.getFileHandle(`${table}.parquet`)).getFile();
  return { audit, tables };
}

/** Earlier versions kept a research export that names its inputs. @param {import('./types.js').Tree} tree */
async function number({ documents }) {
  for (const document of documents) {
    if (document[0] !== 'report.json' || JSON.parse(document[1]).inputs_by === 'number') continue;
    document[1] = await askAside({ kind: 'number', report: document[1] }).answer;
  }
}

/** @param {FileSystemDirectoryHandle} place @returns {Promise<Index>} */
async function indexOf(place) {
  return JSON.parse(await (await (await place.getFileHandle(INDEX)).getFile()).text());
}

/** @param {Date} since */
function age(since) {
  const days = Math.round((since.getTime() - Date.now()) / 86_400_000);
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day');
}
