#!/usr/bin/env bash
# Writes SHA256SUMS of all files of a folder into it: release_sums.sh FOLDER
set -euo pipefail
cd "$1"
rm -f SHA256SUMS
LC_ALL=C sha256sum -- * >../SHA256SUMS.new
mv ../SHA256SUMS.new SHA256SUMS
cat SHA256SUMS
