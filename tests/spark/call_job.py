"""Run by Spark's own Python: calls the job in this process, and prints how each call ended as JSON.

call_job.py CALLS: CALLS holds lists of arguments as JSON; `recover LAKE` opens a folder as the job does. If a number is
the first of them, the call is stopped before so many changes of the disk behind the writing of tables. In the
environment STEDI_MASTER names a cluster, and STEDI_SETTINGS has settings of Spark as JSON.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).parents[2] / "spark"))

import lakehouse_job
from hadoop_folder import Folder


class Stopped(Exception):
    pass


class Steps:
    """Counts changes of the disk, and stops before one of them."""

    def __init__(self, last):
        self.left, self.originals = last, {name: getattr(Folder, name) for name in ("write", "move", "remove")}

    def __enter__(self):
        for name, original in self.originals.items():
            setattr(Folder, name, lambda *arguments, original=original: self.step(original, arguments))

    def __exit__(self, *_):
        for name, original in self.originals.items():
            setattr(Folder, name, original)

    def step(self, original, arguments):
        self.left -= 1
        if self.left == 0:
            raise Stopped
        original(*arguments)


def call(spark, arguments):
    steps = int(arguments.pop(0)) if arguments[0].isdigit() else -1
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), Steps(steps):
        try:
            if arguments[0] == "recover":
                lakehouse_job.LakeFolder(spark, arguments[1], lakehouse_job.OPTIONS)
                return 0, said.getvalue()
            parsed = lakehouse_job.parse(arguments)
            done = (lakehouse_job.erase if "lake" in parsed else lakehouse_job.run)(spark, parsed)
            print(json.dumps(done, indent=2))
            return 0, said.getvalue()
        except SystemExit as ended:
            is_number = isinstance(ended.code, int)
            return ended.code if is_number else 1, said.getvalue() + ("" if is_number else ended.code)
        except Stopped:
            return "stopped", said.getvalue()
        finally:
            spark.catalog.clearCache()


def main():
    builder = SparkSession.builder
    for name, value in json.loads(os.environ.get("STEDI_SETTINGS", "{}")).items():
        builder = builder.config(name, value)
    spark = (
        builder.master(os.environ.get("STEDI_MASTER", "local[2]"))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", 2)
        .getOrCreate()
    )
    print(json.dumps([call(spark, arguments) for arguments in json.loads(sys.argv[1])]))


main()
