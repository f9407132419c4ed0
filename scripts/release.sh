#!/usr/bin/env bash
# Fills dist/release: the pages that dist/ has, the program for Linux and the Python wheels with the page in them, an
# SBOM, SHA256SUMS.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

scripts/setup.sh build wheel release
linux=(x86_64-unknown-linux-musl aarch64-unknown-linux-musl)
wheels=(x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu)
# Their programs are built by runners of these systems.
others=(aarch64-apple-darwin x86_64-pc-windows-msvc)
out=dist/release
rm -rf "$out"
mkdir -p "$out"
cp dist/stedi-lakehouse*.html "$out"
for target in "${linux[@]}"; do
  scripts/release_program.sh "$target"
done
scripts/wheel.sh "$out" "${wheels[@]}"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) \
  "$(environment scripts/release-requirements.txt)/bin/python" \
  scripts/release_sbom.py "$out/stedi-lakehouse.cdx.json" "${linux[@]}" "${wheels[@]}" "${others[@]}"
scripts/release_sums.sh "$out"
