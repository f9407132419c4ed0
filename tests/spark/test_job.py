"""The Spark job, on a real cluster, writes what the program writes."""

import unittest

import duckdb

from job_case import JobCase
from program import PLACES, REAL_DATA, sample
from tolerance import AMONG_READINGS, DIFFERENT_FILES, EQUAL, SHARED, TAKEN_BACK, write

ALL_OTHER_CHOICES = {
    "consent": "as-of",
    "records": "latest",
    "emails": "folded",
    "shared_serials": "drop",
    "duplicates": "drop",
    "join": "time",
    "identity": "serial",
    "one_per_instant": "on",
}
GLUE = ["--JOB_NAME", "job", "--job-bookmark-option", "job-bookmark-disable", "--all-zones", "true"]


class Job(JobCase):
    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        self.compare(REAL_DATA)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data_under_all_other_choices(self):
        customers = duckdb.sql(f"SELECT email, serialNumber FROM read_json('{REAL_DATA}/customer/landing/*.json')")
        (email, _), (_, serial) = customers.limit(2).fetchall()
        withdrawals = self.folder / "withdrawals"
        withdrawals.write_text(f"\ufeff {email.upper()} \r\n\n{serial}\nnobody@test.com\n")
        self.compare(REAL_DATA, withdrawals=withdrawals, **ALL_OTHER_CHOICES)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data_as_the_course_has_it(self):
        self.compare(REAL_DATA, consent="as-of-phone", join="time")

    def test_times_that_are_released(self):
        sample(self.folder / "sample", 0.1)
        for times in ["shifted", "relative"]:
            with self.subTest(times):
                self.compare(self.folder / "sample", times=times, consent="as-of")

    def test_one_row_for_each_instant(self):
        customer = '{"email":"a@test.com","serialNumber":"s1","shareWithResearchAsOfDate":1}'
        reading = '{"user":"a@test.com","timestamp":%d,"x":%s,"y":0.5,"z":0.25}'
        step = '{"sensorReadingTime":%d,"serialNumber":"s1","distanceFromObject":%s}'
        readings = [reading % (time, x) for time in (5, 5, 6) for x in ("1.0", "null", "-1.0")]
        steps = [step % (time, distance) for time in (5, 6, 6) for distance in ("2", "null", "1")]
        write(self.folder / "repeated", {"customer": [customer], "accelerometer": readings, "step_trainer": steps})
        for one_per_instant, rows in [("off", 36), ("on", 2)]:
            with self.subTest(one_per_instant):
                by_job, _ = self.compare(self.folder / "repeated", one_per_instant=one_per_instant, times="relative")
                self.assertEqual(by_job["tables"]["machine_learning_curated"]["rows_out"], rows)

    def test_sample_of_the_originals_size(self):
        sample(self.folder / "sample", 1)
        self.compare(self.folder / "sample")

    def test_records_that_are_written_oddly(self):
        write(self.folder / "odd", EQUAL)
        # Glue's own arguments, on the way, do not matter, and it gives switches values.
        _, by_program = self.compare(self.folder / "odd", GLUE)
        self.assertGreater(by_program["rejects_total"], 10)

    def test_records_that_spark_reads_differently(self):
        write(self.folder / "export", DIFFERENT_FILES)
        self.compare(self.folder / "export")

    def test_consent_that_was_taken_back_in_a_record_that_is_no_row(self):
        for name, export, complete in [("of-customers", TAKEN_BACK, True), ("among-readings", AMONG_READINGS, False)]:
            write(self.folder / name, export)
            with self.subTest(name):
                self.taken_back(self.folder / name, complete)

    def taken_back(self, export, complete):
        for records, people in [("any", ["a@test.com", "b@test.com", "c@test.com"]), ("latest", ["c@test.com"])]:
            by_job, _ = self.compare(export, records=records)
            self.assertEqual(by_job["complete"], complete)
            parts = str(self.folder / "lake" / PLACES["customer_trusted"] / "*.parquet")
            emails = duckdb.sql(f"SELECT DISTINCT email FROM read_parquet('{parts}') ORDER BY email").fetchall()
            self.assertEqual([email for (email,) in emails], people)

    def test_devices_that_are_shared_by_another_spelling_or_a_rejected_record(self):
        write(self.folder / "export", SHARED)
        for shared_serials, rows in [("keep", 3), ("drop", 1)]:
            with self.subTest(shared_serials):
                by_job, _ = self.compare(self.folder / "export", shared_serials=shared_serials)
                self.assertEqual(by_job["tables"]["step_trainer_trusted"]["rows_out"], rows)

    def test_a_list_of_withdrawals_as_people_keep_it(self):
        write(self.folder / "export", EQUAL)
        withdrawals = self.folder / "withdrawals"
        withdrawals.write_bytes("name;E-Mail\r\nA;\u00a0A B <A@test.com>\r\nZ;z@test.com\r\n".encode("utf-16"))
        by_job, by_program = self.compare(self.folder / "export", withdrawals=withdrawals)
        self.assertEqual(by_job["withdrawals"], {"entries": 2, "unmet_lines": [3]})
        self.assertEqual(by_program["options"]["withdrawals"], 2)

    def test_a_wrong_argument_is_refused(self):
        done = self.cluster.submit("--input", "in", "--out", "out", "--consnet", "as-of")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--consnet", done.stdout)
        for more in [["--join", "time"], ["--identity", "serial"]]:
            done = self.cluster.submit("--input", "in", "--out", "out", "--times", "shifted", *more)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--times shifted moves all times of one person", done.stdout)


if __name__ == "__main__":
    unittest.main()
