#!/usr/bin/env bash
# Synthesises one small format again and runs it: the rows of configs/technology/activity.csv must come out.
# Usage: again_test.sh RTL_ENERGY
set -euo pipefail
cd "$(dirname "$0")/../../.."
format=int4
fresh=$(HEADROOM_RTL_ENERGY=$1 scripts/mac_activity $format)
kept=$(grep -v '^#' configs/technology/activity.csv | grep -E "^(format|$format),")
synthesised=$(sed -n 's/^# Synthesis: \(Yosys [^,]*\),.*/\1/p' configs/technology/activity.csv)
if [ "$synthesised" != "$(yosys -V | cut -d' ' -f1,2)" ]; then
  echo "another Yosys than the table's $synthesised: its netlist may differ"
  exit 0
fi
[ "$(wc -l <<<"$kept")" -gt 30 ]
diff <(echo "$kept") <(echo "$fresh")
