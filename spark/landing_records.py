"""The landing records of an export by Spark's own reader of JSON: what of them are rows, and whose those are that are
none. The program's decoder is by way of landing_files.py."""

import json
import re
import sys

from hadoop_folder import Folder, escaped, is_hidden, name_of
from landing_fields import CONSENT, CORRUPT, KEYS, LANDING, Landed, reject, times_named, unreadable, value
from people_names import field_name, folded, trimmed
from pyspark.sql import functions as F

# The line that a record stands on, for whose it is when it is no row, and the file that has the line.
LINE = "line"
FILE = "file"

# Values that stand in an object with their type, as DynamoDB, MongoDB and Glue write them.
TYPED = r':\s*[{]\s*"(S|N|NULL|[$]number[A-Za-z]+|[$]date|string|int|long|double|boolean)"\s*:'


def read(spark, path, folds, known):
    """Makes the landing tables of the folders of an export. Files of readings whose hash is known are left out."""
    tables, inputs = {}, []
    for zone in LANDING:
        folder = Folder(spark, f"{path}/{zone}/landing")
        tables[f"{zone}_landing"], found = land(spark, zone, folder, folds, known if zone != "customer" else ())
        inputs += found
    lines = [row[LINE] for zone in LANDING for row in spark.table(f"rejected_{zone}").collect()]
    incomplete = incomplete_of(spark, tables)
    report = {"complete": not incomplete, "incomplete": incomplete, "inputs": inputs, "archives": [], "tables": tables}
    emails = {line: emails_in(line)[0] for line in lines}
    serials = {(serial, email) for line in lines for serial in serials_in(line) for email in emails[line]}
    return Landed({**report, "warnings": []}, set().union(*emails.values()), sorted(serials))


def incomplete_of(spark, tables):
    """Why what people say of their consent is not all known."""
    nameless = tables["customer_landing"]["rejected_without_email"]
    among = sum(spark.table(f"rejected_{zone}").count() for zone in LANDING if zone != "customer")
    reasons = [
        ("customers_unreadable", nameless, "Rejected customer records name no email: it is not known whose they are."),
        ("customers_rejected", among, "Rejected readings name an email, and may be of customers."),
    ]
    return [{"code": code, "count": many, "message": message} for code, many, message in reasons if many]


def land(spark, zone, folder, folds, known=()):
    """Makes the landing table of a zone, with its emails folded or not, and returns its counts and its inputs. Files
    whose hash is known are left out, and of files that are the same one is read."""
    fields = {name.lower(): kind for name, kind in LANDING[zone].items()}
    inputs = inputs_of(zone, folder, known)
    records = read_json(spark, [folder.at(path) for path, about in inputs.items() if about["status"] == "used"], zone)
    columns = [f"{value(name, kind)} AS {name}" for name, kind in fields.items()]
    checked = records.selectExpr(f"{reject(zone, fields)} AS reject", *columns, LINE, FILE)
    # It is small, and the rules come back to it.
    checked = checked.cache() if zone == "customer" else checked
    rows = checked.where("reject IS NULL").drop("reject", LINE, FILE)
    for email in {"email", "user"} & set(rows.columns) if folds else ():
        rows = rows.withColumn(email, F.udf(folded, "string", useArrow=False)(email))
    rows.createOrReplaceTempView(f"{zone}_landing")
    report = count(checked, folder, inputs)
    # Among readings, one that names an email may be a customer's.
    may_be = "true" if zone == "customer" else f"{times_named('email')} > 0"
    rejected = checked.where(f"{may_be} AND reject IS NOT NULL").select(LINE).cache()
    rejected.createOrReplaceTempView(f"rejected_{zone}")
    if CONSENT in fields:
        report["consent_conflict"] = records.where(f"{times_named(CONSENT)} > 1").count()
        report["consent_unreadable"] = records.where(unreadable(CONSENT, "bigint")).count()
        report["rejected_without_email"] = sum(not emails_in(row[LINE])[1] for row in rejected.collect())
    return report, list(inputs.values())


def inputs_of(zone, folder, known):
    """The files of a landing folder by their paths, and what becomes of each."""
    sizes = {path: size for path, size in folder.files().items() if not is_hidden(path)}
    inputs, first = {}, {}
    for path, sha256 in folder.hashes(sizes).items():
        inputs[path] = {"name": f"{zone}/landing/{path}", "bytes": sizes[path], "sha256": sha256}
    for path, about in sorted(inputs.items()):
        same = first.setdefault(about["sha256"], about["name"])
        if about["sha256"] in known:
            about["status"] = "in_lake"
        elif same != about["name"]:
            about |= {"status": "duplicate", "of": same}
        else:
            about |= {"status": "used", "table": f"{zone}_landing", "records": 0, "rejected": 0}
    return dict(sorted(inputs.items()))


def count(checked, folder, inputs):
    """Counts rows and rejects, of the table and of each input."""
    rows_out, rejected = 0, {}
    for row in checked.groupBy(FILE, "reject").count().collect():
        about = inputs[name_of(row[FILE]).removeprefix(folder.at() + "/")]
        if row["reject"] is None:
            rows_out += row["count"]
            about["records"] += row["count"]
        else:
            rejected[row["reject"]] = rejected.get(row["reject"], 0) + row["count"]
            about["rejected"] += row["count"]
    return {"rows_in": rows_out + sum(rejected.values()), "rejected": rejected, "rows_out": rows_out}


def read_json(spark, files, zone):
    """Every field as the text that stands in the record: what it is worth is decided by the rules of the core, for
    Spark would give up the whole record for one field of another type, a consent that was taken back with it."""
    fields = LANDING[zone]
    if not files:
        return spark.createDataFrame([], " STRING, ".join([*map(str.lower, fields), CORRUPT, LINE, FILE]) + " STRING")
    lines = spark.read.text([escaped(file) for file in files])
    refuse_other_framings(lines, zone)
    # Spark knows a field by its exact name: the first record tells how this export spells it.
    first = lines.where("ltrim(value) LIKE '{%'").first()
    spellings = {field_name(name): name for name in re.findall(r'"([^"\\]+)"\s*:', first["value"] if first else "")}
    schema = [spellings.get(name.lower(), name) for name in fields] + [CORRUPT]
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT}
    options |= {"allowSingleQuotes": "false", "allowNonNumericNumbers": "false"}
    types = ", ".join(f"`{name}` STRING" for name in schema)
    records = lines.select(F.expr("ltrim('\ufeff', value)").alias("value"), F.input_file_name().alias(FILE))
    records = records.where("trim(value) <> ''")
    # The line is kept, which the reader of files would not do.
    parsed = records.select(F.from_json("value", types, options).alias("record"), F.col("value").alias(LINE), FILE)
    # However an export spells a field, it is called as the tables call it.
    return parsed.select("record.*", LINE, FILE).toDF(*map(str.lower, fields), CORRUPT, LINE, FILE)


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
            "behind, no types beside values, plain or .gz. Convert the others (jq -c '.[]' for an array), or use "
            f"--reader wheel or the command line, which reads them:\n  {names}"
        )


def emails_in(line):
    """The emails in a record that is no row, folded, and whether one surely is one: as src/ingest/emails.rs."""
    emails, sure = named_in(line, "email")
    return set(map(folded, emails)), sure


def serials_in(line):
    """The serial numbers in it, trimmed."""
    return named_in(line, "serialnumber")[0]


def named_in(line, name):
    """The texts behind keys that match a name, trimmed, and whether one surely ends where it seems to."""
    named, sure = set(), False
    value = r'"(?:[^"\\]|\\.)*"|[\[{]|-?[0-9][0-9.eE+-]*'
    for found in re.finditer(rf'(?="([^"]{{0,128}})"[ \t]*:[ \t]*({value})[ \t]*(.?))', line):
        key, value, behind = found.groups()
        if field_name(unescaped(key)) != name:
            continue
        if value in "[{":
            texts, certain = texts_in(line[found.start(2) :]), True
        elif value[0] != '"':
            texts, certain = [value], False
        else:
            texts, certain = [unescaped(value[1:-1])], behind in ["", *',}]"']
        texts = set(map(trimmed, texts)) - {""}
        named |= texts
        sure = sure or certain and bool(texts)
    return named, sure


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
