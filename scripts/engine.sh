#!/usr/bin/env bash
# Builds the SQL console's engine for the browser into www/pkg: stedi_query.js and its .wasm, packed.
# `scripts/engine.sh clippy` lints it instead.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
source scripts/browser-build.sh

out=www/pkg
built=$CARGO_TARGET_DIR/$target/query/stedi_query.wasm
wasm=$out/stedi_query_bg.wasm

if [ "${1-}" = clippy ]; then
  # As `cargo clippy` does it, but on a build: a check would take DataFusion through the
  # compiler once more, where its build is there already. Of the crates of this project it is a quick one.
  RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings cargo build --locked --lib --target "$target" \
    --config "target.$target.rustflags = [$remap]" --package stedi-query --profile query \
    --config profile.query.package.stedi-lakehouse.opt-level=0 --config profile.query.package.stedi-query.opt-level=0
  exit
fi

build_wasm --package stedi-query --profile query
# Not again for an engine that is the same as before.
sum=$(sha256sum "$built" scripts/engine.sh scripts/browser-build.sh scripts/bindgen/src/main.rs www/build/pack.mjs |
  sha256sum)
if [ "$(cat "$out/engine.sum" 2>/dev/null)" = "$sum" ]; then exit; fi
rm -f "$out/engine.sum"
# Without wasm-opt: -Oz took 22 minutes, and what came out was larger when packed.
bindings "$built" "$out" --small
no_folders "$wasm"
node www/build/pack.mjs stedi_query
echo "$sum" >"$out/engine.sum"
