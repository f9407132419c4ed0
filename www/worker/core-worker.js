import { initSync } from '../pkg/stedi_lakehouse.js';
import { heedPanics } from '../shared/errors.js';
import { createExploreServer } from './explore/explore-server.js';
import { audit, compare, number, split } from './jobs/audit.js';
import { eraseLake } from './jobs/erase-lake.js';
import { findLake } from './jobs/find-lake.js';
import { checkContinue } from './jobs/check-continue.js';
import { checkKey, checkLake, evidence, findPerson } from './jobs/lake.js';
import { countEntries } from './jobs/list.js';
import { sample } from './jobs/sample.js';
import { zip } from './jobs/zip.js';
import { serveEngine } from './run/remote-engine.js';
import { createRunServer } from './run/run-server.js';
import { servePage } from './serve-page.js';

heedPanics();

/** @type {import('../shared/rpc.js').Handlers<Omit<import('../shared/protocol.js').CoreService, 'start'>>} */
const service = {
  ...createRunServer(),
  ...createExploreServer(),
  help: serveEngine,
  sample: (request, { progress }) => sample(request, progress),
  audit: (request, { progress }) => audit(request, progress),
  compare,
  number,
  split,
  findLake,
  checkContinue,
  checkKey,
  checkLake: (request, { progress }) => checkLake(request, progress),
  findPerson: (request, { progress }) => findPerson(request, progress),
  eraseLake: (request, { progress }) => eraseLake(request, progress),
  evidence,
  countEntries,
  zip: (request, { progress }) => zip(request, progress),
};

servePage((module) => initSync({ module }), service);
