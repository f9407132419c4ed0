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

from landing_fields import BLANKS, CONSENT, CORRUPT, KEYS, LANDING, reject, times_named, unreadable, value
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

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

# The line that a record stands on, for whose it is when it is no row.
LINE = "line"
# Columns of a list of withdrawals that are read.
LISTED = "email emails emailaddress mail user serial serialno serialnumber serialnumbers serials".split()
DELIMITERS = ",;\t"

# Values that stand in an object with their type, as DynamoDB, MongoDB and Glue write them.
TYPED = r':\s*[{]\s*"(S|N|NULL|[$]number[A-Za-z]+|[$]date|string|int|long|double|boolean)"\s*:'


def main():
    arguments = parse(sys.argv[1:])
    spark = SparkSession.builder.appName("stedi-lakehouse").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    report = {"options": {name: getattr(arguments, name) for name in OPTIONS}, "tables": {}}
    for zone in LANDING:
        folder = f"{arguments.input}/{zone}/landing"
        report["tables"][f"{zone}_landing"] = land(spark, zone, folder, arguments.emails == "folded")
    report["withdrawals"] = make_host_tables(spark, arguments)
    nameless = report["tables"]["customer_landing"]["rejected_without_email"]
    among = sum(spark.table(f"rejected_{zone}").count() for zone in LANDING if zone != "customer")
    report["complete"] = nameless + among == 0
    told = f"{nameless} rejected customer records name no email, {among} rejected readings name one"
    if not report["complete"]:
        print(f"INCOMPLETE: {told}: these people may not consent any more", file=sys.stderr)
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
    parser.add_argument("--withdrawals", help="list of emails and serial numbers to leave out: one a line, or a CSV")
    parser.add_argument("--key-file", help="key of the pseudonyms; without it each run has a random key")
    for name, choices in OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", choices=choices, default=choices[0])
    arguments, others = parser.parse_known_args(argv)
    if arguments.times != "exact" and (arguments.join, arguments.identity) != ("owner", "pseudonym"):
        moves = f"--times {arguments.times} moves all times of one person"
        parser.error(f"{moves}, so it needs --join owner and --identity pseudonym")
    # Glue hands a job its own arguments too, this one always among them.
    if others and "--JOB_NAME" not in others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    return arguments


def land(spark, zone, folder, folds):
    """Makes the landing table of a zone, with its emails folded or not, and returns its counts."""
    fields = {name.lower(): kind for name, kind in LANDING[zone].items()}
    records = read_json(spark, folder, zone)
    columns = [f"{value(name, kind)} AS {name}" for name, kind in fields.items()]
    checked = records.selectExpr(f"{reject(zone, fields)} AS reject", *columns, LINE)
    # It is small, and the rules come back to it.
    checked = checked.cache() if zone == "customer" else checked
    rows = checked.where("reject IS NULL").drop("reject", LINE)
    for email in {"email", "user"} & set(rows.columns) if folds else ():
        rows = rows.withColumn(email, F.udf(folded, "string", useArrow=False)(email))
    rows.createOrReplaceTempView(f"{zone}_landing")
    counts = {row["reject"]: row["count"] for row in checked.groupBy("reject").count().collect()}
    rows_out = counts.pop(None, 0)
    report = {"rows_in": rows_out + sum(counts.values()), "rejected": counts, "rows_out": rows_out}
    # Among readings, one that names an email may be a customer's.
    may_be = "true" if zone == "customer" else f"{times_named('email')} > 0"
    rejected = checked.where(f"{may_be} AND reject IS NOT NULL").select(LINE).cache()
    rejected.createOrReplaceTempView(f"rejected_{zone}")
    if CONSENT in fields:
        report["consent_conflict"] = records.where(f"{times_named(CONSENT)} > 1").count()
        report["consent_unreadable"] = records.where(unreadable(CONSENT, "bigint")).count()
        report["rejected_without_email"] = sum(not emails_in(row[LINE])[1] for row in rejected.collect())
    return report


def read_json(spark, folder, zone):
    """Every field as the text that stands in the record: what it is worth is decided by the rules of the core, for
    Spark would give up the whole record for one field of another type, a consent that was taken back with it."""
    fields = LANDING[zone]
    if not exists(spark, folder):
        return spark.createDataFrame([], " STRING, ".join([*map(str.lower, fields), CORRUPT, LINE]) + " STRING")
    lines = spark.read.option("recursiveFileLookup", True).text(folder)
    refuse_other_framings(lines, zone)
    # Spark knows a field by its exact name: the first record tells how this export spells it.
    first = lines.where("ltrim(value) LIKE '{%'").first()
    spellings = {field_name(name): name for name in re.findall(r'"([^"\\]+)"\s*:', first["value"] if first else "")}
    schema = [spellings.get(name.lower(), name) for name in fields] + [CORRUPT]
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT}
    options |= {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
    types = ", ".join(f"`{name}` STRING" for name in schema)
    records = lines.selectExpr("ltrim('\ufeff', value) AS value").where("trim(value) <> ''")
    # The line is kept, which the reader of files would not do.
    parsed = records.select(F.from_json("value", types, options).alias("record"), F.col("value").alias(LINE))
    # However an export spells a field, it is called as the tables call it.
    return parsed.select("record.*", LINE).toDF(*map(str.lower, fields), CORRUPT, LINE)


def refuse_other_framings(lines, zone):
    """Spark takes what it can of them and drops the rest without a word."""
    packed = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.zst")
    zips = [file for file in lines.inputFiles() if file.lower().endswith(packed)]
    # Without texts and lists, whose brackets say nothing of the framing.
    bare = F.regexp_replace(F.regexp_replace("value", r'"(\\.|[^"\\])*"', ""), r"\[[^\[\]]*\]", "")
    one_a_line = ~F.col("value").rlike(r"^\ufeff?\s*\[") & ~bare.rlike(r"^\ufeff?\s*\{\s*$|\}\s*(,\s*)?\{|\}\s*,\s*$")
    # UTF-16 and archives have these zeros, and no text has.
    binary = F.col("value").contains("\0")
    # A record that stands in a wrapper, or in its values' types, has none of the fields where they are looked for.
    names = F.transform(F.json_object_keys("value"), lambda name: F.lower(F.regexp_replace(name, r"[_\-\s]", "")))
    wrapped = ~F.arrays_overlap(names, F.array(*map(F.lit, KEYS[zone]))) & F.col("value").rlike(r"[:\[]\s*\{")
    one_a_line &= ~binary & ~F.coalesce(wrapped, F.lit(False)) & ~F.col("value").rlike(TYPED)
    others = lines.where(~one_a_line).select(F.input_file_name()).distinct().limit(5).collect()
    if zips or others:
        names = "\n  ".join(zips + [file for (file,) in others])
        sys.exit(
            "Only newline-delimited JSON is read here: one record a line in UTF-8, nothing around, before, between or "
            "behind, no types beside values, plain or .gz. Convert the others (jq -c '.[]' for an array), or use the "
            f"command line, which reads them:\n  {names}"
        )


def make_host_tables(spark, arguments):
    """params, withdrawals, barred, pseudonyms and time_offsets, as sql/README.md has them; what was counted of
    withdrawals."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    options["join_by"] = options.pop("join")
    params = spark.sql("SELECT " + ", ".join(f"'{value}' AS {name}" for name, value in options.items()))
    params.createOrReplaceTempView("params")
    entries = list(withdrawals(text_of(read(spark, arguments.withdrawals)))) if arguments.withdrawals else []
    lines = [row[LINE] for zone in LANDING for row in spark.table(f"rejected_{zone}").collect()]
    rejected = {email for line in lines for email in emails_in(line)[0]}
    emails = spellings(spark, "customer_landing", "email", folded).cache()
    serials = spellings(spark, "customer_landing", "serialnumber", trimmed).cache()
    listed_emails = matched(spark, emails, {folded(entry) for _, entry in entries})
    listed_serials = matched(spark, serials, {entry for _, entry in entries})
    listed_emails.selectExpr("spelt AS email", "'' AS serialnumber").union(
        listed_serials.selectExpr("'' AS email", "spelt AS serialnumber")
    ).createOrReplaceTempView("withdrawals")
    matched(spark, emails, rejected).selectExpr("spelt AS email").createOrReplaceTempView("barred")
    key = read(spark, arguments.key_file).rstrip(b"\r\n") if arguments.key_file else secrets.token_bytes(32)
    if not key:
        sys.exit(f"{arguments.key_file}: the key is empty")
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
    return {"entries": len(entries), "unmet_lines": [line for line, _ in left]}


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


def trimmed(text):
    return text.strip(BLANKS)


def folded(email):
    """An email as it is compared: without blanks at its ends, in Unicode's default lower case."""
    return trimmed(email).lower()


def field_name(name):
    return "".join(letter for letter in name.lower() if letter not in BLANKS + "_-")


def text_of(content):
    """The text of a list: UTF-8, or UTF-16 with a byte order mark, as spreadsheets save it."""
    utf_16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        sys.exit(f"The list of withdrawals is not UTF-8 (byte {error.start}): save it as UTF-8 and try again.")


def withdrawals(text):
    """The entries of a list and their lines, as src/withdrawals.rs reads them."""
    text = text.lstrip("\ufeff")
    rows = list(csv_rows(text, DELIMITERS))
    for delimiter in DELIMITERS:
        filled = [(line, row) for line, row in csv_rows(text, delimiter) if any(map(trimmed, row))]
        wanted = [at for at, name in enumerate(filled[0][1]) if field_name(name) in LISTED] if filled else []
        if wanted:
            # A row that is too short may hide whom it is about: all of it counts.
            rows = [(line, [row[at] for at in wanted] if len(row) > wanted[-1] else row) for line, row in filled[1:]]
            break
    for line, row in rows:
        # No entry holds a line end: a quote was not closed.
        for entry in re.split(r"[\r\n]", "\n".join(row)):
            if entry := trimmed(entry.strip('"')):
                yield line, entry


def csv_rows(text, delimiters):
    """The rows of a CSV and the lines that they start on; a quote that nothing closes is passed over."""
    plain = f"[^{delimiters}\r\n]*"
    blanks = f"[^\\S{delimiters}\r\n]*"
    field = re.compile(f'{blanks}"((?:[^"]|"")*)"(?!")({plain})|{blanks}"({plain})|({plain})')
    at, line, start, row = 0, 1, 1, []
    while at < len(text):
        found = field.match(text, at)
        quoted, behind, *others = found.groups("")
        row.append(quoted.replace('""', '"') + behind + "".join(others))
        line += len(re.findall(r"\r\n|\r|\n", found[0]))
        at = found.end()
        if text[at : at + 1] and text[at] in delimiters:
            at += 1
            continue
        yield start, row
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        start, row = line, []
    if row:
        yield start, row


def emails_in(line):
    """The emails in a record that is no row, folded, and whether one surely is one: as src/ingest/emails.rs."""
    emails, sure = set(), False
    for found in re.finditer(r'(?="([^"]{0,128})"[ \t]*:[ \t]*("(?:[^"\\]|\\.)*"|[\[{])[ \t]*(.?))', line):
        key, value, behind = found.groups()
        if field_name(unescaped(key)) != "email":
            continue
        if value in "[{":
            texts, certain = texts_in(line[found.start(2) :]), True
        else:
            texts, certain = [unescaped(value[1:-1])], behind in ["", *',}]"']
        texts = set(map(folded, texts)) - {""}
        emails |= texts
        sure = sure or certain and bool(texts)
    return emails, sure


def unescaped(text):
    try:
        return json.loads(f'"{text}"')
    except ValueError:
        return ""


def texts_in(nested):
    """The texts of a list or an object; if it is cut, all that may be."""
    try:
        value, _ = json.JSONDecoder().raw_decode(nested)
    except ValueError:
        return [unescaped(text) for text in re.findall(r'"((?:[^"\\]|\\.)*)"(?!\s*:)', nested)]
    texts, left = [], [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, (list, dict)):
            left += value.values() if isinstance(value, dict) else value
    return texts


def pseudonym(key, email):
    """HMAC-SHA-256 of an email under the key, cut to 128 bits, in hex."""
    return hmac.new(key, email.encode(), hashlib.sha256).hexdigest()[:32]


def time_offset(key, email):
    """By how many milliseconds a person's times are earlier under times = shifted: 1 to 520 weeks."""
    number = int.from_bytes(hmac.new(key, b"time\0" + email.encode(), hashlib.sha256).digest()[:8], "big")
    return (1 + number % 520) * 7 * 24 * 60 * 60 * 1000


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
