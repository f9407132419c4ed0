import { CORE } from './core.js';
import { LAKE } from './lake.js';
import { RESULTS } from './results.js';
import { RULES } from './rules.js';
import { RUN } from './run.js';

/** English, to which every other language is held. Its static texts are in the page already. */
export const EN = { ...RULES, ...RUN, ...RESULTS, ...LAKE, core: CORE };
