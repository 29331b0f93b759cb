// The netlist of a processing element with 16-bit lanes behind registers, so that all its inputs change with the
// clock: for scripts/mac_activity --verilator. in_i holds the inputs in the order of their names.
module toggles (
    input logic        clk_i,
    input logic [80:0] in_i
);
  logic [80:0] in_q;
  always_ff @(posedge clk_i) in_q <= in_i;

  element u_element (
      .clk_i,
      .rst_ni              (1'b1),
      .activation_i        (in_q[15:0]),
      .align_bits_i        (in_q[20:16]),
      .capture_i           (in_q[21]),
      .en_i                (in_q[22]),
      .format_i            (in_q[27:23]),
      .load_i              (in_q[28]),
      .output_stationary_i (in_q[29]),
      .partial_i           (in_q[61:30]),
      .saturate_i          (in_q[62]),
      .shift_i             (in_q[63]),
      .swap_i              (in_q[64]),
      .weight_i            (in_q[80:65]),
      .activation_o        (),
      .swap_o              (),
      .load_o              (),
      .capture_o           (),
      .shift_o             (),
      .weight_o            (),
      .partial_o           ()
  );
endmodule
