#!/usr/bin/env bash
# Installs what Bloch needs to build, run and be tested on Debian 12+ or Ubuntu 24.04+. Safe to run twice.
#
#   packaging/install-dependencies.sh            build and run
#   packaging/install-dependencies.sh --tests    the same, and what the tests compare against
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

fail() { echo "bloch: error: $*" >&2; exit 1; }
say() { echo "bloch: $*"; }

with_tests=no
for argument in "$@"; do
  case "$argument" in
    --tests) with_tests=yes ;;
    -h|--help) sed -n '2,6p' "$0"; exit 0 ;;
    *) fail "unknown option '$argument'; the only one is --tests" ;;
  esac
done

[ -r /etc/os-release ] || fail "this system does not say what it is (/etc/os-release is missing); Debian 12+ or Ubuntu 24.04+ is needed"
. /etc/os-release
version="${VERSION_ID:-0}"
major="${version%%.*}"
case "${ID:-}" in
  debian) [ "$major" -ge 12 ] || fail "Debian $version is too old; Debian 12 or newer is needed" ;;
  ubuntu) [ "$major" -ge 24 ] || fail "Ubuntu $version is too old; Ubuntu 24.04 or newer is needed" ;;
  *) fail "'${PRETTY_NAME:-unknown}' is not supported; Debian 12+ or Ubuntu 24.04+ is needed" ;;
esac
command -v apt-get >/dev/null || fail "apt-get is missing; install the packages named in packaging/dependencies.txt by hand"

read_list() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"; }
mapfile -t wanted < <(read_list "$here/dependencies.txt")
if [ "$with_tests" = yes ]; then
  mapfile -t -O "${#wanted[@]}" wanted < <(read_list "$here/dependencies-tests.txt")
fi

missing=()
for package in "${wanted[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  say "all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "these packages are missing and there is no sudo to install them; ask an administrator for: ${missing[*]}"
  as_root=(sudo)
fi
say "installing ${#missing[@]} packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq || fail "the package lists could not be fetched; check the network and run this again"
available=()
for package in "${missing[@]}"; do
  if apt-cache show "$package" >/dev/null 2>&1; then available+=("$package"); else unknown="${unknown:-} $package"; fi
done
[ -z "${unknown:-}" ] || fail "this system's package lists do not have:$unknown"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${available[@]}" >/tmp/bloch-apt.$$.log 2>&1 || {
  tail -n 20 "/tmp/bloch-apt.$$.log" >&2
  rm -f "/tmp/bloch-apt.$$.log"
  fail "apt-get could not install the packages (its last lines are above)"
}
rm -f "/tmp/bloch-apt.$$.log"
say "installed"
