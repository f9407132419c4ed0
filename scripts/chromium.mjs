// The system's Chromium, as tests and bench start it: without a screen, and asking nothing of the network itself.
import { program } from './program.mjs';

export const CHROMIUM = {
  // Without a path a browser of Playwright's own would be looked for.
  executablePath: program('chromium') || 'chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
