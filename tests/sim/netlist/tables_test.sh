#!/usr/bin/env bash
# The tables of configs/technology that scripts/mac_area and scripts/mac_activity write came from the RTL in the tree,
# are whole, and say nothing absurd.
set -euo pipefail
cd "$(dirname "$0")/../../.."
failures=0
fail() { printf '%s\n' "$*" >&2; failures=$((failures + 1)); }

for table in configs/technology/{mac_area,activity,activity_dot4,patterns,glitches}.csv; do
  read -ra sources < <(sed -n 's/^# RTL: //p' "$table")
  [ ${#sources[@]} -gt 10 ] || fail "$table: names only ${#sources[@]} files of RTL"
  stated=$(sed -n 's/^# sha256 of these files, one after another: //p' "$table")
  found=$(cat "${sources[@]}" | sha256sum | cut -d' ' -f1)
  [ "$stated" = "$found" ] ||
    fail "$table: was made from other RTL than the tree's; scripts/mac_area and scripts/mac_activity make it again"
done

formats=$(sed -n 's/.*format_names{//; t collect; b
  :collect
  N; /};/!b collect
  p' models/numerics/format.h | grep -o '"[a-z0-9_]*"' | tr -d '"')
[ "$(wc -w <<<"$formats")" -ge 18 ] || fail "format.h: has the list of formats changed its form?"

awk -F, -v formats="$formats" '
  function wrong(what) { print FILENAME ":" FNR ": " what; bad = 1 }
  /^#/ { next }
  !header { header = $0; next }
  {
    met[$2]++; area[$1, $2, $3] = $4
    if ($4 <= 0 || $6 <= 0) wrong("no area or no depth")
    if (($1 == "processing_element") != ($5 > 0)) wrong("registers in the combinational unit, or none in the element")
    if (($7 * $3 - $4) ^ 2 > ($3 * 0.006) ^ 2) wrong("per multiply-add is not the area over the dot length")
    if ($2 == "bf16" && $8 != 1 || $2 == "fp16" && $9 != 1) wrong("a format is not 1 relative to itself")
  }
  END {
    split(formats, names, /[ \n]+/)
    for (i in names) if (met[names[i]] != 4 + (names[i] ~ /^fp8/)) { print "mac_area: " names[i] " has " met[names[i]] + 0 " rows"; bad = 1 }
    for (i in names) if (names[i] ~ /^fp8/ &&
        !(area["multiply_accumulate_cut", names[i], 4] < area["multiply_accumulate", names[i], 4])) {
      print "mac_area: cutting off saves nothing in " names[i]; bad = 1
    }
    # More bits to multiply need more gates; the element has more in it than its arithmetic.
    larger = "fp4_e2m1<fp6_e3m2 fp4_e2m1<fp6_e2m3 fp6_e2m3<fp8_e4m3 fp6_e3m2<fp8_e5m2 fp8_e4m3<bf16 fp8_e5m2<fp16 " \
             "fp16<tf32 bf16<tf32 tf32<fp32 int4<int8 int8<bf16"
    split(larger, relations, " ")
    for (i in relations) {
      split(relations[i], pair, "<")
      if (!(area["multiply_accumulate", pair[1], 1] < area["multiply_accumulate", pair[2], 1])) {
        print "mac_area: not so: " relations[i]; bad = 1
      }
    }
    for (i in names) for (dot = 1; dot <= 4; dot += 3)
      if (area["processing_element", names[i], dot] <= area["multiply_accumulate", names[i], dot]) {
        print "mac_area: the element of " names[i] " is no larger than its arithmetic"; bad = 1
      }
    exit bad
  }' configs/technology/mac_area.csv >&2 || fail "mac_area.csv is not sane"

# sane TABLE FORMATS
sane() {
  awk -F, -v formats="$2" '
  function wrong(what) { print FILENAME ":" FNR ": " what; bad = 1 }
  /^#/ { next }
  !header { header = $0; next }
  {
    if (($1, $2, $3) in weight) wrong("twice")
    weight[$1, $2, $3] = $5; met[$1, $2]++; clock[$1, $2, $3] = $8
    sum = $8 + $9 + $10 + $11 + $12
    if ((sum - $5) ^ 2 > 0.04 ^ 2) wrong("the parts do not add up")
    if ($13 < $5 - 0.02) wrong("glitches save energy")
    if ($4 < 0 || $8 <= 0 || $9 < 0 || $10 < 0 || $11 < 0 || $12 < 0) wrong("a part below 0, or no clock")
  }
  END {
    split(formats, names, /[ \n]+/); split("weight_stationary output_stationary input_stationary", dataflows, " ")
    for (i in names) for (j in dataflows) {
      f = names[i]; d = dataflows[j]; normal = weight[f, d, "normal"]
      if (met[f, d] != 14) { print f, d ": " met[f, d] + 0 " rows"; bad = 1; continue }
      for (key in weight) {
        split(key, part, SUBSEP)
        if (part[1] == f && part[2] == d && weight[key] < weight[f, d, "zeros"]) { print f, d, part[3] ": below zeros"; bad = 1 }
      }
      if (!(weight[f, d, "zeros"] < normal)) { print f, d ": zeros cost no less than normal"; bad = 1 }
      if (!(weight[f, d, "sparse90"] < weight[f, d, "sparse50"] && weight[f, d, "sparse50"] < normal)) {
        print f, d ": sparse data cost no less"; bad = 1
      }
      if (!(weight[f, d, "sorted"] < normal)) { print f, d ": sorted data cost no less"; bad = 1 }
      # Not of integers: normal data scaled to their largest number are mostly 0 and 1 in int4.
      if (f !~ /^int/ && !(weight[f, d, "signs"] < normal)) { print f, d ": signs cost no less"; bad = 1 }
      if (weight[f, d, "zeros"] > 1.05 * clock[f, d, "zeros"]) { print f, d ": zeros cost more than the clock"; bad = 1 }
    }
    exit bad
  }' "configs/technology/$1" >&2 || fail "$1 is not sane"
}
sane activity.csv "$formats"
sane activity_dot4.csv "$(grep -v -e '^mx' -e '^nv' <<<"$formats")"
exit $((failures > 0))
