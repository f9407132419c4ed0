import { find, h } from './dom.js';
import * as format from './format.js';
import { PHASES } from './text.js';

/** A folder may hold thousands of files; the page lists so many, and the total counts all. */
const LISTED = 100;

/**
 * Shows what the worker is doing: the phase, all bytes together with rate and time left, and each file.
 */
export function createProgress() {
  const status = find('#status');
  const total = find('#total', HTMLProgressElement);
  const rate = find('#rate');
  const list = find('#sources');
  /** @type {{ name: string, bytes: number }[]} */
  let sources = [];
  /** Bytes before each source. @type {number[]} */
  let before = [];
  /** @type {{ row: HTMLElement, bar: HTMLProgressElement, read: HTMLElement }[]} */
  let rows = [];
  let allBytes = 0;
  let current = 0;
  let readingSince = 0;

  return {
    begin() {
      status.textContent = PHASES.looking;
      rate.textContent = '';
      list.replaceChildren();
      total.removeAttribute('value');
      sources = [];
      rows = [];
    },

    /** @param {import('./types.js').WorkEvent} event */
    show(event) {
      if (event.kind === 'phase') phase(event.phase);
      else if (event.kind === 'making') rate.textContent = `${format.counted(event.files, 'file')}, ${format.bytes(event.bytes)}`;
      else if (event.kind === 'looking') rate.textContent = `${format.count(event.done)} of ${format.counted(event.total, 'file')}`;
      else if (event.kind === 'sources') plan(event.sources);
      else if (event.kind === 'progress') advance(event.index, event.read);
    },
  };

  /** @param {import('./types.js').Phase} name */
  function phase(name) {
    status.textContent = PHASES[name];
    if (name !== 'curating') return;
    advance(sources.length, 0);
    // The core curates in one call and says nothing meanwhile: an honest bar has no length then.
    total.removeAttribute('value');
  }

  /** @param {{ name: string, bytes: number }[]} planned */
  function plan(planned) {
    sources = planned;
    before = [];
    allBytes = 0;
    for (const { bytes } of sources) {
      before.push(allBytes);
      allBytes += bytes;
    }
    current = 0;
    readingSince = performance.now();
    rows = sources.slice(0, LISTED).map(({ name, bytes }) => {
      const bar = h('progress', { max: Math.max(bytes, 1), value: 0, 'aria-label': name });
      const read = h('span', { class: 'read' }, format.bytes(bytes));
      const row = h('li', {}, h('span', { class: 'name', title: name }, name), bar, read);
      return { row, bar, read };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
    advance(0, 0);
    if (sources.length > LISTED) list.append(h('li', {}, `and ${format.counted(sources.length - LISTED, 'file')} more`));
  }

  /** Everything before the source `index` is read, and of it so many bytes. @param {number} index @param {number} read */
  function advance(index, read) {
    for (; current < index; current += 1) paint(current, sources[current].bytes, true);
    if (index < sources.length) paint(index, Math.min(read, sources[index].bytes), false);
    const done = index < sources.length ? before[index] + Math.min(read, sources[index].bytes) : allBytes;
    total.max = Math.max(allBytes, 1);
    total.value = done;
    rate.textContent = rateWords(done, performance.now() - readingSince);
  }

  /** @param {number} index @param {number} read @param {boolean} done */
  function paint(index, read, done) {
    const row = rows[index];
    if (!row) return;
    row.bar.value = done ? row.bar.max : read;
    row.row.classList.toggle('done', done);
    const size = format.bytes(sources[index].bytes);
    row.read.textContent = done ? size : `${format.bytes(read)} of ${size}`;
  }

  /** @param {number} done @param {number} elapsed in milliseconds */
  function rateWords(done, elapsed) {
    const words = [`${format.bytes(done)} of ${format.bytes(allBytes)}`];
    if (elapsed > 500 && done > 0) {
      words.push(`${format.bytes((done / elapsed) * 1000)}/s`);
      if (done < allBytes) words.push(`about ${format.duration(((allBytes - done) / done) * elapsed)} left`);
    }
    return words.join(' · ');
  }
}
