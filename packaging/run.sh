#!/usr/bin/env bash
# Installs what is missing, builds Bloch, and opens the window on the demo study. Without a display it runs the same demo
# headless and says where the pictures and the report lie. Safe to run twice.
#
#   packaging/run.sh              the demo
#   packaging/run.sh PATH...      the window on your own files and folders
#   BLOCH_DEMO_DIR=DIR            where the headless demo writes (default: build/demo)
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
case "${1:-}" in
  -h|--help) sed -n '2,7p' "$0"; exit 0 ;;
esac

packaging/install-dependencies.sh
echo "bloch: building (a few minutes the first time)"
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
{ cmake --preset package && cmake --build --preset package -j "$(nproc)" --target bloch bloch-cli; } >"$log" 2>&1 || {
  tail -n 40 "$log" >&2
  echo "bloch: error: the build failed (its last lines are above)" >&2
  exit 1
}
window="$root/build/package/app/bloch"
cli="$root/build/package/app/cli/bloch-cli"

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; then
  rm -f "$log"
  trap - EXIT
  if [ $# -gt 0 ]; then exec "$window" "$@"; else exec "$window" --demo; fi
fi

[ $# -eq 0 ] || { echo "bloch: error: there is no display to open a window on; without paths the demo runs headless" >&2; exit 1; }
echo "bloch: no display; running the demo headless"
packaging/headless-demo.sh "$cli" "$window" "${BLOCH_DEMO_DIR:-$root/build/demo}"
