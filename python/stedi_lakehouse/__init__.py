"""Turns STEDI JSON exports into consent-filtered, identity-safe, curated tables.

`run` reads an export and gives the five tables that hold only people who agreed to research, with a report that
counts every row that was left out. `decode` reads records of your own, whoever they are of. It is the core of the
program `stedi-lakehouse`, in this process: the same rows, the same bytes, the same refusals.

>>> import pathlib, tempfile
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> _ = (folder / "export.json").write_text('''
... {"customerName": "Ann", "email": "ann@x.org", "serialNumber": "s1", "shareWithResearchAsOfDate": 1}
... {"customerName": "Ben", "email": "ben@x.org", "serialNumber": "s2"}
... {"user": "ann@x.org", "timestamp": 1655564444103, "x": 0.0, "y": 1.0, "z": -1.0}
... {"user": "ben@x.org", "timestamp": 1655564444103, "x": 0.0, "y": 1.0, "z": -1.0}
... {"sensorReadingTime": 1655564444103, "serialNumber": "s1", "distanceFromObject": 221}
... ''')
>>> result = run([folder], key=b"a key of your own")
>>> {name: len(table) for name, table in result.tables.items()}  # doctest: +NORMALIZE_WHITESPACE
{'customer_trusted': 1, 'accelerometer_trusted': 1, 'customer_curated': 1, 'step_trainer_trusted': 1,
 'machine_learning_curated': 1}
>>> result.report["tables"]["customer_trusted"]["filtered"]
{'no_consent': 1}

A table is handed over by the Arrow PyCapsule interface, so pyarrow, Polars, DuckDB, pandas and others take it as it
is, and none of them is needed to import this package: `polars.DataFrame(result.tables["customer_trusted"])`.
"""

from ._core import __version__
from ._decode import Decoded, Reject, decode
from ._errors import DecodeError, IncompleteWarning, InternalError, RunError, StediError, UsageError
from ._options import Option, options
from ._run import Run, Tables, run
from ._table import Column, Table

__all__ = [
    "Column",
    "DecodeError",
    "Decoded",
    "IncompleteWarning",
    "InternalError",
    "Option",
    "Reject",
    "Run",
    "RunError",
    "StediError",
    "Table",
    "Tables",
    "UsageError",
    "__version__",
    "decode",
    "options",
    "run",
]
