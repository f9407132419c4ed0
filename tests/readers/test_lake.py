"""DuckDB and pyarrow read every Parquet file, and both agree with the report."""

import hashlib
import hmac
import tempfile
import unittest
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from program import PLACES, REAL_DATA, parquet, run, sample

CUSTOMER = {
    "customername": pa.string(),
    "email": pa.string(),
    "phone": pa.string(),
    "birthday": pa.string(),
    "serialnumber": pa.string(),
    "registrationdate": pa.int64(),
    "lastupdatedate": pa.int64(),
    "sharewithresearchasofdate": pa.int64(),
    "sharewithpublicasofdate": pa.int64(),
    "sharewithfriendsasofdate": pa.int64(),
}
COLUMNS = {
    "customer_trusted": CUSTOMER,
    "accelerometer_trusted": {
        "user": pa.string(),
        "timestamp": pa.int64(),
        "x": pa.float64(),
        "y": pa.float64(),
        "z": pa.float64(),
    },
    "customer_curated": CUSTOMER,
    "step_trainer_trusted": {
        "sensorreadingtime": pa.int64(),
        "serialnumber": pa.string(),
        "distancefromobject": pa.int32(),
    },
    "machine_learning_curated": {
        "subject": pa.string(),
        "sensorreadingtime": pa.int64(),
        "distancefromobject": pa.int32(),
        "x": pa.float64(),
        "y": pa.float64(),
        "z": pa.float64(),
    },
}
DUCKDB_TYPES = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.int32(): "INTEGER", pa.float64(): "DOUBLE"}

ORDER = {
    "customer_trusted": ["email"],
    "accelerometer_trusted": ["user", "timestamp"],
    "customer_curated": ["email"],
    "step_trainer_trusted": ["serialnumber", "sensorreadingtime"],
    "machine_learning_curated": ["subject", "sensorreadingtime"],
}


class Lake(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.lake = self.folder / "lake"

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        self.check(REAL_DATA)

    def test_sample(self):
        sample(self.folder / "sample", 0.02)
        self.check(self.folder / "sample")

    def test_sample_with_defects(self):
        sample(self.folder / "sample", 0.02, "--defects")
        self.check(self.folder / "sample")

    def check(self, inputs):
        report = run(inputs, self.lake)
        self.assertEqual(report["rejects_total"], sum(map(rejected, report["tables"].values())))
        for table, counts in report["tables"].items():
            with self.subTest(table=table):
                self.check_ledger(counts)
        for table in PLACES:
            with self.subTest(table=table):
                self.check_table(table, report["tables"][table]["rows_out"])
        self.check_subjects()

    def check_ledger(self, counts):
        kept = counts.get("rows_matched", counts["rows_out"])
        self.assertEqual(counts["rows_in"], kept + sum(counts["filtered"].values()) + rejected(counts))

    def check_table(self, table, rows_out):
        file = parquet(self.lake, table)
        columns = COLUMNS[table]
        by_arrow = pa.parquet.read_table(file)
        by_duckdb = duckdb.read_parquet(file)

        self.assertEqual(dict(zip(by_arrow.schema.names, by_arrow.schema.types)), columns)
        self.assertEqual(by_arrow.schema.names, list(columns))
        self.assertEqual(by_duckdb.columns, list(columns))
        self.assertEqual([str(t) for t in by_duckdb.types], [DUCKDB_TYPES[t] for t in columns.values()])

        rows = by_duckdb.fetchall()
        self.assertEqual(by_arrow.num_rows, rows_out)
        self.assertEqual(rows, list(zip(*(column.to_pylist() for column in by_arrow.columns))))

        order = ORDER[table] + [name for name in columns if name not in ORDER[table]]
        by = ", ".join(f'"{name}" NULLS FIRST' for name in order)
        self.assertEqual(rows, duckdb.sql(f"FROM read_parquet('{file}') ORDER BY {by}").fetchall(), "is not sorted")

        numbers = [name for name, kind in columns.items() if kind != pa.string()]
        sums = {name: pa.compute.sum(by_arrow[name]).as_py() for name in numbers}
        print(f"{table}: {rows_out} rows, sums {sums}")

    def check_subjects(self):
        """A subject is a pseudonym: nothing of the person is in it."""
        file = parquet(self.lake, "machine_learning_curated")
        subjects = pa.parquet.read_table(file)["subject"].unique().to_pylist()
        for subject in subjects:
            self.assertRegex(subject, "^[0-9a-f]{32}$")

    def test_key(self):
        """With a key that is known, anyone who holds it can work the pseudonyms out."""
        sample(self.folder / "sample", 0.02)
        key = b"a key of the tests"
        (self.folder / "key").write_bytes(key)
        run(self.folder / "sample", self.lake, key_file=self.folder / "key")
        users = pa.parquet.read_table(parquet(self.lake, "accelerometer_trusted"))["user"].unique().to_pylist()
        expected = {hmac.new(key, user.encode(), hashlib.sha256).hexdigest()[:32] for user in users}
        subjects = pa.parquet.read_table(parquet(self.lake, "machine_learning_curated"))["subject"].unique()
        self.assertGreater(len(subjects), 0)
        self.assertLessEqual(set(subjects.to_pylist()), expected)


def rejected(counts):
    return sum(counts["rejected"].values())


if __name__ == "__main__":
    unittest.main()
