"""Tables, as any library that reads Arrow takes them."""

from __future__ import annotations

from typing import NamedTuple

from . import _core


class Column(NamedTuple):
    """A column: its name, its type by the name that Athena has for it, and what it holds.

    "string" is UTF-8 text, "bigint" a 64-bit and "int" a 32-bit whole number, "double" a 64-bit float. All times are
    epoch milliseconds of type "bigint"; any column may hold nulls.

    >>> Column("x", "double", "Acceleration along the phone's x axis").type
    'double'
    """

    name: str
    type: str
    meaning: str


class Table:
    """A table of rows that never changes; `len` is the number of rows.

    It has the Arrow PyCapsule interface: `pyarrow.table(rows)`, `polars.DataFrame(rows)`, and in DuckDB `FROM rows`,
    where `rows` is a variable that holds it. Each such call reads the rows anew, 65,536 at a time, from Parquet that is
    held in memory. The columns are Arrow's `utf8`, `int64`, `int32` and `float64`.

    >>> from stedi_lakehouse import decode
    >>> table = decode(b'{"user": "a", "timestamp": 5, "x": 1, "y": 2, "z": null}').tables["accelerometer_landing"]
    >>> table
    <Table accelerometer_landing: 1 row of user, timestamp, x, y, z>
    >>> len(table)
    1
    """

    def __init__(self, native: _core.Table) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """The name that it has in SQL, in the report and on the page.

        >>> from stedi_lakehouse import decode
        >>> decode(b'{"user": "a", "timestamp": 5}').tables["accelerometer_landing"].name
        'accelerometer_landing'
        """
        return self._native.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in their order.

        >>> from stedi_lakehouse import decode
        >>> decode(b'{"user": "a", "timestamp": 5}').tables["accelerometer_landing"].columns[1]
        Column(name='timestamp', type='bigint', meaning='When the phone took the reading')
        """
        return tuple(Column(*column) for column in self._native.columns)

    def parquet(self) -> bytes:
        """The table as a Parquet file: the bytes that the command line writes. A `ValueError` for decoded records.

        >>> from stedi_lakehouse import decode
        >>> decode(b'{"user": "a", "timestamp": 5}').tables["accelerometer_landing"].parquet()
        Traceback (most recent call last):
        ValueError: decoded records have no Parquet file
        """
        return self._native.parquet()

    def __len__(self) -> int:
        return self._native.rows

    def __arrow_c_schema__(self) -> object:
        """The schema, as a capsule `arrow_schema`."""
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A new stream of the rows, as a capsule `arrow_array_stream`; it has the table's own schema always."""
        return self._native.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self):,} rows"
        return f"<Table {self.name}: {rows} of {', '.join(column.name for column in self.columns)}>"

