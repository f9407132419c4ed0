"""The rules of sql/ on Spark: landing JSON in, the curated lake out.

    spark-submit spark/stedi_lakehouse.py --input EXPORT --out LAKE [--from LAKE]
    spark-submit spark/stedi_lakehouse.py erase LAKE --withdrawals LIST

Runs on any Spark 3.5 or 4 cluster and as an AWS Glue job; see README.md beside it.
"""

import argparse
import json
import secrets
import sys
from pathlib import Path

import landing_fields
import people_names
from hadoop_folder import Folder
from lake_folder import ERASURE, FOLDERS, HISTORY, VERSION, LakeFolder, history
from landing_fields import LANDING
from landing_records import LINE, emails_in, land
from people_names import folded, key_check, pseudonym, text_of, time_offset, trimmed, withdrawals
from pyspark.cloudpickle.cloudpickle import register_pickle_by_value
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# Executors are sent what they run, so the files beside this one need not be there.
for module in (landing_fields, people_names):
    register_pickle_by_value(module)

# The default of each option first, as everywhere in the project.
OPTIONS = {
    "consent": ["ever", "as-of", "as-of-phone"],
    "records": ["any", "latest"],
    "emails": ["exact", "folded"],
    "shared_serials": ["keep", "drop"],
    "duplicates": ["keep", "drop"],
    "join": ["owner", "time"],
    "identity": ["pseudonym", "serial"],
    "times": ["exact", "shifted", "relative"],
    "one_per_instant": ["off", "on"],
}

# What a written table is sorted by before its columns. machine_learning_curated must be sorted by these alone, for the
# order of the join follows the emails behind the subjects.
ORDER = {"customer_trusted": ["email"], "customer_curated": ["email"], "step_trainer_trusted": ["serialnumber"]}

COLUMNS = {
    zone: ", ".join(f"{name.lower()} {kind}" for name, kind in fields.items()) for zone, fields in LANDING.items()
}
PAIRS = "subject string, sensorreadingtime bigint, distancefromobject int, x double, y double, z double"
SCHEMAS = {table: COLUMNS[folder.split("/")[0]] for table, folder in FOLDERS.items()}
SCHEMAS["machine_learning_curated"] = PAIRS


def main():
    arguments = parse(sys.argv[1:])
    spark = SparkSession.builder.appName("stedi-lakehouse").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    print(json.dumps(erase(spark, arguments) if "lake" in arguments else run(spark, arguments), indent=2))
    spark.stop()


def parse(argv):
    # Glue has named arguments only.
    argv = ["--erase", *argv[1:]] if argv[:1] == ["erase"] else argv
    is_erasure = any(argument.split("=")[0] == "--erase" for argument in argv)
    # No abbreviations: an argument that is meant for Glue must not pass for one of these.
    parser = argparse.ArgumentParser(prog="stedi_lakehouse.py", allow_abbrev=False)
    parser.add_argument("--sql", default=Path(__file__).resolve().parents[1] / "sql", help="folder of the rules")
    parser.add_argument("--key-file", help="key of the pseudonyms; without it each run has a random key")
    parser.add_argument("--new-key", action="store_true", help="give everyone another pseudonym than the lake has")
    listed = "list of emails and serial numbers to leave out: one per line, or a CSV"
    parser.add_argument("--withdrawals", required=is_erasure, help=listed)
    if is_erasure:
        parser.add_argument("--erase", dest="lake", metavar="LAKE", required=True, help="lake to take people out of")
        parser.add_argument("--delete-landing", action="store_true", help="remove the landing files in the lake too")
    else:
        parser.add_argument("--input", required=True, help="folder of the export: it has customer/landing/ and so on")
        parser.add_argument("--out", required=True, help="folder of the lake")
        parser.add_argument("--from", dest="earlier", metavar="LAKE", help="lake that stands in for earlier readings")
        for name, choices in OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", choices=choices, default=choices[0])
    arguments, others = parser.parse_known_args(argv)
    # Glue hands a job its own arguments too, this one always among them.
    if others and "--JOB_NAME" not in others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    if is_erasure:
        return arguments
    if arguments.times != "exact" and (arguments.join, arguments.identity) != ("owner", "pseudonym"):
        moves = f"--times {arguments.times} moves all times of one person"
        parser.error(f"{moves}, so it needs --join owner and --identity pseudonym")
    if arguments.new_key and not arguments.earlier:
        parser.error("--new-key is for a lake that --from goes on from")
    return arguments


def run(spark, arguments):
    """Makes a lake of an export, and of the lake that it goes on from; what it counted."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    key, entries = key_of(spark, arguments), entries_of(spark, arguments)
    out = LakeFolder(spark, arguments.out, OPTIONS)
    earlier = None
    if arguments.earlier:
        # A lake comes with the files alone that rebuild it, which these two are not of.
        from earlier_lake import EarlierLake

        folder = Folder(spark, arguments.earlier)
        earlier = EarlierLake(folder, out, options, key, arguments.new_key, SCHEMAS)
    out.survey()
    tables, inputs = {}, []
    for zone in LANDING:
        known = earlier.hashes if earlier and zone != "customer" else ()
        folder = Folder(spark, f"{arguments.input}/{zone}/landing")
        tables[f"{zone}_landing"], read = land(spark, zone, folder, arguments.emails == "folded", known)
        inputs += read
    if earlier and not tables["customer_landing"]["rows_in"]:
        sys.exit(earlier.NO_CUSTOMERS)
    of_lake = earlier.add_readings(spark) if earlier else {}
    lines = [row[LINE] for zone in LANDING for row in spark.table(f"rejected_{zone}").collect()]
    unmet = make_host_tables(spark, options, entries, lines, key)
    incomplete = incomplete_of(spark, tables)
    outputs, _ = write(spark, arguments.sql, out, "snappy")
    tables |= counts_of(outputs, of_lake)
    report = report_of(spark, options, "snappy", entries, key, bool(arguments.key_file))
    report |= {"complete": not incomplete, "incomplete": incomplete}
    report |= {"inputs": [*inputs, *(earlier.inputs() if earlier else ())], "archives": [], "tables": tables}
    report |= {"outputs": outputs, "warnings": []}
    documents = {}
    if earlier:
        report["from"] = earlier.about(spark, sum(about["status"] == "in_lake" for about in inputs))
        report["warnings"] = earlier.warnings(report["from"])
        erasures = earlier.lake.document(ERASURE)
        documents = {ERASURE: erasures} if erasures else {}
        if erasures and not arguments.withdrawals:
            print(
                "warning: erased_before: people were erased from this lake, which does not know whose entries they "
                "were. Whoever of them the new files hold is in the new lake again: give the list by --withdrawals",
                file=sys.stderr,
            )
    documents[HISTORY] = history(earlier and earlier.lake, report, "gone_on" if earlier else "run")
    out.replace(report, documents)
    return report | {"withdrawals": {"entries": len(entries), "unmet_lines": [line for line, _ in unmet]}}


def erase(spark, arguments):
    """Takes the people of a list out of a lake; what it did."""
    from lake_erasure import Erasure

    key, entries = key_of(spark, arguments), entries_of(spark, arguments)
    folder = LakeFolder(spark, arguments.lake, OPTIONS)
    given = bool(arguments.key_file)
    erasure = Erasure(folder, entries, key, given, arguments.new_key, SCHEMAS, arguments.delete_landing)
    options = {name: erasure.lake.option(name) for name in OPTIONS}
    erasure.add_landing()
    unmet = make_host_tables(spark, options, entries, [], key)
    compression = erasure.lake.option("compression") or "snappy"
    outputs, written = write(spark, arguments.sql, folder, compression)
    report = report_of(spark, options, compression, entries, key, given)
    report |= {"outputs": outputs, "tables": counts_of(outputs, {})}
    done = erasure.finish(spark, report, written, len(unmet))
    return done | {"unmet_lines": [line for line, _ in unmet]}


def write(spark, sql, folder, compression):
    """Makes the tables by the rules, beside the lake; its files, and the tables as they were written."""
    written = {}
    for table in FOLDERS:
        rows = spark.sql(Folder(spark, f"{sql}/{table}.sql").read().decode())
        written[table] = folder.stage(table, rows, ORDER.get(table, []), compression)
        # The rules that follow read what was written, so that nothing is worked out twice.
        written[table].createOrReplaceTempView(table)
    return folder.staged(), written


def counts_of(outputs, of_lake):
    """The counts of the written tables, with the rows that a lake had of them. Rows by rule are not counted here."""
    tables = {table: {"rows_out": 0} for table in FOLDERS}
    for output in outputs:
        tables[output["table"]]["rows_out"] += output["rows"]
    for table, rows in of_lake.items():
        tables[table]["rows_in_lake"] = rows
    return tables


def report_of(spark, options, compression, entries, key, given):
    tool = {"name": "stedi-lakehouse", "version": VERSION, "commit": None, "wasm_sha256": None, "spark": spark.version}
    about = {"withdrawals": len(entries), "key": "given" if given else "random", "key_check": key_check(key)}
    options = {**options, "compression": compression, **about}
    return {"format": "stedi-lakehouse-report", "version": 3, "tool": tool, "options": options}


def incomplete_of(spark, tables):
    """Why what people say of their consent is not all known."""
    nameless = tables["customer_landing"]["rejected_without_email"]
    among = sum(spark.table(f"rejected_{zone}").count() for zone in LANDING if zone != "customer")
    reasons = [
        ("customers_unreadable", nameless, "Rejected customer records name no email: it is not known whose they are."),
        ("customers_rejected", among, "Rejected readings name an email, and may be of customers."),
    ]
    found = [{"code": code, "count": many, "message": message} for code, many, message in reasons if many]
    if found:
        told = f"{nameless} rejected customer records name no email, {among} rejected readings name one"
        print(f"INCOMPLETE: {told}: these people may not consent any more", file=sys.stderr)
    return found


def key_of(spark, arguments):
    """The key of the pseudonyms: the bytes of its file without the line end, or a random one."""
    if not arguments.key_file:
        return secrets.token_bytes(32)
    key = Folder(spark, arguments.key_file).read().rstrip(b"\r\n")
    if not key:
        sys.exit(f"{arguments.key_file}: the key is empty")
    return key


def entries_of(spark, arguments):
    """The lines and the texts of the list of withdrawals."""
    path = arguments.withdrawals
    return list(withdrawals(text_of(Folder(spark, path).read()))) if path else []


def make_host_tables(spark, options, entries, lines, key):
    """params, withdrawals, barred, pseudonyms and time_offsets, as sql/README.md has them; the entries that match
    nothing. The lines are those of rejected records."""
    options = {**options, "join_by": options["join"]}
    del options["join"]
    params = spark.sql("SELECT " + ", ".join(f"'{value}' AS {name}" for name, value in options.items()))
    params.createOrReplaceTempView("params")
    rejected = {email for line in lines for email in emails_in(line)[0]}
    emails = spellings(spark, "customer_landing", "email", folded).cache()
    serials = spellings(spark, "customer_landing", "serialnumber", trimmed).cache()
    listed_emails = matched(spark, emails, {folded(entry) for _, entry in entries})
    listed_serials = matched(spark, serials, {entry for _, entry in entries})
    listed_emails.selectExpr("spelt AS email", "'' AS serialnumber").union(
        listed_serials.selectExpr("'' AS email", "spelt AS serialnumber")
    ).createOrReplaceTempView("withdrawals")
    matched(spark, emails, rejected).selectExpr("spelt AS email").createOrReplaceTempView("barred")
    subject = F.udf(lambda email: pseudonym(key, email), "string", useArrow=False)
    people = emails.selectExpr("spelt AS email")
    people.withColumn("subject", subject("email")).createOrReplaceTempView("pseudonyms")
    offset = F.udf(lambda email: time_offset(key, email), "bigint", useArrow=False)
    people.withColumn("milliseconds", offset("email")).createOrReplaceTempView("time_offsets")
    # Entries that match no customer may match readings.
    left = unmet(entries, emails, serials)
    for table, column, name in [("accelerometer", "user", folded), ("step_trainer", "serialnumber", trimmed)]:
        if left:
            left = unmet(left, *[spellings(spark, f"{table}_landing", column, name)] * 2)
    return left


def spellings(spark, table, column, compared):
    """Each text of a column, as `spelt`, and what it is compared as, as `compared`."""
    texts = spark.table(table).select(F.col(column).alias("spelt")).distinct()
    # Spark may ask for rejected records too, which have none, and filter afterwards.
    compare = F.udf(lambda text: text and compared(text), "string", useArrow=False)
    return texts.withColumn("compared", compare("spelt"))


def matched(spark, texts, names):
    """Those that are compared as one of the names."""
    names = spark.createDataFrame([(name,) for name in names], "compared STRING")
    return texts.join(names, "compared", "left_semi")


def unmet(entries, emails, serials):
    """The entries that match none of these."""
    if not entries:
        return []
    found = {
        row["compared"]
        for texts, compared in [(emails, folded), (serials, trimmed)]
        for row in matched(texts.sparkSession, texts, {compared(entry) for _, entry in entries}).collect()
    }
    return [(line, entry) for line, entry in entries if folded(entry) not in found and entry not in found]



if __name__ == "__main__":
    main()
