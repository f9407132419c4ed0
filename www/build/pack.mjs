// Packs the core as small as gzip can be, which takes some seconds: the page carries it so.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import zopfli from '@gfx/zopfli';

const wasm = fileURLToPath(new URL('../pkg/stedi_lakehouse_bg.wasm', import.meta.url));
writeFileSync(`${wasm}.gz`, await zopfli.gzipAsync(readFileSync(wasm), { numiterations: 5 }));
