"""What goes wrong, as exceptions. Bad records do not: they are counted, and listed with their places."""

from __future__ import annotations

import json
from typing import Any


class StediError(Exception):
    """Whatever this package raises on purpose, but for arguments of the wrong type, which are a `TypeError`.

    >>> issubclass(UsageError, StediError) and issubclass(RunError, StediError)
    True
    """


class UsageError(StediError, ValueError):
    """The call is wrong: a value that an option does not have, a path, a list or a key that cannot be read. Nothing
    was written. The command line ends with 2.

    >>> import stedi_lakehouse
    >>> stedi_lakehouse.run(["export"], consent="sometimes")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    stedi_lakehouse._errors.UsageError: invalid value 'sometimes' for '--consent <ever|as-of|as-of-phone>': ...
    """


class RunError(StediError, RuntimeError):
    """The run failed, and nothing was written. The command line ends with 1.

    `report` is the report of a run that came to its end and gives no lake, as `strict=True` has it: its `rejects` say
    where the bad records are. None of any other.

    >>> RunError("none of the inputs can be used").report is None
    True
    """

    report: dict[str, Any] | None

    def __init__(self, message: str, report: str | None = None) -> None:
        super().__init__(message)
        self.report = None if report is None else json.loads(report)

    def __str__(self) -> str:
        first = next(iter((self.report or {}).get("rejects", [])), None)
        message = str(self.args[0])
        return f"{message} (first: {_place(first['file'], first['line'], first)})" if first else message


class DecodeError(StediError, ValueError):
    """Data that is none of the export's, or with `strict=True` a record that is no row.

    `reason` is a short name that scripts can rely on. Of a record: `file`, `line` (from 1), `offset` (its first byte,
    from 0), `length` (in bytes) and `field` (the column at fault, if it is one); None of the others.

    >>> DecodeError("the data is empty", "export.json", "empty").reason
    'empty'
    """

    def __init__(
        self,
        message: str,
        file: str,
        reason: str,
        line: int | None = None,
        offset: int | None = None,
        length: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.file = file
        self.reason = reason
        self.line = line
        self.offset = offset
        self.length = length
        self.field = field

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.args[0]}"


class InternalError(StediError, RuntimeError):
    """A defect of this package: what would end the program with a panic.

    >>> issubclass(InternalError, RuntimeError)
    True
    """


class IncompleteWarning(UserWarning):
    """A run whose inputs were not all read: people may be missing, or may be in it who took their consent back. The
    report's `incomplete` says why.

    >>> issubclass(IncompleteWarning, UserWarning)
    True
    """


def _place(file: str, line: int, reject: dict[str, Any]) -> str:
    field = f" in {reject['field']}" if reject.get("field") else ""
    return f"{file}:{line}: {reject['reason']}{field}"
