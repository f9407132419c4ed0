"""The five tables with Spark in local mode: one job a line of standard input, see job.py."""

import os

import pyspark
from job import serve, since
from pyspark.sql import SparkSession, functions

LANDING = {
    "customer": """customerName STRING, email STRING, phone STRING, birthDay STRING, serialNumber STRING,
        registrationDate BIGINT, lastUpdateDate BIGINT, shareWithResearchAsOfDate BIGINT,
        shareWithPublicAsOfDate BIGINT, shareWithFriendsAsOfDate BIGINT""",
    "accelerometer": "user STRING, timestamp BIGINT, x DOUBLE, y DOUBLE, z DOUBLE",
    "step_trainer": "sensorReadingTime BIGINT, serialNumber STRING, distanceFromObject INT",
}

spark = (
    SparkSession.builder.master(f"local[{os.environ['BENCH_THREADS']}]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "6g")
    # The default of 200 is for a cluster and would only slow this down.
    .config("spark.sql.shuffle.partitions", os.environ["BENCH_THREADS"])
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def run(inputs, out, threads):
    with since() as took:
        curate(inputs, out)
    return took, {name: spark.read.parquet(f"{out}/{name}").count() for name in os.listdir(out)}


def curate(inputs, out):
    def landing(zone):
        return spark.read.schema(LANDING[zone]).json(f"{inputs}/{zone}/landing")

    def keep(name, table):
        # Written and read back, as the original's jobs hand tables on.
        path = f"{out}/{name}"
        table.write.mode("overwrite").parquet(path)
        return spark.read.schema(table.schema).parquet(path)

    customers = keep("customer_trusted", landing("customer").where("shareWithResearchAsOfDate > 0"))
    accelerometer = landing("accelerometer")
    accelerometer = keep(
        "accelerometer_trusted", accelerometer.join(customers, accelerometer.user == customers.email, "left_semi")
    )
    curated = customers.join(accelerometer, accelerometer.user == customers.email, "left_semi")
    curated = keep("customer_curated", curated)
    step = keep("step_trainer_trusted", landing("step_trainer").join(curated, "serialNumber", "left_semi"))
    # The subject is made once a person, not once a row.
    subject = functions.sha2(functions.concat(functions.lit("key"), "email"), 256).substr(1, 32)
    owners = curated.select("email", "serialNumber").distinct().withColumn("subject", subject)
    pairs = step.join(owners, "serialNumber").join(
        accelerometer, (accelerometer.user == owners.email) & (accelerometer.timestamp == step.sensorReadingTime)
    )
    keep(
        "machine_learning_curated",
        pairs.select("subject", "sensorReadingTime", "distanceFromObject", "x", "y", "z"),
    )


serve(run, pyspark.__version__)
