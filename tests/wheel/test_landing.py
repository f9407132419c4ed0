"""Landing files in memory, as the job on Spark reads them by the package's native part."""

import io
import json
import tempfile
import unittest
import zipfile
from pathlib import Path

import pyarrow as pa
from installed import program

from stedi_lakehouse import RunError, UsageError, _core

CUSTOMERS = b"""{"email": " Ann@X.org", "serialNumber": "s", "shareWithResearchAsOfDate": 1}
{"email": "ben@x.org", "serialNumber": "t", "lastUpdateDate": "soon"}
"""
READINGS = b'[{"user": "Ann@X.org ", "timestamp": 5, "x": 1}, {"user": "ben@x.org", "timestamp": 6}]'
STEPS = b'{"sensorReadingTime": 5, "serialNumber": "s", "distanceFromObject": 2}\n'
OF_LANDING = ["complete", "incomplete", "inputs", "archives", "rejects", "rejects_kept", "rejects_total"]


def files():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("readings.json", READINGS)
        packed.writestr("steps.json", STEPS)
        packed.writestr(".DS_Store", b"x")
    return {
        "customers.json": CUSTOMERS,
        "sensors.zip": archive.getvalue(),
        "steps-again.json": STEPS,
        "table.csv": b"email,serialNumber\nann@x.org,s\n",
    }


def rows(data, table, parts, folds=False):
    return pa.table(_core.landing_rows(data, table, parts, folds)).to_pylist()


class LandingFiles(unittest.TestCase):
    def test_what_is_said_of_files_is_what_a_run_says(self):
        scanned = [_core.scan(data, path) for path, data in files().items()]
        found = _core.landing_files(scanned, False, [])
        with tempfile.TemporaryDirectory() as folder:
            for path, data in files().items():
                (Path(folder) / "export").mkdir(exist_ok=True)
                (Path(folder) / "export" / path).write_bytes(data)
            done = program("run", f"{folder}/export", "--out", f"{folder}/lake")
            self.assertEqual(done.returncode, 0, done.stderr)
            text = (Path(folder) / "lake" / "report.json").read_text()
            by_run = json.loads(text.replace(f"{folder}/export/", ""))
        told = json.loads(found.report)
        self.assertEqual({name: told[name] for name in OF_LANDING}, {name: by_run[name] for name in OF_LANDING})
        for table, counts in told["tables"].items():
            self.assertEqual(counts, by_run["tables"][table], table)
        self.assertEqual(found.barred, ["ben@x.org"])
        self.assertEqual(found.barred_serials, [("t", "ben@x.org")])
        self.assertEqual(found.used, [
            ("customers.json", None, "customer_landing", False),
            ("sensors.zip", 0, "accelerometer_landing", False),
            ("sensors.zip", 1, "step_trainer_landing", False),
        ])

    def test_two_of_one_name_that_hold_the_same_are_used_once(self):
        # An object store may hold the second beside the archive.
        scanned = [_core.scan(files()["sensors.zip"], "sensors.zip"), _core.scan(STEPS, "sensors.zip/steps.json")]
        found = _core.landing_files(scanned, False, [])
        statuses = sorted((about["status"], about["name"]) for about in json.loads(found.report)["inputs"])
        self.assertEqual([name for status, name in statuses if status == "duplicate"], ["sensors.zip/steps.json"])
        self.assertIn(("sensors.zip/steps.json", None, "step_trainer_landing", False), found.used)
        self.assertEqual(len(found.used), 2)

    def test_rows_are_those_of_the_used_parts(self):
        (customer,) = rows(CUSTOMERS, "customer_landing", [(None, False)])
        self.assertEqual((customer["email"], customer["sharewithresearchasofdate"]), (" Ann@X.org", 1))
        self.assertEqual(rows(CUSTOMERS, "customer_landing", [(None, False)], True)[0]["email"], "ann@x.org")
        archive = files()["sensors.zip"]
        self.assertEqual([row["user"] for row in rows(archive, "accelerometer_landing", [(0, False)], True)],
                         ["ann@x.org", "ben@x.org"])
        steps = {"sensorreadingtime": 5, "serialnumber": "s", "distancefromobject": 2}
        self.assertEqual(rows(archive, "step_trainer_landing", [(1, False)]), [steps])
        mixed = CUSTOMERS + STEPS
        self.assertEqual(rows(mixed, "step_trainer_landing", [(None, True)]), [steps])
        with self.assertRaises(RunError):
            rows(archive, "step_trainer_landing", [(9, False)])
        with self.assertRaises(UsageError):
            rows(STEPS, "step_trainer_trusted", [(None, False)])

    def test_lines_of_a_large_file(self):
        self.assertEqual(_core.lines_table(STEPS), "step_trainer_landing")
        self.assertIsNone(_core.lines_table(READINGS))
        bad = b"no record\n"
        splits = [_core.scan_split(STEPS * 2 + bad, "a.json", "step_trainer_landing", 0, False),
                  _core.scan_split(bad + STEPS, "a.json", "step_trainer_landing", 99, True)]
        size = len(STEPS * 3 + bad * 2)
        joined = _core.join_splits("a.json", size, "0" * 64, splits[::-1], False)
        report = json.loads(_core.landing_files([joined], False, []).report)
        self.assertEqual(report["tables"]["step_trainer_landing"]["rows_out"], 3)
        self.assertEqual([(reject["line"], reject["offset"]) for reject in report["rejects"]],
                         [(3, len(STEPS * 2)), (4, len(STEPS * 2 + bad))])
        table = _core.split_rows(STEPS * 2 + bad, "step_trainer_landing", False, False)
        self.assertEqual(pa.table(table).num_rows, 2)

    def test_names_that_are_not_read_and_accounts_that_are_none(self):
        self.assertIsNone(_core.skipped("a/b.json", 5, None))
        hidden = _core.skipped("a/.b.json", 5, "0" * 64)
        report = json.loads(_core.landing_files([hidden], False, []).report)
        self.assertEqual([(about["status"], about["reason"]) for about in report["inputs"]], [("skipped", "hidden")])
        with self.assertRaises(RunError):
            _core.landing_files([b"no account"], False, [])


if __name__ == "__main__":
    unittest.main()
