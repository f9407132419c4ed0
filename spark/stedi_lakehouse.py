"""The rules of sql/ on Spark: landing JSON in, the curated lake out.

    spark-submit spark/stedi_lakehouse.py --input EXPORT --out LAKE

Runs on any Spark 3.5 or 4 cluster and as an AWS Glue job; see README.md beside it.
"""

import argparse
import hashlib
import hmac
import json
import re
import secrets
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# The default of each option first, as everywhere in the project.
OPTIONS = {
    "consent": ["ever", "as-of"],
    "records": ["any", "latest"],
    "shared_serials": ["keep", "drop"],
    "join": ["owner", "time"],
    "identity": ["pseudonym", "serial"],
}

# The fields of a landing record, and which of them it cannot be without.
LANDING = {
    "customer": {
        "customerName": "string",
        "email": "string",
        "phone": "string",
        "birthDay": "string",
        "serialNumber": "string",
        "registrationDate": "bigint",
        "lastUpdateDate": "bigint",
        "shareWithResearchAsOfDate": "bigint",
        "shareWithPublicAsOfDate": "bigint",
        "shareWithFriendsAsOfDate": "bigint",
    },
    "accelerometer": {"user": "string", "timestamp": "bigint", "x": "double", "y": "double", "z": "double"},
    "step_trainer": {"sensorReadingTime": "bigint", "serialNumber": "string", "distanceFromObject": "int"},
}
KEYS = {
    "customer": ["email", "serialnumber"],
    "accelerometer": ["user", "timestamp"],
    "step_trainer": ["sensorreadingtime", "serialnumber"],
}
# Deny by default: a date of consent that cannot be read is none, and the record stays.
CONSENT = "sharewithresearchasofdate"

# Each written table in the order of the rules: its folder, and what it is sorted by before its
# columns. machine_learning_curated must be sorted by these alone, for the order of the join
# follows the emails behind the subjects.
TABLES = {
    "customer_trusted": ("customer/trusted", ["email"]),
    "accelerometer_trusted": ("accelerometer/trusted", []),
    "customer_curated": ("customer/curated", ["email"]),
    "step_trainer_trusted": ("step_trainer/trusted", ["serialnumber"]),
    "machine_learning_curated": ("step_trainer/curated", []),
}

CORRUPT = "corrupt_record"
NUMBER = r"^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$"


def main():
    arguments = parse(sys.argv[1:])
    spark = SparkSession.builder.appName("stedi-lakehouse").getOrCreate()
    report = {"options": {name: getattr(arguments, name) for name in OPTIONS}, "tables": {}}
    for zone in LANDING:
        report["tables"][f"{zone}_landing"] = land(spark, zone, f"{arguments.input}/{zone}/landing")
    make_host_tables(spark, arguments)
    for table, (folder, order) in TABLES.items():
        rows = spark.sql(read(spark, f"{arguments.sql}/{table}.sql").decode())
        order = order + [name for name in rows.columns if name not in order]
        rows.orderBy(*order).write.mode("overwrite").parquet(f"{arguments.out}/{folder}")
        # The rules that follow read what was written, so that nothing is worked out twice.
        written = spark.read.schema(rows.schema).parquet(f"{arguments.out}/{folder}")
        written.createOrReplaceTempView(table)
        report["tables"][table] = {"rows_out": written.count()}
    print(json.dumps(report, indent=2))
    spark.stop()


def parse(argv):
    # No abbreviations: an argument that is meant for Glue must not pass for one of these.
    parser = argparse.ArgumentParser(prog="stedi_lakehouse.py", allow_abbrev=False)
    parser.add_argument("--input", required=True, help="folder of the export: it has customer/landing/ and so on")
    parser.add_argument("--out", required=True, help="folder of the lake")
    parser.add_argument("--sql", default=Path(__file__).resolve().parents[1] / "sql", help="folder of the rules")
    parser.add_argument("--withdrawals", help="list of emails and serial numbers to leave out, one a line")
    parser.add_argument("--key-file", help="key of the pseudonyms; without it each run has a random key")
    for name, choices in OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", choices=choices, default=choices[0])
    arguments, others = parser.parse_known_args(argv)
    # Glue hands a job its own arguments too, this one always among them.
    if others and "--JOB_NAME" not in others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    return arguments


def land(spark, zone, folder):
    """Makes the landing table of a zone and returns its counts."""
    fields = {name.lower(): kind for name, kind in LANDING[zone].items()}
    records = read_json(spark, folder, LANDING[zone])
    checked = records.selectExpr(
        f"{reject(zone, fields)} AS reject", *[f"{value(name, kind)} AS {name}" for name, kind in fields.items()]
    )
    if zone == "customer":
        # It is small, and the rules come back to it.
        checked = checked.cache()
    checked.where("reject IS NULL").drop("reject").createOrReplaceTempView(f"{zone}_landing")
    counts = {row["reject"]: row["count"] for row in checked.groupBy("reject").count().collect()}
    rows_out = counts.pop(None, 0)
    report = {"rows_in": rows_out + sum(counts.values()), "rejected": counts, "rows_out": rows_out}
    if CONSENT in fields:
        report["consent_unreadable"] = records.where(unreadable(CONSENT, fields[CONSENT])).count()
    return report


def read_json(spark, folder, fields):
    """Every field as the text that stands in the record.

    Spark would give up the whole record for one field of another type, a consent that was taken
    back with it. So it reads texts, and what a text is worth is decided by the rules of the core.
    """
    if not exists(spark, folder):
        return spark.createDataFrame([], ", ".join(f"{name} STRING" for name in [*map(str.lower, fields), CORRUPT]))
    lines = spark.read.option("recursiveFileLookup", True).text(folder)
    refuse_other_framings(lines)
    # Spark knows a field by its exact name: the first record tells how this export spells it.
    first = lines.where("ltrim(value) LIKE '{%'").first()
    spellings = {name.lower(): name for name in re.findall(r'"(\w+)"\s*:', first["value"] if first else "")}
    schema = [spellings.get(name.lower(), name) for name in fields] + [CORRUPT]
    return (
        spark.read.schema(", ".join(f"`{name}` STRING" for name in schema))
        .option("recursiveFileLookup", True)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CORRUPT)
        .option("allowSingleQuotes", False)
        .option("allowNonNumericNumbers", False)
        .json(folder)
        .toDF(*map(str.lower, schema))
    )


def refuse_other_framings(lines):
    """Spark takes what it can of them and drops the rest without a word."""
    zips = [file for file in lines.inputFiles() if file.lower().endswith(".zip")]
    # Without texts and lists, whose brackets say nothing of the framing.
    bare = F.regexp_replace(F.regexp_replace("value", r'"(\\.|[^"\\])*"', ""), r"\[[^\[\]]*\]", "")
    one_a_line = ~F.col("value").rlike(r"^\ufeff?\s*\[") & ~bare.rlike(r"^\ufeff?\s*\{\s*$|\}\s*(,\s*)?\{|\}\s*,\s*$")
    others = lines.where(~one_a_line).select(F.input_file_name()).distinct().limit(5).collect()
    if zips or others:
        names = "\n  ".join(zips + [file for (file,) in others])
        sys.exit(
            "Only newline-delimited JSON is read here: one object a line, nothing before, between or behind, plain or "
            f".gz. Convert the others (jq -c '.[]' for an array), or use the command line, which reads them:\n  {names}"
        )


def reject(zone, fields):
    """Why a record is not a row; null if it is one."""
    no_key = " OR ".join(f"coalesce({name}, '') = ''" for name in KEYS[zone])
    bad = " OR ".join(unreadable(name, kind) for name, kind in fields.items() if name != CONSENT)
    return f"CASE WHEN {CORRUPT} IS NOT NULL THEN 'bad_json' WHEN {no_key} THEN 'missing_key' WHEN {bad} THEN 'unreadable' END"


def unreadable(name, kind):
    return f"({name} <> '' AND {value(name, kind)} IS NULL)"


def value(name, kind):
    """What a field's text is worth; null for nothing."""
    if kind == "string":
        return f"nullif({name}, '')"
    if kind == "double":
        number = f"try_cast({name} AS DOUBLE)"
        return f"CASE WHEN {name} RLIKE '{NUMBER}' AND abs({number}) < double('Infinity') THEN {number} END"
    # Never by way of a double, which would round large numbers.
    number = f"try_cast({name} AS DECIMAL(38, 18))"
    return f"CASE WHEN {name} RLIKE '{NUMBER}' AND {number} % 1 = 0 THEN try_cast({number} AS {kind}) END"


def make_host_tables(spark, arguments):
    """params, withdrawals and pseudonyms, as sql/README.md has them."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    options["join_by"] = options.pop("join")
    spark.sql("SELECT " + ", ".join(f"'{value}' AS {name}" for name, value in options.items())).createOrReplaceTempView(
        "params"
    )
    text = read(spark, arguments.withdrawals).decode("utf-8-sig") if arguments.withdrawals else ""
    entries = [entry.strip() for entry in text.split("\n") if entry.strip()]
    spark.createDataFrame(
        [(entry.lower(), entry) for entry in entries], "email STRING, serialnumber STRING"
    ).createOrReplaceTempView("withdrawals")
    key = secrets.token_bytes(32)
    if arguments.key_file:
        key = read(spark, arguments.key_file).rstrip(b"\r\n")
    if not key:
        sys.exit(f"{arguments.key_file}: the key is empty")
    subject = F.udf(lambda email: pseudonym(key, email), "string", useArrow=False)
    emails = spark.table("customer_landing").select("email").distinct()
    emails.withColumn("subject", subject("email")).createOrReplaceTempView("pseudonyms")


def pseudonym(key, email):
    """HMAC-SHA-256 of an email under the key, cut to 128 bits, in hex."""
    return hmac.new(key, email.encode(), hashlib.sha256).hexdigest()[:32]


def exists(spark, path):
    path = spark._jvm.org.apache.hadoop.fs.Path(path)
    return path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path)


def read(spark, path):
    """A small file, wherever Spark can read one: a disk, HDFS, S3."""
    path = spark._jvm.org.apache.hadoop.fs.Path(str(path))
    stream = path.getFileSystem(spark._jsc.hadoopConfiguration()).open(path)
    try:
        return bytes(spark._jvm.org.apache.commons.io.IOUtils.toByteArray(stream))
    finally:
        stream.close()


if __name__ == "__main__":
    main()
