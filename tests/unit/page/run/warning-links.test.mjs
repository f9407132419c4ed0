// What a warning is about: every code is one of the core's, and leads to something that there is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DE } from '../../../../www/page/labels/de/de.js';
import { ABOUT } from '../../../../www/page/run/warning-links.js';
import { CHOICES } from '../../../../www/page/settings/choices.js';
import { TABLES } from '../../../../www/shared/tables.js';

const template = readFileSync(new URL('../../../../www/page/index.html', import.meta.url), 'utf8');

test('a warning leads to a table, a setting or a list that the page has', () => {
  const tables = TABLES.map(({ name }) => name);
  const settings = CHOICES.map(({ name }) => name);
  assert.ok(Object.keys(ABOUT).length > 25);
  for (const [code, about] of Object.entries(ABOUT)) {
    assert.ok(code in DE.core.warnings, `${code} is no warning of the core`);
    assert.ok(about && Object.keys(about).length > 0, code);
    const { table, setting, view } = about;
    if (table) assert.ok(tables.includes(table), table);
    if (setting) assert.ok(settings.includes(setting) || template.includes(`name="${setting}"`), setting);
    if (view) assert.ok(template.includes(`data-view="${view}"`), view);
  }
});
