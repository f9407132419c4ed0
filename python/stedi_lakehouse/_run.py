"""Runs."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core
from ._errors import IncompleteWarning
from ._table import Table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._options_types import RunOptions

    StrPath = str | os.PathLike[str]


class Tables(Mapping[str, Table]):
    """The tables of a run by name, in the order in which they are made.

    The five of the lake: customer_trusted, accelerometer_trusted, customer_curated, step_trainer_trusted and
    machine_learning_curated. Under `export="research"` the last alone. The first four identify people. **Landing
    tables are not among them**: a run keeps no row of anyone who did not consent.

    >>> list(result.tables)  # doctest: +NORMALIZE_WHITESPACE
    ['customer_trusted', 'accelerometer_trusted', 'customer_curated', 'step_trainer_trusted',
     'machine_learning_curated']
    >>> result.tables["customer_landing"]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    KeyError: 'customer_landing holds everyone, also those who did not consent, and no run keeps it; ...'
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        self._tables = {table.name: table for table in tables}

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables and name.endswith("_landing"):
            raise KeyError(
                f"{name} holds everyone, also those who did not consent, and no run keeps it; decode() reads data of "
                "your own"
            )
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<Tables {', '.join(f'{name}: {len(table):,}' for name, table in self._tables.items())}>"


class Run:
    """A run that has ended. Its tables are held in memory as Parquet, as long as it or one of them is.

    In the examples `result` is the run of the package's own example.

    >>> result  # doctest: +ELLIPSIS
    <Run of <Tables customer_trusted: 1, ..., machine_learning_curated: 1>>
    """

    def __init__(self, native: _core.Run) -> None:
        self._native = native
        self._tables = Tables(map(Table, native.tables()))
        self._report: tuple[str, dict[str, Any]] | None = None

    @property
    def tables(self) -> Tables:
        """The tables, by name: see `Tables`.

        >>> result.tables["machine_learning_curated"]
        <Table machine_learning_curated: 1 row of subject, sensorreadingtime, distancefromobject, x, y, z>
        """
        return self._tables

    @property
    def report(self) -> dict[str, Any]:
        """The report, as `docs/report.schema.json` describes it: counts, names of files, places and reasons, never a
        value of a record. After a save that of the lake, which also lists its files.

        >>> result.report["tables"]["customer_trusted"]["filtered"]
        {'no_consent': 1}
        """
        text = self._native.report
        if self._report is None or self._report[0] != text:
            self._report = (text, json.loads(text))
        return self._report[1]

    @property
    def messages(self) -> tuple[str, ...]:
        """What the command line says of such a run on standard error, a line each: warnings, files that were not
        used, the first bad records with their places.

        >>> all(isinstance(line, str) for line in result.messages)
        True
        """
        return tuple(self._native.said.splitlines())

    @property
    def folder(self) -> Path | None:
        """The folder that the lake was written to last; None of a run that was not saved.

        >>> print(result.folder)
        None
        """
        folder = self._native.folder
        return None if folder is None else Path(folder)

    def save(self, folder: StrPath) -> None:
        """Writes the lake, or the research export, as the command line does: it replaces a lake that is there, all of
        it or nothing, and no file that is not a lake's.

        Raises `RunError` if something is in the way, `UsageError` if an input would be replaced or the folder is the
        one of `from_`. Nothing was written then.

        >>> import pathlib, tempfile
        >>> folder = pathlib.Path(tempfile.mkdtemp()) / "lake"
        >>> result.save(folder)
        >>> (folder / "report.json").exists()
        True
        """
        self._native.save(os.fspath(folder))

    def __repr__(self) -> str:
        complete = "" if self.report["complete"] else ", incomplete"
        return f"<Run of {self._tables!r}{complete}>"


def run(
    paths: StrPath | Iterable[StrPath],
    out: StrPath | None = None,
    *,
    withdrawals: StrPath | list[str] | tuple[str, ...] | None = None,
    key: bytes | None = None,
    progress: Callable[[str, int, int], object] | None = None,
    **options: Unpack[RunOptions],
) -> Run:
    """Runs the pipeline over the files and folders of an export.

    `out`: folder of the lake, which is written as the command line does; without it nothing is written, and
    `Run.save` may do that later.

    `withdrawals`: emails and serial numbers to leave out of everything, in a list; or the path of a file of them.

    `key`: the key of the pseudonyms, of any length but zero; line ends at its end are not part of it, so the bytes of
    a key file serve. Runs with one key give one person one pseudonym. Without it the key is random, and lost unless
    `save_key` names a file for it.

    `progress`: called with the name of a stage, the bytes that are read and those in all: at the start, ten times a
    second, and at the end. What it raises ends the run, as Ctrl-C does, and nothing is written unless the run was
    writing already.

    `options`: those of the command line by their long names, with `_` for `-`, and `from_` for `--from`: `options()`
    lists them. What the environment says (`STEDI_...`) does not count here. The defaults are the command line's.

    Raises `TypeError` for an option that there is not, or a value of the wrong type; `UsageError` for a value that an
    option does not have; `RunError` if the run fails; `InternalError` for a defect. Warns by `IncompleteWarning` if
    not all was read. Other Python threads run meanwhile.

    >>> run(["export"], consnt="as-of")
    Traceback (most recent call last):
    TypeError: there is no option consnt; did you mean consent?
    >>> run(["no-such-folder"])
    Traceback (most recent call last):
    stedi_lakehouse._errors.UsageError: cannot read no-such-folder: No such file or directory (os error 2)
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    all_paths = [os.fspath(path) for path in paths]
    if isinstance(withdrawals, tuple):
        withdrawals = list(withdrawals)
    folder = None if out is None else os.fspath(out)
    native = _core.run(all_paths, folder, list(options.items()), withdrawals, key, progress)
    result = Run(native)
    if not result.report["complete"]:
        reasons = ", ".join(reason["code"] for reason in result.report["incomplete"])
        warnings.warn(f"the run is incomplete: {reasons}", IncompleteWarning, stacklevel=2)
    return result
