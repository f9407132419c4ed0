"""The program gives the rows that sql/ gives on DuckDB, and no wrong rule would pass."""

import itertools
import json
import os
import random
import shutil
import tempfile
import unittest
from pathlib import Path

from oracle import RULES, curate, land, make_host_tables, tables_from
from program import BY_THREES, BY_TWOS, COMBINATIONS, PLACES, REAL_DATA, meetings, parquet, run, sample
from promises import broken_promises

KEY = b"the key of the tests"
# Cases of small lakes: at first each combination once, with a list of withdrawals or without, then the other way round.
CASES = int(os.environ.get("STEDI_CASES", len(COMBINATIONS)))
IS_LONG = "STEDI_CASES" in os.environ
# After so many cases the next small lake is made.
EACH = 8

MUTATIONS = json.loads((Path(__file__).parents[1] / "sql" / "mutations.json").read_text())

# What is known about the real data, in the order of the report's tables.
KNOWN = [
    ({}, [956, 81273, 28680, 482, 40981, 482, 14460, 40981]),
    ({"join": "time"}, [956, 81273, 28680, 482, 40981, 482, 14460, 43681]),
    ({"consent": "as-of"}, [956, 81273, 28680, 482, 32025, 464, 11297, 32025]),
    # The course's own count of step_trainer_trusted, 14,460, takes steps by another table.
    ({"consent": "as-of-phone", "join": "time"}, [956, 81273, 28680, 482, 32025, 464, 13920, 34437]),
]


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_what_meets_in_the_chosen_combinations(self):
        self.assertEqual(meetings(BY_THREES, 3), meetings(COMBINATIONS, 3))
        self.assertEqual(meetings(BY_TWOS, 2), meetings(COMBINATIONS, 2))

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        self.compare(self.combinations(REAL_DATA, BY_THREES if IS_LONG else BY_TWOS))

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_known_counts(self):
        for options, counts in KNOWN:
            with self.subTest(options):
                tables = run(REAL_DATA, self.folder / "lake", **options)["tables"]
                self.assertEqual([table["rows_out"] for table in tables.values()], counts)

    def test_sample(self):
        sample(self.folder / "sample", 0.02)
        self.compare(self.combinations(self.folder / "sample", COMBINATIONS if IS_LONG else BY_THREES))

    def test_small_lakes_full_of_collisions(self):
        lakes = -(-CASES // EACH)
        cases = self.compare(itertools.islice(self.small_cases(lakes), CASES))
        print(f"{cases} cases of {lakes} small lakes")
        self.assertEqual(cases, CASES)

    def test_a_wrong_rule_is_caught(self):
        # The tables before that of a wrong rule are the right ones: it is tried before those that come earlier.
        order = list(PLACES)
        uncaught = sorted(MUTATIONS, key=lambda mutation: order.index(mutation["table"]), reverse=True)
        # Some need people as few lakes have them.
        for case in self.small_cases(200):
            case.make_host_tables()
            curate(case.tables)
            uncaught = [mutation for mutation in uncaught if not case.catches(mutation)]
            shutil.rmtree(case.lake)
            if not uncaught:
                break
        self.assertEqual([mutation["name"] for mutation in uncaught], [], "no case shows that these are wrong")

    def compare(self, cases):
        count = 0
        for count, case in enumerate(cases, 1):
            with self.subTest(case.name):
                self.assertEqual(case.differences(), {})
                self.assertEqual(broken_promises(case.lake), [])
            shutil.rmtree(case.lake)
        return count

    def combinations(self, inputs, combinations):
        tables = land(inputs)
        for options in combinations:
            yield Case(self.folder, inputs, tables, (), options)

    def small_cases(self, lakes):
        """Small lakes, and for each of them the next combinations of all, in an order by chance."""
        combinations = list(enumerate(COMBINATIONS))
        random.Random(0).shuffle(combinations)
        turns = itertools.cycle([*((*one, 0) for one in combinations), *((*one, 1) for one in combinations)])
        for seed in range(lakes):
            inputs = self.folder / f"small-{seed}"
            withdrawals = small_lake(inputs, random.Random(seed))
            tables = land(inputs)
            for number, options, turn in itertools.islice(turns, EACH):
                yield Case(self.folder, inputs, tables, withdrawals if (number + turn) % 2 else (), options)
            shutil.rmtree(inputs)


class Case:
    """What the program made of an export, and the landing tables for the rules."""

    numbers = itertools.count()

    def __init__(self, folder, inputs, tables, withdrawals, options):
        self.name = f"{inputs.name} withdrawals={withdrawals} {options}"
        self.tables, self.withdrawals = tables, withdrawals
        self.options = {name.replace("-", "_"): value for name, value in options.items()}
        self.lake = folder / f"lake-{next(self.numbers)}"
        flags = dict(self.options, key_file=folder / "key", withdrawals=folder / "withdrawals")
        flags["key_file"].write_bytes(KEY)
        flags["withdrawals"].write_text("\n".join(withdrawals))
        self.report = run(inputs, self.lake, **flags)

    def make_host_tables(self):
        make_host_tables(self.tables, self.withdrawals, KEY, **self.options)

    def differences(self):
        """By table: what the program and the rules differ in."""
        self.make_host_tables()
        curate(self.tables)
        differences = {}
        for table, counts in self.report["tables"].items():
            (count,) = self.tables.execute(f"SELECT count(*) FROM {table}").fetchone()
            if counts["rows_out"] != count:
                differences[table] = f"the program has {counts['rows_out']} rows, the rules {count}"
        for table in PLACES.keys() - differences.keys():
            if rows := self.other_rows(table):
                differences[table] = rows
        return differences

    def other_rows(self, table):
        """The rows that either the program or the rules have, and not both."""
        ours = f"FROM read_parquet('{parquet(self.lake, table)}')"
        query = f"(FROM {table} EXCEPT ALL {ours}) UNION ALL ({ours} EXCEPT ALL FROM {table})"
        return self.tables.execute(query).fetchall()

    def catches(self, mutation):
        """Whether a wrong rule gives other rows. Tables that are made before its own must be there, and right."""
        first = mutation["table"]
        curate(self.tables, mutated(mutation), first)
        return any(self.other_rows(table) for table in tables_from(first))


def mutated(mutation):
    rule = RULES[mutation["table"]]
    if rule.count(mutation["from"]) != 1:
        raise AssertionError(f"{mutation['from']!r} is not in {mutation['table']}.sql, or not once")
    return RULES | {mutation["table"]: rule.replace(mutation["from"], mutation["to"])}


def small_lake(folder, dice):
    """Few people, devices and moments, so that emails, serial numbers and times meet in every way."""
    emails = ["a@test.com", "A@test.com", "B@test.com", "Ä@test.com", "d@test.com", "\u00a0D@test.com "]
    serials = ["s1", "s2", "s3", " s3", "s4"]

    def moment():
        # The first two are no consent dates where these decide on readings.
        return dice.choice(range(99_999_999_998, 100_000_000_006))

    def customer():
        record = {"email": dice.choice(emails), "serialNumber": dice.choice(serials)}
        record["phone"] = dice.choice(["1", None])
        record["lastUpdateDate"] = dice.choice([None, 1, 2, 2, 3, 10**11, 10**14])
        record["shareWithResearchAsOfDate"] = dice.choice([None, 0, -5, moment(), moment(), moment()])
        return record

    def spoilt(line):
        """Now and then a record that is none: of a wrong type, cut behind the email, or within it."""
        wrong = line.replace('"phone": "1"', '"phone": true').replace('"phone": null', '"phone": true')
        return dice.choice([wrong, line[: line.index("serialN")], line[: line.index("@")], *[line] * 17])

    def acceleration():
        axes = {axis: dice.choice([-1.0, 0.0, 0.25, None]) for axis in "xyz"}
        return {"user": dice.choice([*emails, "nobody@test.com"]), "timestamp": moment(), **axes}

    def step():
        distance = dice.choice([None, 1, 2])
        return {"sensorReadingTime": moment(), "serialNumber": dice.choice([*serials, "s9"]), "distanceFromObject": distance}

    for zone, make, most in [("customer", customer, 12), ("accelerometer", acceleration, 60), ("step_trainer", step, 60)]:
        # Now and then a table is empty; the customers never, or there would be nothing to compare.
        rows = dice.choice([0, 1, most // 2, *[most] * 9]) or (zone == "customer")
        file = folder / zone / "landing" / "1.json"
        file.parent.mkdir(parents=True)
        lines = [json.dumps(make(), ensure_ascii=False) for _ in range(rows)]
        if zone == "customer":
            lines = [lines[0], *map(spoilt, lines[1:])]
        # Overlapping exports hold records twice.
        lines += dice.sample(lines, min(len(lines), dice.choice([0, 1, 3])))
        file.write_text("".join(f"{line}\n" for line in lines))
    return [*map(str.upper, dice.sample(emails, 2)), f" {dice.choice(serials)}\u00a0", "unknown@test.com"]


if __name__ == "__main__":
    unittest.main()
