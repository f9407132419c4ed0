"""The lake as it is handed over: its DDL, its compressions, its folders as a catalogue."""

import re
import tempfile
import unittest
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import sqlglot
from sqlglot import expressions as exp

from program import PLACES, parquet, real_or_sample, run

LANDING = {f"{name}_landing": f"{name}/landing" for name in ("customer", "accelerometer", "step_trainer")}
HIVE = {pa.string(): "STRING", pa.int64(): "BIGINT", pa.int32(): "INT", pa.float64(): "DOUBLE"}
DATES = [f"{name}date" for name in ("registration", "lastupdate", "sharewithresearchasof", "sharewithpublicasof", "sharewithfriendsasof")]
COLUMNS = {
    "customer_landing": [
        *((name, "STRING") for name in ("customername", "email", "phone", "birthday", "serialnumber")),
        *((name, "BIGINT") for name in DATES),
    ],
    "accelerometer_landing": [("user", "STRING"), ("timestamp", "BIGINT"), ("x", "DOUBLE"), ("y", "DOUBLE"), ("z", "DOUBLE")],
    "step_trainer_landing": [("sensorreadingtime", "BIGINT"), ("serialnumber", "STRING"), ("distancefromobject", "INT")],
}
CODECS = {"snappy": "SNAPPY", "gzip": "GZIP", "zstd": "ZSTD"}


class Export(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.lake = self.folder / "lake"
        self.export = real_or_sample(self.folder, 0.05)

    def test_ddl(self):
        """Athena's and Hive's parsers take every statement, and it names the columns and the folder of its table."""
        run(self.export, self.lake)
        for table, place in {**LANDING, **PLACES}.items():
            text = (self.lake / f"ddl/{table}.sql").read_text()
            for dialect in ("athena", "hive", "spark"):
                with self.subTest(table=table, dialect=dialect):
                    (statement,) = sqlglot.parse(text, dialect=dialect, error_level=sqlglot.ErrorLevel.RAISE)
                    self.assertIsInstance(statement, exp.Create)
                    self.assertEqual(statement.find(exp.Table).name, table)
                    columns = [(column.name, column.kind.sql(dialect="hive")) for column in statement.find_all(exp.ColumnDef)]
                    self.assertEqual(statement.find(exp.LocationProperty).this.name, "s3://${bucket}/" + place + "/")
                    self.assertEqual(columns, COLUMNS.get(table) or self.columns(table))

    def test_ddl_of_delta_lake(self):
        """Athena's parser takes its form for Delta Lake tables, which names no column; landing tables stay JSON."""
        run(self.export, self.lake, format="delta")
        for table, place in {**LANDING, **PLACES}.items():
            with self.subTest(table=table):
                text = (self.lake / f"ddl/{table}.sql").read_text()
                (statement,) = sqlglot.parse(text, dialect="athena", error_level=sqlglot.ErrorLevel.RAISE)
                self.assertEqual(statement.find(exp.Table).name, table)
                self.assertEqual(statement.find(exp.LocationProperty).this.name, "s3://${bucket}/" + place + "/")
                columns = [column.name for column in statement.find_all(exp.ColumnDef)]
                found = [found for found in statement.find_all(exp.Property) if found.args.get("value")]
                properties = {one.name: one.args["value"].name for one in found}
                is_delta = table in PLACES
                self.assertEqual(columns == [], is_delta)
                self.assertEqual(properties.get("table_type"), "DELTA" if is_delta else None)

    def columns(self, table):
        schema = pa.parquet.read_schema(parquet(self.lake, table))
        return [(name, HIVE[kind]) for name, kind in zip(schema.names, schema.types)]

    def test_compressions(self):
        """Both readers give the same rows of every compression, and the files say which it is."""
        (self.folder / "key").write_bytes(b"one key")
        first = None
        for codec, name in CODECS.items():
            lake = self.folder / codec
            run(self.export, lake, compression=codec, key_file=self.folder / "key")
            tables = {}
            for table in PLACES:
                file = parquet(lake, table)
                with self.subTest(codec=codec, table=table):
                    metadata = pa.parquet.read_metadata(file)
                    for group in range(metadata.num_row_groups):
                        for column in range(metadata.num_columns):
                            self.assertEqual(metadata.row_group(group).column(column).compression, name)
                    tables[table] = pa.parquet.read_table(file).to_pylist()
                    rows = duckdb.read_parquet(file)
                    self.assertEqual([dict(zip(rows.columns, row)) for row in rows.fetchall()], tables[table])
            first = first or tables
            self.assertEqual(tables, first)

    def test_folders(self):
        """Counts and sums of the folders, by DuckDB and by pyarrow, are those of the report."""
        report = run(self.export, self.lake)
        for table, place in PLACES.items():
            with self.subTest(table=table):
                by_arrow = pa.parquet.read_table(self.lake / place)
                by_duckdb = duckdb.sql(f"FROM read_parquet('{self.lake / place}/*.parquet')")
                rows = report["tables"][table]["rows_out"]
                self.assertEqual(by_arrow.num_rows, rows)
                numbers = [name for name, kind in zip(by_arrow.schema.names, by_arrow.schema.types) if kind != pa.string()]
                sums = ", ".join(f'sum("{name}")' for name in numbers)
                by_duckdb = by_duckdb.aggregate(f"count(*), {sums}").fetchall()[0]
                expected = [pa.compute.sum(by_arrow[name]).as_py() for name in numbers]
                self.assertEqual(by_duckdb[0], rows)
                for found, wanted in zip(by_duckdb[1:], expected):
                    self.assertAlmostEqual(float(found), float(wanted), delta=1e-6 * max(1.0, abs(float(wanted))))

    def test_nothing_of_a_person_in_the_documents(self):
        """What lies beside the tables holds no value of a record."""
        run(self.export, self.lake)
        emails = duckdb.read_parquet(parquet(self.lake, "customer_trusted")).project("email").fetchall()
        texts = [path.read_text() for path in self.lake.rglob("*") if path.suffix in {".json", ".sql", ".md", ".py", ".yaml", ".dqdl"}]
        self.assertGreater(len(texts), 21)
        found = re.compile("|".join(re.escape(email) for (email,) in emails))
        for text in texts:
            self.assertIsNone(found.search(text))


if __name__ == "__main__":
    unittest.main()
