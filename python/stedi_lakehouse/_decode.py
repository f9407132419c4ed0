"""Records of one's own, decoded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from . import _core
from ._errors import DecodeError
from ._table import Table


class Reject(NamedTuple):
    """A record that is no row.

    `file` is the name that the data was given, `line` counts from 1, `offset` is the record's first byte in the
    (inflated) data from 0, `length` how many bytes it has, `field` the column at fault if one is, `reason` a short
    name that scripts can rely on, `detail` what was expected and at which byte if that is known, `text` the record's
    first 256 bytes. `text` is input: keep it out of logs.

    >>> Reject("a.json", 3, 120, 40, "timestamp", "not_a_number", None, b"{").place
    'a.json:3: not_a_number in timestamp'
    """

    file: str
    line: int
    offset: int
    length: int
    field: str | None
    reason: str
    detail: str | None
    text: bytes

    @property
    def place(self) -> str:
        """Where it is and what is wrong, in one line.

        >>> Reject("a.json", 3, 120, 40, None, "bad_json", "expected ':' at byte 9", b"{").place
        "a.json:3: bad_json, expected ':' at byte 9"
        """
        field = f" in {self.field}" if self.field else ""
        detail = f", {self.detail}" if self.detail else ""
        return f"{self.file}:{self.line}: {self.reason}{field}{detail}"


class Decoded:
    """What data held: all of its records, **whoever they are of**. Nobody was asked for consent.

    >>> decoded = decode(b'{"user": "a", "timestamp": 5}\\n{"user": "b", "timestamp": "soon"}', name="a.json")
    >>> decoded
    <Decoded: 1 row, 1 reject>
    >>> decoded.rejects[0].place
    'a.json:2: not_a_number in timestamp, expected milliseconds, or a date as 2023-11-14T22:13:20.100Z'
    """

    tables: Mapping[str, Table]
    """The landing tables that the records are of, by name: one, or several of data that mixes them."""

    rejects: tuple[Reject, ...]
    """Records that are no rows, in the order of the data: of each table at most 100, the first 5 of each reason before
    the others."""

    rejected: Mapping[str, int]
    """How many records are no rows, by reason."""

    unknown_fields: Mapping[str, int]
    """How often fields occur that the tables do not have, by name."""

    def __init__(self, native: _core.Decoded) -> None:
        self.tables = {table.name: Table(table) for table in native.tables()}
        self.rejects = tuple(Reject(*reject) for reject in native.rejects)
        self.rejected = native.rejected
        self.unknown_fields = native.unknown_fields

    def __repr__(self) -> str:
        rows, rejects = sum(map(len, self.tables.values())), sum(self.rejected.values())
        return f"<Decoded: {_count(rows, 'row')}, {_count(rejects, 'reject')}>"


def decode(data: bytes | bytearray | memoryview, *, name: str = "data", strict: bool = False) -> Decoded:
    """Decodes the records of one file that is in memory, as a run does: newline-delimited JSON, arrays, objects in a
    row, wrappers, UTF-8 or UTF-16, plain, gzip or zstd. The table is told by the fields.

    It gives **every** record, also of people who did not consent: it is for data of your own, and `run` is what
    filters. `name` stands for the file in rejects. With `strict`, the first record that is no row is an error.

    Raises `DecodeError` for data that holds no records of these tables (`reason` is that of the report: "empty",
    "not_json", "csv", ... or "archive"), and under `strict` with the place of the first bad record. Other Python
    threads run meanwhile.

    >>> decode(b'{"sensorReadingTime": 1, "serialNumber": "s", "distanceFromObject": 3}').tables
    {'step_trainer_landing': <Table step_trainer_landing: 1 row of sensorreadingtime, serialnumber, distancefromobject>}
    >>> decode(b'[{"user": "a", "timestamp": 5},\\n {"user": "", "timestamp": 6}]', name="a.json", strict=True)
    Traceback (most recent call last):
    stedi_lakehouse._errors.DecodeError: a.json:2: missing_key in user
    """
    decoded = Decoded(_core.decode(bytes(data), name))
    if strict and decoded.rejects:
        reject = decoded.rejects[0]
        field = f" in {reject.field}" if reject.field else ""
        detail = f", {reject.detail}" if reject.detail else ""
        place = (reject.line, reject.offset, reject.length, reject.field)
        raise DecodeError(f"{reject.reason}{field}{detail}", reject.file, reject.reason, *place)
    return decoded


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
