"""Runs a program and says what that took: `{"seconds": s, "cpu": s, "resident": bytes}`, of that program alone.

Node does not tell the time and memory of a child that has ended.
"""

import json
import os
import signal
import sys
import time

program = sys.argv[1:]
quiet = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in range(3)]
start = time.perf_counter()
child = os.posix_spawn(program[0], program, os.environ, file_actions=quiet)
# Who gives this up gives the program up.
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
_, status, used = os.wait4(child, 0)
seconds = time.perf_counter() - start
if status != 0:
    sys.exit(f"{program[0]} ended with {os.waitstatus_to_exitcode(status)}")
# Linux tells kilobytes.
print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "resident": used.ru_maxrss * 1024}))
