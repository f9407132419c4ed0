// Where things are, as scripts/env.sh has it.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What can be made again: samples, outputs, the Python of the other engines. */
export const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stedi-lakehouse/bench');

/** Where each run of the bench leaves its JSON. */
export const results = join(root, 'bench/results');
