// Time and memory over scale, of all runs whose JSON is kept: `node bench/plot.mjs`, and at the end of `make bench`.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { megabytes, median, seconds } from './figures.mjs';
import { results } from './place.mjs';
import { TITLES } from './titles.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {Pick<import('./rounds.mjs').Outcome, 'times' | 'peak'>} Measured
 * @typedef {{ bytes: number, engines: Partial<Record<EngineName, Measured>> }} Scale
 *
 * @typedef {object} Saved what the plot needs of a run's JSON
 * @property {string} started
 * @property {string} commit
 * @property {{ cpu: string, cores: number }} machine
 * @property {Record<string, Scale>} scales
 *
 * @typedef {{ scale: number, seconds: number, bytes: number }} Point
 * @typedef {{ name: EngineName, points: Point[] }} Line by scale
 */

/** What is drawn, with its colours on light and on dark ground. @type {[EngineName, string, string][]} */
const DRAWN = [
  ['page', '#c2410c', '#fb923c'],
  ['cli', '#1d4ed8', '#60a5fa'],
  ['js', '#a16207', '#facc15'],
  ['duckdb-wasm', '#0f766e', '#2dd4bf'],
  ['duckdb', '#15803d', '#4ade80'],
  ['polars', '#7e22ce', '#c084fc'],
  ['clickhouse', '#be185d', '#f472b6'],
  ['pyarrow', '#4b5563', '#9ca3af'],
  ['spark', '#7f1d1d', '#f87171'],
];

const WIDTH = 960;
/** Of the two panels, in pixels. */
const PANELS = { top: 56, height: 280, width: 380, left: [64, 548] };
const LEGEND = { top: 402, row: 20, columns: 3 };

/** Draws the kept runs into bench/results/plot.svg. @returns {string} the file */
export function plot() {
  const files = readdirSync(results).filter((name) => name.endsWith('.json'));
  const saved = files.map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')));
  const file = join(results, 'plot.svg');
  writeFileSync(file, draw(saved));
  return file;
}

/** An SVG of these runs; where two measured the same, the later one counts. @param {Saved[]} saved */
export function draw(saved) {
  const runs = [...saved].sort((a, b) => a.started.localeCompare(b.started));
  /** @type {Map<string, Saved>} */
  const used = new Map();
  /** @type {Map<number, number>} */
  const sizes = new Map();
  const lines = DRAWN.map(([name]) => {
    /** @type {Map<number, Point>} */
    const points = new Map();
    for (const run of runs) {
      for (const [scale, { bytes, engines }] of Object.entries(run.scales)) {
        const outcome = engines[name];
        if (!outcome || outcome.times.length === 0) continue;
        const at = Number(scale);
        points.set(at, { scale: at, seconds: median(outcome.times), bytes: memory(outcome) });
        used.set(`${name} ${scale}`, run);
        sizes.set(at, bytes);
      }
    }
    return { name, points: [...points.values()].sort((a, b) => a.scale - b.scale) };
  }).filter(({ points }) => points.length > 0);
  const legend = Math.ceil(lines.length / LEGEND.columns) * LEGEND.row;
  const height = LEGEND.top + legend + 40;
  const title = 'Time and peak memory of a run over the size of its input';
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
      'role="img" aria-labelledby="title words">',
    `<title id="title">${title}</title>`,
    `<desc id="words">${text(lines.map(inWords).join(' '))}</desc>`,
    `<style>${style()}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" />`,
    panel('Time of a run, median', PANELS.left[0], lines, sizes, (point) => point.seconds, seconds),
    panel('Peak resident memory', PANELS.left[1], lines, sizes, (point) => point.bytes, size),
    ...lines.map(legendEntry),
    `<text class="small" x="${PANELS.left[0]}" y="${height - 14}">${text(sources([...new Set(used.values())]))}</text>`,
    '</svg>',
  ].join('\n')}\n`;
}

/** A browser's two processes that hold the page's data count together. @param {Measured} outcome */
function memory({ peak }) {
  return (peak.resident ?? 0) + (peak.browser ?? 0);
}

/** A line as a sentence. @param {Line} line */
function inWords({ name, points }) {
  const all = points.map((point) => {
    const taken = point.bytes > 0 ? `${seconds(point.seconds)} and ${size(point.bytes)}` : seconds(point.seconds);
    return `${taken} at scale ${point.scale}`;
  });
  return `${TITLES[name]}: ${all.join(', ')}.`;
}

/** Where and when it was measured. @param {Saved[]} runs */
function sources(runs) {
  const machines = new Set(runs.map(({ machine }) => `${machine.cpu}, ${machine.cores} cores`));
  const commits = new Set(runs.map(({ commit, started }) => `${commit} (${started.slice(0, 10)})`));
  return [...machines, ...commits].join('; ');
}

/**
 * One pair of axes, both logarithmic.
 * @param {string} title
 * @param {number} left
 * @param {Line[]} lines
 * @param {Map<number, number>} sizes bytes of the input of each scale
 * @param {(point: Point) => number} value
 * @param {(value: number) => string} say
 */
function panel(title, left, lines, sizes, value, say) {
  const shown = lines.map(({ name, points }) => ({ name, points: points.filter((point) => value(point) > 0) }));
  const scales = [...sizes.keys()].sort((a, b) => a - b);
  const values = shown.flatMap(({ points }) => points.map(value)).map(Math.log10);
  const [low, high] = values.length > 0 ? [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))] : [0, 1];
  const { top, width, height } = PANELS;
  const x = along(scales.map(Math.log10), 0.15, left, left + width);
  const y = along([low, Math.max(high, low + 1)], 0, top + height, top);
  const decades = Array.from({ length: Math.max(high, low + 1) - low + 1 }, (_, at) => low + at);
  return [
    '<g>',
    `<text class="title" x="${left}" y="${top - 20}">${title}</text>`,
    ...decades.map((decade) => {
      const at = y(decade);
      return (
        `<path class="grid" d="M${left} ${at}H${left + width}" />` +
        `<text class="end" x="${left - 8}" y="${at + 4}">${say(10 ** decade)}</text>`
      );
    }),
    ...scales.map((scale) => {
      const at = x(Math.log10(scale));
      return (
        `<path class="grid" d="M${at} ${top}V${top + height}" />` +
        `<text class="middle" x="${at}" y="${top + height + 18}">${scale}</text>` +
        `<text class="middle small" x="${at}" y="${top + height + 34}">${size(sizes.get(scale) ?? 0)}</text>`
      );
    }),
    `<text class="small" x="${left}" y="${top + height + 52}">scale, and its JSON; 1 is the original's size</text>`,
    ...shown.map(({ name, points }) => {
      const at = points.map((point) => [x(Math.log10(point.scale)), y(Math.log10(value(point)))]);
      const path = at.length > 1 ? `<path d="M${at.map((one) => one.join(' ')).join('L')}" />` : '';
      const dots = at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="${isOurs(name) ? 4.5 : 3}" />`);
      return `<g class="${classOf(name)}">${path}${dots.join('')}</g>`;
    }),
    '</g>',
  ].join('\n');
}

/**
 * From a range of values to pixels.
 * @param {number[]} values
 * @param {number} room before the least and behind the greatest
 * @param {number} from
 * @param {number} to
 */
function along(values, room, from, to) {
  const [least, most] = [Math.min(...values) - room, Math.max(...values) + room];
  return (/** @type {number} */ value) => round(from + ((value - least) / (most - least)) * (to - from));
}

/** @param {Line} line @param {number} at */
function legendEntry({ name }, at) {
  const x = PANELS.left[0] + (at % LEGEND.columns) * 290;
  const y = LEGEND.top + Math.floor(at / LEGEND.columns) * LEGEND.row;
  return (
    `<g class="${classOf(name)}"><path d="M${x} ${y}h24" /><circle cx="${x + 12}" cy="${y}" r="4" /></g>` +
    `<text x="${x + 32}" y="${y + 4}">${text(TITLES[name])}</text>`
  );
}

function style() {
  const colours = (/** @type {1 | 2} */ ground) =>
    DRAWN.map((row) => `.${row[0]} path{stroke:${row[ground]}}.${row[0]} circle{fill:${row[ground]}}`).join('');
  return (
    'text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}.small{font-size:11px}' +
    '.end{text-anchor:end}.middle{text-anchor:middle}.ground{fill:#fff}.grid{stroke:#d1d9e0}' +
    `path{fill:none;stroke-width:1.5}.ours path{stroke-width:3}.grid{stroke-width:1}${colours(1)}` +
    '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.grid{stroke:#3d444d}' +
    `${colours(2)}}`
  );
}

/** @param {EngineName} name */
function isOurs(name) {
  return name === 'page' || name === 'cli';
}

/** @param {EngineName} name */
function classOf(name) {
  return isOurs(name) ? `${name} ours` : name;
}

/** @param {number} bytes */
function size(bytes) {
  return bytes >= 1e9 ? `${round(bytes / 1e9)} GB` : megabytes(bytes);
}

/** To a tenth. @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {string} words */
function text(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(plot());
