#!/usr/bin/env bash
# Installs what is missing of the named needs: build lint wasm engine node wasm-test browsers python deny
# release qemu bench spark bench_spark.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

wasm_pack=0.15.1
geckodriver=0.37.1
cargo_deny=0.20.2

say() { echo "setup: $*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
}

# cargo_install PROGRAM CRATE VERSION [OPTION...]
cargo_install() {
  local program=$1 crate=$2 version=$3
  shift 3
  [[ "$("$tools/bin/$program" --version 2>/dev/null)" == "$program $version"* ]] && return
  say "installing $crate $version from crates.io (a few minutes)"
  # Not into the shared target folder: that one may be removed at any time.
  env -u CARGO_TARGET_DIR cargo install --root "$tools" "$crate" --version "$version" "$@"
}

need_build() {
  local folder
  # A new clone goes on from the dependencies that one long gone has built.
  for folder in "$cache"/build/*/; do
    [ -e "$folder/clone" ] && [ ! -e "$(cat "$folder/clone")" ] || continue
    [ -e "$CARGO_TARGET_DIR" ] && rm -rf "$folder" && continue
    mv "$folder" "$CARGO_TARGET_DIR"
    # What it knows of this project's own crates goes by file times: see env.sh.
    find "$CARGO_TARGET_DIR" \( -path '*/.fingerprint/stedi-lakehouse-*' -o -path '*/.fingerprint/stedi-query-*' -o -path '*/.fingerprint/sql-tests-*' \) -delete
  done
  mkdir -p "$CARGO_TARGET_DIR"
  echo "$root" >"$CARGO_TARGET_DIR/clone"
}

need_lint() {
  local component
  for component in rustfmt clippy; do
    [[ $(rustup component list --installed) == *$component-* ]] && continue
    say "installing the Rust component $component"
    rustup component add "$component"
  done
}

need_wasm() {
  if [[ $(rustup target list --installed) != *wasm32-unknown-unknown* ]]; then
    say "installing the Rust target wasm32-unknown-unknown"
    rustup target add wasm32-unknown-unknown
  fi
}

# A library of DataFusion's is C, and compiled for the browser too.
need_engine() {
  command -v clang >/dev/null || apt_install clang
}

need_node() {
  cmp -s package-lock.json node_modules/.installed && return
  say "installing the npm packages of package-lock.json"
  # No package may run an installer of its own.
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json node_modules/.installed
}

need_wasm-test() {
  # Its test runner must be of the very version that the crate was built with. No
  # --locked: a crate that its lock file names is not served any more.
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
  cargo_install wasm-bindgen wasm-bindgen-cli "$version"
  cargo_install wasm-pack wasm-pack "$wasm_pack" --locked
  cargo_install geckodriver geckodriver "$geckodriver"
}

need_deny() {
  cargo_install cargo-deny cargo-deny "$cargo_deny" --locked
  # It looks at the crates of every platform, and is run offline.
  cargo fetch --locked
}

need_browsers() {
  # Without any font Chromium draws no text.
  # The last ones are for real drags: a screen, a hand, and a window to drag from.
  apt_install chromium chromium-driver firefox-esr fonts-dejavu-core xvfb xdotool python3-gi gir1.2-gtk-3.0
}

# python_install LIST
python_install() {
  local wanted=$1 venv
  venv=$(environment "$wanted")
  cmp -s "$wanted" "$venv/installed.txt" && return
  python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
  say "installing the Python packages $(xargs <"$wanted") into $venv"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$venv/installed.txt"
}

need_python() {
  python_install tests/readers/requirements.txt
}

need_release() {
  local target
  for target in x86_64-unknown-linux-musl aarch64-unknown-linux-musl; do
    [[ $(rustup target list --installed) = *$target* ]] && continue
    say "installing the Rust target $target"
    rustup target add "$target"
  done
  python_install scripts/release-requirements.txt
}

# Runs programs of other architectures.
need_qemu() {
  apt_install qemu-user
}

need_bench() {
  python_install bench/requirements.txt
}

need_bench_spark() {
  command -v java >/dev/null || apt_install openjdk-17-jre-headless
  python_install bench/requirements-spark.txt
}

need_spark() {
  local list
  command -v java >/dev/null || apt_install openjdk-17-jre-headless
  for list in tests/spark/spark-*.txt; do
    python_install "$list"
  done
}

for need in "$@"; do
  "need_$need"
done
