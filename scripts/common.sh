# shellcheck shell=bash
# Sourced by the other scripts: goes to the repository root and offers the few steps that they share.
# Needs bash and coreutils only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=$(nproc 2>/dev/null || echo 2)

say() { printf '%s\n' "$*" >&2; }

# quietly LOG WHAT COMMAND…: the output goes to build/LOG.log; on failure its end is shown.
quietly() {
  local log=build/$1.log what=$2 start=$SECONDS
  shift 2
  mkdir -p build
  say "$what (log: $log)"
  if "$@" >"$log" 2>&1 </dev/null; then
    say "  done in $((SECONDS - start)) s"
  else
    local status=$?
    tail -n 40 "$log" >&2
    say "$what failed with exit code $status; the whole output is in $log"
    exit 1
  fi
}

# configure PRESET [OPTION…]: once; CMake itself configures again when its files change.
configure() {
  local preset=$1
  [ -f "build/$preset/build.ninja" ] || quietly "$preset-configure" "configuring build/$preset" cmake --preset "$@"
}

# build PRESET [CMAKE_TARGET]: configures where needed, then builds the target (default: everything).
build() {
  local preset=$1 target=${2:-all}
  configure "$preset"
  quietly "$preset-build" "building $target in build/$preset" \
    cmake --build "build/$preset" --target "$target" --parallel "$jobs"
}

# up_to_date PRESET TARGET: true if there is nothing to build.
up_to_date() {
  command -v ninja >/dev/null && [ -f "build/$1/build.ninja" ] &&
    ninja -C "build/$1" -n "$2" 2>/dev/null | grep -q 'no work to do'
}

# run_tests PRESET: all tests but those labelled soak.
run_tests() { ctest --preset "$1" --parallel "$jobs" --label-exclude '^soak$'; }

# block FILE NAME FUNCTION: prints the function's output; with $write = --write puts it between the marker comments of
# the file. Needs $scratch, a folder.
block() {
  "$3" >"$scratch/block"
  if [ "$write" != --write ]; then printf '\n== %s: %s\n' "$1" "$2"; cat "$scratch/block"; return; fi
  awk -v begin="<!-- $2: begin -->" -v end="<!-- $2: end -->" -v block="$scratch/block" '
    $0 == end { inside = 0 }
    !inside { print }
    $0 == begin { inside = 1; print ""; while ((getline line < block) > 0) print line; print "" }' "$1" >"$scratch/file"
  cat "$scratch/file" >"$1"
}
