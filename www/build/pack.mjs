// Packs the core, as the page carries it: what is published as small as gzip can be, which takes some seconds.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import zopfli from '@gfx/zopfli';

const wasm = fileURLToPath(new URL('../pkg/stedi_lakehouse_bg.wasm', import.meta.url));
const isRelease = (process.env.STEDI_PROFILE ?? 'release') === 'release';
const bytes = readFileSync(wasm);
writeFileSync(`${wasm}.gz`, isRelease ? await zopfli.gzipAsync(bytes, { numiterations: 5 }) : gzipSync(bytes));
