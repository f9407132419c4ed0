#!/usr/bin/env bash
# Runs every test, or only the named steps: scripts/test.sh page readers. `quick` is what can be told within two
# minutes once it was built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

only=" $* "
if [ "$*" = quick ]; then
  only=" setup-quick format format-js clippy-quick native-quick types unused-js unit "
  # Types of the page are also those of both modules.
  ls www/pkg/stedi_lakehouse.d.ts www/pkg/stedi_query.d.ts >/dev/null || { echo "run make dist-sql once" && exit 1; }
fi
current=
passed=0

finish() {
  if [ -n "$current" ]; then
    echo "FAILED at $current after $passed passed steps, ${SECONDS} s"
  elif [ ! -d "$STEDI_DATA" ]; then
    echo "PASSED: $passed steps, ${SECONDS} s; SKIPPED what needs the real data: no folder $STEDI_DATA"
  elif [ "$only" = "  " ]; then
    echo "PASSED: $passed steps, ${SECONDS} s, nothing skipped"
  else
    echo "PASSED: $passed steps of those of make test, ${SECONDS} s"
  fi
}
trap finish EXIT

# step NAME COMMAND...
step() {
  local start=$SECONDS
  [[ $only = "  " || $only = *" $1 "* ]] || return 0
  current=$1
  shift
  echo "== $current: $*"
  "$@"
  echo "== $current passed in $((SECONDS - start)) s"
  passed=$((passed + 1))
  current=
}

# As step, for what has to be asked for by its name: it takes long, or is a part of another step.
named_step() {
  if [[ $only = *" $1 "* ]]; then step "$@"; fi
}

# Native tests would be empty programs in a browser, so only these are built.
browser_tests=()
for file in tests/browser_*.rs; do
  browser_tests+=(--test "$(basename "$file" .rs)")
done

# They take seconds, and together most mistakes in the rules and the decoder fail one of them.
quick_tests=()
for name in consent decoder options oracle tidy; do
  quick_tests+=(--test "$name")
done

# page_tests OPTION... FILE...: what failed is said once more at the end, where a reader of 300 tests finds it. Where
# the real data is, all that a test needs has been built or installed, so one that is skipped fails too.
page_tests() {
  local said failed=0
  said=$(mktemp)
  node --test --test-reporter=tap "$@" | tee "$said" || failed=1
  if [ $failed = 1 ]; then
    echo "== failed:"
    awk '/^ *not ok/ { failed = 1 } failed; /^ *\.\.\.$/ { failed = 0 }' "$said"
  fi
  if [ -d "$STEDI_DATA" ] && ! grep -q '^# skipped 0$' "$said"; then
    echo "== skipped, though there is the real data:"
    grep -E '^ *(not )?ok .* # SKIP' "$said" || true
    failed=1
  fi
  rm "$said"
  return $failed
}

mapfile -t unit_tests < <(find tests/unit -name '*.test.mjs' | sort)

step setup scripts/setup.sh build lint wasm engine node wasm-test browsers python deny

named_step setup-notebook scripts/setup.sh build notebook
named_step setup-wheel scripts/setup.sh build python wheel
named_step setup-quick scripts/setup.sh build lint node
step format cargo fmt --all --check
step format-js biome ci --error-on-warnings .
step workflows "$(dirname "$python")/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
step deny cargo-deny --locked --offline check licenses bans sources
# The Python crate with the core: alone it would have Arrow checked once more, for other features.
step clippy cargo clippy --locked --all-targets --package stedi-lakehouse --package stedi-lakehouse-python -- -D warnings
named_step clippy-quick cargo clippy --locked --lib --bins -- -D warnings
named_step clippy-sql cargo clippy --locked --profile sql --package sql-tests --all-targets -- -D warnings
step clippy-wasm cargo clippy --locked --target wasm32-unknown-unknown --lib "${browser_tests[@]}" -- -D warnings
step native cargo test --locked
named_step native-quick cargo test --locked --quiet --lib --bins "${quick_tests[@]}"
step fuzz env STEDI_FUZZ_SECONDS="${STEDI_FUZZ_SECONDS:-60}" cargo test --locked --test fuzz -- --nocapture --test-threads 3
# A line of a gigabyte, a hundred million blank lines.
named_step json-long cargo test --locked --test json_suite -- --ignored
# The program as the native tests have it: a plain build would be of other
# features, and compile arrow once more.
step cli cargo test --locked --no-run --test cli
named_step notebook "$notebook_python" -m unittest discover --start-directory tests/notebook --verbose
# DataFusion takes a quarter of an hour to compile, once.
named_step sql cargo test --locked --profile sql --package sql-tests
named_step reproducible scripts/reproducible.sh
# Compiles all of it once more, in a home of its own.
named_step as-user scripts/as-user.sh
# DataFusion again, for the browser: eleven minutes on two cores, once.
step dist make --no-print-directory dist-sql
step clippy-query scripts/engine.sh clippy
with_page=(env STEDI_PAGE="$root/dist/stedi-lakehouse.html")
named_step clippy-page "${with_page[@]}" cargo clippy --locked --features page --all-targets -- -D warnings
step cli-page "${with_page[@]}" cargo test --locked --features page --lib --test cli_page
# It compiles arrow and parquet once more, with what PyO3 wants of them.
named_step wheel "$python" -m unittest discover --start-directory tests/wheel --verbose
step types tsc --project .
step unused-js knip --no-progress
step unit node --test "${unit_tests[@]}"
step chromium wasm-pack --log-level warn test --mode no-install --headless \
  --chrome --chromedriver "$(command -v chromedriver)" -- --locked "${browser_tests[@]}"
step firefox wasm-pack --log-level warn test --mode no-install --headless \
  --firefox --geckodriver "$tools/bin/geckodriver" -- --locked "${browser_tests[@]}"
# A browser that hangs fails its file after ten minutes, not the whole run after ninety.
# Two files at a time: browsers wait a good deal.
step page page_tests --test-concurrency=2 --test-timeout=600000 tests/page/*.test.mjs
step readers "$python" -m unittest discover --start-directory tests/readers --verbose
step delta env PYTHONPATH=tests/readers "$delta_python" \
  -m unittest discover --start-directory tests/readers/delta --verbose
