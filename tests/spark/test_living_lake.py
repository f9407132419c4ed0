"""A lake that the job goes on from, or takes people out of, is that of the program; each reads the other's lakes."""

import json
import random
import shutil
import subprocess
import unittest
from pathlib import Path

import jsonschema

from job_case import JobCase, report_of, rows_of, tree
from program import PLACES, PROGRAM, call, run, sample

DOCS = Path(__file__).parents[2] / "docs"
SCHEMAS = {name: json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("report", "erasure")}
# What the job says of a run that the schema of the report describes.
OF_REPORT = ["format", "version", "tool", "complete", "incomplete", "options", "archives", "outputs", "files"]
OF_REPORT += ["warnings", "from", "inputs", "rejects", "rejects_kept", "rejects_total", "people"]
CONSENT = "shareWithResearchAsOfDate"
ZONES = ["customer", "accelerometer", "step_trainer"]
NARROW = {"consent": "as-of", "duplicates": "drop", "shared_serials": "drop", "times": "shifted"}


class LivingLake(JobCase):
    def setUp(self):
        super().setUp()
        self.export, self.lake, self.expected = (self.folder / name for name in ("export", "lake", "expected"))
        self.with_key = f"--key-file={self.key}"
        sample(self.export, 0.02)

    def test_the_job_and_the_program_go_on_from_one_lake_in_turns(self):
        for seed, options in [(1, {}), (2, NARROW)]:
            with self.subTest(seed=seed):
                parts = split(self.export, self.folder / f"parts-{seed}", 4, random.Random(seed))
                lake = self.folder / f"lake-{seed}"
                run(self.export, self.folder / f"expected-{seed}", key_file=self.key, **options)
                self.job(parts[0], lake, self.with_key, *flags(options))
                self.check(lake)
                before = report_of(lake)["outputs"]
                call(["run", parts[1], "--from", lake, "--out", lake, self.with_key, *flags(options)])
                self.check(lake)
                self.assertFalse([part for part in before if (lake / part["file"]).exists()])
                # What it was made of comes again, and is left out.
                for zone in ZONES[1:]:
                    shutil.copytree(parts[0] / zone, parts[2] / zone, dirs_exist_ok=True)
                told = self.job(parts[2], lake, self.with_key, "--from", lake, *flags(options))
                self.assertEqual(told["from"]["left_out"], 2)
                self.assertEqual(told["from"]["newly_admitted"], {"people": 0, "devices": 0, "earlier_dates": 0})
                self.check(lake)
                self.job(parts[3], lake, self.with_key, "--from", lake, *flags(options))
                self.check(lake)
                self.assert_same_tables(lake, self.folder / f"expected-{seed}")
                made = [version["made"] for version in json.loads((lake / "history.json").read_text())["versions"]]
                self.assertEqual(made, ["run", "gone_on", "gone_on", "gone_on"])
                names = [Path(file["name"]).name for file in report_of(lake)["from"]["files"]]
                self.assertEqual(len(names), 6, "the files of three runs, each once")

    def test_newly_admitted_people_are_counted_and_named_as_by_the_program(self):
        first, second = split(self.export, self.folder / "parts", 2, random.Random(3))
        change_customers(first, share_a_device)
        change_customers(second, consent_otherwise)
        options = [
            ({}, {}),
            ({"consent": "as-of"}, {"consent": "as-of"}),
            ({"consent": "as-of"}, {}),
            ({"consent": "as-of-phone"}, {"consent": "as-of"}),
            ({"consent": "as-of"}, {"consent": "as-of-phone"}),
            ({"shared_serials": "drop"}, {"shared_serials": "keep"}),
            ({"shared_serials": "drop"}, {"shared_serials": "drop", "records": "latest"}),
        ]
        calls, totals = [], []
        for at, (was, now) in enumerate(options):
            lake, expected = self.folder / f"was-{at}", self.folder / f"expected-{at}"
            run(first, lake, key_file=self.key, **was)
            call(["run", second, "--from", lake, "--out", expected, self.with_key, *flags(now)])
            calls.append([*self.arguments(second, self.folder / f"lake-{at}"), "--from", lake, *flags(now)])
        for at, told in enumerate(self.assert_called(*calls)):
            with self.subTest(options[at]):
                expected = self.folder / f"expected-{at}"
                self.assertEqual(told["from"], report_of(expected)["from"])
                totals.append(sum(told["from"]["newly_admitted"].values()))
                newly = [about["count"] for about in told["warnings"] if about["code"] == "newly_admitted"]
                self.assertEqual(newly, [totals[-1]])
                self.assert_same_tables(self.folder / f"lake-{at}", expected)
        self.assertGreater(len(set(totals)), 2, "the cases differ")

    def test_erasing_gives_the_tables_of_a_run_with_the_list(self):
        people = self.people()
        # Somebody who stays has a device of somebody who goes, and a name of a file names somebody too.
        stays = {"email": people[3][0], "serialNumber": people[0][1], CONSENT: 10**11}
        change_customers(self.export, lambda customers, _: customers.append(stays))
        named = self.export / "step_trainer" / "landing" / f"of-{people[0][0]}.json"
        shutil.move(next((self.export / "step_trainer" / "landing").iterdir()), named)
        listed = self.folder / "list"
        listed.write_text(f" {people[0][0].upper()}\nnobody@example.com\n{people[1][1]} \n{people[2][0]}\n")
        cases = [{}, NARROW, {"identity": "serial", "records": "latest"}]
        request = ["--reference", " 2026-03-04, case 17/2026 "]
        for at, options in enumerate(cases):
            with self.subTest(options):
                lakes = [self.folder / f"{name}-{at}" for name in ("by-program", "of-program", "of-job")]
                run(self.export, self.folder / f"expected-{at}", key_file=self.key, withdrawals=listed, **options)
                run(self.export, lakes[0], key_file=self.key, **options)
                shutil.copytree(lakes[0], lakes[1])
                call(["erase", lakes[0], "--withdrawals", listed, self.with_key, *request])
                if at == 0:
                    self.job(self.export, lakes[2], self.with_key, *flags(options))
                else:
                    self.assert_called([*self.arguments(self.export, lakes[2]), *flags(options)])
                for lake in lakes[1:]:
                    erase = ["erase", lake, "--withdrawals", listed, self.with_key, *request]
                    if at == 0:
                        said = self.done(self.cluster.submit(*erase))
                    else:
                        (said,) = self.assert_called(erase)
                    self.assertEqual((said["asked"], said["matched"], said["unmet_lines"]), (4, 3, [2]))
                    self.check(lake, "erasure")
                    self.assert_same_tables(lake, self.folder / f"expected-{at}")
                    self.assert_nobody_is_in(lake, people)
                    # The later record of who stays is the one without the device.
                    shared = 0 if "records" in options else 1
                    self.assertEqual(self.assert_same_evidence(lake, lakes[0])["shared_serial_numbers"], shared)

    def test_the_program_erases_people_from_a_lake_of_the_job(self):
        people = self.people()
        listed = self.folder / "list"
        listed.write_text(f"{people[0][0]}\n{people[1][1]}\n")
        run(self.export, self.expected, key_file=self.key, withdrawals=listed)
        self.assert_called(self.arguments(self.export, self.lake))
        outputs = report_of(self.lake)["outputs"]
        look = [PROGRAM, "verify", self.lake, "--person", people[0][0], self.with_key]
        self.assertIn(b"In this lake.", subprocess.run(look, capture_output=True).stdout)
        before = {table: len(rows_of(self.lake, table).fetchall()) for table in PLACES}
        call(["erase", self.lake, "--withdrawals", listed, self.with_key])
        self.check(self.lake, "erasure")
        self.assert_same_tables(self.lake, self.expected)
        self.assert_nobody_is_in(self.lake, people)
        told = json.loads((self.lake / "erasure.json").read_text())["erasures"][-1]["tables"]
        self.assertEqual({table: told[table]["rows_before"] for table in PLACES}, before)
        self.assertFalse([part for part in outputs if (self.lake / part["file"]).exists()])

    def test_other_pseudonyms_are_made_only_if_they_are_asked_for(self):
        (self.folder / "other").write_text("another key")
        other, listed = f"--key-file={self.folder / 'other'}", self.folder / "list"
        listed.write_text(self.people()[0][0])
        run(self.export, self.lake, key_file=self.key)
        before = tree(self.lake)
        goes_on = ["--input", self.export, "--out", self.folder / "new", "--from", self.lake]
        erase = ["erase", self.lake, "--withdrawals", listed]
        (_, by_from), (_, by_none), (_, by_erase) = refused = self.calls([*goes_on, other], goes_on, [*erase, other])
        self.assertEqual([code for code, _ in refused], [2, 2, 2])
        for said in (by_from, by_none, by_erase):
            self.assertIn(report_of(self.lake)["options"]["key_check"], said)
        self.assertEqual(tree(self.lake), before)
        self.assertFalse((self.folder / "new").exists())
        run(self.export, self.expected, key_file=self.folder / "other", withdrawals=listed)
        gone_on, erased = self.assert_called([*goes_on, other, "--new-key"], [*erase, other, "--new-key"])
        self.assertEqual((gone_on["options"]["key"], erased["key"]), ("given", "new"))
        self.assert_same_tables(self.lake, self.expected)
        before = tree(self.lake)
        (nothing,) = self.assert_called([*erase, "--new-key"])
        self.assertEqual(nothing["matched"], 0, "whom the list names is gone already")
        self.assertEqual(tree(self.lake), before)
        listed.write_text(f"Ann Lee <{self.people()[1][0]}>")
        (random_key,) = self.assert_called([*erase, "--new-key"])
        self.assertEqual((random_key["key"], random_key["commitment"]), ("new", None))
        self.check(self.lake, "erasure")

    def people(self):
        """Emails and serial numbers of people who are in all tables."""
        run(self.export, self.folder / "all", key_file=self.key)
        rows = rows_of(self.folder / "all", "customer_curated")
        return rows.project("email, serialnumber").order("email").fetchall()[:4]

    def arguments(self, inputs, lake):
        return ["--input", inputs, "--out", lake, self.with_key]

    def check(self, lake, *documents):
        """Holds a lake against its report, and its documents against their schemas."""
        call(["verify", lake])
        report = report_of(lake)
        if "spark" in report["tool"]:
            for name in [name for name in OF_REPORT if name in report]:
                schema = {**SCHEMAS["report"]["properties"][name], "$defs": SCHEMAS["report"]["$defs"]}
                jsonschema.validate(report[name], schema, jsonschema.Draft202012Validator)
        for name in documents:
            document = json.loads((lake / f"{name}.json").read_text())
            jsonschema.validate(document, SCHEMAS[name], jsonschema.Draft202012Validator)

    def assert_nobody_is_in(self, lake, people):
        for path, content in tree(lake).items():
            for email, _ in people[:1]:
                self.assertNotIn(email.lower().encode(), content.lower(), path)
                self.assertNotIn(email.lower(), path.lower())

    def assert_same_evidence(self, lake, other):
        ours, theirs = (json.loads((of / "erasure.json").read_text())["erasures"][-1] for of in (lake, other))
        for name in ("reference", "asked", "matched", "commitment", "key", "landing_files_removed", "names_replaced"):
            self.assertEqual(ours[name], theirs[name], name)
        self.assertEqual(ours["shared_serial_numbers"], theirs["shared_serial_numbers"])
        for table in PLACES:
            counts = [{name: of["tables"][table][name] for name in ("rows_before", "removed")} for of in (ours, theirs)]
            self.assertEqual(*counts, table)
        self.assertEqual(ours["searched"]["values"], theirs["searched"]["values"])
        for name in ("dictionary_values", "statistics", "index_values", "footer_values"):
            self.assertGreater(ours["searched"][name], 0, name)
        options = [report_of(of)["options"] for of in (lake, other)]
        self.assertEqual(*options)
        return ours


def flags(options):
    return [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]


def split(export, folder, count, draw):
    """Exports of all customers, each with some of the readings."""
    parts = [folder / f"part {number}" for number in range(count)]
    for zone in ZONES:
        files = sorted((export / zone / "landing").iterdir())
        lines = [line for file in files for line in file.read_text().splitlines(True)]
        dealt = [[] for _ in parts]
        for line in lines:
            for lines_of_part in dealt if zone == "customer" else [draw.choice(dealt)]:
                lines_of_part.append(line)
        for part, lines_of_part in zip(parts, dealt):
            landing = part / zone / "landing"
            landing.mkdir(parents=True)
            # What Spark says of a file's name is quoted.
            (landing / f"{zone} 100% of [{part.name}].json").write_text("".join(lines_of_part))
    return parts


def change_customers(export, change):
    """Changes the customers of an export who consent, or all of them."""
    (file,) = (export / "customer" / "landing").iterdir()
    customers = [json.loads(line) for line in file.read_text().splitlines()]
    change(customers, [customer for customer in customers if customer.get(CONSENT)])
    file.write_text("".join(json.dumps(customer) + "\n" for customer in customers))


def share_a_device(_, consenting):
    consenting[6]["serialNumber"] = consenting[7]["serialNumber"]


def consent_otherwise(customers, consenting):
    """People who consent now, from earlier on, or not any more, and a device that two have now."""
    next(customer for customer in customers if not customer.get(CONSENT))[CONSENT] = consenting[0][CONSENT]
    for customer in consenting[:3]:
        customer[CONSENT] -= 10**9
    del consenting[3][CONSENT]
    consenting[4]["serialNumber"] = consenting[5]["serialNumber"]


if __name__ == "__main__":
    unittest.main()
