// acc + sum of products of int8 or int4 elements in int32, exact, then wrapped or clamped once. Combinational.
module integer_dot #(
    parameter int unsigned Datapath = formats_pkg::Integer,
    parameter int unsigned Length   = 1
) (
    input  logic [4:0] format_i,
    input  logic saturate_i,
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] a_i,
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  localparam int unsigned ElementWidth = formats_pkg::element_width(Datapath);
  localparam int unsigned SumWidth = 33;  // |acc| <= 2^31, and products of length 16 add at most 2^18

  logic four_bits, unused;
  assign four_bits = ElementWidth == 4 || 32'(format_i) == formats_pkg::Int4;
  assign unused    = four_bits;

  logic [Length*16-1:0] products;
  for (genvar i = 0; i < Length; i++) begin : gen_products
    logic [7:0] a, b;
    if (ElementWidth == 4) begin : gen_four
      assign a = {{4{a_i[i*4+3]}}, a_i[i*4+:4]};
      assign b = {{4{b_i[i*4+3]}}, b_i[i*4+:4]};
    end else begin : gen_eight
      assign a = four_bits ? {{4{a_i[i*8+3]}}, a_i[i*8+:4]} : a_i[i*8+:8];
      assign b = four_bits ? {{4{b_i[i*8+3]}}, b_i[i*8+:4]} : b_i[i*8+:8];
    end
    assign products[i*16+:16] = {{8{a[7]}}, a} * {{8{b[7]}}, b};
  end

  logic [SumWidth-1:0] total;
  always_comb begin
    total = {acc_i[31], acc_i};
    for (int unsigned i = 0; i < Length; i++) begin
      total = total + {{(SumWidth - 16) {products[i*16+15]}}, products[i*16+:16]};
    end
  end

  always_comb begin
    result_o = total[31:0];
    if (saturate_i && total[32] != total[31]) begin
      result_o = total[32] ? 32'h80000000 : 32'h7FFFFFFF;
    end
  end

endmodule
