"""What a run tells of itself, held against the schemas and validators of others, and against the files."""

import datetime
import hashlib
import json
import os
import tempfile
import unittest
import uuid
import zipfile
from pathlib import Path

import duckdb
import jsonschema
import mlcroissant
import pyarrow.parquet

from openlineage_model import run_event
from program import BY_THREES, BY_TWOS, PLACES, REAL_DATA, call, parquet, sample

# Tables of readings, whom their rows belong to, and when they were taken.
SENSORS = [
    ("accelerometer_trusted", "user", "timestamp"),
    ("step_trainer_trusted", "serialnumber", "sensorreadingtime"),
    ("machine_learning_curated", "subject", "sensorreadingtime"),
]
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text())
FORMATS = jsonschema.FormatChecker(formats=())
FORMATS.checks("date-time", ValueError)(lambda text: datetime.datetime.fromisoformat(text).tzinfo is not None)
FORMATS.checks("uuid", ValueError)(lambda text: str(uuid.UUID(text)) == text)
FORMATS.checks("uri", ValueError)(lambda text: ":" in text)


class Audit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.lake = self.folder / "lake"

    def run_all(self, *inputs, **options):
        """Runs with all three files, which are checked, and returns them."""
        files = {name: self.lake / f"{name}.json" for name in ("report", "lineage", "croissant")}
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        call(["run", *inputs, "--out", self.lake, *flags])
        texts = {name: path.read_text() for name, path in files.items()}
        report, lineage, croissant = (json.loads(text) for text in texts.values())
        self.check_report(report)
        self.check_lineage(lineage, report)
        self.check_croissant(files["croissant"], croissant, report)
        for name in ("lineage", "croissant"):
            self.assertNotIn(str(self.folder), texts[name], "no folder of the user")
        return report, lineage, croissant

    def check_report(self, report):
        jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
        for input in [*report["inputs"], *report["archives"]]:
            if input.get("archive"):
                self.assertIn(input["archive"], [archive["name"] for archive in report["archives"]])
                continue
            content = Path(input["name"]).read_bytes()
            self.assertEqual(input["sha256"], hashlib.sha256(content).hexdigest(), input["name"])
            self.assertEqual(input["bytes"], len(content), input["name"])
        for output in report["outputs"]:
            content = (self.lake / output["file"]).read_bytes()
            self.assertEqual(output["sha256"], hashlib.sha256(content).hexdigest())
            self.assertEqual(output["bytes"], len(content))
            self.assertEqual(output["rows"], report["tables"][output["table"]]["rows_out"])
            if report["options"]["one_per_instant"] == "on" and output["table"] == "machine_learning_curated":
                self.check_instants(self.lake / output["file"])
        for file in report["files"]:
            content = (self.lake / file["path"]).read_bytes()
            self.assertEqual((file["bytes"], file["sha256"]), (len(content), hashlib.sha256(content).hexdigest()))
        named = [file["path"] for file in report["files"]] + [output["file"] for output in report["outputs"]]
        there = [path.relative_to(self.lake).as_posix() for path in self.lake.rglob("*") if path.is_file()]
        self.assertCountEqual([*named, "report.json"], there)
        self.check_privacy(report)
        self.check_quality(report)

    def check_instants(self, table):
        repeated = "SELECT 1 FROM read_parquet($table) GROUP BY subject, sensorreadingtime HAVING count(*) > 1"
        self.assertEqual(duckdb.execute(repeated, {"table": str(table)}).fetchall(), [])

    def check_privacy(self, report):
        """The privacy section once more, as SQL over the table."""
        table = f"read_parquet('{parquet(self.lake, 'machine_learning_curated')}')"
        (expected,) = duckdb.sql(f"""
            WITH subjects AS (SELECT subject, count(*) AS n FROM {table} GROUP BY subject),
            times AS (SELECT sensorreadingtime, count(DISTINCT subject) AS n FROM {table} GROUP BY ALL)
            SELECT (SELECT count(*) FROM subjects), (SELECT coalesce(min(n), 0) FROM subjects),
                (SELECT coalesce(median(n), 0) FROM subjects), (SELECT count(*) FROM times),
                (SELECT count(*) FROM times WHERE n = 1)""").fetchall()
        names = ["subjects", "smallest_rows", "median_rows", "timestamps", "timestamps_of_one_subject"]
        self.assertEqual([report["privacy"][name] for name in names], list(expected))
        if report["options"]["identity"] == "pseudonym":
            self.assertEqual(report["privacy"]["owners"], report["privacy"]["subjects"])

    def check_quality(self, report):
        """The rates, spans and gaps of each table once more, as SQL."""
        for table, subject, time in SENSORS:
            (expected,) = duckdb.sql(f"""
                WITH instants AS (
                    SELECT "{subject}" AS who, "{time}" AS moment, count(*) AS n
                    FROM read_parquet('{parquet(self.lake, table)}') GROUP BY ALL),
                intervals AS (
                    SELECT who, moment, n, moment - lag(moment) OVER (PARTITION BY who ORDER BY moment) AS ms
                    FROM instants),
                means AS (SELECT who, avg(ms) AS mean FROM intervals GROUP BY who),
                marked AS (SELECT *, ms > 1000 AND ms > 5 * mean AS gap FROM intervals JOIN means USING (who)),
                subjects AS (
                    SELECT sum(n) AS n, count(*) AS instants, (max(moment) - min(moment)) / 1000 AS span,
                        count(*) FILTER (gap) AS gaps,
                        coalesce(1000 * count(ms) FILTER (NOT gap) / sum(ms) FILTER (NOT gap), 0) AS rate
                    FROM marked GROUP BY who)
                SELECT count(*), coalesce(sum(n), 0), coalesce(sum(n - instants), 0), count(*) FILTER (gaps > 0),
                    coalesce(median(rate), 0), coalesce(median(span), 0) FROM subjects""").fetchall()
            found = report["quality"]["tables"][table]
            names = ["subjects", "rows", "repeated", "with_gaps"]
            self.assertEqual([found[name] for name in names], list(expected[:4]), table)
            for name, value in zip(["median_rate", "median_span"], expected[4:]):
                # Reports have three digits.
                self.assertAlmostEqual(found[name], value, delta=0.006 * value, msg=f"{table}, {name}")

    def check_lineage(self, event, report):
        jsonschema.validate(event, run_event(), jsonschema.Draft202012Validator, format_checker=FORMATS)
        self.assertEqual(event["eventType"], "COMPLETE")
        landing = {dataset["name"]: columns(dataset) for dataset in event["inputs"]}
        self.assertEqual([dataset["name"] for dataset in event["outputs"]], list(PLACES))
        for dataset in event["outputs"]:
            file = parquet(self.lake, dataset["name"])
            self.assertEqual(columns(dataset), pyarrow.parquet.read_schema(file).names)
            facet = dataset["facets"]["columnLineage"]
            self.assertEqual(list(facet["fields"]), columns(dataset), "every column has an origin")
            origins = [origin for field in facet["fields"].values() for origin in field["inputFields"]]
            for origin in origins + facet["dataset"]:
                self.assertIn(origin["field"], landing[origin["name"]])
            statistics = dataset["outputFacets"]["outputStatistics"]
            self.assertEqual(statistics["rowCount"], report["tables"][dataset["name"]]["rows_out"])
            self.assertEqual(statistics["size"], Path(file).stat().st_size)

    def check_croissant(self, path, croissant, report):
        dataset = mlcroissant.Dataset(jsonld=path)
        self.assertEqual([*dataset.metadata.issues.errors, *dataset.metadata.issues.warnings], [])
        (file,) = croissant["distribution"]
        content = Path(parquet(self.lake, "machine_learning_curated")).read_bytes()
        self.assertEqual(file["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(file["contentSize"], f"{len(content)} B")
        self.assertEqual((path.parent / file["contentUrl"]).read_bytes(), content, "the description leads to the file")

    def test_sample(self):
        sample(self.folder / "sample", 0.02)
        _, _, croissant = self.run_all(self.folder / "sample")
        self.assertEqual(croissant["license"]["name"], "not specified")

    def test_records_are_read_through_croissant(self):
        sample(self.folder / "sample", 0.02)
        self.run_all(self.folder / "sample")
        records = mlcroissant.Dataset(jsonld=self.lake / "croissant.json").records("machine_learning_curated")
        record = next(iter(records))
        (row,) = duckdb.sql(f"FROM read_parquet('{parquet(self.lake, 'machine_learning_curated')}') LIMIT 1").fetchall()
        values = [record[f"machine_learning_curated/{name}"] for name in columns_of_curated(self.lake)]
        self.assertEqual([value.decode() if isinstance(value, bytes) else value for value in values], list(row))

    def test_sample_with_rejects(self):
        sample(self.folder / "sample", 0.02, "--defects")
        report, _, _ = self.run_all(self.folder / "sample", license="CC-BY-4.0", creator="STEDI", url="https://x.example/")
        self.assertGreater(report["rejects_total"], 0)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        report, _, _ = self.run_all(REAL_DATA)
        self.assertEqual(report["privacy"]["owners"], 482)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_every_choice(self):
        for options in BY_THREES if "STEDI_CASES" in os.environ else BY_TWOS:
            with self.subTest(list(options.values())):
                self.run_all(REAL_DATA, **options)

    def test_refused_duplicate_hidden_and_zip(self):
        inputs = self.folder / "inputs"
        sample(inputs, 0.01)
        (customers,) = (inputs / "customer/landing").iterdir()
        (inputs / "copy.json").write_bytes(customers.read_bytes())
        (inputs / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        (inputs / "empty.json").touch()
        (inputs / ".hidden").write_text("{}")
        (inputs / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
        (steps,) = (inputs / "step_trainer/landing").iterdir()
        with zipfile.ZipFile(inputs / "steps.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(steps, "deep/steps.json")
            archive.writestr("notes.txt", "nothing")
        steps.unlink()
        report, lineage, _ = self.run_all(inputs)
        statuses = [input["status"] for input in report["inputs"]]
        counts = {status: statuses.count(status) for status in set(statuses)}
        self.assertEqual(counts, {"used": 3, "duplicate": 1, "refused": 4, "skipped": 1})
        self.assertEqual([Path(archive["name"]).name for archive in report["archives"]], ["steps.zip"])
        files = [dataset["inputFacets"]["inputStatistics"]["fileCount"] for dataset in lineage["inputs"]]
        self.assertEqual(files, [1, 1, 1])
        research = self.folder / "research"
        call(["run", inputs, "--out", research, "--export", "research"])
        jsonschema.validate(json.loads((research / "report.json").read_text()), SCHEMA, jsonschema.Draft202012Validator)

    def test_nothing_but_customers(self):
        sample(self.folder / "sample", 0.01)
        report, _, croissant = self.run_all(self.folder / "sample/customer")
        self.assertEqual(report["privacy"]["owners"], 0)
        self.assertIn("holds nobody", json.dumps(croissant))

    def test_strict_reports_and_lists_no_output(self):
        sample(self.folder / "sample", 0.01, "--defects")
        with self.assertRaises(AssertionError):
            call(["run", self.folder / "sample", "--out", self.lake, "--strict", "--report", self.folder / "r.json"])
        report = json.loads((self.folder / "r.json").read_text())
        jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
        self.assertEqual(report["outputs"], [])

    def test_the_schema_is_sound_and_describes_every_field(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        bare = []

        def walk(schema, path):
            for name, field in schema.get("properties", {}).items():
                if "$ref" not in field and not field.get("description"):
                    bare.append(f"{path}/{name}")
                walk(field, f"{path}/{name}")
            for name, inner in schema.get("$defs", {}).items():
                walk(inner, f"$defs/{name}")
            for inner in schema.get("oneOf", []):
                walk(inner, path)
            if "items" in schema:
                walk(schema["items"], path)

        walk(SCHEMA, "")
        self.assertEqual(bare, [])


def columns(dataset):
    return [field["name"] for field in dataset["facets"]["schema"]["fields"]]


def columns_of_curated(lake):
    return pyarrow.parquet.read_schema(parquet(lake, "machine_learning_curated")).names


if __name__ == "__main__":
    unittest.main()
