"""The five tables with Polars: one job a line of standard input, see job.py."""

import polars as pl
from job import serve, since

LANDING = {
    "customer": {
        "customerName": pl.String,
        "email": pl.String,
        "phone": pl.String,
        "birthDay": pl.String,
        "serialNumber": pl.String,
        "registrationDate": pl.Int64,
        "lastUpdateDate": pl.Int64,
        "shareWithResearchAsOfDate": pl.Int64,
        "shareWithPublicAsOfDate": pl.Int64,
        "shareWithFriendsAsOfDate": pl.Int64,
    },
    "accelerometer": {"user": pl.String, "timestamp": pl.Int64, "x": pl.Float64, "y": pl.Float64, "z": pl.Float64},
    "step_trainer": {"sensorReadingTime": pl.Int64, "serialNumber": pl.String, "distanceFromObject": pl.Int32},
}


def run(inputs, out, threads):
    if pl.thread_pool_size() != threads:
        raise ValueError(f"POLARS_MAX_THREADS gave {pl.thread_pool_size()} threads, not {threads}")
    with since() as took:
        names = curate(inputs, out)
    return took, {name: rows(f"{out}/{name}.parquet") for name in names}


def rows(file):
    return pl.scan_parquet(file).select(pl.len()).collect().item()


def curate(inputs, out):
    def landing(zone):
        return pl.scan_ndjson(f"{inputs}/{zone}/landing/*.json", schema=LANDING[zone])

    def semi(left, right, left_on, right_on):
        return left.join(right.lazy(), left_on=left_on, right_on=right_on, how="semi")

    names = []

    def keep(name, query):
        names.append(name)
        table = query.collect(engine="streaming")
        table.write_parquet(f"{out}/{name}.parquet", compression="snappy")
        return table

    customers = keep("customer_trusted", landing("customer").filter(pl.col("shareWithResearchAsOfDate") > 0))
    accelerometer = keep("accelerometer_trusted", semi(landing("accelerometer"), customers, "user", "email"))
    curated = keep("customer_curated", semi(customers.lazy(), accelerometer, "email", "user"))
    step = keep("step_trainer_trusted", semi(landing("step_trainer"), curated, "serialNumber", "serialNumber"))
    # The subject is made once a person, not once a row.
    owners = curated.lazy().select("email", "serialNumber").unique().with_columns(subject=pl.col("email").hash())
    keep(
        "machine_learning_curated",
        step.lazy()
        .join(owners, on="serialNumber")
        .join(accelerometer.lazy(), left_on=["email", "sensorReadingTime"], right_on=["user", "timestamp"])
        .select("subject", "sensorReadingTime", "distanceFromObject", "x", "y", "z"),
    )
    return names


serve(run, pl.__version__)
