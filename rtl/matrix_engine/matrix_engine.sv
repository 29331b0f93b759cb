// The matrix engine: C = A x B on a weight-stationary systolic array of Rows x Columns multiply-accumulates, bf16
// with fp32 accumulation or int8 with int32 accumulation that wraps (integer_i).
//
// A product is worked off fold by fold: a fold is Rows rows of B (columns n .. n+Columns-1), loaded as Rows weight
// beats in ascending k, then one activation beat (Rows elements of one row of A, same k) for each row of A. Each fold
// starts from +0 and is added once to the accumulator bank, folds ascending; the sums of the fold marked last leave as
// output beats. Ragged edges are padded with +0 in both operands.
//
// Handshake: a beat passes in a cycle in which valid and ready are both high; valid, once high, stays and its data is
// stable until then. An output beat that is not taken freezes the whole engine through one enable.
//
// Timing without stalls, R = Rows, C = Columns, M rows of A, F folds:
//   weight beats of the first fold      cycles 0 .. R-1
//   activation beats of fold f          R + f*I .. R + f*I + M-1
//       double buffered  I = max(M, R)  the next fold's weights enter behind the stream, from the cycle of the swap on
//       single buffered  I = M + R      they enter from the cycle after the fold's last activation beat on
//   output beat of an activation beat   R + C cycles after it (last fold only)
//   in all, first accepted to last delivered beat, inclusive:  2R + C + (F-1)*I + M
// The swap of weights happens on the first activation beat of each fold and travels with it.
module matrix_engine #(
    parameter int unsigned Rows            = 4,
    parameter int unsigned Columns         = 4,
    parameter int unsigned AccumulatorRows = 1024
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    // Configuration: changes only while the engine is empty.
    input  logic                  integer_i,
    input  logic                  double_buffered_i,
    // One row of B: element c at [16c +: 16]; int8 uses the low byte of each element.
    input  logic                  weight_valid_i,
    output logic                  weight_ready_o,
    input  logic [Columns*16-1:0] weight_data_i,
    // One row of A, the k of this fold: element r at [16r +: 16].
    input  logic                  activation_valid_i,
    output logic                  activation_ready_o,
    input  logic [   Rows*16-1:0] activation_data_i,
    input  logic                  activation_first_i,  // belongs to the first fold of its rows
    input  logic                  activation_last_i,   // belongs to the last fold of its rows
    input  logic                  activation_end_i,    // is the last beat of its fold
    // One row of C: column c at [32c +: 32].
    output logic                  output_valid_o,
    input  logic                  output_ready_i,
    output logic [Columns*32-1:0] output_data_o
);

  logic en, swap;
  logic [Rows-1:0] load;
  assign en = !output_valid_o || output_ready_i;

  fold_control #(
      .Rows(Rows)
  ) u_fold_control (
      .clk_i,
      .rst_ni,
      .en_i  (en),
      .double_buffered_i,
      .weight_valid_i,
      .weight_ready_o,
      .activation_valid_i,
      .activation_end_i,
      .activation_ready_o,
      .swap_o(swap),
      .load_o(load)
  );

  logic [Columns*32-1:0] sums;
  systolic_array #(
      .Rows   (Rows),
      .Columns(Columns)
  ) u_array (
      .clk_i,
      .rst_ni,
      .en_i         (en),
      .integer_i,
      .activations_i(activation_data_i),
      .swap_i       (swap),
      .weights_i    (weight_data_i),
      .load_i       (load),
      .sums_o       (sums)
  );

  // What the accumulator must know of a beat travels beside the array.
  logic sums_valid, sums_first, sums_last, sums_end;
  delay_line #(
      .Width(4),
      .Depth(Rows + Columns - 1)
  ) u_beside (
      .clk_i,
      .rst_ni,
      .en_i  (en),
      .data_i({
        activation_valid_i && activation_ready_o, activation_first_i, activation_last_i, activation_end_i
      }),
      .data_o({sums_valid, sums_first, sums_last, sums_end})
  );

  accumulator_bank #(
      .Columns(Columns),
      .Depth  (AccumulatorRows)
  ) u_accumulator_bank (
      .clk_i,
      .rst_ni,
      .en_i   (en),
      .integer_i,
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
