#!/usr/bin/env bash
# Tests the Spark job on a cluster of its own, for each version of Spark. STEDI_WHEEL may name the wheel of the Python
# package that its Pythons get; else it is built for this machine.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

scripts/setup.sh build python spark
cargo test --locked --no-run --test cli
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ -z "${STEDI_WHEEL:-}" ]; then
  scripts/setup.sh wheel
  scripts/wheel.sh "$scratch/wheel"
  STEDI_WHEEL=$(echo "$scratch"/wheel/*.whl)
fi
# In a folder of its own, so that the tests can do without it.
export STEDI_PACKAGE=$scratch/package
"$python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --target "$STEDI_PACKAGE" "$STEDI_WHEEL"
for list in tests/spark/spark-*.txt; do
  echo "== spark: $(xargs <"$list")"
  STEDI_SPARK=$(environment "$list") "$python" -m unittest discover --start-directory tests/spark --verbose
done
