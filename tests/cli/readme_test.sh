#!/usr/bin/env bash
# Runs what README.md shows, so that it cannot rot. Usage: readme_test.sh HEADROOM
#   ```sh       each line that starts the program must exit with 0
#   ```console  "$ command", then lines that its output must contain (a command may fail there)
# scripts/accuracy --write draws the console blocks again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$1
export LC_ALL=C.UTF-8 NO_COLOR=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0 commands=0
fail() { printf 'README.md: %s\n' "$*" >&2; failures=$((failures + 1)); }
# The lines of all fenced blocks of one language.
blocks() { awk -v fence='```'"$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' README.md; }
# The program under test in place of the documented path; files go to the scratch folder.
ready() { sed -e "s|build/release/headroom|\"$program\"|g" -e "s|out/|$scratch/|g" <<<"$1"; }

while IFS= read -r line; do
  case $line in build/release/headroom*) ;; *) continue ;; esac
  commands=$((commands + 1))
  bash -euo pipefail -c "$(ready "$line")" >"$scratch/output" 2>&1 </dev/null ||
    { fail "exit code $? of: $line"; cat "$scratch/output" >&2; }
done < <(blocks sh)

shown=""
while IFS= read -r line; do
  case $line in
    '$ build/release/headroom'*)
      shown=$line commands=$((commands + 1))
      bash -c "$(ready "${line#\$ }")" >"$scratch/output" 2>&1 </dev/null || true ;;
    '') ;;
    *) grep -qxF -e "$line" "$scratch/output" || fail "\"$shown\" does not print: $line (scripts/accuracy --write?)" ;;
  esac
done < <(blocks console)

[ $commands -ge 8 ] || fail "only $commands commands found: has the format of the blocks changed?"
echo "$commands commands, $failures failures"
[ $failures -eq 0 ]
