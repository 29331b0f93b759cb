// One processing element: a dot product of what passes from the left and what it holds or what passes from above, added
// to a sum. Everything that leaves is registered; everything moves only while en_i is high.
//
// Weight-stationary (input-stationary is the same with the operands exchanged): adds to the partial sum that passes
// from above. load_i captures the weight that passes from above into the shadow register; swap_i, which travels with
// the first activation of a fold, makes the shadow weight the one in use, from that activation on. Both in one cycle:
// the swap sees the shadow as it was, so the next fold's weights may follow right behind the swap.
//
// Output-stationary: load_i marks a beat, whose activation and weight meet here; the sum stays in the element, and
// swap_i starts it from +0. capture_i, with the last beat of a tile, copies it to the partial register, from which it
// leaves downwards while shift_i is high: the next tile accumulates meanwhile.
module processing_element #(
    parameter int unsigned Datapath  = formats_pkg::Half,
    parameter int unsigned DotLength = 1
) (
    input  logic                                                    clk_i,
    input  logic                                                    rst_ni,
    input  logic                                                    en_i,
    // Configuration.
    input  logic [                                             4:0] format_i,
    input  logic                                                    saturate_i,
    input  logic [                                             4:0] align_bits_i,
    input  logic                                                    output_stationary_i,
    // From the left, and on to the right.
    input  logic [formats_pkg::lane_width(Datapath, DotLength)-1:0] activation_i,
    input  logic                                                    swap_i,
    input  logic                                                    load_i,
    input  logic                                                    capture_i,
    input  logic                                                    shift_i,
    output logic [formats_pkg::lane_width(Datapath, DotLength)-1:0] activation_o,
    output logic                                                    swap_o,
    output logic                                                    load_o,
    output logic                                                    capture_o,
    output logic                                                    shift_o,
    // From above, and on to below.
    input  logic [formats_pkg::lane_width(Datapath, DotLength)-1:0] weight_i,
    input  logic [                                            31:0] partial_i,
    output logic [formats_pkg::lane_width(Datapath, DotLength)-1:0] weight_o,
    output logic [                                            31:0] partial_o
);
  /*verilator no_inline_module*/  // one copy of the code for all elements: build time

  localparam int unsigned LaneWidth = formats_pkg::lane_width(Datapath, DotLength);

  logic [LaneWidth-1:0] activation_q, passing_q, shadow_q, held_d, held_q, weight;
  logic [31:0] addend, result, sum_q, partial_d, partial_q;
  logic swap_q, load_q, capture_q, shift_q;

  assign held_d = swap_i ? shadow_q : held_q;
  assign weight = output_stationary_i ? weight_i : held_d;

  always_comb begin
    addend = partial_i;
    if (output_stationary_i) begin
      addend = swap_i ? 32'd0 : sum_q;
    end
  end

  dot_accumulate #(
      .Datapath(Datapath),
      .Length  (DotLength)
  ) u_dot_accumulate (
      .format_i,
      .saturate_i,
      .align_bits_i,
      .a_i     (activation_i),
      .b_i     (weight),
      .acc_i   (addend),
      .result_o(result)
  );

  always_comb begin
    partial_d = result;
    if (output_stationary_i && !capture_i) begin
      partial_d = shift_i ? partial_i : partial_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      swap_q    <= 1'b0;
      load_q    <= 1'b0;
      capture_q <= 1'b0;
      shift_q   <= 1'b0;
    end else if (en_i) begin
      swap_q    <= swap_i;
      load_q    <= load_i;
      capture_q <= capture_i;
      shift_q   <= shift_i;
    end
  end

  // Data needs no reset: a beat is meaningful only where a reset bit travels with it.
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      activation_q <= activation_i;
      passing_q    <= weight_i;
      held_q       <= held_d;
      partial_q    <= partial_d;
      if (load_i && !output_stationary_i) begin
        shadow_q <= weight_i;
      end
      if (load_i && output_stationary_i) begin
        sum_q <= result;
      end
    end
  end

  assign activation_o = activation_q;
  assign swap_o       = swap_q;
  assign load_o       = load_q;
  assign capture_o    = capture_q;
  assign shift_o      = shift_q;
  assign weight_o     = passing_q;
  assign partial_o    = partial_q;

endmodule
