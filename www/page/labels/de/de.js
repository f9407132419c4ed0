import { CORE } from './core.js';
import { LAKE } from './lake.js';
import { RESULTS } from './results.js';
import { RULES } from './rules.js';
import { RUN } from './run.js';

/** @type {typeof import('../en/en.js').EN} */
export const DE = { ...RULES, ...RUN, ...RESULTS, ...LAKE, core: CORE };
