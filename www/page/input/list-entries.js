import { labels } from '../labels/labels.js';
import { find } from '../ui/dom.js';
import * as format from '../ui/format.js';
import { createLatest } from '../ui/latest.js';
import { say } from '../ui/say.js';
import { callAside } from '../workers/call-aside.js';
import { listFile, listText } from './withdrawals-file.js';

/**
 * Says how many entries a file of withdrawals has, as a run reads it: of a wrong column there are none.
 * @param {HTMLFormElement} form
 */
export function countListEntries(form) {
  const place = find('#withdrawals-file-entries');
  const latest = createLatest();
  /** What was counted last. @type {string | undefined} */
  let counted;

  function count() {
    const [text, name] = [listText(), listFile()?.name ?? ''];
    if (text === counted) return;
    counted = text;
    say(place, '');
    if (text === undefined) return latest.cancel();
    latest.run(
      () => callAside('countEntries', text),
      (entries) => {
        const words = labels.input.listEntries(name, format.counted(entries, labels.nouns.entry));
        say(place, entries > 0 ? words : { words: labels.input.listEmpty(name), kind: 'warning' });
      },
      // The run says what is wrong with a list.
      () => undefined,
    );
  }

  form.addEventListener('input', count);
  form.addEventListener('reset', () => setTimeout(count));
  // While another file is read, nothing is said of the one before.
  find('#withdrawals-file').addEventListener('change', count);
}
