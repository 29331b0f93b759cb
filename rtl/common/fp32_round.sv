// Rounds a magnitude to fp32, to nearest even, subnormals kept; beyond the largest number lies infinity. The exponent
// is that of the highest bit, biased as in fp32, and at least 1; the lowest bit is sticky (set if anything lies below
// it). A magnitude of 0 becomes 0 with the sign. Combinational.
module fp32_round #(
    parameter int unsigned Width = 28  // 26 or more
) (
    input  logic                    sign_i,
    input  logic        [     11:0] exponent_i,
    input  logic        [Width-1:0] magnitude_i,
    output logic        [     31:0] result_o
);

  logic [11:0] exponent;
  logic [Width-1:0] magnitude;
  normalize #(
      .Width(Width)
  ) u_normalize (
      .exponent_i,
      .magnitude_i,
      .exponent_o (exponent),
      .magnitude_o(magnitude)
  );

  // A carry out of the fraction lands in the exponent field, which is what the standard wants: a subnormal becomes the
  // smallest normal number, the largest number becomes infinity.
  logic half, round_up;
  logic [ 7:0] field;
  logic [30:0] rounded;
  assign half     = magnitude[Width-25];
  assign round_up = half && (magnitude[Width-24] || magnitude[Width-26:0] != '0);
  assign field    = magnitude[Width-1] ? exponent[7:0] : 8'd0;
  assign rounded  = {field, magnitude[Width-2-:23]} + {30'd0, round_up};

  always_comb begin
    result_o = {sign_i, rounded};
    if (magnitude[Width-1] && exponent > 12'd254) begin
      result_o = {sign_i, 8'hFF, 23'd0};
    end
  end

endmodule
