import { LIMITS } from '../../shared/core.js';

/** Answers whether a report is due; if so, the next one is due a while later. */
export function createReportTimer() {
  let last = 0;
  return () => {
    const now = performance.now();
    if (now - last < LIMITS.progress_ms) return false;
    last = now;
    return true;
  };
}
