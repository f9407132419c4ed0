// The page's first script. The policy does not cover everything: in Chromium a STUN packet of WebRTC got out in
// spite of it, an empty frame or window brings WebRTC back, `<link rel=preconnect>` opens a connection, and a link
// that downloads sends its request. None of that is used here; so that none of it can be, this script takes the
// means away for good, by lists of what may be. Workers have none of these means to begin with.
import { lockAttributes } from './attributes.js';
import { lockElements } from './elements.js';
import { lockWindows } from './windows.js';

if (top !== self) {
  // The page around this one could lead a reader's hand. refuse-frame.js stops the rest.
  document.documentElement.dataset.framed = '';
} else {
  lockWindows();
  lockElements();
  lockAttributes();
  addEventListener('DOMContentLoaded', () => document.querySelector('#framed')?.remove());
}
