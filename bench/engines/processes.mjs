// What processes have used, as Linux tells it. Of a process that has ended it tells nothing.
import { readFileSync, readdirSync } from 'node:fs';

/** Ticks a second in /proc: `USER_HZ`, which is 100 on every machine that node runs on. */
const TICKS = 100;

/** Peak resident bytes of a process. @param {number} pid */
export function highWater(pid) {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(told(`${pid}/status`));
  return found ? Number(found[1]) * 1024 : 0;
}

/** Seconds of user and system time that a process has used, in all its threads. @param {number} pid */
export function cpuSeconds(pid) {
  const [, rest] = /^.*\) (.*)$/s.exec(told(`${pid}/stat`)) ?? [];
  if (!rest) return 0;
  // Behind the name, which may hold anything: the state is the third field, the two times the 14th and 15th.
  const fields = rest.split(' ');
  return (Number(fields[14 - 3]) + Number(fields[15 - 3])) / TICKS;
}

/**
 * Seconds that each thread of a process has worked, by its number: of those that have a name.
 * @param {number} pid
 * @param {string} name
 */
export function threadSeconds(pid, name) {
  /** @type {Map<number, number>} */
  const seconds = new Map();
  for (const thread of threadsOf(pid)) {
    if (told(`${pid}/task/${thread}/comm`).trim() !== name) continue;
    // Nanoseconds on a processor come first.
    const [worked] = told(`${pid}/task/${thread}/schedstat`).split(' ');
    if (worked) seconds.set(Number(thread), Number(worked) / 1e9);
  }
  return seconds;
}

/** What a process calls itself, in at most 15 bytes. @param {number} pid */
export function nameOf(pid) {
  return told(`${pid}/comm`).trim();
}

/** A process and those it started, whichever of its threads did. @param {number} pid @returns {number[]} */
export function family(pid) {
  return [pid, ...childrenOf(pid).flatMap(family)];
}

/** @param {number} pid @returns {number[]} */
export function childrenOf(pid) {
  const childrenOfThread = (/** @type {string} */ thread) => told(`${pid}/task/${thread}/children`).split(' ');
  return threadsOf(pid).flatMap(childrenOfThread).filter(Boolean).map(Number);
}

/** @param {number} pid @returns {string[]} */
function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended.
    return [];
  }
}

/** @param {string} file below /proc */
function told(file) {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    return '';
  }
}
