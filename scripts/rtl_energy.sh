# shellcheck shell=bash
# Sourced by mac_area and mac_activity after common.sh: our multiply-accumulate units as generic gates, by Yosys.

sources=(rtl/common/formats_pkg.sv)
for source in rtl/common/*.sv; do
  [ "$source" = rtl/common/formats_pkg.sv ] || sources+=("$source")
done
sources+=(rtl/elements/format_element.sv rtl/matrix_engine/processing_element.sv rtl/matrix_engine/systolic_array.sv)
# By code; rtl/common/formats_pkg.sv and models/numerics/format.h agree on them.
formats=(fp32 tf32 bf16 fp16 fp8_e4m3 fp8_e5m2 fp6_e3m2 fp6_e2m3 fp4_e2m1 int8 int4 mxfp8_e4m3 mxfp8_e5m2 mxfp6_e3m2
  mxfp6_e2m3 mxfp4 mxint8 nvfp4)
gates=AND,NAND,OR,NOR,XOR,XNOR,MUX,AOI3,OAI3
flip_flops="-cell \$_DFF_P_ x -cell \$_DFFE_PP_ x -cell \$_DFF_PN0_ 0 -cell \$_DFFE_PN0P_ 0"
netlists=build/energy

# HEADROOM_RTL_ENERGY: the program, where it is not to be built.
energy() { "${HEADROOM_RTL_ENERGY:-build/release/examples/rtl_energy}" "$@"; }

code_of() {  # FORMAT
  local code
  for code in "${!formats[@]}"; do
    if [ "${formats[code]}" = "$1" ]; then echo "$code"; return; fi
  done
  say "unknown format '$1'; expected one of: ${formats[*]}"
  exit 2
}

# Longer dot products of floats of more than 8 bits cut off to so many places (models/numerics/dot.h).
align_bits_of() { if [ "$1" -lt 4 ] && [ "$2" -gt 1 ]; then echo 25; else echo 0; fi; }  # CODE DOT

# synthesise NETLIST KEPT TOP NAME VALUE …: the top with these parameters, flat at the end. Modules that match KEPT are
# optimised by themselves first, so that each gate belongs to one. $finish: commands before the netlist is written.
synthesise() {
  local netlist=$1 kept=$2 top=$3 parameters="" keep="" i
  for ((i = 4; i < $#; i += 2)); do parameters+=" -set ${*:i:2}"; done
  [ -z "$kept" ] || keep="setattr -mod -set keep_hierarchy 1 $kept;"
  mkdir -p $netlists
  yosys -Q -T -q -l "$netlist.log" -p "read_verilog -sv ${sources[*]}; chparam$parameters $top; hierarchy -check -top $top;
    $keep synth -flatten; dfflegalize $flip_flops; abc -g $gates; opt_clean -purge;
    setattr -mod -unset keep_hierarchy *; flatten; ${finish:-}; write_json $netlist" >/dev/null 2>&1 ||
    { say "Yosys failed: $netlist.log"; exit 1; }
}

# What a table came from, as comment lines: the test rtl_energy_tables reads them.
provenance() {
  printf '# RTL: %s\n' "${sources[*]}"
  printf '# sha256 of these files, one after another: %s\n' "$(cat "${sources[@]}" | sha256sum | cut -d' ' -f1)"
  printf '# Synthesis: %s, abc -g %s\n' "$(yosys -V | cut -d' ' -f1,2)" "$gates"
}

command -v yosys >/dev/null || { say "yosys is missing: scripts/setup --lint installs it"; exit 2; }
[ -n "${HEADROOM_RTL_ENERGY:-}" ] || build release example_rtl_energy
