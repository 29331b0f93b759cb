// One addition of the accumulator bank: int32 that wraps, or fp32 rounded to nearest even. Combinational.
module accumulator_add (
    input  logic        integer_i,
    input  logic [31:0] x_i,
    input  logic [31:0] y_i,
    output logic [31:0] sum_o
);
  /*verilator no_inline_module*/  // one copy of the code for all columns: build time

  logic [31:0] float_sum;
  fp32_add u_fp32_add (
      .x_i,
      .y_i,
      .sum_o(float_sum)
  );
  assign sum_o = integer_i ? x_i + y_i : float_sum;

endmodule
