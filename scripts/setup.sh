#!/usr/bin/env bash
# Installs what is missing of the named needs: build lint wasm engine node wasm-test browsers python notebook deny
# mutants wheel release qemu bench spark bench_spark object-store.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

geckodriver=0.37.1
cargo_deny=0.20.2
cargo_mutants=27.1.0

say() { echo "setup: $*"; }

# fail WORDS: one line, which says how to get what is missing.
fail() {
  say "$*" >&2
  exit 1
}

# What tests need of the system, and which package has it; "-" where none does.
packages="
need          apt                             dnf                        pacman               brew
cc            gcc                             gcc                        gcc                  gcc
clang         clang                           clang                      clang                llvm
chromium      chromium                        chromium                   chromium             chromium
chromedriver  chromium-driver                 chromedriver               chromium             chromedriver
firefox       firefox-esr                     firefox                    firefox              firefox
webkit        webkit2gtk-driver               webkit2gtk-driver          webkit2gtk-4.1       -
fonts         fonts-dejavu-core               dejavu-sans-fonts          ttf-dejavu           font-dejavu
Xvfb          xvfb                            xorg-x11-server-Xvfb       xorg-server-xvfb     -
xdotool       xdotool                         xdotool                    xdotool              -
gtk           python3-gi,gir1.2-gtk-3.0       python3-gobject,gtk3       python-gobject,gtk3  pygobject3,gtk+3
venv          python3-venv                    python3                    python               python
qemu-aarch64  qemu-user                       qemu-user-static-aarch64   qemu-user            -
java          openjdk-17-jre-headless         java-17-openjdk-headless   jre17-openjdk        openjdk@17
"

# has NEED: whether the system has it, whoever installed it.
has() {
  case $1 in
    firefox) command -v firefox-esr || command -v firefox ;;
    webkit) command -v WebKitWebDriver ;;
    # Without any font Chromium draws no text.
    fonts) find /usr/share/fonts /usr/local/share/fonts /Library/Fonts -name '*.ttf' -print -quit | grep . ;;
    gtk) /usr/bin/python3 -c 'import gi; gi.require_version("Gtk", "3.0")' ;;
    venv) python3 -c 'import ensurepip, venv' ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

# packages_of COLUMN NEED...: what has them, of one package manager.
packages_of() {
  local column=$1 need names=()
  shift
  for need in "$@"; do
    names+=($(awk -v need="$need" -v column="$column" '$1 == need && $column != "-" { gsub(",", " ", $column); print $column }' <<<"$packages"))
  done
  echo "${names[*]}"
}

# system_need NEED...: by apt where that is allowed without asking; else it says what to install.
system_need() {
  local need missing=() root=()
  for need in "$@"; do
    has "$need" || missing+=("$need")
  done
  [ ${#missing[@]} = 0 ] && return
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
    say "installing Debian packages: $(packages_of 2 "${missing[@]}")"
    # A mirror may fail once, and a new machine may be updating itself.
    local patient=(-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
    "${root[@]}" apt-get "${patient[@]}" update -q
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${patient[@]}" install -qy --no-install-recommends \
      $(packages_of 2 "${missing[@]}")
    return
  fi
  say "missing, and not to be installed without root: ${missing[*]}. Their packages:
  apt     $(packages_of 2 "${missing[@]}")
  dnf     $(packages_of 3 "${missing[@]}")
  pacman  $(packages_of 4 "${missing[@]}")
  brew    $(packages_of 5 "${missing[@]}")" >&2
  exit 1
}

# cargo_install PROGRAM CRATE VERSION [OPTION...]
cargo_install() {
  local program=$1 crate=$2 version=$3
  shift 3
  [[ "$("$tools/bin/$program" --version 2>/dev/null)" == "$program $version"* ]] && return
  say "installing $crate $version from crates.io (a minute or two)"
  # Not into the shared target folder: that one may be removed at any time. Unoptimised: these run seldom and
  # shortly, and that takes a third of the time.
  env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=false \
    cargo install --debug --root "$tools" "$crate" --version "$version" "$@"
}

need_build() {
  local folder
  command -v cargo >/dev/null || fail "Rust is missing: get it by the command that https://rustup.rs shows"
  has cc || fail "a C linker is missing: install gcc, or on macOS the command line tools (xcode-select --install)"
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
  for component in fmt clippy; do
    cargo "$component" --version >/dev/null 2>&1 && continue
    [ "$component" = fmt ] && component=rustfmt
    rustup_add component "$component"
  done
}

need_wasm() {
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || rustup_add target wasm32-unknown-unknown
}

# rustup_add component|target NAME
rustup_add() {
  command -v rustup >/dev/null || fail "Rust's $1 $2 is missing: install it, or Rust by https://rustup.rs"
  say "installing the Rust $1 $2"
  rustup "$1" add "$2"
}

# A library of DataFusion's is C, and compiled for the browser too.
need_engine() {
  system_need clang
}

need_node() {
  node --eval 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null ||
    fail "Node 20 or newer is missing, with npm: get it from https://nodejs.org"
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
  cargo_install wasm-bindgen-test-runner wasm-bindgen-cli "$version" --bin wasm-bindgen-test-runner
  cargo_install geckodriver geckodriver "$geckodriver"
}

need_deny() {
  cargo_install cargo-deny cargo-deny "$cargo_deny" --locked
  # It looks at the crates of every platform, and is run offline.
  cargo fetch --locked
}

need_mutants() {
  cargo_install cargo-mutants cargo-mutants "$cargo_mutants" --locked
}

need_browsers() {
  # The last three are for real drags: a screen, a hand, and a window to drag from.
  system_need chromium chromedriver firefox webkit fonts Xvfb xdotool gtk
}

# python_install LIST
python_install() {
  local wanted=$1 venv
  venv=$(environment "$wanted")
  cmp -s "$wanted" "$venv/installed.txt" && return
  command -v python3 >/dev/null || fail "Python 3.11 or newer is missing: get it from https://python.org"
  system_need venv
  say "installing the Python packages $(xargs <"$wanted") into $venv"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"
  cp "$wanted" "$venv/installed.txt"
}

need_python() {
  python_install tests/readers/requirements.txt
  # DuckDB's extension for Delta Lake is built for each version of DuckDB, and not yet for that of the others.
  python_install tests/readers/delta/requirements.txt
  # It wants an older DuckDB than the readers are.
  python_install tests/readers/datacontract.txt
}

need_notebook() {
  python_install examples/requirements.txt
}

# A server that speaks S3.
need_object-store() {
  python_install tests/object_store/requirements.txt
}

# What builds the Python package for this machine.
need_wheel() {
  python_install scripts/wheel-requirements.txt
}

need_release() {
  local target
  for target in {x86_64,aarch64}-unknown-linux-{musl,gnu}; do
    [[ $(rustup target list --installed) = *$target* ]] && continue
    say "installing the Rust target $target"
    rustup target add "$target"
  done
  python_install scripts/release-requirements.txt
}

# Runs programs of other architectures.
need_qemu() {
  system_need qemu-aarch64
}

need_bench() {
  python_install bench/requirements.txt
}

need_bench_spark() {
  system_need java
  python_install bench/requirements-spark.txt
}

need_spark() {
  local list
  system_need java
  for list in tests/spark/spark-*.txt; do
    python_install "$list"
  done
}

# What is compiled has the processors, while what the others want comes from the network.
compiled=
others=
for need in "$@"; do
  case $need in
    # First of all: nothing is compiled without them.
    build | lint | wasm) "need_$need" ;;
    wasm-test | deny | mutants) compiled+=" need_$need" ;;
    *) others+=" need_$need" ;;
  esac
done
compiling=
if [ -n "$compiled" ]; then
  # A group of its own, so that its compilers end with this script.
  set -m
  (for need in $compiled; do "$need"; done) </dev/null &
  compiling=$!
  set +m
  trap 'kill -- "-$compiling" 2>/dev/null || true' EXIT
fi
for need in $others; do
  "$need"
done
[ -z "$compiling" ] || wait "$compiling"
trap - EXIT
