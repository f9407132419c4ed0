import { asFailure } from '../../shared/errors.js';
import { labels } from '../labels/labels.js';
import { inPageNames } from '../settings/setting-words.js';
import { count, hertz, inWords } from './format.js';

/** @typedef {import('../../shared/core.js').Report} Report */

/** What the core says, by its code, in the page's language. @param {{ code: string, message: string }} said */
export function coreWords({ code, message }) {
  const own = labels.core.warnings[code];
  return inWords((typeof own === 'function' ? own(message) : own) ?? inPageNames(message));
}

/** What the research table says of people. @param {Pick<Report, 'privacy' | 'options'>} report */
export const privacyWords = ({ privacy, options }) =>
  labels.core.privacy(privacy, options, count) ?? inWords(inPageNames(privacy.meaning));

/** How good the readings of the research table are. @param {Report} report */
export const qualityWords = ({ quality }) =>
  quality ? (labels.core.quality(quality, count, hertz) ?? inWords(quality.verdict)) : '';

/** What a failure says, for people. @param {import('../../shared/protocol.js').Failure} failure */
export function failureWords({ code, message }) {
  const own = labels.core.failures[code];
  const words = (typeof own === 'function' ? own(message) : own) ?? inPageNames(message);
  // Others may have numbers in names of files.
  return code === 'too_many_pairs' ? inWords(words) : words;
}

/** The same of any error. @param {unknown} error */
export const messageOf = (error) => failureWords(asFailure(error));
