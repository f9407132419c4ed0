#!/usr/bin/env bash
# Builds the core for the browser into www/pkg: stedi_lakehouse.js and its .wasm.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source scripts/browser-build.sh

out=www/pkg
wasm=$out/stedi_lakehouse_bg.wasm

# `serve` is for a first look, `quick` for the loop of edit and test: built sooner, larger and slower.
profile=${STEDI_PROFILE:-release}
built=$CARGO_TARGET_DIR/$target/$profile/stedi_lakehouse.wasm

build_wasm --profile "$profile"
# Not again for a core that is the same as before.
sum=$(sha256sum "$built" scripts/wasm.sh scripts/browser-build.sh scripts/bindgen/src/main.rs www/build/pack.mjs \
  Cargo.lock package-lock.json | sha256sum)
if [ "$(cat "$out/core.sum" 2>/dev/null)" = "$sum" ]; then exit; fi
rm -f "$out/core.sum"
bindings "$built" "$out"
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
echo "$sum" >"$out/core.sum"
