/** Between two reports of progress, in milliseconds. */
const REPORT_EVERY = 100;

/** Answers whether a report is due; if so, the next one is due a while later. */
export function createReportTimer() {
  let last = 0;
  return () => {
    const now = performance.now();
    if (now - last < REPORT_EVERY) return false;
    last = now;
    return true;
  };
}
