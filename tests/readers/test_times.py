"""Times as machine_learning_curated releases them, by another HMAC and another reader."""

import hashlib
import hmac
import json
import random
import tempfile
import unittest
from pathlib import Path

import duckdb

from oracle import pseudonym, time_offset
from program import parquet, run

KEY = b"Jefe"
DATA = "data/train-00000-of-00001.parquet"
WEEK = 7 * 24 * 3600 * 1000


class Times(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = self.folder / "key"
        self.key.write_bytes(KEY + b"\n")
        self.people = [f"person{number}@test.com" for number in range(5)] + ["Ärger@test.com"]
        self.measured = self.write(self.folder / "export")

    def write(self, export):
        """Readings of both sensors at times of which no two are equal modulo a week; the times by person."""
        dice = random.Random(7)
        within = dice.sample(range(WEEK), 40 * len(self.people))
        times = {email: [] for email in self.people}
        customers, readings, steps = [], [], []
        for number, email in enumerate(self.people):
            serial = f"serial-{number}"
            customers.append({"email": email, "serialNumber": serial, "shareWithResearchAsOfDate": 1})
            for _ in range(40):
                time = 1_650_000_000_000 // WEEK * WEEK + dice.randrange(100) * WEEK + within.pop()
                times[email].append(time)
                readings.append({"user": email, "timestamp": time, "x": dice.random(), "y": 0.0, "z": 1.0})
                distance = dice.randrange(300)
                steps.append({"sensorReadingTime": time, "serialNumber": serial, "distanceFromObject": distance})
        for zone, rows in [("customer", customers), ("accelerometer", readings), ("step_trainer", steps)]:
            file = export / zone / "landing" / "1.json"
            file.parent.mkdir(parents=True)
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        return {email: sorted(own) for email, own in times.items()}

    def rows(self, times):
        lake = self.folder / times
        run(self.folder / "export", lake, times=times, key_file=self.key)
        return duckdb.read_parquet(parquet(lake, "machine_learning_curated")).fetchall()

    def test_the_offset_is_hmac_sha_256(self):
        """What is known: the program's own test has the same number."""
        digest = hmac.new(KEY, b"time\0a@test.com", hashlib.sha256).digest()
        self.assertEqual(1 + int.from_bytes(digest[:8], "big") % 520, 418)
        self.assertEqual(time_offset(KEY, "a@test.com"), 418 * WEEK)
        for email in self.people:
            rows = [row for row in self.rows("shifted") if row[0] == pseudonym(KEY, email)]
            expected = [time - time_offset(KEY, email) for time in self.measured[email]]
            self.assertEqual([row[1] for row in rows], expected)

    def test_no_time_of_measurement_is_in_a_shifted_table(self):
        measured = {time for times in self.measured.values() for time in times}
        self.assertTrue({row[1] for row in self.rows("exact")} <= measured)
        self.assertTrue({row[1] for row in self.rows("shifted")}.isdisjoint(measured))

    def test_no_time_of_measurement_is_in_a_shifted_export(self):
        """In no file of it, as a number of 8 bytes or as text; the table's own rows, which are packed, by a reader."""
        exact, shifted = (self.research(times) for times in ("exact", "shifted"))
        # The least and the greatest stand in footers as they are.
        self.assertTrue(self.places(exact), "they would be found")
        self.assertEqual(self.places(shifted), set())
        files = sorted(str(path.relative_to(shifted)) for path in shifted.rglob("*") if path.is_file())
        self.assertIn(DATA, files)
        for document in ("README.md", "SHA256SUMS", "contract.yaml", "croissant.json", "report.json"):
            self.assertIn(document, files)
        measured = {time for times in self.measured.values() for time in times}
        rows = duckdb.read_parquet(str(shifted / DATA)).fetchall()
        self.assertEqual(len(rows), len(measured))
        self.assertTrue({row[1] for row in rows}.isdisjoint(measured))
        time = min(measured)
        (shifted / "notes.txt").write_text(f"taken at {time}")
        self.assertEqual(self.places(shifted), {"notes.txt"}, "text would be found too")

    def research(self, times):
        lake = self.folder / f"research-{times}"
        run(self.folder / "export", lake, export="research", times=times, key_file=self.key)
        return lake

    def places(self, lake):
        """The files in which a time of measurement stands."""
        times = [time for own in self.measured.values() for time in own]
        written = [form for time in times for form in (time.to_bytes(8, "little"), str(time).encode())]
        files = {str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*") if path.is_file()}
        return {name for name, content in files.items() if any(form in content for form in written)}

    def test_weekday_and_hour_stay(self):
        exact, shifted = ([(row[0], row[1] % WEEK) for row in self.rows(times)] for times in ("exact", "shifted"))
        self.assertEqual(exact, shifted)

    def test_intervals_within_a_subject_are_equal_under_all_three(self):
        intervals = {}
        for times in ("exact", "shifted", "relative"):
            by_subject = {}
            for subject, time, *_ in self.rows(times):
                by_subject.setdefault(subject, []).append(time)
            intervals[times] = {
                subject: [later - time for time, later in zip(own, own[1:])] for subject, own in by_subject.items()
            }
        self.assertEqual(len(intervals["exact"]), len(self.people))
        self.assertEqual(intervals["exact"], intervals["shifted"])
        self.assertEqual(intervals["exact"], intervals["relative"])

    def test_relative_is_the_time_since_the_first_row_and_nothing_else_changes(self):
        exact, relative = self.rows("exact"), self.rows("relative")
        first = {subject: min(row[1] for row in exact if row[0] == subject) for subject, *_ in exact}
        self.assertEqual([(row[0], row[1] - first[row[0]], *row[2:]) for row in exact], relative)


if __name__ == "__main__":
    unittest.main()
