// acc + a * b with bf16 factors and an fp32 accumulator: the product is exact, the sum is rounded once to nearest
// even, subnormals are kept, every NaN result is 0x7FC00000. Equals C's fmaf. Combinational.
module bf16_mac (
    input  logic [15:0] a_i,
    input  logic [15:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  logic a_special, b_special, acc_special, a_zero, b_zero, any_nan, product_sign, product_infinite;
  assign a_special        = a_i[14:7] == 8'hFF;
  assign b_special        = b_i[14:7] == 8'hFF;
  assign acc_special      = acc_i[30:23] == 8'hFF;
  assign a_zero           = a_i[14:0] == 15'd0;
  assign b_zero           = b_i[14:0] == 15'd0;
  assign any_nan          = (a_special && a_i[6:0] != 7'd0) || (b_special && b_i[6:0] != 7'd0) ||
                            (acc_special && acc_i[22:0] != 23'd0);
  assign product_sign     = a_i[15] ^ b_i[15];
  assign product_infinite = a_special || b_special;

  // 8 x 8 significand bits. Bit 15 of the product has fp32 exponent a + b - 126, which can be far below 1.
  logic        a_hidden, b_hidden;
  logic [15:0] product;
  logic [ 9:0] exponent_sum;
  assign a_hidden     = a_i[14:7] != 8'd0;
  assign b_hidden     = b_i[14:7] != 8'd0;
  assign product      = {8'd0, a_hidden, a_i[6:0]} * {8'd0, b_hidden, b_i[6:0]};
  assign exponent_sum = {2'd0, a_i[14:8], a_i[7] | ~a_hidden} + {2'd0, b_i[14:8], b_i[7] | ~b_hidden};

  // Bring the product to float_add's form: bit 26 set, or exponent 1 with a sticky bit for what lies below.
  logic [26:0] significand, shifted;
  logic [ 9:0] exponent, below;
  always_comb begin
    significand = {product, 11'd0};
    shifted     = 27'd0;
    exponent    = 10'd1;
    below       = 10'd127 - exponent_sum;
    if (exponent_sum > 10'd126) begin
      exponent = exponent_sum - 10'd126;
      if (significand[26:19] == 8'd0 && exponent > 10'd8) begin
        significand = significand << 8;
        exponent    = exponent - 10'd8;
      end
      if (significand[26:23] == 4'd0 && exponent > 10'd4) begin
        significand = significand << 4;
        exponent    = exponent - 10'd4;
      end
      if (significand[26:25] == 2'd0 && exponent > 10'd2) begin
        significand = significand << 2;
        exponent    = exponent - 10'd2;
      end
      if (significand[26] == 1'b0 && exponent > 10'd1) begin
        significand = significand << 1;
        exponent    = exponent - 10'd1;
      end
    end else if (below < 10'd27) begin
      shifted     = significand >> below[4:0];
      shifted[0]  = shifted[0] | ((shifted << below[4:0]) != significand);
      significand = shifted;
    end else begin
      significand = {26'd0, product != 16'd0};
    end
    // A zero product has no leading one to find; it stands at the smallest exponent.
    if (product == 16'd0) begin
      significand = 27'd0;
      exponent    = 10'd1;
    end
  end

  logic        acc_hidden;
  logic [31:0] finite_result;
  assign acc_hidden = acc_i[30:23] != 8'd0;
  float_add u_float_add (
      .x_sign_i       (product_sign),
      .x_exponent_i   (exponent),
      .x_significand_i(significand),
      .y_sign_i       (acc_i[31]),
      .y_exponent_i   (acc_hidden ? {2'd0, acc_i[30:23]} : 10'd1),
      .y_significand_i({acc_hidden, acc_i[22:0], 3'd0}),
      .sum_o          (finite_result)
  );

  always_comb begin
    result_o = finite_result;
    if (any_nan || (product_infinite && (a_zero || b_zero)) ||
        (product_infinite && acc_special && product_sign != acc_i[31])) begin
      result_o = 32'h7FC00000;
    end else if (product_infinite) begin
      result_o = {product_sign, 8'hFF, 23'd0};
    end else if (acc_special) begin
      result_o = {acc_i[31], 8'hFF, 23'd0};
    end
  end

endmodule
