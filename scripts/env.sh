# Sourced by the other scripts: where things are. Whatever can be fetched or
# built again stays out of the clone, in one cache folder that clones share.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/stedi-lakehouse
tools=$cache/tools

# environment LIST: where the Python packages of a list are. A list has a folder of
# its own, so that clones whose lists differ do not undo each other's.
environment() { echo "$cache/python-$(cksum <"$root/$1" | cut -d' ' -f1)"; }
python=$(environment tests/readers/requirements.txt)/bin/python
delta_python=$(environment tests/readers/delta/requirements.txt)/bin/python
export STEDI_DATACONTRACT=$(environment tests/readers/datacontract.txt)/bin/datacontract
object_store_python=$(environment tests/object_store/requirements.txt)/bin/python
notebook_python=$(environment examples/requirements.txt)/bin/python
export BENCH_PYTHON=$(environment bench/requirements.txt)/bin/python
export BENCH_SPARK_PYTHON=$(environment bench/requirements-spark.txt)/bin/python

# One target folder for each clone: cargo tells stale from fresh by file times
# alone, so a clone that shared a newer one's folder would get that one's program.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/build/$(cksum <<<"$root" | cut -d' ' -f1)}
# The program that the tests of the page and of the other readers compare with.
export STEDI_CLI=${STEDI_CLI:-$CARGO_TARGET_DIR/debug/stedi-lakehouse}
export STEDI_DATA=${STEDI_DATA:-$root/../shared/data/stedi}
export PATH=$tools/bin:$root/node_modules/.bin:$PATH

cd "$root"
