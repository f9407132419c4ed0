#!/usr/bin/env bash
# Builds the pages of this commit twice, in two folders and with nothing built before, and compares their bytes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for name in one another-folder; do
  git clone --quiet "$root" "$scratch/$name"
  # The tools are those of the cache; what is compiled is not.
  (cd "$scratch/$name" && CARGO_TARGET_DIR=$scratch/$name-target make --no-print-directory "${1:-dist}")
done
for sums in one another-folder; do echo "$sums:" && cat "$scratch/$sums/dist/SHA256SUMS"; done
cmp "$scratch/one/dist/SHA256SUMS" "$scratch/another-folder/dist/SHA256SUMS"
(cd "$scratch/one/dist" && sha256sum --check --quiet SHA256SUMS)
echo "reproducible: the same bytes from two folders"
