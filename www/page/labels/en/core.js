import { OUTCOMES, REASONS, RULES, UNREAD } from '../../../shared/core.js';

/** @typedef {import('../../../shared/core.js').Report} Report */

/**
 * Words of the core. In English it says them itself; another language has its own, by code or by name. Where it has
 * none, or where the core's message is not the one that was translated, the English stands.
 * @typedef {object} CoreWords
 * @property {Readonly<Record<string, string>>} rules why a valid row is not in a table
 * @property {Readonly<Record<string, string>>} outcomes what the consent rules made of a customer record
 * @property {Readonly<Record<string, string>>} reasons why a record is not a row
 * @property {Readonly<Record<string, string>>} unread why an input is not read
 * @property {Readonly<Record<string, string | ((message: string) => string | undefined)>>} warnings by code, of reasons
 *   for an incomplete run and notes of a comparison too
 * @property {Readonly<Record<string, string>>} columns what they hold, by name
 * @property {Readonly<Record<string, string | ((message: string) => string | undefined)>>} failures by code
 * @property {(privacy: Report['privacy'], options: Report['options'], count: (value: number) => string) =>
 *   string | undefined} privacy what the research table says of people
 * @property {(quality: Report['quality'], count: (value: number) => string, hertz: (value: number) => string) =>
 *   string | undefined} quality how good its readings are
 */

/** @type {CoreWords} */
export const CORE = {
  rules: RULES,
  outcomes: OUTCOMES,
  reasons: REASONS,
  unread: UNREAD,
  // Where the core names what only the command line or the report has.
  warnings: {
    newly_admitted:
      'People or devices are admitted that the lake did not admit, or only from a later time on. What earlier files ' +
      'hold of them was not kept, so it is missing here; the report names these files. A run over all files has it.',
    zones_left_out:
      'Files in folders named trusted or curated were left out, because there are landing files: earlier jobs made ' +
      'them from the same records. “Read trusted and curated folders too” reads them.',
  },
  columns: {},
  failures: {
    other_key: 'This is not the key of the lake. Choose its key file under Settings.',
  },
  privacy: () => undefined,
  quality: () => undefined,
};
