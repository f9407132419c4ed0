"""The five tables with pyarrow alone: one job a line of standard input, see job.py."""

import hashlib
import os

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json
import pyarrow.parquet as pq
from job import serve, since

TEXT, TIME, DOUBLE = pa.string(), pa.int64(), pa.float64()

LANDING = {
    "customer": {
        "customerName": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "birthDay": TEXT,
        "serialNumber": TEXT,
        "registrationDate": TIME,
        "lastUpdateDate": TIME,
        "shareWithResearchAsOfDate": TIME,
        "shareWithPublicAsOfDate": TIME,
        "shareWithFriendsAsOfDate": TIME,
    },
    "accelerometer": {"user": TEXT, "timestamp": TIME, "x": DOUBLE, "y": DOUBLE, "z": DOUBLE},
    "step_trainer": {"sensorReadingTime": TIME, "serialNumber": TEXT, "distanceFromObject": pa.int32()},
}


def run(inputs, out, threads):
    pa.set_cpu_count(threads)
    with since() as took:
        names = curate(inputs, out)
    return took, {name: pq.read_metadata(f"{out}/{name}.parquet").num_rows for name in names}


def landing(inputs, zone, keep):
    """The rows of a kind that `keep(table)` leaves of each file: no table of all of them is made."""
    folder = f"{inputs}/{zone}/landing"
    schema = pa.schema(LANDING[zone])
    options = pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    paths = [f"{folder}/{name}" for name in sorted(os.listdir(folder))]
    return pa.concat_tables([keep(pa.json.read_json(path, parse_options=options)) for path in paths])


def semi(left, key, right, right_key):
    keys = pa.table({right_key: pc.unique(right[right_key])})
    return left.join(keys, key, right_key, join_type="left semi")


def curate(inputs, out):
    names = []

    def keep(name, table):
        names.append(name)
        pq.write_table(table, f"{out}/{name}.parquet", compression="snappy")
        return table

    consents = pc.field("shareWithResearchAsOfDate") > 0
    customers = keep("customer_trusted", landing(inputs, "customer", lambda table: table.filter(consents)))
    accelerometer = keep(
        "accelerometer_trusted",
        landing(inputs, "accelerometer", lambda table: semi(table, "user", customers, "email")),
    )
    curated = keep("customer_curated", semi(customers, "email", accelerometer, "user"))
    step = keep(
        "step_trainer_trusted",
        landing(inputs, "step_trainer", lambda table: semi(table, "serialNumber", curated, "serialNumber")),
    )
    # The subject is made once a person, not once a row.
    owners = curated.group_by(["email", "serialNumber"]).aggregate([])
    subjects = [hashlib.sha256(f"key{email}".encode()).hexdigest()[:32] for email in owners["email"].to_pylist()]
    owners = owners.append_column("subject", pa.array(subjects, TEXT))
    owned = step.join(owners, "serialNumber", join_type="inner")
    # The right side of a join is the one that is held.
    pairs = accelerometer.join(
        owned, ["user", "timestamp"], ["email", "sensorReadingTime"], join_type="inner"
    )
    pairs = pairs.select(["subject", "timestamp", "distanceFromObject", "x", "y", "z"])
    keep("machine_learning_curated", pairs.rename_columns({"timestamp": "sensorReadingTime"}))
    return names


serve(run, pa.__version__)
