"""The rules a second time, as plain SQL on DuckDB, straight from clean newline-delimited JSON."""

import duckdb

LANDING = {
    "customer": """customerName: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', birthDay: 'VARCHAR',
        serialNumber: 'VARCHAR', registrationDate: 'BIGINT', lastUpdateDate: 'BIGINT',
        shareWithResearchAsOfDate: 'BIGINT', shareWithPublicAsOfDate: 'BIGINT', shareWithFriendsAsOfDate: 'BIGINT'""",
    "accelerometer": "user: 'VARCHAR', timestamp: 'BIGINT', x: 'DOUBLE', y: 'DOUBLE', z: 'DOUBLE'",
    "step_trainer": "sensorReadingTime: 'BIGINT', serialNumber: 'VARCHAR', distanceFromObject: 'INTEGER'",
}

# An email is compared without case, a serial number as it is.
WITHDRAWN_EMAIL = "lower(trim({})) IN (SELECT lower(entry) FROM withdrawals)"
WITHDRAWN_SERIAL = "trim({}) IN (SELECT entry FROM withdrawals)"


def curate(inputs, withdrawals=(), consent="ever", records="any", shared_serials="keep", join="owner"):
    """A connection that holds the eight tables; the subject of a curated row is the serial number."""
    lake = duckdb.connect()
    for zone, columns in LANDING.items():
        files = f"'{inputs}/{zone}/landing/*.json'"
        lake.execute(f"""CREATE TABLE {zone}_landing AS
            FROM read_json({files}, format = 'newline_delimited', columns = {{{columns}}})""")
    lake.execute("CREATE TABLE withdrawals (entry VARCHAR)")
    for entry in withdrawals:
        lake.execute("INSERT INTO withdrawals VALUES (trim(?))", [entry])

    newest = consenting = "consents"
    if records == "latest":
        newest = "rank() OVER (PARTITION BY email ORDER BY lastupdatedate DESC NULLS LAST) = 1"
        consenting = "bool_and(consents) OVER (PARTITION BY email)"
    lake.execute(f"""CREATE TABLE customer_trusted AS
        WITH marked AS (SELECT *, coalesce(sharewithresearchasofdate, 0) > 0 AS consents FROM customer_landing),
        ranked AS (SELECT *, {newest} AS newest FROM marked),
        decided AS (SELECT *, {consenting} AS consenting FROM ranked WHERE newest)
        SELECT * EXCLUDE (consents, newest, consenting) FROM decided
        WHERE consenting AND NOT {WITHDRAWN_EMAIL.format("email")} AND NOT {WITHDRAWN_SERIAL.format("serialnumber")}""")

    def since(time, owners):
        if consent == "ever":
            return "true"
        return f"{time} >= (SELECT min(sharewithresearchasofdate) FROM {owners})"

    lake.execute(f"""CREATE TABLE accelerometer_trusted AS FROM accelerometer_landing a
        WHERE "user" IN (SELECT email FROM customer_trusted)
        AND NOT {WITHDRAWN_EMAIL.format('"user"')}
        AND {since("a.timestamp", 'customer_trusted c WHERE c.email = a."user"')}""")
    lake.execute("""CREATE TABLE customer_curated AS FROM customer_trusted
        WHERE email IN (SELECT "user" FROM accelerometer_trusted)""")

    shared = "SELECT serialnumber FROM customer_landing GROUP BY serialnumber HAVING count(DISTINCT email) > 1"
    lake.execute(f"""CREATE TABLE step_trainer_trusted AS FROM step_trainer_landing s
        WHERE serialnumber IN (SELECT serialnumber FROM customer_curated)
        AND NOT {WITHDRAWN_SERIAL.format("serialnumber")}
        AND ({shared_serials == "keep"} OR serialnumber NOT IN ({shared}))
        AND {since("s.sensorreadingtime", "customer_curated c WHERE c.serialnumber = s.serialnumber")}""")

    # Whether a pair has an owner is asked, not joined, so that a pair appears once.
    owner = 'customer_curated c WHERE c.email = a."user" AND c.serialnumber = s.serialnumber'
    owned = "true" if join == "time" else f"EXISTS (FROM {owner})"
    # A pair of two people's readings has no date of its own.
    after_consent = f"coalesce({since('a.timestamp', owner)}, true)"
    lake.execute(f"""CREATE TABLE machine_learning_curated AS
        SELECT s.serialnumber AS subject, s.sensorreadingtime, s.distancefromobject, a.x, a.y, a.z
        FROM step_trainer_trusted s JOIN accelerometer_trusted a ON a.timestamp = s.sensorreadingtime
        WHERE {owned} AND {after_consent}""")
    return lake
