// Rows x Columns processing elements with their skew. Whole edge vectors enter and leave at once: lane r of an
// activation beat is delayed r cycles, lane c of a weight beat c cycles, and column c of the result Columns-1-c
// cycles, so that in the array everything meets. A beat taken in cycle t acts on element (r, c) in cycle t + r + c,
// and its sums (output-stationary: the bottom row's) leave in cycle t + Rows + Columns - 1, counted in cycles in which
// en_i is high. shift_i has no skew along rows: column c sees it c cycles later.
module systolic_array #(
    parameter int unsigned Rows      = 4,
    parameter int unsigned Columns   = 4,
    parameter int unsigned Datapath  = formats_pkg::Half,
    parameter int unsigned DotLength = 1
) (
    input  logic clk_i,
    input  logic rst_ni,
    input  logic en_i,
    // Configuration.
    input  logic [4:0] format_i,
    input  logic saturate_i,
    input  logic [4:0] align_bits_i,
    input  logic output_stationary_i,
    // Lane r at [lane_width * r +:].
    input  logic [Rows*formats_pkg::lane_width(Datapath, DotLength)-1:0] activations_i,
    input  logic swap_i,  // with the first activation beat of a fold
    input  logic capture_i,  // output-stationary: with its last
    // The rows that keep this weight beat (one-hot or none); output-stationary: all with a beat.
    input  logic [Rows-1:0] load_i,
    input  logic [Rows-1:0] shift_i,
    // Lane c at [lane_width * c +:].
    input  logic [Columns*formats_pkg::lane_width(Datapath, DotLength)-1:0] weights_i,
    output logic [Columns*32-1:0] sums_o  // column c at [32c +: 32]
);

  localparam int unsigned LaneWidth = formats_pkg::lane_width(Datapath, DotLength);

  // Everything between two elements has a name of its own, not a place in an array of wires, which simulators would
  // take for one signal: a pin would then seem to reach every element at once.
  for (genvar r = 0; r < Rows; r++) begin : gen_left_edge
    logic [LaneWidth-1:0] activation;
    logic swap, load, capture;
    delay_line #(
        .Width(LaneWidth + 3),
        .Depth(r)
    ) u_skew (
        .clk_i,
        .rst_ni,
        .en_i,
        .data_i({capture_i, load_i[r], swap_i, activations_i[LaneWidth*r+:LaneWidth]}),
        .data_o({capture, load, swap, activation})
    );
  end

  for (genvar c = 0; c < Columns; c++) begin : gen_top_edge
    logic [LaneWidth-1:0] weight;
    delay_line #(
        .Width(LaneWidth),
        .Depth(c)
    ) u_skew (
        .clk_i,
        .rst_ni,
        .en_i,
        .data_i(weights_i[LaneWidth*c+:LaneWidth]),
        .data_o(weight)
    );
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    for (genvar c = 0; c < Columns; c++) begin : gen_column
      // _in enters this element, _out leaves it.
      logic [LaneWidth-1:0] activation_in, activation_out, weight_in, weight_out;
      logic [31:0] partial_in, partial_out;
      logic swap_in, swap_out, load_in, load_out, capture_in, capture_out, shift_in, shift_out;

      if (c == 0) begin : gen_from_edge
        assign activation_in = gen_left_edge[r].activation;
        assign swap_in       = gen_left_edge[r].swap;
        assign load_in       = gen_left_edge[r].load;
        assign capture_in    = gen_left_edge[r].capture;
        assign shift_in      = shift_i[r];
      end else begin : gen_from_left
        assign activation_in = gen_row[r].gen_column[c-1].activation_out;
        assign swap_in       = gen_row[r].gen_column[c-1].swap_out;
        assign load_in       = gen_row[r].gen_column[c-1].load_out;
        assign capture_in    = gen_row[r].gen_column[c-1].capture_out;
        assign shift_in      = gen_row[r].gen_column[c-1].shift_out;
      end
      if (r == 0) begin : gen_from_top
        assign weight_in  = gen_top_edge[c].weight;
        assign partial_in = 32'd0;  // each fold starts from +0
      end else begin : gen_from_above
        assign weight_in  = gen_row[r-1].gen_column[c].weight_out;
        assign partial_in = gen_row[r-1].gen_column[c].partial_out;
      end

      processing_element #(
          .Datapath (Datapath),
          .DotLength(DotLength)
      ) u_element (
          .clk_i,
          .rst_ni,
          .en_i,
          .format_i,
          .saturate_i,
          .align_bits_i,
          .output_stationary_i,
          .activation_i(activation_in),
          .swap_i      (swap_in),
          .load_i      (load_in),
          .capture_i   (capture_in),
          .shift_i     (shift_in),
          .activation_o(activation_out),
          .swap_o      (swap_out),
          .load_o      (load_out),
          .capture_o   (capture_out),
          .shift_o     (shift_out),
          .weight_i    (weight_in),
          .partial_i   (partial_in),
          .weight_o    (weight_out),
          .partial_o   (partial_out)
      );

      // What leaves at the far edges has been seen by all.
      if (c == Columns - 1) begin : gen_right_edge
        logic unused;
        assign unused = &{1'b0, activation_out, swap_out, load_out, capture_out, shift_out};
      end
      if (r == Rows - 1) begin : gen_bottom
        logic unused;
        assign unused = &{1'b0, weight_out};
      end
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
        .data_i(gen_row[Rows-1].gen_column[c].partial_out),
        .data_o(sums_o[32*c+:32])
    );
  end

endmodule
