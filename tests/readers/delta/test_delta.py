"""Tables in the format of Delta Lake, as deltalake, Polars and DuckDB's delta extension read them: all versions, and
after the lake was moved. The extension is built for one DuckDB each, and not for the one of the other tests: so these
have Python packages of their own."""

import json
import shutil
import tempfile
import unittest
from importlib import metadata
from pathlib import Path

import deltalake
import duckdb
import polars
import pyarrow.compute as pc
import pyarrow.parquet

from program import PLACES, call, sample

KEYS = {
    "customer_trusted": "email",
    "accelerometer_trusted": "user",
    "customer_curated": "email",
    "step_trainer_trusted": "serialnumber",
    "machine_learning_curated": "subject",
}
TIMES = {
    "customer_trusted": "sharewithresearchasofdate",
    "accelerometer_trusted": "timestamp",
    "customer_curated": "sharewithresearchasofdate",
    "step_trainer_trusted": "sensorreadingtime",
    "machine_learning_curated": "sensorreadingtime",
}


def extension():
    """The extension's file in its package: nothing is loaded from elsewhere."""
    files = metadata.files("duckdb-extension-delta")
    (file,) = [file for file in files if file.name.startswith("delta.duckdb_extension")]
    return file.locate()


def as_rows(table):
    """Rows in an order that every reader can have, whatever its own."""
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


class Delta(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.duckdb = duckdb.connect(config={"allow_unsigned_extensions": "false"})
        cls.duckdb.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        cls.duckdb.execute(f"LOAD '{extension()}'")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.lake = self.folder / "lake"
        self.key = self.folder / "key"
        self.key.write_text("key of the test")

    def run_lake(self, inputs, *more):
        call(["run", inputs, "--out", self.lake, "--key-file", self.key, "--format", "delta", *more])

    def go_on(self, inputs, *more):
        self.run_lake(inputs, "--from", self.lake, *more)

    def outputs(self):
        return {output["table"]: output for output in json.loads((self.lake / "report.json").read_text())["outputs"]}

    def halves(self):
        """An export whose readings come in two parts, each with all customers."""
        whole = self.folder / "whole"
        sample(whole, 0.02)
        for path in [path for path in whole.rglob("*") if path.is_file()]:
            lines = path.read_text().splitlines(keepends=True)
            is_customers = "email" in lines[0] and "user" not in lines[0]
            parts = [lines, lines] if is_customers else [lines[: len(lines) // 2], lines[len(lines) // 2 :]]
            for name, part in zip(("one", "two"), parts):
                out = self.folder / name / path.relative_to(whole)
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text("".join(part))
        return self.folder / "one", self.folder / "two"

    def readers(self, place, version):
        """The rows of a version, by each reader."""
        path = str(place)
        by_polars = polars.scan_delta(path, version=version).collect().to_arrow()
        by_duckdb = self.duckdb.execute(f"FROM delta_scan('{path}', version => {version})").to_arrow_table()
        by_deltalake = deltalake.DeltaTable(path, version=version).to_pyarrow_table()
        return {"deltalake": by_deltalake, "polars": by_polars, "duckdb": by_duckdb}

    def check(self, lake, expected):
        """Every reader gives these files' rows for each table and version."""
        for table, files in expected.items():
            place = lake / PLACES[table]
            newest = deltalake.DeltaTable(str(place))
            self.assertEqual(newest.version(), len(files) - 1)
            self.assertEqual((newest.protocol().min_reader_version, newest.protocol().min_writer_version), (1, 2))
            for version, file in enumerate(files):
                rows = as_rows(pyarrow.parquet.read_table(file))
                for reader, found in self.readers(place, version).items():
                    with self.subTest(table=table, version=version, reader=reader):
                        self.assertEqual(found.column_names, pyarrow.parquet.read_schema(file).names)
                        self.assertEqual(as_rows(found), rows)

    def check_statistics(self, lake):
        """A filter that passes files over by their statistics finds what one over all rows finds, and no text is in a
        log."""
        for table, place in PLACES.items():
            logs = sorted((lake / place / "_delta_log").glob("*.json"))
            rows = pyarrow.parquet.read_table(lake / self.outputs()[table]["file"])
            column = TIMES[table]
            least, greatest = pc.min_max(rows[column]).as_py().values()
            for log in logs:
                adds = [json.loads(line).get("add") for line in log.read_text().splitlines()]
                (stats,) = [json.loads(add["stats"]) for add in adds if add]
                texts = {field.name for field in rows.schema if field.type == "string"}
                for kind in ("minValues", "maxValues", "nullCount"):
                    self.assertFalse(texts & stats[kind].keys())
            self.assertEqual((stats["minValues"][column], stats["maxValues"][column]), (least, greatest))
            self.assertEqual(stats["numRecords"], rows.num_rows)
            for bound, wanted in ((least, True), (greatest, True), (greatest + 1, False), (least - 1, False)):
                with self.subTest(table=table, bound=bound):
                    where = f"\"{column}\" = {bound}"
                    count = pc.sum(pc.equal(rows[column], bound)).as_py()
                    self.assertEqual(count > 0, wanted)
                    path = str(lake / place)
                    by_duckdb = self.duckdb.execute(f"SELECT count(*) FROM delta_scan('{path}') WHERE {where}")
                    self.assertEqual(by_duckdb.fetchone()[0], count)
                    by_polars = polars.scan_delta(path).filter(polars.col(column) == bound).collect()
                    self.assertEqual(by_polars.height, count)
                    table_of = deltalake.DeltaTable(path).to_pyarrow_dataset()
                    self.assertEqual(table_of.count_rows(filter=pc.field(column) == bound), count)

    def test_all_versions_are_read_by_others_also_after_a_move(self):
        one, two = self.halves()
        self.run_lake(one)
        first = self.outputs()
        self.go_on(two)
        second = self.outputs()
        self.assertEqual({name: output["version"] for name, output in first.items()}, dict.fromkeys(PLACES, 0))
        self.assertEqual(second["machine_learning_curated"]["version"], 1)
        # Whoever had readings in the first half has them still, and somebody may be new in the second.
        self.assertGreater(second["accelerometer_trusted"]["rows"], first["accelerometer_trusted"]["rows"])

        def files(lake):
            return {
                table: [lake / first[table]["file"]] + [lake / second[table]["file"]] * second[table]["version"]
                for table in PLACES
            }

        self.check(self.lake, files(self.lake))
        self.check_statistics(self.lake)
        # Without a blank: Polars 2.1 looks for `%20`.
        moved = self.folder / "elsewhere" / "moved"
        moved.parent.mkdir()
        shutil.move(self.lake, moved)
        self.check(moved, files(moved))
        call(["verify", moved])

    def test_who_reads_past_the_log_reads_all_versions(self):
        """As docs/lake.md says: the Parquet files of a folder are those of every version."""
        one, two = self.halves()
        self.run_lake(one)
        self.go_on(two)
        outputs = self.outputs()["machine_learning_curated"]
        place = self.lake / PLACES["machine_learning_curated"]
        all_files = self.duckdb.execute(f"SELECT count(*) FROM '{place}/*.parquet'").fetchone()[0]
        self.assertGreater(all_files, outputs["rows"])
        by_log = self.duckdb.execute(f"SELECT count(*) FROM delta_scan('{place}')").fetchone()[0]
        self.assertEqual(by_log, outputs["rows"])

    def test_who_was_erased_is_in_no_version(self):
        one, two = self.halves()
        self.run_lake(one)
        self.go_on(two)
        before = deltalake.DeltaTable(str(self.lake / PLACES["customer_curated"])).to_pyarrow_table()
        email = before["email"][0].as_py()
        (self.folder / "list").write_text(email)
        call(["erase", self.lake, "--withdrawals", self.folder / "list", "--key-file", self.key])
        outputs = self.outputs()
        self.check(self.lake, {table: [self.lake / outputs[table]["file"]] for table in PLACES})
        for table in ("customer_trusted", "accelerometer_trusted", "customer_curated"):
            for reader, rows in self.readers(self.lake / PLACES[table], 0).items():
                with self.subTest(table=table, reader=reader):
                    self.assertNotIn(email, rows[KEYS[table]].to_pylist())
        with self.assertRaises(Exception):
            deltalake.DeltaTable(str(self.lake / PLACES["machine_learning_curated"]), version=1)

    def test_an_empty_table_is_read_too(self):
        export = self.folder / "export"
        export.mkdir()
        customer = {"email": "a@example.com", "serialNumber": "s", "shareWithResearchAsOfDate": 1}
        (export / "c.json").write_text(json.dumps(customer) + "\n")
        reading = {"user": "a@example.com", "timestamp": 5, "x": 1.0, "y": None, "z": -0.0}
        (export / "a.json").write_text(json.dumps(reading) + "\n")
        step = {"sensorReadingTime": 6, "serialNumber": "s", "distanceFromObject": None}
        (export / "s.json").write_text(json.dumps(step) + "\n")
        self.run_lake(export)
        outputs = self.outputs()
        self.assertEqual(outputs["machine_learning_curated"]["rows"], 0)
        self.check(self.lake, {table: [self.lake / outputs[table]["file"]] for table in PLACES})


if __name__ == "__main__":
    unittest.main()
