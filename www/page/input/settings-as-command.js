import { labels } from '../labels/labels.js';
import { messageOf } from '../ui/core-words.js';
import { OPTIONS } from '../../shared/core.js';
import { saveFile } from '../export/download.js';
import { find } from '../ui/dom.js';
import { allZones, chosenValue, timesProblem } from './options-form.js';
import { chosenKeyFile, usesRandomKey } from './pseudonym-key.js';
import { listFile } from './withdrawals-file.js';

const CONFIG = 'stedi-lakehouse.toml';
/** What the list that was typed is to be saved as: it must not stand in a command. */
const TYPED = 'withdrawals.txt';
/** An option as it is called on the command line. @param {string} name */
const flag = (name) => name.replaceAll('_', '-');
/** Options that may stand alone there: a value has to follow them behind a sign. */
const SWITCHES = OPTIONS.filter(({ values }) => values.some(({ name }) => name === 'on')).map(({ name }) => flag(name));

/**
 * The settings of the form as the command line takes them: values of options, true of a switch that is on, and names
 * of files, never what is in them. `todo` is what the reader has to do before it gives the tables of this page.
 * @typedef {{
 *   options: [name: string, value: string | true][],
 *   files: [name: string, file: string][],
 *   todo: string[],
 * }} Settings
 */

/**
 * Offers the settings of the form as a command, and as a configuration for `--config`.
 * @param {HTMLFormElement} form
 */
export function offerCommand(form) {
  const command = find('#command');
  const note = find('#command-note');

  /** @param {string[]} sentences */
  const say = (sentences) => {
    note.textContent = sentences.join(' ');
  };

  find('#copy-command').addEventListener('click', async () => {
    const { todo, ...settings } = settingsOf(form);
    const text = commandOf(settings);
    command.textContent = text;
    command.hidden = false;
    try {
      // Browsers have no clipboard where a page came by plain http.
      await navigator.clipboard.writeText(text);
      say([labels.settings.copied, ...todo]);
    } catch {
      say([labels.settings.notCopied, ...todo]);
    }
  });
  find('#save-config').addEventListener('click', () => {
    const { todo, ...settings } = settingsOf(form);
    try {
      saveFile(new Blob([configOf(settings)], { type: 'application/toml' }), CONFIG);
      say([labels.settings.useConfig(CONFIG), ...todo]);
    } catch (error) {
      say([messageOf(error)]);
    }
  });
  // What is shown would no longer be what the form says.
  const clear = () => {
    command.hidden = true;
    say([]);
  };
  form.addEventListener('input', clear);
  form.addEventListener('reset', clear);
}

/** @param {HTMLFormElement} form @returns {Settings} */
function settingsOf(form) {
  /** @type {Settings['files']} */
  const files = [];
  const todo = [];
  const problem = timesProblem(form);
  if (problem) todo.push(problem);
  const key = chosenKeyFile(form);
  if (key) files.push(['key-file', key.name]);
  else if (usesRandomKey(form)) todo.push(labels.settings.addKey);
  const list = listFile();
  const typed = chosenValue(form, 'withdrawals').trim() !== '';
  if (list || typed) files.push(['withdrawals', list?.name ?? TYPED]);
  if (typed) todo.push(list ? labels.settings.addTyped(list.name) : labels.settings.saveTyped(TYPED));
  /** @type {Settings['options']} */
  const options = OPTIONS.map(({ name }) => [flag(name), chosenValue(form, flag(name))]);
  const zones = allZones(form);
  if (zones.checked) options.push([zones.name, true]);
  return { options, files, todo };
}

/** @param {Pick<Settings, 'options' | 'files'>} settings */
export function commandOf({ options, files }) {
  /** @type {Settings['options']} */
  const named = files.map(([name, file]) => [name, file.startsWith('-') ? `./${file}` : file]);
  const words = [...options, ...named].map(([name, value]) =>
    value === true ? `--${name}` : `--${name}${SWITCHES.includes(name) ? '=' : ' '}${quoted(value)}`,
  );
  return ['stedi-lakehouse run export --out lake', ...words].join(' ');
}

/** A word as a shell takes it. @param {string} word */
const quoted = (word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** @param {Pick<Settings, 'options' | 'files'>} settings */
export const configOf = ({ options, files }) =>
  [
    `# stedi-lakehouse run export --out lake --config ${CONFIG}`,
    ...[...options, ...files].map(([name, value]) => `${name} = ${toml(value)}`),
    '',
  ].join('\n');

/** A value of TOML, whose escapes are those of JSON and one more. @param {string | true} value */
const toml = (value) => JSON.stringify(value).replaceAll('\u007f', '\\u007f');
