#!/usr/bin/env bash
# Changes the rules one place at a time, and asks whether a test notices: scripts/mutants.sh [AREA...]
# What was noticed in an earlier run of the same area is not tried again, so a run that was ended goes on.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

scripts/setup.sh build mutants
declare -A areas=(
  [consent]='src/consent/**/*.rs'
  [joins]='src/joins.rs'
  [zones]='src/zones/**/*.rs'
  [pipeline]='src/pipeline/**/*.rs'
  [ingest]='src/ingest/**/*.rs'
)
export CARGO_TARGET_DIR=$cache/build/mutants
status=0
for area in "${@:-consent joins zones}"; do
  for name in $area; do
    out=$cache/mutants/$name
    mkdir -p "$out"
    echo "== mutants of $name: ${areas[$name]}"
    cargo mutants --iterate --profile mutants --file "${areas[$name]}" --output "$out" --no-times --colors never || status=$?
    echo "== $name: $(wc -l <"$out/mutants.out/caught.txt") caught, $(wc -l <"$out/mutants.out/missed.txt") missed"
  done
done
exit $status
