"""A small window in the corner of the screen to drag files from: drag-source.py URI..."""

import sys

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402

# Of this type it needs no window manager to be placed and raised.
window = Gtk.Window(type=Gtk.WindowType.POPUP)
window.set_default_size(80, 80)
window.move(0, 0)
box = Gtk.EventBox()
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
box.connect("drag-data-get", lambda _widget, _context, data, _info, _time: data.set_uris(sys.argv[1:]))
box.connect("drag-begin", lambda *_: print("begin", flush=True))
box.connect("drag-end", lambda *_: Gtk.main_quit())
window.add(box)
window.show_all()
# Once the screen has been asked to show it: a button that is pressed before is not pressed on it.
GLib.idle_add(lambda: print("ready", flush=True))
Gtk.main()
