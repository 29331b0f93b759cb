// A dot product unit of one format alone, for area and energy: acc_i + the sum of products of two lanes, no wider than
// the format needs. Floats of more than 8 bits sum more than one product with AlignBits of 1 ... 30; block formats and
// single products sum exactly (AlignBits 0); for the rest AlignBits is free. Combinational; the contract is that of
// dot_accumulate.
module format_element #(
    parameter int unsigned Format    = formats_pkg::Bf16,
    parameter int unsigned Length    = 1,
    parameter int unsigned AlignBits = 0,
    parameter bit          Saturate  = 1'b0  // integers only
) (
    input  logic [formats_pkg::lane_width(formats_pkg::single_format(Format), Length)-1:0] a_i,
    input  logic [formats_pkg::lane_width(formats_pkg::single_format(Format), Length)-1:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  dot_accumulate #(
      .Datapath (formats_pkg::single_format(Format)),
      .Length   (Length),
      .Summation(AlignBits == 0 ? formats_pkg::Exact : formats_pkg::Truncating)
  ) u_dot_accumulate (
      .format_i    (5'(Format)),
      .saturate_i  (Saturate),
      .align_bits_i(5'(AlignBits)),
      .a_i,
      .b_i,
      .acc_i,
      .result_o
  );

endmodule
