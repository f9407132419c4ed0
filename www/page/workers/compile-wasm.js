import { Decompress } from 'fzstd';
import { find } from '../ui/dom.js';
import { yieldTask } from '../../shared/yield-task.js';

// A multiple of four, so that each slice is whole base64; small, so that no slice holds the page up.
const SLICE = 128 * 1024;

/**
 * A module, unpacked from the page's own data block and compiled once. The page never instantiates it:
 * that is the workers' business.
 * @param {string} block
 */
function compiledOnce(block) {
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let compiled;
  return () => (compiled ??= compile(block));
}

export const core = compiledOnce('#core-zst');
/** What the SQL console runs on; only the edition with the console has it, and the mark removes it from the other. */
export const engine = /* @__PURE__ */ compiledOnce('#engine-zst');

/** @param {string} block */
function compile(block) {
  const text = find(block).textContent?.trim() ?? '';
  let at = 0;
  const packed = new ReadableStream({
    async pull(controller) {
      // The page stays responsive.
      await yieldTask();
      if (at >= text.length) return controller.close();
      controller.enqueue(decode(text.slice(at, (at += SLICE))));
    },
  });
  const body = packed.pipeThrough(unpacking());
  return WebAssembly.compileStreaming(new Response(body, { headers: { 'content-type': 'application/wasm' } }));
}

/** Browsers have no Zstandard of their own that could be relied on. */
function unpacking() {
  /** @type {Decompress} */
  let zstandard;
  return new TransformStream({
    start(controller) {
      zstandard = new Decompress((bytes) => controller.enqueue(bytes));
    },
    transform: (bytes) => zstandard.push(bytes),
    flush: () => zstandard.push(new Uint8Array(), true),
  });
}

/** @param {string} base64 */
function decode(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
