"""Run by Spark's own Python: counts the rows of a Parquet file that have each of some values, by Spark's filters.

find_people.py FILE WANTED: WANTED holds [column, value] pairs as JSON; prints the counts as JSON.
"""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession

file, wanted = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    # Only what parquet-mr leaves of the file is compared once more.
    .config("spark.sql.parquet.enableVectorizedReader", "false")
    .config("spark.sql.parquet.recordLevelFilter.enabled", "true")
    .getOrCreate()
)
rows = spark.read.parquet(file)
print(json.dumps([rows.filter(rows[column] == value).count() for column, value in json.loads(Path(wanted).read_text())]))
