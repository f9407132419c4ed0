// The shape of the pipeline's drawing, in pixels: where the tables are, and how wide the flows between
// them are. Numbers in, paths out; it knows no document.
import { sum } from '../ui/format.js';
import { TABLES } from '../../shared/tables.js';

/**
 * @typedef {import('../../shared/core.js').TableName} TableName
 * @typedef {import('../../shared/core.js').Counts} Counts
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ wide: boolean, height: number, nodes: Record<TableName, Box>, zones: Record<string, Box> }} Layout
 * @typedef {{ x: number, y: number, width: number }} Place
 * @typedef {object} Flow rows that go from one table to the next; without counts it is a hairline
 * @property {TableName} from
 * @property {TableName} to
 * @property {string} path
 * @property {boolean} known whether `path` is a band, to be filled, or a line
 * @property {Place} rule where the words of the rule go
 * @property {string} [branch] the rows that leave it
 * @property {Place} [label] where what left is named
 */

/** Below this the columns become rows. */
const NARROW = 640;
/** The widest band. A stream's landing table sets its band; within a stream, widths are as rows. */
const WIDEST = { wide: 42, narrow: 22 };
/** The thinnest band: a stream of a few rows among millions. */
const THINNEST = { wide: 12, narrow: 8 };
/** Nothing that is there is thinner. */
const HAIR = 1.5;

const WIDE = { head: 62, pitch: 150, node: 96, result: 124, reject: 30 };
const TALL = { head: 46, gap: 12, node: 88, between: 116 };

/**
 * Each flow of rows, with the row of the drawing whose landing table it comes from.
 * @type {{ from: TableName, to: TableName, stream: TableName }[]}
 */
const FLOWS = [
  { from: 'customer_landing', to: 'customer_trusted', stream: 'customer_landing' },
  { from: 'accelerometer_landing', to: 'accelerometer_trusted', stream: 'accelerometer_landing' },
  { from: 'step_trainer_landing', to: 'step_trainer_trusted', stream: 'step_trainer_landing' },
  { from: 'customer_trusted', to: 'customer_curated', stream: 'customer_landing' },
  { from: 'accelerometer_trusted', to: 'machine_learning_curated', stream: 'accelerometer_landing' },
  { from: 'step_trainer_trusted', to: 'machine_learning_curated', stream: 'step_trainer_landing' },
];

/** Tables that decide which rows of another pass: the keys of the joins. @type {[TableName, TableName][]} */
const KEYS = [
  ['customer_trusted', 'accelerometer_trusted'],
  ['accelerometer_trusted', 'customer_curated'],
  ['customer_curated', 'step_trainer_trusted'],
  ['customer_curated', 'machine_learning_curated'],
];

const ZONES = ['landing', 'trusted', 'curated'];

/** @param {number} width of the drawing @returns {Layout} */
export function layout(width) {
  return width < NARROW ? tall(width) : wide(width);
}

/** @param {number} width @returns {Layout} */
function wide(width) {
  const node = Math.round(Math.min(204, Math.max(158, width * 0.2)));
  const columns = [0, (width - node) / 2, width - node];
  const nodes = /** @type {Record<TableName, Box>} */ ({});
  for (const [column, zone] of ZONES.entries()) {
    for (const [row, { name }] of TABLES.filter((table) => table.zone === zone).entries()) {
      nodes[name] = { x: columns[column], y: WIDE.head + row * WIDE.pitch, width: node, height: WIDE.node };
    }
  }
  // Two streams meet in it: it is drawn between their rows.
  nodes.machine_learning_curated.y = WIDE.head + 1.5 * WIDE.pitch + (WIDE.node - WIDE.result) / 2;
  nodes.machine_learning_curated.height = WIDE.result;
  const zones = Object.fromEntries(
    ZONES.map((zone, i) => [zone, { x: columns[i], y: 0, width: node, height: WIDE.head }]),
  );
  return { wide: true, height: WIDE.head + 2 * WIDE.pitch + WIDE.node + WIDE.reject, nodes, zones };
}

/** @param {number} width @returns {Layout} */
function tall(width) {
  const node = (width - 2 * TALL.gap) / 3;
  const pitch = TALL.head + TALL.node + TALL.between;
  const nodes = /** @type {Record<TableName, Box>} */ ({});
  for (const [row, zone] of ZONES.entries()) {
    for (const [column, { name }] of TABLES.filter((table) => table.zone === zone).entries()) {
      nodes[name] = { x: column * (node + TALL.gap), y: row * pitch + TALL.head, width: node, height: TALL.node };
    }
  }
  nodes.machine_learning_curated.width = 2 * node + TALL.gap;
  const zones = Object.fromEntries(ZONES.map((zone, i) => [zone, { x: 0, y: i * pitch, width, height: TALL.head }]));
  return { wide: false, height: 2 * pitch + TALL.head + TALL.node, nodes, zones };
}

/**
 * The flows between the tables.
 * @param {Layout} plan
 * @param {Counts} counts
 * @returns {Flow[]}
 */
export function flows(plan, counts) {
  const widest = Math.max(10_000, ...FLOWS.map(({ stream }) => counts[stream]?.rows_out ?? 0));
  return FLOWS.map(({ from, to, stream }) => {
    const all = counts[stream]?.rows_out ?? 0;
    const before = counts[from]?.rows_out;
    const after = kept(from, counts[to]);
    const ends = endsOf(plan, from, to);
    if (before === undefined || after === undefined || all === 0) {
      return { from, to, path: line(plan, ends), known: false, rule: ruleAt(ends, 0) };
    }
    const size = plan.wide ? 'wide' : 'narrow';
    const band = THINNEST[size] + (WIDEST[size] - THINNEST[size]) * Math.sqrt(all / widest);
    const thick = (/** @type {number} */ rows) => (rows > 0 ? Math.max(HAIR, (rows / all) * band) : 0);
    const widths = { kept: thick(after), left: thick(before - after) };
    return {
      from,
      to,
      known: true,
      path: ribbon(plan, ends, widths),
      rule: ruleAt(ends, widths.kept + widths.left),
      ...branch(plan, ends, widths),
    };
  });
}

/**
 * The rows of `from` that went on.
 * @param {TableName} from
 * @param {import('../../shared/core.js').TableReport} [to]
 */
function kept(from, to) {
  if (!to) return undefined;
  // A join counts its left side only; its right side goes in whole.
  if (from === 'step_trainer_trusted') return to.rows_in_step;
  return to.rows_in - sum(to.filtered);
}

/** Where the rejected records of a landing table leave it. @param {Layout} plan @param {TableName} table */
export function rejectBranch(plan, table) {
  const { x, y, width, height } = plan.nodes[table];
  if (plan.wide) {
    const bottom = y + height;
    return { path: `M${x + 18} ${bottom}v24h3v-24z`, label: { x: x + 28, y: bottom + 4, width: width - 28 } };
  }
  return { path: '', label: { x: x + 36, y: y + height + 3, width: width - 36 } };
}

/** A line for each key of a join; none where there is no room. @param {Layout} plan */
export function keyLines(plan) {
  if (!plan.wide) return [];
  return KEYS.map(([from, to]) => {
    const a = plan.nodes[from];
    const b = plan.nodes[to];
    if (a.x === b.x) {
      const x = a.x + a.width / 2;
      return { from, to, path: `M${x} ${a.y + a.height}V${b.y - 2}` };
    }
    const right = a.x < b.x;
    const x0 = right ? a.x + a.width : a.x;
    const x1 = right ? b.x - 2 : b.x + b.width + 2;
    const y0 = a.y < b.y ? a.y + a.height - 16 : a.y + 16;
    const y1 = a.y < b.y ? b.y + 18 : b.y + b.height - 18;
    const mid = (x0 + x1) / 2;
    return { from, to, path: `M${x0} ${y0}C${mid} ${y0} ${mid} ${y1} ${x1} ${y1}` };
  });
}

/**
 * A flow's two ends, along its way and across it.
 * @typedef {{ a0: number, a1: number, b0: number, b1: number }} Ends
 */

/** @param {Layout} plan @param {TableName} from @param {TableName} to @returns {Ends} */
function endsOf({ wide, nodes }, from, to) {
  const a = nodes[from];
  const b = nodes[to];
  if (!wide) {
    // Toward the left, so that what leaves it has room at its right.
    const across = a.x + 18;
    return { a0: a.y + a.height, a1: b.y, b0: across, b1: across };
  }
  const meet = to === 'machine_learning_curated' ? (from === 'accelerometer_trusted' ? -26 : 26) : 0;
  return { a0: a.x + a.width, a1: b.x, b0: a.y + a.height / 2, b1: b.y + b.height / 2 + meet };
}

/** @param {Layout} plan */
const point =
  ({ wide }) =>
  (/** @type {number} */ a, /** @type {number} */ b) =>
    wide ? `${round(a)} ${round(b)}` : `${round(b)} ${round(a)}`;

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;

/** @param {Layout} plan @param {Ends} ends */
function line(plan, { a0, a1, b0, b1 }) {
  const p = point(plan);
  const mid = (a0 + a1) / 2;
  return `M${p(a0, b0)}C${p(mid, b0)} ${p(mid, b1)} ${p(a1, b1)}`;
}

/**
 * What goes on: the first part of the band.
 * @param {Layout} plan
 * @param {Ends} ends
 * @param {{ kept: number, left: number }} widths
 */
function ribbon(plan, { a0, a1, b0, b1 }, { kept, left }) {
  if (kept === 0) return '';
  const p = point(plan);
  const mid = (a0 + a1) / 2;
  const near = b0 - (kept + left) / 2;
  const far = b1 - kept / 2;
  return (
    `M${p(a0, near)}C${p(mid, near)} ${p(mid, far)} ${p(a1, far)}L${p(a1, far + kept)}` +
    `C${p(mid, far + kept)} ${p(mid, near + kept)} ${p(a0, near + kept)}Z`
  );
}

/**
 * What leaves: the rest of the band, turned away.
 * @param {Layout} plan
 * @param {Ends} ends
 * @param {{ kept: number, left: number }} widths
 */
function branch(plan, { a0, a1, b0, b1 }, { kept, left }) {
  if (left === 0) return {};
  const p = point(plan);
  const inner = b0 + (kept + left) / 2;
  const outer = inner - left;
  const bend = a0 + (plan.wide ? Math.max(10, (a1 - a0) * 0.08) : 38);
  const end = inner + (plan.wide ? 44 : 10);
  const path =
    `M${p(a0, outer)}L${p(bend, outer)}Q${p(bend + left, outer)} ` +
    `${p(bend + left, outer + left)}L${p(bend + left, end)}` +
    `L${p(bend, end)}L${p(bend, inner + 4)}Q${p(bend, inner)} ${p(bend - 4, inner)}L${p(a0, inner)}Z`;
  const label = plan.wide
    ? // A flow that sinks comes into the way.
      { x: bend + left + 8, y: inner + (b1 > b0 ? 14 : 8), width: (b1 > b0 ? (a0 + a1) / 2 : a1 - 6) - bend - left - 8 }
    : { x: end + 2, y: bend - 8, width: plan.nodes.customer_landing.width - 20 - (end - b0) };
  return { branch: path, label };
}

/** @param {Ends} ends @param {number} thickness @returns {Place} */
function ruleAt({ a0, a1, b0, b1 }, thickness) {
  // Above its flow; below it where the flow climbs.
  const below = b1 < b0;
  return { x: a0 + 10, y: below ? b0 + thickness / 2 + 6 : b0 - thickness / 2 - 4, width: a1 - a0 - 20 };
}
