// What the bench prints.
import { TITLES } from './engines.mjs';
import { megabytes, median, rate, seconds, spread, table } from './figures.mjs';

/**
 * @typedef {import('./arguments.mjs').EngineName} EngineName
 * @typedef {import('./rounds.mjs').Outcome} Outcome
 */

/** @param {string} scale @param {import('./rounds.mjs').ScaleResult} result */
export function ofScale(scale, { bytes, files, counts, engines, failed }) {
  const ours = engines.page && median(engines.page.times);
  const rows = /** @type {[EngineName, Outcome][]} */ (Object.entries(engines)).map(([name, { times, cold, startSeconds, peak }]) => [
    TITLES[name],
    seconds(median(times)),
    spread(times),
    ours ? `${(median(times) / ours).toFixed(2)} ×` : '',
    rate(bytes, times),
    seconds(cold),
    startSeconds ? seconds(startSeconds) : '',
    megabytes(peak.resident),
    megabytes(peak.browser),
    megabytes(peak.wasm),
  ]);
  const head = ['engine', 'median', 'min – max', 'to the page', 'input', 'first run', 'start', 'peak', 'browser', 'WASM'];
  const rules = Object.entries(counts).map(([name, rows]) => `${name} ${rows.toLocaleString('en')}`);
  return [
    `Scale ${scale}: ${files} files, ${megabytes(bytes)}`,
    rules.length ? `All engines agree: ${rules.join(', ')}` : 'No engine counted rows.',
    table(head, rows),
    ...Object.entries(failed).map(([name, reason]) => `${TITLES[/** @type {EngineName} */ (name)]} failed: ${reason}`),
  ].join('\n');
}

/** @param {import('./decode.mjs').Rate[]} rates */
export function ofDecode(rates) {
  const rows = rates.map(({ name, bytes, times }) => [name, rate(bytes, times), `${rate(bytes, [Math.max(...times)])} – ${rate(bytes, [Math.min(...times)])}`]);
  return ['Decoding in one worker, from memory', table(['readings', 'median', 'min – max'], rows)].join('\n');
}

/** @param {number[]} times in milliseconds */
export function ofStartUp(times) {
  return `Page opened to ready for a drop: median ${seconds(median(times) / 1000)} (${spread(times.map((time) => time / 1000))})`;
}

/** How time grows with size. @param {Record<string, import('./rounds.mjs').ScaleResult>} scales */
export function ofCurve(scales) {
  const sizes = Object.keys(scales).sort((a, b) => Number(a) - Number(b));
  const names = /** @type {EngineName[]} */ (Object.keys(TITLES)).filter((name) => sizes.some((size) => scales[size].engines[name]));
  const rows = names.map((name) => [TITLES[name], ...sizes.map((size, at) => {
    const times = scales[size].engines[name]?.times;
    if (!times) return '';
    const before = at > 0 ? scales[sizes[at - 1]].engines[name]?.times : undefined;
    return `${seconds(median(times))}${before ? ` (${(median(times) / median(before)).toFixed(1)} ×)` : ''}`;
  })]);
  return ['Medians over scales, and how much more than the scale before', table(['engine', ...sizes], rows)].join('\n');
}

/** @param {import('./claims.mjs').Claim[]} claims */
export function ofClaims(claims) {
  const verdict = (/** @type {boolean | null} */ met) => (met === null ? 'not measured' : met ? 'met' : 'NOT met');
  const rows = claims.map(({ claim, target, measured, met }) => [claim, target, measured, verdict(met)]);
  return ['Claims, at scale 1 where not said otherwise', table(['claim', 'target', 'measured', ''], rows)].join('\n');
}
