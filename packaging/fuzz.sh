#!/usr/bin/env bash
# Builds the libFuzzer targets with clang, replays each corpus, and fuzzes.
#
#   packaging/fuzz.sh                    an hour a target
#   packaging/fuzz.sh --seconds 20       as continuous integration does
#   packaging/fuzz.sh --target npy       one target alone
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
seconds=3600
only=""
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds="${2:?--seconds needs a number}"; shift 2 ;;
    --target) only="${2:?--target needs a name}"; shift 2 ;;
    -h|--help) sed -n '2,6p' "$0"; exit 0 ;;
    *) echo "bloch: error: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
done
command -v clang++ >/dev/null || { echo "bloch: error: clang is missing; run packaging/install-dependencies.sh --tests" >&2; exit 1; }

log="$(mktemp)"
found="$(mktemp -d)"
trap 'rm -rf "$log" "$found"' EXIT
{ cmake --preset fuzz && cmake --build --preset fuzz -j "$(nproc)"; } >"$log" 2>&1 || { tail -n 60 "$log"; exit 1; }

# Memory that is touched is bounded tightly. What a library only asks for is not: DCMTK asks for the claimed length of an element of
# a deflated file (32 bits at most, and takes a refusal) before it reads the few bytes there are. The seed is fixed, so that a change,
# not chance, makes a run fail.
fuzz_one() {
  local target="$1" name corpus
  name="$(basename "$target" _fuzzer)"
  corpus="tests/fuzz/corpus/$name"
  mkdir -p "$found/$name"
  if ! "$target" -seed=1 -max_total_time="$seconds" -rss_limit_mb=3000 -malloc_limit_mb=5000 -timeout=20 -verbosity=0 -print_final_stats=1 \
      -artifact_prefix="$root/build/fuzz/$name-" "$found/$name" "$corpus" >"$found/$name.log" 2>&1; then
    tail -n 40 "$found/$name.log"
    echo "bloch: error: $name failed; the input that did it is build/fuzz/$name-*" >&2
    return 1
  fi
  echo "bloch: fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$name.log") runs, no failure"
}
export -f fuzz_one
export found seconds root ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1

targets=()
for target in build/fuzz/tests/fuzz/*_fuzzer; do
  [ -x "$target" ] || continue
  if [ -z "$only" ] || [ "$(basename "$target" _fuzzer)" = "$only" ]; then targets+=("$root/$target"); fi
done
[ "${#targets[@]}" -gt 0 ] || { echo "bloch: error: there is no fuzz target${only:+ '$only'}" >&2; exit 1; }
printf '%s\0' "${targets[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'fuzz_one "$0" || exit 255'
