import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { folder, keep as write, list, read, remove } from './lake-store.js';
import { mayTakeOut, ready, takesOut } from './save-gate.js';

/**
 * Lakes that are kept between visits, only when that is asked for. Landing files are never among them.
 * @typedef {import('./lake-store.js').Lake} Lake
 * @typedef {import('./lake-store.js').Entry} Entry
 */

/**
 * @param {object} on
 * @param {(lake: Lake, name: string) => void | Promise<void>} on.open
 * @param {(name: string) => void} on.keep
 * @param {(name: string) => void} on.remove
 */
export function createKept(on) {
  const section = find('#kept');
  const place = find('#kept ul');
  const words = find('#kept-status');
  // Beside the button, which is elsewhere on the page than the list.
  const said = find('#export-status');
  const keep = find('#keep', HTMLButtonElement);
  /** @type {Lake | undefined} */
  let lake;

  async function show() {
    const entries = await list();
    section.hidden = entries.length === 0;
    place.replaceChildren(...entries.map(item));
  }

  /** @param {Entry} entry */
  function item(entry) {
    const { name, since } = entry;
    const what = since ? `the lake of ${when(since)}` : `“${name}”`;
    const removing = h('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${what}` }, 'Remove');
    removing.addEventListener('click', () =>
      attempt(async () => {
        await remove(name);
        on.remove(name);
        await show();
        words.textContent = `Removed: ${what}.`;
      }),
    );
    const title = since ? `${when(since)}, ${age(since)}` : `“${name}”`;
    if ('damage' in entry) {
      return h(
        'li',
        { 'data-damaged': '' },
        h('span', {}, h('b', {}, 'Damaged'), ` ${title}: ${entry.damage}. It cannot be opened.`),
        removing,
      );
    }
    const opening = h('button', { type: 'button', 'aria-label': `Open ${what}` }, 'Open');
    opening.addEventListener('click', () => attempt(async () => on.open(await read(name), name)));
    const holds = `${format.counted(entry.rows, 'row')} of machine_learning_curated, ${format.bytes(entry.bytes)} in all.`;
    return h('li', {}, h('span', {}, `${title}: ${holds}`), opening, removing);
  }

  /** @param {() => Promise<void>} work */
  async function attempt(work, where = words) {
    where.textContent = '';
    try {
      await work();
    } catch (error) {
      where.textContent = `That did not work: ${error instanceof Error ? error.message : error}`;
    }
  }

  takesOut(keep, () =>
    attempt(async () => {
      if (!lake) return;
      const mine = lake;
      ready(keep, false);
      try {
        const name = await write(mine, () => {
          if (lake !== mine || !mayTakeOut()) throw new Error('the settings were changed meanwhile.');
        });
        // Other results may be on the page by now.
        if (lake === mine) on.keep(name);
      } catch (error) {
        ready(keep, lake !== undefined);
        throw error;
      }
      said.textContent =
        'Kept in this browser: it is listed at the top of the page, until you remove it or the browser ' +
        'clears this page’s storage.';
      await show();
    }, said),
  );

  // Refused from file:// and where the browser keeps nothing: then there is nothing to offer either.
  folder()
    .then(() => {
      find('#keep-offer').hidden = false;
      return attempt(show);
    })
    .catch(() => undefined);

  return {
    /** @param {Lake} next */
    offer(next) {
      lake = next;
      ready(keep, true);
    },
    clear() {
      lake = undefined;
      ready(keep, false);
      words.textContent = '';
    },
  };
}

/** @param {Date} time */
const when = (time) => time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** @param {Date} since */
function age(since) {
  const days = Math.round((since.getTime() - Date.now()) / 86_400_000);
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day');
}
