// The pipeline's drawing as numbers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flows, keyLines, layout } from '../../../../www/page/pipeline/flow.js';

const none = { filtered: {}, rejected: {} };
/** @type {import('../../../../www/shared/core.js').Counts} */
const COUNTS = {
  customer_landing: { ...none, rows_in: 1000, rows_out: 1000 },
  accelerometer_landing: { ...none, rows_in: 1_000_000, rows_out: 1_000_000 },
  step_trainer_landing: { ...none, rows_in: 0, rows_out: 0 },
  customer_trusted: { ...none, rows_in: 1000, rows_out: 250, filtered: { no_consent: 750 } },
  accelerometer_trusted: { ...none, rows_in: 1_000_000, rows_out: 1, filtered: { no_consent: 999_999 } },
};

/**
 * The two widths at a band's start: what goes on, and what leaves.
 * @param {import('../../../../www/page/pipeline/flow.js').Flow} flow
 */
function widths({ path, branch }) {
  const numbers = (/** @type {string} */ d) => [...d.matchAll(/-?[\d.]+/g)].map(Number);
  const kept = numbers(path);
  const left = numbers(branch ?? '');
  return { kept: kept[kept.length - 1] - kept[1], left: left[left.length - 1] - left[1] };
}

test('within a stream, widths are as rows, and nothing that is there is too thin to see', () => {
  const all = flows(layout(1000), COUNTS);
  const customers = widths(all[0]);
  assert.ok(Math.abs(customers.left / customers.kept - 3) < 0.2, JSON.stringify(customers));
  const readings = widths(all[1]);
  assert.ok(readings.left > 40 && readings.kept >= 1.4 && readings.kept < 2, JSON.stringify(readings));
  assert.deepEqual(
    all.map(({ known }) => known),
    [true, true, false, false, false, false],
    'what is not known yet is a line',
  );
});

for (const width of [300, 328, 639, 640, 720, 1030, 1400]) {
  test(`at ${width} pixels no two tables overlap, all lie inside, and every flow is drawn`, () => {
    const plan = layout(width);
    const boxes = Object.values(plan.nodes);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y >= 0 && a.y + a.height <= plan.height);
      for (const b of boxes.slice(i + 1)) {
        assert.ok(a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y);
      }
    }
    const drawn = [...flows(plan, COUNTS), ...flows(plan, {}), ...keyLines(plan)];
    assert.ok(drawn.every(({ path }) => path.startsWith('M') && !/NaN|undefined|Infinity/.test(path)));
  });
}
