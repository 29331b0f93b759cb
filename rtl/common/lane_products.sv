// The exact products of two lanes, element by element: sign and significand * 2^exponent, in units of
// 2^-(2 * common_places(Datapath)), and what infinities and NaN among them make of their sum. Combinational.
module lane_products #(
    parameter int unsigned Datapath = formats_pkg::Narrow,
    parameter int unsigned Length   = 1
) (
    input  logic [4:0] format_i,
    input  logic [Length*formats_pkg::element_width(Datapath)-1:0] a_i,
    input  logic [Length*formats_pkg::element_width(Datapath)-1:0] b_i,
    output logic [Length-1:0] signs_o,
    output logic [Length*formats_pkg::product_exponent_width(Datapath)-1:0] exponents_o,
    output logic [Length*formats_pkg::product_width(Datapath)-1:0] significands_o,
    output logic minus_zero_o,  // every product is -0
    output logic nan_o,
    output logic plus_infinite_o,
    output logic minus_infinite_o
);

  localparam int unsigned ElementWidth = formats_pkg::element_width(Datapath);
  localparam int unsigned ExponentWidth = formats_pkg::exponent_width(Datapath);
  localparam int unsigned SignificandWidth = formats_pkg::significand_width(Datapath);
  localparam int unsigned ProductWidth = formats_pkg::product_width(Datapath);

  logic [Length-1:0] minus_zero, nan, plus_infinite, minus_infinite;

  for (genvar i = 0; i < Length; i++) begin : gen_products
    logic a_sign, b_sign, a_nan, b_nan, a_infinite, b_infinite;
    logic [   ExponentWidth-1:0] a_exponent, b_exponent;
    logic [SignificandWidth-1:0] a_significand, b_significand;
    element_decode #(
        .Datapath(Datapath)
    ) u_decode_a (
        .format_i,
        .code_i       (a_i[i*ElementWidth+:ElementWidth]),
        .sign_o       (a_sign),
        .exponent_o   (a_exponent),
        .significand_o(a_significand),
        .nan_o        (a_nan),
        .infinite_o   (a_infinite)
    );
    element_decode #(
        .Datapath(Datapath)
    ) u_decode_b (
        .format_i,
        .code_i       (b_i[i*ElementWidth+:ElementWidth]),
        .sign_o       (b_sign),
        .exponent_o   (b_exponent),
        .significand_o(b_significand),
        .nan_o        (b_nan),
        .infinite_o   (b_infinite)
    );

    logic sign, zero, infinite;
    assign sign     = a_sign ^ b_sign;
    assign zero     = a_significand == '0 || b_significand == '0;
    assign infinite = a_infinite || b_infinite;

    assign signs_o[i] = sign;
    assign exponents_o[i*(ExponentWidth+1)+:ExponentWidth+1] = {1'b0, a_exponent} + {1'b0, b_exponent};
    assign significands_o[i*ProductWidth+:ProductWidth] = ProductWidth'(a_significand) * ProductWidth'(b_significand);

    assign minus_zero[i]     = sign && zero;
    assign nan[i]            = a_nan || b_nan || (infinite && zero);
    assign plus_infinite[i]  = infinite && !sign;
    assign minus_infinite[i] = infinite && sign;
  end

  // Two's complement has one zero.
  logic integer_elements;
  assign integer_elements = formats_pkg::is_single_format(Datapath) ? Datapath == 32 + formats_pkg::Mxint8
      : Datapath == formats_pkg::Narrow && 32'(format_i) == formats_pkg::Mxint8;

  assign minus_zero_o     = (&minus_zero) && !integer_elements;
  assign nan_o            = |nan;
  assign plus_infinite_o  = |plus_infinite;
  assign minus_infinite_o = |minus_infinite;

endmodule
