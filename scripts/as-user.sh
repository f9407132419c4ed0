#!/usr/bin/env bash
# Builds a fresh clone of this commit as somebody else would: an ordinary user with an empty home, without sudo and a
# package manager. What root runs becomes the user nobody. It takes crates and packages from the network, says how long
# each step took, and leaves nothing.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

umask 022
nobody=65534
# All that `make dist` and `make cli` may need of a system.
needed=(bash sh make git node npm cc gcc ld as ar env awk sed grep find xargs dirname basename cut cksum cmp cat cp mv
  rm mkdir rmdir mktemp chmod touch ln ls head tail sort tr wc date id uname sleep readlink)

user=()
if [ "$(id -u)" = 0 ]; then
  user=("$(type -P setpriv)" --reuid=$nobody --regid=$nobody --clear-groups --no-new-privs)
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch"/{bin,home,tmp,rust}

# Not what is on the path: a home folder there is closed to others.
for tool in "${needed[@]}"; do
  path=$(PATH=/usr/bin:/bin:$PATH && hash -r && type -P "$tool") || continue
  ln -s "$path" "$scratch/bin/$tool"
done
# The compiler of this machine: what it costs to get one depends on the network alone.
cp -a "$(rustc --print sysroot)"/{bin,lib} "$scratch/rust"
chmod -R a+rX "$scratch/rust"
# Objects that both clones share would change their owner here too.
git clone --quiet --no-hardlinks "$root" "$scratch/clone"
if [ ${#user[@]} != 0 ]; then
  chown $nobody:$nobody "$scratch"
  chown -R $nobody:$nobody "$scratch"/{home,tmp,clone}
fi

proxies=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
done

# as_user COMMAND...
as_user() {
  (cd "$scratch/clone" && env -i "${proxies[@]}" HOME="$scratch/home" TMPDIR="$scratch/tmp" LC_ALL=C.UTF-8 \
    PATH="$scratch/bin:$scratch/rust/bin" "${user[@]}" "$@")
}

# timed NAME COMMAND...
timed() {
  local start=$SECONDS name=$1
  shift
  as_user "$@"
  echo "as-user: $name took $((SECONDS - start)) s"
}

for program in sudo apt-get dpkg rustup; do
  if as_user "$scratch/bin/bash" -c "type -P $program"; then
    echo "as-user: $program is on the path" >&2
    exit 1
  fi
done
if [ ${#user[@]} != 0 ] && as_user "$scratch/bin/bash" -c '[ -r /etc/shadow ] || [ -w "$0" ]' "$root"; then
  echo "as-user: this is no ordinary user" >&2
  exit 1
fi

timed "the build of make serve" "$scratch/bin/env" STEDI_PROFILE=serve "$scratch/bin/make" --no-print-directory dist
[ -s "$scratch/clone/dist/stedi-lakehouse.html" ]
timed "make cli" "$scratch/bin/make" --no-print-directory cli | tee "$scratch/said"
as_user "$(grep '/stedi-lakehouse$' "$scratch/said")" --version
