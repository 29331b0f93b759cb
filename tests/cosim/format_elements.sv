// The elements of all formats side by side, each fed from the same words: code i of a format in the low bits of word i,
// the block scale in the word above them. Formats that must truncate do so to AlignBits.
module format_elements #(
    parameter int unsigned Length    = 4,
    parameter int unsigned AlignBits = 25
) (
    input  logic [(Length+1)*32-1:0] a_i,
    input  logic [(Length+1)*32-1:0] b_i,
    input  logic [31:0] acc_i,
    output logic [18*32-1:0] results_o
);

  for (genvar f = 0; f < 18; f++) begin : gen_formats
    localparam int unsigned Datapath = formats_pkg::single_format(f);
    localparam int unsigned Bits = formats_pkg::element_width(Datapath);
    localparam int unsigned Elements = Length * Bits;
    logic [formats_pkg::lane_width(Datapath, Length)-1:0] a, b;
    for (genvar i = 0; i < Length; i++) begin : gen_codes
      assign a[i*Bits+:Bits] = a_i[i*32+:Bits];
      assign b[i*Bits+:Bits] = b_i[i*32+:Bits];
    end
    if (formats_pkg::scale_width(Datapath) != 0) begin : gen_scale
      assign a[Elements+:8] = a_i[Length*32+:8];
      assign b[Elements+:8] = b_i[Length*32+:8];
    end
    format_element #(
        .Format   (f),
        .Length   (Length),
        .AlignBits(Length > 1 && Bits > 8 ? AlignBits : 0)
    ) u_element (
        .a_i     (a),
        .b_i     (b),
        .acc_i,
        .result_o(results_o[f*32+:32])
    );
  end

  logic unused;
  assign unused = &{1'b0, a_i, b_i};

endmodule
