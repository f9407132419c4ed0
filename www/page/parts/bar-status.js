import { find } from '../ui/dom.js';

/** Milliseconds in which it is read. The downloads say the same for good. */
const READ = 10_000;

/** What comes of the bar's button, below the bar: it is pressed in every part. */
export function createBarStatus() {
  const place = find('#bar-status');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let read;

  return {
    /** @param {string} words */
    say(words) {
      clearTimeout(read);
      place.textContent = words;
      if (words !== '') read = setTimeout(() => place.replaceChildren(), READ);
    },
  };
}
