"""The rules of sql/ on DuckDB, straight from clean newline-delimited JSON."""

import hashlib
import hmac
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
    lake = duckdb.connect()
    for zone, columns in LANDING.items():
        files = f"'{inputs}/{zone}/landing/*.json'"
        lake.execute(f"""CREATE TABLE {zone}_landing AS
            FROM read_json({files}, format = 'newline_delimited', columns = {{{columns}}})""")
    return lake


def curate(lake, withdrawals=(), key=b"", rules=RULES, **options):
    """Makes the host's tables of sql/README.md, then the five tables of the rules."""
    chosen = {name.replace("-", "_"): values[0] for name, values in CHOICES.items()} | options
    values = ", ".join(f"'{value}' AS {'join_by' if name == 'join' else name}" for name, value in chosen.items())
    lake.execute(f"CREATE OR REPLACE TABLE params AS SELECT {values}")
    entries = [entry.strip() for entry in withdrawals]
    fill(lake, "withdrawals", email=[entry.lower() for entry in entries], serialnumber=entries)
    emails = [email for (email,) in lake.execute("SELECT DISTINCT email FROM customer_landing").fetchall()]
    fill(lake, "pseudonyms", email=emails, subject=[pseudonym(key, email) for email in emails])
    for table, rule in rules.items():
        lake.execute(f"CREATE OR REPLACE TABLE {table} AS {rule}")


def fill(lake, table, **columns):
    values = ", ".join(f"unnest(${name}::VARCHAR[]) AS {name}" for name in columns)
    lake.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {values}", columns)


def pseudonym(key, email):
    return hmac.new(key, email.encode(), hashlib.sha256).hexdigest()[:32]
