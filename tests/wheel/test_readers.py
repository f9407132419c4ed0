"""Tables as other libraries take them, each by the Arrow PyCapsule interface."""

import gc
import tempfile
import unittest
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from installed import parquet, sample

import stedi_lakehouse as stedi

TYPES = {"string": pa.string(), "bigint": pa.int64(), "int": pa.int32(), "double": pa.float64()}


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.run_ = stedi.run(sample(scratch / "export", "0.2"), scratch / "lake", key=b"key")
        paths = {path.split("/part")[0]: scratch / "lake" / path for path in parquet(scratch / "lake")}
        places = ["customer/trusted", "accelerometer/trusted", "customer/curated", "step_trainer/trusted",
                  "step_trainer/curated"]
        cls.files = {name: pq.read_table(paths[place]) for name, place in zip(cls.run_.tables, places, strict=True)}

    def tables(self):
        return [(table, self.files[name]) for name, table in self.run_.tables.items()]

    def test_pyarrow(self):
        for table, file in self.tables():
            found = pa.table(table)
            self.assertEqual(found.num_rows, len(table))
            self.assertEqual(found.to_pydict(), file.to_pydict())
            self.assertEqual([(field.name, field.type) for field in found.schema],
                             [(column.name, TYPES[column.type]) for column in table.columns])
            self.assertEqual(pa.schema(table).types, found.schema.types)

    def test_polars(self):
        for table, file in self.tables():
            self.assertTrue(pl.DataFrame(table).equals(pl.from_arrow(file)))

    def test_duckdb(self):
        for readings, file in self.tables():
            rows = duckdb.sql("FROM readings ORDER BY ALL").fetchall()
            self.assertEqual(len(rows), len(readings))
            self.assertEqual(rows, duckdb.sql("FROM file ORDER BY ALL").fetchall())

    def test_a_stream_is_read_batch_by_batch_and_again(self):
        table = self.run_.tables["accelerometer_trusted"]
        for _ in range(2):
            batches = list(pa.RecordBatchReader.from_stream(table))
            self.assertGreater(len(batches), 1)
            self.assertEqual(sum(batch.num_rows for batch in batches), len(table))

    def test_a_table_outlives_its_run_and_a_stream_its_table(self):
        with tempfile.TemporaryDirectory() as folder:
            run = stedi.run(sample(Path(folder) / "export"), key=b"key")
        table = run.tables["customer_trusted"]
        reader = pa.RecordBatchReader.from_stream(table)
        wanted = len(table)
        del run, table
        gc.collect()
        self.assertEqual(reader.read_all().num_rows, wanted)

    def test_a_stream_that_nobody_reads_is_released(self):
        for table, _ in self.tables():
            capsules = [table.__arrow_c_stream__(), table.__arrow_c_schema__()]
            capsules.clear()
            gc.collect()
            self.assertEqual(pa.table(table).num_rows, len(table))


if __name__ == "__main__":
    unittest.main()
