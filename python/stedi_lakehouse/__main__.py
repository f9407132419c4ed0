"""The command line: `stedi-lakehouse`, and `python -m stedi_lakehouse`."""

from __future__ import annotations

import signal
import sys

from . import _core


def main() -> None:
    """Does what the words of the call ask for, and ends with the exit code of the program.

    >>> callable(main)
    True
    """
    # As for a program: Python's own handlers would wait until all is done.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_core.main(["stedi-lakehouse", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
