#!/usr/bin/env bash
# Checks dist/release as someone does who downloads it: the sums, and each program for Linux, without Rust or Node on
# its path; that of another architecture by QEMU. The Python wheel of this architecture is installed where nothing else
# is, that for aarch64 is imported by QEMU where aarch64_python.sh gives a Python, and what they need of the system is
# held to manylinux2014.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cd dist/release
sha256sum --check --quiet SHA256SUMS
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
printf key >"$scratch/key"

checked=0
for program in stedi-lakehouse-*-linux-musl; do
  [ -e "$program" ] || continue
  machine=${program#stedi-lakehouse-}
  machine=${machine%%-*}
  run=()
  if [ "$machine" != "$(uname -m)" ]; then
    "$root/scripts/setup.sh" qemu
    run=("$(command -v "qemu-$machine" || command -v "qemu-$machine-static")")
  fi
  install -m 755 "$program" "$scratch/program"
  if readelf --program-headers "$scratch/program" | grep -q INTERP; then
    echo "release: $program is not static" >&2
    exit 1
  fi
  call() { (cd "$scratch" && env -i PATH=/nowhere "${run[@]}" ./program "$@"); }
  call --version
  call page --force --out page.html >/dev/null
  cmp "$scratch/page.html" stedi-lakehouse.html
  call sample --scale 0.01 --out export >/dev/null
  call run export --out "$machine" --key-file key --quiet
  (cd "$scratch/$machine" && find . -name '*.parquet' -exec sha256sum {} + | sort) >"$scratch/$checked.tables"
  [ "$(wc -l <"$scratch/$checked.tables")" = 5 ]
  # One lake, whatever it was made on.
  cmp "$scratch/0.tables" "$scratch/$checked.tables"
  checked=$((checked + 1))
  echo "release: $program passed"
done
# What glibc it asks for: manylinux2014 is 2.17.
newest() {
  readelf --version-info --wide "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -Vu | tail -1
}

for wheel in stedi_lakehouse-*.whl; do
  machine=$(sed 's/.*manylinux2014_\(.*\)\.whl/\1/' <<<"$wheel")
  python3 -m zipfile -e "$wheel" "$scratch/wheel-$machine"
  library=$scratch/wheel-$machine/stedi_lakehouse/_core.abi3.so
  [ "$(printf '%s\n2.17\n' "$(newest "$library")" | sort -V | tail -1)" = 2.17 ] ||
    { echo "release: $wheel needs glibc $(newest "$library")" >&2; exit 1; }
  if [ "$machine" = "$(uname -m)" ]; then
    python3 -m venv "$scratch/python"
    "$scratch/python/bin/pip" install --quiet --no-index --disable-pip-version-check "$wheel"
    path=
    interpreter=(python/bin/python)
    program=(python/bin/stedi-lakehouse)
  elif [ "$machine" = aarch64 ] && folder=$("$root/scripts/aarch64_python.sh"); then
    "$root/scripts/setup.sh" qemu
    path=wheel-$machine
    interpreter=("$(command -v qemu-aarch64 || command -v qemu-aarch64-static)" -L "$folder" "$folder/usr/bin/python3")
    program=("${interpreter[@]}" -m stedi_lakehouse)
  else
    echo "release: $wheel is not imported: there is no Python for $machine here"
    continue
  fi
  call() { (cd "$scratch" && env -i PATH=/nowhere PYTHONPATH="$path" "$@"); }
  call "${program[@]}" --version
  call "${program[@]}" page --force --out page.html >/dev/null
  cmp "$scratch/page.html" stedi-lakehouse.html
  call "${program[@]}" run export --out "python-$machine" --key-file key --quiet
  (cd "$scratch/python-$machine" && find . -name '*.parquet' -exec sha256sum {} + | sort) >"$scratch/python.tables"
  cmp "$scratch/0.tables" "$scratch/python.tables"
  call "${interpreter[@]}" "$root/scripts/release_wheel.py" "$root/tests/cases"
  echo "release: $wheel passed"
done
[ "$checked" -gt 0 ] || { echo "release: there is no program for Linux" >&2; exit 1; }
