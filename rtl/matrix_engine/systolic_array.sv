// Rows x Columns processing elements with their skew. Whole edge vectors enter and leave at once: element r of an
// activation beat is delayed r cycles, element c of a weight beat c cycles, and column c of the result Columns-1-c
// cycles, so that in the array everything meets. A beat taken in cycle t acts on element (r, c) in cycle t + r + c,
// and its sums leave in cycle t + Rows + Columns - 1, counted in cycles in which en_i is high.
module systolic_array #(
    parameter int unsigned Rows    = 4,
    parameter int unsigned Columns = 4
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  en_i,
    input  logic                  integer_i,
    input  logic [   Rows*16-1:0] activations_i,  // element r at [16r +: 16]
    input  logic                  swap_i,         // with the first activation beat of a fold
    input  logic [Columns*16-1:0] weights_i,      // element c at [16c +: 16]
    input  logic [      Rows-1:0] load_i,         // one-hot: the row that keeps this weight beat; 0: none
    output logic [Columns*32-1:0] sums_o          // column c at [32c +: 32]
);

  // Wires between elements: [r][c] enters element (r, c); one more column and row leave at the far edges.
  logic [15:0] activation[Rows][Columns+1];
  logic        swap      [Rows][Columns+1];
  logic        load      [Rows][Columns+1];
  logic [15:0] weight    [Rows+1][Columns];
  logic [31:0] partial   [Rows+1][Columns];

  for (genvar r = 0; r < Rows; r++) begin : gen_left_edge
    delay_line #(
        .Width(18),
        .Depth(r)
    ) u_skew (
        .clk_i,
        .rst_ni,
        .en_i,
        .data_i({load_i[r], swap_i, activations_i[16*r+:16]}),
        .data_o({load[r][0], swap[r][0], activation[r][0]})
    );
    // What leaves at the right edge has been seen by every column.
    logic unused_right;
    assign unused_right = &{1'b0, load[r][Columns], swap[r][Columns], activation[r][Columns]};
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_top_edge
    delay_line #(
        .Width(16),
        .Depth(c)
    ) u_skew (
        .clk_i,
        .rst_ni,
        .en_i,
        .data_i(weights_i[16*c+:16]),
        .data_o(weight[0][c])
    );
    assign partial[0][c] = 32'd0;  // each fold starts from +0
    logic unused_bottom;
    assign unused_bottom = &{1'b0, weight[Rows][c]};
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    for (genvar c = 0; c < Columns; c++) begin : gen_column
      processing_element u_element (
          .clk_i,
          .rst_ni,
          .en_i,
          .integer_i,
          .activation_i(activation[r][c]),
          .swap_i      (swap[r][c]),
          .load_i      (load[r][c]),
          .activation_o(activation[r][c+1]),
          .swap_o      (swap[r][c+1]),
          .load_o      (load[r][c+1]),
          .weight_i    (weight[r][c]),
          .partial_i   (partial[r][c]),
          .weight_o    (weight[r+1][c]),
          .partial_o   (partial[r+1][c])
      );
    end
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_bottom_edge
    delay_line #(
        .Width(32),
        .Depth(Columns - 1 - c)
    ) u_deskew (
        .clk_i,
        .rst_ni,
        .en_i,
        .data_i(partial[Rows][c]),
        .data_o(sums_o[32*c+:32])
    );
  end

endmodule
