// Pictures of all components and of all parts of the page, compared with those that were kept: a report for a person.
// A browser's update changes them all, so nothing fails by them. `--keep` keeps these as the ones to compare with.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { explore, launch, pageFile, part, reached } from '../tests/page/harness.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{ name: string, state: 'new' | 'same' | 'changed', words: string }} Shot
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'test-results/gallery');
const kept = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stedi-lakehouse/gallery');
const keep = process.argv.includes('--keep');

const WIDTHS = [320, 390, 768, 1440];
/** @type {Record<string, import('playwright-core').BrowserContextOptions>} */
const SCHEMES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { forcedColors: 'active' },
};
/** What differs between two runs of the same page: times, versions, hashes. */
const VARIES = ['#status', '#hashing', '.bottom dd', '#evidence-record :is(section:first-child > p, .facts dd, code)'];

/** Of pixelmatch, from 0 to 1. At its own default of 0.1 another hue of the accent is not noticed. */
const THRESHOLD = 0.02;

rmSync(folder, { recursive: true, force: true });
for (const place of [join(folder, 'now'), join(folder, 'kept'), join(folder, 'difference'), kept])
  mkdirSync(place, { recursive: true });

/** @type {Shot[]} */
const shots = [];
const browser = await launch();
try {
  const components = await componentsFile();
  for (const [scheme, options] of Object.entries(SCHEMES)) {
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', ...options });
    const page = await context.newPage();
    await page.goto(pathToFileURL(components).href);
    await shoot(page, 'components', scheme);
    await page.goto(pathToFileURL(pageFile).href);
    await shootParts(page, scheme);
    await context.close();
    console.log(`gallery: ${scheme} done`);
  }
} finally {
  await browser.close();
}
writeFileSync(join(folder, 'index.html'), report());
const count = (/** @type {Shot['state']} */ state) => shots.filter((shot) => shot.state === state).length;
console.log(`gallery: ${count('same')} as kept, ${count('changed')} changed, ${count('new')} new`);
console.log(`gallery: look at ${join(folder, 'index.html')}`);

/** The components with the style sheet of the page. */
async function componentsFile() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['www/styles/page.css'],
    bundle: true,
    write: false,
    logLevel: 'warning',
  });
  const template = readFileSync(join(root, 'tests/gallery/components.html'), 'utf8');
  const file = join(folder, 'components.html');
  writeFileSync(
    file,
    template.replace('<!--style-->', () => `<style>${outputFiles[0].text}</style>`),
  );
  return file;
}

/** @param {Page} page @param {string} scheme */
async function shootParts(page, scheme) {
  await shoot(page, 'start', scheme);
  // A random key would give other pseudonyms, and with them other rows, each time.
  await page.click('#settings > summary');
  await page.selectOption('[name="key"]', 'file');
  const buffer = Buffer.from('0123456789abcdef'.repeat(4));
  await page.setInputFiles('#key-file', { name: 'gallery.key', mimeType: 'text/plain', buffer });
  await shoot(page, 'settings', scheme);
  await page.click('#settings > summary');
  await page.check('#defects');
  await page.click('#sample');
  await reached(page, 'done');
  await page.waitForSelector('#export-zip:enabled');
  await shoot(page, 'result', scheme);
  await explore(page, 'machine_learning_curated');
  await page.waitForSelector('.grid[aria-label="Rows of machine_learning_curated"][aria-busy="false"]');
  await shoot(page, 'explore', scheme);
  await explore(page, 'charts');
  await page.waitForSelector('#charts .measures tbody tr');
  await shoot(page, 'charts', scheme);
  for (const name of /** @type {const} */ (['sql', 'compare', 'evidence', 'privacy'])) {
    await part(page, name);
    await shoot(page, name, scheme);
  }
}

/** @param {Page} page @param {string} what @param {string} scheme */
async function shoot(page, what, scheme) {
  for (const width of WIDTHS) {
    const name = `${what}-${scheme}-${width}.png`;
    await page.setViewportSize({ width, height: 900 });
    // Charts and grids follow the width a frame later.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined)))),
    );
    // Whether the list of tables has scrolled to the chosen one is a matter of time.
    await page.evaluate(() => document.querySelector('#explore-list')?.scrollTo(0, 0));
    const mask = VARIES.map((selector) => page.locator(selector));
    await page.screenshot({ path: join(folder, 'now', name), fullPage: true, animations: 'disabled', mask });
    shots.push(compare(name));
  }
}

/** @param {string} name @returns {Shot} */
function compare(name) {
  const [now, before] = [join(folder, 'now', name), join(kept, name)];
  const isNew = !existsSync(before);
  const shot = isNew ? /** @type {Shot} */ ({ name, state: 'new', words: '' }) : difference(name, now, before);
  if (isNew || keep) copyFileSync(now, before);
  return shot;
}

/** @param {string} name @param {string} now @param {string} before @returns {Shot} */
function difference(name, now, before) {
  const [bytes, earlier] = [readFileSync(now), readFileSync(before)];
  if (bytes.equals(earlier)) return { name, state: 'same', words: '' };
  const [a, b] = [PNG.sync.read(bytes), PNG.sync.read(earlier)];
  copyFileSync(before, join(folder, 'kept', name));
  if (a.width !== b.width || a.height !== b.height)
    return { name, state: 'changed', words: `${b.width} × ${b.height} has become ${a.width} × ${a.height}` };
  const drawn = new PNG({ width: a.width, height: a.height });
  const pixels = pixelmatch(b.data, a.data, drawn.data, a.width, a.height, { threshold: THRESHOLD });
  if (pixels === 0) return { name, state: 'same', words: '' };
  writeFileSync(join(folder, 'difference', name), PNG.sync.write(drawn));
  return { name, state: 'changed', words: `${pixels} pixels differ` };
}

function report() {
  const picture = (/** @type {string} */ place, /** @type {string} */ name) =>
    existsSync(join(folder, place, name))
      ? `<figure><figcaption>${place}</figcaption><a href="${place}/${name}"><img src="${place}/${name}"></a></figure>`
      : '';
  const section = (/** @type {Shot} */ { name, state, words }) =>
    `<section><h2>${name}: ${state}</h2><p>${words}</p><div>` +
    `${picture('kept', name)}${picture('now', name)}${picture('difference', name)}</div></section>`;
  const rank = { changed: 0, new: 1, same: 2 };
  const sections = [...shots].sort((a, b) => rank[a.state] - rank[b.state]).map(section);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>
body { font: 16px system-ui; margin: 20px; } div { display: flex; gap: 12px; align-items: start; overflow: auto; }
figure { margin: 0; } img { max-width: 420px; border: 1px solid #999; } h2 { font-size: 1rem; }
</style><h1>Gallery</h1>${sections.join('\n')}</html>\n`;
}
