"""Run by Spark's own Python: makes the tables of a lake by its DDL and prints counts and sums of each as JSON.

read_lake.py LAKE SCRATCH
"""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

lake, scratch = map(Path, sys.argv[1:])
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
    .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={scratch}/metastore;create=true")
    .enableHiveSupport()
    .getOrCreate()
)
told = {}
for statement in sorted((lake / "ddl").glob("*.sql")):
    table = statement.stem
    # The SerDe of the landing tables is Athena's; Spark has none of its kind.
    if table.endswith("_landing"):
        continue
    spark.sql(statement.read_text().replace("s3://${bucket}", lake.as_uri()))
    rows = spark.table(table)
    numbers = [name for name, kind in rows.dtypes if kind != "string"]
    counted = rows.selectExpr("count(*) AS rows", *(f"CAST(sum(`{name}`) AS double) AS `{name}`" for name in numbers))
    told[table] = {"types": dict(rows.dtypes), **counted.collect()[0].asDict()}
print(json.dumps(told))
