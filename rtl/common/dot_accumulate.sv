// acc_i + sum of a_i[k] * b_i[k] over the elements of a lane, as accumulate_dot in models/numerics/dot.h says, bit for
// bit. Combinational.
//
// A lane holds Length elements, element k at [k * element width +:], and above them, in datapaths that have one, the
// block scale. Formats: those of the datapath (formats_pkg). The accumulator is int32 for integers, else fp32.
module dot_accumulate #(
    parameter int unsigned Datapath  = formats_pkg::Half,
    parameter int unsigned Length    = 1,
    parameter int unsigned Summation = formats_pkg::default_summation(Datapath, Length)
) (
    input  logic [4:0] format_i,  // unused in the datapath of a single format
    input  logic saturate_i,  // integers only
    input  logic [4:0] align_bits_i,  // 0: exact, which is all that Summation Exact can do
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] a_i,
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  if (formats_pkg::family(Datapath) == formats_pkg::Integer) begin : gen_integer
    logic unused;
    assign unused = &{1'b0, align_bits_i};
    integer_dot #(
        .Datapath(Datapath),
        .Length  (Length)
    ) u_integer_dot (
        .format_i,
        .saturate_i,
        .a_i,
        .b_i,
        .acc_i,
        .result_o
    );
  end else begin : gen_float
    logic unused;
    assign unused = &{1'b0, saturate_i};
    float_dot #(
        .Datapath (Datapath),
        .Length   (Length),
        .Summation(Summation)
    ) u_float_dot (
        .format_i,
        .align_bits_i,
        .a_i,
        .b_i,
        .acc_i,
        .result_o
    );
  end

endmodule
