// What the bench prints.
import { availableParallelism } from 'node:os';
import { megabytes, median, rate, seconds, spread, table } from './figures.mjs';
import { CORES, partsOf, secondsOn } from './phases.mjs';
import { TITLES } from './titles.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./rounds.mjs').Outcome} Outcome
 * @typedef {import('./rounds.mjs').ScaleResult} ScaleResult
 */

/** @param {string} name @param {ScaleResult} result */
export function ofScale(name, { bytes, files, rounds, counts, engines, failed }) {
  const ours = engines.page && median(engines.page.times);
  const rows = /** @type {[EngineName, Outcome][]} */ (Object.entries(engines)).map(
    ([name, { times, cpu, first, startSeconds, peak }]) => [
      TITLES[name],
      seconds(median(times)),
      spread(times),
      ours ? `${(median(times) / ours).toFixed(2)} ×` : '',
      rate(bytes, times),
      cpu.length > 0 ? seconds(median(cpu)) : '',
      seconds(median(first)),
      startSeconds === undefined ? '' : seconds(startSeconds),
      megabytes(peak.resident),
      megabytes(peak.browser),
      megabytes(peak.wasm),
    ],
  );
  const head = [
    'engine',
    'median',
    'min – max',
    'of the page',
    'input',
    'CPU',
    'first run',
    'start',
    'peak',
    'browser',
    'WASM',
  ];
  const sums = Object.entries(counts).map(([name, rows]) => `${rows.toLocaleString('en')} ${name}`);
  return [
    `${name}: ${megabytes(bytes)} in ${files} files, rounds: ${rounds}`,
    sums.length ? `The same rows by all that count: ${sums.join(', ')}` : 'No engine counted rows.',
    table(head, rows),
    ...ofPhases(engines),
    ...Object.entries(failed).map(([name, reason]) => `${TITLES[/** @type {EngineName} */ (name)]} FAILED: ${reason}`),
  ].join('\n');
}

/**
 * What of each engine's run is serial, by phase and worker, and what that makes of more cores.
 * @param {ScaleResult['engines']} engines
 */
function ofPhases(engines) {
  const cores = availableParallelism();
  return /** @type {[EngineName, Outcome][]} */ (Object.entries(engines)).flatMap(([name, { phases }]) => {
    if (!phases?.length) return [];
    const rows = phases.map((phase) => {
      const { serial, waiting } = partsOf(phase, cores);
      return [phase.name, seconds(phase.wall), seconds(serial), seconds(waiting), phase.cpu.map(seconds).join(' + ')];
    });
    const on = (/** @type {number} */ many) => `${seconds(secondsOn(phases, cores, many))} on ${many}`;
    return [
      `Phases of one run, ${TITLES[name]}, on ${cores} cores; computed: ${CORES.map(on).join(', ')}`,
      table(['phase', 'wall', 'serial', 'waiting', 'CPU by thread'], rows),
    ];
  });
}

/** @param {import('./decode.mjs').Rate[]} rates */
export function ofDecode(rates) {
  const rows = rates.map(({ name, bytes, times }) => [
    name,
    rate(bytes, times),
    `${rate(bytes, [Math.max(...times)])} – ${rate(bytes, [Math.min(...times)])}`,
  ]);
  return ['Decoding in one worker, from memory', table(['readings', 'median', 'min – max'], rows)].join('\n');
}

/** @param {number[]} times in seconds */
export function ofStartUp(times) {
  return `Page opened to ready for a drop: median ${seconds(median(times))} (${spread(times)})`;
}

/** How time grows with size. @param {Record<string, ScaleResult>} scales */
export function ofCurve(scales) {
  const sizes = Object.keys(scales).sort((a, b) => Number(a) - Number(b));
  const names = /** @type {EngineName[]} */ (Object.keys(TITLES)).filter((name) =>
    sizes.some((size) => scales[size].engines[name]),
  );
  const rows = names.map((name) => [
    TITLES[name],
    ...sizes.map((size, at) => {
      const times = scales[size].engines[name]?.times;
      if (!times) return '';
      const before = at > 0 ? scales[sizes[at - 1]].engines[name]?.times : undefined;
      return `${seconds(median(times))}${before ? ` (${(median(times) / median(before)).toFixed(1)} ×)` : ''}`;
    }),
  ]);
  return ['Medians by scale, and how many times that of the scale before', table(['engine', ...sizes], rows)].join(
    '\n',
  );
}

/** @param {import('./claims.mjs').Claim[]} claims */
export function ofClaims(claims) {
  const verdict = (/** @type {boolean | null} */ reached) =>
    reached === null ? 'not measured' : reached ? 'reached' : 'NOT reached';
  const rows = claims.map(({ claim, target, measured, reached, first }) => [
    claim,
    target,
    measured,
    verdict(reached),
    first ?? '',
  ]);
  return [
    'Claims, of warm medians at scale 1 unless another is named',
    table(['claim', 'target', 'measured', '', 'of first runs'], rows),
  ].join('\n');
}
