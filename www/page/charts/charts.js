import { h } from '../ui/dom.js';
import { createSubjectChart } from './subject-chart.js';
import * as format from '../ui/format.js';
import { funnels } from './funnel.js';
import { asTable, createPlot, instant } from './plot.js';
import { explore } from '../explore/explore-client.js';

/**
 * @typedef {import('../../shared/core-types.js').Report} Report
 * @typedef {import('../../shared/protocol.js').Times} Times
 * @typedef {import('../../shared/protocol.js').Subjects} Subjects
 */

const COLORS = ['--one', '--two', '--three'];

/**
 * Draws the charts of a run, one after the other.
 * @param {HTMLElement} place
 * @param {Report} report
 * @param {AbortSignal} signal
 */
export async function drawCharts(place, report, signal) {
  const section = (/** @type {string} */ title) => h('section', { 'aria-label': title }, h('h3', {}, title));
  const [consent, time, rows, subject] = ['Records kept', 'Readings over time', 'Rows per subject', 'One subject'].map(
    section,
  );
  place.replaceChildren(consent, time, rows, subject);
  const funnel = funnels(report.tables, undefined);
  consent.append(funnel);
  const times = await explore('times', undefined, { signal });
  drawTimes(time, times);
  const subjects = await explore('subjects', undefined, { signal });
  funnel.replaceWith(funnels(report.tables, subjects.count));
  drawSubjects(rows, subjects);
  createSubjectChart(subject, subjects);
}

/** @param {HTMLElement} place @param {Times} times */
function drawTimes(place, { start, width, names, counts }) {
  if (counts[0].length === 0) return void place.append(h('p', { class: 'hint' }, 'No readings were kept.'));
  const bins = counts[0].map((_, bin) => start + bin * width);
  const totals = counts.map((all) => all.reduce((sum, count) => sum + count, 0));
  const words =
    `From ${instant(bins[0])} to ${instant(bins[bins.length - 1] + width)} UTC: ` +
    names.map((name, i) => `${name} ${format.counted(totals[i], 'row')}`).join(', ') +
    '.';
  place.append(legend(names), h('p', { class: 'hint' }, words));
  createPlot(place, {
    name: 'Readings over time',
    x: { time: true, label: 'UTC' },
    y: { label: `rows in ${span(width)}`, zero: true },
    lines: names.map((label, i) => ({ label, color: COLORS[i], steps: true })),
  }).draw([[...bins, bins[bins.length - 1] + width], ...counts.map((all) => [...all, all[all.length - 1]])], words);
  place.append(
    asTable('Readings over time', ['from (UTC)', ...names], () =>
      bins
        .map((bin, i) => [new Date(bin).toISOString(), ...counts.map((all) => all[i])])
        .filter(([, ...all]) => all.some(Boolean)),
    ),
  );
}

/** @param {HTMLElement} place @param {Subjects} subjects */
function drawSubjects(place, { count, most, median, least, curve, listed }) {
  if (count === 0) return void place.append(h('p', { class: 'hint' }, 'The research table has no rows.'));
  const words =
    `${format.counted(count, 'subject')}: ${format.count(least)} to ${format.counted(most, 'row')}, ` +
    `median ${format.count(median)}.`;
  place.append(h('p', { class: 'hint' }, words));
  createPlot(place, {
    name: 'Rows per subject',
    x: { label: 'subjects, most rows first' },
    y: { label: 'rows', zero: true },
    lines: [{ label: 'rows', color: '--one', filled: true, steps: true }],
  }).draw(
    [
      [...curve.map(([rank]) => rank), count + 1],
      [...curve.map(([, rows]) => rows), least],
    ],
    words,
  );
  place.append(
    asTable('Rows per subject', ['subject', 'rows'], () => listed.map(({ subject, rows }) => [subject, rows])),
  );
}

/** @param {string[]} names */
function legend(names) {
  return h('ul', { class: 'lines' }, ...names.map((name, i) => h('li', { class: COLORS[i].slice(2) }, name)));
}

/** A width of time in words. @param {number} width in milliseconds */
function span(width) {
  const units = /** @type {const} */ ([
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
    ['millisecond', 1],
  ]);
  const [unit, size] = units.find(([, size]) => width >= size && width % size === 0) ?? units[4];
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(width / size);
}
