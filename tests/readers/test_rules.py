"""Every combination of the options gives the rows that the oracle gives."""

import itertools
import json
import random
import tempfile
import unittest
from pathlib import Path

from oracle import curate
from program import CHOICES, PLACES, REAL_DATA, parquet, run, sample

COMBINATIONS = [
    dict(zip(("consent", "records", "shared_serials", "join"), choice)) for choice in itertools.product(*CHOICES.values())
]

# What is known about the real data, in the order of the report's tables.
KNOWN = [
    ({}, [956, 81273, 28680, 482, 40981, 482, 14460, 40981]),
    ({"join": "time"}, [956, 81273, 28680, 482, 40981, 482, 14460, 43681]),
    ({"consent": "as-of"}, [956, 81273, 28680, 482, 32025, 464, 11297, 32025]),
]


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_real_data(self):
        for options in COMBINATIONS:
            self.compare(REAL_DATA, **options)

    @unittest.skipUnless(REAL_DATA.is_dir(), f"the real data is not here ({REAL_DATA})")
    def test_known_counts(self):
        for options, counts in KNOWN:
            with self.subTest(options):
                tables = run(REAL_DATA, self.folder / "lake", **options)["tables"]
                self.assertEqual([table["rows_out"] for table in tables.values()], counts)

    def test_sample(self):
        sample(self.folder / "sample", 0.02)
        for options in COMBINATIONS:
            self.compare(self.folder / "sample", **options)

    def test_small_lakes_full_of_collisions(self):
        for seed in range(6):
            inputs = self.folder / f"small-{seed}"
            withdrawals = small_lake(inputs, random.Random(seed))
            for options in COMBINATIONS:
                self.compare(inputs, **options)
                self.compare(inputs, withdrawals, **options)

    def compare(self, inputs, withdrawals=(), **options):
        with self.subTest(inputs=inputs.name, withdrawals=withdrawals, **options):
            flags = dict(options)
            if withdrawals:
                flags["withdrawals"] = self.folder / "withdrawals"
                flags["withdrawals"].write_text("\n".join(withdrawals))
            lake = self.folder / "lake"
            report = run(inputs, lake, identity="serial", **flags)
            expected = curate(inputs, withdrawals, **options)
            for table, counts in report["tables"].items():
                (count,) = expected.execute(f"SELECT count(*) FROM {table}").fetchone()
                self.assertEqual(counts["rows_out"], count, table)
            for table in PLACES:
                ours = f"FROM read_parquet('{parquet(lake, table)}')"
                differing = expected.execute(
                    f"(FROM {table} EXCEPT ALL {ours}) UNION ALL ({ours} EXCEPT ALL FROM {table})"
                ).fetchall()
                self.assertEqual(differing, [], table)


def small_lake(folder, dice):
    """Few people, devices and moments, so that emails, serial numbers and times meet in every way."""
    emails = ["a@test.com", "A@test.com", "b@test.com", "c@test.com", "d@test.com"]
    serials = ["s1", "s2", "s3", "s4"]

    def moment():
        return dice.choice(range(1000, 1008))

    def customer():
        record = {"email": dice.choice(emails), "serialNumber": dice.choice(serials)}
        record["phone"] = dice.choice(["1", None])
        record["lastUpdateDate"] = dice.choice([None, 1, 2, 2, 3])
        record["shareWithResearchAsOfDate"] = dice.choice([None, 0, -5, moment(), moment(), moment()])
        return record

    def acceleration():
        axes = {axis: dice.choice([-1.0, 0.0, 0.25]) for axis in "xyz"}
        return {"user": dice.choice([*emails, "nobody@test.com"]), "timestamp": moment(), **axes}

    def step():
        distance = dice.choice([None, 1, 2])
        return {"sensorReadingTime": moment(), "serialNumber": dice.choice([*serials, "s9"]), "distanceFromObject": distance}

    for zone, make, rows in [("customer", customer, 9), ("accelerometer", acceleration, 50), ("step_trainer", step, 50)]:
        file = folder / zone / "landing" / "1.json"
        file.parent.mkdir(parents=True)
        file.write_text("".join(json.dumps(make()) + "\n" for _ in range(rows)))
    return [dice.choice(emails).upper(), f" {dice.choice(serials)} ", "unknown@test.com"]


if __name__ == "__main__":
    unittest.main()
