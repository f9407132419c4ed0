"""What the tests of the job share: the cluster, and how its tables are compared with the program's."""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))

from cluster import ENVIRON, PYTHON, WORKERS, Cluster
from program import PLACES

KEY = b"a key of the tests"


class CallCase(unittest.TestCase):
    """Calls the job without a cluster."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = self.folder / "key"
        self.key.write_bytes(KEY + b"\r\n")

    def calls(self, *calls):
        """Calls the job in one process without a cluster, once for each list of arguments; how each ended. A number
        before the arguments is that of the change of the disk before which it is stopped."""
        told = [[str(word) for word in call] for call in calls]
        command = [PYTHON, Path(__file__).parent / "call_job.py", json.dumps(told)]
        done = subprocess.run(list(map(str, command)), env=ENVIRON, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr[-10000:])
        return json.loads(done.stdout.splitlines()[-1])

    def assert_called(self, *calls):
        """The same of calls all of which succeed; what they print as JSON."""
        ended = self.calls(*calls)
        for call, (code, said) in zip(calls, ended):
            self.assertEqual(code, 0, f"{call}: {said}")
        return [json.loads(said[said.index("{\n") :]) for _, said in ended]

    def assert_same_tables(self, lake, other):
        """The rows of two lakes, in their order."""
        for table in PLACES:
            with self.subTest(table):
                ours, theirs = rows_of(lake, table), rows_of(other, table)
                self.assertEqual(ours.columns, theirs.columns)
                self.assertEqual(ours.types, theirs.types)
                rows = theirs.fetchall()
                self.assertEqual(ours.fetchall(), rows)
                print(f"{table}: {len(rows)} rows in {len(parts_of(lake, table))} parts")


class JobCase(CallCase):
    """Runs the job on a cluster."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.cluster = Cluster(Path(folder.name))
        cls.addClassCleanup(cls.cluster.stop)

    def job(self, inputs, lake, *arguments):
        """Runs the job on the cluster; what it prints."""
        return self.done(self.submit(inputs, lake, *arguments))

    def submit(self, inputs, lake, *arguments):
        return self.cluster.submit("--input", inputs, "--out", lake, *arguments)

    def done(self, done):
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr[-10000:])
        workers = set(re.findall(r"Granted executor ID \S+ on hostPort (\S+)", done.stderr))
        self.assertEqual(len(workers), WORKERS, "the job runs on both workers")
        return json.loads(done.stdout[done.stdout.index("{\n") :])


def parts_of(lake, table):
    # The parts are ranges of the table's order, in the order of their names.
    return sorted(map(str, (lake / PLACES[table]).glob("*.parquet")))


def rows_of(lake, table):
    return duckdb.read_parquet(parts_of(lake, table))


def report_of(lake):
    return json.loads((lake / "report.json").read_text())


def tree(lake):
    return {str(path.relative_to(lake)): path.read_bytes() for path in sorted(lake.rglob("*")) if path.is_file()}
