#!/usr/bin/env bash
# Builds the program for a target, with the page of dist/ in it, into dist/release: release_program.sh TARGET
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source scripts/browser-build.sh

target=$1
page=$root/dist/stedi-lakehouse.html
profile=${STEDI_PROFILE:-release}
features=page,object-store
build=build
[ -e "$page" ] || { echo "release: there is no $page; make dist builds it" >&2; exit 1; }

if [[ $target = *-linux-musl ]]; then
  scripts/setup.sh build release
  export PATH=$(environment scripts/release-requirements.txt)/bin:$PATH
  # Zig brings musl and a C compiler for each architecture.
  build=zigbuild
  features+=,mimalloc
fi

STEDI_PAGE=$page \
  STEDI_COMMIT=$(git --no-optional-locks describe --always --dirty --abbrev=12 '--exclude=*' 2>/dev/null) \
  cargo "$build" --locked --profile "$profile" --features "$features" --target "$target" \
  --config "target.$target.rustflags = [$remap]" --config "profile.$profile.strip = true"

suffix=
[[ $target != *-windows-* ]] || suffix=.exe
program=dist/release/stedi-lakehouse-$target$suffix
mkdir -p dist/release
cp "$CARGO_TARGET_DIR/$target/$profile/stedi-lakehouse$suffix" "$program"
no_folders "$program"
