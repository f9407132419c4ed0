#!/usr/bin/env bash
# Builds the core for the browser into www/pkg: stedi_lakehouse.js and its .wasm.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source scripts/browser-build.sh

out=www/pkg
wasm=$out/stedi_lakehouse_bg.wasm

# `serve` is for a first look, `quick` for the loop of edit and test: built sooner, larger and slower.
profile=${STEDI_PROFILE:-release}

build_wasm --profile "$profile"
bindings "$CARGO_TARGET_DIR/$target/$profile/stedi_lakehouse.wasm" "$out"
[ "$profile" != release ] || wasm-opt -O3 --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int \
  --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue \
  "$wasm" -o "$wasm"

if grep -nE 'getRandomValues|randomFillSync|Math\.random|Date\.now|new Date|performance' "$out/stedi_lakehouse.js"; then
  echo "wasm: the core imports a clock or randomness" >&2
  exit 1
fi
no_folders "$wasm"
# The smallest that there is takes seconds.
node www/build/pack.mjs stedi_lakehouse "$([ "$profile" = release ] && echo 19 || echo 3)"
