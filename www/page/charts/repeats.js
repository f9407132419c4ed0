/** Whether one time has several values. @param {ArrayLike<number | null>} times in order */
export function repeats(times) {
  for (let at = 1; at < times.length; at += 1) if (times[at] === times[at - 1]) return true;
  return false;
}
