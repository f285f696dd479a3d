#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. Safe to run twice. What continuous integration runs is this.
#
#   packaging/test.sh           everything: ci build and tests, quantum/ alone, asan, tsan, fuzzing, formatting, what run.sh builds
#   packaging/test.sh --quick   ci build and tests only
#
# BLOCH_TEST_DATA may name a folder of real data; tests that need it are skipped, by name, where it is not set.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

quick=no
for argument in "$@"; do
  case "$argument" in
    --quick) quick=yes ;;
    -h|--help) sed -n '2,7p' "$0"; exit 0 ;;
    *) echo "bloch: error: unknown option '$argument'; the only one is --quick" >&2; exit 2 ;;
  esac
done

started=$SECONDS
step() {
  local begun=$SECONDS title="$1"
  shift
  echo "bloch: == $title"
  if ! "$@"; then
    echo "bloch: error: $title failed after $((SECONDS - begun)) s" >&2
    exit 1
  fi
  echo "bloch: == $title took $((SECONDS - begun)) s"
}

jobs="$(nproc)"
# A compiler cache that also serves another checkout of the same sources.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
# One thread a program: the programs run side by side. Windows are drawn by software.
export OMP_WAIT_POLICY=passive LIBGL_ALWAYS_SOFTWARE=1
# Nothing of the user's own settings and caches goes in or out.
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export XDG_CONFIG_HOME="$scratch/config" XDG_CACHE_HOME="$scratch/cache"
export CCACHE_DIR="${CCACHE_DIR:-$HOME/.cache/ccache}"

# Keeps the log short where all is well, and shows its end where it is not.
quietly() {
  local log="$scratch/log"
  "$@" >"$log" 2>&1 || { tail -n 60 "$log"; return 1; }
}

build() { quietly cmake --preset "$1" && quietly cmake --build --preset "$1" -j "$jobs" "${@:2}"; }
tests_of() { ctest --preset "$1" -j "$jobs" --no-tests=error "${@:2}" >"$scratch/ctest" 2>&1 || { grep -v -E "^ *Start |Passed +[0-9.]+ sec$" "$scratch/ctest"; return 1; }
  grep -E "Skipped|tests passed|Total Test time" "$scratch/ctest"; }

quantum_alone() {
  quietly cmake -S quantum -B build/quantum-alone -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCMAKE_UNITY_BUILD=ON &&
    quietly cmake --build build/quantum-alone -j "$jobs"
}

check_format() {
  local base files
  mapfile -t files < <(git ls-files '*.cpp' '*.h' 2>/dev/null)
  [ "${#files[@]}" -gt 0 ] || return 0
  clang-format --dry-run --Werror "${files[@]}"
}

# clang-tidy looks at the files that the newest commits changed, at most a dozen, so that it stays quick.
check_changed_files() {
  local files
  mapfile -t files < <(git diff --name-only --diff-filter=AM "HEAD~5" HEAD -- 'core/*.cpp' 'quantum/*.cpp' 'imaging/*.cpp' 'app/cli/*.cpp' 2>/dev/null | head -n 12)
  [ "${#files[@]}" -gt 0 ] || return 0
  [ -f build/tidy/compile_commands.json ] || quietly cmake -S . -B build/tidy -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DBLOCH_BUILD_DESKTOP=OFF -DBLOCH_BUILD_TESTS=OFF
  quietly clang-tidy -p build/tidy --quiet "${files[@]}"
}

step "install" packaging/install-dependencies.sh --tests
step "build (preset ci)" build ci
step "tests (preset ci)" tests_of ci
if [ "$quick" = no ]; then
  step "build quantum/ alone" quantum_alone
  step "build (preset asan)" build asan
  step "tests under AddressSanitizer and UndefinedBehaviorSanitizer" env ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 \
    bash -c "$(declare -f tests_of); jobs=$jobs scratch=$scratch; tests_of asan"
  step "build (preset tsan)" build tsan
  step "tests under ThreadSanitizer" tests_of tsan
  step "fuzzing, 20 s a target" packaging/fuzz.sh --seconds 20
  step "formatting" check_format
  step "clang-tidy on changed files" check_changed_files
  # What packaging/run.sh builds: file by file, which finds includes that a unity build has from its neighbours.
  step "build (preset package)" build package --target bloch bloch-cli
fi
echo "bloch: everything passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
