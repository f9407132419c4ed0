"""The rules of sql/ on DuckDB, straight from newline-delimited JSON, clean but for customers."""

import hashlib
import hmac
import json
import re
import tempfile
from pathlib import Path

import duckdb

from program import CHOICES, PLACES

SQL = Path(__file__).parents[2] / "sql"
RULES = {table: (SQL / f"{table}.sql").read_text() for table in PLACES}

LANDING = {
    "customer": """customerName: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', birthDay: 'VARCHAR',
        serialNumber: 'VARCHAR', registrationDate: 'BIGINT', lastUpdateDate: 'BIGINT',
        shareWithResearchAsOfDate: 'BIGINT', shareWithPublicAsOfDate: 'BIGINT', shareWithFriendsAsOfDate: 'BIGINT'""",
    "accelerometer": "user: 'VARCHAR', timestamp: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', z: 'DOUBLE'",
    "step_trainer": "sensorReadingTime: 'BIGINT', serialNumber: 'VARCHAR', distanceFromObject: 'INTEGER'",
}


def land(inputs):
    """A connection that holds the landing tables."""
    # One thread: lakes are small, and another test has the other processor.
    lake = duckdb.connect(config={"threads": 1})
    files = sorted(Path(inputs, "customer", "landing").glob("*.json"))
    # Not splitlines, which ends lines at more than line ends.
    lines = [f"{line}\n" for file in files for line in file.read_text().split("\n")]
    valid = [line for line in lines if is_customer(line)]
    rejected = [[text_of(name, line) for name in ("email", "serialNumber")] for line in lines if not is_customer(line)]
    rejected = [(folded(email), serial and serial.strip()) for email, serial in rejected if email]
    fill(lake, "rejected", email=[email for email, _ in rejected], serialnumber=[serial for _, serial in rejected])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as customers:
        customers.write("".join(valid))
        customers.flush()
        for zone, columns in LANDING.items():
            files = customers.name if zone == "customer" else f"{inputs}/{zone}/landing/*.json"
            lake.execute(f"""CREATE TABLE {zone}_landing AS
                FROM read_json('{files}', format = 'newline_delimited', columns = {{{columns}}})""")
    return lake


def text_of(name, line):
    found = re.search(rf'"{name}": ?"([^"]*)"', line)
    return found and found[1]


def is_customer(line):
    try:
        return not isinstance(json.loads(line).get("phone"), bool)
    except json.JSONDecodeError:
        return False


def make_host_tables(lake, withdrawals=(), key=b"", **options):
    """Makes the host's tables of sql/README.md."""
    chosen = {name.replace("-", "_"): values[0] for name, values in CHOICES.items()} | options
    for table, column in [("customer_landing", "email"), ("accelerometer_landing", "user")]:
        fold_emails(lake, table, column, chosen["emails"] == "folded")
    values = ", ".join(f"'{value}' AS {'join_by' if name == 'join' else name}" for name, value in chosen.items())
    lake.execute(f"CREATE OR REPLACE TABLE params AS SELECT {values}")
    emails, serials, rejected = (
        [value for (value,) in lake.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()]
        for column, table in [("email", "customer_landing"), ("serialnumber", "customer_landing"), ("email", "rejected")]
    )
    entries = {entry.strip() for entry in withdrawals}
    listed = {entry.lower() for entry in entries}
    withdrawn = [(email, "") for email in emails if folded(email) in listed]
    withdrawn += [("", serial) for serial in serials if serial.strip() in entries]
    fill(lake, "withdrawals", email=[email for email, _ in withdrawn], serialnumber=[serial for _, serial in withdrawn])
    fill(lake, "barred", email=[email for email in emails if folded(email) in rejected])
    others = other_bearers(lake)
    fill(lake, "other_bearers", serialnumber=[serial for serial, _ in others], email=[email for _, email in others])
    fill(lake, "pseudonyms", email=emails, subject=[pseudonym(key, email) for email in emails])
    offsets = {"email": emails, "milliseconds": [time_offset(key, email) for email in emails]}
    lake.execute(
        "CREATE OR REPLACE TABLE time_offsets AS "
        "SELECT unnest($email::VARCHAR[]) AS email, unnest($milliseconds::BIGINT[]) AS milliseconds",
        offsets,
    )


def other_bearers(lake):
    """Who else has a serial number: by another spelling of it, and in a rejected record."""
    landed = lake.execute("SELECT DISTINCT serialnumber, email FROM customer_landing").fetchall()
    rejected = lake.execute("SELECT serialnumber, email FROM rejected WHERE serialnumber IS NOT NULL").fetchall()
    spellings = {}
    for serial, _ in landed:
        spellings.setdefault(serial.strip(), set()).add(serial)
    known = {(serial.strip(), folded(email)) for serial, email in landed}
    others = [(spelt, email) for serial, email in landed for spelt in spellings[serial.strip()] - {serial}]
    unknown = [(serial, email) for serial, email in rejected if (serial, email) not in known]
    return others + [(spelt, email) for serial, email in unknown for spelt in spellings.get(serial, ())]


def curate(lake, rules=RULES, first="customer_trusted"):
    """Makes the tables of the rules from the host's: the five, or from one on those that are made after it."""
    for table in tables_from(first):
        lake.execute(f"CREATE OR REPLACE TABLE {table} AS {rules[table]}")


def tables_from(first):
    """A table and those that are made after it."""
    tables = list(PLACES)
    return tables[tables.index(first) :]


def fold_emails(lake, table, column, folds):
    """The landing table with emails as they are compared, or as they came."""
    lake.execute(f"CREATE TABLE IF NOT EXISTS raw_{table} AS FROM {table}")
    texts = [text for (text,) in lake.execute(f'SELECT DISTINCT "{column}" FROM raw_{table}').fetchall()]
    fill(lake, "spellings", spelt=texts, written=[folded(text) if folds else text for text in texts])
    lake.execute(
        f"""CREATE OR REPLACE TABLE {table} AS SELECT r.* REPLACE (s.written AS "{column}")
        FROM raw_{table} r JOIN spellings s ON s.spelt = r."{column}" """
    )


def fill(lake, table, **columns):
    values = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in columns)
    lake.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {values}", columns)


def folded(email):
    return email.strip().lower()


def pseudonym(key, email):
    return hmac.new(key, email.encode(), hashlib.sha256).hexdigest()[:32]


def time_offset(key, email):
    """By how many milliseconds a person's times are earlier under times = shifted: whole weeks."""
    number = int.from_bytes(hmac.new(key, b"time\0" + email.encode(), hashlib.sha256).digest()[:8], "big")
    return (1 + number % 520) * 7 * 24 * 3600 * 1000
