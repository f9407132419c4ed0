"""Records of one's own."""

import gzip
import io
import unittest
import zipfile

import installed  # noqa: F401
import pyarrow as pa

from stedi_lakehouse import DecodeError, StediError, decode

SOON = "a.json:2: not_a_number in timestamp, expected milliseconds, or a date as 2023-11-14T22:13:20.100Z"

LINES = b"""{"user": "a", "timeStamp": "2022-06-18T15:00:44.103Z", "x": 1, "y": 2.5, "z": null, "colour": "red"}
{"user": "b", "timestamp": "soon"}
{"user": "c", "timestamp": 1655564444103.0, "x": "-1", "y": 0, "z": 1e3}
"""


class Decodes(unittest.TestCase):
    def test_gives_rows_and_rejects_with_places(self):
        decoded = decode(LINES, name="a.json")
        (table,) = decoded.tables.values()
        self.assertEqual(pa.table(table).to_pylist(), [
            {"user": "a", "timestamp": 1655564444103, "x": 1.0, "y": 2.5, "z": None},
            {"user": "c", "timestamp": 1655564444103, "x": -1.0, "y": 0.0, "z": 1000.0},
        ])
        (reject,) = decoded.rejects
        self.assertEqual(reject.place, SOON)
        self.assertEqual(LINES[reject.offset:reject.offset + reject.length], b'{"user": "b", "timestamp": "soon"}')
        self.assertEqual((decoded.rejected, decoded.unknown_fields), ({"not_a_number": 1}, {"colour": 1}))

    def test_however_the_data_comes(self):
        wanted = pa.table(decode(LINES).tables["accelerometer_landing"])
        for data in (bytearray(LINES), memoryview(LINES), gzip.compress(LINES), LINES.decode().encode("utf-16")):
            self.assertEqual(pa.table(decode(data).tables["accelerometer_landing"]), wanted)

    def test_data_of_several_tables(self):
        others = b'{"email": "a", "serialNumber": "s"}\n{"sensorReadingTime": 1, "serialNumber": "s"}\n{}'
        decoded = decode(LINES + others)
        self.assertEqual({name: len(table) for name, table in decoded.tables.items()},
                         {"customer_landing": 1, "accelerometer_landing": 2, "step_trainer_landing": 1})
        self.assertEqual([reject.line for reject in decoded.rejects], [2, 6])

    def test_many_rows_come_in_batches(self):
        rows = 150_000
        data = b"".join(b'{"user":"u","timestamp":%d}' % number for number in range(rows))
        reader = pa.RecordBatchReader.from_stream(decode(data).tables["accelerometer_landing"])
        batches = list(reader)
        self.assertGreater(len(batches), 2)
        self.assertEqual(sum(batch.num_rows for batch in batches), rows)

    def test_refusals_are_errors(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("a.json", LINES)
        for data, reason in [(b"", "empty"), (b"PAR1", "parquet"), (b"hello", "not_json"),
                             (archive.getvalue(), "archive")]:
            with self.assertRaises(DecodeError) as caught:
                decode(data, name="a.json")
            self.assertEqual((caught.exception.reason, caught.exception.line), (reason, None))
            self.assertTrue(str(caught.exception).startswith("a.json: "))
        with self.assertRaises(DecodeError) as caught:
            decode(LINES, name="a.json", strict=True)
        error = caught.exception
        self.assertIsInstance(error, StediError)
        self.assertEqual((error.file, error.line, error.offset, error.field, error.reason),
                         ("a.json", 2, LINES.index(b'{"user": "b"'), "timestamp", "not_a_number"))
        self.assertEqual(str(error), SOON)


if __name__ == "__main__":
    unittest.main()
