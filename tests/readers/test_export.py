"""The lake as it is handed over: its DDL, its compressions, its folders as a catalogue."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import sqlglot
from sqlglot import expressions as exp

from program import PLACES, PROGRAM, call, parquet, real_or_sample, run, sample

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
DOCS = Path(__file__).parents[2] / "docs"
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

    def test_what_is_said_of_s3_works_but_for_aws(self):
        """The scripts of docs/s3.md, with a stand-in for aws that writes down what it is asked for."""
        self.make_server()
        # The first is of a program with object stores: see tests/object_store.
        _, put, register, daily = scripts((DOCS / "s3.md").read_text())
        for said, by in zip(scripts((self.lake / "ddl/README.md").read_text()), (put, register), strict=True):
            self.assertIn(said, by, "the lake says the same")

        ended, asked = self.run_script(register)
        self.assertEqual(ended, 0)
        created, *queries = asked
        self.assertEqual(created, "glue create-database --database-input Name=stedi")
        statements = [re.search(r"--query-string file://(\S+) ", query)[1] for query in queries]
        self.assertEqual(sorted(statements), sorted(f"filled/{table}.sql" for table in {**LANDING, **PLACES}))
        for table, place in {**LANDING, **PLACES}.items():
            text = (self.folder / f"filled/{table}.sql").read_text()
            self.assertIn(f"LOCATION 's3://my-bucket/stedi/{place}/'", text)
            self.assertNotIn("${", text)
        call(["verify", self.lake])

        there = ["s3 sync s3://my-bucket/exports new", "s3 sync --delete lake s3://my-bucket/stedi"]
        self.assertEqual(self.run_script(daily), (0, there))
        self.assertEqual(len(json.loads((self.lake / "history.json").read_text())["versions"]), 2)
        # What fails leaves what is there as it is.
        (self.folder / "withdrawals.txt").unlink()
        ended, asked = self.run_script(daily)
        self.assertNotEqual(ended, 0)
        self.assertEqual(asked, there[:1])

    def make_server(self):
        """A folder as docs/s3.md has it, and the programs that its scripts call."""
        sample(self.folder / "new", 0.01)
        (self.folder / "key").write_bytes(b"one key for all days")
        (self.folder / "withdrawals.txt").write_text("nobody@example.org\n")
        call(["run", self.folder / "new", "--out", self.lake, "--key-file", self.folder / "key"])
        programs = self.folder / "bin"
        programs.mkdir()
        (programs / "stedi-lakehouse").symlink_to(Path(PROGRAM).resolve())

    def run_script(self, script):
        """How a script ended, and what it asked aws for."""
        asked = self.folder / "asked"
        asked.write_text("")
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        # A function, for nothing can be started from a folder in memory where that is mounted without exec.
        words = ["sh", "-eu", "-c", f'aws() {{ echo "$@" >>asked; }}\n{script}']
        done = subprocess.run(words, cwd=self.folder, env={**os.environ, "PATH": path}, capture_output=True)
        return done.returncode, asked.read_text().splitlines()

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


def scripts(text):
    """The scripts of a document."""
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


if __name__ == "__main__":
    unittest.main()
