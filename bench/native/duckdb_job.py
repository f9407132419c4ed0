"""The five tables with DuckDB: one job a line of standard input, see job.py."""

import duckdb
from job import serve, since

LANDING = {
    "customer": """customerName: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', birthDay: 'VARCHAR',
        serialNumber: 'VARCHAR', registrationDate: 'BIGINT', lastUpdateDate: 'BIGINT',
        shareWithResearchAsOfDate: 'BIGINT', shareWithPublicAsOfDate: 'BIGINT', shareWithFriendsAsOfDate: 'BIGINT'""",
    "accelerometer": "user: 'VARCHAR', timestamp: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', z: 'DOUBLE'",
    "step_trainer": "sensorReadingTime: 'BIGINT', serialNumber: 'VARCHAR', distanceFromObject: 'INTEGER'",
}

TABLES = {
    "customer_trusted": "FROM {customer} WHERE shareWithResearchAsOfDate > 0",
    "accelerometer_trusted": 'FROM {accelerometer} WHERE "user" IN (SELECT email FROM customer_trusted)',
    "customer_curated": 'FROM customer_trusted WHERE email IN (SELECT "user" FROM accelerometer_trusted)',
    "step_trainer_trusted": "FROM {step_trainer} WHERE serialNumber IN (SELECT serialNumber FROM customer_curated)",
}

# The subject is made once a person, not once a row.
PAIRS = """
    WITH owners AS (SELECT email, serialNumber, left(sha256('key' || email), 32) AS subject
        FROM (SELECT DISTINCT email, serialNumber FROM customer_curated))
    SELECT o.subject, s.sensorReadingTime, s.distanceFromObject, a.x, a.y, a.z
    FROM step_trainer_trusted s
    JOIN owners o ON o.serialNumber = s.serialNumber
    JOIN accelerometer_trusted a ON a."user" = o.email AND a.timestamp = s.sensorReadingTime"""


def run(inputs, out, threads):
    readers = {
        zone: f"read_json('{inputs}/{zone}/landing/*.json', format = 'newline_delimited', columns = {{{columns}}})"
        for zone, columns in LANDING.items()
    }
    lake = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    with since() as took:
        for table, query in TABLES.items():
            # Landing rows are filtered as they are read: no table of them is made.
            lake.execute(f"CREATE TABLE {table} AS {query.format(**readers)}")
            lake.execute(f"COPY {table} TO '{out}/{table}.parquet' (FORMAT parquet)")
        # Nothing asks for the last table again.
        lake.execute(f"COPY ({PAIRS}) TO '{out}/machine_learning_curated.parquet' (FORMAT parquet)")
    lake.close()
    names = [*TABLES, "machine_learning_curated"]
    return took, {name: rows(f"{out}/{name}.parquet") for name in names}


def rows(file):
    return duckdb.execute("SELECT count(*) FROM read_parquet(?)", [file]).fetchone()[0]


serve(run, duckdb.__version__)
