"""Types and examples of the package's documentation."""

import doctest
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from installed import PACKAGES

import stedi_lakehouse
from stedi_lakehouse import __main__, _decode, _errors, _options, _run, _table

MODULES = [stedi_lakehouse, __main__, _decode, _errors, _options, _run, _table]

USE = """
import stedi_lakehouse
from pathlib import Path

run = stedi_lakehouse.run([Path("export"), "more"], None, consent="as-of", strict=True, from_=Path("lake"),
                          withdrawals=["a"], key=b"key", progress=lambda stage, done, total: None)
rows: int = len(run.tables["machine_learning_curated"])
code: str = stedi_lakehouse.decode(b"{}", name="a").rejects[0].reason
"""

MISUSE = ['consent="sometimes"', "consnt='ever'", "strict='yes'", "key='text'", "progress=1"]


def checked(*arguments):
    environment = {**os.environ, "MYPYPATH": str(PACKAGES)}
    with tempfile.TemporaryDirectory() as cache:
        words = [sys.executable, "-m", *arguments]
        environment["MYPY_CACHE_DIR"] = cache
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


class Types(unittest.TestCase):
    def test_the_package_keeps_its_own_types(self):
        done = checked("mypy", "--strict", "--python-version", "3.10", str(PACKAGES / "stedi_lakehouse"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_native_part_is_what_its_types_say(self):
        environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "MYPYPATH": str(PACKAGES)}
        words = [sys.executable, "-m", "mypy.stubtest", "stedi_lakehouse._core", "--ignore-disjoint-bases"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_wrong_options_are_wrong_types(self):
        with tempfile.TemporaryDirectory() as folder:
            use = Path(folder) / "use.py"
            use.write_text(USE)
            done = checked("mypy", "--strict", str(use))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            calls = [f'stedi_lakehouse.run("export", {wrong})' for wrong in MISUSE]
            use.write_text("import stedi_lakehouse\n" + "\n".join(calls) + "\n")
            done = checked("mypy", "--strict", str(use))
            for line in range(2, 2 + len(MISUSE)):
                self.assertIn(f"use.py:{line}: error: ", done.stdout, MISUSE[line - 2])


class Examples(unittest.TestCase):
    def test_examples_are_right(self):
        # The package's own example makes the run that the others show.
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        globs = dict(vars(stedi_lakehouse))
        parsed = doctest.DocTestParser().get_doctest(stedi_lakehouse.__doc__, globs, "stedi_lakehouse", None, 0)
        runner.run(parsed, clear_globs=False)
        self.assertEqual(runner.summarize(verbose=False).failed, 0)
        example = {"result": parsed.globs["result"]}
        for module in MODULES[1:]:
            done = doctest.testmod(module, extraglobs=example, optionflags=doctest.ELLIPSIS)
            self.assertEqual(done.failed, 0, module.__name__)

    def test_everything_has_an_example(self):
        tests = [test for module in MODULES for test in doctest.DocTestFinder().find(module) if test.examples]
        with_examples = {test.name.split(".", 1)[1].split(".", 1)[-1] for test in tests if "." in test.name}
        for name in stedi_lakehouse.__all__:
            public = getattr(stedi_lakehouse, name)
            if not callable(public):
                continue
            self.assertIn(name, with_examples)
            for member, value in vars(public).items() if isinstance(public, type) else ():
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    self.assertIn(f"{name}.{member}", with_examples)


if __name__ == "__main__":
    unittest.main()
