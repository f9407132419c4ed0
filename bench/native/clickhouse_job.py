"""The five tables with ClickHouse, as chdb has it: one job a line of standard input, see job.py."""

import chdb
from chdb.session import Session
from job import serve, since

LANDING = {
    "customer": """customerName Nullable(String), email String, phone Nullable(String), birthDay Nullable(String),
        serialNumber String, registrationDate Nullable(Int64), lastUpdateDate Nullable(Int64),
        shareWithResearchAsOfDate Nullable(Int64), shareWithPublicAsOfDate Nullable(Int64),
        shareWithFriendsAsOfDate Nullable(Int64)""",
    "accelerometer": "`user` String, `timestamp` Int64, x Float64, y Float64, z Float64",
    "step_trainer": "sensorReadingTime Int64, serialNumber String, distanceFromObject Int32",
}

TABLES = {
    "customer_trusted": "FROM {customer} WHERE shareWithResearchAsOfDate > 0",
    "accelerometer_trusted": "FROM {accelerometer} WHERE `user` IN (SELECT email FROM customer_trusted)",
    "customer_curated": "FROM customer_trusted WHERE email IN (SELECT `user` FROM accelerometer_trusted)",
    "step_trainer_trusted": "FROM {step_trainer} WHERE serialNumber IN (SELECT serialNumber FROM customer_curated)",
}

# The subject is made once a person, not once a row. The right side of a join is the one that is held.
PAIRS = """
    SELECT s.subject AS subject, s.time AS sensorReadingTime, s.distance AS distanceFromObject,
        a.x AS x, a.y AS y, a.z AS z
    FROM accelerometer_trusted AS a
    INNER JOIN (
        SELECT o.email AS email, o.subject AS subject, t.sensorReadingTime AS time, t.distanceFromObject AS distance
        FROM step_trainer_trusted AS t
        INNER JOIN (
            SELECT email, serialNumber, lower(hex(sipHash128('key', email))) AS subject
            FROM (SELECT DISTINCT email, serialNumber FROM customer_curated)
        ) AS o ON t.serialNumber = o.serialNumber
    ) AS s ON a.`user` = s.email AND a.`timestamp` = s.time"""

# Of a query alone: nothing is taken for granted of what one leaves to the next.
SETTINGS = """SETTINGS max_threads = {threads}, max_insert_threads = {threads},
    output_format_parquet_compression_method = 'snappy'"""

# One for all jobs: its server is in this process.
lake = Session()


def run(inputs, out, threads):
    for table in TABLES:
        lake.query(f"DROP TABLE IF EXISTS {table} SYNC")
    readers = {
        zone: f"file('{inputs}/{zone}/landing/*.json', 'JSONEachRow', '{columns}')"
        for zone, columns in LANDING.items()
    }
    settings = SETTINGS.format(threads=threads)

    def write(table, query):
        lake.query(f"INSERT INTO FUNCTION file('{out}/{table}.parquet', 'Parquet') {query} {settings}")

    with since() as took:
        for table, query in TABLES.items():
            # Landing rows are filtered as they are read: no table of them is made.
            lake.query(f"CREATE TABLE {table} ENGINE = Memory AS SELECT * {query.format(**readers)} {settings}")
            write(table, f"SELECT * FROM {table}")
        # Nothing asks for the last table again.
        write("machine_learning_curated", PAIRS)
    names = [*TABLES, "machine_learning_curated"]
    return took, {name: rows(f"{out}/{name}.parquet") for name in names}


def rows(file):
    # The file of the job before had the same name.
    query = f"SELECT count() FROM file('{file}', 'Parquet') SETTINGS use_cache_for_count_from_files = 0"
    return int(lake.query(query, "TabSeparated").bytes())


serve(run, f"{chdb.engine_version}, chdb {chdb.__version__}")
