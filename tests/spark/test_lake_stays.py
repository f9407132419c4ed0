"""What the job refuses to do to a lake, and what is left of one when the job is stopped."""

import gzip
import json
import shutil
import subprocess
import unittest

from job_case import CallCase, report_of, rows_of, tree
from program import PLACES, PROGRAM, call, parquet, run, sample


class LakeStays(CallCase):
    def setUp(self):
        super().setUp()
        self.export, self.lake = self.folder / "export", self.folder / "lake"
        self.with_key = f"--key-file={self.key}"
        self.list = self.folder / "list"
        sample(self.export, 0.01)
        run(self.export, self.lake, key_file=self.key)
        self.list.write_text(rows_of(self.lake, "customer_curated").project("email").fetchall()[0][0])

    def goes_on(self, *more, lake=None, out=None):
        lake = lake or self.lake
        return ["--input", self.export, "--from", lake, "--out", out or lake, self.with_key, *more]

    def erases(self, *more, lake=None):
        return ["erase", lake or self.lake, f"--withdrawals={self.list}", self.with_key, *more]

    def copy(self, name, *more):
        """A lake of its own: a copy, or one that the program makes."""
        lake = self.folder / name
        if more:
            call(["run", self.export, "--out", lake, self.with_key, *more])
        else:
            shutil.copytree(self.lake, lake)
        return lake

    def refused(self, cases):
        """Each call ends with this code and these words, and leaves its lake as it was."""
        before = [tree(lake) for _, _, _, lake in cases]
        all_ended = self.calls(*(arguments for _, _, arguments, _ in cases))
        for (code, words, arguments, lake), (ended, said), was in zip(cases, all_ended, before):
            with self.subTest(words):
                self.assertEqual(ended, code, f"{arguments}: {said}")
                self.assertIn(words, said)
                self.assertEqual(tree(lake), was)

    def test_wrong_use_is_refused(self):
        lake = self.lake
        (self.folder / "empty").write_text("\n")
        cases = [
            (2, "--new-key is for a lake", ["--input", self.export, "--out", lake, "--new-key"], lake),
            (2, "--input", ["--from", lake, "--out", lake], lake),
            (2, "--withdrawals", ["erase", lake, self.with_key], lake),
            (2, "unrecognized arguments: --join time", self.erases("--join", "time"), lake),
            (2, "unrecognized arguments: --delete-landing", self.goes_on("--delete-landing"), lake),
            (2, "unrecognized arguments: more", self.erases("more"), lake),
            (2, "no entry", ["erase", lake, f"--withdrawals={self.folder / 'empty'}", self.with_key], lake),
            (2, "it has no report.json", self.goes_on(lake=self.folder, out=self.folder / "new"), lake),
            (2, "it has no report.json", self.erases(lake=self.folder / "nowhere"), lake),
        ]
        self.refused(cases)
        self.assertFalse((self.folder / "new").exists())

    def test_options_that_need_what_a_lake_left_out_are_refused(self):
        folded, dropped = self.copy("folded", "--emails=folded"), self.copy("dropped", "--duplicates=drop")
        research = self.copy("research", "--export=research")
        self.refused(
            [
                (2, "its emails are folded", self.goes_on(lake=folded), folded),
                (2, "compared as they are written", self.goes_on("--emails", "folded"), self.lake),
                (2, "duplicates were dropped", self.goes_on(lake=dropped), dropped),
                (2, "it lacks tables", self.goes_on(lake=research, out=self.folder / "new"), research),
                (2, "lacks tables", self.erases(lake=research), research),
            ]
        )

    def test_a_run_without_customers_is_refused(self):
        shutil.rmtree(self.export / "customer")
        self.refused([(1, "the inputs hold no customers", self.goes_on(), self.lake)])

    def test_what_is_not_the_lakes_is_not_touched(self):
        changed, stray, beside = self.copy("changed"), self.copy("stray"), self.copy("beside")
        packed, wide, named = self.copy("packed"), self.copy("wide"), self.copy("named")
        landing, own_landing = self.copy("landing"), self.copy("own-landing", "--with-landing")
        with open(parquet(changed, "customer_trusted"), "ab") as file:
            file.write(b"more")
        (stray / PLACES["customer_trusted"] / "mine.parquet").write_bytes(b"mine")
        (beside / "notes.txt").write_text(f"about {self.list.read_text().upper()}")
        (packed / "raw.json.gz").write_bytes(gzip.compress(self.list.read_bytes()))
        (wide / "list.txt").write_text(self.list.read_text(), encoding="utf-16")
        (named / f"of {self.list.read_text()}").mkdir()
        (landing / "customer" / "landing").mkdir()
        (landing / "customer" / "landing" / "mine.json").write_text("{}")
        is_own = next((own_landing / "step_trainer" / "landing").iterdir()).name
        self.refused(
            [
                (1, "is not what its report says", self.goes_on(lake=changed, out=self.folder / "new"), changed),
                (1, "is not what its report says", self.erases(lake=changed), changed),
                (1, "mine.parquet", self.goes_on(lake=stray), stray),
                (1, "mine.parquet", ["--input", self.export, "--out", stray], stray),
                (1, "notes.txt", self.erases(lake=beside), beside),
                (1, "raw.json.gz; move them away", self.erases(lake=packed), packed),
                (1, "list.txt; move them away", self.erases(lake=wide), wide),
                (1, "move files and folders", self.erases(lake=named), named),
                (2, "mine.json; they are not the lake's own", self.erases("--delete-landing", lake=landing), landing),
                (2, f"{is_own}; --delete-landing removes them", self.erases(lake=own_landing), own_landing),
                (2, "which the new lake would not have", self.goes_on(lake=own_landing), own_landing),
            ]
        )
        (told,) = self.assert_called(self.erases("--delete-landing", lake=own_landing))
        self.assertEqual(told["landing_files_removed"], 3)
        self.assertFalse(any((own_landing / "customer" / "landing").glob("*.json")))
        call(["verify", own_landing])

    def test_the_reference_of_a_request_is_kept_and_names_nobody_who_is_erased(self):
        people = rows_of(self.lake, "customer_curated").project("email, serialnumber").order("email").fetchall()
        (email, gone), (_, stays) = people[:2]
        self.list.write_text(email)
        refused = [
            (2, "the request has an @", f"of {email}"),
            (2, "the request has an @", "of ann [at] example.com"),
            (2, "the request has control characters", "one\ntwo"),
            (2, "the request has more than 200 characters", "x" * 201),
            # The list has the email of this device, and the lake says whose it is.
            (2, "nothing is erased: the reference of the request names a person", f"case 7, {gone.upper()}"),
        ]
        lake = self.lake
        self.refused([(code, words, self.erases("--reference", text), lake) for code, words, text in refused])
        (told,) = self.assert_called(self.erases("--reference", f" 2026-03-04, about {stays}\n"))
        self.assertEqual(told["reference"], f"2026-03-04, about {stays}", "who stays")
        self.list.write_text(stays)
        self.refused([(2, "the request names a person or device", self.erases("--reference", stays.upper()), lake)])
        (told,) = self.assert_called(self.erases("--reference", " "))
        self.assertNotIn("reference", told)
        erasures = json.loads((lake / "erasure.json").read_text())["erasures"]
        self.assertEqual([erasure.get("reference") for erasure in erasures], ["erased name", None])
        self.assertFalse([path for path, content in tree(lake).items() if stays.encode() in content])
        call(["verify", lake])

    def test_a_job_that_is_stopped_leaves_the_old_lake_or_is_finished(self):
        before = tree(self.lake)
        run(self.export, self.folder / "expected", key_file=self.key, withdrawals=self.list)
        # Its documents are three changes of the disk, and the intent is two.
        early, late = self.copy("early"), self.copy("late")
        ended = self.calls(["5", *self.erases(lake=early)], ["6", *self.erases(lake=late)])
        self.assertEqual([code for code, _ in ended], ["stopped", "stopped"])
        self.assertTrue((early / "_stedi_tmp" / "intent.part").exists())
        self.assertTrue((late / "_stedi_tmp" / "intent.json").exists())
        for name, lake in [("early", early), ("late", late)]:
            said = subprocess.run([PROGRAM, "verify", lake], capture_output=True, text=True)
            self.assertIn("a run was stopped while it wrote to this lake", said.stdout)
            shutil.copytree(lake, self.folder / f"{name}-program")
        # What is left of it is done by the next job, wherever that is stopped, and by the program.
        recoveries = [["recover", early]]
        for step in range(1, 60, 7):
            lake = self.folder / f"late-{step}"
            shutil.copytree(late, lake)
            recoveries += [[step, "recover", lake], ["recover", lake]]
        ended = self.calls(*recoveries)
        self.assertEqual({code for code, _ in ended[2::2]}, {0})
        self.assertIn("stopped", {code for code, _ in ended[1::2]})
        self.assertEqual(tree(early), before)
        finished = [self.folder / f"late-{step}" for step in range(1, 60, 7)]
        for name in ("early", "late"):
            # The program finishes it before it sees that it has nothing to read.
            lake = self.folder / f"{name}-program"
            (self.folder / "nothing").mkdir(exist_ok=True)
            subprocess.run([PROGRAM, "run", self.folder / "nothing", "--out", lake], capture_output=True)
            self.assertFalse((lake / "_stedi_tmp").exists())
        self.assertEqual(tree(self.folder / "early-program"), before)
        for lake in [*finished, self.folder / "late-program"]:
            with self.subTest(lake.name):
                self.assertFalse((lake / "_stedi_tmp").exists())
                call(["verify", lake])
                self.assert_same_tables(lake, self.folder / "expected")

    def test_a_stopped_job_whose_files_were_changed_is_not_finished(self):
        ended = self.calls(["6", *self.erases()])
        self.assertEqual(ended[0][0], "stopped")
        with open(parquet(self.lake, "customer_trusted"), "ab") as file:
            file.write(b"more")
        self.refused([(1, "has changed since", ["recover", self.lake], self.lake)])

    def test_a_lake_is_gone_on_from_into_another_folder(self):
        before, out = tree(self.lake), self.folder / "out"
        # What changes beside the lake does not matter; a file that is there twice is read once.
        (copied,) = (self.export / "step_trainer" / "landing").iterdir()
        copied.write_text("".join(copied.read_text().splitlines(True)[:-9]))
        shutil.copy(copied, copied.with_name("again.json"))
        (told,) = self.assert_called(self.goes_on(out=out))
        self.assertEqual(tree(self.lake), before)
        statuses = sorted(about["status"] for about in told["inputs"])
        self.assertEqual(statuses, ["duplicate", "in_lake", "lake", "lake", "used", "used"])
        call(["run", self.export, "--from", self.lake, "--out", self.folder / "expected", self.with_key])
        self.assert_same_tables(out, self.folder / "expected")
        self.assertEqual(told["from"], report_of(self.folder / "expected")["from"])
        rows = rows_of(self.lake, "step_trainer_trusted").fetchall()
        self.assertEqual(told["tables"]["step_trainer_trusted"]["rows_in_lake"], len(rows))
        history = json.loads((out / "history.json").read_text())["versions"]
        self.assertEqual([version["made"] for version in history], ["run", "gone_on"])
        people = [report_of(lake)["people"] for lake in (self.lake, out)]
        self.assertEqual([version["admission"] for version in history], people)
        self.assertTrue(history[0]["time"].startswith("20"), "when the program made it, by its lineage")


if __name__ == "__main__":
    unittest.main()
