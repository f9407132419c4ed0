#!/usr/bin/env bash
# Changes the rules one place at a time, and asks whether a test notices: scripts/mutants.sh [AREA...]
# What was noticed in an earlier run of the same area is not tried again, so a run that was ended goes on. The few
# test programs that notice most come first; all of them are only for the mutants that these let pass.
# SHARD=k/n takes the k-th of n parts of each area, from 0, for as many machines or nights; each goes on by itself.
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
failed=0
first=(--lib)
for name in consent oracle rejected_customers times withdrawals; do
  first+=(--test "$name")
done
for area in "${@:-consent joins zones}"; do
  for name in $area; do
    out=$cache/mutants/$name${SHARD:+-${SHARD/\//-of-}}
    mkdir -p "$out"
    echo "== mutants of $name: ${areas[$name]}${SHARD:+, part $SHARD}"
    here=(--file "${areas[$name]}" --colors never)
    if [ -n "${SHARD:-}" ]; then
      # By their names: beside --iterate, a shard would be one of those that are left, others each time.
      cargo mutants "${here[@]}" --list --shard "$SHARD" >"$out/shard.txt"
      [ -s "$out/shard.txt" ] || continue
      while IFS= read -r mutant; do
        here+=(--re "$mutant")
      done < <(sed 's/[][\.+*?()|{}^$]/\\&/g; s/.*/^&$/' "$out/shard.txt")
    fi
    common=(--iterate --profile mutants "${here[@]}" --output "$out" --no-times)
    status=0
    cargo mutants "${common[@]}" -- "${first[@]}" || status=$?
    # 2 and 3: some were missed, or ran too long; anything else is no answer.
    [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || [ "$status" -eq 3 ] || exit "$status"
    echo "== $name: $(wc -l <"$out/mutants.out/missed.txt") of them passed the first tests"
    if [ "$status" -ne 0 ]; then
      cargo mutants "${common[@]}" && status=0 || status=$?
    fi
    [ "$status" -eq 0 ] || failed=$status
    # Those of the runs before stand in a list of their own.
    caught=$( (cat "$out"/mutants.out/{,previously_}caught.txt 2>/dev/null || true) | sort -u | wc -l)
    echo "== $name: $caught caught, $(wc -l <"$out/mutants.out/missed.txt") missed"
  done
done
exit $failed
