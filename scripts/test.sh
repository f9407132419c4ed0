#!/usr/bin/env bash
# Runs every test, or only the named steps: scripts/test.sh page readers. `quick` is what can be told within two
# minutes once it was built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

only=" $* "
if [ "$*" = quick ]; then
  only=" setup-quick format format-js clippy-quick native-quick types declarations unused-js unit "
  # Types of the page are also those of both modules.
  ls www/pkg/stedi_lakehouse.d.ts www/pkg/stedi_query.d.ts >/dev/null || { echo "run make dist-sql once" && exit 1; }
fi
current=
passed=0
failed=()

# Where tests of the program write. In memory where there is room: each file of a lake is written through to the disk,
# which no test is about, and takes nine tenths of the time of a small one. Not for the page: a browser hands nothing to
# a page that is below /dev.
scratch=
if [ -w /dev/shm ] && [ "$(df --output=avail --block-size=1M /dev/shm | tail -n 1)" -ge 3000 ]; then
  scratch=$(mktemp -d /dev/shm/stedi-test.XXXXXX)
fi
in_memory=(env TMPDIR="${scratch:-${TMPDIR:-/tmp}}")

finish() {
  [ -z "$scratch" ] || rm -rf "$scratch"
  # Ended from outside, in the middle of a step.
  [ -z "$current" ] || failed+=("$current")
  if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED: ${failed[*]}; $passed steps passed, ${SECONDS} s"
  elif [ ! -d "$STEDI_DATA" ]; then
    echo "PASSED: $passed steps, ${SECONDS} s; SKIPPED what needs the real data: no folder $STEDI_DATA"
  elif [ "$only" = "  " ]; then
    echo "PASSED: $passed steps, ${SECONDS} s, nothing skipped"
  else
    echo "PASSED: $passed steps of those of make test, ${SECONDS} s"
  fi
}
trap finish EXIT

# step NAME COMMAND...: one that fails does not end the run, so that one run tells all that is wrong; but for those that
# install or build what later ones are about.
step() {
  local start=$SECONDS
  [[ $only = "  " || $only = *" $1 "* ]] || return 0
  current=$1
  shift
  echo "== $current: $*"
  if "$@"; then
    echo "== $current passed in $((SECONDS - start)) s"
    passed=$((passed + 1))
  else
    echo "== $current FAILED after $((SECONDS - start)) s"
    [[ $current != @(setup*|cli|dist) ]] || exit 1
    failed+=("$current")
  fi
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

# The tests of the boundary, each in a browser. By cargo alone: wasm-pack would build all native tests too.
# Its own limits, 5 and 20 seconds, are of a machine that does nothing else.
boundary=(env -u GECKODRIVER -u CHROMEDRIVER WASM_BINDGEN_TEST_ONLY_WEB=1
  WASM_BINDGEN_TEST_DRIVER_TIMEOUT=60 WASM_BINDGEN_TEST_TIMEOUT=120
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$tools/bin/wasm-bindgen-test-runner"
  # What a debugger wants of them, the test runner would take out again.
  CARGO_PROFILE_DEV_DEBUG=false)
boundary_tests=(cargo test --locked --target wasm32-unknown-unknown "${browser_tests[@]}")

# page_tests OPTION... FILE...: what failed is said once more at the end, where a reader of 300 tests finds it, and what
# took longest. Where the real data is, all that a test needs has been built or installed, so one that is skipped fails
# too.
page_tests() {
  local said failed=0
  said=$(mktemp)
  node --test --test-reporter=tap "$@" | tee "$said" || failed=1
  if [ $failed = 1 ]; then
    echo "== failed:"
    awk '/^ *not ok/ { failed = 1 } failed; /^ *\.\.\.$/ { failed = 0 }' "$said"
  fi
  echo "== those that took longest, in seconds:"
  awk '
    /^(not )?ok / { name = $0; sub(/^(not )?ok [0-9]+ - /, "", name) }
    /^  duration_ms: / { printf "%6.1f %s\n", $2 / 1000, name }
  ' "$said" | sort -rn | sed -n 1,15p
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
named_step setup-s3 scripts/setup.sh build lint object-store
named_step setup-quick scripts/setup.sh build lint node
step format cargo fmt --all --check
step format-js biome ci --error-on-warnings .
step workflows "$(dirname "$python")/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
step deny cargo-deny --locked --offline check licenses bans sources
# The Python crate with the core: alone it would have Arrow checked once more, for other features.
step clippy cargo clippy --locked --all-targets --package stedi-lakehouse --package stedi-lakehouse-python -- -D warnings
named_step clippy-quick cargo clippy --locked --lib --bins -- -D warnings
named_step clippy-s3 cargo clippy --locked --features object-store --all-targets -- -D warnings
named_step clippy-sql cargo clippy --locked --profile sql --package sql-tests --all-targets -- -D warnings
# On a build, so that the crates below are those of the tests in browsers, and of this one a quick build.
step clippy-wasm env RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings CARGO_PROFILE_DEV_OPT_LEVEL=0 \
  CARGO_PROFILE_DEV_DEBUG=false cargo build --locked --target wasm32-unknown-unknown --lib "${browser_tests[@]}"
# The fuzzers are a step of their own.
step native "${in_memory[@]}" STEDI_FUZZ_SECONDS=1 cargo test --locked --no-fail-fast
named_step native-quick cargo test --locked --quiet --lib --bins "${quick_tests[@]}"
step fuzz env STEDI_FUZZ_SECONDS="${STEDI_FUZZ_SECONDS:-30}" \
  cargo test --locked --test fuzz -- --nocapture --test-threads 3
# A line of a gigabyte, a hundred million blank lines.
named_step json-long cargo test --locked --test json_suite -- --ignored
# The program as the native tests have it: a plain build would be of other
# features, and compile arrow once more.
step cli cargo test --locked --no-run --test cli
# Builds the program that the next step calls.
named_step native-s3 cargo test --locked --features object-store --lib --test cli_manners
named_step s3 "$object_store_python" -m unittest discover --start-directory tests/object_store --verbose
named_step notebook "$notebook_python" -m unittest discover --start-directory tests/notebook --verbose
# DataFusion takes a quarter of an hour to compile, once.
named_step sql cargo test --locked --profile sql --package sql-tests
named_step reproducible scripts/reproducible.sh
# Compiles all of it once more, in a home of its own.
named_step as-user scripts/as-user.sh
# DataFusion again, for the browser: eleven minutes on two cores, once.
step dist make --no-print-directory -j2 dist-sql
step clippy-query scripts/engine.sh clippy
with_page=(env STEDI_PAGE="$root/dist/stedi-lakehouse.html")
named_step clippy-page "${with_page[@]}" cargo clippy --locked --features page --all-targets -- -D warnings
step cli-page "${with_page[@]}" cargo test --locked --features page --test cli_page
# It compiles arrow and parquet once more, with what PyO3 wants of them.
named_step wheel "$python" -m unittest discover --start-directory tests/wheel --verbose
step types tsc --project .
# To the step above a type that a declaration names and nobody declares is any, without an error.
step declarations tsc --project tsconfig.declarations.json
step unused-js knip --no-progress
step unit node --test "${unit_tests[@]}"
step chromium "${boundary[@]}" CHROMEDRIVER="$(command -v chromedriver)" "${boundary_tests[@]}"
step firefox "${boundary[@]}" GECKODRIVER="$tools/bin/geckodriver" "${boundary_tests[@]}"
# A browser that hangs fails its file after ten minutes, not the whole run after ninety.
# Two files at a time: browsers wait a good deal, but with three a field may lose its focus before it is typed into.
step page page_tests --test-concurrency="${STEDI_PAGE_FILES:-2}" --test-timeout=600000 tests/page/*.test.mjs
named_step page-long env STEDI_CANCELS=200 node --test tests/page/repeat.test.mjs
step readers "${in_memory[@]}" "$python" tests/readers/run_files.py
step delta "${in_memory[@]}" PYTHONPATH=tests/readers "$delta_python" \
  -m unittest discover --start-directory tests/readers/delta --verbose
[ ${#failed[@]} -eq 0 ]
