// The matrix engine: C = A x B on a systolic array of Rows x Columns dot products of DotLength elements, weight- or
// output-stationary (output_stationary_i), in one of the formats of its datapath (formats_pkg; format_i), fp32 or int32
// accumulation. Input-stationary is weight-stationary on C^T = B^T x A^T: the neighbours exchange the operands.
//
// Weight-stationary: a product is worked off fold by fold. A fold is Rows * DotLength of K: Rows weight beats (Columns
// lanes: DotLength of k of columns n .. n+Columns-1), k ascending, then one activation beat (Rows lanes: all k of the
// fold of one row of A) for each row of A. Each fold starts from +0 and is added once to the accumulator bank, folds
// ascending; the sums of the fold marked last leave as output beats.
// Output-stationary: a tile of Rows of M by Columns of N is one fold; a beat takes both ports at once (Rows lanes of A,
// Columns lanes of B, the same DotLength of k), and Rows output beats follow, the tile's last row first.
// Ragged edges are padded with +0 in both operands.
//
// Handshake: a beat passes in a cycle in which valid and ready are both high; valid, once high, stays and its data is
// stable until then. An output beat that is not taken freezes the whole engine through one enable.
//
// Timing without stalls, R = Rows, C = Columns, F folds of S streamed beats each:
//   interval of folds  I = max(S, R) double-buffered, S + R single-buffered
//   weight-stationary, in all, first accepted to last delivered beat, inclusive:  R + (F-1)*I + S + R + C
//       weight beats of the first fold      cycles 0 .. R-1
//       activation beats of fold f          R + f*I .. R + f*I + S-1
//       weight beats of the next fold       double-buffered from the cycle of its first activation beat (the swap) on;
//                                           single-buffered from the cycle after its last on
//       output beat of an activation beat   R + C cycles after it (last fold only)
//   output-stationary, in all:  (F-1)*I + S + 2R + C - 1
//       last beat of tile f                 T = f*I + S-1
//       output beats of it                  T + R + C .. T + 2R + C - 1
// The swap of weights happens on the first activation beat of each fold and travels with it.
module matrix_engine #(
    parameter int unsigned Rows            = 4,
    parameter int unsigned Columns         = 4,
    parameter int unsigned Datapath        = formats_pkg::Half,
    parameter int unsigned DotLength       = 1,
    parameter int unsigned AccumulatorRows = 1024
) (
    input  logic clk_i,
    input  logic rst_ni,
    // Configuration: changes only while the engine is empty, at least one cycle before the first beat.
    input  logic [4:0] format_i,
    input  logic saturate_i,
    input  logic [4:0] align_bits_i,
    input  logic output_stationary_i,
    input  logic double_buffered_i,
    // Lane c at [lane_width * c +:].
    input  logic weight_valid_i,
    output logic weight_ready_o,
    input  logic [Columns*formats_pkg::lane_width(Datapath, DotLength)-1:0] weight_data_i,
    // Lane r at [lane_width * r +:].
    input  logic activation_valid_i,
    output logic activation_ready_o,
    input  logic [Rows*formats_pkg::lane_width(Datapath, DotLength)-1:0] activation_data_i,
    input  logic activation_first_i,  // belongs to the first fold of its rows; output-stationary: unused
    input  logic activation_last_i,  // belongs to the last fold of its rows; output-stationary: unused
    input  logic activation_end_i,  // is the last beat of its fold
    // One row of C: column c at [32c +: 32].
    output logic output_valid_o,
    input  logic output_ready_i,
    output logic [Columns*32-1:0] output_data_o
);

  logic en;
  assign en = !output_valid_o || output_ready_i;

  // Registered, so that nothing in the array waits for a pin.
  logic [4:0] format_q, align_bits_q;
  logic saturate_q, output_stationary_q, double_buffered_q;
  always_ff @(posedge clk_i) begin
    format_q            <= format_i;
    saturate_q          <= saturate_i;
    align_bits_q        <= align_bits_i;
    output_stationary_q <= output_stationary_i;
    double_buffered_q   <= double_buffered_i;
  end

  // Each dataflow has its own order of beats; the other one's control sees none.
  logic held_weight_ready, held_activation_ready, held_swap;
  logic [Rows-1:0] held_load;
  fold_control #(
      .Rows(Rows)
  ) u_fold_control (
      .clk_i,
      .rst_ni,
      .en_i              (en),
      .double_buffered_i(double_buffered_q),
      .weight_valid_i    (weight_valid_i && !output_stationary_q),
      .weight_ready_o    (held_weight_ready),
      .activation_valid_i(activation_valid_i && !output_stationary_q),
      .activation_end_i,
      .activation_ready_o(held_activation_ready),
      .swap_o            (held_swap),
      .load_o            (held_load)
  );

  logic drain_weight_ready, drain_activation_ready, drain_taken, drain_first, drain_capture, drain_delivering;
  logic [Rows-1:0] drain_shift;
  drain_control #(
      .Rows(Rows)
  ) u_drain_control (
      .clk_i,
      .rst_ni,
      .en_i              (en),
      .double_buffered_i(double_buffered_q),
      .weight_valid_i    (weight_valid_i && output_stationary_q),
      .weight_ready_o    (drain_weight_ready),
      .activation_valid_i(activation_valid_i && output_stationary_q),
      .activation_end_i,
      .activation_ready_o(drain_activation_ready),
      .taken_o           (drain_taken),
      .first_o           (drain_first),
      .capture_o         (drain_capture),
      .shift_o           (drain_shift),
      .delivering_o      (drain_delivering)
  );

  assign weight_ready_o     = output_stationary_q ? drain_weight_ready : held_weight_ready;
  assign activation_ready_o = output_stationary_q ? drain_activation_ready : held_activation_ready;

  logic [Columns*32-1:0] sums;
  systolic_array #(
      .Rows     (Rows),
      .Columns  (Columns),
      .Datapath (Datapath),
      .DotLength(DotLength)
  ) u_array (
      .clk_i,
      .rst_ni,
      .en_i         (en),
      .format_i(format_q),
      .saturate_i(saturate_q),
      .align_bits_i(align_bits_q),
      .output_stationary_i(output_stationary_q),
      .activations_i(activation_data_i),
      .swap_i       (output_stationary_q ? drain_first : held_swap),
      .capture_i    (drain_capture),
      .load_i       (output_stationary_q ? {Rows{drain_taken}} : held_load),
      .shift_i      (drain_shift),
      .weights_i    (weight_data_i),
      .sums_o       (sums)
  );

  // What the accumulator must know of a beat travels beside the array. The sums of an output-stationary tile are whole:
  // they are added to +0 and leave.
  logic sums_valid, sums_first, sums_last, sums_end;
  delay_line #(
      .Width(4),
      .Depth(Rows + Columns - 1)
  ) u_beside (
      .clk_i,
      .rst_ni,
      .en_i  (en),
      .data_i({
        output_stationary_q ? drain_delivering : activation_valid_i && held_activation_ready,
        output_stationary_q || activation_first_i,
        output_stationary_q || activation_last_i,
        output_stationary_q || activation_end_i
      }),
      .data_o({sums_valid, sums_first, sums_last, sums_end})
  );

  accumulator_bank #(
      .Columns (Columns),
      .Depth   (AccumulatorRows),
      .Datapath(Datapath)
  ) u_accumulator_bank (
      .clk_i,
      .rst_ni,
      .en_i   (en),
      .saturate_i(saturate_q),
      .valid_i(sums_valid),
      .first_i(sums_first),
      .last_i (sums_last),
      .end_i  (sums_end),
      .sums_i (sums),
      .valid_o(output_valid_o),
      .sums_o (output_data_o)
  );

  WeightHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                               weight_valid_i && !weight_ready_o |=> weight_valid_i && $stable(weight_data_i))
    else $error("a weight beat was withdrawn or changed before it was taken");
  ActivationHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                   activation_valid_i && !activation_ready_o |=>
                                   activation_valid_i && $stable(activation_data_i) && $stable(activation_first_i) &&
                                   $stable(activation_last_i) && $stable(activation_end_i))
    else $error("an activation beat was withdrawn or changed before it was taken");
  OutputHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                               output_valid_o && !output_ready_i |=> output_valid_o && $stable(output_data_o))
    else $error("an output beat was withdrawn or changed before it was taken");

endmodule
