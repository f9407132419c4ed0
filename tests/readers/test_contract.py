"""What the tables promise: contract.yaml by datacontract-cli, which must also see what was broken on purpose, and the
rulesets of Glue by their published grammar alone: nothing outside of Glue runs them."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import yaml

from program import NO_NETWORK, PLACES, call, parquet, run, sample

DATACONTRACT = os.environ["STEDI_DATACONTRACT"]
# It must need no network, and keep nothing in the user's home.
NOWHERE = {**NO_NETWORK, "HOME": "/nonexistent", "NO_COLOR": "1"}
# It casts what it reads to the types of the contract; a rule of the contract looks into the file instead.
UNTYPED = "Checking types in parquet files is not supported yet."
CURATED = "machine_learning_curated"

RUNS = [
    {},
    {"consent": "as-of", "records": "latest", "shared-serials": "drop", "duplicates": "drop", "emails": "folded"},
    {"consent": "as-of-phone", "identity": "serial", "join": "time", "compression": "zstd"},
    {"times": "shifted", "duplicates": "drop"},
    {"times": "relative", "consent": "as-of"},
    {"export": "research"},
    {"export": "research", "times": "relative", "identity": "pseudonym"},
    {"format": "delta", "duplicates": "drop"},
]

CONSENT = "sharewithresearchasofdate"
COLUMNS = "No other column, and no other type: whatever would name a person is not there"
SINCE = "No reading is from before the consent that it stands on"


def replaced(what):
    return f"SELECT * REPLACE ({what}) FROM one"


# What is done to one row of a table, as SQL, and the promise that it breaks.
FAULTS = [
    ("customer_trusted", replaced("NULL::VARCHAR AS email"), "Check that field email has no missing values"),
    ("customer_trusted", replaced("'' AS serialnumber"), "Check that field serialnumber has a min length of 1"),
    ("customer_trusted", replaced(f"NULL::BIGINT AS {CONSENT}"), f"Check that field {CONSENT} has no missing values"),
    ("customer_curated", replaced(f"0::BIGINT AS {CONSENT}"), f"Check that field {CONSENT} has a minimum of 1"),
    ("accelerometer_trusted", replaced("'nobody' AS user"), "Each reading is of a person who agreed"),
    ("step_trainer_trusted", replaced("'none' AS serialnumber"), "Each reading is of a device of customer_curated"),
    ("customer_curated", replaced("'nobody' AS email"), "Each person has a reading"),
    ("customer_curated", replaced("'other' AS phone"), "Each record is one of customer_trusted"),
    (CURATED, replaced("'a@b.c' AS subject"), "Check that field subject matches regex pattern ^[0-9a-f]{32}$"),
    (CURATED, replaced("repeat('0', 32) AS subject"), "The subjects that the report counts"),
    (
        CURATED,
        replaced("-1::INTEGER AS distancefromobject"),
        "What the step trainer measured is in step_trainer_trusted",
    ),
    (CURATED, replaced("9e9::DOUBLE AS z"), "What the phone measured is in accelerometer_trusted"),
]
# The same of all rows.
SHAPES = [
    (CURATED, "SELECT *, 'a@example.com' AS email FROM whole", COLUMNS),
    (CURATED, "SELECT * REPLACE (distancefromobject::BIGINT AS distancefromobject) FROM whole", COLUMNS),
    ("customer_trusted", "SELECT * EXCLUDE (phone) FROM whole", "Check that field 'phone' is present"),
    (
        "step_trainer_trusted",
        "FROM whole LIMIT (SELECT count(*) - 1 FROM whole)",
        "Check that model step_trainer/trusted has row_count = ROWS",
    ),
]
# Of what only some options promise.
OPTIONAL = [
    (
        {"consent": "as-of", "records": "latest", "shared-serials": "drop", "duplicates": "drop"},
        [
            ("accelerometer_trusted", replaced("100000000000 AS timestamp"), SINCE),
            ("step_trainer_trusted", replaced("100000000000 AS sensorreadingtime"), SINCE),
            (
                "customer_trusted",
                replaced("lastupdatedate + 1 AS lastupdatedate") + " UNION ALL FROM one",
                "Of each person only the newest records",
            ),
            ("step_trainer_trusted", "FROM one UNION ALL FROM one", "No two rows are equal in every column"),
            (
                "customer_trusted",
                replaced("'other' AS email") + " UNION ALL FROM one",
                "No reading is of a device of several people",
            ),
        ],
    ),
    ({"times": "relative"}, [(CURATED, replaced("-5 AS sensorreadingtime"), "The times of each subject start at 0")]),
    ({"identity": "serial"}, [(CURATED, replaced("'none' AS subject"), "Each subject is a device")]),
]


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.export = cls.folder / "export"
        sample(cls.export, 0.02, "--defects")

    def lake(self, name, **options):
        lake = self.folder / name
        return lake, run(self.export, lake, **{name.replace("-", "_"): value for name, value in options.items()})

    def test_the_lake_keeps_its_promises(self):
        for at, options in enumerate(RUNS):
            with self.subTest(options):
                lake, report = self.lake(f"kept-{at}", **options)
                if options.get("format") == "delta":
                    self.read_as_parquet(lake)
                ended, checks = checked(lake)
                self.assertEqual(ended, 0, broken(checks))
                self.assertEqual(broken(checks), set())
                self.assertEqual({check["reason"] for check in checks if check["result"] == "warning"}, {UNTYPED})
                tables = [CURATED] if options.get("export") == "research" else list(PLACES)
                contract = yaml.safe_load((lake / "contract.yaml").read_text())
                self.assertEqual([table["businessName"] for table in contract["schema"]], tables)
                counts = [table["quality"][0]["mustBe"] for table in contract["schema"]]
                self.assertEqual(counts, [report["tables"][table]["rows_out"] for table in tables])
                self.check_rulesets(lake, report, tables)

    def read_as_parquet(self, lake):
        """To read Delta Lake itself datacontract-cli gets an extension from the network. The tables of a lake of one
        version are one file each: so all is checked but that it finds these files by their logs."""
        file = lake / "contract.yaml"
        self.assertEqual(datacontract("lint", file).returncode, 0)
        contract = yaml.safe_load(file.read_text())
        delta = {"server": "folder", "type": "local", "path": "{model}", "format": "delta"}
        self.assertEqual(contract["servers"], [delta])
        self.assertTrue(all((lake / table["name"] / "_delta_log").is_dir() for table in contract["schema"]))
        contract["servers"] = [{**delta, "path": "{model}/*.parquet", "format": "parquet"}]
        file.write_text(yaml.safe_dump(contract))

    def test_a_fault_is_found_in_either_split(self):
        key = self.folder / "key"
        key.write_bytes(b"the key of the splits")
        lake, report = self.lake("split", export="research", test_share=0.5, key_file=key)
        self.assertEqual(checked(lake)[0], 0)
        for split in ("train", "test"):
            with self.subTest(split), tempfile.TemporaryDirectory(dir=self.folder) as folder:
                self.assertGreater(report["splits"][split]["rows"], 0)
                copy = shutil.copytree(lake, Path(folder) / "lake")
                file = str(copy / f"data/{split}-00000-of-00001.parquet")
                con = duckdb.connect()
                con.sql(f"CREATE TABLE whole AS FROM read_parquet('{file}')")
                con.sql("SELECT *, 'a@example.com' AS email FROM whole").write_parquet(file)
                ended, checks = checked(copy)
                self.assertEqual(ended, 1)
                self.assertIn(COLUMNS, broken(checks))

    def test_an_empty_lake_keeps_them_too(self):
        lake = self.folder / "empty"
        run(self.export / "customer", lake)
        self.assertEqual(checked(lake)[0], 0)

    def test_the_contract_is_valid_by_this_version_of_the_standard_and_the_next(self):
        lake, _ = self.lake("valid")
        text = (lake / "contract.yaml").read_text()
        for version in ("v3.1.0", "v3.2.0"):
            file = self.folder / "version.yaml"
            file.write_text(text.replace("v3.1.0", version))
            done = datacontract("lint", file)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(f"valid against ODCS {version}", done.stdout)

    def test_what_the_publisher_says_stands_in_it_as_it_was_said(self):
        texts = ["CC-BY-4.0", "null", "- a: b # c\n'd' \"e\"\t\\", 'say "it\'s"', "\u2028\u0085\uffff\U0001f600"]
        for at, text in enumerate(texts):
            with self.subTest(text):
                said = {"license": text, "creator": text, "url": "https://example.org/a"}
                lake, _ = self.lake(f"said-{at}", export="research", **said)
                contract = yaml.safe_load((lake / "contract.yaml").read_text())
                said = {entry["property"]: entry["value"] for entry in contract["customProperties"]}
                self.assertEqual([said["license"], said["creator"]], [text, text])
                self.assertEqual(datacontract("lint", lake / "contract.yaml").returncode, 0)

    def test_what_was_broken_is_found(self):
        lake, report = self.lake("whole")
        rows = str(report["tables"]["step_trainer_trusted"]["rows_out"])
        faults = [(table, sql, promise.replace("ROWS", rows)) for table, sql, promise in FAULTS + SHAPES]
        self.check_faults([(lake, *fault) for fault in faults])

    def test_what_only_some_options_promise_is_found(self):
        lakes = [(self.lake(f"other-{at}", **options)[0], faults) for at, (options, faults) in enumerate(OPTIONAL)]
        self.check_faults([(lake, *fault) for lake, faults in lakes for fault in faults])

    def test_a_time_that_is_not_positive_warns(self):
        lake, _ = self.lake("times")
        _, checks = self.check_broken(lake, "accelerometer_trusted", replaced("0 AS timestamp"))
        warned = {check["name"] for check in checks if check["result"] == "warning" and check["reason"] != UNTYPED}
        self.assertEqual(warned, {"A time that is not positive is hardly one of measurement"})

    def check_faults(self, faults):
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda fault: self.check_broken(*fault[:3]), faults)
            for (_, table, sql, promise), (ended, checks) in zip(faults, found):
                with self.subTest(sql, table=table):
                    self.assertEqual(ended, 1)
                    self.assertIn(promise, broken(checks))

    def check_broken(self, lake, table, sql):
        """What is said of a copy of the lake in which a row of a table, or all of them, are as the SQL says."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            copy = shutil.copytree(lake, Path(folder) / "lake")
            file = parquet(copy, table)
            con = duckdb.connect()
            con.sql(f"CREATE TABLE whole AS FROM read_parquet('{file}')")
            con.sql("CREATE VIEW one AS FROM whole WHERE rowid = 5")
            others = " UNION ALL FROM whole WHERE rowid <> 5" if "FROM one" in sql else ""
            con.sql(sql + others).write_parquet(file)
            return checked(copy)

    def check_rulesets(self, lake, report, tables):
        """Their shape, and that what they say is true, as far as DuckDB can say it in Glue's stead."""
        self.assertEqual(sorted(path.stem for path in (lake / "dqdl").iterdir()), sorted(tables))
        con = duckdb.connect()
        for table in tables:
            files = [str(lake / output["file"]) for output in report["outputs"] if output["table"] == table]
            con.sql(f"CREATE VIEW {table} AS FROM read_parquet({files})")
        for table in tables:
            text = (lake / f"dqdl/{table}.dqdl").read_text()
            rules = ruleset(text)
            self.assertIn(("RowCount", [], "=", str(report["tables"][table]["rows_out"])), rules)
            columns = [column for (column,) in con.sql(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
            self.assertEqual([given[0] for name, given, _, _ in rules if name == "ColumnExists"], columns)
            for rule in rules:
                with self.subTest(rule, table=table):
                    self.assertTrue(holds(con, table, rule))


def datacontract(*arguments, **more):
    words = [DATACONTRACT, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, env={**os.environ, **NOWHERE}, **more)


def checked(lake):
    """How the test of a lake's contract ended, and its checks."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        done = datacontract("test", "contract.yaml", "--output-format", "json", "--output", out.name, cwd=lake)
        text = Path(out.name).read_text()
    return done.returncode, json.loads(text)["checks"] if text else [{"name": done.stdout, "result": "error"}]


def broken(checks):
    return {check["name"] for check in checks if check["result"] not in ("passed", "warning")}


# Of the published grammar of DQDL what rulesets of tables need: https://docs.aws.amazon.com/glue/latest/dg/dqdl.html.
# Rule types by their parameters and whether a condition follows.
RULE_TYPES = {
    "RowCount": (0, "number"),
    "ColumnCount": (0, "number"),
    "ColumnExists": (1, None),
    "IsComplete": (1, None),
    "ColumnLength": (1, "number"),
    "ColumnValues": (1, "any"),
    "DistinctValuesCount": (1, "number"),
    "ReferentialIntegrity": (2, "number"),
}
TOKEN = re.compile(
    r"""\s+|\#[^\n]*\n  # blanks and comments
    |(?P<word>[A-Za-z]\w*)|(?P<text>"(?:\\.|[^"\\])*")|(?P<number>\d+(?:\.\d+)?)|(?P<mark>>=|<=|[=<>\[\],])""",
    re.VERBOSE,
)


def ruleset(text):
    """The rules of a DQDL document, as (type, parameters, operator, value)."""
    tokens, at = [], 0
    while at < len(text):
        token = TOKEN.match(text, at)
        assert token, f"no DQDL: {text[at:at + 40]!r}"
        at = token.end()
        if token.lastgroup:
            tokens.append((token.lastgroup, token.group()))
    words = [word for _, word in tokens]
    assert words[:3] == ["Rules", "=", "["] and words[-1] == "]", words
    rules, rule = [], []
    for token in [*tokens[3:-1], ("mark", ",")]:
        if token == ("mark", ","):
            rules.append(one_rule(rule))
            rule = []
        else:
            rule.append(token)
    return rules


def one_rule(tokens):
    (kind, name), *rest = tokens
    assert kind == "word" and name in RULE_TYPES, tokens
    parameters, condition = RULE_TYPES[name]
    given = [json.loads(text) for kind, text in rest[:parameters] if kind == "text"]
    assert len(given) == parameters, tokens
    rest = rest[parameters:]
    if condition is None:
        assert rest == [], tokens
        return name, given, None, None
    (_, operator), (kind, value) = rest
    assert (operator, kind) == ("matches", "text") if kind == "text" else operator in ("=", ">", ">="), tokens
    assert kind == "number" or condition == "any", tokens
    return name, given, operator, json.loads(value) if kind == "text" else value


def holds(con, table, rule):
    """Whether a rule is true of a table, by what Glue says of its type."""
    name, given, operator, value = rule
    column = f'"{given[0]}"' if given else ""
    if name == "ReferentialIntegrity":
        other, key = given[1].split(".")
        measured = f'coalesce(avg(({column} IN (SELECT "{key}" FROM {other}))::INT), 1)'
    else:
        measured = {
            "RowCount": "count(*)",
            "ColumnCount": f"(SELECT count(*) FROM (DESCRIBE {table})) + 0 * count(*)",
            "ColumnExists": f"count({column}) >= 0",
            "IsComplete": f"count(*) = count({column})",
            "ColumnLength": f"coalesce(min(length({column})), 1)",
            "ColumnValues": f"coalesce(min({column}), 1e18)",
            "DistinctValuesCount": f"count(DISTINCT {column})",
        }[name]
    if operator == "matches":
        measured, operator, value = f"coalesce(bool_and(regexp_full_match({column}, '{value}')), true)", None, None
    condition = measured if operator is None else f"{measured} {operator} {value}"
    ((held,),) = con.sql(f"SELECT {condition} FROM {table}").fetchall()
    return held


if __name__ == "__main__":
    unittest.main()
