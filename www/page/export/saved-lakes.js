import { labels, locale } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { folder, list, read, remove, write } from './lake-store.js';
import { maySave, ready, saveButton } from './save-gate.js';

/**
 * Lakes that are saved in this browser between visits, only when the user asks for it. Landing files are never among
 * them.
 * @typedef {import('./lake-store.js').Lake} Lake
 * @typedef {import('./lake-store.js').Entry} Entry
 */

/**
 * @param {object} on
 * @param {(lake: Lake, name: string) => void | Promise<void>} on.open
 * @param {(name: string) => void} on.saved
 * @param {(name: string) => void} on.removed
 */
export function createSavedLakes(on) {
  const section = find('#saved-lakes');
  const place = find('#saved-lakes ul');
  const words = find('#saved-lakes-status');
  // Beside the button, which is elsewhere on the page than the list.
  const said = find('#export-status');
  const saving = find('#save-lake', HTMLButtonElement);
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
    const what = since ? labels.lakes.named(when(since)) : `“${name}”`;
    const removing = h(
      'button',
      { type: 'button', class: 'quiet', 'aria-label': labels.lakes.removeNamed(what) },
      labels.lakes.remove,
    );
    removing.addEventListener('click', () =>
      attempt(async () => {
        await remove(name);
        on.removed(name);
        await show();
        words.textContent = labels.lakes.removed(what);
      }),
    );
    const title = since ? `${when(since)}, ${age(since)}` : `“${name}”`;
    if ('damage' in entry) {
      return h(
        'li',
        { 'data-damaged': '' },
        h('span', {}, h('b', {}, labels.lakes.damaged), labels.lakes.damage(title, entry.damage)),
        removing,
      );
    }
    const opening = h('button', { type: 'button', 'aria-label': labels.lakes.openNamed(what) }, labels.lakes.open);
    opening.addEventListener('click', () => attempt(async () => on.open(await read(name), name)));
    const rows = format.counted(entry.rows, labels.nouns.row);
    const holds = labels.lakes.holds(rows, format.bytes(entry.bytes));
    return h('li', {}, h('span', {}, `${title}: ${holds}`), opening, removing);
  }

  /** @param {() => Promise<void>} work */
  async function attempt(work, where = words) {
    where.textContent = '';
    try {
      await work();
    } catch (error) {
      where.textContent = labels.lakes.failed(messageOf(error));
    }
  }

  saveButton(saving, () =>
    attempt(async () => {
      if (!lake) return;
      const mine = lake;
      ready(saving, false);
      try {
        const name = await write(mine, () => {
          if (lake !== mine || !maySave()) throw new Error(labels.save.changedMeanwhile);
        });
        // Other results may be on the page by now.
        if (lake === mine) on.saved(name);
      } catch (error) {
        ready(saving, lake !== undefined);
        throw error;
      }
      said.textContent = labels.lakes.saved;
      await show();
    }, said),
  );

  // Refused from file:// and where the browser stores nothing: then there is nothing to offer either.
  folder()
    .then(() => {
      for (const id of ['#save-lake-offer', '#save-lake-note']) find(id).hidden = false;
      return attempt(show);
    })
    .catch(() => undefined);

  return {
    /** @param {Lake} next */
    offer(next) {
      lake = next;
      ready(saving, true);
    },
    clear() {
      lake = undefined;
      ready(saving, false);
      words.textContent = '';
    },
  };
}

/** @param {Date} time */
const when = (time) => time.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });

/** @param {Date} since */
function age(since) {
  const days = Math.round((since.getTime() - Date.now()) / 86_400_000);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
}
