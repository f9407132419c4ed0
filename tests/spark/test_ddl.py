"""Spark makes the tables of an exported lake by the lake's own DDL, and counts and finds in them what others do."""

import json
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))

from cluster import ENVIRON, PYTHON
from people import write_people
from program import PLACES, parquet, real_or_sample, run

SPARK_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "DOUBLE": "double"}


class Lake(unittest.TestCase):
    def test_ddl(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            export = real_or_sample(folder, 0.1)
            for compression in ("snappy", "gzip", "zstd"):
                with self.subTest(compression):
                    self.check(folder / compression, export, compression)

    def test_filters_find_names_that_statistics_shorten(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            wanted, people = write_people(folder / "export")
            run(folder / "export", folder / "lake")
            names = Counter(name for _, name in people)
            pairs = [pair for email, name in wanted for pair in [("email", email), ("customername", name)]]
            (folder / "wanted.json").write_text(json.dumps(pairs))
            file = parquet(folder / "lake", "customer_trusted")
            found = self.spark(folder, "find_people.py", file, folder / "wanted.json")
            self.assertEqual(found, [1 if column == "email" else names[value] for column, value in pairs])

    def spark(self, folder, program, *arguments):
        """What a program that Spark's Python runs prints last, as JSON."""
        command = [PYTHON, Path(__file__).parent / program, *arguments]
        # Hive's store writes a log where it is started.
        done = subprocess.run(list(map(str, command)), env=ENVIRON, cwd=folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-10000:])
        return json.loads(done.stdout.splitlines()[-1])

    def check(self, folder, export, compression):
        folder.mkdir()
        lake = folder / "lake"
        report = run(export, lake, compression=compression)
        told = self.spark(folder, "read_lake.py", lake, folder / "scratch")
        self.assertEqual(set(told), set(PLACES))
        for table in PLACES:
            rows = duckdb.read_parquet(parquet(lake, table))
            types = dict(zip(rows.columns, (SPARK_TYPES[str(kind)] for kind in rows.types)))
            self.assertEqual(told[table]["types"], types)
            self.assertEqual(told[table]["rows"], report["tables"][table]["rows_out"])
            numbers = [name for name, kind in types.items() if kind != "string"]
            sums = rows.aggregate(", ".join(f'sum("{name}")' for name in numbers)).fetchall()[0]
            for name, expected in zip(numbers, sums):
                self.assertAlmostEqual(told[table][name], float(expected), delta=1e-9 * max(1.0, abs(float(expected))))


if __name__ == "__main__":
    unittest.main()
