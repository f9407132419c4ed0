"""The Spark job with `--reader spark`, which needs no package: what it reads as the program does, and what not."""

import io
import re
import tarfile
import unittest
import zipfile
from pathlib import Path

import duckdb

from job_case import JobCase
from program import PLACES, REAL_DATA, parquet, run, sample
from tolerance import CUSTOMER, DIFFERENT, DIFFERENT_FILES, EQUAL, SHARED, STEP, TAKEN_BACK, reading, write

BY_SPARK = ["--reader", "spark"]

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


class SparkReader(JobCase):
    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        self.compare(REAL_DATA, BY_SPARK)

    def test_consent_that_was_taken_back(self):
        write(self.folder / "export", TAKEN_BACK)
        by_job, _ = self.compare(self.folder / "export", BY_SPARK, records="latest")
        self.assertTrue(by_job["complete"])

    def test_devices_that_are_shared_by_another_spelling_or_a_rejected_record(self):
        write(self.folder / "export", SHARED)
        by_job, _ = self.compare(self.folder / "export", BY_SPARK, shared_serials="drop")
        self.assertEqual(by_job["tables"]["step_trainer_trusted"]["rows_out"], 1)

    def test_records_that_are_written_oddly(self):
        """What both read alike: the same rows, and as many rejects of each table."""
        write(self.folder / "odd", EQUAL)
        by_job, by_program = self.compare(self.folder / "odd", BY_SPARK)
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
        by_job = self.job(self.folder / "export", self.folder / "lake", *BY_SPARK)["tables"]["accelerometer_landing"]
        by_program = run(self.folder / "export", self.folder / "by-program")["tables"]["accelerometer_landing"]
        parts = str(self.folder / "lake" / PLACES["accelerometer_trusted"] / "*.parquet")
        ours = times(parts)
        theirs = times(parquet(self.folder / "by-program", "accelerometer_trusted"))
        for time, (name, _, expected_ours, expected_theirs) in enumerate(DIFFERENT, 1):
            with self.subTest(name):
                self.assertEqual((ours.count(time), theirs.count(time)), (expected_ours, expected_theirs))
        # The program counts what stands behind a record.
        self.assertEqual((by_job["rows_in"], by_program["rows_in"]), (len(DIFFERENT), len(DIFFERENT) + 1))

    def test_other_framings_are_refused_by_name(self):
        sample(self.folder / "sample", 0.5, "--defects")
        done = self.submit(self.folder / "sample", self.folder / "lake", *BY_SPARK)
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
        ended = self.calls(*(["--input", export, "--out", lake, *BY_SPARK] for export in exports))
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
                self.compare(cases / case, BY_SPARK)
        field = '"shareWithResearchAsOfDate"'
        twice = '{"email":"a@test.com","serialNumber":"s1",%s:5,%s:0}' % (field, field)
        write(self.folder / "twice", {"customer": [twice, twice.replace(":5", ":0").replace(":0}", ":5}")]})
        by_job, _ = self.compare(self.folder / "twice", BY_SPARK)
        self.assertEqual(by_job["tables"]["customer_landing"]["consent_conflict"], 2)

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
