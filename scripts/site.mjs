// Puts a site together that is to be published at an origin of its own: site.mjs [RELEASE [SITE]], by default
// dist/release and dist/site. `_headers` says which headers to send; Cloudflare Pages and Netlify read it, GitHub
// Pages sends none of its own choosing.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protection } from './serve-headers.mjs';

const [release = 'dist/release', site = 'dist/site'] = process.argv.slice(2);
const page = readFileSync(join(release, 'stedi-lakehouse.html'));
rmSync(site, { recursive: true, force: true });
mkdirSync(site, { recursive: true });
writeFileSync(join(site, 'index.html'), page);
copyFileSync(join(release, 'SHA256SUMS'), join(site, 'SHA256SUMS'));
const lines = Object.entries(protection(page)).map(([name, value]) => `  ${name}: ${value}\n`);
writeFileSync(join(site, '_headers'), `/*\n${lines.join('')}`);
// The name of the origin, for GitHub Pages.
if (process.env.STEDI_SITE) writeFileSync(join(site, 'CNAME'), `${process.env.STEDI_SITE}\n`);
