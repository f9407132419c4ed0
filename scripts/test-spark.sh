#!/usr/bin/env bash
# Tests the Spark job on a cluster of its own, for each version of Spark.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

scripts/setup.sh build python spark
cargo test --locked --no-run --test cli
for list in tests/spark/spark-*.txt; do
  echo "== spark: $(<"$list")"
  STEDI_SPARK=$(environment "$list") "$python" -m unittest discover --start-directory tests/spark --verbose
done
