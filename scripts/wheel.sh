#!/usr/bin/env bash
# Builds the Python package: wheel.sh FOLDER [TARGET...]. For targets as they are released: manylinux2014, with the
# page of dist/ and object stores in it, the same bytes for the same commit. Without a target quickly, for this machine
# alone, and without either, for which crates would be compiled anew.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source scripts/browser-build.sh

out=$1
shift
page=$root/dist/stedi-lakehouse.html
export PATH=$(environment scripts/wheel-requirements.txt)/bin:$PATH
mkdir -p "$out"

build=(maturin build --quiet --locked --manifest-path python/Cargo.toml --out "$out")
if [ $# = 0 ]; then
  "${build[@]}" --profile "${STEDI_PROFILE:-dev}" --compatibility linux
  exit
fi

[ -e "$page" ] || { echo "wheel: there is no $page; make dist builds it" >&2; exit 1; }
profile=${STEDI_PROFILE:-wheel}
# The time of the files in the wheel. Not of a quick build: crates in C are compiled anew where it changes.
export SOURCE_DATE_EPOCH=$(git --no-optional-locks log -1 --format=%ct)
# Zig brings the C library of each architecture, as old as manylinux2014 wants it.
export PATH=$(environment scripts/release-requirements.txt)/bin:$PATH
for target in "$@"; do
  STEDI_PAGE=$page \
    STEDI_COMMIT=$(git --no-optional-locks describe --always --dirty --abbrev=12 '--exclude=*' 2>/dev/null) \
    "${build[@]}" --profile "$profile" --features page,object-store --target "$target" --zig --compatibility manylinux2014 \
    --config "target.$target.rustflags = [$remap]" --config "profile.$profile.strip = true"
  no_folders "$CARGO_TARGET_DIR/$target/$profile/libstedi_lakehouse_python.so"
done
