"""Who is looked for by name or email is found, whatever pages and row groups the statistics rule out."""

import tempfile
import unittest
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow.parquet

from people import write_people
from program import parquet, run


class Names(unittest.TestCase):
    def test_filters_find_names_that_statistics_shorten(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            wanted, people = write_people(folder / "export")
            run(folder / "export", folder / "lake")
            file = parquet(folder / "lake", "customer_trusted")
            metadata = pyarrow.parquet.read_metadata(file)
            self.assertEqual(metadata.num_rows, len(people))
            names = Counter(name for _, name in people)
            for email, name in wanted:
                for column, value, count in [("email", email, 1), ("customername", name, names[name])]:
                    with self.subTest(column=column, value=value):
                        query = f"SELECT count(*) FROM read_parquet('{file}') WHERE {column} = ?"
                        # To its end: the connection is that of all tests.
                        self.assertEqual(duckdb.execute(query, [value]).fetchall(), [(count,)], "DuckDB")
                        rows = pyarrow.parquet.read_table(file, columns=[column], filters=[(column, "==", value)])
                        self.assertEqual(rows.num_rows, count, "pyarrow")


if __name__ == "__main__":
    unittest.main()
