"""Runs in this process: the same tables and refusals as the command line's."""

import json
import os
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

from installed import alone, parquet, program, sample

import stedi_lakehouse as stedi

KEY = b"a key"
PATHS = {
    "customer_trusted": "customer/trusted/part-00000.snappy.parquet",
    "accelerometer_trusted": "accelerometer/trusted/part-00000.snappy.parquet",
    "customer_curated": "customer/curated/part-00000.snappy.parquet",
    "step_trainer_trusted": "step_trainer/trusted/part-00000.snappy.parquet",
    "machine_learning_curated": "step_trainer/curated/part-00000.snappy.parquet",
}


def said_of_rows(report):
    """What a report says of the rows, whoever made it."""
    return {name: report[name] for name in ("complete", "options", "tables", "rejects", "warnings")}


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.export = sample(cls.scratch / "export", "0.01", "--defects")

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        warnings.simplefilter("ignore", stedi.IncompleteWarning)

    def by_program(self, *flags, paths=None):
        """The lake that the command line makes under the key."""
        key, lake = self.folder / "key", self.folder / "theirs"
        key.write_bytes(KEY)
        done = program("run", *(paths or [self.export]), "--out", lake, "--key-file", key, *flags)
        self.assertEqual(done.returncode, 0, done.stderr)
        return lake

    def assert_same(self, run, lake):
        theirs = parquet(lake)
        self.assertEqual({PATHS[name]: table.parquet() for name, table in run.tables.items()}, theirs)
        report = json.loads((lake / "report.json").read_text())
        self.assertEqual(said_of_rows(run.report), said_of_rows(report))
        self.assertEqual(run.report["tables"]["machine_learning_curated"]["rows_out"],
                         len(run.tables["machine_learning_curated"]))

    def test_tables_in_memory_are_those_of_the_command_line(self):
        run = stedi.run([self.export], key=KEY)
        self.assertIsNone(run.folder)
        self.assertEqual(list(run.tables), list(PATHS))
        self.assert_same(run, self.by_program())
        self.assertEqual(list(self.folder.glob("*")), [self.folder / "key", self.folder / "theirs"])

    def test_every_choice_is_passed_on(self):
        flags = {"consent": "as-of", "records": "latest", "emails": "folded", "shared_serials": "drop",
                 "duplicates": "drop", "times": "shifted"}
        run = stedi.run(self.export, key=KEY, **flags)
        self.assert_same(run, self.by_program(*(f"--{name.replace('_', '-')}={to}" for name, to in flags.items())))

    def test_the_environment_says_nothing_and_a_configuration_does(self):
        os.environ["STEDI_CONSENT"] = "as-of"
        self.addCleanup(os.environ.pop, "STEDI_CONSENT")
        config = self.folder / "run.toml"
        config.write_text('records = "latest"\nstrict = true\n')
        options = stedi.run(self.export, key=KEY, config=config, strict=False).report["options"]
        self.assertEqual((options["consent"], options["records"]), ("ever", "latest"))

    def test_saves_what_a_run_with_a_folder_writes(self):
        saved, written = self.folder / "saved", self.folder / "written"
        run = stedi.run(self.export, key=KEY)
        run.save(saved)
        direct = stedi.run(self.export, written, key=KEY)
        self.assertEqual((run.folder, direct.folder), (saved, written))
        self.assertEqual(parquet(saved), parquet(written))
        self.assertEqual(run.report, json.loads((saved / "report.json").read_text()))
        self.assertEqual(program("verify", saved).returncode, 0)
        # A lake is replaced, and nothing else is.
        run.save(saved)
        (self.folder / "theirs" / "customer" / "trusted").mkdir(parents=True)
        (self.folder / "theirs" / "customer" / "trusted" / "mine.txt").write_text("mine")
        with self.assertRaisesRegex(stedi.RunError, "in the way"):
            run.save(self.folder / "theirs")
        self.assertEqual(run.folder, saved)
        # So is no input.
        own = self.folder / "own" / "croissant.json"
        own.parent.mkdir()
        own.write_text('{"email": "a", "serialNumber": "s", "shareWithResearchAsOfDate": 1}')
        with self.assertRaisesRegex(stedi.UsageError, "which is one of its inputs"):
            stedi.run(own).save(own.parent)
        self.assertEqual(list(own.parent.iterdir()), [own])

    def test_research_offers_one_table(self):
        run = stedi.run(self.export, key=KEY, export="research")
        self.assertEqual(list(run.tables), ["machine_learning_curated"])
        run.save(self.folder / "research")
        self.assertEqual(list(parquet(self.folder / "research")), ["data/train-00000-of-00001.parquet"])

    def test_withdrawals_are_a_list_or_a_file(self):
        users = self.users(stedi.run(self.export, key=KEY))
        listed = self.folder / "list.txt"
        listed.write_text("".join(f"{user}\n" for user in users[:2]))
        runs = [stedi.run(self.export, key=KEY, withdrawals=given) for given in (users[:2], listed, str(listed))]
        for run in runs:
            self.assertEqual(run.report["options"]["withdrawals"], 2)
            self.assertFalse(set(users[:2]) & set(self.users(run)))
            self.assertNotIn(users[0], json.dumps(run.report) + "".join(run.messages))
        self.assert_same(runs[0], self.by_program("--withdrawals", listed))

    def users(self, run):
        import pyarrow

        return pyarrow.table(run.tables["customer_trusted"])["email"].to_pylist()

    def test_goes_on_from_a_lake(self):
        customers = sorted(self.export.rglob("*customer*"))
        lake = self.by_program()
        run = stedi.run(customers, key=KEY, from_=lake)
        before = json.loads((lake / "report.json").read_text())["tables"]["machine_learning_curated"]["rows_out"]
        self.assertEqual(len(run.tables["machine_learning_curated"]), before)
        with self.assertRaisesRegex(stedi.UsageError, "went on from"):
            run.save(lake)
        stedi.run(customers, lake, key=KEY, from_=lake)
        with self.assertRaisesRegex(stedi.UsageError, "another key"):
            stedi.run(customers, key=b"another", from_=lake)

    def test_a_random_key_can_be_saved(self):
        key = self.folder / "key"
        first = stedi.run(self.export, save_key=key)
        again = stedi.run(self.export, key_file=key)
        with_bytes = stedi.run(self.export, key=key.read_bytes())
        tables = [run.tables["machine_learning_curated"].parquet() for run in (first, again, with_bytes)]
        self.assertEqual(tables, tables[:1] * 3)
        with self.assertRaisesRegex(stedi.UsageError, "neither"):
            stedi.run(self.export, key=KEY, key_file=key)

    def test_errors_have_places_and_nothing_is_written(self):
        lake = self.folder / "lake"
        with self.assertRaises(stedi.RunError) as caught:
            stedi.run(self.export, lake, key=KEY, strict=True)
        reject = caught.exception.report["rejects"][0]
        self.assertIn(f"{reject['file']}:{reject['line']}: {reject['reason']}", str(caught.exception))
        for error, words, options in [
            (TypeError, "there is no option consnt; did you mean consent", {"consnt": "ever"}),
            (TypeError, "strict takes True or False", {"strict": "yes"}),
            (TypeError, "consent takes a text", {"consent": True}),
            (stedi.UsageError, "sometimes", {"consent": "sometimes"}),
            (stedi.UsageError, "the pseudonym key is empty", {"key": b"\n"}),
            (stedi.UsageError, "cannot read", {"withdrawals": self.folder / "none"}),
            (stedi.UsageError, "needs join = owner", {"times": "shifted", "join": "time"}),
        ]:
            with self.assertRaisesRegex(error, words, msg=str(options)):
                stedi.run(self.export, lake, **options)
        (self.folder / "run.toml").write_text('consent = "as-of"\nrecrds = "latest"\n')
        with self.assertRaisesRegex(stedi.UsageError, "run.toml, line 2: there is no option recrds"):
            stedi.run(self.export, lake, config=self.folder / "run.toml")
        (self.folder / "run.toml").write_text("dry-run = true\n")
        with self.assertRaisesRegex(stedi.UsageError, "dry-run"):
            stedi.run(self.export, lake, config=self.folder / "run.toml")
        with self.assertRaises(stedi.StediError):
            stedi.run(self.folder / "nothing", lake)
        self.assertFalse(lake.exists())

    def test_an_incomplete_run_warns(self):
        broken = self.folder / "customers.json"
        broken.write_text('{"email": "a", "serialNumber": "s", "shareWithResearchAsOfDate": 1}\n{"customerName": ')
        with self.assertWarnsRegex(stedi.IncompleteWarning, "the run is incomplete"):
            run = stedi.run([broken])
        self.assertIn("incomplete", repr(run))

    def test_landing_rows_are_not_handed_out(self):
        run = stedi.run(self.export, key=KEY)
        with self.assertRaisesRegex(KeyError, "no run keeps it"):
            run.tables["customer_landing"]
        self.assertFalse([name for name in run.tables if name.endswith("landing")])

    def test_keywords_are_the_options_of_the_command_line(self):
        known = {option.name: option for option in stedi.options()}
        help_text = program("run", "--help").stdout
        for name, option in known.items():
            flag = f"--{name.removesuffix('_').replace('_', '-')}"
            self.assertIn(f"{flag} <{'|'.join(option.values)}>" if option.takes == "choice" else flag, help_text)
        told = set(json.loads(json.dumps(stedi.run(self.export, key=KEY).report["options"])))
        self.assertLessEqual(told - {"key", "key_check", "withdrawals"}, set(known))

    def test_says_how_far_it_is_and_can_be_ended(self):
        calls = []
        stedi.run(self.export, key=KEY, progress=lambda *call: calls.append(call))
        self.assertEqual(calls[0], ("", 0, 0))
        stage, done, total = calls[-1]
        self.assertEqual(done, total)
        self.assertGreater(total, 0)
        self.assertTrue(stage)
        lake = self.folder / "lake"
        with self.assertRaises(ZeroDivisionError):
            stedi.run(self.export, lake, progress=lambda *_: 1 / 0)
        self.assertFalse(lake.exists())

    def test_other_threads_run_meanwhile(self):
        export = sample(self.folder / "export", "0.2")
        turns, done = [], threading.Event()

        def count():
            while not done.is_set():
                turns.append(None)
                # Gives the interpreter back by itself: nobody takes it away below.
                time.sleep(0.0001)

        before = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, before)
        thread = threading.Thread(target=count)
        thread.start()
        # From here on a thread runs only while another gives the interpreter up.
        sys.setswitchinterval(1000)
        start = len(turns)
        stedi.run(export, key=KEY)
        during = len(turns) - start
        sys.setswitchinterval(before)
        done.set()
        thread.join()
        self.assertGreater(during, 0)

    def test_a_panic_is_an_exception_after_which_the_next_run_works(self):
        code = f"""
import stedi_lakehouse
from stedi_lakehouse import _core
for _ in range(2):
    try:
        _core._panic()
    except stedi_lakehouse.InternalError as error:
        print(error)
run = stedi_lakehouse.run({str(self.export)!r}, key={KEY!r})
print([len(table) for table in run.tables.values()])
"""
        # In a process of its own: a build that aborts would end it.
        first, second, rows = alone(code).splitlines()
        self.assertEqual(first, "a panic on purpose; this is a defect of stedi-lakehouse")
        self.assertEqual(second, first)
        tables = stedi.run(self.export, key=KEY).tables
        self.assertEqual(rows, str([len(table) for table in tables.values()]))


if __name__ == "__main__":
    unittest.main()
