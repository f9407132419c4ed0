// Packs a module as the page carries it: `pack.mjs NAME [LEVEL]`. Zstandard takes a fifth off what gzip makes of
// WebAssembly, and the page has the few kilobytes that unpack it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compress, init } from '@bokuweb/zstd-wasm';

const [name, level = '19'] = process.argv.slice(2);
const wasm = fileURLToPath(new URL(`../pkg/${name}_bg.wasm`, import.meta.url));
await init();
writeFileSync(`${wasm}.zst`, compress(readFileSync(wasm), Number(level)));
