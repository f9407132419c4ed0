# Sourced by what builds for the browser, after env.sh.
target=wasm32-unknown-unknown
cargo_home=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(rustc --print sysroot)

# Panic messages name source files: without this machine's folders in them,
# any machine gives the same bytes. Cargo names the clone's own files relative
# to the clone. The last flag that matches is the one that counts.
remap="'--remap-path-prefix=$HOME=/home',
  '--remap-path-prefix=$cargo_home=/cargo',
  '--remap-path-prefix=$sysroot=/rust'"

# build_wasm OPTION...: a crate as a cdylib, by the options of cargo rustc.
build_wasm() {
  cargo rustc --locked --lib --crate-type cdylib --target "$target" \
    --config "target.$target.rustflags = [$remap]" "$@"
}

# bindings MODULE.wasm FOLDER [--small]: its JavaScript, and the module made to fit it.
bindings() {
  cargo run --quiet --locked --profile tool --package stedi-bindgen -- "$@"
}

# no_folders FILE: fails if it names a folder of this machine.
no_folders() {
  local folder
  for folder in "$root/" "$HOME/" "$cargo_home/" "$CARGO_TARGET_DIR/"; do
    if grep -aqF "$folder" "$1"; then
      echo "wasm: $1 names a folder of this machine: $folder" >&2
      exit 1
    fi
  done
}
