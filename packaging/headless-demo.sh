#!/usr/bin/env bash
# The demo without a display: the story with its report, and pictures of the window. The folder appears whole or not at all.
#
#   packaging/headless-demo.sh CLI WINDOW DIR
set -euo pipefail
cli="$1" window="$2" out="${3%/}"

if [[ -e "$out" && ! -f "$out/story/report.html" ]] && { [[ ! -d "$out" ]] || [[ -n "$(ls -A -- "$out")" ]]; }; then
  echo "bloch: error: $out is not an earlier demo and would be replaced; name a new or an empty folder in BLOCH_DEMO_DIR" >&2
  exit 2
fi
rm -rf "$out.new"
story="$("$cli" demo --out "$out.new/story")"
pictures="$(LIBGL_ALWAYS_SOFTWARE=1 xvfb-run -a -s "-screen 0 1440x900x24" "$window" --demo --snapshot "$out.new/pictures")"
rm -rf "$out"
mv "$out.new" "$out"
# Both name the folder as it was called while they wrote.
printf '%s\n' "${story//"$out.new"/"$out"}"
echo "bloch: report    $out/story/report.html"
echo "bloch: pictures  $out/pictures"
sed 's/^/bloch:   /' <<<"${pictures//"$out.new"/"$out"}"
