"""A research export is a dataset: Hugging Face's `datasets` and others load it as its data card says, without a
network."""

import hmac
import json
import os
import re
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

from program import NO_NETWORK, real_or_sample, run

HOME = tempfile.TemporaryDirectory()
# They are read when the libraries are imported, of which the card's own lines call some.
os.environ.update(HF_HOME=HOME.name, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
os.environ.update(NO_NETWORK)
import datasets  # noqa: E402
import duckdb  # noqa: E402
import jsonschema  # noqa: E402
import mlcroissant  # noqa: E402
import pandas  # noqa: E402
import polars  # noqa: E402
import pyarrow.parquet  # noqa: E402

unittest.addModuleCleanup(HOME.cleanup)

KEY = b"the key of the tests"
# What the data card loads by, and the rows of the training data as columns.
LIBRARIES = {
    "datasets": lambda found: found["train"].data.table.to_pydict(),
    # Where it has no value it has NaN, which Arrow takes for none.
    "pandas": lambda found: pyarrow.Table.from_pandas(found).to_pydict(),
    "polars": lambda found: found.to_dict(as_series=False),
    "duckdb": lambda found: dict(zip(found.columns, map(list, zip(*found.fetchall())))),
}
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text())


class Dataset(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.export = real_or_sample(cls.folder, 0.05)
        cls.key = cls.folder / "key"
        cls.key.write_bytes(KEY)

    def test_nothing_here_reaches_a_network(self):
        with self.assertRaises(OSError):
            urllib.request.urlopen("http://example.org", timeout=5)

    def test_load_dataset_finds_the_table_among_the_documents(self):
        for times in ("exact", "relative"):
            for license in ("CC-BY-4.0", "https://example.org/a: licence # of ours"):
                with self.subTest(times=times, license=license):
                    self.check(f"{times}-{len(license)}", ["train"], times=times, license=license)

    def test_load_dataset_finds_both_splits(self):
        for share in (0.2, 0.9):
            with self.subTest(share=share):
                report = self.check(f"share-{share}", ["train", "test"], test_share=share)
                self.assertEqual(report["splits"]["test_share"], share)

    def test_a_split_that_holds_nobody_is_not_loaded(self):
        report = self.check("nobody", ["train"], test_share=1e-9)
        self.assertEqual(report["splits"]["test"], {"rows": 0, "subjects": 0})

    def check(self, name, splits, **options):
        lake = self.folder / name
        report = run(self.export, lake, export="research", key_file=self.key, **options)
        jsonschema.validate(report, SCHEMA, jsonschema.Draft202012Validator)
        card = (lake / "README.md").read_text()
        loaded = self.load(lake, card)
        self.assertEqual(list(loaded), splits)
        dealt = {}
        for split in splits:
            rows = duckdb.read_parquet(str(lake / f"data/{split}-00000-of-00001.parquet"))
            found = loaded[split].data.table
            self.assertEqual(found.column_names, rows.columns)
            self.assertEqual(duckdb.sql("FROM found").fetchall(), rows.fetchall())
            dealt |= dict.fromkeys((subject for (subject,) in rows.select("subject").distinct().fetchall()), split)
            self.assertEqual(report["splits"][split]["rows"], loaded[split].num_rows)
        self.assertEqual(len(dealt), report["privacy"]["subjects"], "nobody is in both")
        share = options.get("test_share", 0)
        self.assertEqual(dealt, {subject: split_of(subject, share) for subject in dealt})
        rows = report["tables"]["machine_learning_curated"]["rows_out"]
        self.assertEqual(sum(loaded[split].num_rows for split in splits), rows)
        self.assertIn(f"{rows} rows of {report['privacy']['subjects']} subjects", card)
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=lake, check=True)
        self.check_croissant(lake, splits, report)
        return report

    def load(self, lake, card):
        """By each line of the card, as it stands there; gives what `datasets` has loaded."""
        lines = re.search(r"## Load it\n```python\n(.*?)```", card, re.DOTALL)[1].replace("FOLDER", str(lake))
        found = {line.split(".")[0]: eval(line) for line in lines.splitlines()}
        self.assertEqual(list(found), list(LIBRARIES))
        rows = pyarrow.parquet.read_table(lake / "data/train-00000-of-00001.parquet").to_pydict()
        self.assertGreater(len(rows["subject"]), 0)
        for library, columns in LIBRARIES.items():
            with self.subTest(library):
                self.assertTrue(columns(found[library]) == rows)
        return found["datasets"]

    def check_croissant(self, lake, splits, report):
        dataset = mlcroissant.Dataset(jsonld=lake / "croissant.json")
        self.assertEqual([*dataset.metadata.issues.errors, *dataset.metadata.issues.warnings], [])
        self.assertEqual(dataset.metadata.ctx.conforms_to, mlcroissant._src.core.context.CroissantVersion.V_1_1)
        names = [text(record["splits/name"]) for record in dataset.records("splits")]
        self.assertEqual(names, [split for split in ("train", "test") if split in report["splits"]])
        for split in splits:
            wanted = {"machine_learning_curated/split": split}
            records = iter(dataset.records("machine_learning_curated", filters=wanted))
            if rows := report["splits"][split]["rows"]:
                table = str(lake / f"data/{split}-00000-of-00001.parquet")
                (first,) = duckdb.read_parquet(table).limit(1).fetchall()
                found = [text(value) for name, value in next(records).items() if not name.endswith("/split")]
                self.assertEqual(found, list(first))
                # To read all of the larger one takes long.
                if split == "test":
                    self.assertEqual(1 + sum(1 for _ in records), rows)


def split_of(subject, share):
    digest = hmac.new(KEY, b"split\0" + subject.encode(), "sha256").digest()
    return "test" if int.from_bytes(digest[:8], "big") < share * 2**64 else "train"


def text(value):
    return value.decode() if isinstance(value, bytes) else value


if __name__ == "__main__":
    unittest.main()
