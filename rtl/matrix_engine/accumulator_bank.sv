// Adds each fold to the sums of the folds before it. Row i of a fold is added once to accumulator row i, which counts
// as +0 for the first fold; the last fold's sums leave instead of being kept. Depth rows of Columns accumulators, one
// read and one write a cycle; the read is combinational (a register file).
module accumulator_bank #(
    parameter int unsigned Columns  = 4,
    parameter int unsigned Depth    = 1024,
    parameter int unsigned Datapath = formats_pkg::Half
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  en_i,
    input  logic                  saturate_i,
    input  logic                  valid_i,
    input  logic                  first_i,  // of the first fold: starts from +0
    input  logic                  last_i,   // of the last fold: leaves
    input  logic                  end_i,    // last row of its fold
    input  logic [Columns*32-1:0] sums_i,
    output logic                  valid_o,
    output logic [Columns*32-1:0] sums_o
);

  localparam int unsigned RowWidth = Depth > 1 ? $clog2(Depth) : 1;

  logic [Columns*32-1:0] bank[Depth];
  logic [Columns*32-1:0] kept, sums_d, sums_q;
  logic [RowWidth-1:0] row_d, row_q;
  logic valid_d, valid_q;

  assign kept = first_i ? '0 : bank[row_q];

  for (genvar c = 0; c < Columns; c++) begin : gen_adder
    accumulate_fold #(
        .Datapath(Datapath)
    ) u_accumulate_fold (
        .saturate_i,
        .x_i  (kept[32*c+:32]),
        .y_i  (sums_i[32*c+:32]),
        .sum_o(sums_d[32*c+:32])
    );
  end

  always_comb begin
    row_d   = row_q;
    valid_d = valid_i && last_i;
    if (valid_i) begin
      row_d = end_i ? '0 : row_q + RowWidth'(1);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_q   <= '0;
      valid_q <= 1'b0;
    end else if (en_i) begin
      row_q   <= row_d;
      valid_q <= valid_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (en_i && valid_i) begin
      sums_q <= sums_d;
      if (!last_i) begin
        bank[row_q] <= sums_d;
      end
    end
  end

  assign valid_o = valid_q;
  assign sums_o  = sums_q;

  RowWithinDepth: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                   en_i && valid_i && !end_i |-> row_q != RowWidth'(Depth - 1))
    else $error("a fold has more rows than the accumulator bank");

endmodule
