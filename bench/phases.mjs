// How much of a run is serial, from what its phases took and what their threads worked in them.

/**
 * @typedef {object} Phase seconds
 * @property {string} name
 * @property {number} wall
 * @property {number[]} cpu of each thread that worked in it; of a program the first is the one that leads
 */

/** Numbers of cores for which the time is computed. */
export const CORES = [4, 8, 16];

/**
 * The phases that the command line tells with `--verbose`.
 * @param {string} said
 * @returns {Phase[]}
 */
export function phasesOf(said) {
  const line = /^phase (.+): ([\d.]+) s(?:, CPU ([\d.]+) s of the first thread)?(?:, ([\d. +]+) s of others)?$/gm;
  return [...said.matchAll(line)].map(([, name, wall, first, others]) => ({
    name,
    wall: Number(wall),
    cpu: [first, ...(others?.split(' + ') ?? [])].filter((one) => one !== undefined).map(Number),
  }));
}

/**
 * What more of the same cores would make of a phase: `serial` is worked by one thread while the others wait, `parallel`
 * is the CPU time that is dealt to as many as there are, and the rest of the wall time is waiting, for the disk or the
 * browser. From `wall = serial + parallel / cores + waiting` and `cpu = serial + parallel`, with the least waiting.
 * @param {Phase} phase
 * @param {number} cores that it was measured on
 */
export function partsOf({ wall, cpu }, cores) {
  const worked = cpu.reduce((sum, one) => sum + one, 0);
  const parallel = cores > 1 ? Math.min(Math.max(((worked - wall) * cores) / (cores - 1), 0), worked) : 0;
  const serial = worked - parallel;
  return { serial, parallel, waiting: Math.max(wall - serial - parallel / cores, 0) };
}

/**
 * Seconds of a run on so many cores, each as fast as those that it was measured on.
 * @param {Phase[]} phases
 * @param {number} measured cores
 * @param {number} cores
 */
export function secondsOn(phases, measured, cores) {
  return phases.reduce((sum, phase) => {
    const { serial, parallel, waiting } = partsOf(phase, measured);
    return sum + serial + parallel / cores + waiting;
  }, 0);
}
