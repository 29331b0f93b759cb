// CRC-32 of IEEE 802.3 over Width more bits, bit 0 first: the reflected form of x^32 + x^26 + x^23 + x^22 + x^16 + x^12 +
// x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1. Combinational; the state starts from all ones, and what is sent is
// its complement.
module crc32 #(
    parameter int unsigned Width = 32
) (
    input  logic [     31:0] state_i,
    input  logic [Width-1:0] data_i,
    output logic [     31:0] state_o
);

  always_comb begin
    state_o = state_i;
    for (int unsigned i = 0; i < Width; i++) begin
      state_o = {1'b0, state_o[31:1]} ^ (state_o[0] ^ data_i[i] ? 32'hEDB88320 : 32'd0);
    end
  end

endmodule
