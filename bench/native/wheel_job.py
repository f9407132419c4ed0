"""The whole lake with this project's Python package: one job a line of standard input, see job.py."""

import shutil

import stedi_lakehouse
from job import serve, since


def run(inputs, out, threads):
    # As the command line's: not replaced, but new.
    shutil.rmtree(f"{out}/lake", ignore_errors=True)
    with since() as took:
        done = stedi_lakehouse.run(inputs, f"{out}/lake")
    return took, {name: len(table) for name, table in done.tables.items()}


serve(run, f"stedi-lakehouse {stedi_lakehouse.__version__}")
