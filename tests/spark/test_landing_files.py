"""Landing files as people have them, on the cluster: the job reads of them what the program reads, and says the same."""

import io
import json
import shutil
import subprocess
import tarfile
import unittest
from pathlib import Path

from job_case import LANDING, JobCase, report_of
from program import PLACES, PROGRAM, real_or_sample, run, sample

CASES = Path(__file__).parents[1] / "cases"
TABLES = [*LANDING, *PLACES]
# Of the warnings of a case those that its landing files alone decide.
OF_LANDING_FILES = {
    "mostly_rejected",
    "no_customers",
    "no_accelerometer",
    "no_step_trainer",
    "consent_field_missing",
    "consent_unreadable",
    "consent_conflict",
    "zones_left_out",
    "duplicate_keys",
    "unknown_fields",
    "array_not_closed",
}
# Splits of a file of some MB.
SPLITS = {"spark.sql.files.maxPartitionBytes": "300k", "spark.sql.files.openCostInBytes": "0"}


class LandingFiles(JobCase):
    def test_each_case_gives_what_it_must(self):
        cases = json.loads((CASES / "expected.json").read_text())
        lakes = [self.folder / f"lake-{at}" for at in range(len(cases))]
        calls = [
            ["--input", CASES / case["folder"], "--out", lake, f"--key-file={self.key}", *case.get("arguments", [])]
            for case, lake in zip(cases, lakes)
        ]
        for case, lake, (code, said) in zip(cases, lakes, self.on_cluster(*calls), strict=True):
            with self.subTest(case["folder"], arguments=case.get("arguments")):
                if "fails" in case:
                    self.assertEqual(code, 1, said)
                    self.assertIn(case["fails"], said)
                    self.assertFalse(lake.exists())
                    continue
                self.assertEqual(code, 0, said)
                told = json.loads(said[said.index("{\n") :])
                self.assert_case(case, told)
                self.assert_as_by_program(CASES / case["folder"], lake, told, *case.get("arguments", []))
                subprocess.run([PROGRAM, "verify", lake], check=True, capture_output=True)

    def assert_case(self, case, told):
        """Holds a report against what tests/cases/expected.json says of it."""
        self.assertEqual([told["tables"][table]["rows_out"] for table in TABLES], case["rows"])
        self.assertEqual(told["rejects_total"], case.get("rejects", 0))
        self.assertEqual(sum(about.get("dates", 0) for about in told["inputs"]), case.get("dates", 0))
        unread = {}
        for about in told["inputs"]:
            name = " ".join(filter(None, [about["status"], about.get("reason")]))
            if about["status"] != "used":
                unread[name] = unread.get(name, 0) + 1
        self.assertEqual(unread, case.get("unread", {}))
        expected = {code: count for code, count in case.get("warnings", {}).items() if code in OF_LANDING_FILES}
        self.assertEqual({about["code"]: about["count"] for about in told["warnings"]}, expected)

    def assert_as_by_program(self, inputs, lake, told, *arguments):
        by_program = self.folder / "by-program"
        shutil.rmtree(by_program, ignore_errors=True)
        call = [PROGRAM, "run", inputs, "--out", by_program, f"--key-file={self.key}", *arguments]
        subprocess.run(list(map(str, call)), check=True, capture_output=True)
        self.assert_same_landing(told, report_of(by_program), inputs)
        self.assert_same_tables(lake, by_program)

    def test_files_with_defects_of_all_kinds(self):
        sample(self.folder / "sample", 0.1, "--defects")
        by_job, _ = self.compare(self.folder / "sample")
        self.assertGreater(by_job["rejects_total"], 5)

    def test_large_files_are_read_in_splits(self):
        """The same rows, rejects, places and counts, but for what was expected there."""
        export = self.folder / "export"
        sample(export, 0.05)
        (readings,) = (export / "accelerometer" / "landing").glob("*-000.json")
        # Without line end, with a byte order mark, and with a reject in each of many splits.
        lines = readings.read_text().rstrip("\n").split("\n")
        lines = ["no record" if at % 2000 == 999 else line for at, line in enumerate(lines)]
        readings.write_text("\ufeff" + "\n".join(lines))
        self.assertGreater(readings.stat().st_size, 2 << 20)
        lake = self.folder / "lake"
        call = ["--input", export, "--out", lake, "--whole-mib", 1, f"--key-file={self.key}"]
        ((code, said),) = self.on_cluster(call, STEDI_SETTINGS=json.dumps(SPLITS))
        self.assertEqual(code, 0, said)
        told = json.loads(said[said.index("{\n") :])
        run(export, self.folder / "by-program", key_file=self.key)
        by_program = report_of(self.folder / "by-program")
        self.assertGreater(by_program["rejects_total"], 5)
        for reject in by_program["rejects"]:
            self.assertIn("expected", reject.pop("detail"))
        self.assert_same_landing(told, by_program, export)
        self.assert_same_tables(lake, self.folder / "by-program")

    def test_large_files_that_are_no_lines_are_refused_by_name(self):
        export, lake = self.folder / "export", self.folder / "lake"
        sample(export, 0.05)
        (readings,) = (export / "accelerometer" / "landing").glob("*-000.json")
        records = readings.read_text().splitlines()
        readings.write_text("[" + ",".join(records) + "]")
        (ended,) = self.calls(["--input", export, "--out", lake, "--whole-mib", 1])
        self.assertEqual(ended[0], 1, ended[1])
        self.assertIn("too large for one executor", ended[1])
        self.assertIn(f"accelerometer/landing/{readings.name}", ended[1])
        self.assertFalse(lake.exists())

    def test_names_that_spark_passes_over_and_duplicates(self):
        export = self.folder / "export"
        sample(export, 0.01)
        landing = export / "step_trainer" / "landing"
        (steps,) = landing.iterdir()
        steps = steps.rename(landing / "_steps of [100%].json")
        shutil.copy(steps, export / "z-again.json")
        (export / "empty.json").touch()
        (export / "notes.txt").write_text("nothing of it")
        # Two entries of one name, and one that a file beside the archive is the same as.
        step = b'{"sensorReadingTime":%d,"serialNumber":"s1","distanceFromObject":1}\n'
        with tarfile.open(export / "steps.tar", "w") as archive:
            for name, time in [("more.json", 1), ("more.json", 1), ("other.json", 2)]:
                about = tarfile.TarInfo(name)
                about.size = len(step % time)
                archive.addfile(about, io.BytesIO(step % time))
        (export / "steps.json").write_bytes(step % 2)
        by_job, _ = self.compare(export)
        statuses = sorted(about["status"] for about in by_job["inputs"])
        self.assertEqual(statuses, [*["duplicate"] * 3, *["refused"] * 2, *["used"] * 5])

    def test_a_lake_that_lies_among_its_inputs_is_none_of_them(self):
        export = self.folder / "export"
        sample(export, 0.01)
        for lake in (export / "lake", export):
            with self.subTest(lake.name):
                run_twice = [["--input", export, "--out", lake, f"--key-file={self.key}"]] * 2
                first, second = self.assert_called(*run_twice)
                self.assertEqual([len(first["inputs"]), len(second["inputs"])], [3, 3])
                self.assertEqual(first["tables"], second["tables"])
                shutil.rmtree(export / "lake", ignore_errors=True)

    def test_a_package_that_is_missing_is_said_and_another_reader_named(self):
        export = real_or_sample(self.folder, 0.01)
        lake = self.folder / "lake"
        call = ["--input", export, "--out", lake]
        ((code, said),) = self.calls(call, PYTHONPATH="")
        self.assertEqual(code, 1)
        self.assertIn("--reader spark", said)
        self.assertIn("the driver: No module named 'stedi_lakehouse'", said)
        done = self.cluster.submit(*call, **{"spark.executorEnv.PYTHONPATH": "/nowhere"})
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("the executors: No module named 'stedi_lakehouse'", done.stdout)
        self.assertNotIn("the driver:", done.stdout)
        self.assertFalse(lake.exists())
        ((code, said),) = self.calls([*call, "--reader", "spark"], PYTHONPATH="")
        self.assertEqual(code, 0, said)

    def on_cluster(self, *calls, **environ):
        return self.calls(*calls, STEDI_MASTER=self.cluster.url, **environ)


if __name__ == "__main__":
    unittest.main()
