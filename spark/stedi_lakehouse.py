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
# The line that a customer record stands on, for whose it is when it is no row.
LINE = "line"

# Columns of a list of withdrawals that are read, and what stands between columns.
LISTED = "email emails emailaddress mail user serial serialno serialnumber serialnumbers serials".split()
DELIMITERS = ",;\t"

# What counts as a blank at the end of an email, a serial number or an entry, as in src/spelling.rs:
# Unicode white space, and what nobody sees.
INVISIBLE = [*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2065), *range(0x2066, 0x206A)]
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u205f\u3000\xad\u180e\ufeff" + "".join(map(chr, INVISIBLE))
NUMBER = r"^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$"


def main():
    arguments = parse(sys.argv[1:])
    spark = SparkSession.builder.appName("stedi-lakehouse").getOrCreate()
    report = {"options": {name: getattr(arguments, name) for name in OPTIONS}, "tables": {}}
    for zone in LANDING:
        report["tables"][f"{zone}_landing"] = land(spark, zone, f"{arguments.input}/{zone}/landing")
    report["withdrawals"] = make_host_tables(spark, arguments)
    nameless = report["tables"]["customer_landing"]["rejected_without_email"]
    report["complete"] = nameless == 0
    if nameless:
        told = "customer records were rejected, and no email can be read in them: these people may not consent any more"
        print(f"INCOMPLETE: {nameless} {told}", file=sys.stderr)
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
    # Glue hands a job its own arguments too, this one always among them.
    if others and "--JOB_NAME" not in others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    return arguments


def land(spark, zone, folder):
    """Makes the landing table of a zone and returns its counts."""
    fields = {name.lower(): kind for name, kind in LANDING[zone].items()}
    records = read_json(spark, folder, zone)
    kept = [LINE] if zone == "customer" else []
    checked = records.selectExpr(
        f"{reject(zone, fields)} AS reject",
        *[f"{value(name, kind)} AS {name}" for name, kind in fields.items()],
        *kept,
    )
    if zone == "customer":
        # It is small, and the rules come back to it.
        checked = checked.cache()
        checked.where("reject IS NOT NULL").select(LINE).createOrReplaceTempView("rejected_customers")
    checked.where("reject IS NULL").drop("reject", LINE).createOrReplaceTempView(f"{zone}_landing")
    counts = {row["reject"]: row["count"] for row in checked.groupBy("reject").count().collect()}
    rows_out = counts.pop(None, 0)
    report = {"rows_in": rows_out + sum(counts.values()), "rejected": counts, "rows_out": rows_out}
    if CONSENT in fields:
        report["consent_unreadable"] = records.where(unreadable(CONSENT, fields[CONSENT])).count()
        lines = [row[LINE] for row in spark.table("rejected_customers").collect()]
        report["rejected_without_email"] = sum(not sure for _, sure in map(emails_in, lines))
    return report


def read_json(spark, folder, zone):
    """Every field as the text that stands in the record.

    Spark would give up the whole record for one field of another type, a consent that was taken
    back with it. So it reads texts, and what a text is worth is decided by the rules of the core.
    """
    fields = LANDING[zone]
    if not exists(spark, folder):
        names = [*map(str.lower, fields), CORRUPT, LINE]
        return spark.createDataFrame([], ", ".join(f"{name} STRING" for name in names))
    lines = spark.read.option("recursiveFileLookup", True).text(folder)
    refuse_other_framings(lines)
    # Spark knows a field by its exact name: the first record tells how this export spells it.
    first = lines.where("ltrim(value) LIKE '{%'").first()
    spellings = {name.lower(): name for name in re.findall(r'"(\w+)"\s*:', first["value"] if first else "")}
    schema = [spellings.get(name.lower(), name) for name in fields] + [CORRUPT]
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT}
    options |= {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
    types = ", ".join(f"`{name}` STRING" for name in schema)
    if zone == "customer":
        # The line is kept, which the reader of files would not do.
        records = lines.selectExpr("ltrim('\ufeff', value) AS value").where("trim(value) <> ''")
        parsed = records.select(F.from_json("value", types, options).alias("record"), F.col("value").alias(LINE))
        return parsed.select("record.*", LINE).toDF(*map(str.lower, schema), LINE)
    reader = spark.read.schema(types).option("recursiveFileLookup", True).options(**options)
    return reader.json(folder).toDF(*map(str.lower, schema))


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
    """params, withdrawals, barred and pseudonyms, as sql/README.md has them; what was counted of withdrawals."""
    options = {name: getattr(arguments, name) for name in OPTIONS}
    options["join_by"] = options.pop("join")
    spark.sql("SELECT " + ", ".join(f"'{value}' AS {name}" for name, value in options.items())).createOrReplaceTempView(
        "params"
    )
    entries = list(withdrawals(text_of(read(spark, arguments.withdrawals)))) if arguments.withdrawals else []
    rejected = [email for row in spark.table("rejected_customers").collect() for email in emails_in(row[LINE])[0]]
    emails = spellings(spark, "customer_landing", "email", folded).cache()
    serials = spellings(spark, "customer_landing", "serialnumber", trimmed).cache()
    listed_emails = matched(spark, emails, {folded(entry) for _, entry in entries})
    listed_serials = matched(spark, serials, {entry for _, entry in entries})
    listed_emails.selectExpr("spelt AS email", "'' AS serialnumber").union(
        listed_serials.selectExpr("'' AS email", "spelt AS serialnumber")
    ).createOrReplaceTempView("withdrawals")
    matched(spark, emails, set(rejected)).selectExpr("spelt AS email").createOrReplaceTempView("barred")
    key = secrets.token_bytes(32)
    if arguments.key_file:
        key = read(spark, arguments.key_file).rstrip(b"\r\n")
    if not key:
        sys.exit(f"{arguments.key_file}: the key is empty")
    subject = F.udf(lambda email: pseudonym(key, email), "string", useArrow=False)
    people = emails.selectExpr("spelt AS email")
    people.withColumn("subject", subject("email")).createOrReplaceTempView("pseudonyms")
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
        for field in row:
            # No entry holds a line end: a quote was not closed.
            for entry in re.split(r"[\r\n]", field):
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
