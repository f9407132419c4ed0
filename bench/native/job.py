"""What the engines in Python share.

The process says `{"ready": version}` when its engine is imported. Then each line `{"inputs": folder, "out": folder,
"threads": n}` is one job, answered by `{"seconds": s, "counts": {table: rows}}`, so that the first job of a process is
a cold one and those after it are warm.
"""

import contextlib
import json
import sys
import time
from types import SimpleNamespace


@contextlib.contextmanager
def since():
    """The seconds that its block takes."""
    took = SimpleNamespace(seconds=0.0)
    start = time.perf_counter()
    yield took
    took.seconds = time.perf_counter() - start


def serve(run, version):
    """Answers jobs by `run(inputs, out, threads) -> (seconds, counts)` until the input ends."""
    say({"ready": version})
    for line in sys.stdin:
        seconds, counts = run(**json.loads(line))
        say({"seconds": seconds, "counts": counts})


def say(message):
    print(json.dumps(message), flush=True)
