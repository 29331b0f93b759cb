// Shifts a magnitude left until its highest bit is set, as far as an exponent of 1, that of fp32's smallest normal
// numbers, allows. The exponent is that of the highest bit, biased as in fp32; one below 1 stays as it is.
// Combinational.
module normalize #(
    parameter int unsigned Width = 28
) (
    input  logic        [     11:0] exponent_i,
    input  logic        [Width-1:0] magnitude_i,
    output logic        [     11:0] exponent_o,
    output logic        [Width-1:0] magnitude_o
);

  always_comb begin
    exponent_o  = exponent_i;
    magnitude_o = magnitude_i;
    for (int step = $clog2(Width) - 1; step >= 0; step--) begin
      if ((magnitude_o >> (Width - (1 << step))) == '0 && $signed(exponent_o) > $signed(12'd1 << step)) begin
        magnitude_o = magnitude_o << (1 << step);
        exponent_o  = exponent_o - (12'd1 << step);
      end
    end
  end

endmodule
