"""A lake that goes on and is erased from: its documents under their schemas, and its tables as DuckDB reads them."""

import json
import tempfile
import unittest
from pathlib import Path

import duckdb
import jsonschema

from program import call, sample

DOCS = Path(__file__).parents[2] / "docs"
SCHEMAS = {name: json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("report", "erasure")}


class LivingLake(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.lake = self.folder / "lake"
        self.key = self.folder / "key"
        self.key.write_text("key of the test")

    def rows(self, table):
        return duckdb.sql(f"SELECT * FROM '{self.lake}/{table}/*.parquet'").fetchall()

    def check(self, *names):
        for name in names:
            document = json.loads((self.lake / f"{name}.json").read_text())
            jsonschema.validate(document, SCHEMAS[name], jsonschema.Draft202012Validator)
        call(["verify", self.lake])

    def test_it_goes_on_is_erased_from_and_stays_what_its_documents_say(self):
        export = self.folder / "export"
        sample(export, 0.01)
        key = ["--key-file", self.key]
        call(["run", export, "--out", self.lake, *key])
        before = {table: self.rows(table) for table in ("customer/trusted", "step_trainer/curated")}
        call(["run", export, "--from", self.lake, "--out", self.lake, *key])
        self.check("report")
        report = json.loads((self.lake / "report.json").read_text())
        self.assertGreater(report["from"]["left_out"], 0)
        self.assertEqual({table: self.rows(table) for table in before}, before, "nothing new, so nothing changes")

        email = duckdb.sql(f"SELECT min(email) FROM '{self.lake}/customer/curated/*.parquet'").fetchall()[0][0]
        (self.folder / "list").write_text(email)
        reference = ["--reference", "2026-03-04, case 17/2026"]
        call(["erase", self.lake, "--withdrawals", self.folder / "list", *reference, *key])
        self.check("report", "erasure")
        self.assertNotIn(email, str(self.rows("customer/trusted")) + str(self.rows("accelerometer/trusted")))
        self.assertLess(len(self.rows("step_trainer/curated")), len(before["step_trainer/curated"]))
        for path in self.lake.rglob("*.json"):
            self.assertNotIn(email, path.read_text(), path)

        call(["run", export, "--from", self.lake, "--out", self.folder / "research", "--export=research", *key])
        research = json.loads((self.folder / "research/report.json").read_text())
        jsonschema.validate(research, SCHEMAS["report"], jsonschema.Draft202012Validator)

    def test_a_report_of_delta_lake_tables_has_its_schema(self):
        export = self.folder / "export"
        sample(export, 0.01)
        for more in ([], ["--from", self.lake, "--compression=gzip"]):
            call(["run", export, "--out", self.lake, "--key-file", self.key, "--format=delta", *more])
            self.check("report")
        outputs = json.loads((self.lake / "report.json").read_text())["outputs"]
        self.assertEqual({output["version"] for output in outputs}, {1})

    def test_a_page_of_evidence_is_whole_and_loads_nothing(self):
        export = self.folder / "export"
        sample(export, 0.01)
        call(["run", export, "--out", self.lake])
        page = self.folder / "evidence.html"
        call(["report", self.lake, "--html", page])
        text = page.read_text()
        self.assertIn("default-src 'none'", text)
        for word in ("<script", "<link", "<img", "http://", "https://", "@import", "url("):
            self.assertNotIn(word, text)
        for _, email, *_ in self.rows("customer/trusted"):
            self.assertNotIn(email, text)


if __name__ == "__main__":
    unittest.main()
