"""The Spark job, on a real cluster, writes what the program writes."""

import io
import re
import shutil
import tarfile
import unittest
import zipfile
from pathlib import Path

import duckdb

from job_case import JobCase
from program import PLACES, REAL_DATA, parquet, run, sample
from tolerance import AMONG_READINGS, CUSTOMER, DIFFERENT, DIFFERENT_FILES, EQUAL, STEP, TAKEN_BACK, reading, write

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
GLUE = ["--JOB_NAME", "job", "--job-bookmark-option", "job-bookmark-disable"]

# Readings that Spark's own reader would drop, in whole or in part, without a word.
NO_LINES = {
    "a wrapper": '{"records":[%s,%s],"count":2}' % (reading(), reading("10")),
    "a wrapper of pandas": '{"schema":{"fields":[]},"data":[%s]}' % reading(),
    "an item of DynamoDB": '{"Item":{"user":{"S":"a@test.com"},"timestamp":{"N":"9"}}}',
    "values of DynamoDB": '{"user":{"S":"a@test.com"},"timestamp":{"N":"9"},"x":{"NULL":true}}',
    "a long of MongoDB": '{"_id":{"$oid":"655400000000000000000"},"user":"a@test.com","timestamp":{"$numberLong":"9"}}',
    "a date of MongoDB": '{"user":"a@test.com","timestamp":{"$date":"2023-11-14T22:13:20.000Z"},"x":0.5}',
    "a struct of Glue": '{"user":"a@test.com","timestamp":{"long":9,"string":null}}',
    "an array": "[%s]" % reading(),
    "UTF-16": reading().encode("utf-16"),
}


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
        """What both read alike: the same rows, and as many rejects of each table."""
        write(self.folder / "odd", EQUAL)
        # Glue's own arguments, on the way, do not matter.
        by_job, by_program = self.compare(self.folder / "odd", GLUE)
        for table, counts in by_job["tables"].items():
            if table.endswith("_landing"):
                self.assertEqual(
                    sum(counts["rejected"].values()), sum(by_program["tables"][table]["rejected"].values()), table
                )
        self.assertEqual(by_job["tables"]["customer_landing"]["consent_unreadable"], 1)
        (reason,) = by_program["incomplete"]
        self.assertEqual(by_job["tables"]["customer_landing"]["rejected_without_email"], reason["count"])
        self.assertFalse(by_job["complete"])
        self.assertGreater(by_program["rejects_total"], 10)

    def test_records_that_are_read_differently(self):
        """What spark/README.md says of the difference."""
        write(self.folder / "export", DIFFERENT_FILES)
        by_job = self.job(self.folder / "export", self.folder / "lake")["tables"]["accelerometer_landing"]
        by_program = run(self.folder / "export", self.folder / "by-program")["tables"]["accelerometer_landing"]
        parts = str(self.folder / "lake" / PLACES["accelerometer_trusted"] / "*.parquet")
        ours = times(parts)
        theirs = times(parquet(self.folder / "by-program", "accelerometer_trusted"))
        for time, (name, _, expected_ours, expected_theirs) in enumerate(DIFFERENT, 1):
            with self.subTest(name):
                self.assertEqual((ours.count(time), theirs.count(time)), (expected_ours, expected_theirs))
        # The program counts what stands behind a record.
        self.assertEqual((by_job["rows_in"], by_program["rows_in"]), (len(DIFFERENT), len(DIFFERENT) + 1))

    def test_consent_that_was_taken_back_in_a_record_that_is_no_row(self):
        for name, export, complete in [("of-customers", TAKEN_BACK, True), ("among-readings", AMONG_READINGS, False)]:
            write(self.folder / name, export)
            with self.subTest(name):
                self.taken_back(self.folder / name, complete)

    def taken_back(self, export, complete):
        for records, people in [("any", ["a@test.com", "b@test.com", "c@test.com"]), ("latest", ["c@test.com"])]:
            by_job, by_program = self.compare(export, records=records)
            self.assertEqual((by_job["complete"], by_program["complete"]), (complete, complete))
            parts = str(self.folder / "lake" / PLACES["customer_trusted"] / "*.parquet")
            emails = duckdb.sql(f"SELECT DISTINCT email FROM read_parquet('{parts}') ORDER BY email").fetchall()
            self.assertEqual([email for (email,) in emails], people)

    def test_a_list_of_withdrawals_as_people_keep_it(self):
        write(self.folder / "export", EQUAL)
        withdrawals = self.folder / "withdrawals"
        withdrawals.write_bytes("name;E-Mail\r\nA;\u00a0A@test.com\r\nZ;z@test.com\r\n".encode("utf-16"))
        by_job, by_program = self.compare(self.folder / "export", withdrawals=withdrawals)
        self.assertEqual(by_job["withdrawals"], {"entries": 2, "unmet_lines": [3]})
        self.assertEqual(by_program["options"]["withdrawals"], 2)

    def test_other_framings_are_refused_by_name(self):
        sample(self.folder / "sample", 0.5, "--defects")
        done = self.submit(self.folder / "sample", self.folder / "lake")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("Only newline-delimited JSON is read here", done.stdout)
        self.assertIn("accelerometer-000.json", done.stdout)
        self.assertFalse((self.folder / "lake").exists())

    def test_wrappers_types_and_encodings_are_refused_by_name(self):
        cases = Path(__file__).resolve().parents[1] / "cases"
        glue, utf16 = cases / "21-glue-choice-struct", cases / "29-utf16-powershell"
        exports = {glue: glue / "accelerometer/landing/accelerometer-1.json"}
        # Customers are read first.
        exports[utf16] = utf16 / "customer/landing/customer-1.json"
        for number, (name, text) in enumerate(NO_LINES.items()):
            content = text if isinstance(text, bytes) else f"{text}\n".encode()
            exports |= self.export_with(f"export-{number}", f"{name.replace(' ', '-')}.json", content)
        self.assert_refused(exports)

    def test_archives_are_refused_by_name(self):
        content = f"{reading()}\n".encode()
        exports = {}
        for name, archive in {
            "export.zip": zip_of("reading.json", content),
            "EXPORT.ZIP": zip_of("reading.json", content),
            "export.tar": tar_of("reading.json", content),
            "export.tar.gz": tar_of("reading.json", content, "gz"),
            "export.tgz": tar_of("reading.json", content, "gz"),
            "a tar of another name": tar_of("reading.json", content),
        }.items():
            exports |= self.export_with(f"with-{name.replace(' ', '-')}", name.replace(" ", "-"), archive)
        self.assert_refused(exports)

    def export_with(self, export, name, content):
        """A good export, and beside its readings one other file: the export and that file."""
        export = self.folder / export
        write(export, {"customer": [CUSTOMER], "accelerometer": [reading()], "step_trainer": [STEP]})
        file = export / "accelerometer" / "landing" / name
        file.write_bytes(content)
        return {export: file}

    def assert_refused(self, exports):
        """Each export is refused for just one file, which is named whole, and nothing is written."""
        lake = self.folder / "lake"
        ended = self.calls(*(["--input", export, "--out", lake] for export in exports))
        for (export, file), (code, said) in zip(exports.items(), ended, strict=True):
            with self.subTest(file.name, export=export.name):
                self.assertEqual(code, 1, said)
                self.assertIn("Only newline-delimited JSON is read here", said)
                _, names = said.split("reads them:\n")
                named = {re.sub("^file:/+", "/", name.strip()) for name in names.splitlines()}
                self.assertEqual(named, {str(file)})
        self.assertFalse(lake.exists())

    def test_spellings_dates_and_two_consents_are_read(self):
        cases = Path(__file__).parents[1] / "cases"
        for case in ["14-iso-timestamps", "36-consent-field-in-snake-case", "49-non-ascii-names"]:
            with self.subTest(case):
                self.compare(cases / case)
        field = '"shareWithResearchAsOfDate"'
        twice = '{"email":"a@test.com","serialNumber":"s1",%s:5,%s:0}' % (field, field)
        write(self.folder / "twice", {"customer": [twice, twice.replace(":5", ":0").replace(":0}", ":5}")]})
        by_job, _ = self.compare(self.folder / "twice")
        self.assertEqual(by_job["tables"]["customer_landing"]["consent_conflict"], 2)

    def test_a_wrong_argument_is_refused(self):
        done = self.cluster.submit("--input", "in", "--out", "out", "--consnet", "as-of")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--consnet", done.stdout)
        for more in [["--join", "time"], ["--identity", "serial"]]:
            done = self.cluster.submit("--input", "in", "--out", "out", "--times", "shifted", *more)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--times shifted moves all times of one person", done.stdout)

    def compare(self, inputs, others=(), **options):
        """Runs both and compares all that they write; the two reports."""
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        by_job = self.job(inputs, self.folder / "lake", f"--key-file={self.key}", *flags, *others)
        # The program replaces no lake by one that lacks a kind of input.
        shutil.rmtree(self.folder / "by-program", ignore_errors=True)
        by_program = run(inputs, self.folder / "by-program", key_file=self.key, **options)
        self.assert_same_tables(self.folder / "lake", self.folder / "by-program")
        for table in PLACES:
            counts = [report["tables"][table]["rows_out"] for report in (by_job, by_program)]
            self.assertEqual(*counts, table)
        return by_job, by_program


def zip_of(name, content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def tar_of(name, content, packing=""):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{packing}") as archive:
        about = tarfile.TarInfo(name)
        about.size = len(content)
        archive.addfile(about, io.BytesIO(content))
    return packed.getvalue()


def times(files):
    return [time for (time,) in duckdb.sql(f"SELECT timestamp FROM read_parquet('{files}')").fetchall()]


if __name__ == "__main__":
    unittest.main()
