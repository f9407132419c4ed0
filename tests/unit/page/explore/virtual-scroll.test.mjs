// The arithmetic of a table that is longer than any element.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TALLEST, createScroll } from '../../../../www/page/explore/virtual-scroll.js';

test('beyond the tallest element every row is reached, and a wheel still moves pixel by pixel', () => {
  for (const rows of [0, 1, 10, 1000, 5_000_000, 3_000_000_000]) {
    const view = 420;
    const scroll = createScroll(rows, 28, view);
    assert.ok(scroll.height <= TALLEST);
    const far = Math.max(0, scroll.height - view);
    scroll.moved(far, false);
    assert.equal(scroll.range().end, rows, `the end of ${rows}`);
    scroll.moved(0, false);
    assert.equal(scroll.range().start, 0);
    for (const row of [0, 7, Math.floor(rows / 3), rows - 2, rows - 1].filter((row) => row >= 0 && row < rows)) {
      const bar = scroll.reveal(row);
      const { start, end } = scroll.range();
      assert.ok(start <= row && row < end && bar >= 0 && bar <= far, `${row} of ${rows}`);
      const y = scroll.place(row) - bar;
      assert.ok(y >= -0.01 && (y + 28 <= view + 0.01 || rows * 28 <= view), `row ${row} of ${rows} is seen whole`);
    }
    if (rows < 1000) continue;
    const bar = scroll.begin(Math.floor(rows / 2));
    const before = scroll.top;
    scroll.moved(bar + 100, true);
    assert.ok(Math.abs(scroll.top - before - 100) < 0.01, 'by a wheel');
    assert.ok(Math.abs(scroll.settle() - bar) <= 100);
  }
});
