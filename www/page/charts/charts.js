import { labels, locale } from '../labels/labels.js';
import { h } from '../ui/dom.js';
import { createSubjectChart } from './subject-chart.js';
import * as format from '../ui/format.js';
import { funnels } from './funnel.js';
import { asTable, createPlot } from './plot.js';
import { explore } from '../explore/explore-client.js';

/**
 * @typedef {import('../../shared/core.js').Report} Report
 * @typedef {import('../../shared/chart-data.js').Times} Times
 * @typedef {import('../../shared/chart-data.js').Subjects} Subjects
 */

const COLORS = ['--one', '--two', '--three'];
/** Where every reading is in one pair, all three lines are one: each is seen where the next one is not. */
const DASHES = [undefined, [10, 10], [5, 15]];

/** The tables whose readings are shown over time. @type {import('../../shared/core.js').SavedTable[]} */
const TRUSTED = ['accelerometer_trusted', 'step_trainer_trusted'];

/**
 * Draws the charts of a run, one after the other.
 * @param {HTMLElement} place
 * @param {Report} report
 * @param {AbortSignal} signal
 */
export async function drawCharts(place, report, signal) {
  const section = (/** @type {string} */ title) => h('section', { 'aria-label': title }, h('h3', {}, title));
  const [consent, time, rows, subject] = [
    labels.charts.kept,
    labels.charts.overTime,
    labels.charts.perSubject,
    labels.charts.oneSubject,
  ].map(section);
  place.replaceChildren(consent, time, rows, subject);
  const funnel = funnels(report.tables, undefined);
  consent.append(funnel);
  // Of a saved lake of an earlier version: it has no such option.
  const { times: released = 'exact' } = report.options;
  const measured = released === 'exact';
  drawTimes(time, await explore('times', measured ? [...TRUSTED, 'machine_learning_curated'] : TRUSTED, { signal }));
  if (!measured) time.append(h('p', { class: 'hint' }, labels.charts.timesMoved));
  const subjects = await explore('subjects', undefined, { signal });
  funnel.replaceWith(funnels(report.tables, subjects.count));
  drawSubjects(rows, subjects);
  createSubjectChart(subject, subjects, released);
}

/** @param {HTMLElement} place @param {Times} times */
function drawTimes(place, { start, width, names, counts }) {
  if (counts[0].length === 0) return void place.append(h('p', { class: 'hint' }, labels.charts.noReadings));
  const bins = counts[0].map((_, bin) => start + bin * width);
  const totals = counts.map((all) => all.reduce((sum, count) => sum + count, 0));
  const words =
    labels.charts.timeRange(format.instant(bins[0]), format.instant(bins[bins.length - 1] + width)) +
    names.map((name, i) => `${name} ${format.counted(totals[i], labels.nouns.row)}`).join(', ') +
    '.';
  place.append(legend(names), h('p', { class: 'hint' }, words));
  createPlot(place, {
    name: labels.charts.overTime,
    x: { time: true, label: 'UTC' },
    y: { label: labels.charts.rowsIn(span(width)), zero: true },
    lines: names.map((label, i) => ({ label, color: COLORS[i], steps: true, dash: DASHES[i] })),
  }).draw([[...bins, bins[bins.length - 1] + width], ...counts.map((all) => [...all, all[all.length - 1]])], words);
  place.append(
    asTable(labels.charts.overTime, [labels.charts.fromUtc, ...names], () =>
      bins
        .map((bin, i) => [format.instant(bin, width % 1000 > 0), ...counts.map((all) => all[i])])
        .filter(([, ...all]) => all.some(Boolean)),
    ),
  );
}

/** @param {HTMLElement} place @param {Subjects} subjects */
function drawSubjects(place, { count, most, median, least, curve, listed }) {
  if (count === 0) return void place.append(h('p', { class: 'hint' }, labels.charts.noRows));
  const words = labels.charts.spread(
    format.counted(count, labels.nouns.subject),
    format.count(least),
    format.counted(most, labels.nouns.row),
    format.count(median),
  );
  place.append(h('p', { class: 'hint' }, words));
  createPlot(place, {
    name: labels.charts.perSubject,
    x: { label: labels.charts.subjectsByRows },
    y: { label: labels.charts.rows, zero: true },
    lines: [{ label: labels.charts.rows, color: '--one', filled: true, steps: true }],
  }).draw(
    [
      [...curve.map(([rank]) => rank), count + 1],
      [...curve.map(([, rows]) => rows), least],
    ],
    words,
  );
  place.append(
    asTable(labels.charts.perSubject, [labels.charts.subjectHead, labels.charts.rows], () =>
      listed.map(({ subject, rows }) => [subject, rows]),
    ),
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
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(width / size);
}
