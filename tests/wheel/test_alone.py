"""The package where nothing else is installed: it imports, and is the program."""

import json
import tempfile
import unittest
import zipfile
from pathlib import Path

import installed
from installed import BIN, alone, parquet, program, sample


class Alone(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_needs_no_other_package(self):
        code = """
import importlib.metadata, importlib.util, json, sys
import stedi_lakehouse
missing = [name for name in ("pyarrow", "polars", "duckdb", "numpy") if importlib.util.find_spec(name) is None]
print(json.dumps([missing, importlib.metadata.requires("stedi-lakehouse"), stedi_lakehouse.__version__]))
"""
        missing, requires, version = json.loads(alone(code))
        self.assertEqual(missing, ["pyarrow", "polars", "duckdb", "numpy"])
        self.assertIsNone(requires)
        self.assertEqual(program("--version").stdout, f"stedi-lakehouse {version}\n")

    def test_one_library_for_every_python(self):
        (wheel,) = (installed.SCRATCH / "wheel").glob("*.whl")
        self.assertIn("-cp310-abi3-", wheel.name)
        names = zipfile.ZipFile(wheel).namelist()
        libraries = [name for name in names if name.endswith(".so")]
        self.assertEqual(libraries, ["stedi_lakehouse/_core.abi3.so"])
        self.assertIn("stedi_lakehouse/py.typed", names)
        self.assertIn("stedi_lakehouse/_options_types.pyi", names)

    def test_a_forked_process_runs_too(self):
        export = sample(self.folder / "export")
        code = f"""
import os, stedi_lakehouse
rows = [len(table) for table in stedi_lakehouse.run({str(export)!r}, key=b"key").tables.values()]
child = os.fork()
if child == 0:
    again = stedi_lakehouse.run({str(export)!r}, key=b"key")
    os._exit(0 if [len(table) for table in again.tables.values()] == rows and rows[0] else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        # It has none of the threads that the first run had.
        self.assertEqual(alone(code), "0\n")

    def test_is_the_program(self):
        words = ["run", "--help"]
        ours, theirs = program(*words, program=BIN / "stedi-lakehouse"), program(*words)
        self.assertEqual((ours.stdout, ours.returncode), (theirs.stdout, 0))
        module = [BIN / "python", "-m", "stedi_lakehouse"]
        self.assertEqual(program("-m", "stedi_lakehouse", *words, program=module[0]).stdout, theirs.stdout)
        wrong = program("run", program=BIN / "stedi-lakehouse")
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ""))
        self.assertIn("required arguments", wrong.stderr)

    def test_writes_the_bytes_of_the_program(self):
        export = sample(self.folder / "export", "0.01", "--defects")
        key = self.folder / "key"
        key.write_bytes(b"a key\n")
        outs = [self.folder / "ours", self.folder / "theirs"]
        for out, called in zip(outs, (BIN / "stedi-lakehouse", installed.PROGRAM), strict=True):
            done = program("run", export, "--out", out, "--key-file", key, program=called)
            self.assertEqual(done.returncode, 0, done.stderr)
        ours, theirs = map(parquet, outs)
        self.assertEqual(len(ours), 5)
        self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main()
