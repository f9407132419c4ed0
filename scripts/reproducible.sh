#!/usr/bin/env bash
# Builds the pages of this commit twice, in two folders and with nothing built before, and compares their bytes:
# reproducible.sh [dist | dist-sql | release]. Of a release all files are compared.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

target=${1:-dist}
folder=dist
[ "$target" != release ] || folder=dist/release
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in one another-folder; do
  git clone --quiet "$root" "$scratch/$name"
  # The tools are those of the cache; what is compiled is not. A folder that is there takes nothing from an earlier one.
  mkdir "$scratch/$name-target"
  (cd "$scratch/$name" && CARGO_TARGET_DIR=$scratch/$name-target make --no-print-directory "$target")
done
for sums in one another-folder; do echo "$sums:" && cat "$scratch/$sums/$folder/SHA256SUMS"; done
cmp "$scratch/one/$folder/SHA256SUMS" "$scratch/another-folder/$folder/SHA256SUMS"
(cd "$scratch/one/$folder" && sha256sum --check --quiet SHA256SUMS)
echo "reproducible: the same bytes from two folders"
