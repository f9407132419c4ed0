// The first that the page's script does: in a frame of another page nothing is started. The first script has it
// show a message instead, which is put into the reader's language; see lockdown/lockdown.js.
import { translatePage } from './labels/translate.js';

if (top !== self) {
  translatePage();
  throw new Error('This page does not run inside another page.');
}
