# Sources of dot_accumulate and accumulate_fold, the package first: for verilated_library.
set(arithmetic_sources
    lint.vlt formats_pkg.sv element_decode.sv lane_products.sv exact_sum.sv block_scale.sv truncated_sum.sv normalize.sv
    fp32_round.sv fp32_accumulate.sv float_dot.sv integer_dot.sv dot_accumulate.sv accumulate_fold.sv)
list(TRANSFORM arithmetic_sources PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
