#!/usr/bin/env bash
# Runs the page tests again and again while two loops keep the processors busy, and stops at the first failure: for what
# fails now and then. repeat.sh [TIMES]. They take what `make test` has built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

times=${1:-20}
load=()
trap 'kill "${load[@]}" 2>/dev/null || true' EXIT
for _ in 1 2; do
  while :; do :; done &
  load+=($!)
done
for ((time = 1; time <= times; time++)); do
  echo "== page tests, time $time of $times"
  scripts/test.sh page
done
