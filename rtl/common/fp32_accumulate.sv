// x + acc for an exact number x and an fp32 accumulator, rounded once to nearest even; subnormals are kept, every NaN
// result is 0x7FC00000. x is sign and magnitude, with the exponent of its highest bit biased as in fp32 (below 1 for
// small x), or what the flags say. Combinational.
module fp32_accumulate #(
    parameter int unsigned Width = 24
) (
    input  logic x_sign_i,
    input  logic [11:0] x_exponent_i,
    input  logic [Width-1:0] x_magnitude_i,  // not necessarily normalised
    input  logic x_minus_zero_i,  // a magnitude of 0 is -0
    input  logic x_nan_i,
    input  logic x_plus_infinite_i,
    input  logic x_minus_infinite_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  // Both operands in one frame: the longer significand, two more exact bits, a sticky bit. That is enough for one
  // rounding: if more than one place cancels, the exponents differ by at most 1 and nothing has reached the sticky bit.
  localparam int unsigned Frame = (Width > 24 ? Width : 24) + 3;

  logic [11:0] x_normal_exponent;
  logic [Width-1:0] x_normal;
  normalize #(
      .Width(Width)
  ) u_normalize (
      .exponent_i (x_exponent_i),
      .magnitude_i(x_magnitude_i),
      .exponent_o (x_normal_exponent),
      .magnitude_o(x_normal)
  );

  // An exponent below 1 comes up to 1, as does that of 0. From here on the highest bit is set or the exponent is 1, so
  // exponents compare before significands.
  logic [11:0] below;
  logic [Frame-1:0] x_wide, x_shifted, x;
  logic [11:0] x_exponent;
  assign x_wide = {x_normal, {(Frame - Width) {1'b0}}};
  assign below  = 12'd1 - x_normal_exponent;
  always_comb begin
    x_shifted  = x_wide;
    x          = x_wide;
    x_exponent = x_normal_exponent;
    if ($signed(x_normal_exponent) < 12'sd1) begin
      x_shifted  = x_wide >> below;
      x          = x_shifted | Frame'((x_shifted << below) != x_wide);
      x_exponent = 12'd1;
    end else if (!x_normal[Width-1]) begin
      x_exponent = 12'd1;
    end
  end

  logic acc_hidden;
  logic [11:0] acc_exponent;
  logic [Frame-1:0] acc;
  assign acc_hidden   = acc_i[30:23] != 8'd0;
  assign acc_exponent = acc_hidden ? {4'd0, acc_i[30:23]} : 12'd1;
  assign acc          = {acc_hidden, acc_i[22:0], {(Frame - 24) {1'b0}}};

  logic swap, greater_sign, lesser_sign;
  logic [11:0] greater_exponent, distance;
  logic [Frame-1:0] greater, lesser, shifted, aligned;
  assign swap             = {x_exponent, x} < {acc_exponent, acc};
  assign greater_sign     = swap ? acc_i[31] : x_sign_i;
  assign lesser_sign      = swap ? x_sign_i : acc_i[31];
  assign greater_exponent = swap ? acc_exponent : x_exponent;
  assign greater          = swap ? acc : x;
  assign lesser           = swap ? x : acc;
  assign distance         = swap ? acc_exponent - x_exponent : x_exponent - acc_exponent;
  assign shifted          = lesser >> distance;
  assign aligned          = shifted | Frame'((shifted << distance) != lesser);

  logic [Frame:0] total;
  assign total = greater_sign == lesser_sign ? {1'b0, greater} + {1'b0, aligned} : {1'b0, greater} - {1'b0, aligned};

  logic [31:0] rounded;
  fp32_round #(
      .Width(Frame + 1)
  ) u_round (
      .sign_i     (greater_sign),
      .exponent_i (greater_exponent + 12'd1),
      .magnitude_i(total),
      .result_o   (rounded)
  );

  logic acc_special, plus_infinite, minus_infinite;
  assign acc_special    = acc_i[30:23] == 8'hFF;
  assign plus_infinite  = x_plus_infinite_i || (acc_special && !acc_i[31]);
  assign minus_infinite = x_minus_infinite_i || (acc_special && acc_i[31]);

  always_comb begin
    result_o = rounded;
    if (x_nan_i || (acc_special && acc_i[22:0] != 23'd0) || (plus_infinite && minus_infinite)) begin
      result_o = 32'h7FC00000;
    end else if (plus_infinite || minus_infinite) begin
      result_o = {minus_infinite, 8'hFF, 23'd0};
    end else if (total == '0) begin
      result_o = {x_minus_zero_i && acc_i[31], 31'd0};  // an exact zero is positive unless both were -0
    end
  end

endmodule
