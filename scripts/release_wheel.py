"""Tries a released Python package where it is installed: release_wheel.py CASES

A panic must be an exception, in the very build that is released, and the cases of `tests/cases` must give their rows
after it. Cases with arguments or a failure are the program's alone: see `tests/cases.rs`.
"""

import json
import platform
import sys
import warnings
from pathlib import Path

import stedi_lakehouse
from stedi_lakehouse import _core

TABLES = [
    "customer_landing",
    "accelerometer_landing",
    "step_trainer_landing",
    "customer_trusted",
    "accelerometer_trusted",
    "customer_curated",
    "step_trainer_trusted",
    "machine_learning_curated",
]

try:
    _core._panic()
except stedi_lakehouse.InternalError:
    pass
else:
    sys.exit("there was no panic")

warnings.simplefilter("ignore", stedi_lakehouse.IncompleteWarning)
folder = Path(sys.argv[1])
cases = json.loads((folder / "expected.json").read_text())
cases = [case for case in cases if not {"arguments", "fails"} & case.keys()]
for case in cases:
    run = stedi_lakehouse.run(folder / case["folder"])
    rows = [run.report["tables"][name]["rows_out"] for name in TABLES]
    if rows != case["rows"] or [len(table) for table in run.tables.values()] != rows[3:]:
        sys.exit(f"{case['folder']}: {rows} rows, and {run.tables}, not {case['rows']}")
if not cases:
    sys.exit(f"there are no cases in {folder}")
print(f"{len(cases)} cases in Python {platform.python_version()} on {platform.machine()}")
