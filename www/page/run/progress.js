import { labels } from '../labels/labels.js';
import { find, h } from '../ui/dom.js';
import * as format from '../ui/format.js';

/** A folder may hold thousands of files: as many are listed, and the total counts all. */
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
  /** Bytes that were read of each source. @type {number[]} */
  let read = [];
  /** @type {{ row: HTMLElement, bar: HTMLProgressElement, read: HTMLElement }[]} */
  let rows = [];
  let allBytes = 0;
  let readingSince = 0;

  return {
    begin() {
      status.textContent = labels.phases.scanning;
      rate.textContent = '';
      list.replaceChildren();
      total.removeAttribute('value');
      sources = [];
      rows = [];
    },

    /** @param {import('../../shared/protocol.js').RunEvent} event */
    show(event) {
      if (event.kind === 'phase') phase(event.phase);
      else if (event.kind === 'making')
        rate.textContent = `${format.counted(event.files, labels.nouns.file)}, ${format.bytes(event.bytes)}`;
      else if (event.kind === 'scanning')
        rate.textContent = labels.run.ofFiles(format.count(event.done), format.counted(event.total, labels.nouns.file));
      else if (event.kind === 'sources') plan(event.sources);
      else if (event.kind === 'read') advance(event.read);
    },
  };

  /** @param {import('../../shared/protocol.js').Phase} name */
  function phase(name) {
    status.textContent = labels.phases[name];
    if (name !== 'curating') return;
    advance(sources.map(({ bytes }, index) => [index, bytes]));
    // The core curates in one call and reports nothing meanwhile: an honest bar has no length then.
    total.removeAttribute('value');
  }

  /** @param {{ name: string, bytes: number }[]} planned */
  function plan(planned) {
    sources = planned;
    read = sources.map(() => 0);
    allBytes = sources.reduce((total, { bytes }) => total + bytes, 0);
    readingSince = performance.now();
    rows = sources.slice(0, LISTED).map(({ name, bytes }) => {
      const bar = h('progress', { max: Math.max(bytes, 1), value: 0, 'aria-label': name });
      const size = h('span', { class: 'read' }, format.bytes(bytes));
      const row = h('li', {}, h('span', { class: 'name', title: name }, name), bar, size);
      return { row, bar, read: size };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
    advance([]);
    if (sources.length > LISTED)
      list.append(h('li', {}, labels.run.andFiles(format.counted(sources.length - LISTED, labels.nouns.file))));
  }

  /** More bytes of these sources were read. @param {[source: number, bytes: number][]} more */
  function advance(more) {
    for (const [index, bytes] of more) {
      // The seams of ranges are read twice.
      read[index] = Math.min(read[index] + bytes, sources[index].bytes);
      paint(index);
    }
    const done = read.reduce((total, bytes) => total + bytes, 0);
    total.max = Math.max(allBytes, 1);
    total.value = done;
    rate.textContent = rateWords(done, performance.now() - readingSince);
  }

  /** @param {number} index */
  function paint(index) {
    const row = rows[index];
    if (!row) return;
    const { bytes } = sources[index];
    const done = read[index] >= bytes;
    row.bar.value = done ? row.bar.max : read[index];
    row.row.classList.toggle('done', done);
    row.read.textContent = done
      ? format.bytes(bytes)
      : labels.run.ofBytes(format.bytes(read[index]), format.bytes(bytes));
  }

  /** @param {number} done @param {number} elapsed in milliseconds */
  function rateWords(done, elapsed) {
    const words = [labels.run.ofBytes(format.bytes(done), format.bytes(allBytes))];
    if (elapsed > 500 && done > 0) {
      words.push(`${format.bytes((done / elapsed) * 1000)}/s`);
      if (done < allBytes) words.push(labels.run.left(format.duration(((allBytes - done) / done) * elapsed)));
    }
    return words.join(' · ');
  }
}
