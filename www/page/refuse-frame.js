// The first that the page's script does: in a frame of another page nothing is started. The first script has it
// show a message instead; see lockdown/lockdown.js.
if (top !== self) throw new Error('This page does not run inside another page.');

export {};
