"""The rules of sql/ on Spark: landing JSON in, the curated lake out.

    spark-submit spark/lakehouse_job.py --input EXPORT --out LAKE [--from LAKE]
    spark-submit spark/lakehouse_job.py erase LAKE --withdrawals LIST

Runs on any Spark 3.5 or 4 cluster and as an AWS Glue job; see README.md beside it.
"""

import argparse
import json
import secrets
import sys
from pathlib import Path

import hadoop_folder
import landing_fields
import landing_files
import landing_records
import people_names
from hadoop_folder import Folder
from lake_folder import ERASURE, FOLDERS, HISTORY, LANDING_FOLDERS, REPORT, TEMP, VERSION, LakeFolder, history
from landing_fields import LANDING
from people_names import folded, key_check, pseudonym, text_of, time_offset, trimmed, withdrawals
from pyspark.cloudpickle.cloudpickle import register_pickle_by_value
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# Executors are sent what they run, so the files beside this one need not be there.
for module in (hadoop_folder, landing_fields, landing_files, people_names):
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

# How landing files are read: by the project's Python package on the executors, or by Spark alone.
READERS = ["wheel", "spark"]
WHOLE_MIB = 256

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
    parser = argparse.ArgumentParser(prog="lakehouse_job.py", allow_abbrev=False)
    parser.add_argument("--sql", default=Path(__file__).resolve().parents[1] / "sql", help="folder of the rules")
    parser.add_argument("--key-file", help="key of the pseudonyms; without it each run has a random key")
    parser.add_argument("--new-key", action="store_true", help="give everyone another pseudonym than the lake has")
    listed = "list of emails and serial numbers to leave out: one per line, or a CSV"
    parser.add_argument("--withdrawals", required=is_erasure, help=listed)
    if is_erasure:
        parser.add_argument("--erase", dest="lake", metavar="LAKE", required=True, help="lake to take people out of")
        parser.add_argument("--delete-landing", action="store_true", help="remove the landing files in the lake too")
        kept = "date or case of the request, kept in erasure.json: up to 200 characters, and nobody's name"
        parser.add_argument("--reference", default="", metavar="TEXT", help=kept)
    else:
        parser.add_argument("--input", required=True, help="folder of the export")
        parser.add_argument("--out", required=True, help="folder of the lake")
        parser.add_argument("--from", dest="earlier", metavar="LAKE", help="lake that stands in for earlier readings")
        parser.add_argument("--reader", choices=READERS, default=READERS[0], help="what reads the landing files")
        parser.add_argument("--all-zones", action="store_true", help="read what earlier jobs made of landing files too")
        whole = f"largest file that one executor reads as a whole (default: {WHOLE_MIB})"
        parser.add_argument("--whole-mib", type=int, default=WHOLE_MIB, metavar="MIB", help=whole)
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
    if arguments.whole_mib < 1:
        parser.error("--whole-mib is at least 1")
    if arguments.reader == "spark" and (arguments.all_zones or arguments.whole_mib != WHOLE_MIB):
        parser.error("--all-zones and --whole-mib are for --reader wheel: --reader spark reads landing folders alone")
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
    landed = read(spark, arguments, out, earlier)
    if earlier and not landed.report["tables"]["customer_landing"]["rows_in"]:
        sys.exit(earlier.NO_CUSTOMERS)
    say_unread(landed.report, arguments.reader)
    of_lake = earlier.add_readings(spark) if earlier else {}
    unmet = make_host_tables(spark, options, entries, landed.barred, landed.barred_serials, key)
    outputs, _ = write(spark, arguments.sql, out, "snappy")
    report = report_of(spark, options, "snappy", entries, key, bool(arguments.key_file)) | landed.report
    report["tables"] |= counts_of(outputs, of_lake)
    report["outputs"] = outputs
    report["people"] = people_of(spark)
    report["warnings"] = [about for about in report["warnings"] if stays(about["code"], options, of_lake)]
    documents = {}
    if earlier:
        report["from"] = earlier.about(spark, sum(about["status"] == "in_lake" for about in report["inputs"]))
        report["inputs"] = [*report["inputs"], *earlier.inputs()]
        report["warnings"] += earlier.warnings(report["from"])
        erasures = earlier.lake.document(ERASURE)
        documents = {ERASURE: erasures} if erasures else {}
        if erasures and not arguments.withdrawals:
            print(
                "warning: erased_before: people were erased from this lake, which does not keep who they were. If the "
                "new files hold them, they are in the new lake again: give the same list by --withdrawals to keep "
                "them out",
                file=sys.stderr,
            )
    documents[HISTORY] = history(earlier and earlier.lake, report, "gone_on" if earlier else "run")
    out.replace(report, documents)
    return report | {"withdrawals": {"entries": len(entries), "unmet_lines": [line for line, _ in unmet]}}


def read(spark, arguments, out, earlier):
    """Makes the landing tables."""
    folds, known = arguments.emails == "folded", earlier.hashes if earlier else set()
    if arguments.reader == "spark":
        return landing_records.read(spark, arguments.input, folds, known)
    folder = Folder(spark, arguments.input)
    lakes = [(out, out.old), *([(earlier.lake.folder, earlier.lake)] if earlier else [])]
    own = {lake_folder.at(path) for lake_folder, lake in lakes if lake for path in own_files(lake)}
    written = [lake_folder.at(TEMP) + "/" for lake_folder, _ in lakes]
    if out.name.startswith(folder.name + "/"):
        written.append(out.name + "/")

    def is_ours(name):
        """Whether it is a file of a lake, which is no input, or lies in a folder that is written to."""
        return name in own or name.startswith(tuple(written))

    whole_bytes = arguments.whole_mib << 20
    return landing_files.read(spark, folder, folds, known, arguments.all_zones, whole_bytes, is_ours)


def own_files(lake):
    """The files of a lake, but for the landing files that came along."""
    return [path for path in [*lake.files, REPORT] if not path.startswith(LANDING_FOLDERS)]


def say_unread(report, reader):
    """Names the files that cannot be used, and why what people say of their consent is not all known. Ends the job if
    nothing can be used."""
    refused = [about for about in report["inputs"] if about["status"] == "refused"]
    lines = [f"{about['name']}: refused ({about['reason']}): {about['message']}" for about in refused]
    lines += [f"INCOMPLETE: {about['code']} ({about['count']}) {about['message']}" for about in report["incomplete"]]
    for line in lines:
        print(line, file=sys.stderr)
    if reader == "wheel" and not any(about["status"] == "used" for about in report["inputs"]):
        sys.exit("none of the inputs can be used")


def stays(code, options, of_lake):
    """Whether a warning of the landing files is one of the run: under other options more dates cannot be read, and a
    lake may have the readings."""
    if code == "consent_unreadable":
        return options["consent"] == "ever"
    return not of_lake.get(f"{code.removeprefix('no_')}_trusted")


def erase(spark, arguments):
    """Takes the people of a list out of a lake; what it did."""
    from lake_erasure import Erasure

    key, entries = key_of(spark, arguments), entries_of(spark, arguments)
    folder = LakeFolder(spark, arguments.lake, OPTIONS)
    erasure = Erasure(folder, entries, key, arguments, SCHEMAS)
    options = {name: erasure.lake.option(name) for name in OPTIONS}
    erasure.add_landing()
    unmet = make_host_tables(spark, options, entries, set(), [], key)
    unmet_lines = [line for line, _ in unmet]
    if erasure.changes_nothing(len(unmet)):
        why = "no entry of the list is in this lake, so everyone keeps their pseudonym"
        print(f"Nothing is changed: {why}", file=sys.stderr)
        return {"asked": len(entries), "matched": 0, "unmet_lines": unmet_lines}
    compression = erasure.lake.option("compression") or "snappy"
    outputs, written = write(spark, arguments.sql, folder, compression)
    report = report_of(spark, options, compression, entries, key, bool(arguments.key_file))
    report |= {"outputs": outputs, "tables": counts_of(outputs, {}), "people": people_of(spark)}
    done = erasure.finish(spark, report, written, len(unmet))
    return done | {"unmet_lines": unmet_lines}


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


def people_of(spark):
    """How many people are in customer_trusted, and how many of the others are in customer_landing."""
    landed, admitted = [
        spark.table(f"customer_{zone}").select("email").distinct().count() for zone in ("landing", "trusted")
    ]
    return {"admitted": admitted, "left_out": landed - admitted}


def report_of(spark, options, compression, entries, key, given):
    tool = {"name": "stedi-lakehouse", "version": VERSION, "commit": None, "wasm_sha256": None, "spark": spark.version}
    about = {"withdrawals": len(entries), "key": "given" if given else "random", "key_check": key_check(key)}
    options = {**options, "compression": compression, **about}
    return {"format": "stedi-lakehouse-report", "version": 3, "tool": tool, "options": options}


def key_of(spark, arguments):
    """The key of the pseudonyms: the bytes of its file without the line end, or a random one."""
    if not arguments.key_file:
        return secrets.token_bytes(32)
    key = Folder(spark, arguments.key_file).read().rstrip(b"\r\n")
    if not key:
        sys.exit(f"{arguments.key_file}: the key is empty")
    if len(key) < 16:
        print("warning: short_key: a key of fewer than 16 bytes can be guessed: make a longer one", file=sys.stderr)
    return key


def entries_of(spark, arguments):
    """The lines and the texts of the list of withdrawals."""
    path = arguments.withdrawals
    return list(withdrawals(text_of(Folder(spark, path).read()))) if path else []


def make_host_tables(spark, options, entries, rejected, named, key):
    """params, withdrawals, barred, other_bearers, pseudonyms and time_offsets, as sql/README.md has them; the entries
    that match nothing. `rejected` are the emails, folded, in rejected records, `named` the serial numbers in them."""
    options = {**options, "join_by": options["join"]}
    del options["join"]
    params = spark.sql("SELECT " + ", ".join(f"'{value}' AS {name}" for name, value in options.items()))
    params.createOrReplaceTempView("params")
    emails = spellings(spark, "customer_landing", "email", folded).cache()
    serials = spellings(spark, "customer_landing", "serialnumber", trimmed).cache()
    listed_emails = matched(spark, emails, {folded(entry) for _, entry in entries})
    listed_serials = matched(spark, serials, {entry for _, entry in entries})
    listed_emails.selectExpr("spelt AS email", "'' AS serialnumber").union(
        listed_serials.selectExpr("'' AS email", "spelt AS serialnumber")
    ).createOrReplaceTempView("withdrawals")
    matched(spark, emails, rejected).selectExpr("spelt AS email").createOrReplaceTempView("barred")
    other_bearers(spark, emails, serials, named).createOrReplaceTempView("other_bearers")
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


def other_bearers(spark, emails, serials, named):
    """Who else has a serial number of a customer: by another spelling of it, and in a rejected record."""
    serials = serials.selectExpr("spelt AS serialnumber", "compared AS serial")
    people = emails.selectExpr("spelt AS email", "compared AS person")
    landed = spark.table("customer_landing").select("serialnumber", "email").distinct()
    landed = landed.join(serials, "serialnumber").join(people, "email")
    others = serials.join(landed.selectExpr("serialnumber AS spelling", "serial", "email"), "serial")
    others = others.where("serialnumber <> spelling").select("serialnumber", "email")
    named = [(serial, email or "") for serial, email in named]
    named = spark.createDataFrame(named, "serial STRING, person STRING")
    unknown = named.join(landed.select("serial", "person"), ["serial", "person"], "left_anti")
    return others.union(serials.join(unknown, "serial").selectExpr("serialnumber", "person AS email"))


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
