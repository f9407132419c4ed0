"""A research export is a dataset: Hugging Face's `datasets` loads it by its data card, without a network."""

import os
import tempfile
import unittest
from pathlib import Path

import duckdb

from program import parquet, real_or_sample, run

HOME = tempfile.TemporaryDirectory()
# They are read when the library is imported.
os.environ.update(HF_HOME=HOME.name, HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
import datasets  # noqa: E402

unittest.addModuleCleanup(HOME.cleanup)


class Dataset(unittest.TestCase):
    def test_load_dataset_finds_the_table_among_the_documents(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            export = real_or_sample(folder, 0.05)
            for times in ("exact", "relative"):
                for license in ("CC-BY-4.0", "https://example.org/a: licence # of ours"):
                    with self.subTest(times=times, license=license):
                        self.check(export, folder / f"{times}-{len(license)}", times=times, license=license)

    def check(self, export, lake, **options):
        report = run(export, lake, export="research", **options)
        loaded = datasets.load_dataset(str(lake))
        self.assertEqual(list(loaded), ["train"])
        rows = duckdb.read_parquet(parquet(lake, "machine_learning_curated"))
        self.assertEqual(loaded["train"].column_names, rows.columns)
        self.assertEqual(loaded["train"].num_rows, report["tables"]["machine_learning_curated"]["rows_out"])
        found = loaded["train"].data.table
        self.assertEqual(duckdb.sql("FROM found").fetchall(), rows.fetchall())
        # Programs find the licence too, however it is written.
        card = (lake / "README.md").read_text()
        self.assertIn(f"{loaded['train'].num_rows} rows of {report['privacy']['subjects']} subjects", card)


if __name__ == "__main__":
    unittest.main()
