// A hand under X: a screen of its own, and a drag from a small window onto what is seen there.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { program } from '../../scripts/program.mjs';

const XVFB = program('Xvfb');
const XDOTOOL = program('xdotool');
/** The system's own: a package of the system put GTK there, and not into what a virtual environment has on PATH. */
const PYTHON = '/usr/bin/python3';
const source = fileURLToPath(new URL('drag-source.py', import.meta.url));

/** For `skip` of a test: false, or what is missing. */
export const noScreen = missing();

function missing() {
  if (!XVFB || !XDOTOOL || !existsSync(PYTHON)) return 'Xvfb, xdotool or Python is not installed';
  try {
    execFileSync(PYTHON, ['-c', 'import gi; gi.require_version("Gtk", "3.0")'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'GTK for Python is not installed';
  }
}

/** A screen that ends with the test. @param {import('node:test').TestContext} t */
export async function screen(t) {
  const server = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  t.after(() => {
    server.kill();
  });
  const number = await new Promise((resolve, reject) => {
    server.stdio[3]?.once('data', (data) => resolve(String(data).trim()));
    server.once('exit', () => reject(new Error('Xvfb could not be started')));
  });
  const display = `:${number}`;
  const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11' };
  const hand = (/** @type {(string | number)[]} */ ...words) => execFileSync(XDOTOOL, words.map(String), { env });

  return {
    display,
    /**
     * Drags files and folders to a place on the screen and lets go there.
     * @param {string[]} paths
     * @param {{ x: number, y: number }} to
     */
    async drag(paths, to) {
      const window = spawn(PYTHON, [source, ...paths.map((path) => pathToFileURL(path).href)], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let said = '';
      window.stdout.on('data', (data) => {
        said += data;
      });
      const ended = new Promise((resolve) => {
        window.once('exit', resolve);
      });
      try {
        await heard('ready');
        hand('mousemove', 40, 40, 'mousedown', 1);
        // A drag begins when the pointer has moved some pixels, and the target hears of it while it moves.
        for (let tries = 0; !said.includes('begin'); tries += 1) {
          if (tries === 100) throw new Error('no drag began');
          hand('mousemove', 45 + (tries % 30), 45);
          await sleep(50);
        }
        for (let step = 1; step <= 10; step += 1) {
          hand('mousemove', Math.round(45 + ((to.x - 45) * step) / 10), Math.round(45 + ((to.y - 45) * step) / 10));
          await sleep(50);
        }
        // The answer of the target that it takes a drop has to be there first.
        await sleep(500);
        hand('mousemove', to.x + 1, to.y);
        await sleep(500);
        hand('mouseup', 1);
        await Promise.race([ended, sleep(30_000)]);
      } finally {
        window.kill();
      }

      /** @param {string} word */
      async function heard(word) {
        for (let tries = 0; !said.includes(word); tries += 1) {
          if (tries === 300) throw new Error(`the window to drag from is not ${word}`);
          await sleep(100);
        }
      }
    },
  };
}
