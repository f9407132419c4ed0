"""What the engines in Python share.

The process says `{"ready": version}` when its engine is imported. Then each line `{"inputs": folder, "out": folder,
"threads": n}` is one job, answered by `{"seconds": s, "cpu": s, "counts": {table: rows}}`, so that the first job of a
process is a cold one and those after it are warm.
"""

import contextlib
import glob
import json
import os
import resource
import sys
import time
from types import SimpleNamespace


@contextlib.contextmanager
def since():
    """The seconds that its block takes, and those of all processors that are used meanwhile."""
    took = SimpleNamespace(seconds=0.0, cpu=0.0)
    used, start = cpu_seconds(), time.perf_counter()
    yield took
    took.seconds, took.cpu = time.perf_counter() - start, cpu_seconds() - used


def cpu_seconds():
    """User and system time so far, of this process and of those that it started: Spark's work is done in a child."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + sum(map(cpu_of, children(os.getpid())))


def cpu_of(process):
    fields = told(f"{process}/stat").rpartition(")")[2].split()
    own = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(cpu_of, children(process)))


def children(process):
    tasks = glob.glob(f"/proc/{process}/task/*/children")
    return [int(child) for task in tasks for child in told(task.removeprefix("/proc/")).split()]


def told(file):
    """A file of /proc; empty where the process has ended."""
    try:
        with open(f"/proc/{file}") as of:
            return of.read()
    except OSError:
        return ""


def serve(run, version):
    """Answers jobs by `run(inputs, out, threads) -> (took, counts)`, took by `since`, until the input ends."""
    say({"ready": version})
    for line in sys.stdin:
        took, counts = run(**json.loads(line))
        say({"seconds": took.seconds, "cpu": took.cpu, "counts": counts})


def say(message):
    print(json.dumps(message), flush=True)
