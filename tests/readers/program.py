"""What the tests share: the program under test, its options, and where its tables are."""

import itertools
import json
import os
import subprocess
from pathlib import Path

PROGRAM = os.environ["STEDI_CLI"]
REAL_DATA = Path(os.environ["STEDI_DATA"])

# What is read must need no network: nothing listens there.
DEAD = "http://127.0.0.1:9"
PROXIES = ["http_proxy", "https_proxy", "all_proxy"]
NO_NETWORK = {name: DEAD for proxy in PROXIES for name in (proxy, proxy.upper())} | {"no_proxy": "", "NO_PROXY": ""}

# Each saved table and its place in the lake.
PLACES = {
    "customer_trusted": "customer/trusted",
    "accelerometer_trusted": "accelerometer/trusted",
    "customer_curated": "customer/curated",
    "step_trainer_trusted": "step_trainer/trusted",
    "machine_learning_curated": "step_trainer/curated",
}

CHOICES = {
    "consent": ["ever", "as-of", "as-of-phone"],
    "records": ["any", "latest"],
    "emails": ["exact", "folded"],
    "shared-serials": ["keep", "drop"],
    "duplicates": ["keep", "drop"],
    "join": ["owner", "time"],
    "identity": ["pseudonym", "serial"],
    "times": ["exact", "shifted", "relative"],
    "one-per-instant": ["off", "on"],
}


def go_together(options):
    """Times of one subject are moved together, so a subject's rows have to be one person's."""
    return options["times"] == "exact" or (options["join"], options["identity"]) == ("owner", "pseudonym")


COMBINATIONS = [dict(zip(CHOICES, choice)) for choice in itertools.product(*CHOICES.values())]
COMBINATIONS = [options for options in COMBINATIONS if go_together(options)]
# Where all would take long. In the first every values of three options meet, in the second every values of two.
BY_THREES = COMBINATIONS[::7]
BY_TWOS = COMBINATIONS[::13]


def meetings(combinations, of):
    """The values of so many options that are together in one of the combinations."""
    return {meeting for options in combinations for meeting in itertools.combinations(options.items(), of)}


def run(inputs, lake, **options):
    """Writes the lake that comes of the inputs and returns its report."""
    report = lake.with_suffix(".json")
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    call(["run", inputs, "--out", lake, "--report", report, *flags])
    return json.loads(report.read_text())


def sample(out, scale, *flags):
    call(["sample", "--scale", scale, "--out", out, *flags])


def real_or_sample(folder, scale):
    """The real export, or where it is not a sample in this folder."""
    if REAL_DATA.is_dir():
        return REAL_DATA
    print(f"on sample data: the real data is not here ({REAL_DATA})")
    sample(folder / "sample", scale)
    return folder / "sample"


def call(arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(done.args)} ended with {done.returncode}:\n{done.stderr}")


def parquet(lake, table):
    """The one Parquet file of a table."""
    (file,) = (lake / PLACES[table]).glob("*.parquet")
    return str(file)
