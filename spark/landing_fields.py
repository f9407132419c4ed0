"""The fields of the landing records, and what the text of one is worth, as SQL of Spark: the rules of the core.

lakehouse_job.py imports it, so it has to lie beside that job or come with it (`--py-files`). Only the driver calls
what is here.
"""

from typing import NamedTuple

# The fields of a landing record, and which of them it cannot be without.
LANDING = {
    "customer": dict.fromkeys(["customerName", "email", "phone", "birthDay", "serialNumber"], "string")
    | dict.fromkeys(["registrationDate", "lastUpdateDate"], "bigint")
    | dict.fromkeys([f"shareWith{whom}AsOfDate" for whom in ("Research", "Public", "Friends")], "bigint"),
    "accelerometer": {"user": "string", "timestamp": "bigint", "x": "double", "y": "double", "z": "double"},
    "step_trainer": {"sensorReadingTime": "bigint", "serialNumber": "string", "distanceFromObject": "int"},
}
KEYS = {"customer": ["email", "serialnumber"], "accelerometer": ["user", "timestamp"]}
KEYS["step_trainer"] = ["sensorreadingtime", "serialnumber"]
# Deny by default: a date of consent that cannot be read is none, and the record stays.
CONSENT = "sharewithresearchasofdate"
# A record that names one of these twice has none of it, whatever it says; Spark would take the last.
DECIDING = [CONSENT, "lastupdatedate"]

CORRUPT = "corrupt_record"


class Landed(NamedTuple):
    """What a reader of landing files says of them: parts of the report, as far as it knows them; the emails, folded, of
    people whose rejected records may have taken consent back; and the serial numbers in these, trimmed, each with the
    email beside it, or none where there are several."""

    report: dict
    barred: set
    barred_serials: list


# What counts as a blank at the end of an email, a serial number or an entry, as in src/spelling.rs:
# Unicode white space, and what nobody sees.
INVISIBLE = [*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2065), *range(0x2066, 0x206A)]
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u205f\u3000\xad\u180e\ufeff" + "".join(map(chr, INVISIBLE))
NUMBER = r"^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$"
# A time may also be written as a date of ISO 8601, in UTC where it names no offset.
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$"


def reject(zone, fields):
    """Why a record is not a row; null if it is one."""
    bare = f"CASE WHEN {CORRUPT} IS NOT NULL THEN 'bad_json'"
    no_key = " OR ".join(f"coalesce(trim(BOTH '{BLANKS}' FROM {name}), '') = ''" for name in KEYS[zone])
    bad = " OR ".join(unreadable(name, kind) for name, kind in fields.items() if name != CONSENT)
    return f"{bare} WHEN {no_key} THEN 'missing_key' WHEN {bad} THEN 'unreadable' END"


def unreadable(name, kind):
    twice = f" AND {times_named(name)} < 2" if name in DECIDING else ""
    return f"({name} <> '' AND {value(name, kind)} IS NULL{twice})"


def times_named(name):
    return f"size(regexp_extract_all(line, '(?i)\"{'[-_ ]*'.join(['', *name, ''])}\"[ \t]*:', 0))"


def value(name, kind):
    """What a field's text is worth; null for nothing."""
    if kind == "string":
        return f"nullif({name}, '')"
    if kind == "double":
        number = f"try_cast({name} AS DOUBLE)"
        return f"CASE WHEN {name} RLIKE '{NUMBER}' AND abs({number}) < double('Infinity') THEN {number} END"
    # Never by way of a double, which would round large numbers.
    number = f"try_cast({name} AS DECIMAL(38, 18))"
    worth = f"WHEN {name} RLIKE '{NUMBER}' AND {number} % 1 = 0 THEN try_cast({number} AS {kind})"
    date = f"WHEN {name} RLIKE '{DATE}' THEN unix_millis(try_cast({name} AS TIMESTAMP))" if kind == "bigint" else ""
    return f"CASE {f'WHEN {times_named(name)} > 1 THEN NULL' if name in DECIDING else ''} {worth} {date} END"
