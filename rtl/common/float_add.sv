// Adds two finite numbers and rounds once to fp32, to nearest even, subnormals kept. Combinational.
//
// An operand is sign, exponent and a 27-bit significand: 24 bits as in fp32 (bit 26 is the hidden one), then two more
// exact bits and a sticky bit. The exponent is biased as in fp32 but wider, so a product above the fp32 range can
// still cancel back into it. Contract: exponent >= 1, and either bit 26 is set or the exponent is 1 (zero, subnormal);
// the last three bits are zero unless the exponent is 1, where the rounding position is known, and always in y.
// Shared by the multiply-accumulate (product + partial sum) and by the accumulator (fold + earlier folds).
module float_add (
    input  logic        x_sign_i,
    input  logic [ 9:0] x_exponent_i,
    input  logic [26:0] x_significand_i,
    input  logic        y_sign_i,
    input  logic [ 9:0] y_exponent_i,
    input  logic [26:0] y_significand_i,
    output logic [31:0] sum_o
);

  // The operand of larger magnitude leads; by the contract its exponent decides, then its significand.
  logic        swap;
  logic        greater_sign, lesser_sign;
  logic [ 9:0] greater_exponent, distance;
  logic [26:0] greater, lesser;
  assign swap           = {x_exponent_i, x_significand_i} < {y_exponent_i, y_significand_i};
  assign greater_sign     = swap ? y_sign_i : x_sign_i;
  assign lesser_sign     = swap ? x_sign_i : y_sign_i;
  assign greater_exponent = swap ? y_exponent_i : x_exponent_i;
  assign greater          = swap ? y_significand_i : x_significand_i;
  assign lesser          = swap ? x_significand_i : y_significand_i;
  assign distance       = swap ? y_exponent_i - x_exponent_i : x_exponent_i - y_exponent_i;

  // Align; what falls off the end stays as the sticky bit. Past 26 places nothing need stay: the greater operand's
  // exponent is then above 1, its last three bits are zero, and to nearest so small a difference rounds away.
  logic [26:0] aligned;
  always_comb begin
    aligned = 27'd0;
    if (distance < 10'd27) begin
      aligned    = lesser >> distance[4:0];
      aligned[0] = aligned[0] | ((aligned << distance[4:0]) != lesser);
    end
  end

  logic [27:0] total;
  assign total = (greater_sign == lesser_sign) ? {1'b0, greater} + {1'b0, aligned} : {1'b0, greater} - {1'b0, aligned};

  // Normalise: one place right after a carry, else left as far as the smallest exponent allows.
  logic [26:0] significand;
  logic [ 9:0] exponent;
  always_comb begin
    significand = total[26:0];
    exponent    = greater_exponent;
    if (total[27]) begin
      significand = {total[27:2], total[1] | total[0]};
      exponent    = greater_exponent + 10'd1;
    end else begin
      if (significand[26:11] == 16'd0 && exponent > 10'd16) begin
        significand = significand << 16;
        exponent    = exponent - 10'd16;
      end
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
    end
  end

  // Round to nearest even. A carry out of the fraction lands in the exponent field, which is what the standard wants:
  // a subnormal becomes the smallest normal, the largest normal becomes infinity.
  logic        round_up;
  logic [ 7:0] exponent_field;
  logic [30:0] magnitude;
  assign round_up       = significand[2] & (significand[3] | significand[1] | significand[0]);
  assign exponent_field = significand[26] ? exponent[7:0] : 8'd0;
  assign magnitude      = {exponent_field, significand[25:3]} + {30'd0, round_up};

  always_comb begin
    sum_o = {greater_sign, magnitude};
    if (total == 28'd0) begin
      // An exact zero is positive unless both operands were negative zeros.
      sum_o = {x_sign_i & y_sign_i, 31'd0};
    end else if (exponent >= 10'd255) begin
      sum_o = {greater_sign, 8'hFF, 23'd0};
    end
  end

endmodule
