// The plot of time and memory over scale.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw } from '../../../bench/plot.mjs';

/** @typedef {Parameters<typeof draw>[0][number]} Saved */

/**
 * A run of the bench that measured the page alone.
 * @param {string} started
 * @param {Record<string, number>} seconds by scale
 * @returns {Saved}
 */
function run(started, seconds) {
  const peak = { resident: 2e8, browser: 1e8 };
  const scales = Object.fromEntries(
    Object.entries(seconds).map(([scale, time]) => [
      scale,
      { bytes: 94e6 * Number(scale), engines: { page: { times: [time], peak } } },
    ]),
  );
  return { started, commit: `of-${started}`, machine: { cpu: 'A & B', cores: 2 }, scales };
}

test('of two measurements of the same the later one is drawn', () => {
  const svg = draw([run('2027', { 1: 0.2 }), run('2026', { 1: 9, 10: 2 })]);
  assert.match(svg, />this page: 200 ms and 300 MB at scale 1, 2\.00 s and 300 MB at scale 10\.</);
  // Two points a panel and one in the legend, joined by a line.
  assert.equal(svg.match(/<circle/g)?.length, 5);
  assert.match(svg, /A &amp; B, 2 cores; of-2027 \(2027\); of-2026 \(2026\)/);
});

test('a decade is as long everywhere, and a longer time stands higher', () => {
  const svg = draw([run('2026', { 0.1: 0.02, 1: 0.2, 10: 2 })]);
  const [path] = svg.match(/<g class="page ours"><path d="M[^"]*L[^"]*"/) ?? [''];
  const points = [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.equal(points.length, 3);
  const [first, second, third] = points;
  for (const axis of [0, 1]) assert.ok(Math.abs(third[axis] - 2 * second[axis] + first[axis]) < 0.3);
  assert.ok(first[0] < second[0] && first[1] > second[1]);
});

test('it is drawn for light and for dark, and without a measurement too', () => {
  const svg = draw([]);
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.ok(!svg.includes('NaN') && !svg.includes('undefined') && !svg.includes('Infinity'));
});
