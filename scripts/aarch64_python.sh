#!/usr/bin/env bash
# Prints the folder of a Python for aarch64, for `qemu-aarch64 -L`, and makes it in the cache if it is not there: of the
# packages of Debian, by an apt whose state is in the cache too, so that the system stays as it is and nobody has to be
# root. Where there is no apt, or its archives are without that architecture, it says so and fails.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

folder=$cache/aarch64-python
if [ ! -x "$folder/usr/bin/python3" ]; then
  if ! { command -v apt-get && command -v dpkg-deb; } >/dev/null; then
    echo "aarch64-python: it is made of Debian packages, and there is no apt" >&2
    exit 1
  fi
  mkdir -p "$cache"
  scratch=$(mktemp -d "$cache/aarch64-python-XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  mkdir -p "$scratch"/{state/lists/partial,archives/partial,root}
  # On a system without any package all that Python needs comes with it.
  touch "$scratch/state/status"
  apart() {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o Dir::State="$scratch/state" \
      -o Dir::State::status="$scratch/state/status" -o Dir::Cache="$scratch" -o Debug::NoLocking=1 \
      -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@" >>"$scratch/said" 2>&1
  }
  if ! { apart update && apart install --yes --download-only --no-install-recommends python3; }; then
    echo "aarch64-python: apt has no Python for arm64: $(grep '^E:' "$scratch/said" | tail -1)" >&2
    exit 1
  fi
  for package in "$scratch"/archives/*.deb; do
    dpkg-deb --extract "$package" "$scratch/root"
  done
  # Of another package where all of a system lies in /usr.
  [ -e "$scratch/root/lib" ] || ln -s usr/lib "$scratch/root/lib"
  rm -rf "$folder"
  mv "$scratch/root" "$folder"
fi
echo "$folder"
