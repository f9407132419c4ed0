"""What networks and servers do: a run comes to the lake that it comes to without it, or says why not."""

import time

from store import BUCKET, PATIENCE, StoreTest


class Faults(StoreTest):
    def setUp(self):
        super().setUp()
        self.upload(self.export, "raw")
        self.tables = self.tables_of(self.local_lake())
        self.proxy.clear()

    def run_all(self):
        """A run that reads objects and writes some."""
        self.run_lake(f"s3://{BUCKET}/raw", "--out", f"s3://{BUCKET}/lake")
        self.assertEqual(self.tables_of("lake"), self.tables)
        self.call("verify", f"s3://{BUCKET}/lake")

    def test_requests_that_fail(self):
        self.fault("GET", "list-type=2", "error")
        self.fault("GET", "/raw/", "error", times=3)
        self.fault("HEAD", "/raw", "error")
        self.fault("PUT", r"part-00000.*\.parquet", "error", times=2)
        self.fault("PUT", "report.json", "error")
        self.run_all()

    def test_requests_that_are_slow(self):
        self.fault("GET", "/raw/", "slow", seconds=PATIENCE + 1)
        self.fault("PUT", r"customer/trusted/part-00000", "slow", seconds=PATIENCE + 1)
        begun = time.monotonic()
        self.run_all()
        self.assertGreater(time.monotonic() - begun, PATIENCE)

    def test_connections_that_are_lost(self):
        self.fault("GET", "/raw/.*json", "cut", times=2)
        self.fault("GET", "/raw/.*json", "refused")
        self.fault("GET", "list-type=2", "cut")
        self.fault("PUT", "croissant.json", "refused")
        self.fault("PUT", "step_trainer/curated/part-00000", "lost")
        self.fault("PUT", "report.json", "lost")
        self.run_all()

    def test_what_is_not_allowed_is_not_tried_again(self):
        denied = self.fault("GET", "/raw/.*step", "denied")
        said = self.call("run", f"s3://{BUCKET}/raw", "--out", "lake", "--strict", code=1)
        self.assertIn("AccessDenied", said)
        self.assertEqual(denied.met, 1)
        self.assertFalse((self.folder / "lake").exists())

    def test_a_list_that_is_not_allowed_ends_the_run(self):
        self.fault("GET", "list-type=2", "denied")
        said = self.call("run", f"s3://{BUCKET}/raw", "--out", "lake", code=1)
        self.assertIn(f"cannot list s3://{BUCKET}/raw", said)
