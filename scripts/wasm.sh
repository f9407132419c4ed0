#!/usr/bin/env bash
# Builds the core for the browser into www/pkg: stedi_lakehouse.js and its .wasm.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

target=wasm32-unknown-unknown
out=www/pkg
wasm=$out/stedi_lakehouse_bg.wasm
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)

# Panic messages name source files: without this machine's folders in them,
# any machine gives the same bytes. Cargo names the clone's own files relative
# to the clone. The last flag that matches is the one that counts.
remap="'--remap-path-prefix=$HOME=/home',
  '--remap-path-prefix=$cargo_home=/cargo',
  '--remap-path-prefix=$sysroot=/rust'"

cargo rustc --locked --release --lib --crate-type cdylib --target "$target" \
  --config "target.$target.rustflags = [$remap]"
wasm-bindgen --target web --out-dir "$out" "$CARGO_TARGET_DIR/$target/release/stedi_lakehouse.wasm"
wasm-opt -O3 --enable-simd --enable-bulk-memory --enable-nontrapping-float-to-int \
  --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue \
  "$wasm" -o "$wasm"

if grep -nE 'getRandomValues|randomFillSync|Math\.random|Date\.now|new Date|performance' "$out/stedi_lakehouse.js"; then
  echo "wasm: the core imports a clock or randomness" >&2
  exit 1
fi
for folder in "$root/" "$HOME/" "$cargo_home/" "$CARGO_TARGET_DIR/"; do
  if grep -aqF "$folder" "$wasm"; then
    echo "wasm: $wasm names a folder of this machine: $folder" >&2
    exit 1
  fi
done
node www/pack.mjs
