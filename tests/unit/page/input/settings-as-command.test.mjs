// Settings as a command and as a configuration: what a shell and TOML would take for more than a text is quoted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { commandOf, configOf } from '../../../../www/page/input/settings-as-command.js';

/** @type {[name: string, value: string][]} */
const options = [
  ['consent', 'as-of'],
  ['shared-serials', 'keep'],
  ['one-per-instant', 'on'],
];

test('a plain command and a plain configuration', () => {
  assert.equal(
    commandOf({ options, files: [['key-file', 'study.key']] }),
    'stedi-lakehouse run export --out lake --consent as-of --shared-serials keep --one-per-instant=on ' +
      '--key-file study.key',
  );
  assert.equal(
    configOf({ options, files: [['withdrawals', 'people.csv']] }),
    '# stedi-lakehouse run export --out lake --config stedi-lakehouse.toml\nconsent = "as-of"\n' +
      'shared-serials = "keep"\none-per-instant = "on"\nwithdrawals = "people.csv"\n',
  );
});

test('a switch stands alone in a command, and is true in a configuration', () => {
  /** @type {[name: string, value: true][]} */
  const options = [['all-zones', true]];
  assert.equal(commandOf({ options, files: [] }), 'stedi-lakehouse run export --out lake --all-zones');
  assert.match(configOf({ options, files: [] }), /^all-zones = true$/m);
});

test('names of files stay one word, whatever is in them', () => {
  for (const name of ["Ann's list.csv", '$(touch x)', 'a;b', '`id`', 'Zoë.csv', '*', 'a\nb', '!x', 'a\\b', '"', '-v']) {
    const command = commandOf({ options: [], files: [['withdrawals', name]] }).replace('stedi-lakehouse', 'echo_words');
    const script = `echo_words() { for word; do printf '%s\\0' "$word"; done; }\n${command}`;
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
    const expected = name.startsWith('-') ? `./${name}` : name;
    assert.deepEqual(words, ['run', 'export', '--out', 'lake', '--withdrawals', expected]);
  }
  const config = configOf({ options: [], files: [['withdrawals', 'a"b\\c\u007f\n']] });
  assert.equal(config.split('\n')[1], String.raw`withdrawals = "a\"b\\c\u007f\n"`);
});
