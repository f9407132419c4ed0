"""Runs the tests of this folder, two files at a time: run_files.py [FILE...]. What a file's tests say is printed whole
when they have ended, how long they took, and in the end which failed."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

HERE = Path(__file__).parent
# They take longest, so they begin first.
FIRST = ["test_rules.py", "test_contract.py", "test_audit.py", "test_dataset.py"]


def main(names):
    there = {file.name for file in HERE.glob("test*.py")}
    assert set(FIRST) <= there, f"of {FIRST} one is gone"
    names = names or FIRST + sorted(there - set(FIRST))
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for ended in as_completed([pool.submit(run_file, name) for name in names]):
            name, done, seconds = ended.result()
            print(f"== {name}: {seconds:.0f} s\n{done.stdout}", flush=True)
            if done.returncode:
                failed += [name, *re.findall(r"^(?:FAIL|ERROR): .*$", done.stdout, re.MULTILINE)]
            elif "\nRan 0 tests " in done.stdout:
                failed.append(f"{name}: it has no tests")
    if failed:
        print("\n".join(["== failed:", *failed]))
    return bool(failed)


def run_file(name):
    begun = time.monotonic()
    words = ["unittest", "discover", "--start-directory", HERE, "--pattern", name, "--verbose"]
    words = [sys.executable, "-m", *map(str, words)]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return name, done, time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
