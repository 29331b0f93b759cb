// fp32 + fp32, rounded to nearest even, subnormals kept, every NaN result is 0x7FC00000. Combinational.
module fp32_add (
    input  logic [31:0] x_i,
    input  logic [31:0] y_i,
    output logic [31:0] sum_o
);

  logic x_special, y_special, x_nan, y_nan;
  assign x_special = x_i[30:23] == 8'hFF;
  assign y_special = y_i[30:23] == 8'hFF;
  assign x_nan     = x_special && x_i[22:0] != 23'd0;
  assign y_nan     = y_special && y_i[22:0] != 23'd0;

  // A subnormal has the exponent of the smallest normal and no hidden one.
  logic x_hidden, y_hidden;
  assign x_hidden = x_i[30:23] != 8'd0;
  assign y_hidden = y_i[30:23] != 8'd0;

  logic [31:0] finite_sum;
  float_add u_float_add (
      .x_sign_i       (x_i[31]),
      .x_exponent_i   (x_hidden ? {2'd0, x_i[30:23]} : 10'd1),
      .x_significand_i({x_hidden, x_i[22:0], 3'd0}),
      .y_sign_i       (y_i[31]),
      .y_exponent_i   (y_hidden ? {2'd0, y_i[30:23]} : 10'd1),
      .y_significand_i({y_hidden, y_i[22:0], 3'd0}),
      .sum_o          (finite_sum)
  );

  always_comb begin
    sum_o = finite_sum;
    if (x_nan || y_nan || (x_special && y_special && x_i[31] != y_i[31])) begin
      sum_o = 32'h7FC00000;
    end else if (x_special) begin
      sum_o = {x_i[31], 8'hFF, 23'd0};
    end else if (y_special) begin
      sum_o = {y_i[31], 8'hFF, 23'd0};
    end
  end

endmodule
