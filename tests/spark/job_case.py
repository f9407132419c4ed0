"""What the tests of the job share: the cluster, and how its tables are compared with the program's."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))

from cluster import ENVIRON, PYTHON, WORKERS, Cluster
from program import PLACES, run

KEY = b"a key of the tests"
# What a report says of landing files, and of them alone.
OF_LANDING = ["complete", "incomplete", "inputs", "archives", "rejects", "rejects_kept", "rejects_total"]
LANDING = ["customer_landing", "accelerometer_landing", "step_trainer_landing"]


class CallCase(unittest.TestCase):
    """Calls the job without a cluster."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = self.folder / "key"
        self.key.write_bytes(KEY + b"\r\n")

    def calls(self, *calls, **environ):
        """Calls the job in one process, once for each list of arguments; how each ended. A number before the arguments
        is that of the change of the disk before which it is stopped. Without a cluster, unless the environment names
        one: see call_job.py."""
        told = [[str(word) for word in call] for call in calls]
        command = [PYTHON, Path(__file__).parent / "call_job.py", json.dumps(told)]
        environ = {**ENVIRON, **environ}
        done = subprocess.run(list(map(str, command)), env=environ, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr[-10000:])
        return json.loads(done.stdout.splitlines()[-1])

    def assert_called(self, *calls):
        """The same of calls all of which succeed; what they print as JSON."""
        ended = self.calls(*calls)
        for call, (code, said) in zip(calls, ended):
            self.assertEqual(code, 0, f"{call}: {said}")
        return [json.loads(said[said.index("{\n") :]) for _, said in ended]

    def assert_same_landing(self, by_job, by_program, inputs):
        """What two reports say of the landing files of a folder; the program names them by the path of that folder."""
        about = [{name: report[name] for name in OF_LANDING} for report in (by_job, by_program)]
        for told, report in zip(about, (by_job, by_program)):
            told |= {table: report["tables"][table] for table in LANDING}
        about[1] = json.loads(json.dumps(about[1]).replace(f"{inputs}/", ""))
        self.assertEqual(*about)

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

    def compare(self, inputs, others=(), **options):
        """Runs both and compares all that they write, and what they say of the landing files if the job reads them as
        the program does; the two reports."""
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        by_job = self.job(inputs, self.folder / "lake", f"--key-file={self.key}", *flags, *others)
        # The program replaces no lake by one that lacks a kind of input.
        shutil.rmtree(self.folder / "by-program", ignore_errors=True)
        by_program = run(inputs, self.folder / "by-program", key_file=self.key, **options)
        self.assert_same_tables(self.folder / "lake", self.folder / "by-program")
        for table in PLACES:
            counts = [report["tables"][table]["rows_out"] for report in (by_job, by_program)]
            self.assertEqual(*counts, table)
        if "spark" not in others:
            # What is written down with the lake has the hashes of the inputs.
            self.assert_same_landing(by_job, report_of(self.folder / "by-program"), inputs)
        return by_job, by_program

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
